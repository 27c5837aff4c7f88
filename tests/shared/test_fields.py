"""What callers send is read leniently where forms are, and exactly everywhere else."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import Malformed
from shared.fields import Form, Milliseconds, Moment, Text
from shared.validation import loaded


class Everything(Form):
    text = Text("A text.", longest=3)
    at = Moment("A time.")
    took_ms = Milliseconds("A duration.")


@pytest.mark.parametrize("field", ["text", "at", "took_ms"])
@pytest.mark.parametrize("silence", ["", None])
def test_the_empty_text_and_null_are_silent(field, silence):
    assert not loaded(Everything(), {field: silence})[field]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2026-03-01T09:30:00Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00+02:00", datetime(2026, 3, 1, 7, 30, tzinfo=UTC)),
    ],
)
def test_a_time_without_zone_is_utc(sent, read):
    assert loaded(Everything(), {"at": sent})["at"] == read


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ("0001-01-01T00:00:00+14:00", "lies before 1970"),  # year 0 in UTC: psycopg cannot read it
        ("1969-12-31T23:59:59Z", "lies before 1970"),
        ("9999-12-31T23:59:59-12:00", "lies in the future"),
        ("2999-01-01T00:00:00Z", "lies in the future"),
        ("yesterday", "must be an ISO 8601 time"),
        (7, "must be an ISO 8601 time"),
    ],
)
def test_a_time_that_cannot_be_is_refused(sent, problem):
    with pytest.raises(Malformed) as refusal:
        loaded(Everything(), {"at": sent})

    assert refusal.value.details == {"at": problem}


def test_a_clock_may_be_minutes_ahead():
    soon = datetime.now(UTC) + timedelta(minutes=9)

    assert loaded(Everything(), {"at": soon.isoformat()})["at"] == soon


@pytest.mark.parametrize(("sent", "read"), [(7, 7), ("7", 7), (7.9, 7)])
def test_a_duration_may_be_digits_or_have_a_fraction(sent, read):
    assert loaded(Everything(), {"took_ms": sent})["took_ms"] == read


@pytest.mark.parametrize("sent", ["soon", -1, 10**9 + 1, True, []])
def test_a_duration_that_cannot_be_is_refused(sent):
    with pytest.raises(Malformed) as refusal:
        loaded(Everything(), {"took_ms": sent})

    assert list(refusal.value.details) == ["took_ms"]


def test_a_long_text_is_refused_by_name():
    with pytest.raises(Malformed) as refusal:
        loaded(Everything(), {"text": "abcd"})

    assert refusal.value.details == {"text": "must have at most 3 characters"}
