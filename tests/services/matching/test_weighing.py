"""Weights of stored outcomes: learned, put in force, taken back, shown, and learned at night."""

from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest

from services.matching import becoming, keeping, weighing, weights_store
from services.matching.catalogue_cache import Catalogues
from services.matching.criteria import CRITERIA
from services.matching.matchmaking import Desk
from services.matching.prepared import USUAL_WEIGHTS
from tests.services.matching.account import BAKERY, Matched
from tests.services.matching.outcomes import PLACE_ALONE, USUAL, drawn

NUMBER = 90
"""Outcomes of one service."""


@pytest.fixture
def mine(app, user_id):
    return Matched(app, user_id)


@pytest.fixture
def desk(database, gate):
    return Desk(database, gate, "US", Catalogues())


def lived(mine, desk, weights=PLACE_ALONE):
    """Return a service that leads were handed over to, and of which it is known what became."""
    service_id = mine.service()
    for lead_id, outcome in zip(mine.leads(NUMBER), drawn(5, NUMBER, weights), strict=True):
        now = datetime.now(UTC)
        kept = keeping.keep(desk, mine.user_id, UUID(lead_id), 1, now)
        match_id = kept.ids[UUID(service_id)]
        points = [share * most for share, most in zip(outcome.shares, USUAL_WEIGHTS, strict=True)]
        with desk.database.transaction(mine.user_id) as conn:
            conn.execute(
                "INSERT INTO matching.handed_over VALUES (%s, %s, %s, %s, %s, %s, true)",
                [mine.user_id, lead_id, match_id, service_id, points, now],
            )
        status = "converted" if outcome.good else "not_interested"
        becoming.change(desk, mine.user_id, match_id, status, "", outcome.by)
    return service_id


def points(match):
    """What each criterion gave a match that was answered."""
    return [match[f"{one.name}_points"] for one in CRITERIA]


def weights_of(mine, service_id):
    return mine.get(f"/services/{service_id}/weights")


def test_what_is_learned_is_compared_put_in_force_and_taken_back(mine, desk):
    service_id = lived(mine, desk)
    lead_id = mine.lead(**BAKERY)
    before = mine.match(lead_id)["matches"][0]

    looked = mine.ask("POST", f"/services/{service_id}/weights/learn", apply=False)
    assert looked["comparison"]["accepted"] and not looked["in_force"]
    assert looked["comparison"]["weights"]["geographic"] > 40
    assert mine.match(lead_id)["matches"][0] == before | {"reasons": before["reasons"]}

    applied = mine.ask("POST", f"/services/{service_id}/weights/learn")
    assert applied["in_force"] and applied["version"] == looked["version"] == 1

    after = mine.match(lead_id)["matches"][0]
    assert after["weights"] == applied["comparison"]["weights"]
    total = sum(after["weights"][name] * after[f"{name}_score"] / 100 for name in after["weights"])
    assert after["match_score"] == pytest.approx(total, abs=0.05)
    assert after["geographic_points"] == before["geographic_points"]
    assert mine.get(f"/matches/{after['match_id']}")["match"]["weights"] == after["weights"]

    back = mine.ask("PUT", f"/services/{service_id}/weights", version="default")
    assert back["version"] is None and back["sets"][0]["in_force"] is False
    assert [one["version"] for one in back["changes"]] == [None, 1]
    assert mine.match(lead_id)["matches"][0]["match_score"] == before["match_score"]

    again = mine.ask("PUT", f"/services/{service_id}/weights", version=1)
    assert again["weights"] == after["weights"] and again["outcomes"]["count"] == NUMBER


def test_usual_outcomes_are_refused_with_the_reason(mine, desk):
    service_id = lived(mine, desk, USUAL)

    done = mine.ask("POST", f"/services/{service_id}/weights/learn")

    assert not done["in_force"] and not done["comparison"]["accepted"]
    (kept,) = weights_of(mine, service_id)["sets"]
    assert kept["verdict"] == done["comparison"]["verdict"]
    mine.ask("PUT", f"/services/{service_id}/weights", 409, version=kept["version"])


def test_without_outcomes_nothing_is_learned_or_stored(mine):
    service_id = mine.service()

    done = mine.ask("POST", f"/services/{service_id}/weights/learn")

    assert (done["version"], done["comparison"]["usual"]) == (None, None)
    shown = weights_of(mine, service_id)
    assert (shown["sets"], shown["version"], shown["learning"]) == ([], None, "propose")
    assert list(shown["weights"].values()) == list(USUAL_WEIGHTS)


