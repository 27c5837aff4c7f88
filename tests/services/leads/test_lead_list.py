"""Lists of leads, over HTTP."""

from itertools import chain, pairwise
from uuid import uuid4

import pytest
from psycopg import sql

from services.leads import page_store
from services.leads.filter import Circle, Filter
from services.leads.filter_store import where
from services.leads.page import Page
from tests.services.leads.account import ADA, API, Account

AUSTIN = {"city": "Austin", "state": "TX", "country": "US"}
ROUND_ROCK = AUSTIN | {"city": "Round Rock"}
DALLAS = AUSTIN | {"city": "Dallas"}


@pytest.fixture
def mine(app, user_id):
    return Account(app, user_id)


@pytest.fixture
def ask(client, user_id):
    """Ask for a list; return the answer's JSON."""

    def ask(expect=200, user_id=user_id, **query):
        answer = client.get(f"{API}/leads", query_string={"user_id": user_id, **query})
        assert answer.status_code == expect, answer.text
        return answer.json

    return ask


def ids(answer):
    return [lead["id"] for lead in answer["leads"]]


def refused(answer):
    return set(answer["error"]["details"])


@pytest.fixture
def texans(mine):
    """Three leads: in Austin, 27 km north of it, and 290 km away."""
    return [
        mine.lead(email=f"{name}@{name}.example", first_name=name, **there, industry=trade)
        for name, there, trade in (
            ("Bo", AUSTIN, "restaurant"),
            ("Cy", ROUND_ROCK, "software"),
            ("Di", DALLAS, "restaurant"),
        )
    ]


def test_whoever_has_stored_a_lead_finds_it(mine, ask):
    lead_id = mine.lead(company="Analytical Engines", job_title="Countess", **AUSTIN)
    found = ask()

    assert (found["count"], found["next_after"], found["not_yet_listed"]) == (1, None, 0)
    (lead,) = found["leads"]
    assert lead["id"] == lead_id
    assert (lead["name"], lead["email"], lead["company"]) == (
        "Ada Lovelace",
        ADA["email"],
        "Analytical Engines",
    )
    assert lead["location"] == "Austin, TX, US"
    assert lead["place"]["name"] == "Austin" and lead["place"]["admin1"] == "TX"
    assert (lead["status"], lead["signal_strength"], lead["tags"]) == ("new", 0, [])


def test_fields_of_a_lead_come_back_as_ours(mine, ask):
    mine.lead(industry="Gastronomie", company_size="LARGE", lead_category="Financial service")
    (lead,) = ask()["leads"]

    assert lead["industry_code"].startswith("72") and lead["company_size"] == "large"
    assert lead["lead_category"] == "financial_service" and lead["lead_type"] is None


def test_a_lead_is_not_lost_for_a_word_that_is_none_of_ours(mine, ask):
    mine.lead(company_size="gigantic", lead_type="robot", industry="xqzzyvv", location="nowhere")
    (lead,) = ask()["leads"]

    assert (lead["company_size"], lead["lead_type"], lead["place"]) == (None, None, None)
    assert (lead["industry"], lead["industry_code"]) == ("xqzzyvv", None)
    assert lead["location"] == "nowhere"


def test_duplicates_are_hidden_unless_asked_for(mine, ask):
    first = mine.lead()
    second = mine.lead(last_name="King")

    assert ids(ask()) == [first]
    assert set(ids(ask(duplicates="true"))) == {first, second}


# Filters -----------------------------------------------------------------------------------------


def test_near_finds_what_lies_within_the_radius_and_says_how_far(ask, texans):
    found = ask(near="Austin, TX", radius_km=50, sort="nearest")

    assert ids(found) == texans[:2]
    assert found["leads"][0]["distance_km"] < 1 < 20 < found["leads"][1]["distance_km"] < 35
    assert found["place"]["name"] == "Austin" and found["place"]["ambiguous"] is False


def test_near_may_be_coordinates_and_a_small_radius_leaves_more_out(ask, texans):
    assert ids(ask(near="30.2672,-97.7431", radius_km=10)) == texans[:1]


def test_a_large_circle_finds_them_all(ask, texans):
    assert set(ids(ask(near="Austin, TX", radius_km=400))) == set(texans)


def test_a_location_may_be_a_town_or_a_state(ask, texans):
    assert ids(ask(location="Dallas, Texas")) == [texans[2]]
    assert set(ids(ask(location="Texas"))) == set(texans)
    assert ids(ask(location="France")) == []


def test_an_industry_leaves_what_belongs_to_it(ask, texans):
    assert set(ids(ask(industry="food service"))) == {texans[0], texans[2]}


def test_filters_narrow_each_other_down(ask, texans):
    assert ids(ask(industry="restaurants", near="Austin, TX", status="new")) == texans[:1]
    assert ids(ask(industry="restaurants", status="lost")) == []


