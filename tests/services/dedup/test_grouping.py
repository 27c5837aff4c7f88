"""Leads that come while others are decided share the next transaction; none waits for ever."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.dedup.grouping import MOST, Grouping


class Work:
    """Doubles numbers; notes its groups, and waits inside the first one until it may go on."""

    def __init__(self):
        self.groups = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, tenant_id, items):
        self.groups.append((tenant_id, list(items)))
        self.begun.set()
        assert self.go_on.wait(5)
        if "poison" in items:
            raise ValueError
        return [item * 2 for item in items]


@pytest.fixture
def pool():
    with ThreadPoolExecutor(3 * MOST) as threads:
        yield threads


def under_way(pool, work, tenant_id="t"):
    """Return a grouping whose first item is being worked on, and its future."""
    grouping = Grouping(work)
    first = pool.submit(grouping.result, tenant_id, 1)
    assert work.begun.wait(5)
    return grouping, first


def waiting(grouping, tenant_id="t"):
    return len(grouping._waiting[tenant_id])


def joined(pool, grouping, items, tenant_id="t"):
    """Return the futures of *items*, all of which wait, in their order."""
    futures = []
    for item in items:
        before = waiting(grouping, tenant_id)
        futures.append(pool.submit(grouping.result, tenant_id, item))
        while waiting(grouping, tenant_id) == before:
            threading.Event().wait(0.001)
    return futures


def test_alone_an_item_is_worked_on_at_once(pool):
    work = Work()
    work.go_on.set()

    assert [Grouping(work).result("t", item) for item in (1, 2)] == [2, 4]
    assert work.groups == [("t", [1]), ("t", [2])]


def test_those_who_came_meanwhile_share_the_next_group_in_their_order(pool):
    work = Work()
    grouping, first = under_way(pool, work)

    others = joined(pool, grouping, [2, 3, 4])
    work.go_on.set()

    assert [each.result(5) for each in (first, *others)] == [2, 4, 6, 8]
    assert work.groups == [("t", [1]), ("t", [2, 3, 4])]


def test_two_tenants_never_share_a_group(pool):
    work = Work()
    grouping, first = under_way(pool, work)
    other = pool.submit(grouping.result, "u", 5)
    work.go_on.set()

    assert (first.result(5), other.result(5)) == (2, 10)
    assert sorted(work.groups) == [("t", [1]), ("u", [5])]


def test_what_the_work_raises_reaches_everyone_of_the_group_and_nobody_else(pool):
    work = Work()
    grouping, first = under_way(pool, work)

    others = joined(pool, grouping, ["poison", 3])
    work.go_on.set()

    assert first.result(5) == 2
    for each in others:
        with pytest.raises(ValueError):
            each.result(5)
    assert grouping.result("t", 7) == 14


def test_a_long_line_is_worked_off_in_groups_of_bounded_size(pool):
    work = Work()
    grouping, first = under_way(pool, work)

    others = joined(pool, grouping, range(2 * MOST))
    work.go_on.set()

    assert [each.result(5) for each in (first, *others)] == [2, *range(0, 4 * MOST, 2)]
    assert [len(items) for _, items in work.groups] == [1, MOST, MOST]
    assert grouping._waiting == {}
