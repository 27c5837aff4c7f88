"""The SQL of pages of reviews that scans opened."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from psycopg import Connection


def page(
    conn: Connection[Any], asked: Mapping[str, Any], scan_id: UUID | None, group_id: UUID | None
) -> list[UUID]:
    """Return reviews, oldest first, of a scan, of a group, or of both.

    *asked* has `tenant`, `status` (`open`, `settled` or `all`), `after` and `most`.
    """
    statement = _OF_SCAN if group_id is None else _OF_GROUP
    rows = conn.execute(statement, {**asked, "scan": scan_id, "group": group_id})
    return [review_id for (review_id,) in rows]


_OF_SCAN = """
    SELECT id FROM dedup.reviews
    WHERE tenant_id = %(tenant)s AND scan_id = %(scan)s AND id > %(after)s
      AND (%(status)s = 'all'
           OR (%(status)s = 'settled') = (coalesce(judgement, '') IN ('duplicate', 'different')))
    ORDER BY id LIMIT %(most)s
    """
_OF_GROUP = """
    SELECT review.id
    FROM (
        SELECT lead_id FROM dedup.scan_members
        WHERE tenant_id = %(tenant)s AND group_id = %(group)s
    ) AS member
    CROSS JOIN LATERAL (
        SELECT id, judgement, scan_id FROM dedup.reviews
        WHERE tenant_id = %(tenant)s AND lead_id BETWEEN member.lead_id AND member.lead_id
          AND scan_id IS NOT NULL
        ORDER BY lead_id
    ) AS review
    WHERE review.id > %(after)s AND (%(scan)s::uuid IS NULL OR review.scan_id = %(scan)s::uuid)
      AND (%(status)s = 'all'
           OR (%(status)s = 'settled')
              = (coalesce(review.judgement, '') IN ('duplicate', 'different')))
    ORDER BY review.id LIMIT %(most)s
    """
