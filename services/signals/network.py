"""A network of one hidden layer over many rare features, fitted from nothing.

A hidden unit is the sum of a row's features, each with a weight of its own, or 0 if that is below
(Nair and Hinton, 2010). Fitted by steps along the gradient whose length follows what a feature was
moved before (Adagrad; Duchi, Hazan and Singer, 2011), with features and units left out at random
(Srivastava et al., 2014). The order is drawn by a seed: the same rows make the same network.
"""

from dataclasses import dataclass
from typing import Any

import numpy
from scipy.sparse import csr_matrix

UNITS = 16
"""Hidden units; 24 and 32 find no more on held-out authors, and each is a number a feature."""

EPOCHS, BATCH, STEP = 6, 64, 0.05
"""Times that each row is learned from, rows a step, and length of the first step."""

FEATURES_OUT, UNITS_OUT = 0.4, 0.2
"""Shares of features and of units that are left out of a row at a time."""

DECAY, DECAY_OUT = 1e-5, 1e-4
"""How strongly weights of features and of units are drawn to zero."""

SPREAD, SPREAD_OUT = 0.05, 0.3
"""Standard deviation of the weights that it begins with."""

SEED = 0

Array = Any


@dataclass(slots=True)
class Network:
    """Weights of features by units, and of units by outputs."""

    weights: Array
    biases: Array
    out: Array
    intercepts: Array

    def scores(self, rows: csr_matrix) -> Array:
        """Return the scores of rows, an output a column."""
        active = numpy.maximum(rows @ self.weights + self.biases, 0)
        return active @ self.out + self.intercepts


def fitted(rows: csr_matrix, wanted: Array, known: Array) -> Network:
    """Return the network of *rows*; *wanted* is 1 or 0 by output, where *known* is 1."""
    random = numpy.random.default_rng(SEED)
    width, outputs = rows.shape[1], wanted.shape[1]
    network = Network(
        (random.standard_normal((width, UNITS)) * SPREAD).astype(numpy.float32),
        numpy.zeros(UNITS, numpy.float32),
        (random.standard_normal((UNITS, outputs)) * SPREAD_OUT).astype(numpy.float32),
        numpy.full(outputs, -1.5, numpy.float32),
    )
    steps = _Steps(width, outputs)
    for _ in range(EPOCHS):
        order = random.permutation(rows.shape[0])
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            columns, some = _left(rows[batch], random)
            _step(network, steps, (columns, some), (wanted[batch], known[batch]), random)
    return network


class _Steps:
    """What each weight was moved by before, squared and summed."""

    def __init__(self, width: int, outputs: int):
        self.weights = numpy.full((width, 1), 1e-3, numpy.float32)
        self.biases = numpy.full(UNITS, 1e-3, numpy.float32)
        self.out = numpy.full((UNITS, outputs), 1e-3, numpy.float32)
        self.intercepts = numpy.full(outputs, 1e-3, numpy.float32)


def _left(rows: csr_matrix, random: numpy.random.Generator) -> tuple[Array, csr_matrix]:
    """Return the columns that are left of some rows, and the rows in these columns alone."""
    keep = random.random(rows.nnz) >= FEATURES_OUT
    columns, inverse = numpy.unique(rows.indices[keep], return_inverse=True)
    number = numpy.repeat(numpy.arange(rows.shape[0]), numpy.diff(rows.indptr))[keep]
    data = rows.data[keep] / numpy.float32(1 - FEATURES_OUT)
    return columns, csr_matrix((data, (number, inverse)), (rows.shape[0], len(columns)))


def _step(
    network: Network,
    steps: _Steps,
    seen: tuple[Array, csr_matrix],
    truth: tuple[Array, Array],
    random: numpy.random.Generator,
) -> None:
    columns, rows = seen
    wanted, known = truth
    before = rows @ network.weights[columns] + network.biases
    kept = (before > 0) * ((random.random(before.shape) >= UNITS_OUT) / (1 - UNITS_OUT))
    kept = kept.astype(numpy.float32)
    active = before * kept
    scores = numpy.clip(active @ network.out + network.intercepts, -30, 30)
    # Sums over the batch, not means: what a feature that stands in one row learns must not
    # depend on how many rows there are beside it.
    wrong = ((1 / (1 + numpy.exp(-scores)) - wanted) * known).astype(numpy.float32)
    back = wrong @ network.out.T * kept
    gradient = rows.T.tocsr() @ back + DECAY * len(wanted) * network.weights[columns]
    steps.weights[columns] += (gradient**2).mean(axis=1, keepdims=True)
    network.weights[columns] -= STEP * gradient / numpy.sqrt(steps.weights[columns])
    for weights, moved, gradient in (
        (network.out, steps.out, active.T @ wrong + DECAY_OUT * len(wanted) * network.out),
        (network.biases, steps.biases, back.sum(axis=0)),
        (network.intercepts, steps.intercepts, wrong.sum(axis=0)),
    ):
        moved += gradient**2
        weights -= STEP * gradient / numpy.sqrt(moved)
