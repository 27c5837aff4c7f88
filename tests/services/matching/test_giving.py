"""A lead is given to one service, within its capacity, by turns among equals, and once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest

from services.matching import giving, keeping
from services.matching.catalogue_cache import Catalogues
from services.matching.giving import Wanted
from services.matching.matchmaking import Desk
from shared.privacy.gate import Gate
from shared.privacy.modes import MODES
from tests.services.leads.account import told
from tests.services.matching.account import BAKERY, Matched

ELSEWHERE = {"target_locations": ["Maine"]}


@pytest.fixture
def mine(app, user_id):
    return Matched(app, user_id)


@pytest.fixture
def desk(database, gate):
    return Desk(database, gate, "US", Catalogues())


def created(mine, n=0, **fields):
    lead = BAKERY | {"email": f"y{n}@corp{n}.example"} | fields
    return mine.ask("POST", "/leads", 201, **lead)["lead"]["id"]


def given(mine, lead_id, **query):
    return mine.match(lead_id, assign="true", **query)


def given_on(mine, service_id):
    return mine.get(f"/services/{service_id}/assignments")


def test_the_best_eligible_service_gets_the_lead(mine):
    mine.service(service_name="Weak", target_industries=["software"])
    best = mine.service(service_name="Best")

    answered = given(mine, created(mine))

    assert answered["assigned"]["service_id"] == best
    assert answered["assigned"]["match_id"] == answered["matches"][0]["match_id"]
    assert answered["not_assigned_because"] is None


def test_unless_asked_for_nothing_is_given(mine):
    service_id = mine.service(daily_capacity=1)

    answered = mine.match(created(mine))

    assert "assigned" not in answered
    assert given_on(mine, service_id)["given"] == 0


def test_asked_again_the_answer_is_the_same_and_no_more_room_is_used(mine):
    service_id = mine.service(daily_capacity=5)
    lead_id = created(mine)

    first, second = (given(mine, lead_id)["assigned"] for _ in "ab")

    assert first == second and first["capacity_left"] == 4
    assert given_on(mine, service_id)["given"] == 1


def test_a_full_service_stays_eligible_and_the_next_best_gets_the_lead(mine):
    best = mine.service(service_name="Best", daily_capacity=1)
    weak = mine.service(service_name="Weak", target_industries=["software"])
    given(mine, created(mine, 1))

    answered = given(mine, created(mine, 2))

    assert answered["assigned"]["service_id"] == weak
    shown = {one["service_id"]: one for one in answered["matches"]}
    assert (shown[best]["capacity_left"], shown[best]["available"]) == (0, False)
    assert (shown[weak]["capacity_left"], shown[weak]["available"]) == (None, True)


def test_where_all_are_full_nobody_gets_it_and_it_is_said_why(mine):
    mine.service(daily_capacity=1)
    given(mine, created(mine, 1))

    answered = given(mine, created(mine, 2))

    assert answered["assigned"] is None
    assert answered["not_assigned_because"] == giving.ALL_FULL
    assert answered["eligible_count"] == 1


def test_a_lead_that_no_service_may_have_is_given_to_none(mine):
    mine.service(**ELSEWHERE)

    answered = given(mine, created(mine))

    assert (answered["assigned"], answered["not_assigned_because"]) == (
        None,
        giving.NONE_ELIGIBLE,
    )


def test_equal_services_take_turns(mine):
    services = [mine.service(service_name=name) for name in "abc"]

    got = [given(mine, created(mine, n))["assigned"]["service_id"] for n in range(6)]

    assert Counter(got) == dict.fromkeys(services, 2)
    assert got[:3] == got[3:]


def test_a_service_beyond_the_limit_of_the_answer_may_get_it(mine):
    mine.service(service_name="Best", daily_capacity=1)
    weak = mine.service(service_name="Weak", target_industries=["software"])
    given(mine, created(mine, 1))

    answered = given(mine, created(mine, 2), limit=1)

    assert answered["matches_count"] == 1 and answered["assigned"]["service_id"] == weak
    match = mine.get(f"/matches/{answered['assigned']['match_id']}")["match"]
    assert match["match_score"] == answered["assigned"]["match_score"]


def test_another_service_gets_it_only_if_asked_and_once(mine):
    for name in "ab":
        mine.service(service_name=name)
    lead_id = created(mine)
    first = given(mine, lead_id)["assigned"]

    second, again = (given(mine, lead_id, reassign=first["match_id"])["assigned"] for _ in "ab")

    assert second["service_id"] != first["service_id"] and again == second
    assert given(mine, lead_id)["assigned"] == second


def test_where_nobody_else_may_have_it_it_is_said(mine):
    mine.service()
    lead_id = created(mine)
    first = given(mine, lead_id)["assigned"]

    answered = given(mine, lead_id, reassign=first["match_id"])

    assert answered["not_assigned_because"] == giving.NONE_LEFT


def test_a_service_that_the_lead_turned_down_does_not_get_it(mine):
    mine.service()
    lead_id = created(mine)
    match_id = mine.match(lead_id)["matches"][0]["match_id"]
    mine.ask("PUT", f"/matches/{match_id}/status", status="not_interested")

    assert given(mine, lead_id)["not_assigned_because"] == giving.NONE_LEFT


@pytest.mark.parametrize("query", [{"reassign": "01890000-0000-7000-8000-000000000000"}])
def test_to_leave_what_it_was_never_given_to_is_refused(mine, query):
    mine.service()

    mine.match(created(mine), 422, assign="true", **query)
    mine.match(created(mine, 1), 400, **query)


def test_of_fifty_at_once_exactly_as_many_as_fit_go_to_the_best(mine, desk, user_id):
    best = mine.service(service_name="Best", daily_capacity=10)
    weak = mine.service(service_name="Weak", target_industries=["software"])
    leads = mine.leads(50)
    other = Desk(desk.database, desk.gate, "US", Catalogues())

    def give(at):
        kept = keeping.keep(
            (desk, other)[at % 2], user_id, UUID(leads[at]), 1, datetime.now(UTC), Wanted("local")
        )
        return str(kept.given.assignment.service_id)

    with ThreadPoolExecutor(16) as pool:
        got = Counter(pool.map(give, range(50)))

    assert got == {best: 10, weak: 40}
    assert (given_on(mine, best)["given"], given_on(mine, weak)["given"]) == (10, 40)
    assert given_on(mine, best)["capacity_left"] == 0


def test_an_erased_leads_assignment_is_gone_and_the_count_stays(mine):
    service_id = mine.service(daily_capacity=2)
    lead_id = created(mine)
    given(mine, lead_id)

    mine.answer("DELETE", f"/leads/{lead_id}")

    after = given_on(mine, service_id)
    assert (after["count"], after["given"], after["capacity_left"]) == (0, 1, 1)


def test_it_is_told_to_whom_a_lead_was_given(mine, database, user_id):
    service_id = mine.service()
    assigned = given(mine, created(mine))["assigned"]

    (data,) = [data for name, _, data in told(database, user_id) if name == "lead_assigned"]

    assert (data["service_id"], data["match_id"]) == (service_id, assigned["match_id"])
    assert set(data) == {"service_id", "match_id", "match_score"}


def test_a_provider_gets_no_lead_that_did_not_agree_to_it(mine, database, gate, user_id):
    mine.service()
    lead_id = mine.lead(consent=["lead_processing"], **BAKERY)
    strict = Desk(database, Gate(MODES["gdpr_strict"], gate.keyring), "US", Catalogues())

    kept = keeping.keep(strict, user_id, UUID(lead_id), 10, datetime.now(UTC), Wanted("local"))

    assert (kept.given.assignment, kept.given.why_not) == (None, giving.NONE_ELIGIBLE)


def test_asked_again_a_lead_that_agrees_no_longer_is_handed_over_to_nobody(mine, owner_conninfo):
    mine.service()
    lead_id = mine.lead(consent=["lead_processing", "sharing"], **BAKERY)
    assert given(mine, lead_id)["assigned"]

    with psycopg.connect(owner_conninfo) as owner:
        owner.execute(
            "UPDATE public.consents SET withdrawn_at = now() WHERE lead_id = %s", [lead_id]
        )
    answered = given(mine, lead_id)

    assert answered["assigned"] is None
    assert answered["not_assigned_because"] == giving.NOT_AGREED


def test_the_webhook_gives_a_stored_lead(mine):
    service_id = mine.service(daily_capacity=3)
    lead_id = created(mine)

    answered = mine.seek(lead_id=lead_id, assign=True)

    assert answered["assigned"]["service_id"] == service_id
    assert answered["matches"][0]["capacity_left"] == 2
    assert mine.seek(lead_id=lead_id)["matches"][0]["capacity_left"] == 2


def test_a_lead_that_is_not_stored_is_given_to_nobody(mine):
    mine.seek(BAKERY, 400, assign=True)
    (result,) = mine.seek(leads=[BAKERY | {"assign": True}], path="/batch")["results"]

    assert result["success"] is False


def test_a_days_leads_come_in_pages(mine):
    service_id = mine.service()
    leads = [created(mine, n) for n in range(3)]
    for lead_id in leads:
        given(mine, lead_id)

    first = mine.get(f"/services/{service_id}/assignments", limit=2)
    rest = mine.get(f"/services/{service_id}/assignments", limit=2, after=first["next_after"])

    listed = [one["lead_id"] for one in (*first["assignments"], *rest["assignments"])]
    assert listed == leads[::-1] and rest["next_after"] is None
    assert mine.get(f"/services/{service_id}/assignments", day="2020-01-01")["given"] == 0
