"""Cross-referencing: what was found of a lead and also of others that are looked into with it.

Findings are compared by keyed pseudonyms of their canonical values (`comparable.CROSSED`):
nobody's are opened to look, only those of a lead that has the same street or profile, to see
whether it is. Whoever withdrew, objected or gave no consent that the mode asks for
is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from psycopg import Connection

from services.enrichment import agreeing, crossing_store, finding_store, permitting
from services.enrichment.crossing_store import Hit
from services.enrichment.desk import Desk
from services.enrichment.enriching import EnrichmentRefused
from services.enrichment.finding import Finding
from services.enrichment.known import known, permit
from shared.errors import NotFound
from shared.privacy.gate import Permit, Pseudonym

MOST_HITS = 1_000
"""Findings of other leads that are looked at."""

MOST_LEADS = 100
"""Other leads in one answer: an investigation in which more share something has another reason."""

UNKNOWN = {"investigation_id": "is no investigation of this account"}


@dataclass(frozen=True, slots=True)
class Cross:
    """One value that was found of the lead and of another one."""

    lead_id: UUID
    """The other lead."""
    how: str
    """The kind of value that both have: email, phone, domain, social, username or address."""
    finding: Finding
    """Of the lead that was asked about."""
    other_field: str
    other_provider: str
    """Of the other lead; of several the first by name."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """What a lead has in common with others."""

    crosses: tuple[Cross, ...]
    """By the other lead's id, each value once."""
    truncated: bool
    """True if there is, or may be, more."""


@dataclass(frozen=True, slots=True)
class _Own:
    """A finding of the lead that is asked about, and of which kind its value is."""

    kind: str
    finding: Finding


def cross_reference(
    desk: Desk, tenant_id: str, lead_id: UUID, investigation_id: UUID, now: datetime
) -> Crossed:
    """Return what was found of a lead and also of other leads of an investigation.

    Raises NotFound for either, EnrichmentRefused if the lead's person may not be asked about.
    """
    with desk.database.transaction(tenant_id) as conn:
        about = known(desk, conn, tenant_id, lead_id, now)
        refused = permitting.refusal(desk.gate.mode, about.standing)
        if refused:
            raise EnrichmentRefused(details={permitting.CONSENT: refused})
        if not crossing_store.is_investigation(conn, tenant_id, investigation_id):
            raise NotFound(details=UNKNOWN)
        held = _findings(desk, conn, tenant_id, lead_id, now)
        own = _own(desk, permit(desk, tenant_id, about.standing), held)
        hits = crossing_store.hits(
            conn, tenant_id, lead_id, investigation_id, list(own), now, MOST_HITS + 1
        )
        by_lead = [(other, list(of)) for other, of in groupby(hits[:MOST_HITS], _lead)]
        shown = [
            cross
            for other, of in by_lead[:MOST_LEADS]
            if _may_be_shown(desk, conn, tenant_id, other, now)
            for cross in _crosses(own, of)
            if _agree(desk, conn, tenant_id, cross, held, now)
        ]
    return Crossed(tuple(shown), len(hits) > MOST_HITS or len(by_lead) > MOST_LEADS)


def _findings(
    desk: Desk, conn: Connection, tenant_id: str, lead_id: UUID, now: datetime
) -> list[Finding]:
    held = finding_store.of_lead(conn, desk.gate, tenant_id, lead_id, now)
    return [one.finding for one in held]


def _own(desk: Desk, allowed: Permit, held: list[Finding]) -> Mapping[Pseudonym, _Own]:
    """Return the lead's findings by the keys of their values; of equal ones the first."""
    found: dict[Pseudonym, _Own] = {}
    for finding in held:
        one = finding_store.crossed(finding.field, finding.value, desk.country)
        if one and agreeing.tells(one):
            found.setdefault(finding_store.crossed_key(allowed, one), _Own(one.kind, finding))
    return found


def _agree(
    desk: Desk, conn: Connection, tenant_id: str, cross: Cross, held: list[Finding], now: datetime
) -> bool:
    """True if what two leads have in common is really one."""
    if not agreeing.needs_more(cross.how):
        return True
    theirs = _findings(desk, conn, tenant_id, cross.lead_id, now)
    mine = finding_store.crossed(cross.finding.field, cross.finding.value, desk.country)
    equal = [
        one for one in theirs if finding_store.crossed(one.field, one.value, desk.country) == mine
    ]
    return any(
        agreeing.same(cross.how, cross.finding, one, held, theirs, desk.country) for one in equal
    )


def _may_be_shown(
    desk: Desk, conn: Connection, tenant_id: str, lead_id: UUID, now: datetime
) -> bool:
    """True unless the person of another lead said no, or is gone by now."""
    try:
        about = known(desk, conn, tenant_id, lead_id, now)
    except NotFound:
        return False
    return permitting.refusal(desk.gate.mode, about.standing) is None


def _crosses(own: Mapping[Pseudonym, _Own], hits: list[Hit]) -> Iterator[Cross]:
    """Yield what the lead has in common with one other, each value once."""
    for key, of in groupby(hits, lambda hit: hit.key):
        first = next(of)
        mine = own[key]
        yield Cross(first.lead_id, mine.kind, mine.finding, first.field, first.provider)


def _lead(hit: Hit) -> UUID:
    return hit.lead_id
