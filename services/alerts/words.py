"""The words of an alert: its title and its message, in plain English where its rule has none.

Pure. What a workflow says itself (`data.title`, `data.message`) goes before ours. The words cite
facts of a lead, so they are sealed where they are stored.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.alerts import templates
from services.alerts.happening import Fact, Happening
from services.alerts.rule import Priority, Rule
from services.alerts.templates import Template
from shared.errors import Malformed

MOST_REASONS = 5
"""Reasons that a message of ours tells; all of them stand in the dry run."""


class Words(NamedTuple):
    """What people read of an alert."""

    title: str
    message: str


def words(
    rule: Rule | None, happening: Happening, priority: Priority, why: Sequence[str] = ()
) -> Words:
    """Return title and message of what happened; *why* are the reasons of the rule's conditions.

    A template that is stored and no longer reads is passed over: an alert is never lost to it.
    """
    facts: dict[str, Fact] = {**happening.facts, "event": happening.name, "priority": priority}
    facts["rule_name"] = rule.rule_name if rule else None
    facts["alert_type"] = alert_type(rule, happening)
    usual = USUAL.get(happening.name, OTHER)
    head = _own(rule.title if rule else None) or _said("data.title", facts) or usual[0]
    body = _own(rule.message if rule else None)
    if body is not None:
        return Words(_title(head, facts), templates.message(body.filled(facts)))
    told = (_said("data.message", facts) or usual[1]).filled(facts)
    return Words(_title(head, facts), templates.message(_with_reasons(told, why)))


def alert_type(rule: Rule | None, happening: Happening) -> str:
    """Return the type of an alert: its rule's, or what the sender says, or the event's name."""
    said = happening.facts.get("data.alert_type")
    if rule is not None and rule.rule_type != "custom":
        return rule.rule_type
    return templates.title(said) or happening.name if isinstance(said, str) else happening.name


def _title(head: Template, facts: Mapping[str, Fact]) -> str:
    return templates.title(head.filled(facts)) or templates.title(str(facts["event"]))


def _own(template: str | None) -> Template | None:
    try:
        return templates.read(template, "") if template else None
    except Malformed:
        return None


def _said(name: str, facts: Mapping[str, Fact]) -> Template | None:
    return templates.read(f"{{{name}}}", "") if facts.get(name) else None


def _with_reasons(told: str, why: Sequence[str]) -> str:
    if not why:
        return told
    more = f"; and {len(why) - MOST_REASONS} more" if len(why) > MOST_REASONS else ""
    return f"{told}\nWhy: {'; '.join(why[:MOST_REASONS])}{more}."


def _usual(title: str, message: str) -> tuple[Template, Template]:
    return templates.read_title(title), templates.read_message(message)


_LEAD = (
    "It is in {place|an unknown place}, {country|country unknown}; trade: {industry|not known}; "
    "needs: {needs|not known}."
)

OTHER = _usual("{event}", "Something happened: {event}.")
"""Of events that a workflow chose."""

USUAL: Mapping[str, tuple[Template, Template]] = {
    "lead.created": _usual("New lead from {source_id|an unknown source}", f"A lead came. {_LEAD}"),
    "lead.qualified": _usual("Lead qualified", f"A lead was {{status_before}} before. {_LEAD}"),
    "lead.converted": _usual("Lead converted", f"A lead was {{status_before}} before. {_LEAD}"),
    "lead.late_duplicate": _usual(
        "Duplicate found late",
        "A lead that was told as new is somebody known: {duplicate_of|see the lead}.",
    ),
    "signal.detected": _usual(
        "Signals of a need, strength {signal_strength:.0f}",
        "Signals: {signal_types|not named}. Strength {signal_strength:.0f}, "
        f"intent {{intent_score:.0f}}. {_LEAD}",
    ),
    "high_score_match": _usual(
        "Match of {match_score:.0f} with {service_name|a service}",
        f"A lead and a service fit with {{match_score:.0f}} of 100 points. {_LEAD}",
    ),
    "behavior.changed": _usual(
        "A lead became more active",
        "Behaviour adds up to {behavior_score:.0f}, before {behavior_score_before:.0f}; "
        f"what it did: {{behavior_types|not named}}. {_LEAD}",
    ),
    "review.waiting": _usual(
        "A lead waits for review",
        "The duplicate check is not sure: probability {confidence_score:.2f}, risk {risk_level}.",
    ),
    "consent.withdrawn": _usual(
        "Consent withdrawn",
        "A lead withdrew its consent for: {purposes|all purposes}. Do not contact it for these.",
    ),
    "alert": _usual("Alert", "A workflow sent an alert."),
}
"""By event: title and message."""
