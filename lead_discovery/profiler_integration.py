"""People looked up with the external profiler, and what was found of several leads, from Python."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lead_discovery.pool import BY, Pool
from services.enrichment import answer, crossing, crossing_answer, enriching
from services.enrichment.desk import Desk
from services.enrichment.profiling import NAME
from services.enrichment.schema import EnrichOrder
from services.leads import lead_investigation
from services.leads.catching_up import catch_up
from services.leads.lead_investigation_schema import InvestigationOfLead
from shared.validation import loaded


class ProfilerIntegration:
    """Asks the profiler about leads of one account, as the routes of enrichment do."""

    def __init__(self, db_pool: Pool, *, user_id: str | None = None):
        """*user_id* is the account; absent, `anonymous` where AUTH_MODE is local."""
        known, self._tenant_id = db_pool.desk, db_pool.tenant(user_id)
        self._desk = Desk(known.database, known.gate, known.country, db_pool.means)

    async def enrich_lead_with_profiler(
        self,
        lead_id: UUID | str,
        username: str | None = None,
        email: str | None = None,
        lawful_basis: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Ask the profiler about a lead, keep what it finds, and return what POST …/enrich answers.

        *email* takes the place of the lead's own; *lawful_basis* is `basis` and perhaps `note`.
        Raises NotFound, Malformed, EnrichmentRefused and BeingEnriched.
        """
        wanted, said = UUID(str(lead_id)), {"username": username, "email": email}
        basis = dict(lawful_basis) if lawful_basis else None
        wish = loaded(EnrichOrder(), said | {"providers": [NAME], "lawful_basis": basis})
        done = await asyncio.to_thread(
            enriching.enrich, self._desk, self._tenant_id, wanted, wish, BY, datetime.now(UTC)
        )
        return answer.enriched(wanted, done)

    async def cross_reference_findings(
        self, lead_id: UUID | str, investigation_id: UUID | str
    ) -> list[dict[str, Any]]:
        """Return what was found of a lead and also of other leads of an investigation.

        Raises NotFound and EnrichmentRefused.
        """
        found = await asyncio.to_thread(
            crossing.cross_reference,
            self._desk,
            self._tenant_id,
            UUID(str(lead_id)),
            UUID(str(investigation_id)),
            datetime.now(UTC),
        )
        return [crossing_answer.cross(one) for one in found.crosses]

    async def create_investigation_from_lead(
        self, lead_id: UUID | str, investigation_name: str | None = None, *, move: bool = False
    ) -> str:
        """Begin an investigation with a lead in it and return its id; None calls it by the lead's.

        *move* takes the lead out of the one that it is in. Raises NotFound, Malformed,
        ConsentMissing and Taken.
        """
        named = {"name": investigation_name} if investigation_name is not None else {}
        wanted = loaded(InvestigationOfLead(), named | {"move": move})
        return await asyncio.to_thread(self._begun, UUID(str(lead_id)), wanted)

    def _begun(self, lead_id: UUID, wanted: lead_investigation.Begun) -> str:
        desk = self._desk
        catch_up(desk.database, desk.gate, desk.country, self._tenant_id)
        begun = lead_investigation.begin(
            desk.database, desk.gate, self._tenant_id, lead_id, wanted, BY
        )
        return str(begun.investigation.id)
