"""The SQL of earlier leads that a new one may come too soon after, on a connection it is handed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from services.dedup.trade.lookback import SKEW, Earlier, taken
from shared.array_text import array

LOOKED_AT = 500
"""Newest leads of one person that are looked at (some 10 ms); of whom there are more, not all is
known."""

LOOKED_AT_PER_VALUE = 250
"""Newest leads that share a value: a rule may name ten, and what hundreds share is nobody's own."""

LOOKED_AT_FOR_HOLDS = 5_000
"""Newest leads of a person or a value among which holds are looked for: whoever is turned away for
a hold comes again, and must not push it out of sight (some 3 ms for each thousand there are)."""


class Asked(NamedTuple):
    """Whose leads are asked for: one of the three is said."""

    latest: datetime
    """What was sent later is told apart."""
    subject_id: UUID | None = None
    blocking_key: int | None = None
    ip_key: int | None = None


class Found(NamedTuple):
    """The newest of the leads of one kind: of one person, from one source, in one state."""

    place: int
    """Of what was asked."""
    earlier: Earlier
    compared: bytes | None
    """Its sealed record."""
    looked: int
    """How many leads were looked at for what was asked."""


def lock(conn: Connection, keys: Iterable[int]) -> None:
    """Hold *keys* until the transaction ends; after those of the leads, so nobody deadlocks."""
    conn.execute(
        "SELECT count(pg_advisory_xact_lock(key)) FROM unnest(%(keys)s::bigint[]) AS key",
        {"keys": array(sorted(set(keys)))},
    )


def earlier(
    conn: Connection, tenant_id: str, asked: Sequence[Asked], now: datetime
) -> Iterator[Found]:
    """Return of whatever is *asked* the newest lead of each kind, newest first.

    Kinds are told apart so that sixty rejected repeats do not hide the one lead that was taken, nor
    one that was sent after the new lead an earlier one: `latest` may be two SKEW after the new
    lead, and `latest - SKEW` is one at most. Each part is looked up by a whole key,
    in the order that stands here: docs/decisions/0056.
    """
    rows: Any = conn.execute(
        _EARLIER,
        _wanted(asked) | {"tenant": tenant_id, "now": now.isoformat(), "step": SKEW},
        binary=True,
    )
    return (_found(row, now) for row in rows)


def _wanted(asked: Sequence[Asked]) -> dict[str, str]:
    return {
        "places": array(range(len(asked))),
        "latest": array(each.latest for each in asked),
        "people": _sparse(each.subject_id for each in asked),
        "keys": _sparse(each.blocking_key for each in asked),
        "addresses": _sparse(each.ip_key for each in asked),
        "most": str(LOOKED_AT),
        "most_per_value": str(LOOKED_AT_PER_VALUE),
        "most_for_holds": str(LOOKED_AT_FOR_HOLDS),
    }


def _sparse(values: Iterable[UUID | int | None]) -> str:
    """Return the text of an array some of whose places are empty."""
    return "{" + ",".join("NULL" if each is None else str(each) for each in values) + "}"


def _found(row: Sequence[Any], now: datetime) -> Found:
    place, looked, lead_id, subject_id, source_id, at, *dealt, compared, ip_key = row
    buyer_id, campaign_id, state, held_until, action, judgement = dealt
    held = state == "held" and held_until > now
    known = Earlier(
        lead_id,
        subject_id,
        source_id,
        at,
        buyer_id or "",
        campaign_id or "",
        taken(state, held, action, judgement),
        state is not None,
        held_until if held else None,
        ip_key,
    )
    return Found(place, known, compared, looked)


