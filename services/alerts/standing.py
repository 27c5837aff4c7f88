"""Standing: what an alert, its rule and its receiver are like speaks against telling.

Pure; the stages of `services.alerts.notify` that need nothing but a look.
"""

from services.alerts.alert import Alert
from services.alerts.stage import NOTHING, Asked, Says, at_least


def over(alert: Alert, asked: Asked) -> Says:
    """Say that *alert* was actioned, dismissed or resolved first."""
    return NOTHING if alert.is_open else Says("over")


def inactive(alert: Alert, asked: Asked) -> Says:
    """Say that the receiver or the rule is switched off."""
    rule = asked.group.rule
    is_active = asked.receiver.is_active and (rule is None or rule.is_active)
    return NOTHING if is_active else Says("inactive")


def acknowledged(alert: Alert, asked: Asked) -> Says:
    """Say that somebody has *alert*."""
    return Says("acknowledged") if alert.acknowledged_at else NOTHING


def snoozed(alert: Alert, asked: Asked) -> Says:
    """Say that somebody wants to hear of *alert* later."""
    until = alert.snoozed_until
    return Says("snoozed", until) if until is not None and asked.now < until else NOTHING


def below_priority(alert: Alert, asked: Asked) -> Says:
    """Say that *alert* is not important enough for this receiver."""
    is_enough = at_least(alert.priority, asked.receiver.least_priority)
    return NOTHING if is_enough else Says("below_priority")