def test_source_status_and_investigation_filter(mine, ask):
    made = mine.ask("POST", "/investigations", 201, name="North")["investigation"]["id"]
    mine.lead(source_id="fair")
    lead_id = mine.lead(source_id="web", investigation_id=made, email="bo@bo.example", name="Bo")
    mine.ask("PUT", f"/leads/{lead_id}", status="qualified")

    for query in ({"source_id": "web"}, {"status": "qualified"}, {"investigation_id": made}):
        assert ids(ask(**query)) == [lead_id], query


def test_tags_and_assignees_filter(mine, ask):
    mine.lead(email="bo@bo.example", first_name="Bo")
    lead_id = mine.lead()
    mine.ask("PUT", f"/leads/{lead_id}", assigned_to="sam", tags=["vip", "fair 26"])

    assert ids(ask(tag="fair 26")) == ids(ask(assigned_to="sam")) == [lead_id]
    assert lead_id not in ids(ask(assigned_to="none"))
    mine.ask("PUT", f"/leads/{lead_id}", tags=["vip"])
    assert (ids(ask(tag="fair 26")), ids(ask(tag="vip"))) == ([], [lead_id])


def test_times_of_receipt_filter(mine, ask):
    mine.lead()

    assert ask(received_from="2020-01-01T00:00:00Z")["count"] == 1
    assert ask(received_until="2020-01-01T00:00:00Z")["count"] == 0


def test_an_investigation_that_is_not_there_is_forgotten(mine, ask):
    """A lead is worth more than the investigation it names."""
    mine.lead(investigation_id=str(uuid4()))

    assert ask()["leads"][0]["investigation_id"] is None


# Text search -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "search",
    ["ada", "LOVEL", "ada love", "ada@analytical.example", "analytical", "countess", "aust eng"],
)
def test_every_word_of_a_search_begins_a_word_of_the_lead(mine, ask, search):
    lead_id = mine.lead(company="Analytical Engines", job_title="Countess", **AUSTIN)
    mine.lead(email="bo@bo.example", first_name="Bo", last_name="Derek")

    assert ids(ask(search=search)) == [lead_id]


@pytest.mark.parametrize(
    "search",
    ["~zed@zed.example", "a~zed@zed.example", "da", "ada derek", "\u0434\u0430", "ada zzz"],
)
def test_a_search_finds_nothing_else(mine, ask, search):
    mine.lead()
    mine.lead(email="bo@bo.example", first_name="Bo", last_name="Derek")

    assert ids(ask(search=search)) == []


@pytest.mark.parametrize(
    ("name", "search"),
    [
        ("J\u00fcrgen M\u00fcller", "jurgen mull"),
        ("\u05d3\u05d5\u05d3 \u05db\u05d4\u05df", "\u05d3\u05d5\u05d3"),
        ("\u0645\u062d\u0645\u062f \u0639\u0644\u064a", "\u0645\u062d\u0645\u062f"),
        ("\u7530\u4e2d \u592a\u90ce", "\u7530\u4e2d"),
    ],
)
def test_names_are_found_in_any_script(mine, ask, name, search):
    lead_id = mine.lead(email="one@one.example", first_name="", last_name="", name=name)

    assert ids(ask(search=search)) == [lead_id]


def test_an_emoji_is_no_word(mine, ask):
    mine.lead()

    assert refused(ask(422, search="\U0001f600")) == {"search"}


# Order and pages ---------------------------------------------------------------------------------


@pytest.fixture
def many(mine):
    """Nine leads in Austin, some with signals."""
    made = mine.leads(9)
    mine.listed()
    return made


@pytest.fixture
def strengths(many, database, user_id):
    """Give each of nine leads a strength; every strength has three leads."""
    with database.transaction(user_id) as conn:
        for number, lead_id in enumerate(many):
            conn.execute(
                "UPDATE leads.listing SET signal_strength = %s WHERE lead_id = %s",
                [number % 3 * 40, lead_id],
            )
    return many


def pages(ask, **query):
    """Yield the ids of page after page."""
    after = {}
    while after is not None:
        answer = ask(limit=2, **query, **after)
        yield ids(answer)
        after = {"after": answer["next_after"]} if answer["next_after"] else None


@pytest.mark.parametrize("sort", ["strongest", "newest", "oldest"])
def test_pages_are_the_list_in_parts(ask, strengths, sort):
    whole = ids(ask(sort=sort))
    parts = list(pages(ask, sort=sort))

    assert [*chain(*parts)] == whole and set(whole) == set(strengths)
    assert [len(part) for part in parts] == [2, 2, 2, 2, 1]


def test_the_strongest_come_first_and_of_those_the_newest(ask, strengths):
    found = [(lead["signal_strength"], lead["received_at"]) for lead in ask()["leads"]]

    assert found == sorted(found, reverse=True)
    assert ask(min_signal_strength=41)["count"] == 3


