"""What callers may change about leads."""

import unicodedata
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from services.leads.change import (
    FIELDS,
    LONGEST_ASSIGNEE,
    LONGEST_TAG,
    MOST_TAGS,
    Change,
    Wanted,
)
from services.leads.filter import STATUSES
from services.leads.notes import LONGEST_NOTE
from shared.fields import Form, Text
from shared.web.auth import LONGEST_USER_ID

PAGE, LONGEST_PAGE = 100, 1000
"""Rows in one answer: unless the caller asks for another number, and at most."""

LONGEST_REASON = 2000
"""Characters, as of a reviewer's reason."""


class Tags(fields.List):
    """Tags, each once, in order, the space in them folded."""

    def __init__(self, meaning: str, least: int = 1):
        super().__init__(
            fields.String(),
            validate=validate.Length(
                min=least, max=MOST_TAGS, error=f"must list {least} to {MOST_TAGS} tags"
            ),
            metadata={"description": meaning, "examples": [["trade fair"]]},
        )

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> list[Any]:
        sent = super()._deserialize(value, *context, **options)
        return list(dict.fromkeys(_tag(str(tag)) for tag in sent))


def _tag(sent: str) -> str:
    tag = " ".join(sent.split())
    if not 1 <= len(tag) <= LONGEST_TAG:
        raise ValidationError(f"each must have 1 to {LONGEST_TAG} characters")
    if any(unicodedata.category(character) == "Cc" for character in tag):
        raise ValidationError("must not contain control characters")
    return tag


class OfAccount(Form):
    """A body that may name the account."""

    user_id = fields.String(
        allow_none=True,
        validate=validate.Length(min=1, max=LONGEST_USER_ID),
        metadata={"description": "The account; absent, the query's `user_id` is read."},
    )


class Changing(Form):
    """What is to be otherwise about leads; what is absent stays as it is."""

    status = fields.String(
        validate=validate.OneOf(STATUSES, error=f"must be one of {', '.join(STATUSES)}"),
        metadata={
            "description": f"One of {', '.join(STATUSES)}; any may follow any. `qualified` and "
            "`converted` are told to webhooks each time a lead gets there.",
            "examples": ["contacted"],
        },
    )
    assigned_to = Text(
        "Who works on it; null: nobody.", longest=LONGEST_ASSIGNEE, examples=["sam@corp.example"]
    )
    add_tags = Tags("Tags to add; those that it has stay.")
    remove_tags = Tags("Tags to take away.")
    investigation_id = fields.UUID(
        allow_none=True,
        metadata={"description": "The open investigation that it joins; null: none."},
    )


class BulkChanging(Changing):
    """What is to be otherwise about every one of the leads."""

    @post_load
    def change(self, data: dict[str, Any], **options: Any) -> Change:
        """Return it as the flow takes it."""
        return _change(data)


class LeadChange(OfAccount, Changing):
    """What is to be otherwise about one lead; what is absent stays as it is."""

    tags = Tags("All tags that it shall have, in place of those it has.", least=0)
    expected_status = fields.String(
        allow_none=True,
        validate=validate.OneOf(STATUSES, error=f"must be one of {', '.join(STATUSES)}"),
        metadata={
            "description": "The status that you saw: if it is another by now, nothing is changed "
            "(409). An `invalid` lead gets another status only with `invalid` here."
        },
    )
    reason = Text("Why, in words; kept encrypted, in the history.", longest=LONGEST_REASON)

    @post_load
    def wanted(self, data: dict[str, Any], **options: Any) -> Wanted:
        """Return it as the flow takes it."""
        reason = (data.get("reason") or "").strip() or None
        return Wanted(_change(data), data.get("expected_status"), reason)


def _change(data: dict[str, Any]) -> Change:
    """Return the change that *data* says. Raises ValidationError for none, or one in two ways."""
    added, removed = data.get("add_tags", []), data.get("remove_tags", [])
    named = {name for name in FIELDS if name in data} | ({"tags"} if added or removed else set())
    if not named:
        raise ValidationError("names nothing to change")
    if "tags" in data and (added or removed):
        raise ValidationError({"tags": ["says all tags: then none is added or removed"]})
    if set(added) & set(removed):
        raise ValidationError({"remove_tags": ["names a tag that is also added"]})
    return Change(
        fields=frozenset(named),
        status=data.get("status"),
        assigned_to=" ".join((data.get("assigned_to") or "").split()) or None,
        investigation_id=data.get("investigation_id"),
        tags=data.get("tags"),
        add_tags=added,
        remove_tags=removed,
    )


class NewNote(OfAccount):
    """A note on a lead."""

    text = fields.String(
        required=True,
        validate=[
            validate.Length(
                min=1, max=LONGEST_NOTE, error=f"must have 1 to {LONGEST_NOTE} characters"
            ),
            validate.Predicate("strip", error="must not be blank"),
        ],
        metadata={
            "description": "What to remember; kept encrypted.",
            "examples": ["Wants to be called after four."],
        },
    )


class LatestPage(Form):
    """Which part of a list that begins with the latest."""

    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=LONGEST_PAGE, error=f"must be from 1 to {LONGEST_PAGE}"),
        metadata={"description": "How many at most."},
    )
    after = fields.UUID(
        load_default=None,
        metadata={"description": "`next_after` of the page before; absent, the first page."},
    )
