"""All leads of an account are matched anew by a job that neither loses nor doubles anything."""

from uuid import UUID

import pytest

from services.matching import rematching, weights_store
from services.matching.catalogue_cache import Catalogues
from services.matching.criteria import CRITERIA
from services.matching.matchmaking import Desk
from tests.services.leads.account import told
from tests.services.matching.rematched import Rematched, never


@pytest.fixture
def desk(worker_database, gate):
    return Desk(worker_database, gate, "US", Catalogues())


@pytest.fixture
def mine(app, user_id, desk):
    return Rematched(app, user_id, desk)


def high(database, user_id):
    return [data for name, _, data in told(database, user_id) if name == "high_score_match"]


def test_the_best_services_of_every_lead_are_kept(mine):
    for number in range(5):
        mine.service(service_name=f"Loan {number}", min_loan_amount=number)
    leads = mine.leads(3)

    asked = mine.rematch(limit=2)
    mine.work()

    done = mine.job(asked)
    assert (done["status"], done["leads_done"], done["leads_total"]) == ("done", 3, 3)
    assert (done["matches_kept"], done["seconds_left"], done["errors"]) == (6, 0, [])
    assert [len(mine.kept(lead_id)) for lead_id in leads] == [2, 2, 2]


def test_a_rematch_keeps_what_matching_the_lead_alone_keeps(mine):
    mine.service()
    mine.service(service_name="Advice", service_type="consulting", target_locations=["US"])
    first, second = mine.leads(2)
    mine.match(first, limit=2)
    mine.rematch(min_match_score=0, limit=2)
    mine.work()

    alone, many = mine.kept(first), mine.kept(second)

    same = ("service_id", "confidence_level", "priority", "reasons", "status", "service_version")
    assert [[one[n] for n in same] for one in many] == [[one[n] for n in same] for one in alone]
    for one, other in zip(many, alone, strict=True):
        assert one["match_score"] == pytest.approx(other["match_score"], abs=0.02)
        assert one["geographic_points"] == other["geographic_points"]


def test_services_below_the_least_score_are_not_kept(mine):
    mine.service(target_industries=["software"])
    (lead_id,) = mine.leads(1)

    mine.rematch(min_match_score=90)
    mine.work()

    assert mine.kept(lead_id) == []


def test_a_match_keeps_its_id_and_status_and_its_former_score(mine):
    service_id = mine.service()
    (lead_id,) = mine.leads(1)
    match_id = mine.match(lead_id)["matches"][0]["match_id"]
    mine.ask("PUT", f"/matches/{match_id}/status", status="contacted")
    mine.ask("PUT", f"/services/{service_id}", target_industries=["software"])

    mine.rematch(min_match_score=0)
    mine.work()

    (kept,) = mine.kept(lead_id)
    assert (kept["match_id"], kept["status"], kept["outdated"]) == (match_id, "contacted", False)
    history = mine.get(f"/matches/{match_id}")["score_history"]
    assert [one["service_version"] for one in history] == [2, 1]
    assert history[0]["match_score"] == kept["match_score"] < history[1]["match_score"]


def test_an_outcome_after_a_rematch_is_learned_from_as_the_match_first_scored(mine, user_id):
    service_id = mine.service()
    (lead_id,) = mine.leads(1)
    (first,) = mine.match(lead_id)["matches"]
    mine.ask("PUT", f"/services/{service_id}", target_industries=["software"])
    mine.rematch(min_match_score=0)
    mine.work()

    mine.ask("PUT", f"/matches/{first['match_id']}/status", status="converted")

    with mine.desk.database.transaction(user_id) as conn:
        (outcome,) = weights_store.outcomes(conn, user_id, UUID(service_id), 10)
    assert outcome.points == [
        pytest.approx(first[f"{one.name}_points"], abs=0.005) for one in CRITERIA
    ]


def test_what_is_no_longer_possible_ends(mine):
    gone, wrong = mine.service(), mine.service(service_name="Other")
    (lead_id,) = mine.leads(1)
    mine.match(lead_id)
    mine.ask("DELETE", f"/services/{gone}")
    mine.ask("PUT", f"/services/{wrong}", target_audience="consumer")

    asked = mine.rematch()
    mine.work()

    assert mine.kept(lead_id) == []
    assert mine.job(asked)["matches_ended"] == 2
    reasons = {one["service_id"]: one["status"] for one in mine.kept(lead_id, ended="true")}
    assert reasons == {gone: "pending", wrong: "pending"}


def test_the_same_again_changes_nothing(mine):
    mine.service()
    (lead_id,) = mine.leads(1)
    mine.rematch()
    mine.work()
    before = mine.kept(lead_id)

    asked = mine.rematch()
    mine.work()

    assert mine.kept(lead_id) == before
    assert mine.job(asked)["matches_kept"] == 0


