"""Weights of a service learned from what became of its matches.

Pure. A logistic regression of outcomes, good or not, on the five shares of a match, with weights
that are never negative and that are drawn towards known ones: a Gaussian prior on what differs
from their direction (ridge regression: Hoerl and Kennard 1970), of a strength that
cross-validation chooses. What was learned counts only where it foretells outcomes that it has not
seen better than the usual weights do. See docs/decisions/0044.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from services.matching.outcome import (
    BETTER,
    LEAST,
    LEAST_OF_A_SORT,
    MOST,
    NO_BETTER,
    NOTHING,
    ONE_PERSON,
    TOO_FEW,
    Foretold,
    Learned,
    Outcome,
)
from services.matching.prepared import USUAL_WEIGHTS

Array = Any
"""A numpy array of floats."""

STRENGTHS = (1000.0, 100.0, 10.0, 1.0)
"""What the prior may be worth, the strongest first: one over the variance of a coefficient. From a
hundredth to a whole unit of log odds between the worst share and the best."""

FOLDS, REPEATS = 5, 2
"""Parts that outcomes are dealt into, each held out once; and how often they are dealt."""

ERRORS = 2.0
"""Standard errors by which held-out log loss must fall. Errors of folds are too small (Bengio and
Grandvalet 2004), so one would accept too much."""

NOTABLE = 0.02
"""Share of a service's outcomes from which one person's are left out in turn: what was learned must
hold without them. Whoever told more than half is left in, for there is nobody to compare with."""

STEPS, PRECISE = 50, 1e-6
"""Newton steps of one fit at most, and the size of a step that ends it."""

FINITE = 0.01
"""Ridge on all coefficients: keeps them finite where outcomes are separated without an error."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Outcomes as arrays."""

    shares: Array
    good: Array

    def of(self, which: Array) -> "_Rows":
        return _Rows(self.shares[which], self.good[which])


def learned(own: Sequence[Outcome]) -> Learned:
    """Return what *own*, a service's outcomes, say, oldest first; the same say the same.

    Raises ValueError for shares beyond [0, 1].
    """
    own = own[-MOST:]
    counts = (len(own), sum(one.good for one in own))
    if not _enough(own):
        return Learned(TOO_FEW, *counts)
    rows = _rows(own)
    usual, better = _held_out(rows)
    losses = _losses(usual, rows.good) - _losses(better, rows.good)
    weights = _points(_chosen(rows)[1:])
    told = _foretold(usual, rows.good), _foretold(better, rows.good)
    verdict = _verdict(own, weights, told, losses)
    return Learned(verdict, *counts, weights, *told, float(losses.mean()), _error(losses))


def _verdict(
    own: Sequence[Outcome],
    weights: tuple[float, ...] | None,
    told: tuple[Foretold, Foretold],
    losses: Array,
) -> str:
    if weights is None:
        return NOTHING
    if losses.mean() <= ERRORS * _error(losses) or told[1].pair_order <= told[0].pair_order:
        return NO_BETTER
    people = Counter(one.by for one in own)
    for person, count in people.items():
        if NOTABLE * len(own) <= count <= len(own) / 2:
            rest = [one for one in own if one.by != person]
            if not (_enough(rest, half=True) and _holds(_rows(rest))):
                return ONE_PERSON
    return BETTER


def _holds(rows: _Rows) -> bool:
    """True if weights learned of *rows* alone are still better, by half as many errors."""
    usual, better = _held_out(rows)
    losses = _losses(usual, rows.good) - _losses(better, rows.good)
    return bool(losses.mean() > ERRORS / 2 * _error(losses))


def _enough(outcomes: Sequence[Outcome], half: bool = False) -> bool:
    good, parts = sum(one.good for one in outcomes), 2 if half else 1
    sort = min(good, len(outcomes) - good)
    return parts * len(outcomes) >= LEAST and parts * sort >= LEAST_OF_A_SORT


def _rows(outcomes: Sequence[Outcome]) -> _Rows:
    shares = np.array([one.shares for one in outcomes], dtype=float)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("shares lie in [0, 1]")
    return _Rows(shares, np.array([one.good for one in outcomes], dtype=float))


def _held_out(rows: _Rows) -> tuple[Array, Array]:
    """Return the log odds of each outcome by usual and by learned weights that never saw it.

    Means over REPEATS. The strength is chosen anew for each part held out.
    """
    usual, better = np.zeros(len(rows.good)), np.zeros(len(rows.good))
    for repeat in range(REPEATS):
        for held in _folds(rows.good, repeat):
            seen = rows.of(~held)
            usual[held] += _log_odds(_usual(seen), rows.shares[held]) / REPEATS
            better[held] += _log_odds(_chosen(seen), rows.shares[held]) / REPEATS
    return usual, better


