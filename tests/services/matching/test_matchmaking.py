"""One lead, stored or not, is matched with the services of its account, and nothing is kept."""

from uuid import uuid4

import psycopg
import pytest

from tests.services.matching.account import BAKERY, LOAN, MATCHMAKING, Matched

TEXT = "We need a loan of 50,000 euros for a second oven."


@pytest.fixture
def mine(app, user_id):
    return Matched(app, user_id)


def test_a_lead_that_fits_gets_the_service_with_points_and_reasons(mine):
    service_id = mine.service()

    told = mine.seek(BAKERY | {"loan_amount": 45000, "needs_identified": ["business_loan"]})

    (match,) = told["matches"]
    assert (match["service_id"], match["service_name"]) == (service_id, LOAN["service_name"])
    most = {"geographic": 25, "industry": 20, "need": 25, "profile": 15, "behavioral": 15}
    points = {name: match[f"{name}_points"] for name in most}
    assert abs(sum(points.values()) - match["match_score"]) < 0.05
    for name, whole in most.items():
        assert abs(match[f"{name}_score"] - 100 * points[name] / whole) < 0.1
    assert match["score_interval"]["low"] <= match["match_score"] <= match["score_interval"]["high"]
    assert match["reasons"] and match["match_id"] is None
    assert (told["ineligible"], told["not_understood"]) == ([], [])


def test_a_service_that_it_cannot_have_is_named_with_the_reason(mine):
    service_id = mine.service()

    told = mine.seek(BAKERY | {"loan_amount": 900000})

    assert told["matches"] == []
    (one,) = told["ineligible"]
    assert (one["service_id"], one["service_name"]) == (service_id, LOAN["service_name"])
    assert "900,000 USD" in one["reason"]


def test_another_currency_is_an_amount_that_is_not_known(mine):
    mine.service()

    assert mine.seek(BAKERY | {"loan_amount": 900000, "currency": "EUR"})["matches"]


def test_a_lead_of_which_nothing_is_known_is_no_good_match_and_is_asked(mine):
    mine.service(target_locations=[])
    mine.service(service_name="Insurance", service_type="insurance", target_industries=["farming"])

    told = mine.seek({})

    assert all(match["match_score"] < 60 for match in told["matches"])
    assert {match["confidence_level"] for match in told["matches"]} == {"low"}
    assert told["ask_next"]["question"]


def test_what_a_lead_says_in_no_words_of_ours_is_named(mine):
    lead = {"location": "Qzxwvkj", "industry": "qzxwvkj", "company_size": "tiny"}

    told = mine.seek(lead | {"lead_type": "?"})

    assert told["not_understood"] == ["location", "industry", "company_size", "lead_type"]


def test_an_ended_service_is_matched_with_nobody(mine):
    service_id = mine.service()
    assert mine.seek(BAKERY)["matches_count"] == 1

    mine.ask("DELETE", f"/services/{service_id}")

    assert mine.seek(BAKERY)["matches_count"] == 0


def test_a_change_of_a_service_counts_at_once(mine):
    service_id = mine.service()
    assert mine.seek(BAKERY | {"loan_amount": 900000})["matches"] == []

    mine.ask("PUT", f"/services/{service_id}", max_loan_amount=1000000)

    assert mine.seek(BAKERY | {"loan_amount": 900000})["matches"]


def test_no_more_than_asked_for_are_answered(mine):
    for n in range(12):
        mine.service(service_name=f"Loan {n}")

    told = [mine.seek(BAKERY, **more) for more in ({}, {"limit": 3}, {"limit": 50})]

    assert [one["matches_count"] for one in told] == [10, 3, 12]
    assert {one["eligible_count"] for one in told} == {12}


def test_a_stored_lead_is_matched_by_what_is_known_of_it(mine, owner_conninfo):
    mine.service()
    lead_id = mine.lead(**BAKERY)

    told = mine.seek(lead_id=lead_id)

    said = mine.seek(BAKERY)
    for part in ("geographic", "industry", "profile"):
        assert told["matches"][0][f"{part}_points"] == said["matches"][0][f"{part}_points"]
    with psycopg.connect(owner_conninfo) as conn:
        kept = "SELECT count(*) FROM matching.matches WHERE tenant_id = %s"
        assert conn.execute(kept, [mine.user_id]).fetchone() == (0,)


def test_a_lead_is_matched_alike_before_and_after_it_is_listed(mine, owner_conninfo):
    mine.service()
    lead_id = mine.lead(**BAKERY)

    before = mine.seek(lead_id=lead_id)["matches"]
    mine.get("/leads")  # lists what waits

    assert [m["match_score"] for m in before] == pytest.approx(
        [m["match_score"] for m in mine.seek(lead_id=lead_id)["matches"]], abs=0.05
    )


def test_what_is_said_goes_before_what_is_stored(mine):
    mine.service()
    lead_id = mine.lead(**BAKERY)

    told = mine.seek({"loan_amount": 900000}, lead_id=lead_id)
    elsewhere = mine.seek({"location": "Chicago, IL"}, lead_id=lead_id)

    assert "900,000" in told["ineligible"][0]["reason"]
    assert elsewhere["matches"] == []


