"""Pairwise precision, recall and F1 of a clustering, with intervals by bootstrap over clusters."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

SAMPLES = 2000
"""Resamples of the true clusters; the ends of a 95 % interval are then steady to a few of the
last digit reported."""

SEED = 20261122
"""Of the resamples; the same for every method."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One clustering beside the truth; shares of pairs, in [0, 1]."""

    precision: float
    recall: float
    f1: float
    low: float
    """F1 at the 2.5th percentile of the resamples."""
    high: float
    """F1 at the 97.5th percentile."""
    resampled: tuple[float, ...] = ()
    """F1 of every resample: two methods on one set are compared resample by resample."""


def measured(truth: Sequence[str], found: Sequence[int]) -> Measured:
    """Return how *found* (a cluster number a row) agrees with *truth*."""
    right, wrong, missed = _counts(truth, found)
    weights = np.random.default_rng(SEED).multinomial(
        len(right), np.full(len(right), 1 / len(right)), size=SAMPLES
    )
    resampled = _f1(weights @ right, weights @ wrong, weights @ missed)
    low, high = np.quantile(resampled, (0.025, 0.975))
    all_right, all_wrong, all_missed = right.sum(), wrong.sum(), missed.sum()
    return Measured(
        float(_share(all_right, all_wrong)),
        float(_share(all_right, all_missed)),
        float(_f1(all_right, all_wrong, all_missed)),
        float(low),
        float(high),
        tuple(map(float, resampled)),
    )


def difference(one: Measured, other: Measured) -> tuple[float, float]:
    """Return the 95 % interval of the F1 of *one* less that of *other*, on the same resamples."""
    apart = np.array(one.resampled) - np.array(other.resampled)
    low, high = np.quantile(apart, (0.025, 0.975))
    return float(low), float(high)


def _counts(truth: Sequence[str], found: Sequence[int]) -> tuple[np.ndarray, ...]:
    """Return by true cluster the pairs that are right, wrong (half to each cluster), missed."""
    names = {name: place for place, name in enumerate(dict.fromkeys(truth))}
    right, wrong, missed = (np.zeros(len(names)) for _ in range(3))
    sizes, together = Counter(found), Counter(zip(truth, found, strict=True))
    for name, size in Counter(truth).items():
        missed[names[name]] = comb(size, 2)
    for (name, cluster), count in together.items():
        right[names[name]] += comb(count, 2)
        missed[names[name]] -= comb(count, 2)
        wrong[names[name]] += count * (sizes[cluster] - count) / 2
    return right, wrong, missed


def _share(right: np.ndarray, other: np.ndarray) -> np.ndarray:
    whole = right + other
    return np.where(whole > 0, right / np.maximum(whole, 1e-12), 1.0)


def _f1(right: np.ndarray, wrong: np.ndarray, missed: np.ndarray) -> np.ndarray:
    return _share(right, (wrong + missed) / 2)
