"""The keys of all features of a text at once, sentence by sentence.

Pure. `features` says what they are; `passage.Passage.sentence` writes them out as texts, in many
times the time.
"""

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np

from services.signals.features import LONGEST, NEGATED, NEGATION, QUESTION, TURN, listed
from services.signals.keys import (
    Affix,
    Keys,
    Marks,
    Numbered,
    Places,
    affix,
    all_keys,
    joined,
    key,
    power,
)
from services.signals.mentioned import Mentions, concept_names
from services.signals.word_keys import marked
from shared.frozen import frozen

SPACE = ord(" ")
_SPACE, _ONE = np.uint64(SPACE), power(1)

Keyed = tuple[Keys, Places]
"""Keys of features, and the sentence of each."""


class Said:
    """The words of a text, each written out when it is asked for."""

    def __init__(self, alike: str, said: "Tokens"):
        self._alike, self._said = alike, said

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._said.starts)

    def __getitem__(self, at: int) -> str:
        """Return one, NEGATED where it is."""
        said = self._said
        word = self._alike[said.starts[at] : said.ends[at]]
        return NEGATED + word if said.negated[at] else word


@frozen
class Tokens:
    """The words of a text in order."""

    written: Numbered
    """The text as `features.digits_alike` has it."""
    starts: Places
    ends: Places
    """At most LONGEST after their start; `last` is where they do end."""
    last: Places
    of: Places
    """The number of the sentence that each stands in."""
    plain: Keys
    negated: Marks


def tokens(alike: str, begins: Places, clause_ends: Sequence[int]) -> Tokens:
    """Return the words of a text whose sentences begin at *begins*."""
    written = Numbered(alike)
    letters = np.zeros(len(alike) + 2, bool)
    np.not_equal(written.codes, _SPACE, out=letters[1:-1])
    start, end = letters[1:] & ~letters[:-1], letters[:-1] & ~letters[1:]
    # What is cut where a sentence has no end is two words.
    start[begins], end[begins] = letters[begins + 1], letters[begins]
    starts, last = start.nonzero()[0], end.nonzero()[0]
    ends = np.minimum(last, starts + LONGEST)
    sentence = begins.searchsorted(starts, "right") - 1
    plain = written.keys(starts, ends)
    negated = _negated(plain, starts, sentence, clause_ends)
    return Tokens(written, starts, ends, last, sentence, plain, negated)


def _negated(plain: Keys, starts: Places, sentence: Places, clause_ends: Sequence[int]) -> Marks:
    """Return which words follow a negation, up to the end of its clause or to a turn."""
    found = np.zeros(len(plain) + 1, np.int64)
    negations = _among(plain, _listed(NEGATION)).nonzero()[0]
    if len(negations):
        clause = np.array(clause_ends, np.int64).searchsorted(starts, "right")
        ends = _among(plain, _listed(TURN))
        ends[1:] |= (clause[1:] != clause[:-1]) | (sentence[1:] != sentence[:-1])
        ends = np.append(ends.nonzero()[0], len(plain))
        np.add.at(found, negations + 1, 1)
        np.add.at(found, ends.take(ends.searchsorted(negations, "right")), -1)
        found.cumsum(out=found)
    return found[:-1] > 0


def _among(keys: Keys, known: Keys) -> Marks:
    """Return which of *keys* are among *known*, which are in order."""
    marks: Marks = known.take(known.searchsorted(keys), mode="clip") == keys
    return marks


@cache
def _listed(name: str) -> Keys:
    return np.sort(all_keys(sorted(listed(name))))


def word_keys(said: Tokens) -> Keyed:
    """Return the keys of words, NEGATED where they are."""
    return marked(said.plain, said.negated), said.of


def pair_keys(said: Tokens) -> Keyed:
    """Return the keys of words that follow each other in a sentence."""
    first = (said.of[1:] == said.of[:-1]).nonzero()[0]
    length = said.ends.take(first) - said.starts.take(first)
    second = said.plain.take(first + 1) * _ONE + _SPACE
    pairs = joined(said.plain.take(first), length, second)
    return marked(pairs, said.negated.take(first)), said.of.take(first)


