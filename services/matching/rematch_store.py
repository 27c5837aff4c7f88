"""The SQL of rematches and of what asks for one, on a connection it is handed."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from services.matching.rematch import Order, Rematch

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""


def tenants(conn: Connection[Any], most: int) -> list[str]:
    """Return up to *most* tenants that have a rematch, or services that changed.

    The connection must have named no tenant: the function looks across them.
    """
    rows = conn.execute("SELECT tenant_id FROM matching.to_be_rematched(%(most)s)", {"most": most})
    return [tenant_id for (tenant_id,) in rows]


def add(conn: Connection[Any], tenant_id: str, job: Rematch) -> bool:
    """Store a new job; False if the account has one that is under way."""
    said = asdict(job) | asdict(job.order) | {"tenant": tenant_id}
    said["service_ids"] = None if job.order.service_ids is None else list(job.order.service_ids)
    row = conn.execute(
        """
        INSERT INTO matching.rematches (tenant_id, id, service_ids, min_match_score, most_kept,
                                        tell, automatic, status, asked_at, asked_by)
        VALUES (%(tenant)s, %(id)s, %(service_ids)s::uuid[], %(min_match_score)s, %(most_kept)s,
                %(tell)s, %(automatic)s, %(status)s, %(asked_at)s, %(asked_by)s)
        ON CONFLICT (tenant_id) WHERE ended_at IS NULL DO NOTHING RETURNING id
        """,
        said,
    ).fetchone()
    return row is not None


def under_way(conn: Connection[Any], tenant_id: str) -> Rematch | None:
    """Return the job of the account that has not ended."""
    return _first(conn, _OPEN, {"tenant": tenant_id})


def taken(conn: Connection[Any], tenant_id: str) -> Rematch | None:
    """Return that job; nobody else works on it before the transaction ends. None: somebody is."""
    return _first(conn, _OPEN + "FOR UPDATE SKIP LOCKED", {"tenant": tenant_id})


def one(conn: Connection[Any], tenant_id: str, job_id: UUID, locked: bool = False) -> Any:
    """Return one job, or None; *locked*, nobody changes it meanwhile."""
    return _first(conn, _ONE_LOCKED if locked else _ONE, {"tenant": tenant_id, "id": job_id})


def page(conn: Connection[Any], tenant_id: str, after: UUID | None, most: int) -> list[Rematch]:
    """Return up to *most* jobs, the latest first, that were asked for before *after*."""
    said = {"tenant": tenant_id, "after": after or NEWEST, "most": most}
    return _all(conn, _PAGE, said)


def save(conn: Connection[Any], tenant_id: str, job: Rematch) -> None:
    """Store how far a job is."""
    conn.execute(
        """
        UPDATE matching.rematches
        SET status = %(status)s, started_at = %(started_at)s, ended_at = %(ended_at)s,
            after_lead = %(after_lead)s, leads_total = %(leads_total)s,
            leads_done = %(leads_done)s, leads_failed = %(leads_failed)s,
            matches_kept = %(matches_kept)s, matches_ended = %(matches_ended)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {"tenant": tenant_id, **{name: getattr(job, name) for name in _SAVED}},
    )


