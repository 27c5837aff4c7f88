"""What callers may send as terms of the trade.

A setting that does not exist is refused rather than ignored: whoever misspells one must not
believe that it holds.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from marshmallow import ValidationError, fields, validate

from services.dedup.policy_schema import MOST_DAYS, Closed
from services.dedup.schema import LONGEST_SOURCE_ID
from services.dedup.trade import terms
from services.dedup.trade.book_reading import read
from services.dedup.trade.contradictions import contradictions
from services.dedup.trade.deal import LONGEST_NAME
from services.dedup.trade.standing_schema import KEYS
from services.dedup.trade.terms import SETTINGS, Scope
from shared.errors import Malformed, Meaningless
from shared.fields import Name
from shared.validation import loaded
from shared.web.auth import LONGEST_USER_ID

MOST_RULES = 10
"""Look-back rules of one scope: each may cost a question to the database."""

MOST_SOURCES = 100
"""Sources that one rule lists."""

MOST_OPENINGS = 50
"""Openings of a week: seven a day."""

MOST_REASONS = 50
"""Reasons for which a buyer may return a lead."""

LONGEST_REASON = 100
"""Characters of a reason."""

MOST_RETURN_DAYS = 365
"""The buyers' contracts that we know end their windows after days or weeks."""

SPANS = ("hour", "day", "week", "month", "total")
"""What a cap counts in."""

MOST_CAPS = len(SPANS)
"""One for each span."""

MOST_LEADS = 10**9
"""The highest cap; more leads than anybody takes."""

CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"

END = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"


class Exactly(validate.Regexp):
    """A pattern that all of a text must match; `$` alone lets the end of a line pass."""

    def __call__(self, value: Any) -> Any:
        """Return *value*. Raises ValidationError if it does not match."""
        if not self.regex.fullmatch(value):
            raise ValidationError(self._format_error(value))
        return value


def _word(known: Sequence[str], meaning: str, **options: Any) -> fields.String:
    return fields.String(
        validate=validate.OneOf(known, error=f"must be one of {', '.join(known)}"),
        metadata={"description": meaning},
        **options,
    )


def _number(meaning: str, least: int, most: int, **options: Any) -> fields.Integer:
    return Number(
        strict=True,
        validate=validate.Range(min=least, max=most, error=f"must be from {least} to {most}"),
        metadata={"description": meaning},
        **options,
    )


def _some(of: Any, meaning: str, most: int, least: int = 0, **options: Any) -> fields.List:
    return fields.List(
        of,
        validate=validate.Length(min=least, max=most, error=f"must list {least} to {most}"),
        metadata={"description": meaning},
        **options,
    )


def _name(longest: int, meaning: str) -> fields.String:
    return fields.String(
        validate=validate.Length(min=1, max=longest, error=f"must have 1 to {longest} characters"),
        metadata={"description": meaning},
    )


class Number(fields.Integer):
    """A whole number; a text is none, and neither is true."""

    def _validated(self, value: Any) -> int:
        if isinstance(value, (str, bool)):
            raise self.make_error("invalid")
        return super()._validated(value)


class LookbackRule(Closed):
    """A lead is too early if an earlier one is like it; of several rules the first decides."""

    within_days = _number(
        "How many days of 24 hours the earlier lead must lie back to count no longer.",
        1,
        MOST_DAYS,
        required=True,
    )
    keys = _some(
        _word(KEYS, "What the two must have in common; `person`: the check's own verdict."),
        "What makes the earlier lead like the new one.",
        len(KEYS),
        1,
        load_default=[terms.PERSON],
    )
    match = _word(
        (terms.ANY, terms.ALL),
        "Whether one of `keys` is enough, or all must agree.",
        load_default=terms.ANY,
    )
    across = _word(
        (terms.SOURCE, terms.BUYER, terms.CAMPAIGN, terms.TENANT, terms.LISTED),
        "Among which earlier leads: of the same source, buyer or campaign, of all, or of these.",
        load_default=terms.TENANT,
    )
    sources = _some(
        _name(LONGEST_SOURCE_ID, "A source."),
        "Of whose leads, where `across` is `listed`.",
        MOST_SOURCES,
        load_default=[],
    )
    against = _word(
        ("accepted", "all"),
        "`accepted`: rejected, released and returned leads cause no hit; `all`: they do.",
        load_default="accepted",
    )
    on_hit = _word(
        (terms.REJECT, terms.FLAG, terms.REENGAGE),
        "What becomes of a lead that is too early; `reengage` lets it through as a known person's.",
        load_default=terms.REJECT,
    )


