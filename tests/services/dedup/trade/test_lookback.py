"""What counts for a look-back and what is forgiven, case by case and in general."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.record import read
from services.dedup.trade import deal
from services.dedup.trade.deal import Deal
from services.dedup.trade.lookback import (
    ELSEWHERE,
    LATER,
    NOT_ACCEPTED,
    OLDER,
    SKEW,
    UNDECIDED,
    Earlier,
    agreement,
    forgiven,
    hit,
    obstacle,
    taken,
)
from services.dedup.trade.terms import Lookback
from services.dedup.verdict import Submission

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)

NEW = Submission("form", {}, NOON, deal=Deal("b1", "c1"))

MONTH = Lookback(30)


def earlier(days_ago=1.0, **changes):
    known = Earlier(UUID(int=1), UUID(int=1), "form", NOON - timedelta(days=days_ago), "b1", "c1")
    return replace(known, **changes)


@pytest.mark.parametrize(
    ("state", "held", "action", "judgement", "expected"),
    [
        (None, False, None, None, True),  # imported
        (None, False, "allow_processing", None, True),
        (None, False, "reject_duplicate", None, False),
        (None, False, "flag_for_review", None, None),
        (None, False, "flag_for_review", "unsure", None),
        (None, False, "flag_for_review", "different", True),
        (None, False, "flag_for_review", "duplicate", False),
        (deal.ACCEPTED, False, "allow_processing", None, True),
        (deal.FLAGGED, False, "flag_for_review", None, None),
        (deal.FLAGGED, False, "flag_for_review", "different", True),
        (deal.FLAGGED, False, "flag_for_review", "duplicate", False),
        (deal.REJECTED, False, "reject_duplicate", None, False),
        (deal.HELD, True, "allow_processing", None, None),
        (deal.HELD, False, "allow_processing", None, False),
        (deal.CONFIRMED, False, "allow_processing", None, True),
        (deal.RELEASED, False, "allow_processing", None, False),
        (deal.RETURNED, False, "allow_processing", None, False),
    ],
)
def test_a_lead_is_taken_by_its_deal_and_without_one_by_its_decision(
    state, held, action, judgement, expected
):
    assert taken(state, held, action, judgement) is expected


@pytest.mark.parametrize(
    ("rule", "lead", "expected"),
    [
        (MONTH, earlier(29.999), None),
        (MONTH, earlier(30), OLDER),
        (MONTH, earlier(0), None),
        (MONTH, earlier(taken=False), NOT_ACCEPTED),
        (MONTH, earlier(taken=None), UNDECIDED),
        (MONTH, earlier(31, taken=None), OLDER),
        (MONTH, earlier(submitted_at=NOON + SKEW), None),
        (MONTH, earlier(submitted_at=NOON + SKEW + timedelta(seconds=1)), LATER),
        (Lookback(30, against="all"), earlier(taken=False), None),
        (Lookback(30, against="all"), earlier(taken=None), None),
        (Lookback(30, across="source"), earlier(source_id="x"), ELSEWHERE),
        (Lookback(30, across="source"), earlier(source_id="x", taken=None), ELSEWHERE),
        (Lookback(30, across="buyer"), earlier(buyer_id=""), ELSEWHERE),
        (Lookback(30, across="campaign"), earlier(campaign_id="c2"), ELSEWHERE),
        (Lookback(30, across="listed", sources=("x",)), earlier(), ELSEWHERE),
        (Lookback(30, across="listed", sources=("form",)), earlier(), None),
        (Lookback(30, across="source"), earlier(source_id="x", taken=False), NOT_ACCEPTED),
    ],
)
def test_a_lead_does_not_count_for_a_reason(rule, lead, expected):
    assert obstacle(rule, NEW, lead) == expected


def test_the_newest_lead_that_counts_is_the_hit():
    rejected, old = earlier(1, taken=False), earlier(12, lead_id=UUID(int=2))

    found = hit([MONTH], NEW, [rejected, old], lambda one: {"person"})

    assert (found.lead_id, found.keys, found.days_ago) == (UUID(int=2), ("person",), 12.0)


def test_what_agrees_is_asked_of_leads_that_count_alone():
    def never(one):
        raise AssertionError

    assert hit([MONTH], NEW, [earlier(30), earlier(taken=False)], never) is None


@pytest.mark.parametrize(
    ("match", "agreed", "keys"),
    [
        ("any", {"email"}, ("email",)),
        ("any", {"phone", "email"}, ("email", "phone")),
        ("any", {"ip"}, None),
        ("all", {"email"}, None),
        ("all", {"email", "phone", "ip"}, ("email", "phone")),
    ],
)
def test_one_key_is_enough_or_all_must_agree(match, agreed, keys):
    rule = Lookback(30, keys=("email", "phone"), match=match)

    found = hit([rule], NEW, [earlier()], lambda one: agreed)

    assert (found and found.keys) == keys


@pytest.mark.parametrize(
    ("rules", "people", "expected"),
    [
        ([MONTH], [[earlier(40)]], OLDER),
        ([MONTH], [[earlier(40), earlier(1, taken=False)]], OLDER),
        ([MONTH], [[earlier(40), earlier(1)]], None),
        ([MONTH], [[earlier(40)], [earlier(1)]], None),
        ([MONTH], [[earlier(40), earlier(1, taken=None)]], None),
        ([MONTH], [[earlier(40)], None], None),
        ([MONTH], [[]], None),
        ([MONTH], [], None),
        ([MONTH, Lookback(60)], [[earlier(40)]], None),
        ([], [[earlier(40)]], None),
        ([], [[earlier(1, taken=False, dealt=True)]], NOT_ACCEPTED),
        ([], [[earlier(1, taken=False)]], None),
        ([], [[earlier(1, taken=False, dealt=True), earlier(2, taken=False)]], NOT_ACCEPTED),
        ([], [[earlier(1, taken=False, dealt=True), earlier(2)]], None),
    ],
)
def test_a_person_is_forgiven_if_nothing_of_theirs_counts(rules, people, expected):
    assert forgiven(rules, NEW, people) == expected


leads = st.builds(
    earlier,
    st.floats(-40, 400),
    source_id=st.sampled_from(["form", "x"]),
    buyer_id=st.sampled_from(["", "b1"]),
    taken=st.sampled_from([True, False, None]),
    dealt=st.booleans(),
)
rules = st.builds(
    Lookback,
    st.integers(1, 365),
    across=st.sampled_from(["tenant", "source", "buyer", "campaign", "listed"]),
    sources=st.sampled_from([(), ("x",)]),
    against=st.sampled_from(["accepted", "all"]),
)


@given(st.lists(rules, min_size=1, max_size=3), st.lists(leads, max_size=5))
def test_whoever_is_a_hit_by_the_person_is_never_forgiven(some, known):
    found = hit(some, NEW, known, lambda one: {"person"})

    assert not (found and forgiven(some, NEW, [known]))


@given(st.lists(rules, min_size=1, max_size=3), st.lists(leads, max_size=5), leads)
def test_one_more_lead_forgives_nobody_who_was_not(some, known, more):
    if known and forgiven(some, NEW, [known]) is None:
        assert forgiven(some, NEW, [[*known, more]]) is None


@given(rules, leads)
def test_a_hit_lies_within_its_days(rule, lead):
    found = hit([rule], NEW, [lead], lambda one: {"person"})

    assert found is None or 0 <= found.days_ago < rule.within_days


HOME = {"street": "12 Main St", "postal_code": "02139", "city": "Cambridge"}


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        ({"email": "Ann.Lee+x@gmail.com"}, {"email": "annlee@googlemail.com"}, {"email"}),
        ({"phone": "(212) 555-1212"}, {"phone": "+12125551212"}, {"phone"}),
        ({"phone": "+12125551212"}, {"phone": "+13125551212"}, set()),
        (
            {"phone": "+12125551212", "other_phone": "+13125551212"},
            {"phone": "+13125551212"},
            {"phone"},
        ),
        (HOME, HOME | {"street": "12 Main Street"}, {"address"}),
        (HOME, HOME | {"postal_code": "94107"}, set()),
        ({"street": "12 Main St"}, {"street": "12 Main St"}, set()),
        ({}, {}, set()),
    ],
)
def test_records_agree_in_values_as_they_are_read(own, other, expected):
    one, another = read(own).record, read(other).record

    assert agreement(one, another) == agreement(another, one) == expected
