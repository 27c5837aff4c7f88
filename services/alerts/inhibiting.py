"""Inhibiting: whether another alert already says what this one would.

Pure. After Alertmanager: while an open alert that matches `source` is there, alerts that match
`target` and have the facts of `equal` in common are not told. An empty `source` asks for no other
alert: what the alert itself says is enough. Facts that are unknown are never equal.
"""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from services.alerts.alert import Alert
from services.alerts.silence import Inhibition
from services.alerts.silencing import fact, matches
from services.alerts.stage import NOTHING, Asked, Says


def inhibited(alert: Alert, asked: Asked) -> Says:
    """Say that another alert inhibits *alert*; only what happens to that one changes it."""
    return Says("inhibited") if asked.is_inhibited(alert) else NOTHING


def inhibiting(
    inhibitions: Sequence[Inhibition], others: Iterable[Alert]
) -> Callable[[Alert], bool]:
    """Return what tells whether one of *others*, or an alert itself, inhibits an alert.

    *others* may hold the alert itself, and ended ones: neither inhibits it.
    """
    sources = [one for one in others if one.is_open]
    prepared = [(inhibition, _sources(inhibition, sources)) for inhibition in inhibitions]

    def is_inhibited(alert: Alert) -> bool:
        return any(_inhibits(inhibition, found, alert) for inhibition, found in prepared)

    return is_inhibited


Sources = dict[tuple[object, ...], list[tuple[UUID, bool]]]
"""By their values of `equal`: an alert's id, and whether it is a target of the same inhibition."""


def _sources(inhibition: Inhibition, others: Iterable[Alert]) -> Sources:
    found: Sources = {}
    for one in others:
        common = _common(inhibition, one)
        if inhibition.source and common is not None and matches(inhibition.source, one):
            found.setdefault(common, []).append((one.id, matches(inhibition.target, one)))
    return found


def _inhibits(inhibition: Inhibition, sources: Sources, alert: Alert) -> bool:
    if not matches(inhibition.target, alert):
        return False
    if not inhibition.source:
        return True
    common = _common(inhibition, alert)
    if common is None:
        return False
    # Two that could inhibit each other would both be lost.
    is_both = matches(inhibition.source, alert)
    return any(
        id != alert.id and not (is_both and source_is_both)
        for id, source_is_both in sources.get(common, ())
    )


def _common(inhibition: Inhibition, alert: Alert) -> tuple[object, ...] | None:
    values = tuple(fact(alert, name) for name in inhibition.equal)
    return None if None in values else values


INHIBITIONS = (
    Inhibition(
        source={}, target={"event": "high_score_match", "duplicate": True}, equal=("lead_id",)
    ),
    Inhibition(
        source={"event": "lead.late_duplicate"},
        target={"event": "high_score_match"},
        equal=("lead_id",),
    ),
)
"""No match alert for a lead that is a duplicate: its person was, or will be, matched as well."""
