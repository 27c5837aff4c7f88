"""Silencing: whether somebody asked for silence about alerts like this one.

Pure. All matchers of a silence must be equal; one without matchers matches nothing, so a mistake
never silences everything. What is unknown of an alert equals nothing.
"""

from collections.abc import Mapping

from services.alerts.alert import Alert
from services.alerts.happening import Fact
from services.alerts.silence import Silence
from services.alerts.stage import NOTHING, Asked, Says, earliest


def silenced(alert: Alert, asked: Asked) -> Says:
    """Say that a silence covers *alert*, and when the next one that matches starts or ends."""
    if not asked.silences:
        return NOTHING
    matching = [one for one in asked.silences if covers(one, alert)]
    is_silent = any(one.starts_at <= asked.now < one.ends_at for one in matching)
    edges = (edge for one in matching for edge in (one.starts_at, one.ends_at))
    until = earliest(*(edge for edge in edges if edge > asked.now))
    return Says("silenced" if is_silent else None, until)


def covers(silence: Silence, alert: Alert) -> bool:
    """True if *silence* is about *alert*, whenever it is in force."""
    return bool(silence.matchers) and matches(silence.matchers, alert)


def matches(matchers: Mapping[str, Fact], alert: Alert) -> bool:
    """True if each of *matchers* equals what is known of *alert*; none of them: True."""
    return all(equal(wanted, fact(alert, name)) for name, wanted in matchers.items())


def fact(alert: Alert, name: str) -> Fact:
    """Return what is known of *alert* under *name*; ids as text, None: nothing."""
    if name in ("alert_type", "priority"):
        return str(getattr(alert, name))
    if name in ("rule_id", "lead_id"):
        known = getattr(alert, name)
        return str(known) if known else None
    return alert.facts.get(name)


def equal(one: Fact, other: Fact) -> bool:
    """True if both are known and the same; true is not 1, and case makes no difference."""
    if one is None or other is None or isinstance(one, bool) is not isinstance(other, bool):
        return False
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return tuple(one) == tuple(other)
    return one == other
