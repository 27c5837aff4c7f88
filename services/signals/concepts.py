"""Concepts: what words of five languages mean for a signal, found in one walk over the text.

Pure. `data/concepts.txt` lists the phrases behind each concept; all are looked for at once with the
algorithm of Aho and Corasick (1975), so the time does not depend on how many there are.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick

from services.signals.folding import phrase
from services.signals.keys import Places


class Mention(NamedTuple):
    """One place where a text says something of a concept."""

    concept: str
    start: int
    end: int


class Lexicon:
    """Phrases to look for, each under the name it is reported by."""

    def __init__(self, named: Sequence[tuple[str, str]]):
        """*named* holds pairs of name and phrase as data files write them, `*` included."""
        found: dict[str, dict[str, None]] = {}
        for name, written in named:
            for pattern in _patterns(written):
                found.setdefault(pattern, {})[name] = None
        told = [(name, pattern) for pattern, names in found.items() for name in names]
        self.concepts = [name for name, _ in told]
        """The concept of each pattern; a pattern of several concepts stands there for each."""
        self._told = [
            (name, pattern.startswith(" ") - 1, -pattern.endswith(" ") - 1)
            for name, pattern in told
        ]
        """For each pattern its name, and how far from its ends the phrase's are in the text."""
        self._before, self._after = np.array([ends for _, *ends in self._told], np.int64).T
        self._search = AhoCorasick([pattern for _, pattern in told])

    def places(self, folded_text: str) -> tuple[Places, Places, Places]:
        """Return number among `concepts`, start and end of all mentions in a folded text."""
        found = self._search.find_matches_as_indexes(f" {folded_text} ", overlapping=True)
        flat = np.fromiter(chain.from_iterable(found), np.int64, 3 * len(found))
        index, starts, ends = flat.reshape(-1, 3).T
        return index, starts + self._before.take(index), ends + self._after.take(index)

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
