"""Joining: leads that somebody found come into an investigation, each once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from services.leads import change_writing, consent_store, local_store
from services.leads.catching_up import catch_up
from services.leads.change import Change
from services.leads.change_writing import Mark
from shared.db import Database
from shared.privacy.gate import Gate
from shared.privacy.purposes import LEAD_PROCESSING


def join(
    database: Database,
    gate: Gate,
    country: str,
    tenant_id: str,
    investigation_id: UUID,
    lead_ids: Sequence[UUID],
    by: str,
) -> frozenset[UUID]:
    """Bring leads into an investigation as `shared.investigations.Investigations.join` says."""
    if not lead_ids:
        return frozenset()
    catch_up(database, gate, country, tenant_id)
    needed = gate.mode.needs_consent(LEAD_PROCESSING)
    with database.transaction(tenant_id) as conn:
        refused = consent_store.refused(conn, tenant_id, lead_ids, LEAD_PROCESSING, needed)
        usable = [lead_id for lead_id in lead_ids if lead_id not in refused]
        joining = local_store.lock(conn, tenant_id, usable)
        if joining:
            joined = Change(frozenset({"investigation_id"}), investigation_id=investigation_id)
            mark = Mark(by, datetime.now(UTC))
            change_writing.write(conn, tenant_id, joining, joined, False, mark)
    return frozenset(refused)
