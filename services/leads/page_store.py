"""The SQL of one page of a list: which leads, in which order. What they say is read apart.

Statements are planned anew each time (`prepare=False`): which index is best depends on how many
leads each filter leaves, and a plan made once for all values is wrong for most.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import degrees
from typing import Any

from psycopg import Connection, sql

from services.leads import cell, search_store
from services.leads.filter import Circle, Filter
from services.leads.filter_store import Parameters, apart, distance, half_chord, where
from services.leads.page import Mark, Page
from services.leads.search_store import Searched
from shared.great_circle import EARTH_RADIUS_KM

LARGE_KM = 100.0
"""A radius beyond which a circle may hold much of all leads: PostgreSQL then chooses between
a walk along the order and a look at the circle. Of a smaller one all leads are looked at."""

NEARBY = (1 / 64, 1 / 16, 1 / 4)
"""Shares of a radius within which the nearest are looked for first: in a city the first is enough,
and where nobody lives it costs nothing."""

WALKED, MOST_WALKED = 20, 20_000
"""Leads of the order that are looked at first, for each that a page holds, and at most: 9 ms."""

MARGIN = 1.3
"""How many more leads are looked at than should hold a page, by those that were: else every other
look would end just before."""


def marks(
    conn: Connection[Any],
    tenant_id: str,
    wanted: Filter,
    page: Page,
    few: int = search_store.MOST_FEW,
) -> list[Mark]:
    """Return the places of up to `page.limit` leads that are *wanted*, in the order of *page*.

    Sorted by `nearest`, *wanted* must say near what. *few* as in `search_store`.
    """
    conn.execute("SET LOCAL max_parallel_workers_per_gather = 0")  # others wait for these, too
    searched = search_store.searched(conn, tenant_id, wanted, few)
    if searched is None:
        return []
    found: list[Mark] = []
    for look in _looks(searched.rest, page):
        found = _found(conn, tenant_id, look, searched, page)
        further = _further(look, len(found), page.limit)
        if further:
            found = _found(conn, tenant_id, further, searched, page)
        if len(found) == page.limit:
            break
    return found


@dataclass(frozen=True, slots=True)
class _Look:
    """One way to look for a page: whoever finds it full has the whole page."""

    rest: Filter
    """What is wanted beside the circle."""
    circle: Circle | None = None
    window: int | None = None
    """How many leads of the order, whatever else they are, are looked at. None: all, or all within
    the circle if there is one."""


def _looks(wanted: Filter, page: Page) -> Iterator[_Look]:
    """Yield ways to look for a page, each farther than the one before.

    In a crowded place the first hundred leads of the order, or the nearest blocks, fill a page;
    elsewhere looking at them costs little.
    """
    circle, rest = _circle(wanted, page.sort)
    if circle and page.sort == "nearest":
        for share in NEARBY:
            yield _Look(rest, replace(circle, radius_km=circle.radius_km * share))
    elif circle and page.offset == 0:
        yield _Look(rest, circle, min(MOST_WALKED, WALKED * page.limit))
    yield _Look(rest, circle)


def _further(look: _Look, found: int, limit: int) -> _Look | None:
    """Return how far down the order a page should be full, by what *look* found of it.

    None if it is full, or if all leads within the circle are sooner looked at.
    """
    if not look.window or not 0 < found < limit:
        return None
    window = int(look.window * limit / found * MARGIN)
    return replace(look, window=window) if window <= MOST_WALKED else None


def _found(
    conn: Connection[Any], tenant_id: str, look: _Look, searched: Searched, page: Page
) -> list[Mark]:
    conditions, values = where(look.rest)
    conditions = sql.SQL(" AND ").join([conditions, *searched.likely])
    values |= searched.values | {"tenant": tenant_id, "limit": page.limit, "offset": page.offset}
    after = _AFTER[page.sort] if page.after else sql.SQL("true")
    values |= _after(page.after) if page.after else {}
    if look.circle and look.window:
        values |= _band(look.circle) | {"window": look.window}
        conditions = _IN_BAND.format(_APART, conditions)
    elif look.circle:
        values |= _stretches(look.circle)
    table = _FIRST if look.window else _AROUND if look.circle else _ALL
    query = _PAGE.format(
        chord=_CHORD if look.circle else sql.SQL("NULL::float8"),
        table=table.format(columns=_COLUMNS, apart=_APART, after=after, order=_ORDER[page.sort]),
        conditions=conditions,
        after=after,
        order=_ORDER[page.sort],
    )
    paged = _CHECKED.format(query, searched.check) if searched.check else _PAGED.format(query)
    return [Mark(*row) for row in conn.execute(paged, values, prepare=False)]


def _circle(wanted: Filter, sort: str) -> tuple[Circle | None, Filter]:
    """Return the circle all of which is looked at, if there is one, and what else is *wanted*."""
    near, within = wanted.near, wanted.within
    if near and (sort == "nearest" or near.radius_km <= LARGE_KM):
        return near, replace(wanted, near=None)
    if isinstance(within, Circle) and within.radius_km <= LARGE_KM:
        return within, replace(wanted, within=None)
    return None, wanted


def _stretches(circle: Circle) -> Parameters:
    stretches = cell.covering(circle.latitude, circle.longitude, circle.radius_km)
    first, last, inside = zip(*stretches, strict=True)
    around = {"first": list(first), "last": list(last), "inside": list(inside)}
    return around | distance("around", circle)


def _band(circle: Circle) -> Parameters:
    """Return the parallels between which a circle lies, cheaper to ask for than its distance."""
    reach = degrees(circle.radius_km / EARTH_RADIUS_KM) + 1e-6
    band = {"south": circle.latitude - reach, "north": circle.latitude + reach}
    return band | distance("around", circle)


def _after(mark: Mark) -> Parameters:
    return {
        "after_id": mark.lead_id,
        "after_at": mark.received_at,
        "after_strength": mark.signal_strength,
        "after_chord": mark.half_chord,
    }


_CHORD = half_chord("around")
_APART = apart("around")

_ORDER = {
    "strongest": sql.SQL("signal_strength DESC, received_at DESC, lead_id DESC"),
    "newest": sql.SQL("received_at DESC, lead_id DESC"),
    "oldest": sql.SQL("received_at, lead_id"),
    "nearest": sql.SQL("half_chord, lead_id"),
}
_AFTER = {
    "strongest": sql.SQL(
        "(listed.signal_strength, listed.received_at, listed.lead_id)"
        " < (%(after_strength)s, %(after_at)s, %(after_id)s)"
    ),
    "newest": sql.SQL("(listed.received_at, listed.lead_id) < (%(after_at)s, %(after_id)s)"),
    "oldest": sql.SQL("(listed.received_at, listed.lead_id) > (%(after_at)s, %(after_id)s)"),
    "nearest": sql.SQL("({}, listed.lead_id) > (%(after_chord)s, %(after_id)s)").format(_CHORD),
}
_IN_BAND = sql.SQL("listed.latitude BETWEEN %(south)s AND %(north)s AND {} AND {}")
_COLUMNS = sql.SQL(
    "tenant_id, lead_id, received_at, signal_strength, latitude, longitude, cell, status,"
    " duplicate, investigation_id, source_id, industry, country, admin1, company_size,"
    " lead_category, lead_type, assigned_to, tag_bits, word_bits"
)
"""What the indexes hold."""

_PAGE = sql.SQL("""
    SELECT lead_id, received_at, signal_strength, {chord} AS half_chord
    FROM {table} WHERE listed.tenant_id = %(tenant)s AND {conditions} AND {after}
    ORDER BY {order}
    """)
_ALL = sql.SQL("leads.listing AS listed")
_FIRST = sql.SQL("""(
        SELECT {columns} FROM leads.listing AS listed
        WHERE listed.tenant_id = %(tenant)s AND {after} ORDER BY {order} LIMIT %(window)s
    ) AS listed""")
_AROUND = sql.SQL("""unnest(%(first)s::bigint[], %(last)s::bigint[], %(inside)s::boolean[])
        AS stretch (first, last, inside)
    CROSS JOIN LATERAL (
        SELECT {columns} FROM leads.listing AS listed
        WHERE listed.tenant_id = %(tenant)s AND listed.cell BETWEEN stretch.first AND stretch.last
          AND (stretch.inside OR {apart})
        OFFSET 0 -- keeps other filters and the order from luring PostgreSQL to another index
    ) AS listed""")
_PAGED = sql.SQL("{} LIMIT %(limit)s OFFSET %(offset)s")
_CHECKED = sql.SQL("""
    SELECT * FROM ({} OFFSET 0) AS found -- in their order, and only until there are enough
    WHERE {} LIMIT %(limit)s OFFSET %(offset)s
    """)
