"""The background queue: what is to be done about a lead, later and without a request.

Some jobs are about a lead that is not here yet; no erasure takes those along.

A job is enqueued in the transaction that decides it. A worker *claims* it: for
the time of a *lease* it is nobody else's, and if the worker dies it comes back
when the lease ends. A job that fails is tried again after a random pause; after
MOST_TRIES it is a *dead letter*, which stays until somebody replays it.
See docs/decisions/0016.
"""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.rows import class_row

from shared.db import Database
from shared.errors import ServiceError
from shared.ids import uuid7
from shared.privacy.gate import Gate

LEASE = timedelta(minutes=1)
"""How long a claim lasts: six statements at their limit (`db.STATEMENT_MS`). A job that takes
longer may be begun by a second worker, and only one of them can finish it."""

MOST_TRIES = 12
"""With the pauses below a job is tried for an hour on average, two at most: longer than a restart
or a deployment, and a person hears of it the same day."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(hours=1)
"""The longest pause after the first try, and after any; it doubles from one to the other."""


class Later(ServiceError):
    """This job could not be done; it knows itself when to try again."""

    def __init__(self, pause: timedelta, counts: bool = True):
        """*pause* takes the place of `jobs.pause`; a try that does not count was none."""
        super().__init__()
        self.pause, self.counts = pause, counts


class Overtaken(ServiceError):
    """This job is no longer ours: its lease ended and another worker has it, or it was erased."""


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do, as a rule about one lead."""

    tenant_id: str
    id: UUID
    kind: str
    lead_id: UUID | None
    """None for a lead that was announced and is to be fetched."""
    arguments: dict[str, object]
    """As JSON carries them: a UUID is text here."""
    tries: int
    """How often it was claimed, this time included."""
    claim: UUID | None
    failure: str | None
    """The type of the latest error."""
    dead_at: datetime | None


Kind = Callable[[Database, Gate, Job], None]
"""Does one job, or raises. It may run more than once: to have effects once, it calls `finish` in
the transaction that has them."""


def enqueue(
    conn: Connection,
    tenant_id: str,
    kind: str,
    lead_id: UUID | None,
    arguments: Mapping[str, object] = {},
    due_at: datetime | None = None,
) -> None:
    """Have *kind* done about a lead once this transaction commits, not before *due_at*.

    With *lead_id* the job goes when its lead is erased; None is for a lead that is not here.
    *arguments* are ids and verdicts, never what the lead said. Nothing is fetched, so in a
    pipeline it costs no round trip.
    """
    conn.execute(
        """
        INSERT INTO public.jobs (tenant_id, id, kind, lead_id, arguments, due_at)
        VALUES (%(tenant)s, %(id)s, %(kind)s, %(lead)s, %(arguments)s::jsonb,
                coalesce(%(due)s, now()))
        """,
        {
            "tenant": tenant_id,
            "id": uuid7(),
            "kind": kind,
            "lead": lead_id,
            "arguments": orjson.dumps(dict(arguments)).decode(),
            "due": due_at,
        },
    )


def claim(
    conn: Connection,
    most: int = 1,
    now: datetime | None = None,
    kind: str | None = None,
    without: Collection[str] = (),
    busy: Collection[str] = (),
) -> list[Job]:
    """Return up to *most* due jobs of any tenants, ours until LEASE has passed.

    They are ours once the transaction, which names no tenant, has committed. *now* is the
    database's clock unless given, so that workers on several machines agree. Only those of *kind*
    if one is given, none of the kinds *without*, none of the tenants *busy*.
    """
    return _jobs(
        conn,
        """
        SELECT tenant_id, id, kind, lead_id, arguments, tries, claim, failure, dead_at
        FROM public.claim_jobs_among(%(most)s, %(lease)s, coalesce(%(now)s, now()), %(kind)s,
                                     %(without)s::text[], %(busy)s::text[])
        """,
        {
            "most": most,
            "lease": LEASE,
            "now": now,
            "kind": kind,
            "without": list(without),
            "busy": list(busy),
        },
    )


def finish(conn: Connection, job: Job) -> None:
    """Delete *job*: it is done if this transaction, its tenant's, commits. Raises Overtaken."""
    row = conn.execute(
        """
        DELETE FROM public.jobs
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND claim = %(claim)s RETURNING id
        """,
        {"tenant": job.tenant_id, "id": job.id, "claim": job.claim},
    ).fetchone()
    if row is None:
        raise Overtaken


