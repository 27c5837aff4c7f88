"""The switch of pings by digest, and the jobs that follow it in bounded steps."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.dedup.preparation import Arrival, Prepared, prepare
from services.dedup.trade import hashed_store
from services.dedup.trade.hashed_keys import keys
from services.dedup.trade.hashed_store import Switch
from services.dedup.verdict import Submission
from shared import jobs, leads
from shared.db import Database
from shared.jobs import Job, Kind
from shared.privacy.gate import ConsentMissing, Gate

HASH_LEADS, FORGET_HASHES = "dedup.hash_leads", "dedup.forget_hashes"
"""The kinds of the jobs."""

LEADS_A_STEP = 200
"""Leads of one step: under a second, of which reading them takes most."""

UNNOTICED = timedelta(seconds=30)
"""How long a process may save leads without their digests: it notices a switch within 5 seconds
(`policy_cache.SECONDS`), and a check that is under way then takes seconds at most. Earlier leads
are looked through only after that, so that none is missed."""

NOBODY = UUID(int=0)
"""Before every lead."""


def switch_on(database: Database, tenant_id: str, by: str, now: datetime) -> Switch | None:
    """Have leads known by their digests from now on, and earlier ones soon; return the switch."""
    with database.transaction(tenant_id) as conn:
        if hashed_store.switch_on(conn, tenant_id, now, by):
            _go_on(conn, tenant_id, NOBODY, now, now + UNNOTICED)
        return hashed_store.find(conn, tenant_id)


def switch_off(database: Database, tenant_id: str, now: datetime) -> None:
    """Have digests forgotten, also those that a process keeps that has not noticed yet."""
    with database.transaction(tenant_id) as conn:
        if hashed_store.switch_off(conn, tenant_id):
            jobs.enqueue(conn, tenant_id, FORGET_HASHES, None, due_at=now + UNNOTICED)


def shown(database: Database, tenant_id: str) -> Switch | None:
    """Return the account's switch; None if it is off."""
    with database.transaction(tenant_id) as conn:
        return hashed_store.find(conn, tenant_id)


def hash_leads(country: str, database: Database, gate: Gate, job: Job) -> None:
    """Do one step of HASH_LEADS: LEADS_A_STEP earlier leads, and what comes after them.

    *country* reads national numbers. It ends without a trace once the switch is another's.
    """
    since = datetime.fromisoformat(str(job.arguments["since"]))
    tenant_id = job.tenant_id
    with database.transaction(tenant_id) as conn:
        switch = hashed_store.find(conn, tenant_id)
        if switch is None or switch.switched_on_at != since:
            return
        after = UUID(str(job.arguments["after"]))
        found = hashed_store.leads_after(conn, tenant_id, after, LEADS_A_STEP)
        read = filter(None, (_read(conn, gate, tenant_id, each, country) for each in found))
        pairs = [(key, lead.arrival.lead_id) for lead in read for key in keys(lead)]
        if pairs:
            hashed_store.save(conn, tenant_id, pairs)
        if len(found) == LEADS_A_STEP:
            _go_on(conn, tenant_id, found[-1], since)
        else:
            hashed_store.completed(conn, tenant_id, since, datetime.now(UTC))
        jobs.finish(conn, job)


def forget_hashes(database: Database, gate: Gate, job: Job) -> None:
    """Do one step of FORGET_HASHES; nothing if the switch is on again."""
    with database.transaction(job.tenant_id) as conn:
        if hashed_store.find(conn, job.tenant_id):
            return
        if hashed_store.remove(conn, job.tenant_id) == hashed_store.MOST_REMOVED:
            jobs.enqueue(conn, job.tenant_id, FORGET_HASHES, None)
        jobs.finish(conn, job)


def kinds(country: str) -> dict[str, Kind]:
    """Return what does each kind of job."""
    return {HASH_LEADS: partial(hash_leads, country), FORGET_HASHES: forget_hashes}


def _go_on(
    conn: Connection,
    tenant_id: str,
    after: UUID,
    since: datetime,
    due_at: datetime | None = None,
) -> None:
    arguments: dict[str, Any] = {"after": str(after), "since": since.isoformat()}
    jobs.enqueue(conn, tenant_id, HASH_LEADS, None, arguments, due_at)


def _read(
    conn: Connection, gate: Gate, tenant_id: str, lead_id: UUID, country: str
) -> Prepared | None:
    """Return a stored lead as it was read; None if it is gone, or its consent withdrawn."""
    said = leads.find(conn, gate, tenant_id, lead_id)
    if said is None:
        return None
    submission = Submission(said.source_id, said.fields, said.submitted_at, consent=said.consent)
    try:
        return prepare(gate, tenant_id, submission, country, Arrival(lead_id, said.received_at))
    except ConsentMissing:
        return None
