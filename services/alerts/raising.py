"""Raising: what happened becomes alerts, where a rule finds it worth one.

A happening is looked at once, however often it comes. What is the same as an open alert is counted
there, and never a second one: PostgreSQL decides which, so any number of processes may raise at
once. Receivers' groups are woken in the same transaction, and told by `services.alerts.notifying`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.alerts import alert_store, group_store, raising_store, receiver_store, silence_store
from services.alerts.alert import Alert
from services.alerts.group_store import Woken
from services.alerts.happening import Happening
from services.alerts.inhibiting import INHIBITIONS, inhibiting
from services.alerts.raised import (
    OPEN_ALREADY,
    Found,
    Key,
    New,
    Raised,
    alert_of,
    joined,
    met_by,
    results,
)
from services.alerts.raising_store import Met
from services.alerts.receiver import Receiver
from services.alerts.rule import Rule
from services.alerts.rule_definition import receivers
from services.alerts.rulebook import Ready
from services.alerts.rules_cache import Rulebooks
from services.alerts.silencing import covers
from shared.ids import uuid7
from shared.privacy.gate import Gate

KIND = "alerts"
"""What pseudonyms of fingerprints and groups are of."""


@dataclass(frozen=True, slots=True)
class Raiser:
    """What raises alerts in one process; safe for threads."""

    gate: Gate
    rulebooks: Rulebooks = field(default_factory=Rulebooks)

    def raise_alerts(
        self,
        conn: Connection[Any],
        tenant_id: str,
        happenings: Sequence[Happening],
        now: datetime,
        posted: bool = False,
    ) -> list[Raised]:
        """Raise what *happenings* are worth, and return what came of each, in their order.

        What was *posted* to us and no rule hears is an alert by itself; what merely happened is
        none. The transaction must hold their leads (`traits_store.held`). Storing is its last act,
        and it waits for nobody who waits for it.
        """
        book = self.rulebooks.of(conn, tenant_id)
        heard = [one for one in happenings if posted or book.heard(one.name)]
        unseen = raising_store.unseen(conn, tenant_id, [one.id for one in heard], now)
        met = met_by(book, heard, unseen, posted)
        enough = self._often_enough(conn, tenant_id, met, now)
        alerts = self._stored(conn, tenant_id, [one for one in enough if one.counts], now)
        why = _suppressed(conn, tenant_id, alerts.values(), now) if posted else {}
        return results(happenings, unseen, enough, alerts, why)

    def raise_as_it_is(
        self, conn: Connection[Any], gate: Gate, tenant_id: str, happening: Happening
    ) -> None:
        """Raise an alert of our own about *happening*, whatever rules make of it."""
        self._stored(conn, tenant_id, [Found(happening, None, True)], happening.occurred_at)

    def _hashed(self, tenant_id: str, text: str) -> str:
        # Facts may be few enough to be guessed: a hash without our key would tell them.
        return f"{self.gate.keyring.pseudonym(tenant_id, KIND, text) & (2**64 - 1):016x}"

    def _often_enough(
        self, conn: Connection[Any], tenant_id: str, found: Sequence["Found"], now: datetime
    ) -> list["Found"]:
        """Return *found*, with whether it happened as often as its rule wants."""
        hashed = partial(self._hashed, tenant_id)
        to_count = {
            place: _counted(one.ready, one.happening, key)
            for place, one in enumerate(found)
            if one.ready
            and one.ready.conditions.count
            and (key := one.ready.conditions.counted_by(one.happening, hashed)) is not None
        }
        if not any(one.ready and one.ready.conditions.count for one in found):
            return list(found)
        raising_store.hold_counts(conn, tenant_id, [one.rule_id for one in to_count.values()])
        numbers = raising_store.counted(conn, tenant_id, list(to_count.values()))
        reached = dict(zip(to_count, numbers, strict=True))
        return [
            Found(one.happening, one.ready, one.enough(reached.get(place)))
            for place, one in enumerate(found)
        ]

    def _stored(
        self, conn: Connection[Any], tenant_id: str, found: Sequence["Found"], now: datetime
    ) -> dict["Key", tuple[Alert, bool]]:
        """Store the alerts of *found*; return each as it is now, and whether it is new."""
        if not found:
            return {}
        told = receiver_store.active(conn, tenant_id)
        hashed = partial(self._hashed, tenant_id)
        new: dict[str, New] = {}
        keys: dict[Key, str] = {}
        for one in sorted(found, key=lambda one: (one.happening.occurred_at, one.happening.id)):
            made = alert_of(one, uuid7(), hashed, now)
            new[made.fingerprint] = joined(new.get(made.fingerprint), made)
            keys[one.key] = made.fingerprint
        stored = alert_store.raise_all(conn, self.gate, tenant_id, new.values())
        rules = {one.rule.id: one.rule for one in found if one.rule}
        group_store.wake(conn, tenant_id, _woken(stored.values(), rules, told), now)
        return {
            key: (stored[print], stored[print].id == new[print].id) for key, print in keys.items()
        }


def _counted(ready: Ready, happening: Happening, key: str) -> Met:
    within = ready.conditions.count.within if ready.conditions.count else timedelta(0)
    at = happening.occurred_at
    # A lead comes once: what a workflow posts of it and our own event are the same.
    once = happening.lead_id if happening.name == "lead.created" else None
    return Met(ready.rule.id, key, once or happening.id, happening.lead_id, at, at - within)


def _woken(
    alerts: Iterable[Alert], rules: Mapping[UUID, Rule], told: Sequence[Receiver]
) -> set[Woken]:
    """Return the groups that *alerts* are in, for each receiver that may hear of them."""
    everything = {one.id for one in told if one.hears_all}
    active = {one.id for one in told}
    found = set()
    for alert in alerts:
        rule = rules.get(alert.rule_id) if alert.rule_id else None
        named = set(receivers(rule)) & active if rule else set()
        named |= {one.id for one in told if rule and one.channel in rule.channels}
        found |= {Woken(alert.group_key, id, alert.rule_id) for id in named | everything}
    return found


def _suppressed(
    conn: Connection[Any],
    tenant_id: str,
    alerts: Iterable[tuple[Alert, bool]],
    now: datetime,
) -> dict[UUID, str]:
    """Return why nobody is told of alerts, by their ids, as far as that is so for all receivers."""
    found = {alert.id: (alert, is_new) for alert, is_new in alerts}
    if not found:
        return {}
    silences = [one for one in silence_store.in_force(conn, tenant_id, now) if one.starts_at <= now]
    leads = {alert.lead_id for alert, _ in found.values() if alert.lead_id}
    is_inhibited = inhibiting(INHIBITIONS, alert_store.open_of_leads(conn, tenant_id, leads))

    def why(alert: Alert, is_new: bool) -> str | None:
        if is_inhibited(alert):
            return "inhibited"
        if any(covers(silence, alert) for silence in silences):
            return "silenced"
        if alert.acknowledged_at:
            return "acknowledged"
        if alert.snoozed_until and now < alert.snoozed_until:
            return "snoozed"
        return None if is_new else OPEN_ALREADY

    said = {id: why(*one) for id, one in found.items()}
    return {id: word for id, word in said.items() if word}
