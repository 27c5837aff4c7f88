"""Which rows of a table hang together: the connected parts of a graph of pairs. Pure."""

import numpy as np
from numpy.typing import NDArray

DOUBTS = (0.01, 0.1, 0.2, 0.3, 0.5)
"""Match probabilities below which pairs of large parts do not join, tried one after the other. Of a
generated table of a million leads a third hung together at 0.001, a ninth at 0.1, and no part of
more than 250 at 0.3."""


def parts(size: int, one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return for each of *size* rows the first row of its part; *one*, *other* are the pairs.

    Each round every row takes the least label among its neighbours', and labels are followed to
    their end: the rounds grow with the logarithm of the longest chain.
    """
    labels = np.arange(size, dtype=np.int32)
    while True:
        least = np.minimum(labels[one], labels[other])
        before = labels.copy()
        # The roots are lowered, and so whoever points at them.
        np.minimum.at(labels, before[one], least)
        np.minimum.at(labels, before[other], least)
        while not np.array_equal(labels, further := labels[labels]):
            labels = further
        if np.array_equal(labels, before):
            return labels


def hanging(
    size: int,
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    probability: NDArray[np.float64],
    most: int,
    link: float,
) -> NDArray[np.int32]:
    """Return for each of *size* rows the first row of its part; *one*, *other* are the pairs.

    Parts of more than *most* rows are taken apart where pairs are unlikeliest: in a large table
    chains of doubt join rows that have nothing to do with each other. Pairs from *link* on are
    never taken apart. *probability* is 1 for pairs that belong together anyway.
    """
    labels = parts(size, one, other)
    for doubt in DOUBTS:
        large = np.bincount(labels, minlength=size)[labels] > most
        if doubt > link or not large.any():
            break
        kept = (probability >= doubt) | ~large[one]
        one, other, probability = one[kept], other[kept], probability[kept]
        labels = parts(size, one, other)
    return labels
