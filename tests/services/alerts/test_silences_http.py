"""Silences over HTTP: of facts that alerts keep, for a time, ended by whoever asked."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.services.alerts.account import CANCELLED, Alerted

TYPE = {"alert_type": "new_lead"}


@pytest.fixture
def mine(app, user_id):
    return Alerted(app, user_id)


def later(**time):
    return (datetime.now(UTC) + timedelta(**time)).isoformat()


@pytest.mark.parametrize(
    ("said", "status", "place"),
    [
        ({"matchers": {}, "minutes": 5}, 400, "matchers"),
        ({"matchers": {"shoe_size": 4}, "minutes": 5}, 400, "matchers.shoe_size"),
        ({"matchers": {"latitude": 30.2}, "minutes": 5}, 400, "matchers.latitude"),
        ({"matchers": {"data.title": "x"}, "minutes": 5}, 400, "matchers.data.title"),
        ({"matchers": {"priority": "panic"}, "minutes": 5}, 400, "matchers.priority"),
        ({"matchers": {"intent_score": "high"}, "minutes": 5}, 400, "matchers.intent_score"),
        ({"matchers": {"industry": "qzxwvkj"}, "minutes": 5}, 400, "matchers.industry"),
        ({"matchers": {"country": None}, "minutes": 5}, 400, "matchers.country.value"),
        ({"matchers": TYPE}, 400, "ends_at"),
        ({"matchers": TYPE, "minutes": 5, "ends_at": later(hours=1)}, 400, "ends_at"),
        ({"matchers": TYPE, "minutes": 0}, 400, "minutes"),
        ({"matchers": TYPE, "ends_at": later(hours=-1)}, 422, "ends_at"),
        ({"matchers": TYPE, "starts_at": later(days=500), "minutes": 5}, 422, "starts_at"),
        ({"matchers": TYPE, "ends_at": later(days=500)}, 422, "ends_at"),
        ({"minutes": 5}, 400, "matchers"),
    ],
)
def test_what_is_wrong_with_a_silence_is_named_and_nothing_is_stored(mine, said, status, place):
    error = mine.silence(expect=status, **said)

    assert list(error["details"]) == [place], error
    assert mine.get("/alerts/silences")["count"] == 0


def test_facts_are_kept_as_alerts_have_them(mine):
    made = mine.silence(
        matchers={"country": "Germany", "industry": "bakery", "source": "old-crm"}, minutes=5
    )

    assert made["matchers"]["country"] == "DE"
    assert made["matchers"]["source_id"] == "old-crm"
    assert made["matchers"]["industry"].isdigit()


def test_a_silence_is_in_force_and_ends_when_it_is_deleted(mine):
    made = mine.silence(matchers=TYPE, minutes=60, comment="Import")
    path = f"/alerts/silences/{made['id']}"

    ended = mine.delete(path)["silence"]
    again = mine.delete(path)["silence"]

    assert (made["active"], ended["active"], ended["comment"]) == (True, False, "Import")
    assert ended == again
    assert mine.get("/alerts/silences")["count"] == 1
    assert mine.get("/alerts/silences", active="true")["count"] == 0


def test_one_that_is_to_come_is_not_in_force_yet(mine):
    made = mine.silence(matchers=TYPE, starts_at=later(hours=1), minutes=60)

    assert made["active"] is False
    assert mine.get("/alerts/silences", active="true")["count"] == 1


def test_what_is_silenced_is_raised_and_the_answer_says_so(mine):
    mine.rule(**CANCELLED)
    mine.silence(matchers={"data.amount": 4200}, minutes=5)

    answer = mine.post("order.cancelled", data={"amount": 4200})

    assert (len(answer["alert_ids"]), answer["suppressed_by"]) == (1, "silenced")


def test_silences_come_in_pages(mine):
    made = [mine.silence(matchers=TYPE, minutes=n)["id"] for n in (5, 6, 7)]

    first = mine.get("/alerts/silences", limit=2)
    rest = mine.get("/alerts/silences", limit=2, after=first["next_after"])

    assert [one["id"] for one in (*first["silences"], *rest["silences"])] == made
