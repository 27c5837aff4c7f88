"""The SQL of posts that may come again: what was answered to each."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from psycopg import Connection


class Answered(NamedTuple):
    """What was answered to a post."""

    request: int
    """A pseudonym of all that it said."""
    alert_ids: tuple[UUID, ...]
    suppressed_by: str | None


def note(conn: Connection[Any], tenant_id: str, answers: Mapping[UUID, Answered]) -> None:
    """Store what is answered to happenings that were looked at; a first answer stays."""
    rows = [{"id": id, **one._asdict()} for id, one in answers.items()]
    conn.execute(
        """
        UPDATE alerts.seen AS own
        SET request = new.request, alert_ids = new.alert_ids, suppressed_by = new.suppressed_by
        FROM jsonb_to_recordset(%(rows)s::jsonb) AS new (
            id uuid, request bigint, alert_ids uuid[], suppressed_by text)
        WHERE own.tenant_id = %(tenant)s AND own.event_id = new.id AND own.request IS NULL
        """,
        {"tenant": tenant_id, "rows": orjson.dumps(rows).decode()},
    )


def answered(
    conn: Connection[Any], tenant_id: str, event_ids: Sequence[UUID]
) -> dict[UUID, Answered]:
    """Return what was answered to happenings, by their ids, as far as it was stored."""
    rows = conn.execute(
        """
        SELECT event_id, request, alert_ids, suppressed_by FROM alerts.seen
        WHERE tenant_id = %(tenant)s AND event_id = ANY (%(ids)s) AND request IS NOT NULL
        """,
        {"tenant": tenant_id, "ids": list(event_ids)},
    )
    return {
        event_id: Answered(request, tuple(alert_ids), suppressed_by)
        for event_id, request, alert_ids, suppressed_by in rows
    }
