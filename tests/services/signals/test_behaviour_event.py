"""Reading what callers say that somebody did: every spelling, and nothing that breaks it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals.behaviour_event import LONGEST, MOST_ENTRIES, TYPES, Event, named, read

NINE = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def only(**entry):
    (event,) = read([entry]).events
    return event


def why(entry):
    (ignored,) = read([entry]).ignored
    return ignored.reason


@pytest.mark.parametrize("key", ["type", "behavior_type", "event", "action"])
def test_a_type_is_read_under_each_name(key):
    assert only(**{key: "page_view"}).type == "page_view"


@pytest.mark.parametrize("key", ["url", "page", "path", "page_path", "site_url", "href"])
def test_a_page_is_read_under_each_name(key):
    assert only(type="view", **{key: "/loans"}).url == "/loans"


@pytest.mark.parametrize("key", ["query", "search", "term", "search_term", "q"])
def test_a_search_is_read_under_each_name(key):
    assert only(type="search", **{key: "loan"}).query == "loan"


def test_the_particulars_may_stand_inside():
    sent = {
        "behavior_type": "page_view",
        "behavior_data": {"page_path": "/loan-application", "time_on_page": 120},
        "site_url": "https://example.com",
    }

    assert only(**sent).url == "/loan-application"


@pytest.mark.parametrize(
    ("word", "type_"),
    [
        ("pageView", "page_view"),
        ("Page View", "page_view"),
        ("form-submission", "form_submit"),
        ("opened", "email_open"),
        ("CLICKED", "click"),
        ("emailClicked", "email_click"),
        ("spamreport", "email_complaint"),
    ],
)
def test_a_type_is_read_in_other_words(word, type_):
    assert named(word) == type_


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_is_called_by_its_own_name(type_):
    assert named(type_) == type_


@pytest.mark.parametrize(
    "at",
    [
        "2026-03-01T09:30:00Z",
        "2026-03-01T10:30:00+01:00",
        "2026-03-01T09:30:00",
        1772357400,
        1772357400.0,
        1772357400000,
        "1772357400",
    ],
)
def test_a_time_is_read_in_each_form(at):
    assert only(type="view", url="/x", timestamp=at).at == NINE


@pytest.mark.parametrize(
    "at", ["soon", True, [], {}, -1, 1e300, float("nan"), float("inf"), "0001-01-01", "9" * 200]
)
def test_an_event_of_an_unreadable_time_is_ignored(at):
    assert why({"type": "view", "url": "/x", "at": at}) == "its time is none that can be read"


@pytest.mark.parametrize("at", [None, ""])
def test_an_event_without_a_time_is_read(at):
    assert only(type="view", url="/x", at=at).at is None


def test_an_entry_without_a_type_is_what_it_looks_like():
    assert (only(url="/x").type, only(q="loan").type) == ("page_view", "search")


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (7, "must be an object"),
        (None, "must be an object"),
        ([], "must be an object"),
        ({}, "says neither what was done nor where"),
        ({"type": "zap"}, "its type is none that we know"),
        ({"type": "loan"}, "its type is none that we know"),
        ({"type": 7}, "says neither what was done nor where"),
        ({"type": "💥"}, "its type is none that we know"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_reason(entry, reason):
    assert why(entry) == reason


def test_a_faulty_entry_costs_the_others_nothing():
    found = read([{"type": "zap"}, {"url": "/a"}, 3, {"url": "/b"}])

    assert [event.url for event in found.events] == ["/a", "/b"]
    assert [one.position for one in found.ignored] == [0, 2]


def test_no_reason_repeats_what_was_sent():
    assert "ada@" not in why({"type": "ada@analytical.example"})


def test_of_too_many_entries_the_rest_is_said_to_be_ignored():
    found = read([{"url": "/a"}] * (MOST_ENTRIES + 5))

    assert len(found.events) == MOST_ENTRIES
    assert [one.position for one in found.ignored] == [MOST_ENTRIES]


@pytest.mark.parametrize("raw", ["page_view", 7, True, 1.5])
def test_what_is_no_list_is_ignored_as_a_whole(raw):
    found = read(raw)

    assert found.events == ()
    assert found.ignored[0].reason == "must be a list of objects"


def test_nothing_is_nothing_and_one_object_is_a_list_of_one():
    assert read(None).events == read(None).ignored == ()
    assert len(read({"url": "/a"}).events) == 1


def test_texts_are_bounded_and_can_be_stored():
    event = only(type="view", url="/\0\ud800" + "x" * 10_000)

    assert len(event.url) <= LONGEST
    assert "\0" not in event.url
    event.url.encode()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
NAMES = st.sampled_from(["type", "event", "url", "page", "at", "time", "query", "behavior_data"])


@settings(deadline=None)
@given(st.lists(ANYTHING | st.dictionaries(NAMES, ANYTHING), max_size=6))
def test_every_entry_is_either_read_or_ignored(raw):
    found = read(raw)

    assert len(found.events) + len(found.ignored) == len(raw)
    assert all(isinstance(event, Event) for event in found.events)
