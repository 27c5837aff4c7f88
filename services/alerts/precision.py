"""Precision: how many of a rule's alerts led to something, and what would make it more.

Pure. Precision is information retrieval's: of what was told, the share that was worth it. Its
interval is Wilson's (1927), which holds for few alerts and near 0 and 1 too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor, sqrt

from services.alerts.alert import Status
from services.alerts.happening import Fact

FOLLOWS = timedelta(days=14)
"""An alert counts as one that led to something if its lead was qualified or converted within this
time after it. A judgement: two weeks are a usual cycle of a first call and an offer."""

LED_TO: frozenset[str] = frozenset({"qualified", "converted"})
"""Statuses of a lead that show that its alert was worth it."""

Z = 1.959964
"""Standard normal quantile of 97.5 %, for a 95 % interval."""

FEWEST = 10
"""Alerts that were judged, from which on something is suggested; half as many of each sort."""

LOW = 0.5
"""A share below which a suggestion is looked for: more alerts for nothing than for something."""

KEPT = 0.9
"""Least share of the alerts that led to something which a suggestion keeps."""

DROPPED = 1 / 3
"""Least share of the others that it drops; for less, a rule is not worth changing. A judgement."""

STEP = 5
"""Points: bounds are suggested in round numbers, for they come from few alerts."""

SCORES = ("match_score", "intent_score", "signal_strength", "behavior_score")
"""Facts from 0 to 100 that a bound may be suggested for."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One alert of a rule, as it turned out."""

    led: bool | None
    """Whether it led to something; None: nobody knows yet."""
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Precision:
    """How many of a rule's alerts led to something."""

    alerts: int
    judged: int
    led: int
    share: float | None
    """In [0, 1]; None: none was judged yet."""
    low: float
    high: float
    """Between which the share lies, with 95 % confidence."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A condition that would have kept what led to something, and dropped much of the rest."""

    condition: str
    """`min_intent_score`."""
    value: int
    text: str


def led_to_something(
    status: Status, first_at: datetime, statuses: Iterable[tuple[str, datetime]], now: datetime
) -> bool | None:
    """Return whether an alert of *first_at* led to something; None: it is too early to say.

    *statuses* are those that its lead came to have, with when.
    """
    if status == "actioned":
        return True
    until = first_at + FOLLOWS
    if any(became in LED_TO and first_at <= at <= until for became, at in statuses):
        return True
    return False if status in ("dismissed", "resolved") or now > until else None


def precision(alerts: Sequence[Judged]) -> Precision:
    """Return how many of *alerts* led to something."""
    judged = [one for one in alerts if one.led is not None]
    led = sum(1 for one in judged if one.led)
    low, high = interval(led, len(judged))
    share = led / len(judged) if judged else None
    return Precision(len(alerts), len(judged), led, share, low, high)


def interval(hits: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % score interval of a share; of nothing it is all of [0, 1]."""
    if of == 0:
        return 0.0, 1.0
    share, weight = hits / of, Z * Z / of
    middle, spread = share + weight / 2, Z * sqrt(share * (1 - share) / of + weight / (4 * of))
    return (
        max(0.0, min(share, (middle - spread) / (1 + weight))),
        min(1.0, max(share, (middle + spread) / (1 + weight))),
    )


def suggestion(alerts: Sequence[Judged], conditions: Mapping[str, object]) -> Suggestion | None:
    """Return the bound that would raise the precision of a rule most, if any is worth it.

    *conditions* are the rule's own: only what is stricter is suggested. None with few alerts, with
    good precision, or where no score tells them apart. A fact that is unknown meets no bound.
    """
    led = [one.facts for one in alerts if one.led]
    not_led = [one.facts for one in alerts if one.led is False]
    few = FEWEST // 2
    if len(led) < few or len(not_led) < few or len(led) >= LOW * (len(led) + len(not_led)):
        return None
    found = [_bound(name, led, not_led, conditions) for name in SCORES]
    bounds = [one for one in found if one is not None]
    if not bounds:
        return None
    name, value = max(bounds, key=lambda one: _dropped(one[0], one[1], not_led))
    return _told(name, value, led, not_led, conditions)


Facts = Mapping[str, Fact]


def _bound(
    name: str, led: Sequence[Facts], not_led: Sequence[Facts], conditions: Mapping[str, object]
) -> tuple[str, int] | None:
    """Return the highest round bound of *name* that keeps what it must, if it drops enough."""
    scores = sorted(
        (score for one in led if (score := _score(one, name)) is not None), reverse=True
    )
    must = -int(-KEPT * len(led) // 1)
    if len(scores) < must:
        return None
    value = floor(scores[must - 1] / STEP) * STEP
    present = conditions.get(f"min_{name}")
    if isinstance(present, int | float) and value <= present:
        return None
    return (name, value) if _dropped(name, value, not_led) >= DROPPED * len(not_led) else None


def _dropped(name: str, value: int, alerts: Sequence[Facts]) -> int:
    return sum(1 for one in alerts if (score := _score(one, name)) is None or score < value)


def _score(facts: Facts, name: str) -> float | None:
    score = facts.get(name)
    return score if isinstance(score, int | float) and not isinstance(score, bool) else None


def _told(
    name: str,
    value: int,
    led: Sequence[Facts],
    not_led: Sequence[Facts],
    conditions: Mapping[str, object],
) -> Suggestion:
    condition = f"min_{name}"
    had = len(led) - _dropped(name, value, led)
    more = len(not_led) - _dropped(name, value, not_led)
    verb = "raise" if condition in conditions else "set"
    text = (
        f"{verb} {condition} to {value}: {had} of {len(led)} that led to something had it,"
        f" and only {more} of {len(not_led)} that did not"
    )
    return Suggestion(condition, value, text)
