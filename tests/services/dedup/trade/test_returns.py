"""What may be said of a lead: windows, reasons, buyers and what contradicts itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.trade import deal, returns
from services.dedup.trade.feedback import (
    CONVERSION,
    RETURN,
    Concerned,
    NotTaken,
    OfAnother,
    OfInvalid,
    OutOfTime,
    Said,
    buyer,
    check,
    same,
)
from services.dedup.trade.terms import NO_TERMS, Terms
from shared.errors import Meaningless

SENT = datetime(2026, 3, 1, 12, tzinfo=UTC)

WRONG_NUMBER = Said(RETURN, "wrong_number")

SOLD = Said(CONVERSION)


def lead(**changes):
    about = Concerned(
        UUID("019a0000-0000-7000-8000-000000000001"),
        "form",
        "new",
        SENT,
        SENT,
        "allow_processing",
        None,
        None,
        None,
    )
    return replace(about, **changes)


def test_a_lead_may_be_returned_until_its_window_ends():
    check(WRONG_NUMBER, lead(), Terms(return_days=3), SENT + timedelta(days=3, seconds=-1))


def test_a_return_at_the_end_of_its_window_is_refused_with_that_moment():
    with pytest.raises(OutOfTime) as refused:
        check(WRONG_NUMBER, lead(), Terms(return_days=3), SENT + timedelta(days=3))

    assert refused.value.details["return_window_ended_at"] == "2026-03-04T12:00:00Z"


def test_a_window_of_no_days_is_over_at_once():
    with pytest.raises(OutOfTime):
        check(WRONG_NUMBER, lead(), Terms(return_days=0), SENT)


def test_a_moment_that_the_buyer_names_opens_no_window():
    late, back_dated = SENT + timedelta(days=30), SENT + timedelta(days=1)

    with pytest.raises(OutOfTime):
        check(replace(WRONG_NUMBER, at=back_dated), lead(), NO_TERMS, late)


def test_an_unknown_reason_is_refused_with_those_that_there_are():
    with pytest.raises(Meaningless) as refused:
        check(Said(RETURN, "wrong_number"), lead(), Terms(return_reasons=("fraud",)), SENT)

    assert refused.value.details["return_reasons"] == ("fraud",)


def test_a_conversion_has_no_window_and_needs_no_reason():
    check(SOLD, lead(), Terms(return_days=0, return_reasons=()), SENT + timedelta(days=900))


@pytest.mark.parametrize("said", [WRONG_NUMBER, SOLD])
@pytest.mark.parametrize("state", [deal.REJECTED, deal.HELD, deal.RELEASED])
def test_of_a_lead_that_nobody_took_nothing_is_said(said, state):
    with pytest.raises(NotTaken):
        check(said, lead(state=state), NO_TERMS, SENT)


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("allow_processing", deal.ACCEPTED),
        ("flag_for_review", deal.FLAGGED),
        ("reject_duplicate", deal.REJECTED),
        (None, deal.ACCEPTED),
    ],
)
def test_a_lead_without_a_deal_stands_as_it_was_decided(action, state):
    assert lead(action=action).stands_as == state


def test_an_invalid_lead_does_not_convert():
    with pytest.raises(OfInvalid):
        check(SOLD, lead(status="invalid"), NO_TERMS, SENT)


def test_nothing_happens_before_a_lead_was_sent():
    with pytest.raises(Meaningless):
        check(replace(SOLD, at=SENT - timedelta(seconds=1)), lead(), NO_TERMS, SENT)


def test_a_lead_is_no_duplicate_of_itself():
    said = Said(RETURN, returns.DUPLICATE, duplicate_of=lead().id)

    with pytest.raises(Meaningless):
        check(said, lead(), NO_TERMS, SENT)


def test_only_a_duplicate_names_another_lead():
    with pytest.raises(Meaningless):
        check(replace(WRONG_NUMBER, duplicate_of=uuid4()), lead(), NO_TERMS, SENT)


def test_another_buyer_than_the_deals_is_refused():
    with pytest.raises(OfAnother):
        buyer(replace(SOLD, buyer_id="b"), lead(buyer_id="a", state=deal.ACCEPTED))


def test_who_names_no_buyer_speaks_for_the_deals():
    assert buyer(SOLD, lead(buyer_id="a", state=deal.ACCEPTED)) == "a"


def test_of_a_deal_with_nobody_in_particular_anybody_is_the_buyer():
    assert buyer(replace(SOLD, buyer_id="b"), lead()) == "b"


@pytest.mark.parametrize(
    "other",
    [
        {"type": CONVERSION},
        {"reason": "fake"},
        {"note": "x"},
        {"duplicate_of": uuid4()},
        {"at": SENT + timedelta(days=1)},
        {"value": 1, "currency": "EUR"},
    ],
)
def test_what_differs_in_anything_says_something_else(other):
    before = replace(WRONG_NUMBER, at=SENT)

    assert not same(replace(before, **other), before, "")


def test_without_a_moment_the_one_of_then_is_meant():
    assert same(WRONG_NUMBER, replace(WRONG_NUMBER, at=SENT), "")


@given(st.integers(0, 365), st.integers(-1000, 1000))
def test_a_return_is_taken_in_its_window_and_at_no_other_time(days, hours):
    now = SENT + timedelta(hours=hours)
    try:
        check(WRONG_NUMBER, lead(), Terms(return_days=days), now)
        taken = True
    except OutOfTime:
        taken = False

    assert taken == (hours < 24 * days)
