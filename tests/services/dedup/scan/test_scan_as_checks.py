"""A scan finds what checks would have found, had the same leads been posted one by one."""

from uuid import uuid4

import orjson
import pytest

from bench.leads.generator import arrivals
from services.dedup.answer import answer
from services.dedup.check import check
from services.dedup.preparation import prepare
from services.dedup.verdict import Submission

PEOPLE, SEED = 400, 5213


def rendered(outcome):
    return orjson.dumps(answer(outcome))


def stored(owner, tenant_id):
    """Return the leads in the order a scan takes them, by what they say."""
    rows = owner.execute(
        "SELECT id, fields, submitted_at FROM public.leads WHERE tenant_id = %s ORDER BY id",
        [tenant_id],
    )
    return rows.fetchall()


def posted(database, gate, tenant_id, leads):
    """Post *leads* one by one; return by their ids whom checks took each for, if for anybody."""
    ids, found = {}, {}
    for lead_id, fields, at in leads:
        one = prepare(gate, tenant_id, Submission("crm", fields, at), "US")
        (answered,) = check(database, gate, tenant_id, [one], rendered)
        outcome = answered.outcome
        ids[outcome.lead_id] = lead_id
        if outcome.verdict.decision.duplicate_found:
            found[lead_id] = ids[outcome.verdict.best.known.lead_id]
    return found


@pytest.fixture
def leads(past, owner):
    """Leads of everyday, imported unchecked."""
    made = arrivals(SEED, PEOPLE)
    past.bring(*((one.lead, one.submitted_at) for one in made))
    return stored(owner, past.user_id)


def test_a_scan_finds_the_pairs_that_checks_flag_or_reject(past, database, gate, leads):
    found = posted(database, gate, f"tenant-{uuid4().hex}", leads)

    done = past.scan()

    reviews = past.reviews(limit=100)
    while len(reviews) < done["reviews_opened"]:
        reviews += past.reviews(limit=100, after=reviews[-1]["review_id"])
    scanned = {(one["lead_id"], one["known_lead"]["lead_id"]) for one in reviews}
    wanted = {(str(lead_id), str(known)) for lead_id, known in found.items()}
    missed = wanted - scanned
    assert len(wanted) > 100
    assert len(missed) <= 0.01 * len(wanted)
    assert len(scanned - wanted) <= 0.02 * len(wanted)  # a lead of two people asks about both
