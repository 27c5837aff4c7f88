"""What holds of every match, whatever the lead and the services."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.matching.needs import ANSWERS, near
from services.matching.service import COMPANY_SIZES
from tests.services.matching.offers import (
    CHICAGO,
    INDUSTRIES,
    NEEDS,
    NOW,
    PLACES,
    around,
    lead,
    matched,
    only,
    profiles,
    service,
    services,
)

quick = settings(deadline=None, max_examples=200)
several = st.lists(services, max_size=8, unique_by=lambda one: one.id)


def by_service(profile, *offered):
    return {found.service.id: found for found in matched(profile, *offered).matches}


@given(profiles(), several)
@quick
def test_points_lie_within_their_bounds_and_intervals_around_what_is_expected(profile, offered):
    for found in matched(profile, *offered).matches:
        for part in found.parts:
            assert 0 <= part.low <= part.points <= part.high <= part.most
        assert 0 <= found.low <= found.match_score <= found.high <= 100


@given(profiles(), several)
@quick
def test_every_service_is_a_match_or_excluded_and_never_both(profile, offered):
    found = matched(profile, *offered)

    told = [match.service.id for match in found.matches]
    told += [one.service_id for one in found.ineligible]
    assert sorted(told) == sorted(one.id for one in offered)


@given(profiles(), several, st.randoms())
@quick
def test_the_order_of_the_services_does_not_matter(profile, offered, random):
    shuffled = random.sample(offered, len(offered))

    assert matched(profile, *shuffled) == matched(profile, *offered)


@given(profiles(), several)
@quick
def test_matches_stand_by_score_and_then_by_id(profile, offered):
    order = [(-found.match_score, found.service.id) for found in matched(profile, *offered).matches]

    assert order == sorted(order)


FILLED = {
    "industry": st.sampled_from(INDUSTRIES),
    "company_size": st.sampled_from(COMPANY_SIZES),
    "lead_type": st.sampled_from(("consumer", "business")),
    "lead_category": st.sampled_from(("loan", "consulting")),
    "needs": st.lists(st.sampled_from(NEEDS), min_size=1, max_size=3).map(tuple),
    "loan_amount": st.integers(1, 600_000),
    "signal_strength": st.integers(0, 100),
    "intent_score": st.integers(0, 100),
    "last_activity_at": st.integers(0, 400).map(lambda days: NOW - timedelta(days=days)),
    "revenue": st.integers(0, 2_000_000),
    "founded_year": st.integers(1900, 2026),
    "purposes": st.just(frozenset({"sharing"})),
    "country": st.sampled_from(("US", "CA")),
    "admin1": st.sampled_from(("IL", "CA", "WI")),
}


SAY_A_NEED = {"needs", "lead_category", "loan_amount"}
"""Fields that may make a service possible: it helps with a need that was not known before."""


def both(before, after):
    """The matches with services that were possible before and still are."""
    return [(before[name], found) for name, found in after.items() if name in before]


@given(profiles(), services, st.sampled_from(sorted(FILLED)), st.data())
@quick
def test_to_know_more_never_widens_an_interval(profile, one, field, data):
    known = getattr(profile, field)  # no purpose at all is a withdrawn consent, not an unknown one
    assume(known is None or (not known and field != "purposes"))
    assume(field != "loan_amount" or not profile.currency)
    fuller = replace(profile, **{field: data.draw(FILLED[field])})

    before, after = by_service(profile, one), by_service(fuller, one)

    for known, found in both(before, after):
        assert found.high - found.low <= known.high - known.low + 1e-9
    assert before or not after or field in SAY_A_NEED


@given(profiles(), services, st.sampled_from(PLACES))
@quick
def test_to_know_where_in_a_region_a_lead_is_stays_within_the_interval(profile, one, place):
    north, east, country, admin1 = place
    region = replace(profile, latitude=None, longitude=None, country=country, admin1=admin1)

    before = by_service(region, one)
    after = by_service(replace(region, latitude=north, longitude=east), one)

    for found in after.values():
        known = before[found.service.id]
        assert known.low - 1e-9 <= found.low <= found.high <= known.high + 1e-9


@given(profiles(), services, st.data())
@quick
def test_another_need_that_the_service_answers_never_lowers_a_match(profile, one, data):
    assume(one.answers_needs)
    more = (*(profile.needs or ()), data.draw(st.sampled_from(one.answers_needs)))

    before = by_service(profile, one)
    after = by_service(replace(profile, needs=more), one)

    assert before.keys() <= after.keys()
    for known, found in both(before, after):
        assert found.match_score >= known.match_score - 1e-9


@given(st.sampled_from((CHICAGO, around(30), around(150), around(2000))), st.data())
@quick
def test_farther_never_scores_more(area, data):
    steps = st.floats(0, 60)
    nearer, farther = sorted((data.draw(steps), data.draw(steps)))
    north = [
        lead(latitude=CHICAGO.latitude - step, longitude=CHICAGO.longitude, country="US")
        for step in (nearer, farther)
    ]
    points = [
        by_service(one, service(target_locations=(area,)))
        and only(one, service(target_locations=(area,))).geographic_points
        for one in north
    ]

    assert (points[0] or 0) >= (points[1] or 0)


@given(profiles(), services, st.integers(0, 300), st.integers(0, 300))
@quick
def test_an_older_activity_never_scores_more(profile, one, days, more):
    fresh, old = (
        by_service(replace(profile, last_activity_at=NOW - timedelta(days=ago)), one)
        for ago in (days, days + more)
    )

    assert [f.match_score for f in fresh.values()] >= [f.match_score for f in old.values()]


WORDS = st.sampled_from(sorted({need for needs in ANSWERS.values() for need in needs}))


@given(WORDS, WORDS)
def test_nearness_of_needs_is_symmetric_and_whole_only_for_the_same(one, other):
    assert near(one, other) == near(other, one)
    assert (near(one, other) == 1) == (one == other)
