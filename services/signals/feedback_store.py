"""The SQL of what people say of signals, and of the texts that training takes from it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.signals.corpus import Labelled
from services.signals.feedback import Said, Verdict, labels
from services.signals.store import MOST_LABELLED, text_place
from shared.ids import uuid7
from shared.privacy.gate import Gate, Permit

FIRST = UUID(int=0)
"""An id before all others."""

REVIEWED = "reviewed"
"""The author of what an account reviewed, for training: it is held out as a whole."""


def note_place(feedback_id: UUID) -> str:
    """Return what a note is sealed for."""
    return f"signals/feedback/{feedback_id}"


def of_signal(conn: Connection[Any], tenant_id: str, signal_id: UUID) -> tuple[UUID, UUID] | None:
    """Return the lead and the detection that a signal is of, or None if there is none such."""
    return conn.execute(
        """
        SELECT lead_id, detection_id FROM signals.found
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {"tenant": tenant_id, "id": signal_id},
    ).fetchone()


def of_detection(
    conn: Connection[Any], tenant_id: str, detection_id: UUID
) -> tuple[UUID, UUID] | None:
    """Return the lead that a detection is of, and itself, or None if there is none such."""
    return conn.execute(
        """
        SELECT lead_id, id FROM signals.detections
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {"tenant": tenant_id, "id": detection_id},
    ).fetchone()


def add(
    conn: Connection[Any],
    permit: Permit,
    about: tuple[UUID, UUID],
    signal_id: UUID | None,
    verdict: Verdict | None,
    said: Sequence[str],
    note: str,
    by: str,
    at: datetime,
) -> UUID:
    """Store what *by* said of the lead and detection *about*; return its id."""
    feedback_id = uuid7()
    conn.execute(
        """
        INSERT INTO signals.feedback (tenant_id, id, lead_id, detection_id, signal_id, verdict,
                                      labels, note, given_by, given_at)
        VALUES (%(tenant)s, %(id)s, %(lead)s, %(detection)s, %(signal)s, %(verdict)s, %(labels)s,
                %(note)s, %(by)s, %(at)s)
        """,
        {
            "tenant": permit.tenant_id,
            "id": feedback_id,
            "lead": about[0],
            "detection": about[1],
            "signal": signal_id,
            "verdict": verdict,
            "labels": list(said),
            "note": permit.seal(note.encode(), note_place(feedback_id)) if note else None,
            "by": by,
            "at": at,
        },
    )
    return feedback_id


def labelled(conn: Connection[Any], gate: Gate, tenant_id: str) -> Iterator[Labelled]:
    """Yield the texts of an account that somebody reviewed, in the order they were read.

    A signal whose words stand beyond what is kept of the text is no label of it.
    """
    after = FIRST
    while rows := _reviewed(conn, tenant_id, after):
        for detection_id, text, language, individual, found, said in rows:
            opened = gate.unseal(tenant_id, bytes(text), text_place(detection_id)).decode()
            kept = [each["type"] for each in found if (each["end"] or 0) <= len(opened)]
            words = [Said(**word) for word in said]
            yield Labelled(opened, labels(kept, words), language, REVIEWED, individual)
        after = rows[-1][0]


def _reviewed(conn: Connection[Any], tenant_id: str, after: UUID) -> list[Any]:
    """Return texts with what was found and said of them, MOST_LABELLED after *after*."""
    return conn.execute(
        """
        SELECT detection.id, detection.text, detection.language, detection.individual,
               coalesce((
                   SELECT jsonb_agg(jsonb_build_object('type', type, 'end', span_end))
                   FROM signals.found AS signal
                   WHERE signal.tenant_id = %(tenant)s AND signal.lead_id = detection.lead_id
                     AND signal.detection_id = detection.id), '[]'),
               said.words
        FROM (
            SELECT DISTINCT detection_id FROM signals.feedback
            WHERE tenant_id = %(tenant)s AND detection_id > %(after)s
        ) AS reviewed
        CROSS JOIN LATERAL (
            SELECT * FROM signals.detections
            WHERE tenant_id = %(tenant)s
              AND id BETWEEN reviewed.detection_id AND reviewed.detection_id
            ORDER BY id LIMIT 1
        ) AS detection
        CROSS JOIN LATERAL (
            SELECT jsonb_agg(jsonb_build_object(
                'signal_id', word.signal_id, 'type', signal.type, 'verdict', word.verdict,
                'labels', word.labels) ORDER BY word.id) AS words
            FROM signals.feedback AS word
            LEFT JOIN signals.found AS signal
                ON signal.tenant_id = %(tenant)s AND signal.lead_id = word.lead_id
               AND signal.id = word.signal_id
            WHERE word.tenant_id = %(tenant)s AND word.lead_id = detection.lead_id
              AND word.detection_id = detection.id
        ) AS said
        WHERE detection.text IS NOT NULL
        ORDER BY detection.id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "after": after, "most": MOST_LABELLED},
    ).fetchall()
