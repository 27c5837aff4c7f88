"""Capping, alone: which limits concern a lead, and when it is one too many."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.dedup.trade import capping
from services.dedup.trade.calendar import DAYS
from services.dedup.trade.deal import NO_DEAL, Deal
from services.dedup.trade.standing import Full
from services.dedup.trade.terms import NO_BOOK, Book, Cap, Opening, Scope, Terms

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
SOLAR = Deal(buyer_id="solar")
BUYER, SOURCE = Scope(buyer_id="solar"), Scope("form")

names = st.sampled_from(["", "a", "b"])
scopes = st.builds(Scope, names, names, names)
caps = st.lists(st.builds(Cap, st.integers(0, 3), st.sampled_from(["day", "total"])), max_size=2)
books = st.dictionaries(scopes, st.builds(Terms, caps=caps.map(tuple))).map(Book)


def day(most):
    return Terms(caps=(Cap(most, "day"),))


def full(book, counted=0, deal=SOLAR, now=NOON):
    """Return why no lead of `form` is taken where every count stands at *counted*."""
    bound = capping.bounds(book, "form", deal, now)
    return capping.full(bound, lambda count: counted, now)


def test_without_terms_nothing_is_bounded():
    assert capping.bounds(NO_BOOK, "form", SOLAR, NOON) is capping.UNBOUNDED


def test_caps_of_source_and_buyer_both_count():
    bound = capping.bounds(Book({SOURCE: day(100), BUYER: day(20)}), "form", SOLAR, NOON)

    assert {(limit.scope, limit.most) for limit in bound.limits} == {(SOURCE, 100), (BUYER, 20)}


def test_a_lead_of_nobody_in_particular_is_not_in_a_buyers_cap():
    assert capping.bounds(Book({BUYER: day(0)}), "form", NO_DEAL, NOON).limits == ()


def test_a_cap_is_full_when_it_is_reached_and_not_before():
    book = Book({BUYER: day(10)})

    assert full(book, 9) is None
    assert full(book, 10) == Full("cap_reached", "buyer", MIDNIGHT)


def test_a_cap_of_nothing_never_resumes():
    assert full(Book({SOURCE: day(0)})) == Full("cap_reached", "source", None)


def test_a_total_never_resumes():
    assert full(Book({Scope(): Terms(caps=(Cap(5, "total"),))}), 5).resumes_at is None


def test_leads_are_taken_again_when_the_last_of_several_caps_ends():
    both = Terms(caps=(Cap(1, "hour"), Cap(1, "day")))

    assert full(Book({SOURCE: both}), 1).resumes_at == MIDNIGHT


def test_closed_hours_are_told_before_a_cap_and_both_are_waited_for():
    hours = tuple(Opening(name, time(9), time(11)) for name in DAYS)
    book = Book({BUYER: Terms(caps=(Cap(1, "day"),), schedule=hours)})

    assert full(book, 1) == Full("closed", "buyer", MIDNIGHT + timedelta(hours=9))


def test_hours_are_those_of_the_most_particular_scope():
    always, never = Terms(schedule=()), Terms(schedule=(Opening("friday", time(9), time(11)),))

    assert full(Book({BUYER: always, SOURCE: never})) is None
    assert full(Book({BUYER: never, SOURCE: always})).of == "buyer"


def test_a_scope_counts_in_its_own_zone_whatever_others_say():
    own = Terms(caps=(Cap(1, "day"),), zone="America/New_York")
    book = Book({SOURCE: own, BUYER: Terms(zone="Asia/Tokyo"), Scope(): Terms(zone="Asia/Tokyo")})

    assert full(book, 1).resumes_at == datetime(2026, 11, 24, 5, tzinfo=UTC)


def test_a_scope_without_a_zone_counts_in_the_accounts():
    book = Book({SOURCE: day(1), Scope(): Terms(zone="America/New_York")})

    assert full(book, 1).resumes_at == datetime(2026, 11, 24, 5, tzinfo=UTC)


@given(books, names, names, names)
def test_whoever_counts_a_lead_covers_it(book, source, buyer, campaign):
    bound = capping.bounds(book, source, Deal(buyer, campaign), NOON)

    for limit in bound.limits:
        pairs = zip(limit.scope, (source, buyer, campaign), strict=True)
        assert all(name in ("", own) for name, own in pairs)


@given(books, names, names, names, st.integers(0, 5))
def test_who_is_full_with_some_is_full_with_more(book, source, buyer, campaign, leads):
    bound = capping.bounds(book, source, Deal(buyer, campaign), NOON)

    if capping.full(bound, lambda count: leads, NOON):
        assert capping.full(bound, lambda count: leads + 1, NOON)


@given(books, names, names, names)
def test_a_lead_is_counted_once_a_scope_and_span(book, source, buyer, campaign):
    limits = capping.bounds(book, source, Deal(buyer, campaign), NOON).limits

    counts = list(capping.tally(limits))

    assert len(counts) == len(set(counts))
