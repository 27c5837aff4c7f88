"""All rules of an account, ready: which of them a happening meets.

Pure. Rules are found by the event that they hear, their conditions are functions already; a
thousand rules on one event take some milliseconds (`python -m bench alert-rules`).
"""

from collections.abc import Iterable
from typing import NamedTuple

from services.alerts.conditions import Conditions
from services.alerts.facts import EVENTS_CALLED
from services.alerts.happening import Happening
from services.alerts.rule import Rule


class Ready(NamedTuple):
    """A rule whose conditions can be asked."""

    rule: Rule
    conditions: Conditions


def events(rule: Rule) -> tuple[str, ...]:
    """Return the events that *rule* hears, by the names that happenings have."""
    return tuple(dict.fromkeys(EVENTS_CALLED.get(event, event) for event in rule.heard))


class Rulebook:
    """The active rules of one account; never changes, and may be shared by threads."""

    def __init__(self, rules: Iterable[Ready]):
        """*rules* in any order; those that are switched off are left out."""
        heard: dict[str, list[Ready]] = {}
        for ready in rules:
            if ready.rule.is_active:
                for event in events(ready.rule):
                    heard.setdefault(event, []).append(ready)
        self._heard = {event: tuple(ready) for event, ready in heard.items()}

    def heard(self, event: str) -> tuple[Ready, ...]:
        """Return the rules that look at events of this name."""
        return self._heard.get(event, ())

    def met(self, happening: Happening) -> list[Ready]:
        """Return the rules that *happening* meets; of those with a count, that it counts."""
        return [ready for ready in self.heard(happening.name) if ready.conditions.hold(happening)]
