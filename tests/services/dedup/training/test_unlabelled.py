"""Without labels a model is only moved by what the pairs can tell, and near the running one."""

from collections import Counter

import pytest

from services.dedup.training.unlabelled import LEAST, SPREAD, estimated
from shared.errors import Meaningless
from tests.services.dedup.training.pairs import RUNNING

SURE = (("email", "same"), ("name", "same"))
OTHERS = (("phone", "different"), ("name", "different"), ("birth", "different"))
BY_MAIL, BY_TOWN = frozenset({"email"}), frozenset({"name+city"})


def found(**counts):
    """Return pairs that tell: towns differ seldom among the same, mostly among others."""
    pairs = Counter()
    for place, (same, other) in counts.items():
        pairs[(*SURE, ("place", place)), BY_MAIL] += same
        pairs[(*OTHERS, ("place", place)), BY_MAIL] += other
    return pairs


def test_a_contradiction_that_matches_hardly_show_weighs_more():
    pairs = found(elsewhere=(10, 9000), same_city=(9000, 1000))

    weight = estimated(pairs, RUNNING).found.weights["place", "elsewhere"]

    assert weight < RUNNING.weights["place", "elsewhere"]
    assert weight > RUNNING.weights["place", "elsewhere"] - 10 * SPREAD


def test_few_pairs_do_not_teach():
    with pytest.raises(Meaningless, match=f"{LEAST:.0f} of one person and as many of"):
        estimated(found(elsewhere=(10, 90), same_city=(90, 10)), RUNNING)


def test_no_pairs_do_not_teach():
    with pytest.raises(Meaningless):
        estimated(Counter(), RUNNING)


def test_pairs_of_colleagues_alone_do_not_teach():
    colleagues = (("name", "different"), ("organisation", "shared_by_colleagues"))

    with pytest.raises(Meaningless):
        estimated(Counter({(colleagues, frozenset({"phone"})): 100_000}), RUNNING)


def test_pairs_that_were_chosen_by_a_value_say_nothing_of_it():
    pairs = Counter()
    for (pattern, _), count in found(elsewhere=(10, 9000), same_city=(9000, 1000)).items():
        pairs[pattern, BY_TOWN] = count

    with pytest.raises(Meaningless):
        estimated(pairs, RUNNING)


def test_names_keep_their_weights():
    weights = estimated(found(elsewhere=(10, 9000), same_city=(9000, 1000)), RUNNING).found.weights

    moved = {level for level, weight in weights.items() if weight != RUNNING.weights[level]}
    assert {comparison for comparison, _ in moved} == {"place"}
