"""Rates per source and buyer: counted once, by the day, and the same whenever somebody asks."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from services.dedup.trade import feedback_counting, feedback_rates_store
from services.dedup.trade.feedback import CONVERSION, RETURN, Said
from services.dedup.trade.feedback_giving import Desk, give
from services.dedup.trade.feedback_rates import Asked

PATH = "/api/v1/lead-discovery/feedback/rates"


@pytest.fixture
def take(post):
    """Have leads let through; return their ids."""
    numbers = count()

    def take(many=1, source_id="form", **context):
        answers = [
            post(
                source_id=source_id,
                context=context or None,
                email=f"n{number}@c{number}.example",
                name=f"Ann{number} Doe",
            )
            for number in (next(numbers) for _ in range(many))
        ]
        return [answer["lead_id"] for answer in answers]

    return take


@pytest.fixture
def say(database, gate, user_id):
    def say(lead_id, *said):
        give(Desk(database, gate), user_id, lead_id, Said(*said), "local", datetime.now(UTC))

    return say


@pytest.fixture
def rates(client, user_id):
    """Return the rows of rates, by source and buyer."""

    def rates(**query):
        answer = client.get(PATH, query_string={"user_id": user_id} | query)
        assert answer.status_code == 200, answer.json
        assert answer.json["complete"]
        return {(row["source_id"], row["buyer_id"]): row for row in answer.json["rates"]}

    return rates


def asked(by_buyer=False, source_id=None, buyer_id=None):
    today = datetime.now(UTC).date()
    return Asked(
        today - timedelta(days=1), today + timedelta(days=3), source_id, buyer_id, by_buyer
    )


def test_without_leads_there_are_no_rates(rates):
    assert rates() == {}


def test_leads_returns_and_conversions_are_counted_by_source(take, say, rates):
    first, second, *_ = take(4)
    take(1, "page")
    say(first, RETURN, "fake")
    say(second, CONVERSION)

    found = rates()

    row = found["form", None]
    assert (row["leads"], row["returns"], row["conversions"]) == (4, 1, 1)
    assert row["return_rate"]["share"] == 0.25
    assert row["reasons"] == [
        {"type": "conversion", "reason": None, "leads": 1},
        {"type": "return", "reason": "fake", "leads": 1},
    ]
    assert found["page", None]["leads"] == 1


def test_buyers_have_rows_of_their_own(take, say, rates):
    (given,) = take(1, buyer_id="a")
    take(2, buyer_id="b")
    take(1)
    say(given, RETURN, "fake")

    found = rates(by="buyer")

    assert {key: row["leads"] for key, row in found.items()} == {
        ("form", "a"): 1,
        ("form", "b"): 2,
        ("form", ""): 1,
    }
    assert found["form", "a"]["returns"] == 1
    assert rates(buyer_id="b").keys() == {("form", "b")}
    assert rates(source_id="elsewhere") == {}


def test_rejected_and_held_leads_are_not_taken(post, take, rates):
    take(1)
    post(source_id="form", email="n0@c0.example", name="Ann0 Doe")
    take(1, hold_seconds=60)

    assert rates()["form", None]["leads"] == 1


def test_what_is_said_of_a_flagged_lead_makes_no_rate(post, say, rates):
    flagged = post(
        source_id="form",
        email="test@tempmail.com",
        phone="+1-000-000-0000",
        company="Test Corp",
    )
    assert flagged["action_taken"] == "flag_for_review"
    say(flagged["lead_id"], RETURN, "fake")

    assert rates() == {}


def test_what_is_taken_back_is_not_counted(take, say, rates, client, user_id):
    (given,) = take(1)
    say(given, RETURN, "fake")
    path = f"/api/v1/lead-discovery/leads/{given}/feedback"
    told = client.get(path, query_string={"user_id": user_id}).json["feedback"][0]["id"]

    client.delete(f"{path}/{told}", query_string={"user_id": user_id})

    row = rates()["form", None]
    assert (row["leads"], row["returns"], row["reasons"]) == (1, 0, [])


def test_leads_are_counted_once_whenever_somebody_asks(database, gate, user_id, take, say, owner):
    leads = take(5, buyer_id="a")
    say(leads[0], RETURN, "fake")
    later, wanted = datetime.now(UTC) + timedelta(days=2), asked(by_buyer=True)

    now = feedback_counting.tally(database, gate, user_id, wanted, datetime.now(UTC))
    then = feedback_counting.tally(database, gate, user_id, wanted, later)
    take(1, buyer_id="a")
    more = feedback_counting.tally(database, gate, user_id, wanted, later)
    again = feedback_counting.tally(database, gate, user_id, wanted, later)

    assert [tally.rows[0].leads for tally in (now, then, more, again)] == [5, 5, 6, 6]
    kept = owner.execute(
        "SELECT sum(leads) FROM dedup.days_taken WHERE tenant_id = %s", [user_id]
    ).fetchone()
    assert kept == (6,)


def test_counting_goes_on_where_it_stopped(database, user_id, take):
    take(5)
    far = feedback_counting._id_at(datetime.now(UTC) + timedelta(days=1))
    found = []
    for _ in range(3):
        with database.transaction(user_id) as conn:
            after = feedback_rates_store.until(conn, user_id)
            found.append(feedback_rates_store.count_on(conn, user_id, after, far, 2))
            found.append(sum(feedback_rates_store.taken(conn, user_id, asked()).values()))

    assert found == [True, 2, True, 4, False, 5]


def test_who_has_too_many_leads_for_one_request_is_told_so(database, user_id, take):
    take(3)
    with database.transaction(user_id) as conn:
        some = feedback_rates_store.taken_since(
            conn, user_id, asked(), feedback_rates_store.START, 2
        )
        all_of_them = feedback_rates_store.taken_since(
            conn, user_id, asked(), feedback_rates_store.START, 4
        )

    assert some == ({("form", ""): 2}, False)
    assert all_of_them == ({("form", ""): 3}, True)


def test_a_request_that_ran_out_of_time_answers_what_it_has(database, gate, user_id, take):
    take(2)
    ticks = count(step=feedback_counting.MOST_SECONDS)

    found = feedback_counting.tally(
        database, gate, user_id, asked(), datetime.now(UTC), lambda: next(ticks)
    )

    assert found.rows[0].leads == 2


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-01-02", "to": "2026-01-01"},
        {"from": "2024-01-01", "to": "2026-01-01"},
        {"from": "yesterday"},
        {"by": "campaign"},
        {"limit": 1001},
    ],
)
def test_what_is_no_period_is_refused(client, user_id, query):
    assert client.get(PATH, query_string={"user_id": user_id} | query).status_code == 400


def test_rows_beyond_the_limit_are_told_of(client, user_id, take):
    for source in ("a", "b", "c"):
        take(1, source)

    answer = client.get(PATH, query_string={"user_id": user_id, "limit": 2}).json

    assert (answer["count"], answer["more"]) == (2, True)
