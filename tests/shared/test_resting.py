"""A rest is as long as the work before it says, and ends with the process."""

from itertools import count

from shared.resting import rest


def test_a_rest_ends_when_a_stop_is_asked_for():
    asked = count()

    rest(3_600.0, (1.0, 1.0), lambda: next(asked) == 2)

    assert next(asked) == 3


def test_where_nothing_was_done_nobody_rests():
    rest(0.0, (1.0, 1.0), lambda: False)
