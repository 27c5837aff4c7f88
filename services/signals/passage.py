"""A text taken apart once: its sentences, the words and concepts of each.

Pure.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
    spans = segmentation.sentences(text)
    alike = features.digits_alike(plain)
    sentences = [_sentence(text, alike, span) for span in spans]
    mentions = sorted({*lexicon().mentions(plain), *shaped(text)}, key=itemgetter(1, 2, 0))
    number = 0
    for sentence in sentences:
        first = number
        while number < len(mentions) and mentions[number].start < sentence.span.end:
            number += 1
        sentence.mentions = mentions[first:number]
        sentence.named.update({f"[{mention.concept}]" for mention in sentence.mentions})
        sentence.candidates = list(candidates(sentence, text))
        sentence.named.update(map(_of_candidate, sentence.candidates))
    windows = segmentation.windows(spans)
    around = _around(mentions, len(spans)) if len(windows) > 1 else frozenset()
    return Passage(text, sentences, windows, around)


def _sentence(text: str, alike: str, span: Span) -> Sentence:
    def clauses() -> Iterator[list[str]]:
        start = span.start
        for end in segmentation.clause_ends(text[span.start : span.end]):
            yield alike[start : span.start + end].split()
            start = span.start + end

    words = features.words(alike[span.start : span.end].split(), clauses)
    named = set(map(features.of_pair, words, words[1:]))
    if "?" in text[span.start : span.end]:
        named.add(features.QUESTION)
    return Sentence(span, set(words), named)


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
