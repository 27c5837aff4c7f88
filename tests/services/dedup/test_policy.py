"""Policies, alone: what stands over what, what is dropped, what ages."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup import linkage, model
from services.dedup.decision import ALLOW, REJECT, REVIEW, decide
from services.dedup.linkage import Evidence, Match
from services.dedup.policy import DEFAULT, Policies, Policy, applied, resolved, settings
from services.dedup.policy_cache import policies
from services.dedup.policy_store import Stored
from services.dedup.risk import Risk
from shared.errors import Meaningless

SPAM = Risk({"form_spam_indicators": 0.85})
DOUBTFUL = Risk({"disposable_email": 0.45, "invalid_format": 0.35})

comparisons = st.sampled_from(sorted(model.WEIGHTS))
weights = st.floats(-20, 20)
days = st.floats(0, 4000)


@st.composite
def matches(draw):
    """Return a match of any evidence, each comparison at most once."""
    found = draw(st.dictionaries(comparisons, weights))
    evidence = tuple(Evidence(name, "level", weight, "Why.") for name, weight in found.items())
    return Match(linkage.probability(sum(found.values())), evidence, draw(st.booleans()))


def found(same_domain=False, **weights):
    evidence = tuple(Evidence(name, "same", weight, "Why.") for name, weight in weights.items())
    return Match(linkage.probability(sum(weights.values())), evidence, same_domain)


def weight(match, comparison):
    return next(e.weight for e in match.evidence if e.comparison == comparison)


# What stands over what ---------------------------------------------------------------------------


def test_without_settings_the_contracts_thresholds_hold():
    assert resolved() == DEFAULT
    assert (DEFAULT.flag, DEFAULT.block) == (0.6, 0.8)


def test_a_source_stands_over_its_account_field_by_field():
    account = {"flag": 0.7, "half_life_days": 365, "algorithms": {"phone": False, "birth": False}}
    source = {"block": 0.9, "half_life_days": None, "algorithms": {"phone": True}}

    policy = resolved(account, source)

    assert policy == Policy(0.7, 0.9, frozenset({"birth"}))


def test_a_setting_of_another_version_is_ignored():
    assert resolved({"flag": 0.7, "of_the_future": 1}) == Policy(flag=0.7)


@pytest.mark.parametrize(
    ("levels", "field"),
    [
        (({"flag": 0.9},), "flag"),
        (({"block": 0.5},), "block"),
        (({"block": 0.65}, {"flag": 0.7}), "flag"),
        (({"flag": 0},), "flag"),
        (({"block": 1.1},), "block"),
        (({"half_life_days": "7"},), "half_life_days"),
        (({"reengage_after_days": 0},), "reengage_after_days"),
    ],
)
def test_what_makes_no_sense_is_named(levels, field):
    with pytest.raises(Meaningless) as refused:
        resolved(*levels)

    assert list(refused.value.details) == [f"policy.{field}"]


@given(
    st.builds(
        Policy,
        flag=st.floats(0.01, 0.5),
        block=st.floats(0.5, 1),
        off=st.frozensets(comparisons),
        review_instead_of_reject=st.booleans(),
        reengage_after_days=st.none() | st.integers(1, 1000),
        half_life_days=st.none() | st.integers(1, 1000),
    )
)
def test_what_a_policy_comes_to_sets_that_policy(policy):
    assert resolved(settings(policy, model.WEIGHTS)) == policy


def stored(**by_source):
    return [
        Stored("" if source == "account" else source, given, None, "local")
        for source, given in by_source.items()
    ]


def test_a_stored_policy_that_makes_no_sense_leaves_the_one_before_it():
    earlier = policies(stored(account={"flag": 0.7}, form={"block": 0.9}), policies((), Policies()))

    now = policies(stored(account={"flag": "high"}, form={"block": 0.95}), earlier)

    assert now.account == Policy(flag=0.7)
    assert now.of("form") == Policy(0.7, 0.9)
    assert now.of("elsewhere") == Policy(flag=0.7)


def test_a_stored_policy_that_never_made_sense_leaves_the_defaults():
    assert (
        policies(stored(account={"half_life_days": "long"}), policies((), Policies())).account
        == DEFAULT
    )


# What is dropped, what ages ----------------------------------------------------------------------


@given(matches(), st.frozensets(comparisons), st.none() | st.integers(1, 1000), days)
def test_what_is_printed_adds_up_to_the_probability(match, off, half_life, apart):
    told = applied(match, Policy(off=off, half_life_days=half_life), apart)

    assert told.probability == linkage.probability(sum(e.weight for e in told.evidence))
    assert 0 <= told.probability <= 1
    assert not off & {e.comparison for e in told.evidence}


@given(matches(), days)
def test_the_defaults_change_nothing(match, apart):
    assert applied(match, DEFAULT, apart) == match


@given(matches(), st.integers(1, 1000), days, days)
def test_no_weight_grows_or_changes_sides_with_time(match, half_life, one, other):
    policy = Policy(half_life_days=half_life)
    sooner, later = (applied(match, policy, apart) for apart in sorted((one, other)))

    for early, late in zip(sooner.evidence, later.evidence, strict=True):
        assert abs(late.weight) <= abs(early.weight)
        assert early.weight * late.weight >= 0


def test_what_others_may_have_by_now_halves_and_the_rest_stays():
    match = found(phone=11.5, place=3.5, organisation=2.5, name=7.5, birth=7.0, email=17.0)

    told = applied(match, Policy(half_life_days=100), 100)

    assert [e.weight for e in told.evidence] == [5.75, 1.75, 1.25, 7.5, 7.0, 17.0]


def test_a_number_given_up_speaks_less_against_a_person_too():
    assert weight(applied(found(phone=-1.0), Policy(half_life_days=100), 200), "phone") == -0.25


def test_a_mailbox_at_an_employer_goes_with_the_job():
    policy = Policy(half_life_days=100)

    assert weight(applied(found(email=17.0, same_domain=True), policy, 100), "email") == 8.5
    assert weight(applied(found(email=-3.0, same_domain=True), policy, 100), "email") == -3.0


def test_what_has_aged_says_so():
    told = applied(found(phone=8.0), Policy(half_life_days=100), 200)

    assert told.evidence[0].why == "Why. With 200 days between the leads it weighs 25%."


# The decision ------------------------------------------------------------------------------------

MONTHS = timedelta(days=425)


@pytest.mark.parametrize(
    ("probability", "policy", "silence", "action", "reason", "known"),
    [
        (0.95, DEFAULT, MONTHS, REJECT, "duplicate", True),
        (0.65, Policy(flag=0.7), None, ALLOW, None, False),
        (0.85, Policy(block=0.9), None, REVIEW, "possible_duplicate", False),
        (0.95, Policy(review_instead_of_reject=True), None, REVIEW, "possible_duplicate", False),
        (0.95, Policy(reengage_after_days=425), MONTHS, ALLOW, None, True),
        (0.95, Policy(reengage_after_days=426), MONTHS, REJECT, "duplicate", True),
        (0.95, Policy(reengage_after_days=1), None, REJECT, "duplicate", True),
        (0.75, Policy(reengage_after_days=1), MONTHS, REVIEW, "possible_duplicate", False),
    ],
)
def test_a_policy_decides(probability, policy, silence, action, reason, known):
    decision = decide(probability, Risk(), policy, silence)

    assert (decision.action, decision.reason, decision.duplicate) == (action, reason, known)
    assert decision.reengagement is (known and action is ALLOW)


def test_who_returns_is_still_weighed_by_risk():
    policy = Policy(reengage_after_days=1)

    assert decide(0.95, SPAM, policy, MONTHS).reason == "form_spam"
    assert decide(0.95, DOUBTFUL, policy, MONTHS).reason == "high_risk"


def test_a_review_in_place_of_a_rejection_lets_no_spam_through():
    policy = Policy(review_instead_of_reject=True)

    assert decide(0.95, SPAM, policy).action is REJECT
