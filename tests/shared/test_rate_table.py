"""One table for all processes of a host: together they admit what one would, whatever dies."""

import os
import signal
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from shared.attempts import exclusive
from shared.rate_limit import WINDOW_NS, Limit, charged, owed, wait
from shared.rate_table import (
    BUCKET_BYTES,
    BUCKETS,
    FILE_NAME,
    SLOTS,
    OwnTable,
    SharedTable,
    TableUnavailable,
)

LIMIT = Limit("key", 6000)
WHO = 0x1122334455667788

HAMMER = """
import sys, time
from pathlib import Path
from shared.rate_limit import Limit
from shared.rate_limits import Charge, RateLimits
from shared.rate_table import SharedTable

def alone():
    raise SystemExit("the table was not shared")

rates = RateLimits(SharedTable(Path(sys.argv[1]), patience=30), b"k" * 32, 4, alone)
charge = Charge(Limit("key", int(sys.argv[2])), "one")
print("ready", flush=True)
sys.stdin.readline()
admitted, first, last = 0, 0.0, time.monotonic()
until = last + float(sys.argv[3])
while time.monotonic() < until:
    if rates.take([charge]) is None:
        last = time.monotonic()
        first = first or last
        admitted += 1
print(admitted, first, last)
"""

HOLDER = """
import sys, time
from shared.attempts import exclusive
with exclusive(sys.argv[1], int(sys.argv[2]), 1.0):
    print("held", flush=True)
    time.sleep(60)
"""


