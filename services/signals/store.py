"""The SQL of detections and of what they add up to, on a connection it is handed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.signals.signal import Signal
from shared.ids import uuid7
from shared.privacy.gate import Permit, Pseudonym, Sealed

MOST_TEXT = 4000
"""Code points of a text that are kept for reviewers and training: two pages."""

MOST_LABELLED = 1000
"""Texts fetched at a time for training."""


@dataclass(frozen=True, slots=True)
class Detected:
    """One detection that is to be kept: of one text, one page or one list of events."""

    id: UUID
    lead_id: UUID
    at: datetime
    source: str
    """`content`, `url` or `behavior`."""
    language: str
    individual: bool
    signal_strength: int
    intent_score: int
    needs: Sequence[str]
    model: str
    read_key: Pseudonym
    text: Sealed | None
    signals: Sequence[Signal]


@dataclass(frozen=True, slots=True)
class Held:
    """One signal of a lead that holds now, as far as scores need it."""

    signal: Signal
    """Its content stays sealed and is empty here."""
    individual: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """What the signals of a lead add up to."""

    signal_strength: int
    intent_score: int
    needs: Sequence[str]


def text_place(detection_id: UUID) -> str:
    """Return what the text of a detection is sealed for."""
    return f"signals/texts/{detection_id}"


def content_place(signal_id: UUID) -> str:
    """Return what the words of a signal are sealed for; the view signals.current says the same."""
    return f"signals/found/{signal_id}"


def lock(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> bool:
    """Return True if the account has that lead, and nobody else writes its signals meanwhile."""
    row = conn.execute(
        """
        SELECT FROM public.leads
        WHERE tenant_id = %(tenant)s AND id = %(lead)s FOR NO KEY UPDATE
        """,
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    return row is not None


def stored(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> bool:
    """Return True if the account has that lead."""
    row = conn.execute(
        "SELECT FROM public.leads WHERE tenant_id = %(tenant)s AND id = %(lead)s",
        {"tenant": tenant_id, "lead": lead_id},
    ).fetchone()
    return row is not None


def earlier(
    conn: Connection[Any],
    tenant_id: str,
    lead_id: UUID,
    source: str,
    read_key: Pseudonym,
    since: datetime,
) -> tuple[UUID, dict[str, UUID]] | None:
    """Return the detection of a lead that read the same since then, and its signals by type."""
    row = conn.execute(
        """
        SELECT id, (
            SELECT coalesce(jsonb_object_agg(signal.type, signal.id), '{}')
            FROM signals.found AS signal
            WHERE signal.tenant_id = %(tenant)s AND signal.lead_id = %(lead)s
              AND signal.detection_id = detection.id)
        FROM signals.detections AS detection
        WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s AND source = %(source)s
          AND read_key = %(key)s AND detected_at >= %(since)s
        ORDER BY id DESC LIMIT 1
        """,
        {
            "tenant": tenant_id,
            "lead": lead_id,
            "source": source,
            "key": read_key,
            "since": since,
        },
    ).fetchone()
    if row is None:
        return None
    return row[0], {kind: UUID(signal_id) for kind, signal_id in row[1].items()}


def save(conn: Connection[Any], permit: Permit, detected: Detected) -> dict[str, UUID]:
    """Store a detection with its signals; return the ids of these by their types."""
    conn.execute(
        """
        INSERT INTO signals.detections (tenant_id, id, lead_id, detected_at, source, language,
                                        individual, signal_strength, intent_score, needs, model,
                                        read_key, text)
        VALUES (%(tenant)s, %(id)s, %(lead)s, %(at)s, %(source)s, %(language)s, %(individual)s,
                %(strength)s, %(intent)s, %(needs)s, %(model)s, %(read_key)s, %(text)s)
        """,
        {
            "tenant": permit.tenant_id,
            "id": detected.id,
            "lead": detected.lead_id,
            "at": detected.at,
            "source": detected.source,
            "language": detected.language,
            "individual": detected.individual,
            "strength": detected.signal_strength,
            "intent": detected.intent_score,
            "needs": list(detected.needs),
            "model": detected.model,
            "read_key": detected.read_key,
            "text": detected.text,
        },
    )
    return {signal.type: _add(conn, permit, detected, signal) for signal in detected.signals}


def _add(conn: Connection[Any], permit: Permit, detected: Detected, signal: Signal) -> UUID:
    signal_id = uuid7()
    conn.execute(
        """
        INSERT INTO signals.found (tenant_id, id, lead_id, detection_id, type, category, source,
                                   content, span_start, span_end, strength, confidence, rule)
        VALUES (%(tenant)s, %(id)s, %(lead)s, %(detection)s, %(type)s, %(category)s, %(source)s,
                %(content)s, %(start)s, %(end)s, %(strength)s, %(confidence)s, %(rule)s)
        """,
        {
            "tenant": permit.tenant_id,
            "id": signal_id,
            "lead": detected.lead_id,
            "detection": detected.id,
            "type": signal.type,
            "category": signal.category,
            "source": signal.source,
            "content": permit.seal(signal.content.encode(), content_place(signal_id)),
            "start": signal.span and signal.span.start,
            "end": signal.span and signal.span.end,
            "strength": signal.strength,
            "confidence": signal.confidence,
            "rule": signal.rule,
        },
    )
    return signal_id


def current(conn: Connection[Any], tenant_id: str, lead_id: UUID) -> list[Held]:
    """Return the signals of a lead that hold now, the strongest first."""
    rows = conn.execute(
        """
        SELECT type, category, source, strength, confidence, rule, individual
        FROM signals.current WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s
        ORDER BY strength DESC, id
        """,
        {"tenant": tenant_id, "lead": lead_id},
    )
    return [
        Held(Signal(kind, category, source, "", strength, confidence, rule), individual)
        for kind, category, source, strength, confidence, rule, individual in rows
    ]


def score(
    conn: Connection[Any], tenant_id: str, lead_id: UUID, scores: Scores, at: datetime
) -> None:
    """Note what the signals of a lead add up to; its listing follows."""
    conn.execute(
        """
        INSERT INTO signals.scored AS former (tenant_id, lead_id, signal_strength, intent_score,
                                              needs, scored_at)
        VALUES (%(tenant)s, %(lead)s, %(strength)s, %(intent)s, %(needs)s, %(at)s)
        ON CONFLICT (tenant_id, lead_id) DO UPDATE
            SET signal_strength = excluded.signal_strength, intent_score = excluded.intent_score,
                needs = excluded.needs, scored_at = excluded.scored_at
        """,
        {
            "tenant": tenant_id,
            "lead": lead_id,
            "strength": scores.signal_strength,
            "intent": scores.intent_score,
            "needs": list(scores.needs),
            "at": at,
        },
    )