def _chosen(rows: _Rows) -> Array:
    """Return coefficients fitted with the strength that foretells best.

    Of those within one standard error of the best the strongest (Breiman et al. 1984): few outcomes
    move little.
    """
    penalty = np.eye(len(_USUAL)) - np.outer(_USUAL, _USUAL) / (_USUAL @ _USUAL)
    losses = np.zeros((len(STRENGTHS), len(rows.good)))
    for held in _folds(rows.good, REPEATS):
        seen = rows.of(~held)
        for number, strength in enumerate(STRENGTHS):
            odds = _log_odds(_fit(seen, strength * penalty), rows.shares[held])
            losses[number, held] = _losses(odds, rows.good[held])
    means = losses.mean(axis=1)
    best = int(means.argmin())
    spare = _error(losses[best] - losses[0])
    strength = STRENGTHS[int((means <= means[best] + spare).argmax())]
    return _fit(rows, strength * penalty)


def _usual(rows: _Rows) -> Array:
    """Return coefficients in the direction of the usual weights: a line fitted to their score."""
    line = _fit(_Rows(rows.shares @ _USUAL[:, None], rows.good), np.zeros((1, 1)))
    return np.concatenate([line[:1], line[1] * _USUAL])


def _fit(rows: _Rows, penalty: Array) -> Array:
    """Return the intercept and the coefficients of least penalised loss; the latter 0 or more."""
    design = np.column_stack([np.ones(len(rows.good)), rows.shares])
    cost = np.zeros((design.shape[1], design.shape[1]))
    cost[1:, 1:] = penalty + FINITE * np.eye(len(penalty))
    cost[0, 0] = FINITE
    at = np.zeros(design.shape[1])
    loss = _cost(design, rows.good, cost, at)
    for _ in range(STEPS):
        odds = _chance(design @ at)
        slope = design.T @ (odds - rows.good) + cost @ at
        curve = (design * (odds * (1 - odds))[:, None]).T @ design + cost
        step = _least(curve, slope, at) - at
        if abs(step).max() < PRECISE:
            break
        length = 1.0
        while length > PRECISE and (
            (tried := _cost(design, rows.good, cost, at + length * step)) > loss
        ):
            length /= 2
        at, loss = at + length * step, min(tried, loss)
    return at


def _least(curve: Array, slope: Array, at: Array) -> Array:
    """Return where the quadratic around *at* is least, with coefficients of 0 and more.

    What would fall below 0 is held there; the next step of the fit tries it anew.
    """
    free = np.ones(len(at), dtype=bool)
    while True:
        there = np.where(free, at, 0.0)
        pull = (slope + curve @ (there - at))[free]
        there[free] -= np.linalg.solve(curve[np.ix_(free, free)], pull)
        below = free & (there < 0)
        below[0] = False
        if not below.any():
            return there
        free &= ~below


def _folds(good: Array, seed: int) -> list[Array]:
    """Return FOLDS masks that share out the outcomes by chance, good ones and others alike."""
    chance = np.random.default_rng(seed)
    part = np.empty(len(good), dtype=int)
    for sort in (0.0, 1.0):
        which = chance.permutation(np.flatnonzero(good == sort))
        part[which] = np.arange(len(which)) % FOLDS
    return [part == fold for fold in range(FOLDS)]


def _log_odds(coefficients: Array, shares: Array) -> Array:
    return coefficients[0] + shares @ coefficients[1:]


def _chance(log_odds: Array) -> Array:
    return 1 / (1 + np.exp(-np.clip(log_odds, -50, 50)))


def _losses(log_odds: Array, good: Array) -> Array:
    """Return the log loss of each outcome, in nats."""
    return np.logaddexp(0, log_odds) - good * log_odds


def _cost(design: Array, good: Array, cost: Array, at: Array) -> float:
    return float(_losses(design @ at, good).sum() + at @ cost @ at / 2)


def _error(values: Array) -> float:
    """Return the standard error of the mean of *values*."""
    return float(values.std(ddof=1) / sqrt(len(values)))


def _foretold(log_odds: Array, good: Array) -> Foretold:
    """Return the mean loss, and how many pairs are in order; equal ones count half."""
    above, below = np.sort(log_odds[good == 1]), np.sort(log_odds[good == 0])
    under = np.searchsorted(below, above, "left") + np.searchsorted(below, above, "right")
    pairs = len(above) * len(below)
    return Foretold(float(_losses(log_odds, good).mean()), float(under.sum() / 2 / pairs))


def _points(coefficients: Array) -> tuple[float, ...] | None:
    """Return weights of that direction, to a tenth, 100 in all; None if there is none.

    Tenths that rounding leaves go to the largest remainders.
    """
    if coefficients.sum() <= PRECISE:
        return None
    tenths = 1000 * coefficients / coefficients.sum()
    whole = np.floor(tenths)
    rest = round(1000 - whole.sum())
    whole[np.argsort(whole - tenths, kind="stable")[:rest]] += 1
    return tuple(float(one) / 10 for one in whole)


_USUAL = np.array(USUAL_WEIGHTS) / 100
