"""Whole tables for tests: leads as rows, and what the bulk run finds among them."""

from datetime import UTC, datetime

from services.dedup.bulk.database import Limits
from services.dedup.bulk.linking import Linking
from services.dedup.bulk.people import Manner
from services.dedup.bulk.work import Rows
from services.dedup.importing import Plan
from services.dedup.policy import DEFAULT
from services.dedup.store import CANDIDATES_PER_KEY, PEOPLE_PER_KEY
from shared.columns import mapped
from shared.lead_fields import FIELDS

HEADER = [*FIELDS, "submitted_at"]

NOW = datetime(2027, 1, 1, tzinfo=UTC)

LOT = 500


def manner(**changes):
    return Manner(**{"policy": DEFAULT, "threshold": 0.8} | REACH | changes)


def cells(fields, at=None):
    return [*(fields.get(name, "") for name in FIELDS), at.isoformat() if at else ""]


def linked(crew, folder, rows, how=None):
    """Return what is found among *rows* of cells, numbered from 2 on, and what they came to."""
    plan = Plan("", "table", "US", mapped(HEADER, {}), NOW)
    numbered = list(enumerate(rows, 2))
    lots = [numbered[start : start + LOT] for start in range(0, len(numbered), LOT)]
    folder.mkdir(exist_ok=True)
    linking = Linking(plan, how or manner(), folder, crew, lambda what, share, count: None)
    return linking.run(((1.0, Rows(plan, lot)) for lot in lots), Limits(500, 1))


def pairs(blocks):
    """Return the match probability of every pair that was compared, by its places."""
    links = (link for some in blocks.links(0.0) for link in some)
    return {(link.row - 2, link.other - 2): link.probability for link in links}


def clusters(blocks):
    """Return each row's cluster by their places."""
    return {row - 2: cluster - 2 for row, cluster, *_ in blocks.told(0, 10**9)}


REACH = {"candidates": CANDIDATES_PER_KEY, "people": PEOPLE_PER_KEY}
