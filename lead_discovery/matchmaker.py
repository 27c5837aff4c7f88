"""Leads of one account, matched with its services from Python."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lead_discovery.pool import Pool
from services.matching import answer, keeping, matchmaking, service_leads, similar_leads
from services.matching.catalogue_cache import Catalogues
from services.matching.match_schema import LeadsPage
from services.matching.match_schema import Matching as HowMany
from services.matching.matchmaking import Asked, Desk
from services.matching.similar_schema import RECOMMENDED, HowManyLeads
from shared.validation import loaded


class LeadMatchmaker:
    """Finds the services for a lead, and the leads of a service, as the routes of matching do."""

    def __init__(self, db_pool: Pool, *, user_id: str | None = None):
        """*user_id* is the account; absent, `anonymous` where AUTH_MODE is local."""
        desk = db_pool.desk
        self._tenant_id = db_pool.tenant(user_id)
        self._desk = Desk(desk.database, desk.gate, desk.country, Catalogues())

    async def match_lead_to_services(
        self, lead_id: UUID | str, limit: int = matchmaking.LIMIT
    ) -> list[dict[str, Any]]:
        """Match a stored lead, keep its matches and return the best *limit*, 1 to 50.

        Raises NotFound, Malformed, and ConsentMissing where the mode asks for a consent.
        """
        wanted, most = UUID(str(lead_id)), _limit(limit)
        kept = await asyncio.to_thread(
            keeping.keep, self._desk, self._tenant_id, wanted, most, datetime.now(UTC)
        )
        matches: list[dict[str, Any]] = answer.kept(wanted, kept)["matches"]
        return matches

    async def recommend_services(
        self, lead_id: UUID | str, limit: int = RECOMMENDED
    ) -> list[dict[str, Any]]:
        """Return the best *limit* services for a stored lead, 1 to 50; nothing is kept.

        Raises NotFound and Malformed.
        """
        asked = Asked(UUID(str(lead_id)), {}, _limit(limit))
        found = await asyncio.to_thread(matchmaking.found, self._desk, self._tenant_id, asked)
        matches: list[dict[str, Any]] = answer.found(found)["matches"]
        return matches

    async def rank_leads(
        self,
        service_id: UUID | str,
        criteria: Mapping[str, Any] | None = None,
        limit: int = service_leads.USUAL,
    ) -> list[dict[str, Any]]:
        """Return the leads that may have a service, the best first, at most 500.

        Matched before or not. *criteria*: min_match_score, location, radius_km, industry, as GET
        /services/{id}/leads takes them. Raises NotFound, Inactive, Malformed, and Meaningless for
        a place that nobody knows.
        """
        asked = loaded(LeadsPage(), dict(criteria or {}) | {"limit": limit})
        page = await asyncio.to_thread(
            service_leads.page, self._desk, self._tenant_id, UUID(str(service_id)), asked
        )
        return [answer.ranked(row) for row in page.leads]

    async def similar_leads(
        self, lead_id: UUID | str, limit: int = similar_leads.USUAL
    ) -> list[dict[str, Any]]:
        """Return the leads of other people that are most like one, with reasons, at most 100.

        Raises NotFound and Malformed.
        """
        wanted, most = UUID(str(lead_id)), loaded(HowManyLeads(), {"limit": limit})["limit"]
        found = await asyncio.to_thread(
            similar_leads.similar, self._desk, self._tenant_id, wanted, most
        )
        return [answer.similar(one) for one in found]


def _limit(limit: int) -> int:
    return int(loaded(HowMany(), {"limit": limit})["limit"])
