"""Counting against limits, with a table that all share and with one that is broken."""

import pytest

from shared.rate_limit import Limit
from shared.rate_limits import ALONE_SECONDS, Charge, RateLimits
from shared.rate_table import FILE_NAME, SharedTable, TableUnavailable

KEY = b"k" * 32

FEW = Limit("key", 4)


class Fragile:
    """A table that fails while it is `broken`."""

    def __init__(self, table):
        self.table, self.broken, self.asked = table, False, 0

    def change(self, who, change):
        self.asked += 1
        if self.broken:
            raise TableUnavailable
        return self.table.change(who, change)

    def tat(self, who):
        self.asked += 1
        if self.broken:
            raise TableUnavailable
        return self.table.tat(who)


@pytest.fixture
def fragile(tmp_path):
    return Fragile(SharedTable(tmp_path, lambda: 10**12))


def admitted(rates, charge, times=10):
    return sum(rates.take([charge]) is None for _ in range(times))


def test_processes_share_what_each_admits(fragile):
    one, other = RateLimits(fragile, KEY, 2), RateLimits(fragile, KEY, 2)

    assert admitted(one, Charge(FEW, "a"), 3) + admitted(other, Charge(FEW, "a")) == 4


def test_one_name_under_two_limits_is_two(fragile):
    rates = RateLimits(fragile, KEY, 1)

    assert admitted(rates, Charge(FEW, "a")) == admitted(rates, Charge(Limit("ip", 4), "a")) == 4


def test_what_is_refused_costs_nobody_anything(fragile):
    rates = RateLimits(fragile, KEY, 1)
    roomy = Charge(Limit("key", 100), "a")
    admitted(rates, Charge(FEW, "a source"), 4)

    for _ in range(200):
        refused = rates.take([roomy, Charge(FEW, "a source")])
        assert refused.charge.who == "a source"

    assert admitted(rates, roomy, 200) == 100


def test_asking_costs_nothing(fragile):
    rates = RateLimits(fragile, KEY, 1)

    assert [rates.refusal(Charge(FEW, "a")) for _ in range(9)] == [None] * 9
    assert admitted(rates, Charge(FEW, "a")) == 4
    assert rates.refusal(Charge(FEW, "a")).wait_ns == FEW.interval_ns


def test_more_than_a_limit_ever_admits_is_refused_before_anything_is_charged(fragile):
    rates = RateLimits(fragile, KEY, 1)

    with pytest.raises(ValueError, match="nobody"):
        rates.take([Charge(FEW, "a"), Charge(FEW, "b", 5)])

    assert admitted(rates, Charge(FEW, "a")) == 4


def test_a_broken_table_opens_nothing(fragile):
    """The control: each of two processes that cannot ask each other admits half, not all."""
    fragile.broken = True
    alone = []
    two = [RateLimits(fragile, KEY, 2, lambda: alone.append(1)) for _ in range(2)]

    assert [admitted(rates, Charge(FEW, "a")) for rates in two] == [2, 2]
    assert len(alone) == 20


def test_asking_a_broken_table_is_asking_the_own_one(fragile):
    fragile.broken = True
    rates = RateLimits(fragile, KEY, 2)
    admitted(rates, Charge(FEW, "a"))

    assert rates.refusal(Charge(FEW, "a"))
    assert rates.refusal(Charge(FEW, "b")) is None


def test_a_batch_that_the_limit_has_room_for_is_admitted_by_one_process_alone(fragile):
    fragile.broken = True
    rates = RateLimits(fragile, KEY, 4)

    assert rates.take([Charge(FEW, "a", 4)]) is None
    assert rates.take([Charge(FEW, "a", 4)]) is not None


def test_a_broken_table_is_tried_again_after_a_while_and_then_shared(fragile):
    now = [0.0]
    rates = RateLimits(fragile, KEY, 2, clock=lambda: now[0])
    fragile.broken = True
    admitted(rates, Charge(FEW, "a"), 5)
    asked, fragile.broken = fragile.asked, False
    admitted(rates, Charge(FEW, "a"), 5)
    assert fragile.asked == asked == 1

    now[0] += ALONE_SECONDS

    assert admitted(rates, Charge(FEW, "a")) == 4


def test_the_file_holds_neither_addresses_nor_accounts(tmp_path):
    rates = RateLimits(SharedTable(tmp_path), KEY, 1)

    rates.take([Charge(Limit("ip", 10), "203.0.113.7"), Charge(FEW, "lovelace")])

    written = (tmp_path / FILE_NAME).read_bytes()
    assert written.strip(b"\0")
    assert not any(trace in written for trace in (b"203.0", b"lovelace", bytes([203, 0, 113, 7])))


def test_another_installations_key_gives_other_names(fragile):
    one, other = RateLimits(fragile, KEY, 1), RateLimits(fragile, b"x" * 32, 1)

    assert admitted(one, Charge(FEW, "a")) == admitted(other, Charge(FEW, "a")) == 4
