"""Leads, businesses and markets around a place, asked for from Python."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from lead_discovery.pool import BY, Pool
from services.leads import local

RADIUS_KM = 50.0
"""How far around a place is looked unless something else is said (contract, section 3)."""


class GeographicTargeting:
    """Looks around a place among the leads of one account, as the /local routes do."""

    def __init__(self, db_pool: Pool, *, user_id: str | None = None):
        """*user_id* is the account; absent, `anonymous` where AUTH_MODE is local."""
        self._desk, self._tenant_id = db_pool.desk, db_pool.tenant(user_id)

    async def discover_local_leads(
        self,
        investigation_id: UUID | str,
        location: str,
        radius_km: float = RADIUS_KM,
        criteria: Mapping[str, Any] | None = None,
    ) -> list[str]:
        """Return the ids of the leads around *location*, the nearest first; they join it.

        *criteria*: industry or business_type, lead_category, … as POST /local/discover takes them.
        Raises NotFound for the investigation, Meaningless for a place nobody knows.
        """
        found = await asyncio.to_thread(
            local.discover,
            self._desk.database,
            self._desk.gate,
            self._tenant_id,
            UUID(str(investigation_id)),
            location,
            radius_km,
            criteria or {},
            self._desk.country,
            BY,
        )
        return [str(lead_id) for lead_id in found["lead_ids"]]

    async def find_nearby_businesses(
        self, location: str, radius_km: float = RADIUS_KM, industry: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the businesses that leads around *location* work for, the nearest first.

        Raises Meaningless for a place or an industry that nobody knows.
        """
        return await asyncio.to_thread(
            local.nearby_businesses,
            self._desk.database,
            self._desk.gate,
            self._tenant_id,
            location,
            radius_km,
            industry,
            self._desk.country,
        )

    async def analyze_local_market(self, location: str) -> dict[str, Any]:
        """Return what leads tell of a city, a region or a country: totals, industries, trend."""
        return await asyncio.to_thread(
            local.market,
            self._desk.database,
            self._desk.gate,
            self._tenant_id,
            location,
            self._desk.country,
        )
