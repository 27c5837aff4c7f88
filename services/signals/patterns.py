"""Concepts that have a shape rather than words: amounts of money, years, percentages.

Pure. `data/patterns.txt` lists them as RE2 expressions, which take linear time whatever the text.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import islice

import re2

from services.signals.concepts import Mention

MOST_SHAPES = 1_000
"""Mentions of one concept in one text: a list of prices. A match costs 3 µs."""


_DIGIT = re.compile("[0-9]")

ANY = "-"
"""The sign of a pattern that no sign must be there for."""


@cache
def _patterns() -> tuple[tuple[str, str, "re2._Regexp[str]"], ...]:
    path = files("services.signals") / "data" / "patterns.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    entries = (line.split("\t", 2) for line in lines if line and not line.startswith("#"))
    return tuple(
        (name, sign, re2.compile(f"(?i){expression}")) for name, sign, expression in entries
    )


def names() -> list[str]:
    """Return the names of these concepts."""
    return [name for name, *_ in _patterns()]


def shaped(text: str) -> list[Mention]:
    """Return the mentions of such concepts in *text* as it was written."""
    # Half of a surrogate pair is nothing that RE2 can read; another sign stands in its place.
    written = text.encode(errors="replace")
    signs = {ANY, "?" if "?" in text else "", "0" if _DIGIT.search(text) else ""}
    found = [
        (name, [match.span() for match in islice(pattern.finditer(written), MOST_SHAPES)])
        for name, sign, pattern in _patterns()
        if sign in signs
    ]
    if len(written) == len(text):
        return [Mention(name, *span) for name, spans in found for span in spans]
    return [
        Mention(name, *span) for name, spans in found if spans for span in _places(written, spans)
    ]


def _places(written: bytes, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield *spans* of a text in UTF-8, by where they begin, in code points instead of bytes.

    Given a text, RE2 counts these itself for each match, which is slower.
    """
    place = last = 0
    for start, end in spans:
        place += len(written[last:start].decode())
        first, last = place, end
        place += len(written[start:end].decode())
        yield first, place
