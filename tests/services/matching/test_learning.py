"""Weights are learned where outcomes ask for it, and from nothing else: by simulation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching import learning
from services.matching.learning import learned
from services.matching.outcome import (
    BETTER,
    LEAST,
    NO_BETTER,
    NOTHING,
    ONE_PERSON,
    TOO_FEW,
    Outcome,
)
from services.matching.prepared import USUAL_WEIGHTS
from tests.services.matching.outcomes import PLACE_ALONE, clicks, drawn

ACCOUNTS = 5
"""Simulated accounts of one kind."""


def verdicts(made):
    return [learned(made(seed)).verdict for seed in range(ACCOUNTS)]


@pytest.mark.parametrize("number", [60, 200])
def test_outcomes_of_the_usual_weights_never_replace_them(number):
    assert BETTER not in verdicts(lambda seed: drawn(seed, number))


def test_outcomes_that_depend_on_nothing_teach_nothing():
    found = verdicts(lambda seed: drawn(seed, 150, (0.0,) * 5))

    assert set(found) <= {NO_BETTER, NOTHING}


def test_where_place_alone_decides_it_is_learned_with_enough_outcomes():
    found = [learned(drawn(seed, 200, PLACE_ALONE)) for seed in range(ACCOUNTS)]

    assert sum(one.accepted for one in found) == ACCOUNTS
    assert min(one.weights[0] for one in found) > 50


def test_place_is_learned_though_a_tenth_is_written_down_wrongly():
    found = [learned(drawn(seed, 400, PLACE_ALONE, wrong=0.1)) for seed in range(ACCOUNTS)]

    assert sum(one.accepted for one in found) >= 0.8 * ACCOUNTS


def test_what_is_learned_orders_outcomes_better_that_it_has_not_seen():
    one = learned(drawn(1, 300, PLACE_ALONE))

    assert one.learned.pair_order > one.usual.pair_order
    assert one.learned.log_loss < one.usual.log_loss
    assert one.gain == pytest.approx(one.usual.log_loss - one.learned.log_loss)
    assert one.gain > learning.ERRORS * one.gain_error


@pytest.mark.parametrize("honest", [100, 200])
def test_twenty_clicks_of_one_person_do_not_move_it(honest):
    found = verdicts(lambda seed: drawn(seed, honest) + clicks())

    assert BETTER not in found


def test_what_only_one_person_tells_is_named_as_such():
    assert ONE_PERSON in verdicts(lambda seed: drawn(seed, 60) + clicks())


def test_a_person_who_told_most_is_not_left_out():
    assert learned(drawn(2, 200, PLACE_ALONE, people=("ann",))).accepted


def test_with_few_outcomes_nothing_is_learned():
    one = learned(drawn(1, LEAST - 1, PLACE_ALONE))

    assert (one.verdict, one.weights, one.usual) == (TOO_FEW, None, None)


def test_with_few_of_a_sort_nothing_is_learned():
    good = [Outcome((0.5,) * 5, True, "ann")] * 100

    assert learned(good).verdict == TOO_FEW


def test_the_same_outcomes_teach_the_same():
    assert learned(drawn(3, 120, PLACE_ALONE)) == learned(drawn(3, 120, PLACE_ALONE))


def test_outcomes_that_are_told_apart_without_an_error_stay_finite():
    good = [Outcome((0.9, at / 60, 0.5, 0.5, 0.5), True, "ann") for at in range(60)]
    bad = [Outcome((0.1, at / 60, 0.5, 0.5, 0.5), False, "ben") for at in range(60)]

    one = learned([*good, *bad])

    assert sum(one.weights) == pytest.approx(100) and one.learned.log_loss < 0.1


def test_shares_beyond_zero_and_one_are_refused():
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        learned([Outcome((1.5, 0, 0, 0, 0), bool(at % 2), "ann") for at in range(60)])


@settings(deadline=None, max_examples=5)
@given(st.integers(0, 10**6), st.integers(LEAST, 120), st.sampled_from([PLACE_ALONE, (0.2,) * 5]))
def test_weights_are_none_below_zero_and_a_hundred_in_all(seed, number, weights):
    one = learned(drawn(seed, number, weights))

    if one.weights is not None:
        assert len(one.weights) == len(USUAL_WEIGHTS) and min(one.weights) >= 0
        assert sum(one.weights) == pytest.approx(100, abs=1e-9)
