"""The gate: a model decides only if pairs that it was not fitted to show that it is better.

The pairs are held out by group, a fifth at a time, so that no person is on both sides. What the
new model loses less than the running one, as log loss in bits a pair, and what either gets wrong
at the account's thresholds, are given with bootstrap intervals over the groups. A threshold says
what its owner makes of the two errors: who flags from 0.6 on takes a false alarm for 0.6 where a
miss is 0.4 (Elkan 2001), so one kind of error may grow where the other shrinks by more.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.dedup.policy import Policy
from services.dedup.training import fitting, labelled
from services.dedup.training.fitting import FREE, SPREAD, Fitted, Pattern, fitted
from services.dedup.training.labelled import LabelledPair

FOLDS = 5
"""Parts of which each is held out once."""

RESAMPLED = 2000
"""Bootstrap samples: the ends of a 95 % interval are the 50th and the 1950th."""

SEED = 13
"""Of folds and samples: the same pairs are always judged alike."""

TOLD = 12
"""Levels named whose weight would change most."""

Numbers = NDArray[Any]

Figure = tuple[Sequence[Numbers], NDArray[np.bool_]]
"""What each pair counts under the running and the trained model, and which pairs count."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Labelled pairs, and how they came together."""

    pairs: Sequence[LabelledPair]
    gathered: bool
    """True if somebody chose how many of each label there are, as in a file: their share says
    nothing of the account, so the prior stays. False if pairs were chosen by their levels alone,
    as reviews are: that bends no weight (Prentice and Pyke 1979)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of both models, and their difference with its 95 % interval; less is better."""

    running: float
    trained: float
    low: float
    high: float

    @property
    def worse(self) -> bool:
        """True if the trained model is shown to be worse."""
        return self.low > 0

    @property
    def better(self) -> bool:
        """True if the trained model is shown to be better."""
        return self.high < 0

    def __str__(self) -> str:
        """Return it as its reader sees it."""
        return (
            f"{self.running:.4f} running, {self.trained:.4f} trained "
            f"(difference {self.low:+.4f} to {self.high:+.4f})"
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """What the held-out pairs say."""

    log_loss: Difference
    """Bits a pair."""
    flag_cost: Difference
    """Errors at the flag threshold a pair, each by what the threshold takes it for."""
    block_cost: Difference
    """The same at the block threshold."""
    missed: Difference
    """Share of the pairs of one person that are not flagged."""
    flagged: Difference
    """Share of the pairs of two people that are flagged."""
    blocked: Difference
    """Share of the pairs of two people that are blocked."""
    pairs: int
    groups: int

    @property
    def refusal(self) -> str | None:
        """Return why the trained model must not decide; None if it may."""
        for name in COSTS:
            if (found := getattr(self, name)).worse:
                return f"it is shown to be worse: {MEANING[name]} {found}"
        if not self.log_loss.better:
            return f"it is not shown to be better: {MEANING['log_loss']} {self.log_loss}"
        return None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can say it."""
        return asdict(self)


def trained(sample: Sample, running: Fitted) -> Fitted:
    """Return the weights that *sample* gives, held near the *running* model's."""
    return _deciding(_fit(sample, labelled.counts(sample.pairs), running), sample, running)


def cross_judged(sample: Sample, running: Fitted, policy: Policy) -> Judged:
    """Return what the pairs say of training on them, each judged by a model fitted without it.

    Raises Meaningless if they cannot be held out.
    """
    group = np.array(labelled.groups(sample.pairs))
    fold = np.random.default_rng(SEED).permutation(group.max() + 1)[group] % FOLDS
    own, calibrated, known = (np.zeros(len(group)) for _ in range(3))
    decided = np.zeros(len(group))
    standing = _scores(running, [pair.pattern for pair in sample.pairs])
    for part in range(FOLDS):
        kept = [pair for pair, at in zip(sample.pairs, fold, strict=True) if at != part]
        held = np.flatnonzero(fold == part).tolist()
        patterns = [sample.pairs[place].pattern for place in held]
        counted = labelled.counts(kept)
        found = _fit(sample, counted, running)
        decided[held] = _scores(_deciding(found, sample, running), patterns)
        calibrated[held] = _scores(found, patterns)
        own[held] = standing[held]
        if sample.gathered:  # both are judged under the file's own share of matches
            shifted = fitted(counted, running, running, 1.0, FREE, levels_spread=0)
            own[held] += shifted.prior - running.prior
        known[held] = standing[held]
    return _compared(sample.pairs, group, (own, calibrated), (known, decided), policy)


def judged(pairs: Sequence[LabelledPair], running: Fitted, found: Fitted, policy: Policy) -> Judged:
    """Return what *pairs* say of *found*, which was fitted without any of them."""
    group = np.array(labelled.groups(pairs))
    patterns = [pair.pattern for pair in pairs]
    scores = _scores(running, patterns), _scores(found, patterns)
    return _compared(pairs, group, scores, scores, policy)


def changes(running: Fitted, found: Fitted) -> list[tuple[str, float, float]]:
    """Return which weights would change most: comparison and level, weight before and after."""
    moved = [
        (f"{comparison} {level}", running.weights[comparison, level], weight)
        for (comparison, level), weight in found.weights.items()
    ]
    moved.append(("prior", running.prior, found.prior))
    moved.sort(key=lambda one: -abs(one[2] - one[1]))
    return [one for one in moved[:TOLD] if abs(one[2] - one[1]) >= 0.01]


def _fit(sample: Sample, counted: fitting.Counted, running: Fitted) -> Fitted:
    prior_spread = FREE if sample.gathered else SPREAD
    return fitted(counted, running, running, 1.0, prior_spread)


def _deciding(found: Fitted, sample: Sample, running: Fitted) -> Fitted:
    """Return *found* as it would decide: with the account's prior, not the file's."""
    return Fitted(running.prior, found.weights) if sample.gathered else found


def _scores(found: Fitted, patterns: Sequence[Pattern]) -> Numbers:
    return np.array([found.score(pattern) for pattern in patterns])


def _compared(
    pairs: Sequence[LabelledPair],
    group: NDArray[np.intp],
    calibrated: tuple[Numbers, Numbers],
    deciding: tuple[Numbers, Numbers],
    policy: Policy,
) -> Judged:
    """Return the differences of running and trained model, each given as log2 odds."""
    same = np.array([pair.same for pair in pairs])
    chances = [fitting.likely(score) for score in deciding]
    whole = np.ones(len(same), dtype=bool)
    losses = [_losses(score, same) for score in calibrated]
    figures = (
        (losses, whole),
        ([_costs(chance, same, policy.flag) for chance in chances], whole),
        ([_costs(chance, same, policy.block) for chance in chances], whole),
        ([chance < policy.flag for chance in chances], same),
        ([chance >= policy.flag for chance in chances], ~same),
        ([chance >= policy.block for chance in chances], ~same),
    )
    loss, flag_cost, block_cost, missed, flagged, blocked = _differences(group, figures)
    groups = int(group.max()) + 1
    return Judged(loss, flag_cost, block_cost, missed, flagged, blocked, len(same), groups)


def _losses(score: Numbers, same: NDArray[np.bool_]) -> Numbers:
    """Return the log loss of each pair in bits."""
    return np.logaddexp2(0, np.where(same, -score, score))


def _costs(chance: Numbers, same: NDArray[np.bool_], threshold: float) -> Numbers:
    """Return what each pair costs: a false alarm the *threshold*, a miss what is left to 1."""
    acted = chance >= threshold
    return np.where(acted & ~same, threshold, np.where(~acted & same, 1 - threshold, 0.0))


def _differences(group: NDArray[np.intp], figures: Sequence[Figure]) -> list[Difference]:
    """Return the means of each figure, and the interval of their difference.

    Groups are drawn with replacement, the same draws for every figure.
    """
    size = int(group.max()) + 1
    both = [[np.asarray(each, dtype=float) for each in of_both] for of_both, _ in figures]
    weights = np.array([np.bincount(group, among, size) for _, among in figures])
    gaps = np.array(
        [
            np.bincount(group, (trained - running) * among, size)
            for (running, trained), (_, among) in zip(both, figures, strict=True)
        ]
    )
    draws = np.random.default_rng(SEED)
    drawn = np.empty((RESAMPLED, len(figures)))
    for sample in drawn:
        taken = np.bincount(draws.integers(0, size, size), minlength=size).astype(float)
        sample[:] = (gaps @ taken) / np.maximum(weights @ taken, 1.0)
    lows, highs = np.quantile(drawn, (0.025, 0.975), axis=0)
    return [
        _difference(running[among].mean(), trained[among].mean(), low, high)
        for (running, trained), (_, among), low, high in zip(
            both, figures, lows, highs, strict=True
        )
    ]


def _difference(*of: float) -> Difference:
    return Difference(*(round(float(each), 6) for each in of))


COSTS = ("flag_cost", "block_cost")
"""Figures in which a model must not be shown to be worse."""

MEANING = {
    "log_loss": "log loss in bits a pair",
    "flag_cost": "errors at the flag threshold, weighed by it",
    "block_cost": "errors at the block threshold, weighed by it",
    "missed": "pairs of one person that are not flagged",
    "flagged": "pairs of two people that are flagged",
    "blocked": "pairs of two people that are blocked",
}
