"""Keeping what was detected of a lead: its history, what holds now, and who is told.

In one transaction, which holds the lead: two detections of one lead add up one after the other.
Every write passes the privacy gate with the latest consent of the lead's person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection

from services.signals import behaviour_store, store
from services.signals.behaviour_store import TRACKING
from services.signals.scoring import intent_score, needs_identified, signal_strength
from services.signals.signal import BEHAVIOUR, Assessment, Signal
from services.signals.store import Detected, Held, Scores
from shared import consents, events
from shared.db import Database
from shared.errors import NotFound
from shared.events import Event
from shared.ids import uuid7
from shared.privacy.gate import Gate, Permit
from shared.privacy.purposes import LEAD_PROCESSING

KNOWN_FOR = timedelta(hours=48)
"""How long the same, sent again, is a retry and no news: as long as answers are repeated
(`shared.idempotency.KEPT_FOR`)."""

MUCH_MORE, STRONG = 20, 70
"""Points by which what somebody does must show more interest to be told, or to which it must rise:
from there on a signal is high (contract, section 3)."""

RISEN = 10
"""Points by which a signal must have risen to be told again: less is noise of the wording."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be kept of one request."""

    lead_id: UUID
    text_source: str
    """`content` or `url`."""
    text: str
    assessment: Assessment
    behaviour: Sequence[Any] = ()
    """Events as they were sent."""
    events: Sequence[Any] = ()
    """Those of them that could be read."""
    model: str = ""
    """Names the weights that read it; another reading of a text is another detection."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The names of what was kept."""

    detection_id: UUID | None = None
    """Of the text; where there was none, of the behaviour."""
    signal_ids: Mapping[str, UUID] = field(default_factory=dict)
    """By `source` and type, with a slash between."""


def check(database: Database, gate: Gate, tenant_id: str, lead_id: UUID, behaviour: bool) -> None:
    """Return if something may be kept of a lead. Raises NotFound or ConsentMissing."""
    with database.transaction(tenant_id) as conn:
        if not store.stored(conn, tenant_id, lead_id):
            raise NotFound
        _permits(conn, gate, tenant_id, lead_id, behaviour)


def keep(database: Database, gate: Gate, tenant_id: str, order: Order, now: datetime) -> Kept:
    """Keep what was detected, and return its names; what was kept before is not kept twice.

    Raises NotFound or ConsentMissing, and keeps nothing then.
    """
    with database.transaction(tenant_id) as conn:
        if not store.lock(conn, tenant_id, order.lead_id):
            raise NotFound
        permit, tracking = _permits(conn, gate, tenant_id, order.lead_id, bool(order.behaviour))
        before = store.current(conn, tenant_id, order.lead_id)
        writing = _Writing(conn, permit, order, now)
        kept = [writing.text()] if order.text.strip() else []
        if tracking and order.events:
            behaviour_store.recorded(conn, tracking, order.lead_id, order.events)
            kept.append(writing.behaviour())
        if not writing.new:
            return _named(kept)
        held = store.current(conn, tenant_id, order.lead_id)
        scores = scored(held)
        store.score(conn, tenant_id, order.lead_id, scores, now)
        named = _named(kept)
        news = changed(before, held)
        if news:
            types = () if _personal(held) else tuple(one.signal.type for one in news)
            _tell(conn, tenant_id, order, named, types, scores, now)
        told = _behaviour_changed(order, behaviour_score(before), held, now)
        if told:
            events.save(conn, tenant_id, [told])
        return named


def scored(held: Sequence[Held]) -> Scores:
    """Return what the signals that hold now add up to."""
    signals = [one.signal for one in held]
    return Scores(
        signal_strength(signals), intent_score(signals), needs_identified(signals, _personal(held))
    )


def changed(before: Sequence[Held], after: Sequence[Held]) -> list[Held]:
    """Return what holds *after* that is new, or stronger by RISEN or more; one of each type."""
    known: dict[str, int] = {}
    for one in before:
        known[one.signal.type] = max(known.get(one.signal.type, 0), one.signal.strength)
    news: dict[str, Held] = {}
    for one in after:
        kind, strength = one.signal.type, one.signal.strength
        if kind not in known or strength >= known[kind] + RISEN:
            news.setdefault(kind, one)
    return list(news.values())