def question_keys(text: str, begins: Places) -> Keyed:
    """Return QUESTION for each sentence that asks."""
    asked, at = [], text.find("?")
    while at >= 0:
        number = int(begins.searchsorted(at, "right"))
        asked.append(number - 1)
        at = text.find("?", int(begins[number])) if number < len(begins) else -1
    return np.full(len(asked), key(QUESTION), np.uint64), np.array(asked, np.int64)


def mention_keys(said: Tokens, found: Mentions, of: Places, bounds: Places) -> list[Keyed]:
    """Return the keys of concepts with the words around them, and with each other.

    *of* is the sentence of each mention, *bounds* where sentences begin and the last one ends.
    """
    same = (of[1:] == of[:-1]).nonzero()[0]
    concepts = found.concepts
    follow = _pair(">").take(concepts.take(same) * _many() + concepts.take(same + 1))
    return [
        _before(said, found, of, bounds),
        _after(said, found, of, bounds),
        (follow, of.take(same)),
        *_concept_keys(concepts, of),
    ]


def _concept_keys(concepts: Places, of: Places) -> list[Keyed]:
    """Return the keys of each sentence's distinct concepts, and of each with those before."""
    many = _many()
    both = np.unique(of * many + concepts)
    sentence, concept = both // many, both % many
    first = sentence.searchsorted(sentence - 1)
    count = sentence.searchsorted(sentence) - first
    second = np.arange(len(both)).repeat(count)
    ends = count.cumsum()
    offset = np.arange(len(second)) - (ends - count).repeat(count)
    pair = concept.take(second) * many + concept.take(first.take(second) + offset)
    return [(_own().take(concept), sentence), (_pair("<").take(pair), sentence.take(second))]


def _before(said: Tokens, found: Mentions, of: Places, bounds: Places) -> Keyed:
    first = np.maximum(bounds.take(of), found.starts - LONGEST)
    at = said.starts.searchsorted(found.starts) - 1
    ends = said.last.take(at, mode="clip")
    spaced = said.written.codes.take(found.starts - 1, mode="clip") == _SPACE
    good = (spaced & (at >= 0) & (found.starts > bounds.take(of)) & (ends > first)).nonzero()[0]
    start = np.maximum(said.starts.take(at.take(good)), first.take(good))
    ends = ends.take(good)
    opening = _opening().take(found.concepts.take(good))
    return joined(said.written.keys(start, ends), ends - start, opening), of.take(good)


def _after(said: Tokens, found: Mentions, of: Places, bounds: Places) -> Keyed:
    last = bounds.take(of + 1)
    at = said.starts.searchsorted(found.ends)
    starts = said.starts.take(at, mode="clip")
    spaced = said.written.codes.take(found.ends, mode="clip") == _SPACE
    last = np.minimum(last, found.ends + LONGEST)
    good = (spaced & (at < len(said.starts)) & (starts < last)).nonzero()[0]
    starts = starts.take(good)
    ends = np.minimum(said.last.take(at.take(good)), last.take(good))
    closing, concepts = _closing(), found.concepts.take(good)
    word = said.written.keys(starts, ends)
    return joined(closing.keys.take(concepts), closing.lengths.take(concepts), word), of.take(good)


def _many() -> int:
    return len(concept_names())


@cache
def _own() -> Keys:
    return all_keys([f"[{name}]" for name in concept_names()])


@cache
def _opening() -> Keys:
    return all_keys([f" [{name}" for name in concept_names()])


@cache
def _closing() -> Affix:
    return affix([f"[{name} " for name in concept_names()])


@cache
def _pair(sign: str) -> Keys:
    """Return the keys of each concept with each other."""
    first = affix([f"{name}{sign}" for name in concept_names()])
    second = all_keys(concept_names())
    return np.concatenate(
        [
            joined(np.full(len(second), k), np.full(len(second), n), second)
            for k, n in zip(first.keys, first.lengths, strict=True)
        ]
    )


name_key = lru_cache(4096)(key)
"""`key`, remembered of names that come again and again."""
