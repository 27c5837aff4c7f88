"""Notify: what a receiver is told now of its groups of alerts, what it is not told, and why.

Pure. After Alertmanager's pipeline: small stages, one after the other, the first that has
something against it decides the word. What passes them all goes out, unless the storm brake holds.
`step` looks at one group, `notices` at all groups of a receiver that are due: what was held up by
quiet hours, a digest or a storm comes in one message, not in one for each group.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.alerts import storm
from services.alerts.alert import Alert
from services.alerts.digest import digest
from services.alerts.grouping import grouped, opens_at, ripe, told_after
from services.alerts.inhibiting import inhibited, inhibiting
from services.alerts.quiet import quiet_hours, spell_at
from services.alerts.receiver import Receiver
from services.alerts.rule import PRIORITIES
from services.alerts.silence import Inhibition, Silence
from services.alerts.silencing import silenced
from services.alerts.stage import NOTHING, Asked, Says, Stage, at_least, earliest
from services.alerts.standing import acknowledged, below_priority, inactive, over, snoozed
from services.alerts.telling import Group, Reason, Step, Word


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification to one receiver, of one group or of several."""

    reason: Reason
    send: Mapping[str, tuple[UUID, ...]]
    """The alerts of each group, by the group's key."""


@dataclass(frozen=True, slots=True)
class Round:
    """What comes of all the groups of a receiver that are due."""

    steps: Mapping[str, Step]
    """By the group's key: the words, and when to look again."""
    notices: tuple[Notice, ...]
    """What goes out now, the most urgent first."""


def step(
    group: Group,
    receiver: Receiver,
    silences: Sequence[Silence],
    inhibitions: Sequence[Inhibition],
    others: Sequence[Alert],
    now: datetime,
) -> Step:
    """Return what happens with *group* and *receiver* at *now*.

    *others* are open alerts that may inhibit: those of the same leads. The same state and moment
    give the same step, and nothing changes before `again_at` unless something happens.
    """
    return notices([group], receiver, silences, inhibitions, others, now).steps[group.key]


def notices(
    groups: Sequence[Group],
    receiver: Receiver,
    silences: Sequence[Silence],
    inhibitions: Sequence[Inhibition],
    others: Sequence[Alert],
    now: datetime,
) -> Round:
    """Return what *receiver* is told at *now* of *groups*, as `step` does for one of them.

    All groups know the same of the receiver: `sent_lately` and `storm_told_at`. Those who write
    it down count one notification a notice, and set `storm_told_at` for one of reason "storm".
    """
    is_inhibited = inhibiting(inhibitions, others)
    views = [
        _view(Asked(group, receiver, silences, is_inhibited, opens_at(group), now))
        for group in groups
    ]
    wished = _wished(views)
    if not wished:
        return Round({view.key: _waiting(view) for view in views}, ())
    first = groups[0]
    if storm.is_braked(first.storm_told_at, now):
        until = storm.brake_ends_at(first.storm_told_at)
        return Round({view.key: _held(view, until) for view in views}, ())
    going = _within(wished, storm.left(receiver, first.sent_lately, now))
    reasons = {key: notice.reason for notice in going for key in notice.send}
    return Round({view.key: _settled(view, reasons.get(view.key)) for view in views}, tuple(going))


class _View(NamedTuple):
    """A group as the stages see it, before the brake."""

    asked: Asked
    said: dict[UUID, Says]
    send: tuple[UUID, ...]
    reason: Reason | None

    @property
    def key(self) -> str:
        return self.asked.group.key

    @property
    def again_at(self) -> datetime | None:
        return earliest(*(says.until for says in self.said.values()))

    @property
    def urgency(self) -> int:
        going = set(self.send)
        alerts = self.asked.group.alerts
        return max(PRIORITIES.index(one.priority) for one in alerts if one.id in going)


def _view(asked: Asked) -> _View:
    said = {alert.id: _said(alert, asked) for alert in asked.group.alerts}
    passed = [alert for alert in asked.group.alerts if said[alert.id].word is None]
    reason = _reason(passed, asked) if passed else None
    return _View(asked, said, tuple(alert.id for alert in passed), reason)


def _said(alert: Alert, asked: Asked) -> Says:
    """Return the word of the first stage that has one, and the earliest change of any before."""
    until = None
    for stage in STAGES:
        says = stage(alert, asked)
        if says is NOTHING:
            continue
        until = earliest(until, says.until)
        if says.word:
            return Says(says.word, until)
    return Says(None, until)


def _reason(passed: Sequence[Alert], asked: Asked) -> Reason:
    if any(ripe(alert, asked).is_escalation for alert in passed):
        return "escalation"
    if all(_was_held(alert, asked) for alert in passed):
        return "digest"
    told = asked.group.told.alerts if asked.group.told else {}
    if all(alert.id in told for alert in passed):
        return "repeat"
    return "more" if any(alert.id in told for alert in asked.group.alerts) else "first"


def _was_held(alert: Alert, asked: Asked) -> bool:
    """True if *alert* was due before, but for a digest, quiet hours or a storm."""
    found, quiet = ripe(alert, asked), asked.receiver.quiet_hours
    if found.waits_for_digest:
        return True
    if found.at is None or found.at >= asked.now:
        return False
    brake_ended_at = storm.brake_ends_at(asked.group.storm_told_at)
    if brake_ended_at is not None and found.at < brake_ended_at:
        return True
    if quiet is None or at_least(alert.priority, quiet.breaks_through):
        return False
    return spell_at(quiet, found.at).is_quiet


def _wished(views: Iterable[_View]) -> list[Notice]:
    """Return what would go out: a notice a group, and one of all that was held; urgent first."""
    alone = [view for view in views if view.send and view.reason != "digest"]
    alone.sort(key=lambda view: view.urgency, reverse=True)
    found = [Notice(view.reason, {view.key: view.send}) for view in alone if view.reason]
    held = {view.key: view.send for view in views if view.reason == "digest"}
    return [*found, Notice("digest", held)] if held else found


def _within(wished: Sequence[Notice], left: int) -> list[Notice]:
    """Return *wished* if that is at most *left* of them; else the last one holds all the rest."""
    if len(wished) <= left:
        return list(wished)
    rest = {key: send for notice in wished[left:] for key, send in notice.send.items()}
    return [*wished[:left], Notice("storm", rest)]


def _waiting(view: _View) -> Step:
    return Step(_words(view, "told_already"), again_at=view.again_at)


def _held(view: _View, until: datetime | None) -> Step:
    again_at = earliest(view.again_at, until) if view.send else view.again_at
    return Step(_words(view, "braked"), again_at=again_at)


def _settled(view: _View, reason: Reason | None) -> Step:
    """Return the step of a group that is told: what it did not tell may wait anew from now on."""
    if reason is None:
        return _waiting(view)
    group, now = view.asked.group, view.asked.now
    after = replace(group, told=told_after(group, view.send, now))
    later = _view(replace(view.asked, group=after, opens_at=opens_at(after)))
    words = _words(later, "told_already") | dict.fromkeys(view.send, SENT)
    return Step(words, view.send, reason, later.again_at)


def _words(view: _View, passed: Word) -> dict[UUID, Word]:
    return {id: says.word or passed for id, says in view.said.items()}


SENT: Word = "sent"

STAGES: tuple[Stage, ...] = (
    over,
    inactive,
    inhibited,
    silenced,
    acknowledged,
    snoozed,
    below_priority,
    grouped,
    quiet_hours,
    digest,
)
"""In this order; the first with a word decides."""
