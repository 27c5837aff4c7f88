"""What callers get back of imports; the API description shows it."""

from typing import Any, get_args

from marshmallow import fields, validate

from services.dedup.imports.guessing import Why
from services.dedup.imports.job import OUTCOMES, Status
from services.dedup.imports.looking import SAMPLE
from services.dedup.imports.schema import LONGEST_PAGE, MOST_ROWS
from services.dedup.imports.workbook import MOST_SHEETS
from shared.answers import Stamped
from shared.columns import TARGETS
from shared.fields import Form

MOST_SHOWN = 1000
"""Columns that an answer shows; a file may have more, which are read."""


def _text(meaning: str, **options: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": meaning}, **options)


def _id(meaning: str, **options: Any) -> fields.UUID:
    return fields.UUID(required=True, metadata={"description": meaning}, **options)


def _whole(meaning: str, **options: Any) -> fields.Integer:
    return fields.Integer(
        required=True,
        validate=validate.Range(min=0),
        metadata={"description": meaning},
        **options,
    )


def _moment(meaning: str) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, allow_none=True, metadata={"description": meaning})


def _truth(meaning: str) -> fields.Boolean:
    return fields.Boolean(required=True, metadata={"description": meaning})


def _figure(meaning: str) -> fields.Float:
    return fields.Float(required=True, allow_none=True, metadata={"description": meaning})


def _many(inner: Any, most: int, meaning: str, **options: Any) -> fields.List:
    return fields.List(
        inner,
        required=True,
        validate=validate.Length(max=most),
        metadata={"description": meaning},
        **options,
    )


def _success() -> fields.Boolean:
    return fields.Boolean(required=True, validate=validate.Equal(True))


class RowCounts(Form):
    """Rows by what they do or would do."""

    rows = _whole("All that were looked at.")
    new = _whole("Nobody known: a lead is made.")
    update = _whole("Somebody known, of whom the row says something new.")
    duplicate = _whole("Somebody known, of whom the row says nothing new.")
    conflict = _whole("Perhaps somebody known, or somebody of whom it says otherwise: for review.")
    refused = _whole("No lead: unreadable, unreachable, without consent, or turned away.")


class ImportOptions(Form):
    """How the file is read and what it may do."""

    source_id = _text("The source that its leads are of.")
    country = _text("Reads national telephone numbers: ISO 3166-1.")
    sheet = _text("The sheet of a workbook; null: its first.", allow_none=True)
    encoding = _text("Of a CSV file; null: its beginning tells.", allow_none=True)
    consent_version = _text("The consent text that everybody agreed to.", allow_none=True)
    investigation_id = _id("The investigation that its leads join.", allow_none=True)
    tell = _truth("Whether webhooks and alerts hear of its new leads.")


class ImportShown(Form):
    """An import, as far as it is."""

    id = _id("This import.")
    name = _text("What the file is called, if anybody said so.", allow_none=True)
    kind = _text("What the file is.", validate=validate.OneOf(("csv", "xlsx")))
    size = _whole("Bytes of the file.")
    status = _text("How far it is.", validate=validate.OneOf(get_args(Status)))
    resumable = _truth("True: it failed on its way, and to confirm it lets it go on from there.")
    waiting = _truth("True: another import of the account is under way, and this one comes after.")
    options = fields.Nested(
        ImportOptions, required=True, metadata={"description": "How the file is read."}
    )
    rows_total = _whole(
        "Rows below the header, without blank ones; null until they are counted.", allow_none=True
    )
    rows_done = _whole("Rows, or leads where it is undone, that the present status has behind it.")
    rows_per_second = _figure("How fast it goes; null where nobody can know.")
    seconds_left = _figure("How long it should still take; null where nobody can know.")
    previewed = fields.Nested(
        RowCounts, required=True, metadata={"description": "What the rows would do."}
    )
    imported = fields.Nested(
        RowCounts, required=True, metadata={"description": "What the rows did."}
    )
    undone = _whole("Leads that went again.")
    kept = _whole("Leads that undoing left: people worked on them since.")
    asked_at = _moment("When the file came: ISO 8601, UTC.")
    asked_by = _text("From whom: the prefix of an API key, or `local`.")
    started_at = _moment("When the work of the present status began; null: it waits.")
    ended_at = _moment("When it ended.")
    expires_at = _moment("When file and rows are deleted; the counts stay. Null: they are.")
    failure = _text("Why it failed or ended, in words.", allow_none=True)


