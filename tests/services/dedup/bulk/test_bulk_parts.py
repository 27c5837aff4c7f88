"""Which rows of a table hang together."""

import numpy as np

from services.dedup.bulk.parts import DOUBTS, hanging


def chained(*probabilities, most, link=0.8):
    """Return the parts of rows in a chain, each as likely the next one as it is said."""
    one = np.arange(len(probabilities), dtype=np.int32)
    likely = np.array(probabilities)
    return hanging(len(probabilities) + 1, one, one + 1, likely, most, link).tolist()


def test_rows_that_hang_together_are_one_part():
    assert chained(0.002, 0.9, 0.002, most=10) == [0, 0, 0, 0]


def test_a_large_part_is_taken_apart_where_it_is_unlikeliest():
    assert chained(0.05, 0.002, 0.05, most=3) == [0, 0, 2, 2]


def test_only_as_much_doubt_is_left_out_as_must_be():
    assert chained(0.05, 0.002, 0.9, 0.05, most=3) == [0, 0, 2, 2, 2]


def test_as_much_doubt_is_left_out_as_it_takes():
    assert chained(0.25, 0.4, 0.25, most=3) == [0, 1, 1, 3]


def test_what_is_likely_stays_together_in_however_large_a_part():
    assert set(chained(*[max(DOUBTS)] * 20, most=3)) == {0}


def test_a_link_is_never_taken_apart():
    assert chained(0.05, 0.02, 0.05, most=3, link=0.05) == [0, 0, 0, 0]


def test_taking_a_large_part_apart_leaves_the_others_whole():
    one, other = np.array([0, 1, 2, 4]), np.array([1, 2, 3, 5])

    labels = hanging(6, one, other, np.array([0.9, 0.002, 0.9, 0.002]), 3, 0.8)

    assert labels.tolist() == [0, 0, 2, 2, 4, 4]
