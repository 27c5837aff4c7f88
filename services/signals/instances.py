"""Labelled texts as a machine learns from them: windows in rows, features in columns.

Needed in training alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from scipy.sparse import csr_matrix, diags

from services.signals.corpus import Labelled
from services.signals.features import of_word
from services.signals.model import INDIVIDUAL
from services.signals.passage import passage
from services.signals.sentence import Sentence

RAREST = 3
"""Windows that a feature must stand in. With those of two half a point more is found, and a process
takes 10 MB more."""

COMMON = 9.0
"""A feature is multiplied by the logarithm of how rare it is (idf; Spärck Jones, 1972), over that
of a usual one: the penalty then spares those that tell much."""

PARTS, PAIRS, BESIDE = 0.75, 1.75, 1.5
"""How much parts of words, pairs of words, and words beside concepts are multiplied by, others by
1: parts repeat each other, a pair says what neither of its words does. By held-out authors."""


@dataclass(frozen=True, slots=True)
class Instances:
    """Windows of texts, their features as rows, and what is known of each."""

    names: list[str]
    """Feature of each column."""
    emphasis: Any
    """What each column is multiplied by to be learned from."""
    rows: csr_matrix
    text_of: Any
    """For each row the number of its text."""
    wanted: Any
    """Rows by outputs: 1 holds, 0 does not, -1 unknown: another window of the text may say it."""

    def emphasised(self) -> csr_matrix:
        """Return the rows as they are learned from."""
        return (self.rows @ diags(self.emphasis)).tocsr()


def instances(texts: Sequence[Labelled], outputs: Sequence[str]) -> Instances:
    """Return the windows of *texts* with their features counted as the model counts them."""
    counted: list[Counter[str]] = []
    text_of: list[int] = []
    wanted: list[list[int]] = []
    for number, text in enumerate(texts):
        read = passage(text.text)
        for first, last in read.windows:
            inside = read.sentences[first:last]
            counted.append(_features(inside, read.around))
            text_of.append(number)
            start, end = inside[0].span.start, inside[-1].span.end
            wanted.append([_window_holds(text, o, start, end, len(read.windows)) for o in outputs])
    names, rows = _matrix(counted)
    often = numpy.bincount(rows.indices, minlength=len(names))
    emphasis = numpy.log(len(counted) / often) / COMMON * [*map(_emphasis, names)]
    return Instances(names, emphasis, rows, numpy.array(text_of), numpy.array(wanted))


def _features(sentences: Sequence[Sentence], around: frozenset[str]) -> Counter[str]:
    counted: Counter[str] = Counter(around)
    for sentence in sentences:
        counted.update(sentence.named)
        for word in sentence.words:
            counted.update(of_word(word))
    return counted


def _emphasis(name: str) -> float:
    if name.startswith("~"):
        return PARTS
    return (BESIDE if "[" in name else PAIRS) if " " in name else 1.0


def _matrix(counted: Sequence[Counter[str]]) -> tuple[list[str], csr_matrix]:
    windows = Counter(name for features in counted for name in features)
    names = sorted(name for name, number in windows.items() if number >= RAREST)
    column = {name: number for number, name in enumerate(names)}
    data, columns, starts = [], [], [0]
    for features in counted:
        for name, number in features.items():
            if name in column:
                columns.append(column[name])
                data.append(number)
        starts.append(len(columns))
    shape = (len(counted), len(names))
    return names, csr_matrix((numpy.array(data, dtype=numpy.float64), columns, starts), shape)


def holds(text: Labelled, output: str) -> bool:
    """Return whether a text says *output*: a type, or INDIVIDUAL."""
    return text.individual if output == INDIVIDUAL else output in text.labels


def _window_holds(text: Labelled, output: str, start: int, end: int, windows: int) -> int:
    """Return whether a window says *output*: 1, 0, or -1 where only its text is known to."""
    if not holds(text, output):
        return 0
    if windows == 1:
        return 1
    proof = text.evidence.get(output)
    if proof is None:
        return -1
    at = text.text.find(proof)
    return int(at < end and at + len(proof) > start)
