"""The facts that rules, silences, groups and templates may name, with what each means.

Pure. A fact is one value of one name. Where an event and its lead both tell one, the event's goes
first: it is of that moment. What a workflow posts beside them is `data.<name>`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from services.alerts.rule import PRIORITIES

Sort = Literal["number", "text", "word", "list", "flag", "industry", "country", "any"]
"""What a fact may be. A `word` is one of a few; `any` is what a workflow posts."""

Origin = Literal["event", "lead", "data"]

OWN = "data."
"""Before the names of facts that only their sender knows."""

LONGEST_NAME = 100
"""Characters of a fact's name, its path included."""

_OWN_NAME = re.compile(r"data(\.[A-Za-z0-9_-]{1,64}){1,3}", re.ASCII)

SCORE = (0.0, 100.0)
"""Least and most of a score."""

STATUSES = ("new", "qualified", "contacted", "interested", "converted", "lost", "invalid")
SIZES = ("small", "medium", "large", "enterprise")
LEAD_TYPES = ("consumer", "business", "unknown")
RISKS = ("low", "medium", "high")
ACTIONS = ("allow_processing", "flag_for_review", "reject_duplicate")
"""All as in the contract, sections 2 and 3."""


@dataclass(frozen=True, slots=True)
class Known:
    """What can be known under one name."""

    name: str
    sort: Sort
    meaning: str
    origin: Origin = "lead"
    values: tuple[str, ...] = ()
    """All that a word can be."""
    bounds: tuple[float, float] | None = None
    """Least and most of a number; None: any."""
    key: str = ""
    """What the event's data call it; empty: its own name."""
    events: tuple[str, ...] = ()
    """Events in which `key` has this meaning; empty: all."""
    is_kept: bool = True
    """False: it is looked at and not kept with the alert, for it says who or exactly where."""

    @property
    def is_ordered(self) -> bool:
        """True if it has a least and a most."""
        return self.sort in ("number", "any")


def known(name: str) -> Known | None:
    """Return what *name*, or another name of it, stands for; None: nothing."""
    name = ALSO.get(name, name)
    if name in FACTS:
        return FACTS[name]
    if len(name) <= LONGEST_NAME and _OWN_NAME.fullmatch(name):
        return Known(name, "any", "What a workflow posted.", "data")
    return None


def meant(name: str, among: Iterable[str]) -> str:
    """Return a question which of *among* somebody means by *name*; empty if none is near."""
    found = get_close_matches(name[:LONGEST_NAME], list(among), n=1, cutoff=0.7)
    return f"; did you mean {found[0]}?" if found else ""


_OF_EVENTS = (
    Known("event", "text", "The event's name.", "event"),
    Known("lead_id", "text", "The lead.", "event"),
    Known("service_id", "text", "The service that fits.", "event"),
    Known("service_name", "text", "Its name, where the sender gives it.", "event"),
    Known("match_score", "number", "How well it fits.", "event", bounds=SCORE),
    Known(
        "match_priority",
        "word",
        "The match's own priority.",
        "event",
        values=PRIORITIES,
        key="priority",
        events=("high_score_match",),
    ),
    Known(
        "signal_types",
        "list",
        "Types of the signals that are new or stronger: loan_need, growth …",
        "event",
        key="types",
        events=("signal.detected",),
    ),
    Known("detection_id", "text", "The detection.", "event"),
    Known("decision_id", "text", "The duplicate check's decision.", "event"),
    Known("action_taken", "word", "What it decided.", "event", values=ACTIONS),
    Known("confidence_score", "number", "Its match probability.", "event", bounds=(0.0, 1.0)),
    Known("risk_level", "word", "Its risk.", "event", values=RISKS),
    Known("duplicate_of", "text", "The lead that this one is, too.", "event"),
    Known("review_id", "text", "The review that waits, or settled it.", "event"),
    Known("status_before", "word", "The lead's status before.", "event", values=STATUSES),
    Known("behavior_score", "number", "What behaviour adds up to.", "event", bounds=SCORE),
    Known("behavior_score_before", "number", "And did before.", "event", bounds=SCORE),
    Known("behavior_types", "list", "What the lead did: page_view, search …", "event"),
    Known("purposes", "list", "Purposes that a consent was withdrawn for.", "event"),
)

_OF_LEADS = (
    Known("status", "word", "The lead's status.", values=STATUSES),
    Known("duplicate", "flag", "Whether it is somebody known."),
    Known("source_id", "text", "Where it came from."),
    Known("investigation_id", "text", "The investigation that it belongs to."),
    Known("country", "country", "ISO 3166-1 alpha-2, or a name in a condition."),
    Known("admin1", "text", "The region's code within its country; `region` takes names."),
    Known("place", "text", "The town's name."),
    Known("latitude", "number", "Degrees.", bounds=(-90.0, 90.0), is_kept=False),
    Known("longitude", "number", "Degrees.", bounds=(-180.0, 180.0), is_kept=False),
    Known("industry", "industry", "Its trade: a NAICS code, or words in a condition."),
    Known("company_size", "word", "Its company's size.", values=SIZES),
    Known("lead_type", "word", "Consumer or business.", values=LEAD_TYPES),
    Known("lead_category", "text", "What it is after: loan, consulting …"),
    Known("signal_strength", "number", "Its strongest signal.", bounds=SCORE),
    Known("intent_score", "number", "How much it wants it.", bounds=SCORE),
    Known("needs", "list", "Needs that were identified: business_loan …"),
    Known("tags", "list", "Its tags."),
    Known("assigned_to", "text", "Who works on it.", is_kept=False),
    Known("lead_age_hours", "number", "Hours since it was received.", bounds=(0.0, 1e6)),
)

ALSO: Mapping[str, str] = {
    "needs_identified": "needs",
    "need": "needs",
    "signal_type": "signal_types",
    "tag": "tags",
    "priority": "match_priority",
    "source": "source_id",
}
"""Other names of facts: those of the contract's requests and answers."""

FACTS: Mapping[str, Known] = {one.name: one for one in (*_OF_EVENTS, *_OF_LEADS)}
"""By name, in the order in which they are listed to people."""
