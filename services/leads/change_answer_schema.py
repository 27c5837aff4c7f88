"""What callers get back of changing a lead, of its notes and its history."""

from marshmallow import fields, validate

from services.leads import investigation_schema as shown
from services.leads.change import FIELDS
from services.leads.investigation_schema import moment, number
from services.leads.lead_answer_schema import LeadShown
from shared.answers import Stamped
from shared.fields import Form


def next_after() -> fields.UUID:
    """Return the field of an answer that says where the next page begins."""
    return fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "What to send as `after` for the next page; null on the last."},
    )


def value(meaning: str) -> fields.Raw:
    """Return a field of an answer for a value of any kind."""
    return fields.Raw(required=True, allow_none=True, metadata={"description": meaning})


class LeadChangedAnswer(Stamped):
    """One lead after a change."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    changed = fields.List(
        fields.String(validate=validate.OneOf(FIELDS)),
        required=True,
        metadata={"description": "Fields that have another value now; none if all was so."},
    )
    lead = fields.Nested(
        LeadShown, required=True, metadata={"description": "The lead as it stands."}
    )
    next_steps = fields.List(
        fields.String(), required=True, metadata={"description": "What to mind, in sentences."}
    )


class LeadNote(Form):
    """What somebody wrote down about a lead."""

    id = fields.UUID(required=True, metadata={"description": "This note."})
    text = shown.text("What it says.")
    written_by = shown.text(
        "Who did: the prefix of an API key, `local`, or `lead`: it came with it."
    )
    written_at = moment("When: ISO 8601, UTC.")


class NoteAnswer(Stamped):
    """One note."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    note = fields.Nested(LeadNote, required=True, metadata={"description": "The note."})


class NotesAnswer(Stamped):
    """A page of notes, newest first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = number("Notes on this page.")
    notes = fields.List(
        fields.Nested(LeadNote), required=True, metadata={"description": "The notes."}
    )
    next_after = next_after()


class LeadHistoryEntry(Form):
    """One field of a lead that was given another value."""

    id = fields.UUID(required=True, metadata={"description": "This entry."})
    field = shown.text("Which.", validate=validate.OneOf(FIELDS))
    before = value("Its value before.")
    after = value("Its value since.")
    changed_at = moment("When: ISO 8601, UTC.")
    changed_by = shown.text("Who did: the prefix of an API key, or `local`.")
    bulk_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "The bulk action that did it; null if none."},
    )
    undo = fields.Boolean(
        required=True, metadata={"description": "True if undoing the bulk action did it."}
    )
    reason = shown.text("Why, in words.", allow_none=True)


class HistoryAnswer(Stamped):
    """A page of a lead's history, newest first."""

    success = fields.Boolean(required=True, validate=validate.Equal(True))
    count = number("Entries on this page.")
    history = fields.List(
        fields.Nested(LeadHistoryEntry), required=True, metadata={"description": "The entries."}
    )
    next_after = next_after()
