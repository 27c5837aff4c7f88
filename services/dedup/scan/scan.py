"""A scan: an account's stored leads compared with each other, how far it is, and what it found."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

MOST_FAILED = 100
"""Leads that may fail before the fault is no lead's, and the scan ends as failed."""

FEW = 100
"""Leads that must be done before the time that is left can be told."""

NIGHT = time(2, tzinfo=UTC)
"""From when on a night's scans are begun: most accounts sleep, and nobody's morning waits."""

NIGHTLY = "nightly"
"""Who asked for a scan because it was night."""

OPEN = ("waiting", "running")

STATUSES = (*OPEN, "done", "cancelled", "failed")


@dataclass(frozen=True, slots=True)
class Progress:
    """What came of some leads."""

    leads: int = 0
    pairs: int = 0
    """Pairs of leads that were compared."""
    known: int = 0
    """Likely pairs of people about whom somebody was asked before."""
    opened: int = 0
    """Reviews."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan, as far as it is."""

    id: UUID
    only_unchecked: bool
    """True: of the leads that no check and no scan has compared with anybody; else of all."""
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
    pairs_compared: int = 0
    pairs_known: int = 0
    reviews_opened: int = 0

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
            said.append(f"{self.leads_failed} leads could not be compared; the log names them")
        if self.status == "failed":
            said.append("it was given up: so many failures are no fault of single leads")
        return said

    def done(self, last: UUID, came: Progress) -> "Scan":
        """Return the scan after some more leads, the latest of them *last*."""
        return replace(
            self,
            after_lead=last,
            leads_done=self.leads_done + came.leads,
            pairs_compared=self.pairs_compared + came.pairs,
            pairs_known=self.pairs_known + came.known,
            reviews_opened=self.reviews_opened + came.opened,
        )

    def failed_on(self, lead_id: UUID, now: datetime) -> "Scan":
        """Return the scan after a lead that could not be compared; too many are its end."""
        failed = self.leads_failed + 1
        after = replace(self.done(lead_id, Progress(leads=1)), leads_failed=failed)
        return replace(after, status="failed", ended_at=now) if failed >= MOST_FAILED else after


def night(now: datetime) -> datetime:
    """Return when the latest night began, at *now* (aware)."""
    today = datetime.combine(now.astimezone(UTC).date(), NIGHT)
    return today if today <= now else today - timedelta(days=1)