def behaviour_score(held: Sequence[Held]) -> int:
    """Return what the behaviour among the signals that hold adds up to, from 0 to 100."""
    return signal_strength([one.signal for one in held if one.signal.source == BEHAVIOUR])


def _behaviour_changed(
    order: Order, before: int, held: Sequence[Held], now: datetime
) -> Event | None:
    """Return that behaviour shows much more interest than *before*, if it does."""
    score = behaviour_score(held)
    if score < before + MUCH_MORE and not before < STRONG <= score:
        return None
    data: dict[str, object] = {"behavior_score": score, "behavior_score_before": before}
    if not _personal(held):
        data["behavior_types"] = sorted({event.type for event in order.events})
    return Event("behavior.changed", order.lead_id, now, data)


def _personal(held: Sequence[Held]) -> bool:
    """True if any of it is about a private person's finances: then all of it is that person's.

    Visits are nobody's by themselves; beside a private person's text they are a private person's.
    """
    return any(one.individual for one in held)


class _Writing:
    """Writes the detections of one request."""

    def __init__(self, conn: Connection[Any], permit: Permit, order: Order, now: datetime):
        self._conn, self._permit, self._order, self._now = conn, permit, order, now
        self.new = False
        """True once anything was written that was not there."""

    def text(self) -> tuple[UUID, str, Mapping[str, UUID]]:
        """Keep what the text says; return the detection, its source and its signals by type."""
        order = self._order
        detection = order.assessment.detection
        return self._kept(
            order.text_source,
            order.text,
            detection.language.code,
            detection.individual,
            detection.signals,
        )

    def behaviour(self) -> tuple[UUID, str, Mapping[str, UUID]]:
        """Keep what the behaviour says."""
        read = orjson.dumps(list(self._order.behaviour), option=orjson.OPT_SORT_KEYS).decode()
        return self._kept("behavior", read, "und", False, self._order.assessment.behaviour)

    def _kept(
        self,
        source: str,
        read: str,
        language: str,
        individual: bool,
        signals: Sequence[Signal],
    ) -> tuple[UUID, str, Mapping[str, UUID]]:
        key = self._permit.pseudonym(f"signals/{source}", f"{self._order.model}/{read}")
        tenant_id, lead_id = self._permit.tenant_id, self._order.lead_id
        since = self._now - KNOWN_FOR
        known = store.earlier(self._conn, tenant_id, lead_id, source, key, since)
        if known is not None:
            return known[0], source, known[1]
        detection_id = uuid7()
        beginning = None
        if source != "behavior":
            place = store.text_place(detection_id)
            beginning = self._permit.seal(read[: store.MOST_TEXT].encode(), place)
        detected = Detected(
            id=detection_id,
            lead_id=lead_id,
            at=self._now,
            source=source,
            language=language,
            individual=individual,
            signal_strength=signal_strength(signals),
            intent_score=intent_score(signals),
            needs=needs_identified(signals, individual),
            model=self._order.model,
            read_key=key,
            text=beginning,
            signals=signals,
        )
        self.new = True
        return detection_id, source, store.save(self._conn, self._permit, detected)


def _permits(
    conn: Connection[Any], gate: Gate, tenant_id: str, lead_id: UUID, behaviour: bool
) -> tuple[Permit, Permit | None]:
    """Return the permits to keep what is said, and what is done if that is to be kept."""
    agreed = consents.latest(conn, tenant_id, lead_id)
    permit = gate.admit(tenant_id, LEAD_PROCESSING, agreed)
    return permit, gate.admit(tenant_id, TRACKING, agreed) if behaviour else None


def _named(kept: Sequence[tuple[UUID, str, Mapping[str, UUID]]]) -> Kept:
    ids = {
        f"{source}/{kind}": signal_id
        for _, source, signals in kept
        for kind, signal_id in signals.items()
    }
    return Kept(kept[0][0] if kept else None, ids)


def _tell(
    conn: Connection[Any],
    tenant_id: str,
    order: Order,
    kept: Kept,
    types: Sequence[str],
    scores: Scores,
    now: datetime,
) -> None:
    """Store the event that a lead's needs are new or stronger; *types* is empty of a person's."""
    data = {
        "detection_id": str(kept.detection_id),
        **({"types": list(types)} if types else {}),
        "signal_strength": scores.signal_strength,
        "intent_score": scores.intent_score,
    }
    events.save(conn, tenant_id, [Event("signal.detected", order.lead_id, now, data)])
