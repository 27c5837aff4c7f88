"""What one text says: its signals with the words that prove them, and what was suppressed.

Pure. Rules find candidates and the words that speak against them; the model decides, by windows of
a few sentences; evidence is the sentence that the model found most telling. See
docs/decisions/0036.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from services.signals import language as languages
from services.signals import model as models
from services.signals.concepts import lexicon
from services.signals.features import NEGATED
from services.signals.kinds import KINDS
from services.signals.model import INDIVIDUAL, Model, Output, Scores
from services.signals.passage import Passage, passage
from services.signals.segmentation import trimmed
from services.signals.sentence import Candidate, Sentence
from services.signals.signal import CONTENT, Detection, Signal, Span, Suppressed

MOST_SUPPRESSED = 10
"""Suppressed candidates that one text is answered with."""

LONGEST_CONTENT = 300
"""Code points of a quotation."""

CALM, MONEY, URGENT = 0.8, 0.05, 0.15
"""How much of its confidence a signal is strong by; a sum of money and urgency add to it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A text taken apart, with what the model scores."""

    model: Model
    read: Passage
    alone: Sequence[int]
    """Of each sentence, in lanes."""
    windows: Sequence[tuple[tuple[int, int], Scores]]
    scored: dict[int, Scores] = field(default_factory=dict)
    """Sentences whose scores were asked for."""

    def score(self, number: int) -> Scores:
        """Return the scores of one sentence."""
        if number not in self.scored:
            self.scored[number] = self.model.scores(self.alone[number])
        return self.scored[number]


def detect(text: str, model: Model | None = None) -> Detection:
    """Return what *text* says; *model* is the shipped one unless another is given.

    Any text is answered, in time linear in its length; what is beyond 100,000 code points is not
    read. Of a language that is not supported nothing is guessed.
    """
    spoken = languages.language(text)
    if not spoken.supported:
        return Detection(spoken)
    model = model or models.shipped()
    read = passage(text)
    alone = [model.total(sentence.words, sentence.named) for sentence in read.sentences]
    around = model.total((), read.around)
    windows = [
        (window, model.scores(around + sum(alone[slice(*window)]))) for window in read.windows
    ]
    seen = Seen(model, read, alone, windows)
    found = list(_signals(seen))
    return Detection(
        spoken,
        tuple(sorted(found, key=lambda signal: -signal.strength)),
        tuple(_suppressed(seen, found)),
        _yes(seen, INDIVIDUAL),
    )


def warm() -> None:
    """Load what detection needs before the first text comes."""
    lexicon()
    models.shipped()
    detect("We need a loan of 20,000 euros for a second oven.")


def _signals(seen: Seen) -> Iterator[Signal]:
    """Yield the signals of all types that some window says.

    Whoever tells of one need tells of another more easily than who tells of none.
    """
    best = [_most_telling(seen, name) for name in KINDS]
    any_found = any(told.confidence >= told.output.threshold for told in best)
    for told in best:
        if told.confidence >= told.output.enough(beside_another=any_found):
            yield _signal(seen, told)


class _Telling(NamedTuple):
    """The window that says one type most."""

    output: Output
    column: int
    window: tuple[int, int]
    confidence: float


def _most_telling(seen: Seen, name: str) -> _Telling:
    column, output = seen.model.output(name)
    window, scores = max(seen.windows, key=lambda scored: scored[1][column])
    return _Telling(output, column, window, output.probability(scores[column]))


def _signal(seen: Seen, told: _Telling) -> Signal:
    output, column, window, confidence = told
    number, last = window
    if last - number > 1:
        number = max(range(*window), key=lambda number: seen.score(number)[column])
    sentence, text = seen.read.sentences[number], seen.read.text
    rule = next((one.rule for one in sentence.candidates if one.kind == output.name), None)
    span = trimmed(text, sentence.span)
    span = Span(span.start, min(span.end, span.start + LONGEST_CONTENT))
    return Signal(
        type=output.name,
        category="keyword" if rule else "content",
        source=CONTENT,
        content=text[span.start : span.end],
        strength=_strength(confidence, seen.read.sentences[slice(*window)]),
        confidence=round(confidence, 4),
        rule=rule or f"model: {_telling(seen.model, sentence, column)}",
        span=span,
    )


def _strength(confidence: float, inside: Sequence[Sentence]) -> int:
    said = {mention.concept for sentence in inside for mention in sentence.mentions}
    urgency = CALM + MONEY * ("MONEY" in said) + URGENT * ("URGENT" in said)
    return round(100 * confidence * urgency)


def _telling(model: Model, sentence: Sentence, column: int) -> str:
    """Return the word or pair of words that weighs most for a type."""
    weighed = [(model.weigh(word, column), word.removeprefix(NEGATED)) for word in sentence.words]
    weighed += [(model.weigh_feature(name, column), name) for name in sentence.named]
    return max(weighed, default=(0.0, "no word"))[1]


def _suppressed(seen: Seen, found: Sequence[Signal]) -> Iterator[Suppressed]:
    """Yield candidates of rules that are no signal, the first MOST_SUPPRESSED."""
    proofs = {(signal.type, signal.span.start) for signal in found if signal.span}
    kinds = {signal.type for signal in found}
    told_so_far = 0
    for number, sentence in enumerate(seen.read.sentences):
        for candidate in sentence.candidates:
            column, output = seen.model.output(candidate.kind)
            likely = output.probability(seen.score(number)[column])
            enough = output.enough(beside_another=bool(kinds))
            if candidate.kind in kinds and (
                likely >= enough
                or (candidate.kind, trimmed(seen.read.text, sentence.span).start) in proofs
            ):
                continue
            yield _reasoned(seen.read.text, candidate, likely, enough)
            told_so_far += 1
            if told_so_far == MOST_SUPPRESSED:
                return


def _reasoned(text: str, candidate: Candidate, likely: float, enough: float) -> Suppressed:
    cue = candidate.cue
    alone = " alone, and less beside what stands around it" if likely >= enough else ""
    if cue is None:
        reason = f"unlikely: the model gives it {likely:.0%}{alone}"
    else:
        words = text[cue.mention.start : cue.mention.end]
        reason = f"{cue.said} *{words}* at {cue.mention.start}"
    span = candidate.span
    return Suppressed(candidate.kind, text[span.start : span.end], span, candidate.rule, reason)


def _yes(seen: Seen, name: str) -> bool:
    column, output = seen.model.output(name)
    return any(output.probability(s[column]) >= output.threshold for _, s in seen.windows)
