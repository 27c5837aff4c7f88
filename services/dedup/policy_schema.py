"""What callers may send as a policy, and what they get back.

A setting that does not exist is refused rather than ignored: whoever misspells one must not
believe that it holds.
"""

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from services.dedup import model, policy
from services.dedup.policy import MOST, Settings
from services.dedup.schema import LONGEST_SOURCE_ID
from shared.answers import Stamped
from shared.errors import Malformed, Meaningless
from shared.fields import Form, Switch
from shared.validation import loaded

PAGE = 100
"""Policies of sources in one answer, unless the caller asks for another number."""

MOST_DAYS = 36_500
"""A hundred years."""


class Share(fields.Float):
    """A number above 0 and up to 1; a text is none."""

    def __init__(self, meaning: str):
        problem = "must be above 0 and at most 1"
        super().__init__(
            validate=validate.Range(min=0, max=1, min_inclusive=False, error=problem),
            metadata={"description": meaning},
        )

    def _validated(self, value: Any) -> float:
        if isinstance(value, (str, bool)):
            raise self.make_error("invalid")
        return super()._validated(value)


class Days(fields.Integer):
    """A number of whole days, or null for never."""

    def __init__(self, meaning: str):
        problem = f"must be from 1 to {MOST_DAYS} days, or null"
        super().__init__(
            strict=True,
            allow_none=True,
            validate=validate.Range(min=1, max=MOST_DAYS, error=problem),
            metadata={"description": meaning},
        )

    def _validated(self, value: Any) -> int:
        if isinstance(value, (str, bool)):
            raise self.make_error("invalid")
        return super()._validated(value)


class Closed(Schema):
    """A schema that refuses what it does not know."""

    class Meta:
        unknown = RAISE


class PolicySettings(Closed):
    """What is set here; what is absent is inherited from the account or is the default."""

    flag = Share(
        f"Match probability from which a lead is a possible duplicate; {policy.FLAG} by default."
    )
    block = Share(
        f"Match probability from which it is a duplicate, at least `flag`; {policy.BLOCK} by "
        "default."
    )
    algorithms = fields.Dict(
        keys=fields.String(
            validate=validate.OneOf(tuple(model.WEIGHTS), error="is no comparison of ours")
        ),
        values=Switch("True if it is on."),
        metadata={
            "description": "By comparison, whether it is on, as all are by default; one that is "
            "off says nothing, and nothing else weighs more for that: "
            f"{', '.join(model.WEIGHTS)}.",
            "propertyNames": {"enum": list(model.WEIGHTS)},
            "examples": [{"fingerprint": False}],
        },
    )
    review_instead_of_reject = Switch(
        "A duplicate is held for review rather than rejected; what risk rejects stays rejected."
    )
    reengage_after_days = Days(
        "A duplicate of a person who was silent for as long is let through, with `reengagement`, "
        "as another record of that person. null: never, the default."
    )
    half_life_days = Days(
        "Days between two leads that halve what their phone, internet address, place, "
        "organisation, job title or mailbox at an employer weighs; names, birthdays and private "
        "mailboxes keep their weight. null: nothing ages, the default."
    )


class PolicyChange(Form):
    """A policy in place of the one before it."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=128),
        metadata={"description": "The account, as in the query."},
    )
    policy = fields.Nested(
        PolicySettings, required=True, metadata={"description": "Everything that is set."}
    )


class SourcePage(Form):
    """Which of the sources' policies are asked for."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=MOST, error=f"must be from 1 to {MOST}"),
        metadata={"description": "How many sources at most."},
    )
    after = fields.String(
        load_default="",
        validate=validate.Length(min=1, max=LONGEST_SOURCE_ID),
        metadata={"description": "`next_after` of the page before; absent, the first come first."},
    )


class SourcePlace(Form):
    """Which source."""

    source_id = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_SOURCE_ID),
        metadata={
            "description": "The source, as its leads name it; it cannot begin with a slash.",
            "pattern": "^[^/\\x00][^\\x00]*$",
        },
    )


class PolicyAnswer(Stamped):
    """A policy: what is set, and what that comes to."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    source_id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The source; null for the account's own policy."},
    )
    policy = fields.Nested(
        PolicySettings, required=True, metadata={"description": "What is set here."}
    )
    effective = fields.Nested(
        PolicySettings,
        required=True,
        metadata={"description": "What holds: with what is inherited, and the defaults."},
    )
    changed_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When it was set; null if nothing is set here."},
    )
    changed_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The prefix of the API key that set it, or `local`."},
    )


class SourcePolicy(Form):
    """The policy of one source."""

    source_id = fields.String(required=True, metadata={"description": "The source."})
    policy = fields.Nested(
        PolicySettings, required=True, metadata={"description": "What is set for it."}
    )
    effective = fields.Nested(
        PolicySettings, required=True, metadata={"description": "What holds for it."}
    )
    changed_at = fields.AwareDateTime(required=True, metadata={"description": "When it was set."})
    changed_by = fields.String(
        required=True,
        metadata={"description": "The prefix of the API key that set it, or `local`."},
    )


class AccountPolicyAnswer(PolicyAnswer):
    """The account's own policy, and those of its sources that have one."""

    sources = fields.List(
        fields.Nested(SourcePolicy),
        required=True,
        metadata={
            "description": "Sources with a policy of their own, in the order of their names: at "
            f"most `limit` of the {MOST - 1} that there may be."
        },
    )
    next_after = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The `after` of the next page; null if this is the last."},
    )


def settings(data: dict[str, Any]) -> Settings:
    """Return the policy that a body sets.

    Raises Malformed if there is none, Meaningless for a setting that does not exist or cannot be.
    """
    if not isinstance(data.get("policy"), dict):
        raise Malformed(details={"policy": "must be an object"})
    try:
        chosen: Settings = loaded(_CHANGE, {"policy": data["policy"]})["policy"]
    except Malformed as error:
        raise Meaningless(details=error.details) from None
    return chosen


def checked_source(source_id: str) -> str:
    """Return *source_id* from an address. Raises Malformed if no lead can have it."""
    if "\0" in source_id or "\ufffd" in source_id or not source_id.strip():
        raise Malformed(details={"source_id": "must be text"})
    loaded(_PLACE, {"source_id": source_id})
    return source_id


_CHANGE = PolicyChange()
_PLACE = SourcePlace()
