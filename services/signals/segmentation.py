"""Where sentences and windows of a text begin and end.

Pure. A window is what the model reads at once: a message, or a few sentences of a long text.
Every pattern here takes linear time.
"""

import re
from bisect import bisect, bisect_left
from collections.abc import Iterator

from services.signals.signal import Span

WINDOW = 250
"""Code points of a window: one to four sentences. Most messages are shorter, and a need is told
within it; longer windows mix a page's subjects."""

MOST = 100_000
"""Code points that are read of one text."""

SHORTEST = 12
"""Code points below which a sentence joins the one before: "Hi.", "a.s.a.p."."""

_END = re.compile(
    r"""
    [\s.!?…。！？] (?:
        (?<= [^\S\n\r] ) (?<! \s{2} ) \s*+ [•·|] \s++
      | (?<= [.!?…] ) (?<! [.!?…]{2} ) [.!?…]*+ (?! \S )
      | (?<= [\n\r] ) (?: (?<! \s{2} ) [\n\r]*+ ( [^\S\n\r] \s*+ [•·|] \s++ )? | [\n\r]*+ )
      | (?<= [。！？] )
    )
    """,
    re.VERBOSE,
)
"""`[.!?…]+(?=\\s|$)|[\\n\\r]+|[。！？]|\\s+[•·|]\\s+`, but each run of signs is tried from its
first alone: 100,000 spaces took a minute. Its group is a bullet right after the lines' end."""

_END_WITHOUT_BULLETS = re.compile(
    r"""
    [.!?…。！？\n\r] (?:
        (?<= [.!?…] ) (?<! [.!?…]{2} ) [.!?…]*+ (?! \S )
      | (?<= [\n\r] ) [\n\r]*+
      | (?<= [。！？] )
    )
    """,
    re.VERBOSE,
)
"""The same for a text without bullets, in which no space can be an end."""

_BULLETS = "•·|"

_CLAUSE = re.compile(
    r"[,;:()–—\n\r] (?: (?<= [\n\r] ) [\n\r]*+ | (?<= \( ) | (?<! [,;:()–—]{2} ) [,;:()–—]*+ \s )",
    re.VERBOSE,
)
"""`[,;:()–—]+\\s|[\\n\\r]+`, each run tried from its first sign alone."""


def sentences(text: str) -> list[Span]:
    """Return the sentences of *text* in order; together they are all of it."""
    ends = _ends(text)
    if (ends[-1] if ends else 0) < len(text):
        ends.append(len(text))
    found: list[Span] = []
    start = before = 0
    for end in ends:
        if end - start < SHORTEST and found and end - before <= WINDOW:
            found[-1] = Span(before, end)
        elif end - start <= WINDOW:
            before = start
            found.append(Span(start, end))
        else:
            found += _pieces(start, end)
            before = found[-1].start
        start = end
    return found


def _ends(text: str) -> list[int]:
    if not any(bullet in text for bullet in _BULLETS):
        return [match.end() for match in _END_WITHOUT_BULLETS.finditer(text)]
    found = []
    for match in _END.finditer(text):
        if match.lastindex:
            found.append(match.start(1))
        found.append(match.end())
    return found


def _pieces(start: int, end: int) -> Iterator[Span]:
    """Cut what has no end for longer than a window."""
    for piece in range(start, end, WINDOW):
        yield Span(piece, min(piece + WINDOW, end))


def windows(sentence_spans: list[Span]) -> list[tuple[int, int]]:
    """Return the windows over sentences as pairs of first and last, the latter excluded.

    Each begins about half a window after the one before, and is at most WINDOW long unless it is
    a single sentence.
    """
    found: list[tuple[int, int]] = []
    starts, ends = [span.start for span in sentence_spans], [span.end for span in sentence_spans]
    first, count = 0, len(ends)
    while first < count:
        last = bisect(ends, starts[first] + WINDOW, first + 1)
        found.append((first, last))
        if last == count:
            break
        middle = (starts[first] + ends[last - 1]) / 2
        first = bisect_left(starts, middle, first + 1, last)
    return found


def clause_ends(text: str) -> list[int]:
    """Return where the clauses of a text end, the last at its end."""
    return [*[match.end() for match in _CLAUSE.finditer(text)], len(text)]


def trimmed(text: str, span: Span) -> Span:
    """Return *span* without the space around what it holds."""
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, max(start, span.start + len(piece.rstrip())))
