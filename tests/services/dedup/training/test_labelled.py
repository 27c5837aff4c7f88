"""Labelled pairs that cannot teach are refused with the reason."""

from dataclasses import replace

import pytest

from services.dedup.training.labelled import LEAST, LEAST_GROUPS, checked, groups
from shared.errors import Meaningless
from tests.services.dedup.training.pairs import NAMESAKES, RUNNING, labelled, otherwise

EVEN = otherwise(place__same_city=3.0)


def pairs(same, other):
    found = labelled(same + other, EVEN, patterns=(NAMESAKES,))
    return [replace(pair, same=place < same) for place, pair in enumerate(found)]


def test_enough_pairs_of_both_labels_may_teach():
    checked(pairs(LEAST, LEAST))


def test_too_few_pairs_are_refused_with_how_many_are_needed_and_why():
    with pytest.raises(Meaningless) as refusal:
        checked(pairs(LEAST - 1, 500))

    said = refusal.value.message
    assert f"{LEAST - 1} of one person" in said
    assert f"{LEAST} of each are needed" in said
    assert "error rate below 6 %" in said


def test_no_pairs_at_all_are_too_few():
    with pytest.raises(Meaningless, match="Too few pairs: 0 of one person and 0"):
        checked([])


@pytest.mark.parametrize(("same", "other", "of"), [(200, 0, "one person"), (0, 200, "two people")])
def test_pairs_of_one_label_are_refused(same, other, of):
    with pytest.raises(Meaningless, match=f"All 200 pairs are labelled as of {of}"):
        checked(pairs(same, other))


def test_a_pair_that_is_labelled_both_ways_is_named_whichever_side_its_leads_stand():
    known = pairs(LEAST, LEAST)
    turned = replace(known[3], name="row 900", one=known[3].other, other=known[3].one, same=False)

    with pytest.raises(Meaningless) as refusal:
        checked([*known, turned])

    assert refusal.value.details == {"row 900": "says the opposite of row 3, of the same two leads"}


def test_nobody_stands_in_two_groups():
    first, second, third = pairs(3, 0)
    chain = [first, replace(second, one=first.other), replace(third, people=("ada",))]
    others = labelled(200, RUNNING, seed=7)
    apart = [replace(pair, one=f"{pair.one}x", other=f"{pair.other}x") for pair in others]
    again = replace(apart[0], people=("ada",))

    found = groups([*chain, *apart[1:], again])

    assert found[0] == found[1] != found[2]
    assert found[2] == found[-1]


def test_pairs_that_all_hang_together_cannot_be_held_out():
    one = [replace(pair, one="hub") for pair in pairs(100, 100)]

    with pytest.raises(Meaningless, match=f"at least {LEAST_GROUPS} groups"):
        groups(one)