def test_signals_of_a_stored_lead_count(mine):
    mine.service()
    lead_id = mine.lead(location="Austin, TX")
    before = mine.seek(lead_id=lead_id)["matches"][0]
    body = {"user_id": mine.user_id, "lead_id": lead_id, "content": TEXT}
    assert mine.client.post("/webhook/leadfly/signal-detection", json=body).json["signals"]

    after = mine.seek(lead_id=lead_id)["matches"][0]

    assert after["need_points"] > before["need_points"]
    assert after["behavioral_points"] > before["behavioral_points"]


def test_signals_that_it_was_created_with_count(mine):
    mine.service()
    made = [
        mine.ask("POST", "/leads", 201, email=f"x{n}@corp{n}.example", signals=signals)["lead"]
        for n, signals in enumerate([[], [{"signal_type": "loan_need", "strength": 90}]])
    ]

    plain, needy = (mine.seek(lead_id=lead["id"])["matches"][0] for lead in made)

    assert needy["need_points"] > plain["need_points"]


def test_a_withdrawn_consent_keeps_every_service_away(mine, owner_conninfo):
    mine.service()
    lead_id = mine.lead(consent=["lead_processing", "sharing"], **BAKERY)
    assert mine.seek(lead_id=lead_id)["matches"]
    with psycopg.connect(owner_conninfo) as conn:
        conn.execute(
            "UPDATE public.consents SET withdrawn_at = now() WHERE tenant_id = %s", [mine.user_id]
        )

    told = mine.seek(lead_id=lead_id)

    assert told["matches"] == []
    assert "consent" in told["ineligible"][0]["reason"]


@pytest.mark.parametrize("lead_id", ["019ad000-0000-7000-8000-000000000001", None])
def test_a_lead_of_nobody_is_not_found(mine, app, lead_id):
    other = Matched(app, f"tenant-{uuid4().hex}")
    lead_id = lead_id or other.lead()

    assert mine.seek(lead_id=lead_id, expect=404)["error"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("lead", "field"),
    [
        ({"loan_amount": -1}, "lead.loan_amount"),
        ({"loan_amount": "much"}, "lead.loan_amount"),
        ({"currency": "ZZQ"}, "lead.currency"),
        ({"revenue": -1}, "lead.revenue"),
        ({"intent_score": 101}, "lead.intent_score"),
        ({"signal_strength": -1}, "lead.signal_strength"),
        ({"latitude": 91, "longitude": 0}, "lead.latitude"),
        ({"latitude": 1}, "lead.latitude"),
        ({"founded_year": 10}, "lead.founded_year"),
        ({"last_activity_at": "soon"}, "lead.last_activity_at"),
        ({"needs_identified": "loan"}, "lead.needs_identified"),
        ({"signals": [7]}, "lead.signals[0]"),
        ({"consent": {}}, "lead.consent.purposes"),
        ({"location": 7}, "lead.location"),
        ("Ada", "lead"),
        (None, "lead"),
    ],
)
def test_what_is_wrong_with_a_lead_is_named(mine, lead, field):
    assert list(mine.seek(lead, 400)["error"]["details"]) == [field]


@pytest.mark.parametrize("more", [{"limit": 0}, {"limit": 51}, {"lead_id": "seven"}])
def test_what_is_wrong_beside_it_is_named(mine, more):
    assert list(mine.seek({}, 400, **more)["error"]["details"]) == list(more)


def test_a_batch_is_answered_in_its_order_and_one_fault_fails_no_other(mine):
    mine.service()
    stored = mine.lead(**BAKERY)
    leads = [
        {"id": "said", "lead": BAKERY},
        {"id": 2, "lead_id": stored},
        {"id": "flat", **BAKERY},
        {"id": "faulty", "lead": {"loan_amount": -1}},
        {"id": "nobody's", "lead_id": str(uuid4())},
        {"id": "another's", "lead": {}, "user_id": "someone"},
        "a text",
        {"id": "nothing"},
    ]

    results = mine.seek(path="/batch", leads=leads)["results"]

    assert [one["id"] for one in results] == [
        *("said", 2, "flat", "faulty", "nobody's", "another's", None, "nothing")
    ]
    assert [one["success"] for one in results] == [True] * 3 + [False] * 5
    codes = [one["error"]["code"] for one in results[3:]]
    assert codes[:3] == ["INVALID_DATA_FORMAT", "NOT_FOUND", "INSUFFICIENT_PERMISSIONS"]
    scores = {one["matches"][0]["geographic_points"] for one in results[:3]}
    assert len(scores) == 1


@pytest.mark.parametrize("leads", [None, [], "x", [{}] * 501])
def test_a_batch_of_nothing_or_too_much_is_refused(mine, leads):
    assert list(mine.seek(path="/batch", expect=400, leads=leads)["error"]["details"]) == ["leads"]


def test_its_health_is_told(client):
    answer = client.get(f"{MATCHMAKING}/health")

    assert (answer.status_code, answer.json["service"]) == (200, "matching")
