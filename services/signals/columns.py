"""A long text taken apart at once, in columns: the same as `passage` finds sentence by sentence.

Pure. Of a page this takes half the time, of a message twice as long.
"""

from collections.abc import Iterator, Sequence
from functools import cache, reduce

import numpy as np
from numpy.typing import NDArray

from services.signals import features, known_names, segmentation
from services.signals.feature_keys import (
    Keyed,
    Tokens,
    mention_keys,
    pair_keys,
    tokens,
    word_keys,
)
from services.signals.folding import folded
from services.signals.keys import Keys, Marks, Places
from services.signals.mentioned import Mentions, concept_names, mentions, numbers
from services.signals.passage import of_candidate
from services.signals.phrases import words
from services.signals.rules import CONCEPTS, TRIGGERS, Trigger, of_triggers
from services.signals.sentence import Candidate
from services.signals.signal import Span
from shared.frozen import frozen


@frozen
class Columns:
    """A text whose features are known by their keys; `passage.Passage` has the same in words."""

    text: str
    spans: Sequence[Span]
    """Of the sentences."""
    windows: Sequence[tuple[int, int]]
    around: Places
    """Features that each window has besides, by number: what the whole speaks of."""
    groups: Sequence[Keyed]
    """The words of all sentences, NEGATED where they are, and other features."""
    words: Tokens
    keys: Keys
    """Those of all groups."""
    known: Places
    """The numbers of features among `known_names`."""
    of: Places
    """The sentence of each key, and then of each number."""
    mentions: Mentions
    firsts: Sequence[int]
    """The first mention of each sentence, and how many there are."""
    candidates: dict[int, list[Candidate]]
    """Of sentences that have any."""

    def name(self, at: int) -> str:
        """Return the feature of a key, or of a number after them, written out."""
        for group in self.groups:
            if at < len(group.keys):
                return group.name(at)
            at -= len(group.keys)
        return known_names.known_names()[self.known[at]]

    def concepts(self, first: int, last: int) -> frozenset[str]:
        """Return what sentences from *first* up to, not including, *last* mention."""
        names = concept_names()
        said = self.mentions.concepts[self.firsts[first] : self.firsts[last]]
        return frozenset(names[number] for number in said.tolist())


def columns(text: str) -> Columns:
    """Return *text* taken apart; what is beyond `segmentation.MOST` is not read."""
    text = text[: segmentation.MOST]
    plain = folded(text)
    alike = features.digits_alike(plain)
    spans = segmentation.sentences(text)
    clause_ends = segmentation.clause_ends(text)
    begins = np.array([span.start for span in spans], np.int64)
    bounds = np.append(begins, len(text))
    every_word = words(alike)
    said = tokens(every_word, bounds, clause_ends)
    found = mentions(text, plain, every_word)
    firsts = found.starts.searchsorted(bounds).tolist()
    of = begins.searchsorted(found.starts, "right") - 1
    concepts = np.zeros((len(spans), len(concept_names())), bool)
    concepts[of, found.concepts] = True
    told = _candidates(concepts, found, of, spans, clause_ends)
    groups = [word_keys(said), pair_keys(said), *mention_keys(said, found, of, bounds)]
    known, known_of = _known(text, begins, told, found.concepts, of, concepts)
    return Columns(
        text,
        spans,
        segmentation.windows(spans),
        known_names.often(found.concepts, len(spans)),
        groups,
        said,
        np.concatenate([group.keys for group in groups]),
        known,
        np.concatenate([*(group.of for group in groups), known_of]),
        found,
        firsts,
        told,
    )


def _candidates(
    said: Marks, found: Mentions, of: Places, spans: Sequence[Span], clause_ends: Sequence[int]
) -> dict[int, list[Candidate]]:
    """Return the candidates of each sentence that has the concepts of a trigger.

    *said* is which sentence says which concept, *of* the sentence of each mention.
    """
    first, *others = (said.take(concepts, 1) for concepts in _triggers())
    fired = reduce(np.logical_and, others, first)
    which = (fired.any(1).take(of) & _asked_for().take(found.concepts)).nonzero()[0]
    sentences, triggers = fired.nonzero()
    bounds = of.take(which).searchsorted(np.arange(len(spans) + 1)).tolist()
    firing: dict[int, list[Trigger]] = {}
    for number, trigger in zip(sentences.tolist(), triggers.tolist(), strict=True):
        firing.setdefault(number, []).append(TRIGGERS[trigger])
    mentioned, told = found.some(which), {}
    for number, some in firing.items():
        inside = mentioned[bounds[number] : bounds[number + 1]]
        if ones := list(of_triggers(some, inside, spans[number], clause_ends)):
            told[number] = ones
    return told


@cache
def _asked_for() -> Marks:
    """Return which concepts triggers and cues ask for."""
    asked = np.zeros(len(concept_names()), bool)
    asked[numbers(CONCEPTS)] = True
    return asked


@cache
def _triggers() -> NDArray[np.int64]:
    """Return the first concept of each trigger, the second of each …: some stand there twice."""
    most = max(len(concepts) for _, _, concepts in TRIGGERS)
    asked = [sorted(numbers(concepts)) for _, _, concepts in TRIGGERS]
    return np.array([ones + ones[:1] * (most - len(ones)) for ones in asked], np.int64).T.copy()


def _known(
    text: str,
    begins: Places,
    told: dict[int, list[Candidate]],
    concepts: Places,
    of: Places,
    said: Marks,
) -> tuple[Places, Places]:
    """Return the numbers of features among `known_names`, and the sentence of each.

    *of* is the sentence of each of *concepts*, *said* is which one says which.
    """
    seen = [(known_names.QUESTION, number) for number in _asking(text, begins)]
    seen += [(of_candidate(o.kind, o.against), n) for n, ones in told.items() for o in ones]
    same = (of[1:] == of[:-1]).nonzero()[0]
    following = known_names.following(concepts.take(same), concepts.take(same + 1))
    sentence, concept = said.nonzero()
    second, first = _neighbours(sentence)
    across = known_names.across(concept.take(second), concept.take(first))
    found = np.array(known_names.numbers([name for name, _ in seen]), np.int64)
    places = np.array([number for _, number in seen], np.int64)
    return (
        np.concatenate((found, following, known_names.own(concept), across)),
        np.concatenate((places, of.take(same), sentence, sentence.take(second))),
    )


def _neighbours(sentence: Places) -> tuple[Places, Places]:
    """Return all pairs of places where the sentence of the second is the one before the first's."""
    first = sentence.searchsorted(sentence - 1)
    count = sentence.searchsorted(sentence) - first
    second = np.arange(len(sentence)).repeat(count)
    return second, np.arange(len(second)) + (first + count - count.cumsum()).repeat(count)


def _asking(text: str, begins: Places) -> Iterator[int]:
    """Yield the sentences in which something is asked."""
    at = text.find("?")
    while at >= 0:
        number = int(begins.searchsorted(at, "right"))
        yield number - 1
        at = text.find("?", int(begins[number])) if number < len(begins) else -1
