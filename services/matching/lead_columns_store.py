"""The SQL that brings a million profiles into arrays, on a connection it is handed.

A profile is one fixed-width record, in the network's byte order, as PostgreSQL sends such values;
thousands come as one value, which numpy reads without looking at any of them (docs/decisions/0042).
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection

from services.matching.profile import Profile

RECORD = np.dtype(
    [
        ("id", "S16"),
        ("revision", ">i8"),
        ("shown", "u1"),
        ("consent", ">i8"),
        ("kind", ">i8"),
        ("trade", ">i8"),
        ("need", ">i8"),
        ("region", ">i8"),
        ("latitude", ">f8"),
        ("longitude", ">f8"),
        ("loan_amount", ">f8"),
        ("revenue", ">f8"),
        ("founded_year", ">f4"),
        ("signal_strength", ">f4"),
        ("intent_score", ">f4"),
        ("last_activity_at", ">i8"),
    ]
)
"""One profile, as the statements below pack it. Numbers that are not known are NaN, a time that is
not known the least integer; times are microseconds since 2000."""

HASHES = ("consent", "kind", "trade", "need", "region")
"""What of a record stands for a value that leads share."""


class Stamp(NamedTuple):
    """What a transaction sees of the profiles of its tenant."""

    revision: int
    horizon: str
    """The oldest transaction that had not ended."""


def stamp(conn: Connection[Any], tenant_id: str) -> Stamp:
    """Return the newest revision, and from where removals are to be looked for next time."""
    row: Any = conn.execute(
        """
        SELECT coalesce((SELECT revision FROM matching.profiles WHERE tenant_id = %(tenant)s
                         ORDER BY revision DESC LIMIT 1), 0),
               pg_snapshot_xmin(pg_current_snapshot())::text
        """,
        {"tenant": tenant_id},
    ).fetchone()
    return Stamp(*row)


def removed(conn: Connection[Any], tenant_id: str, since: Stamp) -> NDArray[Any]:
    """Return the ids of leads that are gone, as RECORD has ids; more than once is no harm."""
    row: Any = _packed(
        conn,
        """
        SELECT string_agg(uuid_send(gone_id), ''::bytea) FROM matching.removed
        WHERE tenant_id = %(tenant)s AND removed_in >= %(horizon)s::xid8
        """,
        {"tenant": tenant_id, "horizon": since.horizon},
    )
    return np.frombuffer(row or b"", "S16")


def shown_after(conn: Connection[Any], tenant_id: str, lead_id: UUID, most: int) -> NDArray[Any]:
    """Return the records of up to *most* leads that lists show, by id, those after *lead_id*."""
    values = {"tenant": tenant_id, "after": lead_id, "most": most}
    return np.frombuffer(_packed(conn, _SHOWN, values) or b"", RECORD)


def changed_after(conn: Connection[Any], tenant_id: str, revision: int, most: int) -> NDArray[Any]:
    """Return the records of up to *most* leads that changed after *revision*, in that order."""
    values = {"tenant": tenant_id, "after": revision, "most": most}
    return np.frombuffer(_packed(conn, _CHANGED, values) or b"", RECORD)


def values(
    conn: Connection[Any], tenant_id: str, name: str, wanted: Mapping[int, UUID]
) -> dict[int, Profile]:
    """Return what hashes of HASHES stand for; *wanted* names a lead that had each.

    One that no lead has any more is not among them.
    """
    lead_ids = list(wanted.values())
    found = _read(conn, name, _OF_LEADS, {"tenant": tenant_id, "leads": lead_ids})
    for missing in wanted.keys() - found.keys():
        # The lead changed meanwhile. Others may still have the value, and no index knows it.
        asked = {"tenant": tenant_id, "hash": missing}
        found |= _read(conn, name, _BY_HASH[name], asked)
    return {code: found[code] for code in wanted.keys() & found.keys()}


def _read(
    conn: Connection[Any], name: str, statement: str, asked: Mapping[str, Any]
) -> dict[int, Profile]:
    """Return the values of the leads that a statement finds, by their hash."""
    fields, made = _FIELDS[name]
    found: dict[int, Profile] = {}
    with conn.cursor() as cursor:
        rows = cursor.execute(statement, asked).fetchall()
        names = [column.name for column in cursor.description or ()]
    at = [names.index(field) for field in (f"{name}_hash", *fields)]
    for row in rows:
        code, *said = (row[place] for place in at)
        if code not in found:
            found[code] = made(said)
    return found


def _packed(conn: Connection[Any], statement: str, asked: Mapping[str, Any]) -> bytes | None:
    """Return the one value of a statement, as bytes and not as their hexadecimal text."""
    with conn.cursor(binary=True) as cursor:
        row: Any = cursor.execute(statement, asked).fetchone()
    return row and row[0]


def _consent(said: Sequence[Any]) -> Profile:
    (purposes,) = said
    return Profile(purposes=None if purposes is None else frozenset(purposes))


def _need(said: Sequence[Any]) -> Profile:
    needs, lead_category, loan_amount = said
    return Profile(
        needs=needs and tuple(needs),
        lead_category=lead_category,
        loan_amount=1.0 if loan_amount is not None and loan_amount > 0 else None,
    )


_FIELDS: dict[str, tuple[tuple[str, ...], Any]] = {
    "consent": (("purposes",), _consent),
    "kind": (
        ("lead_type", "company_size", "currency"),
        lambda said: Profile(lead_type=said[0], company_size=said[1], currency=said[2]),
    ),
    "trade": (("industry",), lambda said: Profile(industry=said[0])),
    "need": (("needs", "lead_category", "loan_amount"), _need),
    "region": (("country", "admin1"), lambda said: Profile(country=said[0], admin1=said[1])),
}
"""The columns that each hash is made of, and the profile that says them."""

_PACKED = """
    SELECT string_agg(
        uuid_send(lead_id) || int8send(revision) || boolsend(shown)
        || int8send(consent_hash) || int8send(kind_hash) || int8send(trade_hash)
        || int8send(need_hash) || int8send(region_hash)
        || float8send(coalesce(latitude, 'NaN')) || float8send(coalesce(longitude, 'NaN'))
        || float8send(coalesce(loan_amount, 'NaN')) || float8send(coalesce(revenue, 'NaN'))
        || float4send(coalesce(founded_year::real, 'NaN'))
        || float4send(coalesce(signal_strength::real, 'NaN'))
        || float4send(coalesce(intent_score::real, 'NaN'))
        || timestamptz_send(coalesce(last_activity_at, '-infinity')), ''::bytea)
    FROM profile
    """
_SHOWN = """
    WITH profile AS (
        SELECT * FROM matching.profiles
        WHERE tenant_id = %(tenant)s AND lead_id > %(after)s AND shown
        ORDER BY lead_id LIMIT %(most)s)
    """
_SHOWN += _PACKED
_CHANGED = """
    WITH profile AS (
        SELECT * FROM matching.profiles
        WHERE tenant_id = %(tenant)s AND revision > %(after)s
        ORDER BY revision LIMIT %(most)s)
    """
_CHANGED += _PACKED
_OF_LEADS = """
    SELECT * FROM matching.profiles WHERE tenant_id = %(tenant)s AND lead_id = ANY (%(leads)s)
    """
_BY_HASH = {
    "consent": """
        SELECT * FROM matching.profiles
        WHERE tenant_id = %(tenant)s AND consent_hash = %(hash)s LIMIT 1
        """,
    "kind": """
        SELECT * FROM matching.profiles
        WHERE tenant_id = %(tenant)s AND kind_hash = %(hash)s LIMIT 1
        """,
    "trade": """
        SELECT * FROM matching.profiles
        WHERE tenant_id = %(tenant)s AND trade_hash = %(hash)s LIMIT 1
        """,
    "need": """
        SELECT * FROM matching.profiles
        WHERE tenant_id = %(tenant)s AND need_hash = %(hash)s LIMIT 1
        """,
    "region": """
        SELECT * FROM matching.profiles
        WHERE tenant_id = %(tenant)s AND region_hash = %(hash)s LIMIT 1
        """,
}
