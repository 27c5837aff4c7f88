"""A long text taken apart at once, in columns: the same as `passage` finds sentence by sentence.

Pure. Of a page this takes half the time, of a message twice as long.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from services.signals import features, segmentation
from services.signals.concepts import Mention
from services.signals.feature_keys import (
    Said,
    mention_keys,
    name_key,
    pair_keys,
    question_keys,
    tokens,
    word_keys,
)
from services.signals.folding import folded
from services.signals.keys import Keys, Places
from services.signals.mentioned import Mentions, concept_names, mentions, numbers
from services.signals.passage import name_mentions, of_candidate, often_said, written
from services.signals.rules import TRIGGERS, candidates
from services.signals.sentence import Candidate, Sentence
from services.signals.signal import Span
from shared.frozen import frozen


@frozen
class Columns:
    """A text whose features are known by their keys; `passage.Passage` has the same in words."""

    text: str
    alike: str
    """The text as `features.digits_alike` has it."""
    spans: Sequence[Span]
    """Of the sentences."""
    windows: Sequence[tuple[int, int]]
    around: frozenset[str]
    """Features that each window of a long text has besides: what the whole speaks of."""
    words: Said
    """The words of all sentences, NEGATED where they are."""
    keys: Keys
    """The keys of the words, and of all other features."""
    of: Places
    """The sentence of each key."""
    mentions: Mentions
    firsts: Sequence[int]
    """The first mention of each sentence, and how many there are."""
    candidates: dict[int, list[Candidate]]
    """Of sentences that have any."""
    clause_ends: Sequence[int]

    def sentence(self, number: int) -> Sentence:
        """Return one sentence with all its features written out."""
        sentence = written(self.text, self.alike, self.spans[number], self.clause_ends)
        sentence.mentions = self._mentions(number)
        sentence.candidates = self.candidates.get(number, [])
        before = self._mentions(number - 1) if number else []
        name_mentions(sentence, self.alike, {mention.concept for mention in before})
        return sentence

    def _mentions(self, number: int) -> list[Mention]:
        return self.mentions.some(self.firsts[number], self.firsts[number + 1])

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
    said = tokens(alike, begins, clause_ends)
    found = mentions(text, plain)
    firsts = found.starts.searchsorted(bounds).tolist()
    of = begins.searchsorted(found.starts, "right") - 1
    told = _candidates(found, of, firsts, spans, clause_ends)
    groups = [word_keys(said), pair_keys(said), question_keys(text, begins), _candidate_keys(told)]
    groups += mention_keys(said, found, of, bounds)
    keys = np.concatenate([keys for keys, _ in groups])
    sentence = np.concatenate([of for _, of in groups])
    windows = segmentation.windows(spans)
    names = concept_names()
    around = often_said((names[number] for number in found.concepts.tolist()), len(spans))
    return Columns(
        text,
        alike,
        spans,
        windows,
        around,
        Said(alike, said),
        keys,
        sentence,
        found,
        firsts,
        told,
        clause_ends,
    )


def _candidates(
    found: Mentions,
    of: Places,
    firsts: Sequence[int],
    spans: Sequence[Span],
    clause_ends: Sequence[int],
) -> dict[int, list[Candidate]]:
    """Return the candidates of each sentence that has the concepts of a trigger."""
    said = np.zeros((len(spans), len(concept_names())), bool)
    said[of, found.concepts] = True
    fired = np.any(np.all(said[:, _triggers()], axis=2), axis=1).nonzero()[0].tolist()
    every = found.some(0, firsts[-1]) if fired else []
    told = {}
    for number in fired:
        some = every[firsts[number] : firsts[number + 1]]
        ones = list(candidates(Sentence(spans[number], mentions=some), clause_ends))
        if ones:
            told[number] = ones
    return told


@cache
def _triggers() -> NDArray[np.int64]:
    """Return the concepts of each trigger, as many of each: some stand there twice."""
    most = max(len(concepts) for _, _, concepts in TRIGGERS)
    asked = [sorted(numbers(concepts)) for _, _, concepts in TRIGGERS]
    return np.array([ones + ones[:1] * (most - len(ones)) for ones in asked], np.int64)


def _candidate_keys(told: dict[int, list[Candidate]]) -> tuple[Keys, Places]:
    names = [(of_candidate(one), number) for number, ones in told.items() for one in ones]
    return (
        np.array([name_key(name) for name, _ in names], np.uint64),
        np.array([number for _, number in names], np.int64),
    )