def fail(
    conn: Connection,
    job: Job,
    failure: str,
    now: datetime | None = None,
    wait: timedelta | None = None,
) -> bool:
    """Have *job* tried again after a pause; or, if it was tried enough, let it die and return True.

    *failure* is the type of the error; *wait* takes the place of the pause. Nothing happens if the
    job is no longer ours.
    """
    dies = job.tries >= MOST_TRIES
    conn.execute(
        """
        UPDATE public.jobs
        SET due_at = coalesce(%(now)s, now()) + %(pause)s, failure = %(failure)s,
            dead_at = CASE WHEN %(dead)s THEN coalesce(%(now)s, now()) END
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND claim = %(claim)s
        """,
        {
            "tenant": job.tenant_id,
            "id": job.id,
            "claim": job.claim,
            "failure": failure,
            "pause": pause(job.tries) if wait is None else wait,
            "dead": dies,
            "now": now,
        },
    )
    return dies


def bury(conn: Connection, job: Job, failure: str, now: datetime | None = None) -> None:
    """Make *job* a dead letter at once: trying again cannot help. Raises Overtaken.

    *failure* is the type of the error. The claim ends with it, so nobody finishes the job.
    """
    row = conn.execute(
        """
        UPDATE public.jobs
        SET dead_at = coalesce(%(now)s, now()), failure = %(failure)s, claim = NULL
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND claim = %(claim)s RETURNING id
        """,
        {
            "tenant": job.tenant_id,
            "id": job.id,
            "claim": job.claim,
            "failure": failure,
            "now": now,
        },
    ).fetchone()
    if row is None:
        raise Overtaken


def postpone(conn: Connection, job: Job, wait: timedelta, now: datetime | None = None) -> None:
    """Have *job* begun again after *wait*, as if this try had not been; if it is still ours."""
    conn.execute(
        """
        UPDATE public.jobs
        SET due_at = coalesce(%(now)s, now()) + %(wait)s, tries = greatest(tries - 1, 0)
        WHERE tenant_id = %(tenant)s AND id = %(id)s AND claim = %(claim)s
        """,
        {
            "tenant": job.tenant_id,
            "id": job.id,
            "claim": job.claim,
            "wait": wait,
            "now": now,
        },
    )


def pause(tries: int, chance: Callable[[], float] = random.random) -> timedelta:
    """Return how long to wait after the try number *tries*, from 1; *chance* draws from [0, 1).

    Full jitter (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015): jobs
    that failed together do not come back together.
    """
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries - 1, MOST_TRIES))
    return longest * chance()


def dead(conn: Connection, tenant_id: str, most: int = 100) -> list[Job]:
    """Return a tenant's dead letters, oldest first."""
    return _jobs(
        conn,
        """
        SELECT tenant_id, id, kind, lead_id, arguments, tries, claim, failure, dead_at
        FROM public.jobs WHERE tenant_id = %(tenant)s AND dead_at IS NOT NULL
        ORDER BY id LIMIT %(most)s
        """,
        {"tenant": tenant_id, "most": most},
    )


def dead_counts(conn: Connection) -> dict[str, int]:
    """Return how many dead letters each tenant has that has any."""
    return dict(conn.execute("SELECT tenant_id, dead FROM public.dead_jobs()").fetchall())


def replay(conn: Connection, tenant_id: str, ids: Sequence[UUID] | None = None) -> int:
    """Make a tenant's dead letters, or those of them in *ids*, due again; return how many."""
    rows = conn.execute(
        """
        UPDATE public.jobs SET due_at = now(), tries = 0, dead_at = NULL
        WHERE tenant_id = %(tenant)s AND dead_at IS NOT NULL
          AND (%(ids)s::uuid[] IS NULL OR id = ANY (%(ids)s))
        RETURNING id
        """,
        {"tenant": tenant_id, "ids": None if ids is None else list(ids)},
    )
    return len(rows.fetchall())


def _jobs(conn: Connection, statement: str, parameters: Mapping[str, object]) -> list[Job]:
    with conn.cursor(row_factory=class_row(Job)) as cursor:
        return cursor.execute(statement, parameters).fetchall()
