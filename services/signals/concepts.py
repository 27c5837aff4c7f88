"""Concepts: what words of five languages mean for a signal, found in one walk over the text.

Pure. `data/concepts.txt` lists the phrases behind each concept; all are looked for at once with the
algorithm of Aho and Corasick (1975), so the time does not depend on how many there are.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from operator import eq
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation

from services.signals.folding import phrase
from services.signals.keys import Places
from services.signals.phrases import Phrases, Words

_DIGIT = re.compile(r"\d")
"""What `features.digits_alike` tells from others by its length alone."""

_QUICK = Implementation.DFA
"""Takes a third of the time, and of some hundred patterns little memory."""


class Mention(NamedTuple):
    """One place where a text says something of a concept."""

    concept: str
    start: int
    end: int


class Lexicon:
    """Phrases to look for, each under the name it is reported by."""

    def __init__(self, named: Sequence[tuple[str, str]]):
        """*named* holds pairs of name and phrase as data files write them, `*` included."""
        told = sorted(
            {(pattern, name) for name, written in named for pattern in _patterns(written)}
        )
        self.concepts = [name for _, name in told]
        """The concept of each pattern; a pattern of several concepts stands there for each."""
        known: dict[tuple[str, int, int], tuple[str, int, int]] = {}
        self._told = [
            # Of thousands that are the same one is kept.
            known.setdefault(one, one)
            for one in ((name, *_moved(pattern)) for pattern, name in told)
        ]
        """For each pattern its name, and how far from its ends the phrase's are in the text."""
        self._at_once = _AtOnce([pattern for pattern, _ in told])
        self._search = AhoCorasick([pattern for pattern, _ in told])

    def places(self, folded_text: str, said: Words) -> tuple[Places, Places, Places]:
        """Return number among `concepts`, start and end of all mentions, in no order.

        *said* are the words of the text.
        """
        return self._at_once.places(folded_text, said)

    def mentions(self, folded_text: str) -> list[Mention]:
        """Return every mention in a text of `folding.folded`, by where they end."""
        told, made = self._told, tuple.__new__
        found = self._search.find_matches_as_indexes(f" {folded_text} ", overlapping=True)
        return [
            # Quicker than Mention(…), and a page has hundreds.
            made(Mention, (name, start + before, end + after))
            for index, start, end in found
            for name, before, after in (told[index],)
        ]


class _AtOnce:
    """The patterns of a lexicon, looked for in columns: whole words by their keys, others apart."""

    def __init__(self, patterns: Sequence[str]):
        whole: dict[str, int] = {}
        others = []
        for number, pattern in enumerate(patterns):
            if pattern[0] == pattern[-1] == " " and not _DIGIT.search(pattern):
                whole.setdefault(pattern[1:-1], number)
            else:
                others.append(number)
        self._phrases = Phrases([*whole])
        self._numbers = np.array([*whole.values()], np.int64)
        self._again = np.array([*map(eq, patterns, patterns[1:]), False])
        self._search = AhoCorasick([patterns[n] for n in others], implementation=_QUICK)
        ends = [_moved(patterns[number]) for number in others]
        self._before, self._after = np.array(ends, np.int64).reshape(-1, 2).T
        self._others = np.array(others, np.int64)

    def places(self, folded_text: str, said: Words) -> tuple[Places, Places, Places]:
        """Return number, start and end of all that stand in a text."""
        found = self._search.find_matches_as_indexes(f" {folded_text} ", overlapping=True)
        flat = np.fromiter(chain.from_iterable(found), np.int64, 3 * len(found))
        index, first, last = flat.reshape(-1, 3).T
        phrase, starts, ends = self._phrases.found(said)
        number = self._numbers.take(phrase)
        told = [
            (
                self._others.take(index),
                first + self._before.take(index),
                last + self._after.take(index),
            )
        ]
        while len(number):
            told.append((number, starts, ends))
            again = self._again.take(number).nonzero()[0]
            number, starts, ends = number.take(again) + 1, starts.take(again), ends.take(again)
        number, starts, ends = (np.concatenate(column) for column in zip(*told, strict=True))
        return number, starts, ends


def _moved(pattern: str) -> tuple[int, int]:
    """Return how far from its ends those of what it stands for are in a text without spaces."""
    return pattern.startswith(" ") - 1, -pattern.endswith(" ") - 1


def _patterns(written: str) -> Iterator[str]:
    """Return what to look for in a text between spaces; words end where no `*` stands."""
    before, after = written.startswith("*"), written.endswith("*")
    for spelling in phrase(written.strip("*")):
        yield ("" if before else " ") + spelling + ("" if after else " ")


def read(text: str) -> list[tuple[str, str]]:
    """Return name and phrase of each entry of a data file: `[NAME]`, `language: phrase, phrase`."""
    entries, name = [], ""
    for line in text.splitlines():
        if line.startswith("["):
            name = line.strip("[] ")
        elif line and not line.startswith("#"):
            _, phrases = line.split(":", 1)
            entries += [(name, written.strip()) for written in phrases.split(",")]
    return entries


@cache
def lexicon() -> Lexicon:
    """Return the concepts of `data/concepts.txt`, read once."""
    path = files("services.signals") / "data" / "concepts.txt"
    return Lexicon(read(path.read_text(encoding="utf-8")))
