"""Investigations, as services ask for them that find leads: may leads join, and have them join.

Services never meet in imports, so what is asked stands here; whoever puts the services together
says who does it (`leadfly/lead_investigations.py`), as with `shared.admission`.
"""

from collections.abc import Sequence
from typing import Protocol, cast
from uuid import UUID

from flask import current_app

from shared.errors import Unavailable

INVESTIGATIONS = "leadfly.leads.investigations"
"""Where it stands in `app.extensions`."""


class NoInvestigations(Unavailable):
    """This service runs without investigations; start all services."""


class Investigations(Protocol):
    """Whoever keeps investigations."""

    def check_open(self, tenant_id: str, investigation_id: UUID) -> None:
        """Return if leads may join. Raises NotFound, or Conflict if it is closed."""

    def catch_up(self, tenant_id: str) -> None:
        """Have leads that were stored until now found by lists, and by a discovery among them."""

    def join(
        self, tenant_id: str, investigation_id: UUID, lead_ids: Sequence[UUID], by: str
    ) -> frozenset[UUID]:
        """Bring stored leads into an investigation; those of another one stay there.

        Return the leads that may not be used: their person withdrew the consent or, where the
        privacy mode asks for one, gave none. They join nothing.
        """


def investigations() -> Investigations:
    """Return the running app's. Raises NoInvestigations where nobody put any in."""
    found = current_app.extensions.get(INVESTIGATIONS)
    if found is None:
        raise NoInvestigations
    return cast(Investigations, found)