def test_only_the_services_that_are_named_are_matched(mine):
    one, other = mine.service(), mine.service(service_name="Other")
    (lead_id,) = mine.leads(1)

    mine.rematch(service_ids=[other])
    mine.work()

    assert one != other
    assert [kept["service_id"] for kept in mine.kept(lead_id)] == [other]


def test_a_named_service_is_not_kept_beside_better_ones(mine):
    better, (lead_id,) = mine.service(), mine.leads(1)
    mine.match(lead_id)
    worse = mine.service(service_name="Worse", target_industries=[])

    mine.rematch(service_ids=[worse], limit=1, min_match_score=0)
    mine.work()

    assert [kept["service_id"] for kept in mine.kept(lead_id)] == [better]


def test_duplicates_and_invalid_leads_are_passed_over(mine):
    mine.service()
    invalid, sound = mine.leads(2)
    mine.ask("PUT", f"/leads/{invalid}", status="invalid")
    mine.read()

    asked = mine.rematch()
    mine.work()

    assert mine.job(asked)["leads_done"] == 1
    assert (mine.kept(invalid), len(mine.kept(sound))) == ([], 1)


# Whether it is told ------------------------------------------------------------------------------


NEEDY = {"signals": [{"signal_type": "loan_need", "strength": 90}]}


@pytest.mark.parametrize(("tell", "events"), [(True, 1), (False, 0)])
def test_a_high_score_is_told_if_that_is_asked_for(mine, database, user_id, tell, events):
    mine.service(answers_needs=["business_loan"])
    lead = {"email": "x@corp.example", "location": "Austin, TX", "industry": "bakery"}
    more = {"company_size": "small", "lead_type": "business", "lead_category": "loan"}
    mine.ask("POST", "/leads", 201, **lead, **more, **NEEDY)
    mine.read()

    mine.rematch(tell=tell)
    mine.work()
    mine.rematch(tell=tell)
    mine.work()

    assert len(high(database, user_id)) == events


# One at a time -----------------------------------------------------------------------------------


def test_the_same_request_joins_the_job_that_is_under_way(mine):
    first, second = mine.rematch(), mine.rematch()

    assert first["rematch"]["id"] == second["rematch"]["id"]
    assert (first["joined"], second["joined"]) == (False, True)


def test_another_request_hears_which_job_is_under_way(mine):
    under_way = mine.rematch()

    refused = mine.rematch(409, limit=1)

    assert refused["error"]["details"]["rematch_id"] == under_way["rematch"]["id"]


def test_a_job_that_is_cancelled_goes_no_further(mine):
    mine.service()
    (lead_id,) = mine.leads(1)
    asked = mine.rematch()

    cancelled = mine.ask("POST", f"/matches/rematch/{asked['rematch']['id']}/cancel")
    mine.work()

    assert (cancelled["changed"], cancelled["rematch"]["status"]) == (True, "cancelled")
    assert mine.kept(lead_id) == []
    again = mine.ask("POST", f"/matches/rematch/{asked['rematch']['id']}/cancel")
    assert again["changed"] is False
    assert mine.rematch(limit=1)["joined"] is False


def test_jobs_are_listed_the_latest_first(mine):
    for limit in (1, 2, 3):
        mine.rematch(limit=limit)
        mine.work()

    page = mine.get("/matches/rematch", limit=2)
    rest = mine.get("/matches/rematch", after=page["next_after"])

    assert [job["limit"] for job in (*page["rematches"], *rest["rematches"])] == [3, 2, 1]


def test_services_of_nobody_are_refused(mine):
    refused = mine.rematch(400, service_ids=[str(UUID(int=7))])

    assert "service_ids" in refused["error"]["details"]


# Faults ------------------------------------------------------------------------------------------


def test_a_job_waits_for_leads_that_are_not_read_yet(mine):
    mine.service()
    (lead_id,) = mine.leads(1)
    late = mine.lead(email="late@corp.example")
    mine.get("/leads", limit=1)
    asked = mine.rematch()

    assert rematching.advance(mine.desk, mine.user_id, never) is False
    assert mine.job(asked)["status"] == "waiting"
    mine.read()
    mine.work()
    assert mine.job(asked)["leads_done"] == 2
    assert lead_id != late


def test_a_worker_that_stops_leaves_the_rest_for_the_next(mine):
    mine.service()
    leads = mine.leads(5)
    asked = mine.rematch()

    rematching.advance(mine.desk, mine.user_id, lambda: True, 2)

    half = mine.job(asked)
    assert (half["status"], half["leads_done"]) == ("running", 2)
    mine.work()
    assert (mine.job(asked)["leads_done"], mine.job(asked)["matches_kept"]) == (5, 5)
    assert [len(mine.kept(lead_id)) for lead_id in leads] == [1] * 5
