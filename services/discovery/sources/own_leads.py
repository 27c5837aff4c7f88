"""The account's own leads: those it has that fit, by what they say and by what they did.

They are looked through newest first, a block at a time, whatever there are: a lead that is not
listed by its place or trade is none that fits. Nobody is made anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.discovery.criteria import Criteria
from services.discovery.find import Find, Passed, Provenance
from services.discovery.fitting import Looked, looked, mentions, within
from services.discovery.sources import own_leads_store as store
from services.discovery.sources.source import Progress, Reach
from shared.errors import Malformed

BLOCK = 2000
"""Leads of one look: some 20 ms, so that progress is told and a cancelled job ends soon."""

MOST_DAYS = 3650
"""Ten years: nothing that somebody did is kept longer."""


class OwnLeads:
    """Finds the leads that an account has already."""

    type = "own_leads"
    title = "The account's own leads and visitors"
    builtin = True
    licence = "the account's own"
    attribution = ""
    limits = "Leads that lists show. What visitors did is looked through as far as they agreed."
    described: Mapping[str, str] = {
        "active_within_days": "Only leads that did something (opened a page, sent a form, …) in "
        f"so many days, 1 to {MOST_DAYS}; absent, all.",
    }
    shown = ("active_within_days",)

    def checked(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return *settings*, read strictly. Raises Malformed."""
        faults: dict[str, object] = {
            name: "is no setting of this source" for name in settings.keys() - self.described.keys()
        }
        days = settings.get("active_within_days")
        whole = isinstance(days, int) and not isinstance(days, bool)
        if days is not None and not (whole and 1 <= days <= MOST_DAYS):
            faults["active_within_days"] = f"must be a whole number from 1 to {MOST_DAYS}"
        if faults:
            raise Malformed(details=faults)
        return {} if days is None else {"active_within_days": days}

    def find(
        self, tenant_id: str, settings: Mapping[str, Any], criteria: Criteria, reach: Reach
    ) -> Iterator[Find | Passed | Progress]:
        """Yield the leads that fit, newest first."""
        wanted, now = looked(criteria), datetime.now(UTC)
        days = settings.get("active_within_days")
        since = now - timedelta(days=days) if days else None
        with reach.database.transaction(tenant_id) as conn:
            total = store.count(conn, tenant_id)
        before, done, found = store.NEWEST, 0, 0
        yield Progress(0, total)
        while not reach.stop():
            block = _block(reach, tenant_id, before, wanted, since)
            for lead_id in _fitting(reach, tenant_id, wanted, block.leads):
                yield Find(str(lead_id), {}, self._provenance(now), lead_id=lead_id)
                found += 1
                if found >= criteria.most:
                    return
            done += block.looked_at
            yield Progress(done, max(done, total))
            if block.last is None:
                return
            before = block.last

    def _provenance(self, now: datetime) -> Provenance:
        return Provenance(self.type, "", self.licence, self.attribution, now)


def _block(
    reach: Reach, tenant_id: str, before: UUID, wanted: Looked, since: datetime | None
) -> store.Block:
    with reach.database.transaction(tenant_id) as conn:
        return store.block(conn, tenant_id, before, BLOCK, wanted, since)


def _fitting(
    reach: Reach, tenant_id: str, wanted: Looked, leads: Sequence[store.Own]
) -> list[UUID]:
    """Return those of *leads* that are in the circle and have one of the keywords."""
    near = [lead.lead_id for lead in leads if _in_circle(wanted, lead)]
    if not wanted.words or not near:
        return near
    with reach.database.transaction(tenant_id) as conn:
        said = store.texts(conn, reach.gate, tenant_id, near)
        have = {id for id, texts in said.items() if mentions(wanted.words, texts)}
        rest = [lead_id for lead_id in near if lead_id not in have]
        did = store.done(conn, reach.gate, tenant_id, rest) if rest else {}
    have |= {id for id, texts in did.items() if mentions(wanted.words, texts)}
    return [lead_id for lead_id in near if lead_id in have]


def _in_circle(wanted: Looked, lead: store.Own) -> bool:
    if wanted.circle is None:
        return True
    if lead.latitude is None or lead.longitude is None:
        return False
    return within(wanted.circle, lead.latitude, lead.longitude)