def test_the_oldest_are_the_newest_turned_round(ask, strengths):
    assert ids(ask(sort="oldest")) == ids(ask(sort="newest"))[::-1]


def test_the_nearest_follow_one_another_over_pages(ask, texans):
    whole = ask(near="Austin, TX", radius_km=500, sort="nearest")
    parts = list(pages(ask, near="Austin, TX", radius_km=500, sort="nearest"))

    assert [*chain(*parts)] == ids(whole) == texans
    assert all(a["distance_km"] <= b["distance_km"] for a, b in pairwise(whole["leads"]))


def test_what_lies_far_down_the_order_is_found_in_a_circle(mine, ask):
    last = mine.lead(email="bo@bo.example", first_name="Bo", **AUSTIN)
    mine.leads(45)
    first = mine.lead(email="cy@cy.example", first_name="Cy", **ROUND_ROCK)

    found = ask(near="Austin, TX", sort="newest", limit=1)
    following = ask(near="Austin, TX", sort="newest", limit=1, after=found["next_after"])

    assert [*ids(found), *ids(following)] == [first, last]


def test_a_nul_in_the_query_is_a_400_that_names_it(ask):
    assert refused(ask(400, source_id="fo\0rm")) == {"source_id"}


def test_an_offset_passes_leads_over(ask, strengths):
    assert ids(ask(offset=4, limit=3)) == ids(ask())[4:7]
    assert ids(ask(offset=100)) == []


# Refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"radius_km": 0, "near": "Austin, TX"}, "radius_km"),
        ({"radius_km": 501, "near": "Austin, TX"}, "radius_km"),
        ({"offset": -1}, "offset"),
        ({"offset": 100_001}, "offset"),
        ({"limit": 0}, "limit"),
        ({"limit": 1001}, "limit"),
        ({"sort": "best"}, "sort"),
        ({"after": "xyz"}, "after"),
        ({"min_signal_strength": -1}, "min_signal_strength"),
        ({"duplicates": "perhaps"}, "duplicates"),
        ({"investigation_id": "7"}, "investigation_id"),
    ],
)
def test_what_cannot_be_asked_is_a_400_that_names_it(ask, query, named):
    assert refused(ask(400, **query)) == {named}


def test_an_unknown_place_is_refused_with_names_like_it(ask):
    details = ask(422, location="Sprimgfeild Heigths")["error"]["details"]

    assert details["location"] == "is no place we know"


@pytest.mark.parametrize("query", [{"sort": "nearest"}, {"near": "Texas"}])
def test_what_makes_no_sense_is_a_422(ask, query):
    assert refused(ask(422, **query)) == set(query)


def test_an_investigation_of_somebody_else_is_not_found(app, ask):
    other = Account(app, f"tenant-{uuid4().hex}")
    theirs = other.ask("POST", "/investigations", 201, name="North")["investigation"]["id"]

    for unknown in (theirs, str(uuid4())):
        assert refused(ask(404, investigation_id=unknown)) == {"investigation_id"}


def test_leads_of_somebody_else_are_never_listed(app, ask, texans):
    other = f"tenant-{uuid4().hex}"

    for query in ({}, {"search": "bo"}, {"near": "Austin, TX"}, {"duplicates": "true"}):
        assert ids(ask(user_id=other, **query)) == []


def test_a_wrong_investigation_id_is_a_fault_of_the_sender(post):
    answer = post(expect=400, email="bo@bo.example", investigation_id="seven")

    assert refused(answer) == {"lead_data.investigation_id"}


# What is common is found as what is rare is ------------------------------------------------------


@pytest.mark.parametrize("few", [0, 3, 2000])
@pytest.mark.parametrize(
    "said",
    [
        {"words": ("ora",)},
        {"words": ("or", "firm1")},
        {"words": ("nora", "zzz")},
        {"words": ("zzz~00ff",)},
        {"tag": "vip"},
        {"tag": "vip", "words": ("firm",)},
        {"words": ("firm",), "near": Circle(30.2672, -97.7431, 50.0)},
    ],
)
def test_what_many_have_is_found_as_what_few_have(mine, many, database, user_id, said, few):
    """Whether words are looked up or checked: as the plain condition says."""
    for lead_id in many[::2]:
        mine.ask("PUT", f"/leads/{lead_id}", tags=["vip"])
    wanted = Filter(**said)
    conditions, values = where(wanted)
    query = sql.SQL("SELECT lead_id FROM leads.listing AS listed WHERE tenant_id = {} AND {}")
    with database.transaction(user_id) as conn:
        plain = conn.execute(
            query.format(sql.Placeholder("tenant"), conditions), values | {"tenant": user_id}
        ).fetchall()
        found = [(mark.lead_id,) for mark in page_store.marks(conn, user_id, wanted, Page(), few)]

    assert sorted(found) == sorted(plain)