_EARLIER = """
    SELECT kind.*, record.compared, record.ip_key
    FROM (
        SELECT DISTINCT ON (asked.place, lead.subject_id, lead.source_id, deal.buyer_id,
                            deal.campaign_id, deal.state, deal.held_until > %(now)s,
                            decision.action, review.judgement,
                            lead.submitted_at > asked.latest - %(step)s,
                            lead.submitted_at > asked.latest)
               asked.place, count(*) OVER (PARTITION BY asked.place) AS looked,
               lead.id, lead.subject_id, lead.source_id, lead.submitted_at,
               deal.buyer_id, deal.campaign_id, deal.state, deal.held_until,
               decision.action, review.judgement
        FROM unnest(%(places)s::int[], %(latest)s::timestamptz[], %(people)s::uuid[],
                    %(keys)s::bigint[], %(addresses)s::bigint[])
            AS asked (place, latest, subject_id, blocking_key, ip_key)
        CROSS JOIN LATERAL (
            (SELECT id FROM (
                SELECT id FROM public.leads
                WHERE tenant_id = %(tenant)s
                  AND subject_id BETWEEN asked.subject_id AND asked.subject_id
                ORDER BY subject_id OFFSET 0
             ) AS own
             ORDER BY id DESC LIMIT %(most)s)
            UNION ALL
            (SELECT lead_id FROM dedup.blocking_keys
             WHERE tenant_id = %(tenant)s AND blocking_key = asked.blocking_key
             ORDER BY lead_id DESC LIMIT %(most_per_value)s)
            UNION ALL
            (SELECT lead_id FROM dedup.records
             WHERE tenant_id = %(tenant)s AND ip_key = asked.ip_key
               AND submitted_at <= asked.latest
             ORDER BY submitted_at DESC LIMIT %(most_per_value)s)
            UNION ALL
            (SELECT lead_id FROM (
                (SELECT id FROM (
                    SELECT id FROM public.leads
                    WHERE tenant_id = %(tenant)s
                      AND subject_id BETWEEN asked.subject_id AND asked.subject_id
                    ORDER BY subject_id OFFSET 0
                 ) AS own
                 ORDER BY id DESC LIMIT %(most_for_holds)s OFFSET %(most)s)
                UNION ALL
                (SELECT lead_id FROM dedup.blocking_keys
                 WHERE tenant_id = %(tenant)s AND blocking_key = asked.blocking_key
                 ORDER BY lead_id DESC LIMIT %(most_for_holds)s OFFSET %(most_per_value)s)
             ) AS before (id)
             CROSS JOIN LATERAL (
                SELECT lead_id FROM dedup.deals
                WHERE tenant_id = %(tenant)s AND lead_id = before.id
                  AND state = 'held' AND held_until > %(now)s LIMIT 1
             ) AS held)
        ) AS found (id)
        CROSS JOIN LATERAL (
            SELECT id, subject_id, source_id, submitted_at FROM public.leads
            WHERE tenant_id = %(tenant)s AND id BETWEEN found.id AND found.id
            ORDER BY id LIMIT 1
        ) AS lead
        LEFT JOIN LATERAL (
            SELECT buyer_id, campaign_id, state, held_until FROM dedup.deals
            WHERE tenant_id = %(tenant)s AND lead_id = found.id LIMIT 1
        ) AS deal ON true
        LEFT JOIN LATERAL (
            SELECT action FROM dedup.decisions
            WHERE deal.state IS NULL AND tenant_id = %(tenant)s AND lead_id = found.id
            ORDER BY decided_at DESC LIMIT 1
        ) AS decision ON true
        LEFT JOIN LATERAL (
            SELECT judgement FROM dedup.reviews
            WHERE coalesce(deal.state, decision.action) IN ('flagged', 'flag_for_review')
              AND tenant_id = %(tenant)s AND lead_id = found.id
            ORDER BY opened_at DESC LIMIT 1
        ) AS review ON true
        ORDER BY asked.place, lead.subject_id, lead.source_id, deal.buyer_id,
                 deal.campaign_id, deal.state, deal.held_until > %(now)s, decision.action,
                 review.judgement, lead.submitted_at > asked.latest - %(step)s,
                 lead.submitted_at > asked.latest, lead.submitted_at DESC
    ) AS kind
    LEFT JOIN LATERAL (
        SELECT compared, ip_key FROM dedup.records
        WHERE tenant_id = %(tenant)s AND lead_id = kind.id LIMIT 1
    ) AS record ON true
    ORDER BY kind.submitted_at DESC
    """
