"""The SQL of text searches and tags: what is rare is looked up first, what is common is checked.

A word that few leads have names those leads, and any other filter is a look at each of them. A
word that many have is found soon on any walk: there a signature of 64 bits, which stands in every
index, leaves out most leads that do not have it, and the rest are looked at in the table.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from psycopg import Connection, sql

from services.leads.filter import Filter
from services.leads.filter_store import Parameters, found_by

MOST_FEW = 5000
"""Leads that are looked at one by one: some 5 ms."""

BEGINNING = 3
"""Letters of a word that its signature knows (`word_bits` in migration 0013)."""


@dataclass(slots=True)
class Searched:
    """A filter whose words and tag are dealt with."""

    rest: Filter
    """What else is wanted."""
    likely: list[sql.Composable] = field(default_factory=list)
    """What holds of `listed` for leads that may have the words: by the rarest, by signatures."""
    check: sql.Composable | None = None
    """What holds of `found` if the lead really has them; None if that is sure."""
    values: Parameters = field(default_factory=dict)


def searched(
    conn: Connection[Any], tenant_id: str, wanted: Filter, few: int = MOST_FEW
) -> Searched | None:
    """Return how to find what *wanted* says of words and tag; None if no lead can be it.

    A word of more than *few* leads is common.
    """
    found = Searched(replace(wanted, words=(), tag=None))
    counted = [
        (_count(conn, tenant_id, condition, values, few), number, condition, values)
        for number, (condition, values) in enumerate(found_by(wanted))
    ]
    checks: list[sql.Composable] = []
    for place, (count, _, condition, values) in enumerate(sorted(counted, key=lambda one: one[:2])):
        found.values |= values
        if count == 0:
            return None
        if place == 0 and count <= few:
            found.likely.append(_NAMED.format(condition))
        else:
            checks.append(_said(values))
            found.likely += _signatures(values)
    if checks:
        found.check = _CHECK.format(sql.SQL(" AND ").join(checks))
    return found


def _count(
    conn: Connection[Any],
    tenant_id: str,
    condition: sql.Composed,
    values: Parameters,
    few: int,
) -> int:
    """Return how many leads have a word; of more than *few*, no more are counted."""
    row: Any = conn.execute(
        _COUNT.format(condition),
        values | {"tenant": tenant_id, "most": few + 1},
        prepare=False,
    ).fetchone()
    return int(row[0])


def _said(values: Parameters) -> sql.Composable:
    """Return that a lead's own row has the word, or the tag, of *values*."""
    name = next(iter(values))
    if name == "tag":
        return _HAS_TAG.format(sql.Placeholder(name))
    begun = _HAS_BEGINNING.format(sql.Placeholder(name))
    sealed = f"{name}_sealed"
    if sealed not in values:
        return begun
    return sql.SQL("({} OR {})").format(begun, _HAS_WHOLE.format(sql.Placeholder(sealed)))


def _signatures(values: Parameters) -> list[sql.Composable]:
    """Return what the signature of a lead that has the word says; of a short word, nothing."""
    name = next(iter(values))
    if name == "tag":
        return [_TAGGED.format(sql.Placeholder(name))]
    if len(str(values[name])) < BEGINNING:
        return []
    spellings = [name] + [f"{name}_sealed"] * (f"{name}_sealed" in values)
    bits = [_WORDED.format(sql.Placeholder(each)) for each in spellings]
    return [sql.SQL("({})").format(sql.SQL(" OR ").join(bits))]


_COUNT = sql.SQL("""
    SELECT count(*) FROM (
        SELECT FROM leads.words AS word
        WHERE word.tenant_id = %(tenant)s AND {} LIMIT %(most)s) AS named
    """)
_NAMED = sql.SQL("""listed.lead_id = ANY (ARRAY(
        SELECT word.lead_id FROM leads.words AS word
        WHERE word.tenant_id = %(tenant)s AND {}))""")
_CHECK = sql.SQL("""(
    SELECT {} FROM (
        SELECT tags, ' ' || array_to_string(words, ' ') || ' ' AS said
        FROM leads.listing WHERE tenant_id = %(tenant)s AND lead_id = found.lead_id
        OFFSET 0
    ) AS own)""")
_HAS_TAG = sql.SQL("substr({0}::text, 2) = ANY (own.tags)")
_HAS_BEGINNING = sql.SQL("strpos(own.said, ' ' || {}::text) > 0")
_HAS_WHOLE = sql.SQL("strpos(own.said, ' ' || {}::text || ' ') > 0")
_TAGGED = sql.SQL(
    "listed.tag_bits & leads.bits(ARRAY[substr({0}::text, 2)], 64)"
    " = leads.bits(ARRAY[substr({0}::text, 2)], 64)"
)
_WORDED = sql.SQL(
    "listed.word_bits & leads.bits(ARRAY[{0}::text], 3) = leads.bits(ARRAY[{0}::text], 3)"
)
