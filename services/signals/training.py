"""Training: labelled texts in, a `Model` out.

For each output a logistic regression over the features of windows (scikit-learn's liblinear, with
a seed that stays), and a network for all (`services.signals.network`): the same texts make the
same model. What is held out to calibrate and to choose the threshold is always all of one author's
texts, so that a wording the model has seen proves nothing. scikit-learn is needed here alone:
`pip install leadfly[train]`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from services.signals.corpus import Labelled
from services.signals.instances import Instances, holds, instances
from services.signals.kinds import KINDS
from services.signals.model import INDIVIDUAL, Hidden, Model, Output, Stored
from services.signals.network import Network, fitted

STRENGTH = 0.3
"""Inverse of the L2 penalty; .1 to 1 differ by less than a point of F1 on held-out authors."""

CLEAN = 0.945
"""Share of texts without a signal that are to stay so on held-out authors; it chooses the
threshold. Most of them are written to be mistaken for one; of ordinary texts more stay clean."""

PRECISION = 0.92
"""Share of signals that are to be right there; it chooses the threshold of further signals."""

MOST_FOLDS = 5
"""Parts that authors are held out in."""

UNIT_STEPS = 1000
"""Steps from 0 to a hidden unit's greatest weight."""

HIGHEST = 0.95
"""Threshold above which none is sought."""

TOO_FEW = "each type needs texts with it and texts without"

Say = Callable[[str], None]


def train(texts: Sequence[Labelled], version: str, say: Say = lambda line: None) -> Model:
    """Return the model of *texts*. Raises ValueError where a type has too few of them."""
    if not texts:
        raise ValueError(TOO_FEW)
    outputs = (*KINDS, INDIVIDUAL)
    seen = instances(texts, outputs)
    say(f"{len(texts)} texts, {len(seen.text_of)} windows, {len(seen.names)} features")
    truth = numpy.array([[holds(text, output) for output in outputs] for text in texts])
    lines, networks = _held_out(seen, texts, say)
    # Each is calibrated by itself first, so that both speak of the same odds.
    shares = _platt(_of_texts(networks, seen), truth)[0] / _platt(_of_texts(lines, seen), truth)[0]
    scores = _of_texts(lines + shares * networks, seen)
    learned = _learned(seen, numpy.ones(len(seen.text_of), bool))
    say("learned from all")
    return _in_whole_numbers(version, seen, learned, shares, _judged(outputs, scores, truth))


@dataclass(frozen=True, slots=True)
class Learned:
    """What is learned from some windows; both take features multiplied by their emphasis."""

    weights: Any
    """Of the line, features by outputs."""
    intercepts: Any
    network: Network

    def scores(self, rows: csr_matrix) -> tuple[Any, Any]:
        """Return the scores of the line and of the network, an output a column."""
        return rows @ self.weights + self.intercepts, self.network.scores(rows)


def _learned(seen: Instances, usable: Any) -> Learned:
    """Return what is learned from *usable* windows, the line before the network.

    Where one of a text's windows says something and nobody knows which, the line chooses.
    """
    rows, wanted = seen.emphasised(), seen.wanted.copy()
    lines = []
    for column in range(wanted.shape[1]):
        line = _line(rows, wanted[:, column], usable)
        unknown = usable & (wanted[:, column] < 0)
        if unknown.any():
            scores = line.decision_function(rows)
            best = numpy.full(seen.text_of.max() + 1, -numpy.inf)
            numpy.maximum.at(best, seen.text_of[unknown], scores[unknown])
            wanted[unknown & (scores >= best[seen.text_of]), column] = 1
            line = _line(rows, wanted[:, column], usable)
        lines.append(line)
    known = (wanted[usable] >= 0).astype(numpy.float32)
    network = fitted(rows[usable].astype(numpy.float32), numpy.maximum(wanted[usable], 0), known)
    weights = numpy.stack([line.coef_[0] for line in lines], axis=1)
    return Learned(weights, numpy.array([line.intercept_[0] for line in lines]), network)


def _line(rows: Any, wanted: Any, usable: Any) -> LogisticRegression:
    use = usable & (wanted >= 0)
    if len(set(wanted[use])) < 2:
        raise ValueError(TOO_FEW)
    # Fewer rows than columns: the dual is twenty times as quick. It draws an order by the seed.
    solver = LogisticRegression(
        C=STRENGTH, solver="liblinear", dual=True, tol=1e-2, max_iter=1000, random_state=0
    )
    return solver.fit(rows[use], wanted[use])


