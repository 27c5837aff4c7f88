"""The keys of all features of a text at once, sentence by sentence.

Pure. `features` says what they are; `passage.Passage.sentence` writes them out as texts, in many
times the time.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from services.signals.features import LONGEST, NEGATED, NEGATION, TURN, listed
from services.signals.keys import (
    Affix,
    Keys,
    Marks,
    Numbered,
    Places,
    affix,
    all_keys,
    joined,
    power,
)
from services.signals.mentioned import Mentions, concept_names
from services.signals.phrases import SPACE, Words
from services.signals.word_keys import marked
from shared.frozen import frozen

_ONE = power(1)

_SPREAD = np.uint64(0xD6E8FEB86659FD93)
"""Odd: the first bits of what is multiplied by it depend on all of its bits."""


class Keyed(NamedTuple):
    """Features of one sort, known by their keys."""

    keys: Keys
    of: Places
    """The sentence of each."""
    name: Callable[[int], str]
    """What writes one of them out."""


@frozen
class Tokens:
    """The words of a text in order."""

    text: str
    """As `features.digits_alike` has it."""
    written: Numbered
    """The same."""
    starts: Places
    ends: Places
    """At most LONGEST after their start; `last` is where they do end."""
    last: Places
    of: Places
    """The number of the sentence that each stands in."""
    plain: Keys
    negated: Marks

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.starts)

    def __getitem__(self, at: int) -> str:
        """Return one, NEGATED where it is."""
        word = self.text[self.starts[at] : self.ends[at]]
        return NEGATED + word if self.negated[at] else word


def tokens(said: Words, bounds: Places, clause_ends: Sequence[int]) -> Tokens:
    """Return the words of a text; *bounds* is where sentences begin and the last one ends."""
    text, written, inside, starts, last, plain = said
    cut = bounds[inside.take(bounds) & inside.take(bounds + 1)]
    if len(cut):
        # What is cut where a sentence has no end is two words.
        edges = np.sort(np.concatenate((starts, last, cut, cut)))
        starts, last = edges.reshape(-1, 2).T.copy()
    ends = np.minimum(last, starts + LONGEST)
    if len(cut) or (ends != last).any():
        plain = written.keys(starts, ends)
    sentence = bounds.searchsorted(starts, "right") - 1
    negated = _negated(plain, starts, bounds.take(sentence + 1), clause_ends)
    return Tokens(text, written, starts, ends, last, sentence, plain, negated)


def _negated(
    plain: Keys, starts: Places, sentence_ends: Places, clause_ends: Sequence[int]
) -> Marks:
    """Return which words follow a negation, up to the end of its clause or to a turn.

    *sentence_ends* is where the sentence of each word ends.
    """
    negations, turns = _clause_words().among(plain)
    if not len(negations):
        return np.zeros(len(plain), bool)
    clause = np.array(clause_ends, np.int64)
    clause = clause.take(clause.searchsorted(starts.take(negations), "right"))
    ends = starts.searchsorted(np.minimum(clause, sentence_ends.take(negations)))
    turn = np.append(turns, len(plain)).take(turns.searchsorted(negations))
    under = np.zeros(len(plain) + 1, np.int32)
    under[negations + 1] = 1
    np.subtract.at(under, np.minimum(ends, turn), 1)
    return under[:-1].cumsum() > 0


class _ClauseWords:
    """The words that negate and those that a negation ends at, each in a place of its own."""

    def __init__(self) -> None:
        negations = all_keys(sorted(listed(NEGATION)))
        keys = np.append(negations, all_keys(sorted(listed(TURN))))
        bits, places = 0, np.zeros(0, np.int64)
        while len(np.unique(places)) < len(keys):
            bits += 1
            self._shift = np.uint64(64 - bits)
            places = self._places(keys)
        self._keys, self._negates = np.zeros(1 << bits, np.uint64), np.zeros(1 << bits, bool)
        self._keys[places] = keys
        self._negates[places[: len(negations)]] = True

    def among(self, keys: Keys) -> tuple[Places, Places]:
        """Return where in *keys* negations and turns stand."""
        places = self._places(keys)
        found = (self._keys.take(places) == keys).nonzero()[0]
        negates = self._negates.take(places.take(found))
        return found[negates], found[~negates]

    def _places(self, keys: Keys) -> Places:
        return ((keys * _SPREAD) >> self._shift).view(np.int64)


_clause_words = cache(_ClauseWords)


def word_keys(said: Tokens) -> Keyed:
    """Return the keys of words, NEGATED where they are."""
    return Keyed(marked(said.plain, said.negated), said.of, said.__getitem__)


def pair_keys(said: Tokens) -> Keyed:
    """Return the keys of words that follow each other in a sentence."""
    first = (said.of[1:] == said.of[:-1]).nonzero()[0]
    length = said.ends.take(first) - said.starts.take(first)
    second = said.plain.take(first + 1) * _ONE + SPACE
    pairs = joined(said.plain.take(first), length, second)

    def name(at: int) -> str:
        second = first[at] + 1
        return f"{said[first[at]]} {said.text[said.starts[second] : said.ends[second]]}"

    return Keyed(marked(pairs, said.negated.take(first)), said.of.take(first), name)


def mention_keys(said: Tokens, found: Mentions, of: Places, bounds: Places) -> list[Keyed]:
    """Return the keys of concepts with the words around them.

    *of* is the sentence of each mention, *bounds* where sentences begin and the last one ends.
    """
    return [_before(said, found, of, bounds), _after(said, found, of, bounds)]


def _before(said: Tokens, found: Mentions, of: Places, bounds: Places) -> Keyed:
    first = np.maximum(bounds.take(of), found.starts - LONGEST)
    at = said.starts.searchsorted(found.starts) - 1
    ends = said.last.take(at, mode="clip")
    spaced = said.written.codes.take(found.starts - 1, mode="clip") == SPACE
    good = (spaced & (at >= 0) & (found.starts > bounds.take(of)) & (ends > first)).nonzero()[0]
    start = np.maximum(said.starts.take(at.take(good)), first.take(good))
    ends = ends.take(good)
    concepts = found.concepts.take(good)
    keys = joined(said.written.keys(start, ends), ends - start, _opening().take(concepts))

    def name(at: int) -> str:
        return f"{said.text[start[at] : ends[at]]} [{concept_names()[concepts[at]]}"

    return Keyed(keys, of.take(good), name)


def _after(said: Tokens, found: Mentions, of: Places, bounds: Places) -> Keyed:
    last = bounds.take(of + 1)
    at = said.starts.searchsorted(found.ends)
    starts = said.starts.take(at, mode="clip")
    spaced = said.written.codes.take(found.ends, mode="clip") == SPACE
    last = np.minimum(last, found.ends + LONGEST)
    good = (spaced & (at < len(said.starts)) & (starts < last)).nonzero()[0]
    starts = starts.take(good)
    ends = np.minimum(said.last.take(at.take(good)), last.take(good))
    closing, concepts = _closing(), found.concepts.take(good)
    word = said.written.keys(starts, ends)
    keys = joined(closing.keys.take(concepts), closing.lengths.take(concepts), word)

    def name(at: int) -> str:
        return f"[{concept_names()[concepts[at]]} {said.text[starts[at] : ends[at]]}"

    return Keyed(keys, of.take(good), name)


@cache
def _opening() -> Keys:
    return all_keys([f" [{name}" for name in concept_names()])


@cache
def _closing() -> Affix:
    return affix([f"[{name} " for name in concept_names()])
