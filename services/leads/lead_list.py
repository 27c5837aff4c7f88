"""Lists of leads: filtered, sorted, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from services.leads import filter_store, lead_answer, lead_store, page, page_store
from services.leads.filter import Circle, Filter
from services.leads.page import Page
from shared.db import Database
from shared.errors import Meaningless
from shared.great_circle import distance_km
from shared.privacy.gate import Gate


@dataclass(frozen=True, slots=True)
class Listed:
    """One page."""

    leads: list[dict[str, Any]]
    next_after: str | None


def asked_page(data: Mapping[str, Any], wanted: Filter) -> Page:
    """Return the page that *data*, loaded by `Paging`, asks for.

    Raises Meaningless for `nearest` without `near`, and for `offset` beside `after`; Malformed
    for an `after` that is none.
    """
    sort = data["sort"] or "strongest"
    if sort == "nearest" and wanted.near is None:
        raise Meaningless(details={"sort": "needs near, to say near what"})
    after = page.mark(sort, data["after"]) if data["after"] else None
    if after and data["offset"]:
        raise Meaningless(details={"offset": "is not for a page that follows after another"})
    return Page(sort, data["limit"], data["offset"], after)


def listed(database: Database, gate: Gate, tenant_id: str, wanted: Filter, asked: Page) -> Listed:
    """Return a page of the leads that are *wanted*. Raises NotFound for an investigation."""
    with database.transaction(tenant_id) as conn:
        filter_store.check(conn, tenant_id, wanted)
        found = page_store.marks(conn, tenant_id, wanted, replace(asked, limit=asked.limit + 1))
        shown = found[: asked.limit]
        rows = lead_store.many(conn, tenant_id, [mark.lead_id for mark in shown])
    leads = [lead_answer.lead(gate, tenant_id, row) for row in rows]
    if wanted.near:
        leads = [lead | {"distance_km": _apart(wanted.near, lead)} for lead in leads]
    more = len(found) > asked.limit
    return Listed(leads, page.spelled(asked.sort, shown[-1]) if more else None)


def _apart(middle: Circle, lead: Mapping[str, Any]) -> float | None:
    """Return a lead's distance in km, to the metre; None if its place was changed just now."""
    place = cast("Mapping[str, float] | None", lead["place"])
    if place is None:
        return None
    point = (place["latitude"], place["longitude"])
    return round(distance_km(middle.latitude, middle.longitude, *point), 3)
