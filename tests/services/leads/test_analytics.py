"""Analytics: pure buckets, and the numbers over HTTP."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from services.leads.analytics import Counted, OfStatus, Period, overview, series
from services.leads.analytics_schema import LeadStats
from services.leads.filter import STATUSES

API = "/api/v1/lead-discovery"
UTC_ZONE = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")


def week(first, last, step="day", zone=UTC_ZONE):
    return Period(date.fromisoformat(first), date.fromisoformat(last), step, zone)


def test_a_day_without_leads_is_there_with_zeros():
    entries = series(week("2026-03-01", "2026-03-03"), [], {})

    assert [entry["date"].isoformat() for entry in entries] == [
        "2026-03-01",
        "2026-03-02",
        "2026-03-03",
    ]
    assert {entry["leads"] for entry in entries} == {0}
    assert {entry["acceptance_rate"] for entry in entries} == {None}


def test_what_was_neither_known_nor_invalid_was_accepted():
    day = date(2026, 3, 1)
    counted = [Counted(day, "form", 8, 3, 1, 2), Counted(day, None, 2, 0, 0, 0)]

    (entry,) = series(week("2026-03-01", "2026-03-01"), counted, {day: 1.5})

    assert (entry["leads"], entry["duplicates_prevented"], entry["accepted"]) == (10, 3, 6)
    assert entry["acceptance_rate"] == 0.6
    assert entry["by_source"] == [
        {"source_id": "form", "leads": 8},
        {"source_id": "other", "leads": 2},
    ]


def test_a_week_begins_on_monday():
    entries = series(week("2026-03-05", "2026-03-10", "week"), [], {})

    assert [entry["date"].isoformat() for entry in entries] == ["2026-03-02", "2026-03-09"]


def test_a_day_of_summer_time_has_its_own_midnight():
    period = week("2026-03-29", "2026-03-29", zone=BERLIN)

    assert period.ends.astimezone(UTC) - period.begins.astimezone(UTC) == timedelta(hours=23)


def test_averages_of_no_leads_are_null():
    stats = overview([], 0)["lead_stats"]

    assert stats["total_leads"] == 0
    assert stats["avg_signal_strength"] is None


def test_duplicates_are_no_leads_but_were_prevented():
    numbers = overview([OfStatus("new", False, 4, 100, 40), OfStatus("new", True, 9, 0, 0)], 2)

    assert numbers["lead_stats"]["total_leads"] == 4
    assert numbers["lead_stats"]["avg_signal_strength"] == 25
    assert numbers["duplicates_prevented"] == 9


def test_every_status_has_its_number():
    assert set(LeadStats().fields) >= {f"{status}_leads" for status in STATUSES}


def asked(client, path, user_id, expect=200, **query):
    answer = client.get(f"{API}/analytics/{path}", query_string={"user_id": user_id, **query})
    assert answer.status_code == expect, answer.text
    return answer.json


def test_the_overview_counts_people_and_the_duplicates_that_were_prevented(client, post, user_id):
    post(email="ada@engines.example", first_name="Ada", last_name="Lovelace")
    post(email="ada@engines.example", first_name="Ada", last_name="Lovelace")
    post(email="grace@compilers.example", first_name="Grace", last_name="Hopper")

    numbers = asked(client, "overview", user_id)

    assert numbers["lead_stats"]["total_leads"] == 2
    assert numbers["lead_stats"]["new_leads"] == 2
    assert numbers["duplicates_prevented"] == 1


def test_an_account_counts_its_own_leads_alone(client, post):
    post(email="ada@engines.example")

    assert asked(client, "overview", f"tenant-{uuid4().hex}")["lead_stats"]["total_leads"] == 0


def test_the_series_tells_sources_apart(client, post, user_id):
    post(email="ada@engines.example", source_id="form")
    post(email="ada@engines.example", source_id="form")
    post(email="grace@compilers.example", source_id="fair")

    *_, today = asked(client, "time-series", user_id)["series"]

    assert today["date"] == datetime.now(UTC).date().isoformat()
    assert today["by_source"] == [
        {"source_id": "form", "leads": 2},
        {"source_id": "fair", "leads": 1},
    ]
    assert (today["duplicates_prevented"], today["accepted"]) == (1, 2)


def test_a_flagged_lead_is_counted_as_such(client, post, user_id):
    post(email="sam@tempmail.com", phone="+1-000-000-0000", company="Test Corp")

    assert asked(client, "time-series", user_id)["series"][-1]["flagged"] == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-03-02", "until": "2026-03-01"}, "from"),
        ({"from": "2024-01-01", "until": "2026-03-01"}, "from"),
        ({"from": "yesterday"}, "from"),
        ({"until": "0001-01-01"}, "until"),
        ({"granularity": "hour"}, "granularity"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_a_period_that_cannot_be_is_refused_by_name(client, user_id, query, field):
    refused = asked(client, "time-series", user_id, expect=400, **query)

    assert field in refused["error"]["details"]
