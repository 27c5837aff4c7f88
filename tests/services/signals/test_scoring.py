"""What signals add up to: never more than all, never less for one more."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals.kinds import KINDS
from services.signals.scoring import (
    assessed,
    calculate_signal_strength,
    intent_score,
    needs_identified,
    signal_strength,
)
from services.signals.signal import NOTHING
from tests.services.signals.wanting import says, signal

SIGNALS = st.builds(signal, st.sampled_from(list(KINDS)), st.integers(0, 100))
SOME = st.lists(SIGNALS, max_size=12)


@settings(deadline=None)
@given(SOME)
def test_scores_are_whole_numbers_up_to_100(signals):
    for score in (signal_strength(signals), intent_score(signals)):
        assert isinstance(score, int)
        assert 0 <= score <= 100


@settings(deadline=None)
@given(SOME, SIGNALS)
def test_another_signal_never_lowers_a_score(signals, another):
    assert signal_strength([*signals, another]) >= signal_strength(signals)
    assert intent_score([*signals, another]) >= intent_score(signals)


@settings(deadline=None)
@given(st.lists(SIGNALS, min_size=1, max_size=6), st.integers(0, 100))
def test_a_stronger_signal_never_scores_less(signals, more):
    stronger = signal(signals[0].type, min(100, signals[0].strength + more))

    assert signal_strength([stronger, *signals[1:]]) >= signal_strength(signals)


@settings(deadline=None)
@given(SOME)
def test_together_they_are_at_least_as_strong_as_the_strongest(signals):
    assert signal_strength(signals) >= max((s.strength for s in signals), default=0)


@settings(deadline=None)
@given(SOME)
def test_intent_is_never_more_than_strength(signals):
    assert intent_score(signals) <= signal_strength(signals)


@settings(deadline=None)
@given(SOME.flatmap(lambda signals: st.tuples(st.just(signals), st.permutations(signals))))
def test_the_order_does_not_matter(both):
    signals, other = both

    assert signal_strength(signals) == signal_strength(other)
    assert intent_score(signals) == intent_score(other)


@settings(deadline=None)
@given(SOME)
def test_strength_is_the_same_in_every_shape(signals):
    answers = [{"type": one.type, "strength": one.strength, "extra": None} for one in signals]
    groups = {kind.group: [a for a in answers if a["type"] == name] for name, kind in KINDS.items()}

    strength = signal_strength(signals)

    assert calculate_signal_strength(signals) == strength
    assert calculate_signal_strength(answers) == strength
    assert calculate_signal_strength(groups) == strength


def test_no_signals_are_no_strength_in_either_shape():
    assert calculate_signal_strength([]) == calculate_signal_strength({}) == 0
    assert calculate_signal_strength({kind.group: [] for kind in KINDS.values()}) == 0


def test_a_second_signal_of_a_type_tells_less_than_one_of_another():
    loan, again, growth = signal("loan_need", 50), signal("loan_need", 50), signal("growth", 50)

    assert 50 < signal_strength([loan, again]) < signal_strength([loan, growth])


def test_what_callers_send_beyond_the_scale_counts_as_its_end():
    assert calculate_signal_strength([{"type": "loan_need", "strength": 1e9}]) == 100
    assert calculate_signal_strength([{"type": "loan_need", "strength": -5}]) == 0


def test_needs_are_told_once_and_the_strongest_first():
    signals = [signal("growth", 30), signal("loan_need", 90), signal("growth", 40)]

    assert needs_identified(signals) == ("business_loan", "growth_capital")


def test_a_private_persons_needs_are_their_own():
    assert needs_identified([signal("loan_need")], individual=True) == ("personal_loan",)


def test_behaviour_counts_beside_the_text():
    text, seen = signal("growth", 40), signal("loan_need", 60, span=None)

    found = says(text, behaviour=(seen,))

    assert found.signals == (text, seen)
    assert found.signal_strength == signal_strength([text, seen])
    assert found.needs_identified == ("business_loan", "growth_capital")


def test_nothing_adds_up_to_nothing():
    found = assessed(NOTHING)

    assert (found.signal_strength, found.intent_score, found.needs_identified) == (0, 0, ())
