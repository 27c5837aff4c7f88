"""Raised: which happenings meet which rules, what alerts they make, and what is answered.

Pure; `services.alerts.raising` looks after what is stored between those steps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.alerts.alert import Alert
from services.alerts.escalation import due_from
from services.alerts.facts import kept
from services.alerts.fingerprint import Hashed, fingerprint, group_key
from services.alerts.happening import Fact, Happening
from services.alerts.rule import PRIORITIES, Priority, Rule
from services.alerts.rulebook import Ready, Rulebook
from services.alerts.urgency import priority
from services.alerts.words import Words, alert_type, words

NOTHING_MET = "no_rule"
"""A rule hears what happened, and none of them is met."""

TOO_FEW = "not_often_enough"
"""A rule is met that wants it to happen more often."""

SEEN = "seen_before"
"""This very happening was looked at before."""

OPEN_ALREADY = "open_alert"
"""It is the same as an alert that is still open, and was counted there."""


@dataclass(frozen=True, slots=True)
class Raised:
    """What came of one happening."""

    alert_ids: tuple[UUID, ...] = ()
    """Of new alerts, and of those that it was counted in."""
    suppressed_by: str | None = None
    """Why nobody is told, as far as that is known at once: one of the words above, `silenced`,
    `inhibited`, `acknowledged` or `snoozed`. What receivers wish stands in the history."""


@dataclass(frozen=True, slots=True)
class New:
    """An alert that is to be raised, or counted again where one of its fingerprint is open."""

    id: UUID
    rule_id: UUID | None
    rule_version: int | None
    alert_type: str
    event: str
    event_id: UUID
    fingerprint: str
    group_key: str
    lead_id: UUID | None
    priority: Priority
    words: Words
    facts: Mapping[str, Fact]
    """What of its facts may be kept."""
    times: int
    first_at: datetime
    last_at: datetime
    escalate_at: datetime | None


Key = tuple[UUID, UUID | None]
"""A happening and a rule."""


@dataclass(frozen=True, slots=True)
class Found:
    """That a happening meets a rule; or, without one, that it is an alert as it is."""

    happening: Happening
    ready: Ready | None
    counts: bool
    """False: the rule wants it to happen more often."""

    @property
    def rule(self) -> Rule | None:
        """Return the rule; None without one."""
        return self.ready.rule if self.ready else None

    @property
    def key(self) -> Key:
        """Return what tells it apart."""
        return self.happening.id, self.rule.id if self.rule else None

    def enough(self, number: int | None) -> bool:
        """Return whether *number* times, counted by the rule, are often enough; None: none."""
        count = self.ready.conditions.count if self.ready else None
        return count is None or (number is not None and number >= count.at_least)


def met_by(
    book: Rulebook, happenings: Iterable[Happening], unseen: set[UUID], posted: bool
) -> list[Found]:
    """Return what *happenings* meet; of those *unseen* before, each once."""
    found = []
    looked_at: set[UUID] = set()
    for one in happenings:
        if one.id not in unseen or one.id in looked_at:
            continue
        looked_at.add(one.id)
        found += [Found(one, ready, True) for ready in book.met(one)]
        if posted and not book.heard(one.name):
            found.append(Found(one, None, True))
    return found


def alert_of(found: Found, id: UUID, hashed: Hashed, now: datetime) -> New:
    """Return the alert that *found* makes."""
    happening, rule = found.happening, found.rule
    urgency = priority(rule, happening)
    why = found.ready.conditions.why(happening) if found.ready else ()
    return New(
        id=id,
        rule_id=rule.id if rule else None,
        rule_version=rule.version if rule else None,
        alert_type=alert_type(rule, happening),
        event=happening.name,
        event_id=happening.id,
        fingerprint=fingerprint(rule, happening, hashed),
        group_key=group_key(rule, happening, hashed),
        lead_id=happening.lead_id,
        priority=urgency,
        words=words(rule, happening, urgency, why),
        facts=kept(happening.facts),
        times=1,
        first_at=now,
        last_at=now,
        escalate_at=due_from(rule.escalation if rule else None, now),
    )


def joined(before: New | None, new: New) -> New:
    """Return *new* as what happened again after *before*."""
    if before is None:
        return new
    most = max(before.priority, new.priority, key=PRIORITIES.index)
    same = {name: getattr(before, name) for name in ("id", "event_id", "group_key", "first_at")}
    said = {name: getattr(new, name) for name in New.__slots__}
    return New(**said | same | {"times": before.times + new.times, "priority": most})


def results(
    happenings: Sequence[Happening],
    unseen: set[UUID],
    found: Sequence[Found],
    alerts: Mapping[Key, tuple[Alert, bool]],
    why: Mapping[UUID, str],
) -> list[Raised]:
    """Return what came of each of *happenings*; *why* says of alerts why nobody is told."""
    of: dict[UUID, list[Found]] = {}
    for one in found:
        of.setdefault(one.happening.id, []).append(one)

    def result(happening: Happening) -> Raised:
        met = of.get(happening.id, [])
        ids = tuple(dict.fromkeys(alerts[one.key][0].id for one in met if one.counts))
        if not ids:
            word = TOO_FEW if met else NOTHING_MET
            return Raised((), word if happening.id in unseen else SEEN)
        words = [why.get(id) for id in ids]
        return Raised(ids, words[0] if all(words) else None)

    return [result(one) for one in happenings]
