"""One labelled lead: what a form posts, and the truth about whom it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """One labelled lead, in the order leads arrive."""

    lead: Mapping[str, str]
    """lead_data as a form posts it: only non-empty fields of `shared.lead_fields.FIELDS`."""
    submitted_at: datetime
    """Aware, UTC; arrivals are sorted by it, over about a year."""
    ip: str | None
    source_id: str
    person: int
    """Truth: the person this lead is about."""
    known: bool
    """Truth: the person has arrived before, so this lead is a duplicate."""
    kind: str
    """`first` for an unremarkable new person, else `dup:…` or `neg:…`."""
    country: str
    """ISO 3166-1 alpha-2, of the person."""
    group: str
    """Country group: north_america, latin_america, western_europe, eastern_europe, middle_east,
    south_asia, east_asia, southeast_asia, africa or oceania."""
    ambiguous: bool = False
    """True where a careful human who sees only the two leads could not decide."""
    of: int | None = None
    """Position, in the list, of the arrival this one was made from: the duplicate's earlier lead,
    or the hard negative's neighbour."""
