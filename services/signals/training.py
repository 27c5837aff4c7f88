"""Training: labelled texts in, a `Model` out.

A logistic regression for each output over the features of windows (scikit-learn's liblinear, with
a seed that stays: the same texts make the same model). What is held out to calibrate and to choose
the threshold is always all of one author's texts, so that a wording the model has seen proves
nothing. scikit-learn is needed here alone: `pip install leadfly[train]`.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from services.signals.corpus import Labelled
from services.signals.features import of_word
from services.signals.kinds import KINDS
from services.signals.model import INDIVIDUAL, Model, Output, in_lanes
from services.signals.passage import passage
from services.signals.sentence import Sentence

STRENGTH = 0.3
"""Inverse of the L2 penalty; .1 to 1 differ by less than a point of F1 on held-out authors."""

RAREST = 2
"""Windows that a feature must stand in: what stands in one tells nothing of others."""

PRECISION = 0.9
"""Share of signals that are to be right on held-out authors; it chooses the threshold."""

MOST_FOLDS = 5
"""Parts that authors are held out in."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Instances:
    """Windows of texts, their features as rows, and what is known of each."""

    names: list[str]
    """Feature of each column."""
    rows: csr_matrix
    text_of: Any
    """For each row the number of its text."""
    wanted: Any
    """Rows by outputs: 1 holds, 0 does not, -1 unknown: another window of the text may say it."""


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
            wanted.append([_holds(text, o, start, end, len(read.windows)) for o in outputs])
    names, rows = _matrix(counted)
    return Instances(names, rows, numpy.array(text_of), numpy.array(wanted))


def train(texts: Sequence[Labelled], version: str, say: Say = lambda line: None) -> Model:
    """Return the model of *texts*. Raises ValueError where a type has too few of them."""
    if not texts:
        raise ValueError("each type needs texts with it and texts without")
    outputs = (*KINDS, INDIVIDUAL)
    seen = instances(texts, outputs)
    say(f"{len(texts)} texts, {len(seen.text_of)} windows, {len(seen.names)} features")
    truth = numpy.array([[_truth(text, o) for o in outputs] for text in texts])
    held_out = _held_out(seen, texts, outputs, say)
    fitted = [_fitted(seen, column) for column in range(len(outputs))]
    weights = numpy.stack([model.coef_[0] for model in fitted], axis=1)
    scale = float(numpy.abs(weights).max()) / 127
    stored = numpy.rint(weights / scale).astype(numpy.int8)
    kept = numpy.flatnonzero(numpy.abs(stored).max(axis=1) > 0)
    return Model(
        version,
        _calibrated(outputs, fitted, held_out, truth),
        scale,
        {seen.names[column]: in_lanes(map(int, stored[column])) for column in kept},
    )


def _features(sentences: Sequence[Sentence], around: frozenset[str]) -> Counter[str]:
    counted: Counter[str] = Counter(around)
    for sentence in sentences:
        counted.update(sentence.named)
        for word in sentence.words:
            counted.update(of_word(*word))
    return counted


def _truth(text: Labelled, output: str) -> bool:
    return text.individual if output == INDIVIDUAL else output in text.labels


def _holds(text: Labelled, output: str, start: int, end: int, windows: int) -> int:
    """Return whether a window says *output*: 1, 0, or -1 where only its text is known to."""
    if not _truth(text, output):
        return 0
    if windows == 1:
        return 1
    proof = text.evidence.get(output)
    if proof is None:
        return -1
    at = text.text.find(proof)
    return int(at < end and at + len(proof) > start)


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


def _fitted(seen: Instances, column: int, rows: Any = None) -> LogisticRegression:
    """Return a regression for one output; windows of which nothing is known are chosen by it."""
    wanted = seen.wanted[:, column]
    usable = numpy.ones(len(wanted), bool) if rows is None else rows
    first = _regression(seen.rows[usable & (wanted >= 0)], wanted[usable & (wanted >= 0)])
    unknown = usable & (wanted < 0)
    if not unknown.any():
        return first
    scores = first.decision_function(seen.rows)
    best = numpy.full(seen.text_of.max() + 1, -numpy.inf)
    numpy.maximum.at(best, seen.text_of[unknown], scores[unknown])
    chosen = unknown & (scores >= best[seen.text_of])
    use = usable & ((wanted >= 0) | chosen)
    return _regression(seen.rows[use], numpy.where(chosen, 1, wanted)[use])


def _regression(rows: Any, wanted: Any) -> LogisticRegression:
    if len(set(wanted)) < 2:
        raise ValueError("each type needs texts with it and texts without")
    # Fewer rows than columns: the dual is twenty times as quick. It draws an order by the seed.
    solver = LogisticRegression(
        C=STRENGTH, solver="liblinear", dual=True, tol=1e-2, max_iter=1000, random_state=0
    )
    return solver.fit(rows, wanted)


def _held_out(seen: Instances, texts: Sequence[Labelled], outputs: Sequence[str], say: Say) -> Any:
    """Return for each text and output the highest score of its windows, by a model without it."""
    authors = sorted({text.author for text in texts})
    fold_of = {author: number % MOST_FOLDS for number, author in enumerate(authors)}
    folds = numpy.array([fold_of[text.author] for text in texts])
    scores = numpy.full((len(texts), len(outputs)), -numpy.inf)
    for fold in sorted(set(folds)):
        inside = (folds == fold)[seen.text_of]
        for column in range(len(outputs)):
            model = _fitted(seen, column, ~inside)
            numpy.maximum.at(
                scores[:, column],
                seen.text_of[inside],
                model.decision_function(seen.rows[inside]),
            )
        say(f"held out {fold + 1} of {len(set(folds))}")
    return scores


def _calibrated(
    outputs: Sequence[str], fitted: Sequence[Any], scores: Any, truth: Any
) -> tuple[Output, ...]:
    """Return the outputs with Platt's two numbers each, and the threshold that they share."""
    platt = [
        LogisticRegression(C=1e6).fit(scores[:, [column]], truth[:, column])
        for column in range(len(outputs))
    ]
    likely = numpy.stack(
        [p.predict_proba(scores[:, [column]])[:, 1] for column, p in enumerate(platt)], axis=1
    )
    threshold = chosen_threshold(likely[:, :-1], truth[:, :-1])
    return tuple(
        Output(
            name,
            float(fitted[column].intercept_[0]),
            float(platt[column].coef_[0][0]),
            float(platt[column].intercept_[0]),
            0.5 if name == INDIVIDUAL else threshold,
        )
        for column, name in enumerate(outputs)
    )


def chosen_threshold(likely: Any, truth: Any) -> float:
    """Return the lowest probability from which PRECISION of what is told is right."""
    for threshold in numpy.arange(0.3, 0.95, 0.01):
        told = likely >= threshold
        if told.any() and (told & truth).sum() / told.sum() >= PRECISION:
            return round(float(threshold), 2)
    return 0.95
