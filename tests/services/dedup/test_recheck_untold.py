"""Rows of a file that nobody is told of stay untold when their check follows."""

import pytest

from services.dedup.check import check
from services.dedup.manner import AS_ANY
from services.dedup.recheck import recheck
from tests.services.dedup.arrivals import BOB, claimed, lead, rendered, said


class Untold(type(AS_ANY)):
    """As any other, but nobody is told."""

    tells = False


@pytest.fixture
def database(worker_database):
    """A recheck is the worker's."""
    return worker_database


def failing(*arguments):
    raise ZeroDivisionError


@pytest.mark.parametrize("fields", [None, BOB], ids=["somebody known", "somebody new"])
def test_a_row_whose_check_was_skipped_is_told_of_no_more_than_the_others(
    keeping, gate, user_id, stored, fields
):
    said(keeping, user_id)
    told = stored.events()
    one = lead(gate, user_id, fields) if fields else lead(gate, user_id)
    check(keeping.database, gate, user_id, [one], rendered, judge=failing, manner=Untold())

    (job,) = claimed(keeping.database, user_id)
    recheck(keeping.database, gate, job)

    assert stored.events() == told