class LeadCap(Closed):
    """How many leads are taken; those let through count alone."""

    most = _number("How many at most; 0: none.", 0, MOST_LEADS, required=True)
    per = _word(
        SPANS,
        "In which span of the calendar, by `zone`; a week begins on Monday.",
        required=True,
    )


class Open(Closed):
    """When leads are taken on one day of the week."""

    day = _word(terms.DAYS, "The day.", required=True)
    begins = fields.String(
        required=True,
        validate=Exactly(CLOCK, error="must be a time of day as 09:00"),
        metadata={"description": "From when, by `zone`.", "pattern": CLOCK, "examples": ["09:00"]},
    )
    ends = fields.String(
        required=True,
        validate=Exactly(END, error="must be a time of day as 17:30, or 24:00"),
        metadata={
            "description": "Until when, not included; `24:00` is the end of the day.",
            "pattern": END,
            "examples": ["17:30"],
        },
    )


def _zone(name: str) -> None:
    if name not in _zones():
        raise ValidationError("is no time zone of the IANA database")


@cache
def _zones() -> frozenset[str]:
    """Return the time zones of IANA; it reads the whole folder, where other files lie, too."""
    return frozenset(available_timezones()) - {"localtime", "Factory"}


class TermsSettings(Closed):
    """What is set for a scope; what is absent, or null, is left to wider ones."""

    lookback = _some(
        fields.Nested(LookbackRule),
        "When a lead comes too early. `[]`: never, but for what the check itself finds.",
        MOST_RULES,
        allow_none=True,
    )
    caps = _some(
        fields.Nested(LeadCap),
        "How many leads are taken; a cap that is reached is no duplicate.",
        MOST_CAPS,
        allow_none=True,
    )
    schedule = _some(
        fields.Nested(Open),
        "When leads are taken: at no other time. `[]`: at all times.",
        MOST_OPENINGS,
        allow_none=True,
    )
    zone = fields.String(
        allow_none=True,
        validate=_zone,
        metadata={
            "description": "The time zone of `caps` and `schedule`, an IANA name; UTC where none "
            "is set.",
            "examples": ["America/New_York"],
        },
    )
    return_days = _number(
        "Days from a lead's receipt in which its buyer may return it; 0: never.",
        0,
        MOST_RETURN_DAYS,
        allow_none=True,
    )
    return_reasons = _some(
        fields.String(
            validate=validate.Length(
                min=1, max=LONGEST_REASON, error=f"must have 1 to {LONGEST_REASON} characters"
            ),
            metadata={"description": "A reason.", "examples": ["wrong_number"]},
        ),
        "For which reasons it may.",
        MOST_REASONS,
        allow_none=True,
    )


class TermsChange(TermsSettings):
    """Terms in place of those before them, and for what scope."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account, as in the query."},
    )
    source_id = Name("For leads of this source; absent, of any.", longest=LONGEST_SOURCE_ID)
    buyer_id = Name("For leads offered to this buyer; absent, to any.", longest=LONGEST_NAME)
    campaign_id = Name("For leads of this campaign; absent, of any.", longest=LONGEST_NAME)


def change(data: Mapping[str, Any], asked: Scope) -> tuple[Scope, dict[str, Any]]:
    """Return the scope and the settings that body *data* sets; the query *asked* for a scope.

    Raises Malformed if the two name different ones, Meaningless by field for a setting that does
    not exist or cannot be, or for settings that contradict each other.
    """
    try:
        sent = loaded(_CHANGE, data)
    except Malformed as error:
        raise Meaningless(details=error.details) from None
    scope = _scope(sent, asked)
    settings = {name: sent[name] for name in SETTINGS if sent.get(name) is not None}
    if not settings:
        raise Meaningless(details={"body": f"must set one of {', '.join(SETTINGS)}"})
    if faults := contradictions(scope, read(settings)):
        raise Meaningless(details=faults)
    return scope, settings


def _scope(sent: Mapping[str, Any], asked: Scope) -> Scope:
    said = Scope(*(sent.get(name) or "" for name in Scope._fields))
    pairs = zip(Scope._fields, said, asked, strict=True)
    if twice := [name for name, one, other in pairs if one and other and one != other]:
        raise Malformed(details=dict.fromkeys(twice, "is named twice, and not the same"))
    return Scope(*(one or other for one, other in zip(said, asked, strict=True)))


_CHANGE = TermsChange()
