"""The SQL of discoveries and of how far their sources are, on a connection it is handed.

Whoever works on a job has a *claim* on it, which each of its writes renews: one that is not renewed
ends, and another may go on.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection

from services.discovery.job import Counts, Job, SourceState, Wanted
from services.discovery.sealing import opened_wanted, sealed_wanted
from shared.privacy.gate import Gate

NEWEST = UUID(int=2**128 - 1)
"""An id after all others."""


def add(
    conn: Connection[Any], gate: Gate, tenant_id: str, job: Job, retry: tuple[int, int] | None
) -> bool:
    """Store a new job; False if there is one under the same key.

    *retry* is the request's key and what was asked for, as pseudonyms.
    """
    key, request = retry or (None, None)
    row = conn.execute(
        """
        INSERT INTO discovery.jobs (tenant_id, id, investigation_id, wanted, status, asked_at,
                                    asked_by, changed_at, retry_key, request)
        VALUES (%(tenant)s, %(id)s, %(investigation)s, %(wanted)s, 'waiting', %(now)s, %(by)s,
                %(now)s, %(key)s, %(request)s)
        ON CONFLICT (tenant_id, retry_key) WHERE retry_key IS NOT NULL DO NOTHING RETURNING id
        """,
        {
            "tenant": tenant_id,
            "id": job.id,
            "investigation": job.wanted.investigation_id,
            "wanted": sealed_wanted(gate, tenant_id, job.id, job.wanted),
            "now": job.asked_at,
            "by": job.asked_by,
            "key": key,
            "request": request,
        },
    ).fetchone()
    if row is None:
        return False
    _add_sources(conn, tenant_id, job)
    return True


def _add_sources(conn: Connection[Any], tenant_id: str, job: Job) -> None:
    """Store what a new job is to ask."""
    for source in job.sources:
        conn.execute(
            """
            INSERT INTO discovery.job_sources (tenant_id, job_id, place, source_id, type, name,
                                               status)
            VALUES (%(tenant)s, %(job)s, %(place)s, %(source)s, %(type)s, %(name)s, 'waiting')
            """,
            {
                "tenant": tenant_id,
                "job": job.id,
                "place": source.place,
                "source": source.source_id,
                "type": source.type,
                "name": source.name,
            },
        )


def under_key(conn: Connection[Any], tenant_id: str, key: int) -> tuple[UUID, int] | None:
    """Return the job that a request of that key began, and what it asked for; or None."""
    row = conn.execute(
        """
        SELECT id, request FROM discovery.jobs
        WHERE tenant_id = %(tenant)s AND retry_key = %(key)s
        """,
        {"tenant": tenant_id, "key": key},
    ).fetchone()
    return (row[0], row[1]) if row else None


def count_open(conn: Connection[Any], tenant_id: str) -> int:
    """Return how many jobs of an account have not ended."""
    row: Any = conn.execute(
        """
        SELECT count(*) FROM discovery.jobs WHERE tenant_id = %(tenant)s AND ended_at IS NULL
        """,
        {"tenant": tenant_id},
    ).fetchone()
    return int(row[0])


def one(conn: Connection[Any], gate: Gate, tenant_id: str, job_id: UUID) -> Job | None:
    """Return a job, or None."""
    return next(iter(_jobs(conn, gate, tenant_id, _ONE, {"id": job_id})), None)


def page(
    conn: Connection[Any], gate: Gate, tenant_id: str, after: UUID | None, most: int
) -> list[Job]:
    """Return up to *most* jobs, the latest first, that were asked for before *after*."""
    return _jobs(conn, gate, tenant_id, _PAGE, {"after": after or NEWEST, "most": most})


def state(conn: Connection[Any], tenant_id: str, job_id: UUID) -> tuple[int, bool] | None:
    """Return how often a job has changed, and whether it has ended; None if there is none."""
    row = conn.execute(
        """
        SELECT revision, ended_at IS NOT NULL FROM discovery.jobs
        WHERE tenant_id = %(tenant)s AND id = %(id)s
        """,
        {"tenant": tenant_id, "id": job_id},
    ).fetchone()
    return (row[0], row[1]) if row else None


def is_over(conn: Connection[Any], tenant_id: str, job_id: UUID) -> bool:
    """True if a job has ended, or is gone."""
    known = state(conn, tenant_id, job_id)
    return known is None or known[1]


def due(conn: Connection[Any], now: datetime, most: int) -> list[tuple[str, UUID]]:
    """Return up to *most* jobs on which nobody works, one an account, with their accounts.

    The connection must have named no tenant: the function looks across them.
    """
    return conn.execute(
        "SELECT tenant_id, job_id FROM discovery.due(%(now)s, %(most)s)",
        {"now": now, "most": most},
    ).fetchall()


def claim(
    conn: Connection[Any], tenant_id: str, job_id: UUID, ours: UUID, now: datetime, wait: timedelta
) -> int | None:
    """Claim a job until *now* + *wait*; return how often it was begun, or None if it is not free.

    It counts among those until it is given back.
    """
    row = conn.execute(
        """
        UPDATE discovery.jobs
        SET claim = %(claim)s, claimed_until = %(until)s, tries = tries + 1, status = 'running',
            started_at = coalesce(started_at, %(now)s), changed_at = %(now)s,
            revision = revision + 1
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND ended_at IS NULL
          AND (claimed_until IS NULL OR claimed_until <= %(now)s)
        RETURNING tries
        """,
        {"tenant": tenant_id, "id": job_id, "claim": ours, "now": now, "until": now + wait},
    ).fetchone()
    return row[0] if row else None


def renew(
    conn: Connection[Any], tenant_id: str, job_id: UUID, ours: UUID, now: datetime, wait: timedelta
) -> bool:
    """Renew a claim before something is written; False if it is ours no more, or has ended."""
    row = conn.execute(
        """
        UPDATE discovery.jobs
        SET claimed_until = %(until)s, changed_at = %(now)s, revision = revision + 1
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND claim = %(claim)s AND ended_at IS NULL
        RETURNING id
        """,
        {"tenant": tenant_id, "id": job_id, "claim": ours, "now": now, "until": now + wait},
    ).fetchone()
    return row is not None


def give_back(
    conn: Connection[Any],
    tenant_id: str,
    job_id: UUID,
    ours: UUID,
    free_at: datetime,
    is_try: bool = False,
) -> None:
    """Let others go on with a job from *free_at* on; unless *is_try*, as if it was not begun."""
    conn.execute(
        """
        UPDATE discovery.jobs
        SET claim = NULL, claimed_until = %(free)s, tries = greatest(0, tries - %(back)s)
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND claim = %(claim)s AND ended_at IS NULL
        """,
        {"tenant": tenant_id, "id": job_id, "claim": ours, "free": free_at}
        | {"back": 0 if is_try else 1},
    )


def end(
    conn: Connection[Any],
    tenant_id: str,
    job_id: UUID,
    status: str,
    now: datetime,
    failure: str | None = None,
) -> bool:
    """Store that a job has ended, and with it what of its sources had not; False if it had."""
    said = {"tenant": tenant_id, "id": job_id, "status": status, "now": now, "failure": failure}
    row = conn.execute(
        """
        UPDATE discovery.jobs
        SET status = %(status)s, ended_at = %(now)s, changed_at = %(now)s, failure = %(failure)s,
            claim = NULL, claimed_until = NULL, revision = revision + 1
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND ended_at IS NULL RETURNING id
        """,
        said,
    ).fetchone()
    if row is None:
        return False
    conn.execute(
        """
        UPDATE discovery.job_sources SET status = 'cancelled', ended_at = %(now)s
        WHERE tenant_id = %(tenant)s AND job_id = %(id)s AND status IN ('waiting', 'running')
        """,
        said,
    )
    return True


def save_source(conn: Connection[Any], tenant_id: str, job_id: UUID, source: SourceState) -> None:
    """Store how far a source of a job is."""
    conn.execute(
        """
        UPDATE discovery.job_sources
        SET status = %(status)s, counts = %(counts)s::jsonb, passed = %(passed)s::jsonb,
            done = %(done)s, total = %(total)s, reason = %(reason)s, started_at = %(started)s,
            ended_at = %(ended)s
        WHERE tenant_id = %(tenant)s AND job_id = %(job)s AND place = %(place)s
        """,
        {
            "tenant": tenant_id,
            "job": job_id,
            "place": source.place,
            "status": source.status,
            "counts": orjson.dumps(asdict(source.counts)).decode(),
            "passed": orjson.dumps(dict(source.passed)).decode(),
            "done": source.done,
            "total": source.total,
            "reason": source.reason,
            "started": source.started_at,
            "ended": source.ended_at,
        },
    )


def _jobs(
    conn: Connection[Any], gate: Gate, tenant_id: str, statement: str, said: dict[str, Any]
) -> list[Job]:
    rows = conn.execute(statement, {"tenant": tenant_id, **said}).fetchall()
    states = _states(conn, tenant_id, [row[0] for row in rows]) if rows else {}
    return [_job(gate, tenant_id, row, states.get(row[0], [])) for row in rows]


def _job(gate: Gate, tenant_id: str, row: Any, states: Sequence[SourceState]) -> Job:
    id, wanted, status, asked_at, asked_by, changed_at, *rest = row
    opened: Wanted = opened_wanted(gate, tenant_id, id, bytes(wanted))
    return Job(id, opened, status, asked_at, asked_by, changed_at, tuple(states), *rest)


def _states(
    conn: Connection[Any], tenant_id: str, job_ids: Sequence[UUID]
) -> dict[UUID, list[SourceState]]:
    rows: Any = conn.execute(
        """
        SELECT job_id, place, type, name, source_id, status, counts, passed, done, total, reason,
               started_at, ended_at
        FROM discovery.job_sources
        WHERE tenant_id = %(tenant)s AND job_id = ANY (%(jobs)s::uuid[]) ORDER BY job_id, place
        """,
        {"tenant": tenant_id, "jobs": list(job_ids)},
    )
    found: dict[UUID, list[SourceState]] = {}
    for job_id, place, type, name, source_id, status, counts, *rest in rows:
        state = SourceState(place, type, name, source_id, status, Counts(**counts), *rest)
        found.setdefault(job_id, []).append(state)
    return found


_ONE = """
    SELECT id, wanted, status, asked_at, asked_by, changed_at, revision, started_at, ended_at,
           tries, failure
    FROM discovery.jobs WHERE tenant_id = %(tenant)s AND id = %(id)s
"""

_PAGE = """
    SELECT id, wanted, status, asked_at, asked_by, changed_at, revision, started_at, ended_at,
           tries, failure
    FROM discovery.jobs WHERE tenant_id = %(tenant)s AND id < %(after)s
    ORDER BY id DESC LIMIT %(most)s
"""