def program(text, *arguments):
    """Return a running process of *text*, once it has said its first word."""
    process = subprocess.Popen(
        [sys.executable, "-c", text, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=os.getcwd(),
    )
    assert process.stdout.readline()
    return process


def take(table, who=WHO, limit=LIMIT):
    """True if *table* admits one more of *who*."""

    def paid(tat, now):
        waits = wait(limit, tat, now)
        return (None, False) if waits else (charged(limit, tat, now), True)

    return table.change(who, paid)


def debt(table, who):
    return table.change(who, lambda tat, now: (None, owed(tat, now)))


def frozen(now=10 * WINDOW_NS):
    return lambda: now


@pytest.fixture(params=["shared", "own"])
def table(request, tmp_path):
    """A table whose clock stands still."""
    return SharedTable(tmp_path, frozen()) if request.param == "shared" else OwnTable(frozen())


def same_bucket(count):
    return [1 + number * BUCKETS for number in range(count)]


def test_everybody_has_a_debt_of_their_own(table):
    few = Limit("key", 2)

    assert [take(table, 7, few) for _ in range(3)] == [True, True, False]
    assert take(table, 8, few)


def test_a_bucket_holds_eight_and_the_one_who_owes_least_makes_room(table):
    crowd = same_bucket(SLOTS + 1)
    for number, who in enumerate(crowd[:SLOTS]):
        for _ in range(number + 1):
            take(table, who)

    take(table, crowd[SLOTS])

    assert debt(table, crowd[0]) == 0
    assert [debt(table, who) // LIMIT.interval_ns for who in crowd[1:]] == [2, 3, 4, 5, 6, 7, 8, 1]


def test_a_name_that_stands_across_two_slots_is_nobodys(table):
    """Bytes 8 to 16 of one slot and 0 to 8 of the next are no name."""
    take(table, WHO)
    tat = table.change(WHO, lambda tat, now: (None, tat))

    assert debt(table, tat) == 0


@pytest.mark.parametrize("junk", [b"\xff" * BUCKET_BYTES, os.urandom(BUCKET_BYTES), b"abc"])
def test_a_damaged_file_is_a_table_of_nobody(tmp_path, junk):
    place = WHO % BUCKETS * BUCKET_BYTES
    (tmp_path / FILE_NAME).write_bytes(b"\0" * place + junk)
    table = SharedTable(tmp_path)
    few = Limit("key", 2)

    assert [take(table, WHO, few) for _ in range(3)] == [True, True, False]


def test_what_was_owed_before_the_machine_started_anew_is_forgotten(tmp_path):
    """The clock began again: the old times lie far ahead, and must not take room either."""
    old = SharedTable(tmp_path, frozen(900 * WINDOW_NS))
    before, after = same_bucket(SLOTS), same_bucket(2 * SLOTS)[SLOTS:]
    for who in before:
        take(old, who)
    new, few = SharedTable(tmp_path, frozen(2 * WINDOW_NS)), Limit("key", 1)

    assert [take(new, who, few) for who in after] == [True] * SLOTS
    assert [take(new, who, few) for who in after] == [False] * SLOTS


def test_the_file_says_nothing_to_others(tmp_path):
    take(SharedTable(tmp_path / "limits"))

    assert (tmp_path / "limits" / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "limits").stat().st_mode & 0o777 == 0o700


def test_a_file_that_was_deleted_is_begun_anew_for_all(tmp_path):
    one, other = SharedTable(tmp_path, frozen()), SharedTable(tmp_path, frozen())
    few = Limit("key", 2)
    assert [take(one, WHO, few), take(other, WHO, few)] == [True, True]

    (tmp_path / FILE_NAME).unlink()

    assert [take(one, WHO, few), take(other, WHO, few), take(one, WHO, few)] == [True, True, False]


def test_a_folder_that_cannot_be_written_is_said_to_be_so(tmp_path):
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(TableUnavailable):
        take(SharedTable(tmp_path / "file"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_an_error_and_no_crash(tmp_path):
    (tmp_path / FILE_NAME).symlink_to("/dev/full")

    with pytest.raises(TableUnavailable):
        take(SharedTable(tmp_path))


def test_threads_lose_no_charge(tmp_path):
    table = SharedTable(tmp_path, frozen(), patience=30)  # a busy machine is no fault of the table
    few = Limit("key", 500)

    with ThreadPoolExecutor(8) as pool:
        admitted = sum(pool.map(lambda _: take(table, WHO, few), range(800)))

    assert admitted == 500


def test_four_processes_together_admit_what_the_limit_says(tmp_path):
    """Within 2 % of the amount and what the measured time paid, over all workers."""
    amount, seconds = 1200, 3.0
    hammers = [program(HAMMER, tmp_path, amount, seconds) for _ in range(4)]
    for hammer in hammers:
        hammer.stdin.write("go\n")
        hammer.stdin.flush()
    said = [hammer.communicate(timeout=30)[0].split() for hammer in hammers]

    assert [hammer.returncode for hammer in hammers] == [0] * 4
    counts, firsts, lasts = zip(*said, strict=True)
    began, ended = min(map(float, firsts)), max(map(float, lasts))
    allowed = amount + (ended - began) * 1e9 / (WINDOW_NS // amount)
    assert sum(map(int, counts)) == pytest.approx(allowed, rel=0.02)


def test_a_process_that_is_killed_while_it_holds_a_bucket_blocks_nobody(tmp_path):
    table = SharedTable(tmp_path)
    take(table)
    with program(HOLDER, tmp_path / "owed-1.lock", WHO % BUCKETS) as holder:
        try:
            with pytest.raises(TableUnavailable):  # it does hold it: the control of this test
                take(table)
        finally:
            os.kill(holder.pid, signal.SIGKILL)

    assert take(table)


def test_one_bucket_that_is_held_keeps_nobody_from_another(tmp_path):
    table = SharedTable(tmp_path)
    with exclusive(f"{tmp_path}/owed-1.lock", 5, 1.0):
        started = time.monotonic()
        with suppress(TableUnavailable):
            take(table, 5)
        waited = time.monotonic() - started

        assert take(table, 6)
        assert waited < 1.0


def test_a_slot_is_sixteen_bytes_that_are_written_at_once(tmp_path):
    table = SharedTable(tmp_path, frozen())
    take(table, WHO)

    place = WHO % BUCKETS * BUCKET_BYTES
    written = (tmp_path / FILE_NAME).read_bytes()[place:]
    assert struct.unpack("<QQ", written) == (WHO, 10 * WINDOW_NS + LIMIT.interval_ns)