class ColumnShown(Form):
    """A column, and what it is taken for."""

    column = _text("Its name; one without is called by its letters, as `Column C`.")
    field = _text(
        "The field that it holds; null: it is not read.",
        allow_none=True,
        validate=validate.OneOf(TARGETS),
    )
    why = _text(
        "`chosen`: you said so. `heading`: its name is known. `values`: what its cells are.",
        allow_none=True,
        validate=validate.OneOf(get_args(Why)),
    )
    examples = _many(fields.String(), 3, "Its first cells.")


class ColumnClash(Form):
    """Columns that are taken for one field."""

    field = _text("The field.")
    columns = _many(
        fields.String(), MOST_SHOWN, "Whose columns; the first that says something counts."
    )
    further = _text("Where what the others say goes; null: it is left out.", allow_none=True)


class SampleRow(Form):
    """A row as it is read."""

    row = _whole("Its number, as a spreadsheet shows it; the header is usually 1.")
    cells = _many(fields.String(), MOST_SHOWN, "Its cells, in the order of the columns.")
    fault = _text("Why it cannot be read.", allow_none=True)


class ImportAnswer(Stamped):
    """An import."""

    success = _success()
    import_ = fields.Nested(
        ImportShown,
        data_key="import",
        required=True,
        metadata={"description": "As it stands."},
    )


class ImportLookAnswer(ImportAnswer):
    """An import, and what there is to be seen of its file."""

    sheets = _many(fields.String(), MOST_SHEETS, "The sheets of a workbook; none of a CSV file.")
    encoding = _text("How a CSV file is encoded.", allow_none=True)
    columns = _many(
        fields.Nested(ColumnShown), MOST_SHOWN, "What each column is taken for, in order."
    )
    conflicts = _many(fields.Nested(ColumnClash), MOST_SHOWN, "Fields that columns share.")
    unread = _many(fields.String(), MOST_SHOWN, "Columns that are not read.")
    sample = _many(fields.Nested(SampleRow), SAMPLE, "The first rows.")
    problem = _text("Why the file cannot be imported so.", allow_none=True)


class ImportChangedAnswer(ImportAnswer):
    """An import that goes no further."""

    changed = _truth("False: it had ended already.")


class ImportsAnswer(Stamped):
    """A page of imports."""

    success = _success()
    count = _whole("Imports in this answer.")
    imports = _many(fields.Nested(ImportShown), LONGEST_PAGE, "The latest first.")
    next_after = _id(
        "What to send as `after` for the next page; null on the last.", allow_none=True
    )


class ImportRow(Form):
    """What a row does or would do."""

    row = _whole("Its number, as a spreadsheet shows it.")
    outcome = _text("What it does.", validate=validate.OneOf(OUTCOMES))
    reason = _text("Why, where the outcome does not say it all.", allow_none=True)
    lead_id = _id("The lead that was made of it, while it is there.", allow_none=True)
    known_lead_id = _id("A lead of the person whom it is about, or may be.", allow_none=True)
    known_row = _whole("The earlier row that is about this person.", allow_none=True)
    differing = _many(
        fields.String(), 50, "The fields in which it says what nobody's records said yet."
    )
    kept = _truth("True: undoing left its lead, for people worked on it.")
    cells = _many(
        fields.String(),
        MOST_SHOWN,
        "As they stand in the file; null once it is deleted, or with `cells=false`.",
        allow_none=True,
    )


class ImportRowsAnswer(Stamped):
    """A page of an import's rows."""

    success = _success()
    count = _whole("Rows in this answer.")
    columns = _many(fields.String(), MOST_SHOWN, "The names of the columns, for the cells.")
    rows = _many(fields.Nested(ImportRow), MOST_ROWS, "In the order of the file.")
    next_after = _whole(
        "What to send as `after` for the next page; null on the last.", allow_none=True
    )
