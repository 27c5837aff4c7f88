"""A rule as its owner wrote it, checked as a whole: all that is wrong with it, in one answer.

Pure. What a rule names must exist when it is made: facts, places, templates and events. Receivers
are looked up by who stores the rule.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from services.alerts import templates
from services.alerts.condition_reading import understood
from services.alerts.conditions import Tree
from services.alerts.rule import RULE_TYPES
from services.alerts.vocabulary import FACTS, known, meant
from shared.errors import Malformed, Meaningless, ServiceError

MOST_GROUPED, MOST_EVENTS = 5, 20
"""Facts by which alerts are told apart, and events that one rule hears."""

EVENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}", re.ASCII)
"""A name of an event, ours or a workflow's."""


def read_rule(said: Mapping[str, Any], country: str = "US") -> Tree:
    """Return the conditions of the rule *said*, as they are stored beside it.

    *said* has the names of `services.alerts.rule.Rule`, of the sorts that its schema loads. Raises
    Malformed, or Meaningless where all is well formed; `details` names every fault.
    """
    unread: dict[str, object] = {}
    meaningless: dict[str, object] = {}

    def tried(read: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return read(*arguments)
        except ServiceError as fault:
            found = meaningless if isinstance(fault, Meaningless) else unread
            found.update(fault.details)

    tried(_check_events, said)
    tried(_check_groups, said.get("group_by") or ())
    for name, read in (("title", templates.read_title), ("message", templates.read_message)):
        if said.get(name) is not None:
            tried(read, said[name], name)
    tree = tried(understood, said.get("conditions") or {}, said["rule_type"], country)
    if unread:
        raise Malformed("This rule cannot be read; see details.", unread | meaningless)
    if meaningless:
        raise Meaningless("This rule cannot work as it is; see details.", meaningless)
    return tree


def _check_events(said: Mapping[str, Any]) -> None:
    """Raise unless the rule's type is known and it hears something."""
    if said["rule_type"] not in RULE_TYPES:
        raise Malformed(details={"rule_type": "is no type" + meant(said["rule_type"], RULE_TYPES)})
    events = said.get("events") or ()
    if not events and not RULE_TYPES[said["rule_type"]]:
        raise Malformed(details={"events": "are required of a custom rule"})
    if len(events) > MOST_EVENTS:
        raise Malformed(details={"events": f"must be at most {MOST_EVENTS}"})
    wrong = [at for at, event in enumerate(events) if not EVENT.fullmatch(event)]
    if wrong:
        reason = "must be a name of 1 to 64 letters, digits and _ . : -"
        raise Malformed(details={f"events[{at}]": reason for at in wrong})


def _check_groups(names: Any) -> None:
    """Raise unless all *names* are facts."""
    if len(names) > MOST_GROUPED:
        raise Malformed(details={"group_by": f"must be at most {MOST_GROUPED}"})
    wrong: dict[str, object] = {}
    for at, name in enumerate(names):
        if known(name) is None:
            wrong[f"group_by[{at}]"] = "is no fact" + meant(name, FACTS)
    if wrong:
        raise Malformed(details=wrong)
