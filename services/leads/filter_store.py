"""Filters as SQL: conditions on a row of leads.listing, which the caller calls `listed`.

Every condition can be read off an index under row-level security, which lets only leakproof
operators near one: =, <, BETWEEN and = ANY of text, uuid, bigint and timestamptz.
"""

from collections.abc import Iterator
from math import cos, radians, sin
from typing import Any

from psycopg import Connection, sql

from services.leads import cell
from services.leads.filter import Circle, Filter, Region
from services.leads.listing_words import SEALED_MARK, TAG_MARK
from shared.errors import NotFound
from shared.great_circle import EARTH_RADIUS_KM

Parameters = dict[str, object]
"""What the statement's placeholders hold."""

AFTER_ALL = "\U0010ffff"
"""Sorts after every character: what begins with a word lies before the word and this."""


def where(wanted: Filter) -> tuple[sql.Composed, Parameters]:
    """Return what holds of the leads that are *wanted*, for a WHERE that names the tenant.

    The statement has the tenant as %(tenant)s.
    """
    conditions: list[sql.Composable] = []
    parameters: Parameters = {}
    for condition, values in _conditions(wanted):
        conditions.append(condition)
        parameters |= values
    return sql.SQL(" AND ").join(conditions or [sql.SQL("true")]), parameters


def check(conn: Connection[Any], tenant_id: str, wanted: Filter) -> None:
    """Raise NotFound if *wanted* names an investigation that this tenant does not have."""
    if wanted.investigation_id is None:
        return
    found = conn.execute(
        "SELECT 1 FROM leads.investigations WHERE tenant_id = %(tenant)s AND id = %(id)s",
        {"tenant": tenant_id, "id": wanted.investigation_id},
    )
    if found.fetchone() is None:
        raise NotFound(details={"investigation_id": "is no investigation of this account"})


def _conditions(wanted: Filter) -> Iterator[tuple[sql.Composable, Parameters]]:
    for name, value in _equal(wanted).items():
        if value is not None:
            yield _EQUAL.format(sql.Identifier(name), sql.Placeholder(name)), {name: value}
    if not wanted.duplicates:
        yield sql.SQL("NOT listed.duplicate"), {}
    if wanted.statuses:
        yield sql.SQL("listed.status = ANY (%(statuses)s)"), {"statuses": list(wanted.statuses)}
    if wanted.min_signal_strength:
        strength: Parameters = {"min_signal_strength": wanted.min_signal_strength}
        yield sql.SQL("listed.signal_strength >= %(min_signal_strength)s"), strength
    if wanted.assigned_to == "":
        yield sql.SQL("listed.assigned_to IS NULL"), {}
    if wanted.received_from:
        yield sql.SQL("listed.received_at >= %(from)s"), {"from": wanted.received_from}
    if wanted.received_until:
        yield sql.SQL("listed.received_at < %(until)s"), {"until": wanted.received_until}
    if wanted.lead_ids:
        yield sql.SQL("listed.lead_id = ANY (%(lead_ids)s)"), {"lead_ids": list(wanted.lead_ids)}
    if wanted.industry:
        yield _industry(wanted)
    for name, circle in (("within", wanted.within), ("near", wanted.near)):
        if isinstance(circle, Circle):
            yield within(name, circle)
    for said, values in found_by(wanted):
        yield _HAS_WORD.format(said), values


def found_by(wanted: Filter) -> Iterator[tuple[sql.Composed, Parameters]]:
    """Yield for each word of a search, and for a tag, what holds of a row `word` of leads.words."""
    for number, word in enumerate(wanted.words):
        yield _word(f"word_{number}", *word.partition(SEALED_MARK))
    if wanted.tag:
        yield (
            sql.SQL("word.word = {}").format(sql.Placeholder("tag")),
            {"tag": TAG_MARK + wanted.tag},
        )


def _equal(wanted: Filter) -> dict[str, object]:
    region = wanted.within if isinstance(wanted.within, Region) else None
    return {
        "investigation_id": wanted.investigation_id,
        "source_id": wanted.source_id,
        "assigned_to": wanted.assigned_to or None,
        "company_size": wanted.company_size,
        "lead_category": wanted.lead_category,
        "lead_type": wanted.lead_type,
        "country": region and region.country,
        "admin1": region and region.admin1,
    }


