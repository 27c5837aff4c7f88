"""Fitting weights to labelled pairs, near those that are known."""

from collections import Counter

import pytest

from services.dedup import model
from services.dedup.training import fitting, labelled
from services.dedup.training.fitting import FREE, fitted, judged
from tests.services.dedup.training.pairs import ELSEWHERE, RUNNING
from tests.services.dedup.training.pairs import labelled as drawn


@pytest.fixture(scope="module")
def counted():
    return labelled.counts(drawn(2000, ELSEWHERE))


def test_without_pairs_nothing_moves():
    assert fitted(Counter()) == judged()
    assert fitted(Counter(), towards=RUNNING) == RUNNING


def test_levels_that_no_pair_shows_stay(counted):
    found = fitted(counted, towards=RUNNING, share=1.0)

    assert found.weights["birth", "same"] == RUNNING.weights["birth", "same"]


def test_weights_are_the_same_wherever_the_search_begins(counted):
    near, far = (fitted(counted, start, RUNNING, 1.0) for start in (RUNNING, judged()))

    assert near.weights == pytest.approx(far.weights, abs=0.01)


def test_an_agreement_never_counts_against():
    against = Counter({((("email", "same"),), False): 10_000.0})

    assert fitted(against, share=1.0).weights["email", "same"] >= 0


def test_weights_that_are_held_fast_leave_the_prior_to_move(counted):
    found = fitted(counted, RUNNING, RUNNING, 1.0, FREE, levels_spread=0)

    assert found.weights == RUNNING.weights
    assert found.prior != RUNNING.prior


def test_a_document_names_every_level():
    assert fitting.nested(RUNNING).keys() == model.JUDGED.keys()
