"""What one text says: its signals with the words that prove them, and what was suppressed.

Pure. Rules find candidates and the words that speak against them; the model decides, by windows of
a few sentences; evidence is the sentence that the model found most telling. See
docs/decisions/0036.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from services.signals import language as languages
from services.signals import model as models
from services.signals.columns import Columns, columns
from services.signals.concepts import lexicon
from services.signals.features import NEGATED
from services.signals.kinds import KINDS
from services.signals.model import INDIVIDUAL, Model, Output, Scores
from services.signals.passage import Passage, passage
from services.signals.segmentation import trimmed
from services.signals.sentence import Candidate
from services.signals.signal import CONTENT, Detection, Signal, Span, Suppressed
from services.signals.weights import NOWHERE, Placed, Rows
from shared.frozen import frozen

MOST_SUPPRESSED = 10
"""Suppressed candidates that one text is answered with."""

LONGEST_CONTENT = 300
"""Code points of a quotation."""

EVEN = 0.5
"""Probability from which a candidate that is not told is unlikely no more."""

CALM, MONEY, URGENT = 0.8, 0.05, 0.15
"""How much of its confidence a signal is strong by; a sum of money and urgency add to it."""

_LEAST = -(1 << 15)
"""No weight of a feature is less."""

SHORT = 800
"""Code points up to which a text is taken apart sentence by sentence, and not in columns."""


@frozen
class Seen:
    """A text taken apart, with what the model scores."""

    model: Model
    read: Passage | Columns
    placed: Placed
    """Where the weights of a long text's features stand."""
    alone: Scores
    """Of each sentence."""
    best: Sequence[int]
    """The window that says each output most."""
    highest: Sequence[float]
    """Its score."""


def detect(text: str, model: Model | None = None) -> Detection:
    """Return what *text* says; *model* is the shipped one unless another is given.

    Any text is answered, in time linear in its length; what is beyond 100,000 code points is not
    read. Of a language that is not supported nothing is guessed.
    """
    spoken = languages.language(text)
    if not spoken.supported:
        return Detection(spoken)
    seen = _seen(_taken_apart(text), model or models.shipped())
    found = list(_signals(seen))
    return Detection(
        spoken,
        tuple(sorted(found, key=lambda signal: -signal.strength)),
        tuple(_suppressed(seen, found)),
        _yes(seen, INDIVIDUAL),
    )


def _taken_apart(text: str) -> Passage | Columns:
    return passage(text) if len(text) <= SHORT else columns(text)


def _seen(read: Passage | Columns, model: Model) -> Seen:
    placed = model.placed(read) if isinstance(read, Columns) else NOWHERE
    totals = model.totals(read, placed)
    alone = model.scores(totals)
    windows = alone if len(totals) == 1 else model.scores(_of_windows(read, model, totals))
    return Seen(model, read, placed, alone, windows.argmax(0).tolist(), windows.max(0).tolist())


def _of_windows(read: Passage | Columns, model: Model, totals: Rows) -> Rows:
    """Return the summed weights of windows; those of sentences are *totals*."""
    if len(read.windows) == 1:
        return totals.sum(0, keepdims=True)
    upto = np.zeros((len(totals) + 1, totals.shape[1]), np.int32)
    totals.cumsum(axis=0, out=upto[1:])
    first, last = np.array(read.windows).T
    return upto.take(last, 0) - upto.take(first, 0) + model.around(read)


def warm() -> None:
    """Load what detection needs before the first text comes."""
    lexicon()
    models.shipped()
    said = "We need a loan of 20,000 euros for a second oven. "
    detect(said)
    detect(said * (SHORT // len(said) + 1))


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
    window = seen.read.windows[seen.best[column]]
    return _Telling(output, column, window, output.probability(seen.highest[column]))


def _signal(seen: Seen, told: _Telling) -> Signal:
    output, column, (first, last), confidence = told
    number = first
    if last - first > 1:
        number += int(seen.alone[first:last, column].argmax())
    read = seen.read
    rule = next(
        (one.rule for one in read.candidates.get(number, ()) if one.kind == output.name), None
    )
    span = trimmed(read.text, read.spans[number])
    span = Span(span.start, min(span.end, span.start + LONGEST_CONTENT))
    return Signal(
        type=output.name,
        category="keyword" if rule else "content",
        source=CONTENT,
        content=read.text[span.start : span.end],
        strength=_strength(confidence, read.concepts(first, last)),
        confidence=round(confidence, 4),
        rule=rule or f"model: {_telling(seen, number, column)}",
        span=span,
    )


def _strength(confidence: float, said: frozenset[str]) -> int:
    urgency = CALM + MONEY * ("MONEY" in said) + URGENT * ("URGENT" in said)
    return round(100 * confidence * urgency)


def _telling(seen: Seen, number: int, column: int) -> str:
    """Return the word or pair of words of a sentence that weighs most for a type."""
    weights, read = seen.model.weights, seen.read
    if isinstance(read, Columns):
        which = (read.of == number).nonzero()[0]
        each = weights.of_each(seen.placed, which, column)
        most = which[each == each.max(initial=_LEAST)].tolist()
        return max([_named(read, at) for at in most], default="no word")
    sentence = read.sentence(number)
    words, named = list(sentence.words), list(sentence.named)
    weighed = np.concatenate((weights.words(words), weights.named(named)))[:, column]
    names = [word.removeprefix(NEGATED) for word in words] + named
    return max(zip(weighed.tolist(), names, strict=True), default=(0, "no word"))[1]


def _named(read: Columns, at: int) -> str:
    name = read.name(at)
    return name.removeprefix(NEGATED) if at < len(read.words) else name


def _suppressed(seen: Seen, found: Sequence[Signal]) -> Iterator[Suppressed]:
    """Yield candidates of rules that are no signal, the first MOST_SUPPRESSED."""
    read = seen.read
    proofs = {(signal.type, signal.span.start) for signal in found if signal.span}
    kinds = {signal.type for signal in found}
    told_so_far = 0
    for number, ones in read.candidates.items():
        for candidate in ones:
            column, output = seen.model.output(candidate.kind)
            likely = output.probability(float(seen.alone[number, column]))
            enough = output.enough(beside_another=bool(kinds))
            if candidate.kind in kinds and (
                likely >= enough
                or (candidate.kind, trimmed(read.text, read.spans[number]).start) in proofs
            ):
                continue
            yield _reasoned(read.text, candidate, likely, enough)
            told_so_far += 1
            if told_so_far == MOST_SUPPRESSED:
                return


def _reasoned(text: str, candidate: Candidate, likely: float, enough: float) -> Suppressed:
    cue = candidate.cue
    alone = " alone, and less beside what stands around it" if likely >= enough else ""
    if cue is None:
        doubt = "unlikely" if likely < EVEN else "not sure enough"
        reason = f"{doubt}: the model gives it {likely:.0%}{alone}"
    else:
        words = text[cue.mention.start : cue.mention.end]
        reason = f"{cue.said} *{words}* at {cue.mention.start}"
    span = candidate.span
    return Suppressed(candidate.kind, text[span.start : span.end], span, candidate.rule, reason)


def _yes(seen: Seen, name: str) -> bool:
    column, output = seen.model.output(name)
    return output.probability(seen.highest[column]) >= output.threshold
