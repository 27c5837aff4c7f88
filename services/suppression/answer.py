"""Answers of suppression lists, as `answer_schema` describes them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.suppression.entering import Entered, Unique
from services.suppression.roll import Hit, Roll
from services.suppression.sheet import Sheet

Answer = dict[str, Any]


def one(roll: Roll) -> Answer:
    """Return the answer about one list."""
    return {"success": True, "list": asdict(roll)}


def added(entered: Entered) -> Answer:
    """Return what became of entries."""
    return {"success": True, "added": entered.added, "already_listed": entered.known}


def imported(entered: Entered, sheet: Sheet) -> Answer:
    """Return what became of a file."""
    columns = sorted(sheet.columns.items())
    return added(entered) | {
        "rows": sheet.row_count,
        "faulty_rows": sheet.fault_count,
        "faults": [fault._asdict() for fault in sheet.faults],
        "columns": [
            {"column": at + 1, "read_as": each.read_as, "unplaced": each.unplaced}
            for at, each in columns
        ],
    }


def found(hits: Sequence[Hit]) -> Answer:
    """Return which lists name somebody."""
    return {
        "success": True,
        "found": bool(hits),
        "found_in": [asdict(hit) for hit in hits],
        "added_at": min((hit.added_at for hit in hits), default=None),
    }


def unique(result: Unique) -> Answer:
    """Return whether somebody was new to a list."""
    return {"success": True, "is_unique": result.is_unique, "added_at": result.added_at}
