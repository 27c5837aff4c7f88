"""Alerts, groups and receivers for tests, and a small world in which time passes.

The world keeps what the stores keep, and steps either each few minutes or only when something
happens or is due.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from services.alerts.alert import Alert
from services.alerts.escalation import due_from
from services.alerts.grouping import told_after
from services.alerts.inhibiting import INHIBITIONS
from services.alerts.notify import notices, step
from services.alerts.receiver import Receiver
from services.alerts.rule import Rule
from services.alerts.silence import Silence
from services.alerts.telling import Group

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""A Monday."""

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def an_id(name):
    return uuid5(UUID(int=7), str(name))


RECEIVER = Receiver(id=an_id("receiver"), name="Sales", channel="email")
RULE = Rule(
    id=an_id("rule"), rule_name="Leads", rule_type="new_lead", receivers=(an_id("receiver"),)
)


def alert(name="a", at=NOW, **changes):
    made = Alert(
        id=an_id(name),
        rule_id=RULE.id,
        alert_type="new_lead",
        fingerprint=str(name),
        group_key="g",
        lead_id=None,
        priority="medium",
        status="new",
        first_at=at,
        last_at=at,
    )
    return replace(made, **changes)


def group(*alerts, **changes):
    opened = min((one.first_at for one in alerts), default=NOW)
    return replace(Group(key="g", rule=RULE, alerts=alerts, opened_at=opened), **changes)


def stepped(of, now=NOW, receiver=RECEIVER, silences=(), others=()):
    return step(of, receiver, silences, INHIBITIONS, others, now)


def word(one, now=NOW, **asked):
    return stepped(group(one), now, **asked).words[one.id]


def told(of, now=NOW, **asked):
    """Return the group after it was stepped at *now* and what was sent is noted."""
    found = stepped(of, now, **asked)
    return replace(of, told=told_after(of, found.send, now)) if found.send else of


def again(of, *alerts):
    """Return the group with other alerts in it."""
    return replace(of, alerts=alerts)


@dataclass
class Desk:
    """What is kept of one receiver."""

    receiver: Receiver
    told: dict = field(default_factory=dict)
    due: dict = field(default_factory=dict)
    opened: dict = field(default_factory=dict)
    sent: list = field(default_factory=list)
    storm_told_at: datetime | None = None


@dataclass
class World:
    """Alerts of one rule and the receivers that hear of them; `at` scripts what happens."""

    receivers: tuple = (RECEIVER,)
    rule: Rule = RULE
    silences: tuple[Silence, ...] = ()

    def __post_init__(self):
        self.alerts = {}
        self.script = {}
        self.messages = []
        self.words = []
        self.desks = [Desk(receiver) for receiver in self.receivers]
        self._last = {}

    def at(self, moment, happens: Callable[["World", datetime], None]):
        self.script.setdefault(moment, []).append(happens)
        return self

    def arrives(self, moment, name, **changes):
        def happens(world, now):
            known = world.alerts.get(name)
            if known is not None and known.is_open:
                made = replace(known, times=known.times + 1, last_at=now)
            else:
                due = due_from(world.rule.escalation, now)
                made = alert(name, now, **({"escalate_at": due} | changes))
            world.alerts[name] = made

        return self.at(moment, happens)

    def change(self, moment, name, how: Callable[[Alert, datetime], Alert]):
        def happens(world, now):
            if name in world.alerts:
                world.alerts[name] = how(world.alerts[name], now)

        return self.at(moment, happens)

    def each(self, pause, start, end):
        """Step everything each *pause*, whether anything is due or not."""
        now = start
        while now <= end:
            self._happen(now)
            self._look(now, everything=True)
            now += pause
        return self

    def when_due(self, start, end):
        """Step only when something happens, or what `again_at` says is due."""
        now = start
        while now <= end:
            if self._happen(now):
                for desk in self.desks:
                    desk.due |= dict.fromkeys(self._keys(), now)
            self._look(now, everything=False)
            now = self._next(now, end)
        return self

    def told_to(self, receiver=RECEIVER):
        return [
            message[0:1] + message[2:] for message in self.messages if message[1] == receiver.id
        ]

    def _happen(self, now):
        happens = self.script.get(now, ())
        for one in happens:
            one(self, now)
        return bool(happens)

    def _next(self, now, end):
        due = [at for desk in self.desks for at in desk.due.values() if at]
        assert all(at > now for at in due), "it would be looked at again at once, for ever"
        return min([*due, *(at for at in self.script if at > now), end + MINUTE])

    def _keys(self):
        return sorted({one.group_key for one in self.alerts.values()})

    def _look(self, now, everything):
        for desk in self.desks:
            keys = [
                key
                for key in self._keys()
                if everything or (desk.due.get(key) is not None and desk.due[key] <= now)
            ]
            if keys:
                self._step(desk, keys, now)

    def _step(self, desk, keys, now):
        groups = [self._group(desk, key, now) for key in keys]
        others = [one for one in self.alerts.values() if one.is_open]
        found = notices(groups, desk.receiver, self.silences, INHIBITIONS, others, now)
        for notice in found.notices:
            names = [name for send in notice.send.values() for name in self._names(send)]
            self.messages.append((now, desk.receiver.id, notice.reason, tuple(sorted(names))))
            desk.sent.append(now)
            if notice.reason == "storm":
                desk.storm_told_at = now
        for of in groups:
            one = found.steps[of.key]
            desk.due[of.key] = one.again_at
            if one.send:
                desk.told[of.key] = told_after(of, one.send, now)
            self._note(desk, one, now)

    def _note(self, desk, one, now):
        for id, said in one.words.items():
            if self._last.get((desk.receiver.id, id)) != said:
                self.words.append((now, desk.receiver.id, id, said))
                # What was sent is told already a moment later, whoever looks.
                told_already = "told_already" if said == "sent" else said
                self._last[desk.receiver.id, id] = told_already

    def _group(self, desk, key, now):
        alerts = [one for one in self.alerts.values() if one.group_key == key and one.is_open]
        return Group(
            key,
            self.rule,
            sorted(alerts, key=lambda one: one.first_at),
            desk.opened.setdefault(key, now),
            desk.told.get(key),
            [at for at in desk.sent if now - at < HOUR],
            desk.storm_told_at,
        )

    def _names(self, ids):
        known = {one.id: name for name, one in self.alerts.items()}
        return [known[id] for id in ids]
