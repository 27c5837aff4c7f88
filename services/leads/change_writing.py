"""The SQL that changes leads, one or ten thousand alike, on a connection it is handed.

A row of what is *wanted* is one field of one lead with its value before and after, as JSON. It is
worked out of what the database holds, and one statement writes the history, the leads and the
listing by it. Whoever writes has locked the leads before, in the order of their ids: then nobody
changes them meanwhile, and no two who change many leads wait for each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, sql

from services.leads.change import INVALID, MOST_TAGS, TOLD, Arrival, Change
from shared.array_text import array
from shared.connection import PLANNED_ANEW
from shared.ids import uuid7
from shared.privacy.gate import Sealed


@dataclass(frozen=True, slots=True)
class Mark:
    """What the history keeps of a change beside the values."""

    by: str
    """The prefix of an API key, `local` or `command line`."""
    at: datetime
    bulk_id: UUID | None = None
    taken_back: bool = False
    """True: undoing the bulk action did it."""
    reason: Sealed | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many leads a change concerns."""

    leads: int
    fields: Mapping[str, int]
    """By field, how many leads get another value."""
    overfull: int = 0
    """Leads that would get too many tags."""
    arrivals: Sequence[Arrival] = ()


def tally(
    conn: Connection, tenant_id: str, lead_ids: Sequence[UUID], change: Change, revive: bool
) -> Tally:
    """Return what *change* would do to leads; with *revive* also to the status of invalid ones."""
    said = _said(change, revive) | {"tenant": tenant_id, "leads": array(lead_ids)}
    return _tallied(conn.execute(_COUNT, said, prepare=PLANNED_ANEW).fetchall())


def differences(
    conn: Connection,
    tenant_id: str,
    lead_ids: Sequence[UUID],
    change: Change,
    revive: bool,
    most: int,
) -> list[tuple[UUID, str, Any, Any]]:
    """Return what *change* would do to the first *most* leads that it does anything to.

    A row is a lead, a field, and its value before and after.
    """
    said = _said(change, revive) | {"tenant": tenant_id, "leads": array(lead_ids), "most": most}
    return conn.execute(_LOOK, said, prepare=PLANNED_ANEW).fetchall()


def write(
    conn: Connection,
    tenant_id: str,
    lead_ids: Sequence[UUID],
    change: Change,
    revive: bool,
    mark: Mark,
) -> Tally:
    """Change leads that are locked, write down what was changed and return how much it was."""
    said = _said(change, revive) | _marked(mark)
    said |= {"tenant": tenant_id, "leads": array(lead_ids)}
    return _tallied(conn.execute(_WRITE, said, prepare=PLANNED_ANEW).fetchall())


def put_back(conn: Connection, tenant_id: str, lead_ids: Sequence[UUID], mark: Mark) -> Tally:
    """Give locked leads the values that they had before the bulk action that *mark* names.

    A value that is no longer the action's stays. Nobody is told: what was there is there again.
    """
    said = _marked(mark) | {"tenant": tenant_id, "leads": array(lead_ids)}
    said |= {"most_tags": MOST_TAGS, "told": []}
    return _tallied(conn.execute(_PUT_BACK, said, prepare=PLANNED_ANEW).fetchall())


def _said(change: Change, revive: bool) -> dict[str, object]:
    return {
        "fields": [*change.fields],
        "status": change.status,
        "assigned_to": change.assigned_to,
        "investigation_id": change.investigation_id,
        "tags": None if change.tags is None else [*change.tags],
        "added": [*change.add_tags],
        "removed": [*change.remove_tags],
        "revive": revive,
        "invalid": INVALID,
        "most_tags": MOST_TAGS,
        "told": [*TOLD],
    }


def _marked(mark: Mark) -> dict[str, object]:
    return {
        "timed": str(uuid7())[:_TIMED],
        "now": mark.at,
        "by": mark.by,
        "bulk": mark.bulk_id,
        "taken_back": mark.taken_back,
        "reason": mark.reason,
    }


def _tallied(rows: Sequence[tuple[Any, ...]]) -> Tally:
    """Return what a statement that ends in _TALLY counted; the row without a field is for all."""
    by_field = {field: counted for field, *counted in rows}
    leads, overfull, _ = by_field.pop(None, (0, 0, None))
    arrived = by_field.get("status", (0, 0, None))[2] or ()
    return Tally(
        leads,
        {field: counted[0] for field, counted in by_field.items()},
        overfull,
        [Arrival(UUID(lead), *about) for lead, *about in arrived],
    )


_TIMED = len("01234567-89ab-7cde")
"""Characters of a UUID of ours that tell its version and time; chance makes the others."""

_CURRENT = sql.SQL("""
    SELECT listed.lead_id, listed.source_id, lead.status, listed.assigned_to, listed.tags,
           listed.investigation_id
    FROM unnest(%(leads)s::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT * FROM leads.listing
        WHERE tenant_id = %(tenant)s AND lead_id BETWEEN wanted.id AND wanted.id
        ORDER BY lead_id LIMIT 1
    ) AS listed
    CROSS JOIN LATERAL (
        SELECT status FROM public.leads
        WHERE tenant_id = %(tenant)s AND id BETWEEN wanted.id AND wanted.id
        ORDER BY id LIMIT 1
    ) AS lead
""")

