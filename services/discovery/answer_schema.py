"""What callers get back of discoveries; the API description shows it."""

from typing import Any

from marshmallow import fields, validate

from services.discovery.asking import MOST_LEADS
from services.discovery.job import MOST_REASONS, MOST_SOURCES, SOURCE_STATUSES, STATUSES
from services.discovery.schema import LONGEST_PAGE, MOST_ITEMS
from shared.answers import Stamped
from shared.fields import Form


def _text(meaning: str, **options: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": meaning}, **options)


def _moment(meaning: str, allow_none: bool = False) -> fields.AwareDateTime:
    return fields.AwareDateTime(
        required=True, allow_none=allow_none, metadata={"description": meaning}
    )


def _whole(meaning: str, **options: Any) -> fields.Integer:
    return fields.Integer(
        required=True,
        validate=validate.Range(min=0),
        metadata={"description": meaning},
        **options,
    )


def _many(inner: Any, most: int, meaning: str) -> fields.List:
    return fields.List(
        inner,
        required=True,
        validate=validate.Length(max=most),
        metadata={"description": meaning},
    )


def _success() -> fields.Boolean:
    return fields.Boolean(required=True, validate=validate.Equal(True))


class DiscoveryCounts(Form):
    """What became of what sources named."""

    found = _whole("Named so far; the sum of the others.")
    new = _whole("Leads that were made of it.")
    known = _whole(
        "Leads that were there: found before, the account's own, or known to the duplicate check."
    )
    without_consent = _whole("Nobody gave the consent that the privacy mode asks for; not kept.")
    erased_before = _whole("Found once and erased since; not made again.")
    turned_away = _whole("Rejected by terms, by risk, or by a list of those to be left alone.")
    refused = _whole("No leads: they reach nobody, or cannot be read.")


class DiscoveryPassed(Form):
    """Things that a source looked at and that are no finds."""

    reason = _text("Why.")
    count = _whole("How many.")


class DiscoverySourceState(DiscoveryCounts):
    """How far one source is."""

    type = _text("Which kind of source.")
    name = _text("What the account calls it, or its type.")
    source_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "The account's own, if it is one of those."},
    )
    status = _text(
        "`unavailable`: it could not go on, what it named before is kept. `not_asked`: it needs "
        "something else of the criteria or the settings. `failed`: a fault of ours.",
        validate=validate.OneOf(SOURCE_STATUSES),
    )
    reason = _text("Why it did not come to its end; null if it did.", allow_none=True)
    done = _whole("Pages, elements or rows that it has looked at.")
    total = _whole("Of how many; null while nobody knows.", allow_none=True)
    passed = _many(
        fields.Nested(DiscoveryPassed), MOST_REASONS + 1, "What it looked at that is no find."
    )
    started_at = _moment("When it was first asked.", allow_none=True)
    ended_at = _moment("When it ended.", allow_none=True)


class DiscoveryCriteria(Form):
    """What is looked for."""

    geographic_area = _text("The place as it was sent.", allow_none=True)
    latitude = fields.Float(
        required=True, allow_none=True, metadata={"description": "Where that is; null: a region."}
    )
    longitude = fields.Float(required=True, allow_none=True, metadata={"description": "Likewise."})
    radius_km = fields.Float(
        required=True, allow_none=True, metadata={"description": "How far around."}
    )
    country = _text("ISO 3166-1 alpha-2.")
    industry = _text("As it was sent.", allow_none=True)
    keywords = _many(fields.String(), 20, "Any of them.")
    company_size = _text("As it was sent.", allow_none=True)
    lead_category = _text("As it was sent.", allow_none=True)
    limit = _whole("Finds that are wanted of each source at most.")


class DiscoveryJob(Form):
    """A discovery, as far as it is."""

    id = fields.UUID(required=True, metadata={"description": "This discovery."})
    investigation_id = fields.UUID(required=True, metadata={"description": "What its leads join."})
    status = _text("How it stands.", validate=validate.OneOf(STATUSES))
    criteria = fields.Nested(
        DiscoveryCriteria, required=True, metadata={"description": "What is looked for."}
    )
    leads_discovered = _whole("Leads that it found and that are still there, each once.")
    progress = fields.Nested(
        DiscoveryCounts, required=True, metadata={"description": "Of all its sources together."}
    )
    sources = _many(
        fields.Nested(DiscoverySourceState), MOST_SOURCES * 5, "In the order they were asked for."
    )
    errors = _many(fields.String(), MOST_SOURCES * 5 + 1, "In words what went wrong.")
    revision = _whole("One more at every change; the `id` of its events.")
    asked_at = _moment("When it was asked for.")
    asked_by = _text("By whom: the prefix of an API key, `local` or `python`.")
    started_at = _moment("When it began; null: it waits.", allow_none=True)
    changed_at = _moment("When it last gave a sign of life.")
    ended_at = _moment("When it ended.", allow_none=True)


class BegunAnswer(Stamped):
    """A discovery that is not over within two seconds."""

    success = _success()
    job = fields.Nested(DiscoveryJob, required=True, metadata={"description": "How far it is."})


class DiscoveredAnswer(BegunAnswer):
    """A discovery with its leads."""

    leads_discovered = _whole("Leads that it found, each once.")
    lead_ids = _many(fields.UUID(), MOST_LEADS, "The leads, by their ids.")
    next_after = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "`after` of GET /discover/{job_id} for more; null: all are here."},
    )


class DiscoveriesAnswer(Stamped):
    """A page of discoveries, the latest first."""

    success = _success()
    count = _whole("Discoveries on this page.")
    jobs = _many(fields.Nested(DiscoveryJob), LONGEST_PAGE, "The discoveries.")
    next_after = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "What to send as `after` for the next page; null on the last."},
    )


class DiscoveryCancelled(BegunAnswer):
    """A discovery that goes no further."""

    changed = fields.Boolean(
        required=True, metadata={"description": "True: it was under way until now."}
    )


class DiscoveryBatchAnswer(Stamped):
    """What became of each discovery of a batch."""

    success = _success()
    results = _many(
        fields.Dict(keys=fields.String()),
        MOST_ITEMS,
        "In the order sent: an answer of `POST /discover`, or `{success: false, error}`.",
    )
