"""Escalation: who else hears of an alert that nobody acknowledged in time.

Pure. The clock runs on the alert (`Alert.escalate_at`). Acknowledging and ending it stop the
clock, giving it back and opening it again start it anew, and while somebody snoozes it stands.
An escalation waits for no digest, and for quiet hours only if the alert does not break through.
"""

from datetime import datetime

from services.alerts.alert import Alert
from services.alerts.rule import Escalation
from services.alerts.stage import Asked


def due_from(escalation: Escalation | None, since: datetime) -> datetime | None:
    """Return when an alert that nobody has since *since* escalates; None: never."""
    return since + escalation.after if escalation else None


def escalates_at(alert: Alert, asked: Asked) -> datetime | None:
    """Return when the receiver hears of *alert* by escalation, be it past; None: it does not.

    Once for each time that the clock runs down.
    """
    rule, due = asked.group.rule, alert.escalate_at
    if rule is None or rule.escalation is None or due is None:
        return None
    if asked.receiver.id not in rule.escalation.receivers:
        return None
    told = asked.group.told
    told_at = told.alerts.get(alert.id) if told else None
    return due if told_at is None or told_at < due else None
