"""Reviewing: what people say of signals is stored, and what was detected of a lead is shown."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.signals import feedback_store, history_store, store
from services.signals.feedback import Opinion
from shared import consents
from shared.db import Database
from shared.errors import NotFound
from shared.privacy.gate import Gate
from shared.privacy.purposes import LEAD_PROCESSING

Find = Callable[[Connection[Any], str, UUID], tuple[UUID, UUID] | None]
"""Returns the lead and the detection of what a word is about."""


def judge_signal(
    database: Database, gate: Gate, tenant_id: str, signal_id: UUID, said: Opinion, by: str
) -> dict[str, Any]:
    """Store what *by* says of a signal, and return it. Raises NotFound or ConsentMissing."""
    return _judged(
        database, gate, tenant_id, signal_id, said, by, feedback_store.of_signal, signal_id
    )


def label_detection(
    database: Database, gate: Gate, tenant_id: str, detection_id: UUID, said: Opinion, by: str
) -> dict[str, Any]:
    """Store what *by* says that a text really says. Raises NotFound or ConsentMissing."""
    return _judged(
        database, gate, tenant_id, detection_id, said, by, feedback_store.of_detection, None
    )


def history(
    database: Database, gate: Gate, tenant_id: str, lead_id: UUID, after: UUID | None, limit: int
) -> tuple[list[dict[str, Any]], UUID | None]:
    """Return up to *limit* detections of a lead, newest first, and the next `after`.

    Raises NotFound.
    """
    with database.transaction(tenant_id) as conn:
        if not store.stored(conn, tenant_id, lead_id):
            raise NotFound
        found = history_store.page(conn, gate, tenant_id, lead_id, after, limit + 1)
    following = found[limit - 1]["id"] if len(found) > limit else None
    return found[:limit], following


def _judged(
    database: Database,
    gate: Gate,
    tenant_id: str,
    named: UUID,
    said: Opinion,
    by: str,
    find: Find,
    signal_id: UUID | None,
) -> dict[str, Any]:
    now = datetime.now(UTC)
    with database.transaction(tenant_id) as conn:
        about = find(conn, tenant_id, named)
        if about is None:
            raise NotFound
        agreed = consents.latest(conn, tenant_id, about[0])
        permit = gate.admit(tenant_id, LEAD_PROCESSING, agreed)
        feedback_id = feedback_store.add(
            conn, permit, about, signal_id, said.verdict, said.labels, said.note, by, now
        )
    return {
        "id": feedback_id,
        "detection_id": about[1],
        "signal_id": signal_id,
        "verdict": said.verdict,
        "labels": list(said.labels),
        "note": said.note or None,
        "given_by": by,
        "given_at": now,
    }
