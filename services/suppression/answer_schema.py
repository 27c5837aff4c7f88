"""What callers get back of suppression lists; the API description shows it."""

from typing import Any

from marshmallow import fields, validate

from services.suppression.roll import KINDS, MOST_LISTS, OUTCOMES
from services.suppression.schema import MOST_SOURCES
from services.suppression.sheet import MOST_FAULTS
from shared.answers import Stamped
from shared.fields import Form


def _text(meaning: str, **options: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": meaning}, **options)


def _moment(meaning: str, **options: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, metadata={"description": meaning}, **options)


def _whole(meaning: str, **options: Any) -> fields.Integer:
    return fields.Integer(
        required=True,
        validate=validate.Range(min=0),
        metadata={"description": meaning},
        **options,
    )


def _truth(meaning: str) -> fields.Boolean:
    return fields.Boolean(required=True, metadata={"description": meaning})


def _many(inner: Any, most: int, meaning: str) -> fields.List:
    return fields.List(
        inner,
        required=True,
        validate=validate.Length(max=most),
        metadata={"description": meaning},
    )


def _success() -> fields.Boolean:
    return fields.Boolean(required=True, validate=validate.Equal(True))


class ListNamed(Form):
    """A list, as leads hear of it: never whom else it names."""

    list_id = fields.UUID(required=True, metadata={"description": "The list."})
    name = _text("Its name.")
    kind = _text("Why it is kept.", validate=validate.OneOf(KINDS))
    on_hit = _text("What becomes of a lead.", validate=validate.OneOf(OUTCOMES))
    added_at = _moment("When the person came on it.")


class ListShown(Form):
    """A list."""

    id = fields.UUID(required=True, metadata={"description": "This list."})
    name = _text("Its name.")
    kind = _text("Why it is kept.", validate=validate.OneOf(KINDS))
    on_hit = _text("What becomes of a lead that it names.", validate=validate.OneOf(OUTCOMES))
    sources = _many(fields.String(), MOST_SOURCES, "Whose leads it is asked about; none: all.")
    expires_after_days = _whole("How long an entry counts; null: for ever.", allow_none=True)
    created_at = _moment("When it was made.")
    created_by = _text("By whom: the prefix of an API key, or `local`.")
    changed_at = _moment("When it was changed last.")
    changed_by = _text("By whom.")


class ListAnswer(Stamped):
    """One list."""

    success = _success()
    list = fields.Nested(ListShown, required=True, metadata={"description": "As it stands."})


class SizedListAnswer(ListAnswer):
    """One list and its size."""

    entries = _whole("Its entries, those that expired within the last hour among them.")


class ListsAnswer(Stamped):
    """A page of lists, oldest first."""

    success = _success()
    count = _whole("Lists on this page.")
    lists = fields.List(
        fields.Nested(ListShown), required=True, metadata={"description": "The lists."}
    )
    next_after = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "What to send as `after` for the next page; null on the last."},
    )


class AddedAnswer(Stamped):
    """What became of entries."""

    success = _success()
    added = _whole("Entries that the list did not have.")
    already_listed = _whole("Entries that it had.")


class RemovedAnswer(Stamped):
    """Who is off a list."""

    success = _success()
    removed = _whole("People who were on it.")


class ColumnRead(Form):
    """A column of which the cells came on the list."""

    column = _whole("Its position, from 1.")
    read_as = _text("What it holds: `email`, `phone`, or a kind of hash such as `email_md5`.")
    unplaced = _whole(
        "Its numbers that exist in no plan as they were read: is `country` the right one?"
    )


class RowFaulty(Form):
    """A row that was left out."""

    row = _whole("Its number, as a spreadsheet counts.")
    reason = _text("What is wrong with it.")


class ImportAnswer(AddedAnswer):
    """What became of a file."""

    rows = _whole("Rows below the header, blank ones not counted.")
    faulty_rows = _whole("Those that were left out.")
    faults = _many(fields.Nested(RowFaulty), MOST_FAULTS, "The first of them.")
    columns = _many(fields.Nested(ColumnRead), 1000, "The columns that were read; no others were.")


class QueryAnswer(Stamped):
    """Which lists name somebody."""

    success = _success()
    found = _truth("True: at least one does.")
    found_in = _many(fields.Nested(ListNamed), MOST_LISTS, "Those that do.")
    added_at = _moment("When the person came on the first of them.", allow_none=True)


class UniqueAnswer(Stamped):
    """Whether somebody was new to a list."""

    success = _success()
    is_unique = _truth("True: they were not on it, and are now.")
    added_at = _moment("When they came on it.")