def end(conn: Connection[Any], tenant_id: str, job_id: UUID, status: str, at: datetime) -> None:
    """Store that a job has ended."""
    conn.execute(
        """
        UPDATE matching.rematches SET status = %(status)s, ended_at = %(at)s
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {"tenant": tenant_id, "id": job_id, "status": status, "at": at},
    )


def count_leads(conn: Connection[Any], tenant_id: str) -> int:
    """Return how many leads the account has that matching knows."""
    row: Any = conn.execute(
        "SELECT count(*) FROM matching.profiles WHERE tenant_id = %(tenant)s AND shown",
        {"tenant": tenant_id},
    ).fetchone()
    return int(row[0])


def following(conn: Connection[Any], tenant_id: str, after: UUID | None) -> UUID | None:
    """Return the first lead after *after* that lists show; None: there is none."""
    row = conn.execute(
        """
        SELECT lead_id FROM matching.profiles
        WHERE tenant_id = %(tenant)s AND shown
          AND lead_id > coalesce(%(after)s::uuid, '00000000-0000-0000-0000-000000000000')
        ORDER BY lead_id LIMIT 1
        """,
        {"tenant": tenant_id, "after": after},
    ).fetchone()
    return row[0] if row else None


def changed_services(
    conn: Connection[Any], tenant_id: str
) -> tuple[list[UUID], datetime | None, datetime | None]:
    """Return the services that changed, and when the first and the last of them did."""
    row: Any = conn.execute(
        """
        SELECT coalesce(array_agg(service_id ORDER BY service_id), '{}'), min(changed_at),
               max(changed_at)
        FROM matching.changed_services WHERE tenant_id = %(tenant)s
        """,
        {"tenant": tenant_id},
    ).fetchone()
    return row[0], row[1], row[2]


def forget_changes(
    conn: Connection[Any], tenant_id: str, service_ids: Sequence[UUID], until: datetime
) -> None:
    """Forget that services changed; one that changed after *until* still did."""
    conn.execute(
        """
        DELETE FROM matching.changed_services
        WHERE tenant_id = %(tenant)s AND service_id = ANY (%(ids)s) AND changed_at <= %(until)s
        """,
        {"tenant": tenant_id, "ids": list(service_ids), "until": until},
    )


def unscored(conn: Connection[Any], tenant_id: str, most: int) -> list[UUID]:
    """Return up to *most* leads whose matches are to be scored anew, and forget that they are.

    Those that another worker has in hand are passed over.
    """
    rows = conn.execute(
        """
        DELETE FROM matching.unscored
        WHERE tenant_id = %(tenant)s AND lead_id = ANY (ARRAY(
            SELECT lead_id FROM matching.unscored WHERE tenant_id = %(tenant)s
            ORDER BY lead_id LIMIT %(most)s FOR UPDATE SKIP LOCKED))
        RETURNING lead_id
        """,
        {"tenant": tenant_id, "most": most},
    )
    return sorted(lead_id for (lead_id,) in rows)


def unknown(conn: Connection[Any], tenant_id: str, service_ids: Sequence[UUID]) -> int:
    """Return how many of *service_ids*, each once, are no services of the account."""
    row: Any = conn.execute(
        """
        SELECT count(*) FROM matching.services
        WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s)
        """,
        {"tenant": tenant_id, "ids": list(service_ids)},
    ).fetchone()
    return len(service_ids) - int(row[0])


def _first(conn: Connection[Any], statement: str, said: dict[str, Any]) -> Rematch | None:
    return next(iter(_all(conn, statement, said)), None)


def _all(conn: Connection[Any], statement: str, said: dict[str, Any]) -> list[Rematch]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return [_read(row) for row in cursor.execute(statement, said)]


def _read(row: dict[str, Any]) -> Rematch:
    ids = row.pop("service_ids")
    order = Order(
        None if ids is None else tuple(ids),
        row.pop("min_match_score"),
        row.pop("most_kept"),
        row.pop("tell"),
    )
    return Rematch(order=order, **row)


_SAVED = (
    *("id", "status", "started_at", "ended_at", "after_lead", "leads_total", "leads_done"),
    *("leads_failed", "matches_kept", "matches_ended"),
)
_JOB = """
    SELECT id, service_ids, min_match_score, most_kept, tell, automatic, status, asked_at,
           asked_by, started_at, ended_at, after_lead, leads_total, leads_done, leads_failed,
           matches_kept, matches_ended
    FROM matching.rematches
    WHERE tenant_id = %(tenant)s
    """
_OPEN = _JOB + "AND ended_at IS NULL "
_ONE = _JOB + "AND id = %(id)s "
_ONE_LOCKED = _ONE + "FOR UPDATE"
_PAGE = _JOB + "AND id < %(after)s ORDER BY id DESC LIMIT %(most)s"
