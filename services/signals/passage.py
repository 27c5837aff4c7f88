"""A text taken apart once: its sentences, the words and concepts of each.

Pure.
"""

from bisect import bisect, bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
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


def passage(text: str) -> Passage:
    """Return *text* taken apart; what is beyond `segmentation.MOST` is not read."""
    text = text[: segmentation.MOST]
    plain = folded(text)
    alike = features.digits_alike(plain)
    spans = segmentation.sentences(text)
    clause_ends = segmentation.clause_ends(text)
    sentences = [_sentence(text, alike, span, clause_ends) for span in spans]
    mentions = sorted({*lexicon().mentions(plain), *shaped(text)}, key=itemgetter(1, 2, 0))
    _mention(sentences, mentions, alike, clause_ends)
    windows = segmentation.windows(spans)
    around = _around(mentions, len(spans)) if len(windows) > 1 else frozenset()
    return Passage(text, sentences, windows, around)


def _sentence(text: str, alike: str, span: Span, clause_ends: Sequence[int]) -> Sentence:
    def clauses() -> Iterator[list[str]]:
        first, last = bisect_right(clause_ends, span.start), bisect_left(clause_ends, span.end)
        bounds = [span.start, *clause_ends[first:last], span.end]
        for start, end in pairwise(bounds):
            yield alike[start:end].split()

    said = alike[span.start : span.end].split()
    if max(map(len, said), default=0) > features.LONGEST:
        said = [word[: features.LONGEST] for word in said]
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
    before: dict[str, None] = {}
    for sentence in sentences:
        last = bisect_left(starts, sentence.span.end, first)
        concepts: dict[str, None] = {}
        if first < last:
            sentence.mentions = mentions[first:last]
            concepts = dict.fromkeys([mention.concept for mention in sentence.mentions])
            sentence.candidates = list(candidates(sentence, clause_ends))
            named = sentence.named
            named.update([f"[{concept}]" for concept in concepts])
            named.update(map(_of_candidate, sentence.candidates))
            named.update(features.beside(sentence.mentions, alike, sentence.span))
            named.update(features.in_order(sentence.mentions))
            if before:
                named.update(features.across(before, concepts))
        first, before = last, concepts


def _of_candidate(candidate: Candidate) -> str:
    """Return the feature of a rule that fired, and of what speaks against it."""
    against = candidate.cue.mention.concept if candidate.cue else ""
    return f"{{{candidate.kind}}}{against}"


def _around(mentions: Sequence[Mention], sentences: int) -> frozenset[str]:
    """Return how often a long text speaks of each concept: a lender's page is full of offers."""
    often = Counter(mention.concept for mention in mentions)
    return frozenset(
        f"&{concept}{bisect(OFTEN, number / sentences)}" for concept, number in often.items()
    )
