"""What people say of signals, and what a text therefore says: the labels that training takes.

Pure. A verdict is about one signal: right, or wrong. Labels are about the whole text: all that it
says. The latest word on each counts, and words on different things add up in their order. What
nobody doubted stands as it was found: who looked at one signal of a text saw the others beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Verdict = Literal["right", "wrong"]

VERDICTS: tuple[Verdict, ...] = ("right", "wrong")

MOST_LABELS = 20
"""Labels in one word of somebody's: more than there are types of signals."""

LONGEST_NOTE = 2000
"""Characters, as of a reviewer's reason."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody says of a signal, or of a whole text."""

    labels: Sequence[str]
    verdict: Verdict | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One word of somebody's on a text or on one of its signals."""

    signal_id: UUID | None
    """None: on the whole text."""
    type: str | None
    """Of that signal."""
    verdict: Verdict | None
    labels: Sequence[str] = ()
    """On the whole text: all that it says. Beside a verdict: what else it says."""


def labels(found: Iterable[str], said: Iterable[Said]) -> frozenset[str]:
    """Return what a text says in which the types *found* were found, by what was *said* since.

    *said* is in the order in which it was said.
    """
    latest: dict[UUID | None, Said] = {}
    for word in said:
        latest.pop(word.signal_id, None)
        latest[word.signal_id] = word
    told = set(found)
    for word in latest.values():
        told = _after(told, word)
    return frozenset(told)


def _after(told: set[str], word: Said) -> set[str]:
    if word.signal_id is None:
        return set(word.labels)
    held = {word.type} if word.type else set()
    told = told - held if word.verdict == "wrong" else told | held
    return told | set(word.labels)
