"""Acting: what people do with an alert, from which status they may, and what it is afterwards.

Pure. An alert that ended (actioned, dismissed, resolved) is re-armed: when the same happens again
it is a new alert, and this one stays as it was judged. To act twice is to act once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from services.alerts.alert import Alert, Status
from services.alerts.escalation import due_from
from services.alerts.rule import Escalation
from shared.errors import Conflict, Malformed

Name = Literal[
    "read",
    "acknowledge",
    "unacknowledge",
    "assign",
    "snooze",
    "action",
    "dismiss",
    "resolve",
    "reopen",
]

LONGEST_SNOOZE = timedelta(days=30)
"""After that it is not snoozed but forgotten: dismiss it. A judgement."""


class NotFromHere(Conflict):
    """The alert's status does not allow that."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody does with an alert."""

    name: Name
    assigned_to: str | None = None
    """Of assign; None: nobody."""
    snoozed_until: datetime | None = None
    """Of snooze: aware, and checked by `snooze_end`."""


def acted(alert: Alert, act: Act, escalation: Escalation | None, now: datetime) -> Alert:
    """Return *alert* after *act*; *escalation* is that of its rule.

    The same alert where there is nothing to change. Raises NotFromHere for an act that its status
    does not allow.
    """
    if alert.status not in ALLOWED[act.name]:
        raise NotFromHere(
            details={act.name: f"{_an(alert.status)} alert cannot be {DONE[act.name]}"}
        )
    changed = replace(alert, status=ALLOWED[act.name][alert.status])
    if not changed.is_open:
        return replace(changed, escalate_at=None, snoozed_until=None) if alert.is_open else changed
    if act.name == "acknowledge":
        return replace(changed, acknowledged_at=alert.acknowledged_at or now, escalate_at=None)
    if act.name == "assign":
        return replace(changed, assigned_to=act.assigned_to)
    if act.name == "snooze":
        return _snoozed(changed, act, escalation)
    gives_back = act.name == "unacknowledge" and alert.acknowledged_at is not None
    if gives_back or (act.name == "reopen" and not alert.is_open):
        due = due_from(escalation, now)
        return replace(changed, acknowledged_at=None, snoozed_until=None, escalate_at=due)
    return changed


def snooze_end(
    now: datetime, until: datetime | None = None, minutes: float | None = None
) -> datetime:
    """Return until when to snooze, of one of *until* (aware) and *minutes*.

    Raises Malformed for both or neither, a past moment, or one beyond LONGEST_SNOOZE.
    """
    if (until is None) == (minutes is None):
        raise Malformed(details={"until": "send either until or minutes"})
    name = "until" if minutes is None else "minutes"
    limit = f"must be later than now, and at most {LONGEST_SNOOZE.days} days"
    if minutes is not None and not 0 < minutes <= LONGEST_SNOOZE / timedelta(minutes=1):
        raise Malformed(details={name: limit})
    end = until if until is not None else now + timedelta(minutes=minutes or 0)
    if end.tzinfo is None:
        raise Malformed(details={name: "needs a time zone"})
    if not now < end <= now + LONGEST_SNOOZE:
        raise Malformed(details={name: limit})
    return end


def _snoozed(alert: Alert, act: Act, escalation: Escalation | None) -> Alert:
    if act.snoozed_until is None:
        raise Malformed(details={"until": "send either until or minutes"})
    due = None if alert.acknowledged_at else due_from(escalation, act.snoozed_until)
    return replace(alert, snoozed_until=act.snoozed_until, escalate_at=due)


def _an(status: Status) -> str:
    return f"an {status}" if status == "actioned" else f"a {status}"


_AS_IT_IS: Mapping[Status, Status] = {"new": "new", "read": "read"}
_SEEN: Mapping[Status, Status] = {"new": "read", "read": "read"}

ALLOWED: Mapping[Name, Mapping[Status, Status]] = {
    "read": {**_SEEN, "actioned": "actioned", "dismissed": "dismissed", "resolved": "resolved"},
    "acknowledge": _SEEN,
    "unacknowledge": _AS_IT_IS,
    "assign": _AS_IT_IS,
    "snooze": _SEEN,
    "action": dict.fromkeys(("new", "read", "dismissed", "resolved", "actioned"), "actioned"),
    "dismiss": dict.fromkeys(("new", "read", "resolved", "dismissed"), "dismissed"),
    "resolve": dict.fromkeys(("new", "read", "resolved"), "resolved"),
    "reopen": {**_AS_IT_IS, "actioned": "read", "dismissed": "read", "resolved": "read"},
}
"""From which status an act leads to which. What was dismissed may turn out to be worth acting on;
what was acted on is not dismissed, or a rule would look worse than it is: reopen it first."""

DONE: Mapping[Name, str] = {
    "read": "read",
    "acknowledge": "acknowledged",
    "unacknowledge": "given back",
    "assign": "assigned",
    "snooze": "snoozed",
    "action": "actioned",
    "dismiss": "dismissed",
    "resolve": "resolved",
    "reopen": "reopened",
}
"""Each act as what was done."""
