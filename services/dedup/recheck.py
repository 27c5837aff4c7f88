"""The recheck: a stored lead whose check was skipped is checked as of the time it came."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.dedup import store
from services.dedup.decision import ALLOW
from services.dedup.last_leads import LastLeads
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome, remembered_row
from services.dedup.packed import packed
from services.dedup.policy_cache import PolicyCache
from services.dedup.preparation import Arrival, Prepared, prepare
from services.dedup.report import created, late_duplicate, review_waiting
from services.dedup.trade.deal import Deal
from services.dedup.trade.trading import Trading
from services.dedup.verdict import Submission, verdict
from shared import clusters, events, jobs, leads
from shared.connection import Connection
from shared.db import STATEMENT_SECONDS, Database
from shared.errors import ServiceError
from shared.ids import uuid7
from shared.jobs import Job
from shared.privacy.gate import ConsentMissing, Gate


class Unreadable(ServiceError):
    """The lead still cannot be read."""


def recheck(database: Database, gate: Gate, job: Job) -> None:
    """Do one job of the kind `check.RECHECK`. Raises whatever keeps it from being done."""
    if job.lead_id is None:
        return  # there is no lead to check
    with database.transaction(job.tenant_id) as conn:
        known = leads.find(conn, gate, job.tenant_id, job.lead_id)
    if known is None:
        return  # erased meanwhile
    deal: Any = job.arguments.get("deal") or {}  # jobs of an earlier version have none
    submission = Submission(
        known.source_id, known.fields, known.submitted_at, consent=known.consent, deal=Deal(**deal)
    )
    arrival = Arrival(known.id, known.received_at, passed=b"")  # it was let through: caps count it
    try:
        lead = prepare(gate, job.tenant_id, submission, str(job.arguments["country"]), arrival)
    except ConsentMissing:
        return  # withdrawn meanwhile
    if not lead.readable:
        raise Unreadable
    lead = replace(lead, receipt_id=UUID(str(job.arguments["receipt_id"])))
    _decide(database, gate, job, lead)


def _decide(database: Database, gate: Gate, job: Job, lead: Prepared) -> None:
    """Compare *lead* with those it was not compared with, and put right what was decided."""
    tenant_id, lead_id, now = job.tenant_id, lead.arrival.lead_id, datetime.now(UTC)
    with database.transaction(tenant_id, lead.locked, STATEMENT_SECONDS) as conn:
        found = _found(conn, gate, tenant_id, lead)
        lead = replace(lead, ip_key=store.forget(conn, tenant_id, lead_id))
        around = Neighbourhood()
        around.read(conn, gate, tenant_id, [lead])
        trading = Trading(now)
        outcome = _outcome(conn, lead, around, found, trading)
        store.remember(conn, tenant_id, [remembered_row(lead, outcome, packed(lead), now)])
        trading.add(lead, outcome)
        trading.save(conn, tenant_id)
        decision = outcome.verdict.decision
        if decision.duplicate:
            clusters.join(conn, lead.permit, lead_id, *outcome.person)
        elif decision.turned_away:
            leads.turn_away(conn, tenant_id, lead_id)
        if job.arguments.get("tells", True):  # jobs of an earlier version do not say
            _tell(conn, lead, outcome, now)
        jobs.finish(conn, job)


def _tell(conn: Connection, lead: Prepared, outcome: Outcome, now: datetime) -> None:
    """Store what others want to hear of a lead that had not been checked."""
    tenant_id, lead_id = lead.permit.tenant_id, outcome.lead_id
    decision = outcome.verdict.decision
    if decision.action is not ALLOW:
        late = late_duplicate(lead, lead_id, decision.action.action_taken, now)
        waits = [review_waiting(outcome, now)] if outcome.review_id else []
        events.save(conn, tenant_id, [late, *waits])
    known = decision.duplicate or decision.turned_away
    if not known and not events.told(conn, tenant_id, "lead.created", [lead_id]):
        events.save(conn, tenant_id, [created(lead, outcome, now)])


def _found(conn: Connection, gate: Gate, tenant_id: str, lead: Prepared) -> bool:
    """Return whether leads that came later could find *lead*: not if it could not be read."""
    around = Neighbourhood()
    around.read(conn, gate, tenant_id, [lead])
    return any(known.lead_id == lead.arrival.lead_id for known in around.of(lead))


def _outcome(
    conn: Connection, lead: Prepared, around: Neighbourhood, found: bool, trading: Trading
) -> Outcome:
    """Return what should have become of *lead*; who *found* it then was compared with it."""
    own, tenant_id = lead.arrival.lead_id, lead.permit.tenant_id
    policies = PolicyCache().ask(conn, tenant_id)()
    last_leads = LastLeads()
    last_leads.read(conn, tenant_id, [lead], around, policies)
    trading.read(conn, tenant_id, [lead], around, policies)
    others = [
        known
        for known in around.of(lead)
        if known.original != own and (known.lead_id < own or not found)
    ]
    reached = verdict(
        lead.submission,
        lead.reading,
        others,
        around.sightings(lead),
        around.colleagues(lead),
        policies.of(lead.submission.source_id),
        last_leads.of(lead),
        around.carriers(lead, others),
        lead.ip_key,
    )
    review_id = uuid7() if reached.decision.needs_review else None
    outcome = Outcome(own, uuid7(), review_id, lead.submission, reached, lead.took_ms)
    return trading.under(lead, outcome)
