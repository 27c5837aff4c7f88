"""Looking at what is held of a lead, and deleting it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.enrichment import finding_store, permitting, run_store
from services.enrichment.conflicting import Conflict, conflicts
from services.enrichment.desk import Desk
from services.enrichment.enriching import in_order
from services.enrichment.held import Held, Run
from services.enrichment.known import known


@dataclass(frozen=True, slots=True)
class Look:
    """What is held of a lead."""

    held: tuple[Held, ...]
    conflicts: tuple[Conflict, ...]
    runs: tuple[Run, ...]
    """The latest first."""
    withheld: str | None
    """Why findings are not shown; None where they are, or there are none."""


def look(desk: Desk, tenant_id: str, lead_id: UUID, now: datetime) -> Look:
    """Return what is held of a lead. Raises NotFound.

    Of who withdrew or objected nothing is shown: to use what was found is enrichment, too.
    """
    with desk.database.transaction(tenant_id) as conn:
        about = known(desk, conn, tenant_id, lead_id, now)
        runs = tuple(run_store.latest(conn, desk.gate, tenant_id, lead_id))
        withheld = permitting.refusal(desk.gate.mode, about.standing)
        if withheld:
            return Look((), (), runs, withheld)
        held = in_order(desk, finding_store.of_lead(conn, desk.gate, tenant_id, lead_id, now))
    found = [one.finding for one in held]
    return Look(held, conflicts(about.said.fields, found, desk.country), runs, None)


def delete(desk: Desk, tenant_id: str, lead_id: UUID, now: datetime) -> int:
    """Delete all that is held of a lead, runs too; return how many findings. Raises NotFound.

    A run that goes on keeps nothing of what it finds.
    """
    with desk.database.transaction(tenant_id) as conn:
        known(desk, conn, tenant_id, lead_id, now)
        run_store.delete(conn, tenant_id, lead_id)
        return finding_store.delete(conn, tenant_id, lead_id)
