"""How often detection is right: precision, recall, clean texts, calibration, in all and in parts.

Pure. Micro-averaged: every type of every text counts once, as in most work on multi-label texts.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.signals.corpus import Labelled
from services.signals.signal import Detection

BINS = 10
"""Equal steps of confidence in which calibration is looked at (Guo et al., 2017)."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts of signals that are right, told in error, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Return the share of what is told that is right; 1 where nothing is told."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Return the share of what is there that is told; 1 where nothing is there."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, slots=True)
class Judged:
    """A text with what was detected in it."""

    truth: Labelled
    detection: Detection

    @property
    def told(self) -> frozenset[str]:
        """Return the types that were detected."""
        return frozenset(signal.type for signal in self.detection.signals)


Detect = Callable[[str], Detection]


def judged(texts: Iterable[Labelled], detect: Detect) -> list[Judged]:
    """Return *texts* with what *detect* says of each."""
    return [Judged(text, detect(text.text)) for text in texts]


def overall(texts: Iterable[Judged], kinds: Iterable[str] | None = None) -> Quality:
    """Return how often *texts* are read right, of *kinds* alone if they are given."""
    chosen = None if kinds is None else frozenset(kinds)
    right = wrong = missed = 0
    for text in texts:
        told = text.told if chosen is None else text.told & chosen
        there = text.truth.labels if chosen is None else text.truth.labels & chosen
        right += len(told & there)
        wrong += len(told - there)
        missed += len(there - told)
    return Quality(right, wrong, missed)


def clean(texts: Iterable[Judged]) -> float:
    """Return the share of texts without a label in which nothing was detected."""
    without = [text for text in texts if not text.truth.labels]
    return sum(not text.told for text in without) / len(without) if without else 1.0


def calibration_error(texts: Iterable[Judged]) -> float:
    """Return how far confidence and the share that is right lie apart, weighted by signals."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    told = 0
    for text in texts:
        for signal in text.detection.signals:
            ones = bins[min(BINS - 1, int(signal.confidence * BINS))]
            ones.append((signal.confidence, signal.type in text.truth.labels))
            told += 1
    apart = (abs(sum(sure for sure, _ in ones) - sum(right for _, right in ones)) for ones in bins)
    return sum(apart) / max(1, told)


def report(texts: Sequence[Judged], kinds: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a table: all, each type, each language."""
    yield f"{'':20} {'texts':>6} {'precision':>10} {'recall':>7} {'F1':>6}"
    yield _line("all", texts, overall(texts))
    for kind in kinds:
        yield _line(kind, texts, overall(texts, (kind,)))
    for code in sorted({text.truth.language for text in texts}):
        spoken = [text for text in texts if text.truth.language == code]
        yield _line(code, spoken, overall(spoken))
    yield f"texts without a label kept clean: {clean(texts):.1%}"
    yield f"calibration error: {calibration_error(texts):.3f}"
    told = [text.detection.individual == text.truth.individual for text in texts]
    yield f"private finances marked right: {sum(told) / len(told):.1%}"


def _line(name: str, texts: Sequence[Judged], counted: Quality) -> str:
    return (
        f"{name:20} {len(texts):6} {counted.precision:10.3f} {counted.recall:7.3f} "
        f"{counted.f1:6.3f}"
    )
