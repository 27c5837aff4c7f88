"""A cursor: up to where somebody has seen the changes of alerts.

Pure. It is a snapshot of PostgreSQL as text, `xmin:xmax:xip,xip`: which transactions had ended when
it was taken (https://www.postgresql.org/docs/current/functions-info.html, "Snapshot Components").
A number or a time would miss what a transaction wrote that began before and ended after.
"""

import re
from itertools import pairwise

from shared.errors import Malformed

MOST_CHANGES = 500
"""Alerts that are told one by one; whoever missed more asks for the list anew."""

LONGEST = 2048
"""Characters: some 200 transactions under way at a time, and still a line that servers read."""

_NUMBER = "[1-9][0-9]{0,18}"
_SHAPE = re.compile(f"{_NUMBER}:{_NUMBER}:(?:{_NUMBER}(?:,{_NUMBER})*)?")


def cursor(text: str) -> str:
    """Return *text* if it is a cursor as PostgreSQL reads it. Raises Malformed."""
    if len(text) > LONGEST or not _SHAPE.fullmatch(text) or not _ordered(text):
        raise Malformed(details={"since": "is no cursor; send one that you were given"})
    return text


def later(one: str, other: str) -> bool:
    """True if the cursor *one* knows of a transaction that *other* cannot know of yet.

    Such a one is from another database, or from this one before it was restored.
    """
    return _bounds(one)[1] > _bounds(other)[1]


def oldest(cursors: list[str]) -> str:
    """Return the oldest transaction that had not ended for one of *cursors* (at least one)."""
    return str(min(_bounds(one)[0] for one in cursors))


def _bounds(text: str) -> tuple[int, int]:
    lowest, highest, _ = text.split(":")
    return int(lowest), int(highest)


def _ordered(text: str) -> bool:
    lowest, highest = _bounds(text)
    running = [int(number) for number in text.split(":")[2].split(",") if number]
    listed = [lowest - 1, *running, highest]
    ordered = not running or all(one < next for one, next in pairwise(listed))
    return ordered and lowest <= highest < 2**63
