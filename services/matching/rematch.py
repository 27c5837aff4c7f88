"""A rematch: many leads of an account matched anew, how far it is, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

MIN_MATCH_SCORE = 50.0
"""Points from which a service is kept for a lead, where nobody says: priority medium (contract,
section 3)."""

KEPT, MOST_KEPT = 3, 50
"""Services kept for a lead: where nobody says, and at most (contract, section 3: 50 matches)."""

MOST_FAILED = 100
"""Leads that may fail before the fault is no lead's, and the job ends as failed."""

FEW = 100
"""Leads that must be done before the time that is left can be told."""

AUTOMATIC = "automatic"
"""Who asked for a job because services changed."""

OPEN = ("waiting", "running")

STATUSES = (*OPEN, "done", "cancelled", "failed")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done."""

    service_ids: tuple[UUID, ...] | None = None
    """Each once, in order; None: all that are active."""
    min_match_score: float = MIN_MATCH_SCORE
    most_kept: int = KEPT
    """The best services so many are kept for each lead."""
    tell: bool = False
    """True: webhooks hear of high scores that are news."""


@dataclass(frozen=True, slots=True)
class Rematch:
    """One job, as far as it is."""

    id: UUID
    order: Order
    automatic: bool
    """True: because services changed."""
    status: str
    """One of STATUSES."""
    asked_at: datetime
    asked_by: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    after_lead: UUID | None = None
    """All leads up to this one are done."""
    leads_total: int = 0
    """As many as there were when it began; those that came since are done with them."""
    leads_done: int = 0
    leads_failed: int = 0
    matches_kept: int = 0
    """Stored or scored anew."""
    matches_ended: int = 0

    def seconds_left(self, now: datetime) -> float | None:
        """Return how long it should still take at *now*; None where nobody can know yet."""
        if self.status not in OPEN:
            return 0.0
        if self.started_at is None or self.leads_done < FEW:
            return None
        passed = (now - self.started_at).total_seconds()
        return max(0, self.leads_total - self.leads_done) * passed / self.leads_done

    def errors(self) -> list[str]:
        """Return in words what went wrong."""
        said = []
        if self.leads_failed:
            said.append(f"{self.leads_failed} leads could not be matched; the log names them")
        if self.status == "failed":
            said.append("it was given up: so many failures are no fault of single leads")
        return said

    def done(self, last: UUID, leads: int, kept: int = 0, ended: int = 0) -> "Rematch":
        """Return the job after some more *leads*, the latest of them *last*."""
        return replace(
            self,
            after_lead=last,
            leads_done=self.leads_done + leads,
            matches_kept=self.matches_kept + kept,
            matches_ended=self.matches_ended + ended,
        )

    def failed_on(self, lead_id: UUID) -> "Rematch":
        """Return the job after a lead that could not be matched; too many are its end."""
        failed = self.leads_failed + 1
        after = replace(self.done(lead_id, 1), leads_failed=failed)
        return replace(after, status="failed") if failed >= MOST_FAILED else after


def ordered(service_ids: Sequence[UUID] | None) -> tuple[UUID, ...] | None:
    """Return *service_ids* as an order has them; None or none of them: all."""
    return tuple(sorted(set(service_ids))) if service_ids else None
