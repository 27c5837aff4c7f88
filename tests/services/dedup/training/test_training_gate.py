"""A model decides only if held-out pairs show that it is better."""

import pytest

from services.dedup.policy import DEFAULT
from services.dedup.training.gate import Sample, changes, cross_judged, judged, trained
from tests.services.dedup.training.pairs import ELSEWHERE, RUNNING, labelled, otherwise

WORSE = otherwise(email__same=1.0, name__other_given_name=0.0)


@pytest.fixture(scope="module")
def elsewhere():
    return labelled(1500, ELSEWHERE)


@pytest.mark.parametrize("gathered", [True, False])
def test_a_model_that_fits_the_account_better_passes(elsewhere, gathered):
    assert cross_judged(Sample(elsewhere, gathered), RUNNING, DEFAULT).refusal is None


def test_training_finds_what_says_more_in_this_account(elsewhere):
    found = trained(Sample(elsewhere, gathered=False), RUNNING)

    assert found.weights["place", "same_city"] > RUNNING.weights["place", "same_city"] + 1


def test_pairs_that_the_running_model_explains_give_none_that_is_better():
    usual = labelled(1500, RUNNING, seed=3)

    refusal = cross_judged(Sample(usual, gathered=False), RUNNING, DEFAULT).refusal

    assert refusal.startswith("it is not shown to be better: log loss")
    assert "(difference " in refusal


def test_a_worse_model_is_refused_with_the_interval(elsewhere):
    refusal = judged(elsewhere, RUNNING, WORSE, DEFAULT).refusal

    assert refusal.startswith("it is shown to be worse: errors at ")
    assert "(difference +" in refusal


def test_the_share_of_matches_in_a_file_leaves_the_prior_alone(elsewhere):
    many = [pair for pair in elsewhere if pair.same] * 3 + [p for p in elsewhere if not p.same]

    assert trained(Sample(many, gathered=True), RUNNING).prior == RUNNING.prior


def test_the_same_pairs_are_always_judged_alike(elsewhere):
    sample = Sample(elsewhere, gathered=True)

    assert cross_judged(sample, RUNNING, DEFAULT) == cross_judged(sample, RUNNING, DEFAULT)


def test_what_would_change_is_told_by_level_the_largest_first():
    told = changes(RUNNING, WORSE)

    assert [name for name, _, _ in told] == ["email same", "name other_given_name"]
    assert told[0][1:] == (RUNNING.weights["email", "same"], 1.0)
