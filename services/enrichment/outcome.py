"""What became of asking one provider."""

from dataclasses import dataclass

from services.enrichment.finding import Finding

ANSWERED, NOT_APPLICABLE, REFUSED, UNAVAILABLE = (
    *("answered", "not_applicable", "refused", "unavailable"),
)

STATUSES = (ANSWERED, NOT_APPLICABLE, REFUSED, UNAVAILABLE)
"""It answered, though perhaps with nothing; had nothing to ask; might not be asked; did not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one provider, in one run."""

    provider: str
    status: str
    """One of STATUSES."""
    message: str | None = None
    """Why, where it did not answer; names no person."""
    findings: tuple[Finding, ...] = ()
