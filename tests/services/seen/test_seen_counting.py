"""Many keys are counted by the smallest of their marks."""

import random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.seen.counting import MOST_READ, counted


@given(st.integers(0, MOST_READ - 1))
def test_few_keys_are_counted_exactly(number):
    found = counted(number, UUID(int=7) if number else None)

    assert (found.keys, found.exact) == (number, True)


def test_many_keys_are_counted_within_a_tenth():
    rng = random.Random(53)
    for number in (MOST_READ, 20_000, 200_000):
        marks = sorted(rng.getrandbits(128) for _ in range(number))[:MOST_READ]
        found = counted(len(marks), UUID(int=marks[-1]))
        assert not found.exact
        assert abs(found.keys - number) < number / 10


@given(st.uuids())
def test_never_fewer_are_told_than_were_read(last):
    assert counted(MOST_READ, last).keys >= MOST_READ