def _industry(wanted: Filter) -> tuple[sql.Composable, Parameters]:
    """Return that the code lies between a prefix and whatever begins with it."""
    ranges, values = [], dict[str, object]()
    for number, prefix in enumerate(wanted.industry):
        low, high = f"industry_{number}", f"industry_{number}_end"
        values |= {low: prefix, high: prefix + ":"}  # the character after 9
        ranges.append(
            _BETWEEN.format(sql.Identifier("industry"), *map(sql.Placeholder, (low, high)))
        )
    return _any(ranges), values


def within(name: str, circle: Circle) -> tuple[sql.Composable, Parameters]:
    """Return that a lead lies in *circle*; parameters begin with *name*."""
    ranges, values = [], dict[str, object]()
    stretches = cell.covering(circle.latitude, circle.longitude, circle.radius_km)
    for number, stretch in enumerate(stretches):
        low, high = f"{name}_{number}", f"{name}_{number}_end"
        values |= {low: stretch.first, high: stretch.last + 1}
        ranges.append(_BETWEEN.format(sql.Identifier("cell"), *map(sql.Placeholder, (low, high))))
    condition = sql.SQL("{} AND {}").format(_any(ranges), apart(name))
    return condition, values | distance(name, circle)


def apart(name: str) -> sql.Composed:
    """Return that a lead is no further away than a circle reaches (`distance` has its values).

    By the haversine formula of shared/great_circle.py, without its last step: both sides are the
    square of the sine of half the angle.
    """
    return sql.SQL("{} <= {}").format(half_chord(name), sql.Placeholder(f"{name}_reach"))


def half_chord(name: str) -> sql.Composed:
    """Return the square of the sine of half the angle between a lead and a circle's middle."""
    return _HALF_CHORD.format(
        north=sql.Placeholder(f"{name}_north"),
        east=sql.Placeholder(f"{name}_east"),
        parallel=sql.Placeholder(f"{name}_parallel"),
    )


def distance(name: str, circle: Circle) -> Parameters:
    """Return the values of `apart` and `half_chord`."""
    return {
        f"{name}_north": circle.latitude,
        f"{name}_east": circle.longitude,
        f"{name}_parallel": cos(radians(circle.latitude)),
        f"{name}_reach": sin(circle.radius_km / EARTH_RADIUS_KM / 2) ** 2,
    }


def _word(name: str, word: str, mark: str, pseudonym: str) -> tuple[sql.Composed, Parameters]:
    """Return that a word begins with *word*, or is its pseudonym."""
    values: Parameters = {name: word, f"{name}_end": word + AFTER_ALL}
    condition = _BETWEEN_WORDS.format(sql.Placeholder(name), sql.Placeholder(f"{name}_end"))
    if mark:
        values[f"{name}_sealed"] = mark + pseudonym
        equal = sql.SQL("word.word = {}").format(sql.Placeholder(f"{name}_sealed"))
        condition = sql.SQL("({} OR {})").format(condition, equal)
    return condition, values


def _any(conditions: list[sql.Composed]) -> sql.Composable:
    return (
        sql.SQL("({})").format(sql.SQL(" OR ").join(conditions)) if conditions else sql.SQL("false")
    )


_EQUAL = sql.SQL("listed.{} = {}")
_BETWEEN = sql.SQL("listed.{0} >= {1} AND listed.{0} < {2}")
_BETWEEN_WORDS = sql.SQL("(word.word >= {} AND word.word < {})")
_HAS_WORD = sql.SQL(
    "EXISTS (SELECT FROM leads.words AS word WHERE word.tenant_id = %(tenant)s "
    "AND word.lead_id = listed.lead_id AND {})"
)
_HALF_CHORD = sql.SQL(
    "power(sin(radians(listed.latitude - {north}) / 2), 2) + {parallel} "
    "* cos(radians(listed.latitude)) * power(sin(radians(listed.longitude - {east}) / 2), 2)"
)