def _held_out(seen: Instances, texts: Sequence[Labelled], say: Say) -> tuple[Any, Any]:
    """Return the scores of windows by lines and by networks that did not see their author."""
    authors = sorted({text.author for text in texts})
    fold_of = {author: number % MOST_FOLDS for number, author in enumerate(authors)}
    folds = numpy.array([fold_of[text.author] for text in texts])[seen.text_of]
    lines, networks = (numpy.zeros(seen.wanted.shape) for _ in range(2))
    for fold in sorted(set(folds)):
        inside = folds == fold
        learned = _learned(seen, ~inside)
        lines[inside], networks[inside] = learned.scores(seen.emphasised()[inside])
        say(f"held out {fold + 1} of {len(set(folds))}")
    return lines, networks


def _of_texts(scores: Any, seen: Instances) -> Any:
    """Return for each text the highest score of its windows."""
    highest = numpy.full((seen.text_of.max() + 1, scores.shape[1]), -numpy.inf)
    numpy.maximum.at(highest, seen.text_of, scores)
    return highest


def _platt(scores: Any, truth: Any) -> tuple[Any, Any]:
    """Return for each output the slope and the offset that make a score a probability's odds."""
    found = [
        LogisticRegression(C=1e6).fit(scores[:, [column]], truth[:, column])
        for column in range(scores.shape[1])
    ]
    return (
        numpy.array([one.coef_[0][0] for one in found]),
        numpy.array([one.intercept_[0] for one in found]),
    )


def _judged(outputs: Sequence[str], scores: Any, truth: Any) -> list[Output]:
    """Return the outputs, calibrated, with the thresholds that types share; nothing learned."""
    slopes, offsets = _platt(scores, truth)
    likely = 1 / (1 + numpy.exp(-(scores * slopes + offsets)))
    threshold, beside = chosen_thresholds(likely[:, :-1], truth[:, :-1])
    return [
        Output(
            name,
            0.0,
            round(float(slopes[column]), 6),
            round(float(offsets[column]), 6),
            0.5 if name == INDIVIDUAL else threshold,
            beside=None if name == INDIVIDUAL else beside,
        )
        for column, name in enumerate(outputs)
    ]


def chosen_thresholds(likely: Any, truth: Any) -> tuple[float, float]:
    """Return the lowest probabilities from which one is told: of the first type, and of others.

    From the first on, CLEAN of the texts without a type stay without, and PRECISION of what is
    told is right; with both, PRECISION of all that is told. *likely* and *truth* are texts by
    types. HIGHEST where nothing is good enough.
    """
    most, without = likely.max(axis=1), ~truth.any(axis=1)
    steps = [round(float(step), 2) for step in numpy.arange(0.3, HIGHEST, 0.01)]

    def good(first: float, further: float) -> bool:
        told = (most >= first)[:, None] & (likely >= further)
        clean = (most[without] < first).sum() >= CLEAN * without.sum()
        return bool(clean and told.any() and truth[told].sum() >= PRECISION * told.sum())

    first = next((step for step in steps if good(step, step)), HIGHEST)
    return first, next((step for step in steps if step < first and good(first, step)), first)


def _in_whole_numbers(
    version: str, seen: Instances, learned: Learned, shares: Any, outputs: Sequence[Output]
) -> Model:
    """Return the model: weights as signed bytes, emphasis and shares included.

    Numbers are rounded, for a machine with more cores adds in another order.
    """
    network = learned.network
    intercepts = learned.intercepts + shares * network.intercepts
    line, scale = _stepped(learned.weights * seen.emphasis[:, None], 127)
    inputs, step = _stepped(network.weights * seen.emphasis[:, None], 127)
    out, out_step = _stepped(network.out * shares, UNIT_STEPS)
    rows = numpy.hstack([line, inputs]).astype(int)
    told = [
        replace(output, intercept=round(float(intercepts[n]), 6), units=tuple(map(int, out[:, n])))
        for n, output in enumerate(outputs)
    ]
    kept = numpy.flatnonzero(numpy.abs(rows).max(axis=1) > 0)
    names = "\n".join([seen.names[number] for number in kept]).encode()
    weights = Stored(names, rows[kept].astype(numpy.int8))
    biases = tuple(map(int, numpy.rint(network.biases / step)))
    return Model(version, told, scale, weights, Hidden(biases, step * out_step))


def _stepped(weights: Any, steps: int) -> tuple[Any, float]:
    """Return weights as whole numbers from -steps to steps, and what one step is worth."""
    step = float(numpy.abs(weights).max()) / steps
    return numpy.rint(weights / step), step
