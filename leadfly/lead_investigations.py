"""Investigations as services ask for them that find leads."""

from collections.abc import Sequence
from uuid import UUID

from services.leads import investigation, joining
from services.leads.catching_up import catch_up
from shared.db import Database
from shared.privacy.gate import Gate


class LeadInvestigations:
    """The leads service's own, for `shared.investigations`."""

    def __init__(self, database: Database, gate: Gate, country: str):
        """*country* reads bare place names, as the installation does."""
        self._database, self._gate, self._country = database, gate, country

    def check_open(self, tenant_id: str, investigation_id: UUID) -> None:
        """Return if leads may join. Raises NotFound or Closed, naming the field."""
        investigation.check_open(self._database, tenant_id, investigation_id)

    def catch_up(self, tenant_id: str) -> None:
        """Have leads that were stored until now listed."""
        catch_up(self._database, self._gate, self._country, tenant_id)

    def join(
        self, tenant_id: str, investigation_id: UUID, lead_ids: Sequence[UUID], by: str
    ) -> frozenset[UUID]:
        """Bring leads into an investigation; return those that may not be used."""
        return joining.join(
            *(self._database, self._gate, self._country, tenant_id),
            *(investigation_id, lead_ids, by),
        )
