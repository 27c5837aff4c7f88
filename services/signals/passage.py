"""A text taken apart once: its sentences, the words and concepts of each.

Pure.
"""

from bisect import bisect, bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

from services.signals import features, segmentation
from services.signals.concepts import Mention, lexicon
from services.signals.folding import folded
from services.signals.patterns import shaped
from services.signals.rules import candidates
from services.signals.sentence import Candidate, Sentence
from services.signals.signal import Span

OFTEN = (0.15, 0.4, 0.8)
"""Mentions a sentence at which a long text speaks of something now and then, often, all along."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text in sentences, and its windows as pairs of first and last, the latter excluded."""

    text: str
    sentences: Sequence[Sentence]
    windows: Sequence[tuple[int, int]]
    around: frozenset[str]
    """Features that each window of a long text has besides: what the whole speaks of."""

    @property
    def spans(self) -> list[Span]:
        """Return where the sentences are."""
        return [sentence.span for sentence in self.sentences]

    @property
    def candidates(self) -> dict[int, list[Candidate]]:
        """Return the candidates of the sentences that have any."""
        return {n: one.candidates for n, one in enumerate(self.sentences) if one.candidates}

    def sentence(self, number: int) -> Sentence:
        """Return one sentence."""
        return self.sentences[number]

    def concepts(self, first: int, last: int) -> frozenset[str]:
        """Return what sentences from *first* up to, not including, *last* mention."""
        inside = self.sentences[first:last]
        return frozenset([mention.concept for one in inside for mention in one.mentions])


def passage(text: str) -> Passage:
    """Return *text* taken apart; what is beyond `segmentation.MOST` is not read."""
    text = text[: segmentation.MOST]
    plain = folded(text)
    alike = features.digits_alike(plain)
    spans = segmentation.sentences(text)
    clause_ends = segmentation.clause_ends(text)
    sentences = [written(text, alike, span, clause_ends) for span in spans]
    mentions = sorted({*lexicon().mentions(plain), *shaped(text)}, key=itemgetter(1, 2, 0))
    _mention(sentences, mentions, alike, clause_ends)
    windows = segmentation.windows(spans)
    said = [mention.concept for mention in mentions] if len(windows) > 1 else ()
    return Passage(text, sentences, windows, often_said(said, len(spans)))


def written(text: str, alike: str, span: Span, clause_ends: Sequence[int]) -> Sentence:
    """Return a sentence with its words and pairs of words."""

    def clauses() -> Iterator[list[str]]:
        first, last = bisect_right(clause_ends, span.start), bisect_left(clause_ends, span.end)
        bounds = [span.start, *clause_ends[first:last], span.end]
        for start, end in pairwise(bounds):
            yield features.cut(alike[start:end].split())

    said = features.cut(alike[span.start : span.end].split())
    words = features.words(said, clauses)
    named = set(features.pairs(words, said))
    if text.find("?", span.start, span.end) >= 0:
        named.add(features.QUESTION)
    return Sentence(span, set(words), named)


def _mention(
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    alike: str,
    clause_ends: Sequence[int],
) -> None:
    """Tell each sentence its mentions, the features and the candidates that they make."""
    first, starts = 0, [mention.start for mention in mentions]
    before: Iterable[str] = ()
    for sentence in sentences:
        last = bisect_left(starts, sentence.span.end, first)
        if first < last:
            sentence.mentions = mentions[first:last]
            sentence.candidates = list(candidates(sentence, clause_ends))
        before = name_mentions(sentence, alike, before)
        first = last


def name_mentions(sentence: Sentence, alike: str, before: Iterable[str]) -> Iterable[str]:
    """Add the features of what a sentence mentions, whose concepts are returned.

    *before* are the concepts of the sentence before.
    """
    if not sentence.mentions:
        return ()
    concepts = dict.fromkeys([mention.concept for mention in sentence.mentions])
    named = sentence.named
    named.update([f"[{concept}]" for concept in concepts])
    named.update([of_candidate(one.kind, one.against) for one in sentence.candidates])
    named.update(features.beside(sentence.mentions, alike, sentence.span))
    named.update(features.in_order(sentence.mentions))
    if before:
        named.update(features.across(before, concepts))
    return concepts


def of_candidate(kind: str, against: str) -> str:
    """Return the feature of a rule that fired, and of the concept that speaks against it."""
    return f"{{{kind}}}{against}"


def of_frequency(concept: str, level: int) -> str:
    """Return the feature of how often a long text speaks of a concept, by place among OFTEN."""
    return f"&{concept}{level}"


def often_said(concepts: Iterable[str], sentences: int) -> frozenset[str]:
    """Return how often a long text speaks of each concept: a lender's page is full of offers."""
    return frozenset(
        of_frequency(concept, bisect(OFTEN, number / sentences))
        for concept, number in Counter(concepts).items()
    )
