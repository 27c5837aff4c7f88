"""What is around a place, over HTTP."""

from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest

from leadfly.app import create_app
from shared.privacy.modes import MODES
from tests.services.leads.account import API, Account


@pytest.fixture
def ask(client, user_id):
    """Call a route as this test's account."""

    def ask(method, path, expect=200, body=None, user_id=user_id, **query):
        sent = {"json": body} if body is not None else {}
        answer = client.open(
            f"{API}/{path}", method=method, query_string={"user_id": user_id, **query}, **sent
        )
        assert answer.status_code == expect, answer.text
        return answer.json

    return ask


@pytest.fixture
def investigation(ask):
    return ask("POST", "investigations", 201, {"name": "Texas"})["investigation"]["id"]


@pytest.fixture
def texans(post):
    """Three leads: two in Austin, one in Dallas 290 km to the north."""
    austin = {"city": "Austin", "state": "TX", "country": "US"}
    dallas = austin | {"city": "Dallas"}
    return [
        post(email="ada@tacos.example", company="Taco House LLC", industry="restaurant", **austin),
        post(email="bo@code.example", company="Code Works", industry="software", **austin),
        post(email="cy@grill.example", company="Grill Inc", industry="restaurant", **dallas),
    ]


def ids(*leads):
    return {lead["lead_id"] for lead in leads}


def discover(ask, investigation, expect=200, **wanted):
    return ask("POST", "local/discover", expect, {"investigation_id": investigation, **wanted})


def test_leads_within_the_radius_join_the_investigation(ask, investigation, texans):
    found = discover(ask, investigation, location="Austin, TX", radius_km=50)

    assert set(found["lead_ids"]) == ids(*texans[:2])
    assert found["joined"] == 2
    listed = ask("GET", "leads", investigation_id=investigation)
    assert {lead["id"] for lead in listed["leads"]} == ids(*texans[:2])


def test_asked_again_it_finds_the_same_and_changes_nothing(ask, investigation, texans):
    first = discover(ask, investigation, location="Austin, TX")

    again = discover(ask, investigation, location="Austin, TX")

    assert again["lead_ids"] == first["lead_ids"]
    assert again["joined"] == 0


def test_a_wider_radius_reaches_further_nearest_first(ask, investigation, texans):
    found = discover(ask, investigation, location="Dallas, TX", radius_km=400)

    assert found["lead_ids"][0] == texans[2]["lead_id"]
    assert set(found["lead_ids"]) == ids(*texans)


def test_a_state_is_all_of_it(ask, investigation, texans):
    found = discover(ask, investigation, location="Texas")

    assert set(found["lead_ids"]) == ids(*texans)
    assert found["radius_km"] is None


def test_criteria_narrow_it_down(ask, investigation, texans):
    criteria = {"business_type": "restaurant"}

    found = discover(ask, investigation, location="Austin, TX", criteria=criteria)

    assert set(found["lead_ids"]) == ids(texans[0])


def test_a_category_is_known_in_any_spelling(ask, investigation, post):
    lead = post(
        email="ada@bank.example", city="Austin", state="TX", lead_category="Financial Service"
    )
    wanted = {"location": "Austin, TX", "criteria": {"lead_category": "financial service"}}

    assert discover(ask, investigation, **wanted)["lead_ids"] == [lead["lead_id"]]
    discover(ask, investigation, 422, location="Austin, TX", criteria={"lead_category": "!!"})


def test_leads_of_another_investigation_stay_there(ask, investigation, texans):
    discover(ask, investigation, location="Austin, TX")
    other = ask("POST", "investigations", 201, {"name": "Other"})["investigation"]["id"]

    found = discover(ask, other, location="Texas")

    assert (found["joined"], found["in_other_investigations"]) == (1, 2)


def test_another_accounts_leads_are_nowhere(ask, investigation, texans):
    stranger = f"tenant-{uuid4().hex}"
    body = {"name": "Theirs", "user_id": stranger}
    theirs = ask("POST", "investigations", 201, body, stranger)["investigation"]["id"]
    wanted = {"investigation_id": theirs, "location": "Texas", "user_id": stranger}

    assert ask("POST", "local/discover", 200, wanted, stranger)["leads_discovered"] == 0


def test_another_accounts_investigation_is_not_found(ask, investigation):
    wanted = {"investigation_id": investigation, "location": "Texas", "user_id": "somebody"}

    ask("POST", "local/discover", 404, wanted, "somebody")