_CHANGING = sql.SQL("""
    SELECT current.lead_id, current.source_id, changed.field, changed.before, changed.after
    FROM ({current}) AS current
    CROSS JOIN LATERAL (VALUES
        ('status', to_jsonb(current.status), to_jsonb(%(status)s::text)),
        ('assigned_to', coalesce(to_jsonb(current.assigned_to), 'null'),
                        coalesce(to_jsonb(%(assigned_to)s::text), 'null')),
        ('investigation_id', coalesce(to_jsonb(current.investigation_id), 'null'),
                             coalesce(to_jsonb(%(investigation_id)s::uuid), 'null')),
        ('tags', to_jsonb(current.tags),
                 coalesce(to_jsonb(%(tags)s::text[]),
                          (to_jsonb(current.tags) - %(removed)s::text[])
                          || (to_jsonb(%(added)s::text[]) - current.tags)))
    ) AS changed (field, before, after)
    WHERE changed.field = ANY (%(fields)s::text[]) AND changed.before <> changed.after
      AND (changed.field <> 'status' OR current.status <> %(invalid)s OR %(revive)s)
""").format(current=_CURRENT)

_RETURNING = sql.SQL("""
    SELECT done.lead_id, current.source_id, done.field, done.after AS before, done.before AS after
    FROM ({current}) AS current
    CROSS JOIN LATERAL (
        SELECT * FROM leads.changes
        WHERE tenant_id = %(tenant)s AND lead_id BETWEEN current.lead_id AND current.lead_id
        ORDER BY lead_id
    ) AS done
    WHERE done.bulk_id = %(bulk)s AND NOT done.taken_back
      AND done.after = CASE done.field
          WHEN 'status' THEN to_jsonb(current.status)
          WHEN 'assigned_to' THEN coalesce(to_jsonb(current.assigned_to), 'null')
          WHEN 'investigation_id' THEN coalesce(to_jsonb(current.investigation_id), 'null')
          WHEN 'tags' THEN to_jsonb(current.tags) END
""").format(current=_CURRENT)

_TALLY = sql.SQL("""
    SELECT field, count(DISTINCT lead_id),
           count(*) FILTER (WHERE field = 'tags' AND jsonb_array_length(after) > %(most_tags)s
                                  AND jsonb_array_length(after) > jsonb_array_length(before)),
           jsonb_agg(jsonb_build_array(lead_id, source_id, after #>> '{}', before #>> '{}'))
               FILTER (WHERE field = 'status' AND after #>> '{}' = ANY (%(told)s::text[]))
    FROM wanted GROUP BY GROUPING SETS ((field), ())
""")

_WRITING = sql.SQL("""
    , noted AS (
        INSERT INTO leads.changes (tenant_id, id, lead_id, field, before, after, changed_at,
                                   changed_by, bulk_id, taken_back, reason)
        SELECT %(tenant)s,
               overlay(gen_random_uuid()::text PLACING %(timed)s::text FROM 1)::uuid,
               lead_id, field, before, after, %(now)s, %(by)s, %(bulk)s::uuid, %(taken_back)s,
               %(reason)s
        FROM wanted
    ), moved AS (
        UPDATE public.leads AS lead SET status = wanted.after #>> '{}'
        FROM wanted
        WHERE lead.tenant_id = %(tenant)s AND lead.id = wanted.lead_id AND wanted.field = 'status'
    ), relisted AS (
        UPDATE leads.listing AS listed
        SET status = coalesce(new.fields ->> 'status', listed.status),
            assigned_to = CASE WHEN new.fields ? 'assigned_to'
                               THEN new.fields ->> 'assigned_to' ELSE listed.assigned_to END,
            investigation_id = CASE WHEN new.fields ? 'investigation_id'
                                    THEN (new.fields ->> 'investigation_id')::uuid
                                    ELSE listed.investigation_id END,
            tags = CASE WHEN new.fields ? 'tags'
                        THEN ARRAY(SELECT jsonb_array_elements_text(new.fields -> 'tags'))
                        ELSE listed.tags END
        FROM (
            SELECT lead_id, jsonb_object_agg(field, after) AS fields
            FROM wanted GROUP BY lead_id
        ) AS new
        WHERE listed.tenant_id = %(tenant)s AND listed.lead_id = new.lead_id
    )
""")
"""What follows on rows that are wanted. The leads' own trigger would take a status to the listing,
too: after this it finds nothing to do, and each row is written once."""

_WANTED = sql.SQL("WITH wanted AS MATERIALIZED ({})")

_COUNT = _WANTED.format(_CHANGING) + _TALLY
_LOOK = _WANTED.format(_CHANGING) + sql.SQL("""
    SELECT lead_id, field, before, after FROM wanted
    WHERE lead_id IN (SELECT DISTINCT lead_id FROM wanted ORDER BY lead_id LIMIT %(most)s)
    ORDER BY lead_id, field
""")
_WRITE = _WANTED.format(_CHANGING) + _WRITING + _TALLY
_PUT_BACK = _WANTED.format(_RETURNING) + _WRITING + _TALLY
