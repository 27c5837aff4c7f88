"""A dry run: what leads would be answered, without storing or locking anything.

Leads are compared with what is known, and with those before them in the same request, by the same
code as any other. Nobody waits for a dry run and it waits for nobody, so of two leads that come
at the same moment it may not know the other.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from services.dedup.check import MOST_PER_TRANSACTION
from services.dedup.judging import judged
from services.dedup.last_leads import LastLeads
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome
from services.dedup.policy import Policies
from services.dedup.policy_cache import PolicyCache
from services.dedup.preparation import Prepared
from services.dedup.trade.trading import Trading
from shared.db import STATEMENT_SECONDS, Database
from shared.errors import Unavailable
from shared.privacy.gate import Gate

READING_SECONDS = 10 * STATEMENT_SECONDS
"""How long one statement may take; it reads for up to MOST_PER_TRANSACTION leads."""


class NotCompared(Unavailable):
    """This lead could not be compared just now; nothing was stored."""


def dry_run(
    database: Database,
    gate: Gate,
    tenant_id: str,
    prepared: Sequence[Prepared],
    policies: PolicyCache,
) -> list[Outcome]:
    """Return what would become of *prepared* leads, in their order.

    An outcome that is `skipped` could not be reached. Raises Unavailable if the database cannot
    be asked: nothing would be gained by letting leads pass that nobody keeps.
    """
    return policies.spared(
        tenant_id, partial(_dry_run, database, gate, tenant_id, prepared, policies)
    )


def only(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the outcome of one lead. Raises NotCompared if it could not be reached."""
    (outcome,) = outcomes
    if outcome.skipped:
        raise NotCompared
    return outcome


def _dry_run(
    database: Database,
    gate: Gate,
    tenant_id: str,
    prepared: Sequence[Prepared],
    policies: PolicyCache,
) -> list[Outcome]:
    around, last_leads, trading = Neighbourhood(), LastLeads(), Trading(datetime.now(UTC))
    outcomes: list[Outcome] = []
    with database.transaction(tenant_id, (), READING_SECONDS) as conn:
        conn.command(b"SET TRANSACTION READ ONLY")
        known = policies.ask(conn, tenant_id)()
        for start in range(0, len(prepared), MOST_PER_TRANSACTION):
            chunk = prepared[start : start + MOST_PER_TRANSACTION]
            around.read(conn, gate, tenant_id, chunk)
            last_leads.read(conn, tenant_id, chunk, around, known)
            trading.read(conn, tenant_id, chunk, around, known, counting=False)
            outcomes += [_judged(lead, around, last_leads, trading, known) for lead in chunk]
    return outcomes


def _judged(
    lead: Prepared,
    around: Neighbourhood,
    last_leads: LastLeads,
    trading: Trading,
    policies: Policies,
) -> Outcome:
    policy = policies.of(lead.submission.source_id)
    outcome = judged(lead, around, policy=policy, last_leads=last_leads.of(lead))
    outcome = trading.under(lead, outcome)
    around.add(lead, outcome)
    last_leads.add(outcome)
    trading.add(lead, outcome)
    return outcome