def test_a_closed_investigation_takes_no_leads(ask, investigation, texans):
    ask("PUT", f"investigations/{investigation}", 200, {"status": "closed"})

    discover(ask, investigation, 409, location="Austin, TX")

    assert ask("GET", f"investigations/{investigation}")["investigation"]["leads"] == 0


def test_who_agrees_no_more_joins_nothing_where_the_mode_asks_for_consent(
    local_settings, user_id, owner_conninfo
):
    app = create_app(replace(local_settings, mode=MODES["gdpr_strict"]))
    account = Account(app, user_id)
    lead_id = account.lead(consent=["lead_processing"], city="Austin", state="TX")
    assert account.listed() == 1
    named = account.ask("POST", "/investigations", 201, name="Texas")["investigation"]["id"]
    with psycopg.connect(owner_conninfo) as owner:
        owner.execute(
            "UPDATE public.consents SET withdrawn_at = now() WHERE tenant_id = %s AND lead_id = %s",
            [user_id, lead_id],
        )

    found = account.ask("POST", "/local/discover", investigation_id=named, location="Austin, TX")

    assert (found["lead_ids"], found["joined"]) == ([lead_id], 0)
    app.extensions["leadfly"].database.close()


@pytest.mark.parametrize("radius", [0, 501, "far"])
def test_a_radius_beyond_its_bounds_is_refused_by_name(ask, investigation, radius):
    refused = discover(ask, investigation, 400, location="Austin, TX", radius_km=radius)

    assert "radius_km" in refused["error"]["details"]


def test_an_unknown_place_is_refused_with_names_like_it(ask, investigation):
    refused = discover(ask, investigation, 422, location="Asutin, TX")

    assert refused["error"]["details"]["location"] == "is no place we know"
    assert any("Austin" in name for name in refused["error"]["details"]["nearest_names"])


def test_an_unknown_industry_is_refused_by_name(ask, investigation):
    refused = discover(
        ask, investigation, 422, location="Austin", criteria={"industry": "xyzzyfoo"}
    )

    assert "industry" in refused["error"]["details"]


def test_businesses_are_listed_nearest_first(ask, texans):
    found = ask("GET", "local/businesses", location="Dallas, TX", radius_km=400)["businesses"]

    assert len(found) == 3
    assert found[0]["lead_ids"] == [texans[2]["lead_id"]]
    assert found[0]["nearest_km"] < 20 < found[1]["nearest_km"]


def test_a_business_of_two_leads_is_one(ask, post, texans):
    post(
        email="dee@tacos.example",
        first_name="Dee",
        company="Taco House",
        city="Austin",
        state="TX",
        country="US",
    )

    found = ask(
        "GET", "local/businesses", location="30.2672,-97.7431", radius_km=30, industry="restaurant"
    )

    assert [each["leads"] for each in found["businesses"]] == [1]
    found = ask("GET", "local/businesses", location="30.2672,-97.7431", radius_km=30)
    assert sorted(each["leads"] for each in found["businesses"]) == [1, 2]


def test_a_market_is_counted_by_industry_and_by_inhabitants(ask, texans):
    market = ask("GET", "local/market-analysis", location="Austin, TX")

    assert (market["total_leads"], market["total_businesses"]) == (2, 2)
    assert {entry["count"] for entry in market["industry_breakdown"]} == {1}
    people = market["place"]["population"]
    assert market["density_per_10000"]["leads"] == round(20_000 / people, 4)
    assert market["few"]
    assert market["signal_trend"][-1]["leads"] == 2


def test_a_market_is_set_against_the_state_around_it(ask, texans):
    saturation = ask("GET", "local/market-analysis", location="Austin, TX")["saturation"]

    assert saturation["region"]["name"] == "Texas"
    assert saturation["ratio"] > 1


def test_a_market_of_nobody_is_zero_and_not_invented(ask):
    market = ask("GET", "local/market-analysis", location="Austin, TX")

    assert (market["total_leads"], market["total_businesses"]) == (0, 0)
    assert market["industry_breakdown"] == []
    assert market["saturation"]["ratio"] is None


def test_a_place_that_nobody_knows_has_no_market(ask):
    ask("GET", "local/market-analysis", 422, location="Qwertzuiop")