@pytest.mark.parametrize(("mode", "sets", "version"), [("propose", 1, None), ("apply", 1, 1)])
def test_the_worker_learns_and_applies_only_where_it_may(
    mine, desk, worker_database, mode, sets, version
):
    service_id = lived(mine, desk)
    mine.ask("PUT", f"/services/{service_id}/weights", learning=mode)

    weighing.learn_all(worker_database)

    shown = weights_of(mine, service_id)
    assert (len(shown["sets"]), shown["version"]) == (sets, version)
    assert shown["sets"][0]["learned_by"] == weighing.WORKER


def test_a_change_of_the_offer_keeps_the_weights(mine, desk):
    service_id = lived(mine, desk)
    mine.ask("POST", f"/services/{service_id}/weights/learn")

    changed = mine.ask("PUT", f"/services/{service_id}", description="New words.")["service"]

    assert changed["weights"] == weights_of(mine, service_id)["weights"]
    assert weights_of(mine, service_id)["version"] == 1


def test_an_outcome_that_is_said_at_once_is_learned_from_as_the_match_first_scored(
    mine, desk, user_id
):
    service_id, lead_id = mine.service(), mine.lead(**BAKERY)
    (first,) = mine.match(lead_id)["matches"]
    for trade in ("software", "bakery", "farming"):
        mine.ask("PUT", f"/services/{service_id}", target_industries=[trade])
        mine.match(lead_id)

    mine.ask("PUT", f"/matches/{first['match_id']}/status", status="converted")

    with desk.database.transaction(user_id) as conn:
        (outcome,) = weights_store.outcomes(conn, user_id, UUID(service_id), 10)
    assert outcome.points == pytest.approx(points(first), abs=0.005)


def test_where_the_first_score_is_not_known_such_an_outcome_is_not_learned_from(
    mine, desk, user_id, owner_conninfo
):
    service_id, lead_id = mine.service(), mine.lead(**BAKERY)
    match_id = mine.match(lead_id)["matches"][0]["match_id"]
    mine.ask("PUT", f"/services/{service_id}", target_industries=["software"])
    mine.match(lead_id)
    with psycopg.connect(owner_conninfo) as conn:  # as an earlier release wrote it
        conn.execute("UPDATE matching.scorings SET points = NULL WHERE match_id = %s", [match_id])

    mine.ask("PUT", f"/matches/{match_id}/status", status="converted")

    assert weights_of(mine, service_id)["outcomes"]["count"] == 0


def test_the_leads_of_a_service_name_its_weights(mine, desk):
    service_id = lived(mine, desk)
    mine.get("/leads", limit=1)  # lists what waits
    assert mine.get(f"/services/{service_id}/leads", limit=1)["leads"][0]["weights"] is None
    mine.ask("POST", f"/services/{service_id}/weights/learn")

    (best,) = mine.get(f"/services/{service_id}/leads", limit=1)["leads"]

    assert best["weights"] == weights_of(mine, service_id)["weights"]
    (kept,) = mine.get(f"/leads/{best['lead_id']}/matches")["matches"]
    assert kept["weights"] is None  # as it was scored


def test_what_it_scored_when_somebody_was_contacted_is_learned_from(mine):
    service_id, lead_id = mine.service(), mine.lead(**BAKERY)
    match_id = mine.match(lead_id)["matches"][0]["match_id"]
    mine.ask("PUT", f"/matches/{match_id}/status", status="contacted")
    mine.ask("PUT", f"/services/{service_id}", target_industries=["software"])
    mine.match(lead_id)

    mine.ask("PUT", f"/matches/{match_id}/status", status="converted")

    shown = weights_of(mine, service_id)["outcomes"]
    assert (shown["count"], shown["good"]) == (1, 1)


@pytest.mark.parametrize("said", [{}, {"version": 0}, {"version": "best"}, {"learning": "never"}])
def test_what_makes_no_sense_is_refused(mine, said):
    mine.ask("PUT", f"/services/{mine.service()}/weights", 400, **said)


def test_a_set_that_there_is_none_of_is_not_found(mine):
    mine.ask("PUT", f"/services/{mine.service()}/weights", 404, version=7)
