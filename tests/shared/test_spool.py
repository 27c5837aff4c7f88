import os
import random
import signal
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.attempts import Busy
from shared.spool import MOST_TRIES, Entry, Spool, SpoolUnavailable, receipt
from shared.spool_file import SpoolFull

ROOT = Path(__file__).resolve().parents[2]

NOW = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)

MARK = b"plainly-to-be-seen"

PUTTER = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4
from shared.spool import Entry, Spool, receipt
folder, tenant, count, die = sys.argv[1:]
spool = Spool(Path(folder))
for number in range(int(count)):
    spool.put(Entry(receipt(tenant, str(number)), tenant, uuid4(), b"sealed", datetime.now(UTC)))
if die == "die": os.kill(os.getpid(), signal.SIGKILL)
"""

INTENDER = """
import os, signal, sys
from pathlib import Path
from uuid import UUID
from shared.spool import Spool
Spool(Path(sys.argv[1])).intend(UUID(sys.argv[2]), UUID(sys.argv[3]))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "spool"


@pytest.fixture
def spool(folder):
    spool = Spool(folder)
    yield spool
    spool.close()


def entry(key="1", **changes):
    fields = {
        "receipt_id": receipt(changes.get("tenant_id", "t"), key),
        "tenant_id": "t",
        "lead_id": uuid4(),
        "sealed": b"sealed " + key.encode(),
        "spooled_at": NOW,
    }
    return Entry(**fields | changes)


def python(script, *args):
    return subprocess.Popen([sys.executable, "-c", script, *map(str, args)], cwd=ROOT)


def keys(entries):
    return [one.sealed.removeprefix(b"sealed ").decode() for one in entries]


def fill(spool, count, size=2000):
    """Put entries 0 to count - 1, of *size* bytes each."""
    for number in range(count):
        spool.put(entry(str(number), sealed=b"sealed %d" % number + bytes([0]) * size))


def kept_keys(spool):
    return [int(one.sealed.rstrip(b"\0").split()[1]) for one in spool.due(NOW, 10_000)]


# Receipts ----------------------------------------------------------------------------------------


@given(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9), st.text(max_size=9))
def test_no_two_pairs_of_tenant_and_key_share_a_receipt(a, b, c, d):
    assert (receipt(a, b) == receipt(c, d)) == ((a, b) == (c, d))


def test_a_receipt_never_changes():
    assert receipt("tenant", "key") == UUID("a0fb0068-6de0-594b-a3a5-c321ab28cba2")
    assert receipt("1", "11:1") != receipt("11", "1:1")


# Entries -----------------------------------------------------------------------------------------


def test_what_was_put_is_found_until_it_is_settled(spool):
    one = entry()
    assert spool.find(one.receipt_id) is None and not spool.waiting("t")

    spool.put(one)

    found = spool.find(one.receipt_id)
    assert (found.lead_id, found.sealed, found.spooled_at) == (one.lead_id, one.sealed, NOW)
    assert spool.waiting("t") and not spool.waiting("u")
    spool.settle([one.receipt_id])
    assert spool.find(one.receipt_id) is None and not spool.waiting("t")


def test_the_first_answer_under_a_receipt_stands(spool):
    first, second = entry(), entry()
    spool.put(first)

    assert spool.put(second).lead_id == first.lead_id
    assert [one.lead_id for one in spool.due(NOW, 9)] == [first.lead_id]


def test_entries_come_in_order_of_arrival_for_one_tenant_or_all(spool):
    for key, tenant in (("c", "t"), ("a", "u"), ("b", "t")):
        spool.put(entry(key, tenant_id=tenant))

    assert keys(spool.due(NOW, 9)) == ["c", "a", "b"]
    assert keys(spool.due(NOW, 2)) == ["c", "a"]
    assert keys(spool.due(NOW, 9, "t")) == ["c", "b"]


def test_a_failed_entry_waits_and_blocks_nobody(spool):
    spool.put(entry("bad"))
    spool.put(entry("good"))

    assert not spool.failed(receipt("t", "bad"), "IntegrityError", NOW)

    assert keys(spool.due(NOW, 9)) == ["good"]
    assert keys(spool.due(NOW + timedelta(seconds=2), 9)) == ["bad", "good"]
    assert spool.waiting("t")


def test_pauses_grow(spool):
    spool.put(entry())
    spool.failed(receipt("t", "1"), "error", NOW)
    spool.failed(receipt("t", "1"), "error", NOW)

    assert not spool.due(NOW + timedelta(seconds=3.9), 9)
    assert [one.tries for one in spool.due(NOW + timedelta(seconds=4), 9)] == [2]


def test_five_failures_make_a_dead_letter_whose_answer_still_stands(spool):
    one = entry()
    spool.put(one)

    dead = [spool.failed(one.receipt_id, "error", NOW) for _ in range(MOST_TRIES)]

    assert dead == [False] * 4 + [True]
    assert not spool.due(NOW + timedelta(days=1), 9) and not spool.waiting("t")
    assert [letter.lead_id for letter in spool.dead()] == [one.lead_id]
    assert spool.find(one.receipt_id).lead_id == one.lead_id
    assert not spool.failed(one.receipt_id, "error", NOW)


def test_a_dead_letter_can_be_replayed(spool):
    spool.put(entry())
    for _ in range(MOST_TRIES):
        spool.failed(receipt("t", "1"), "error", NOW)

    assert spool.replay([receipt("t", "1"), receipt("t", "unknown")]) == 1

    assert [one.tries for one in spool.due(NOW, 9)] == [0]
    assert not spool.dead()


def test_depth_tells_waiting_dead_age_and_bytes(spool):
    assert spool.depth().oldest_seconds == 0
    for key in ("1", "2", "3"):
        spool.put(entry(key, spooled_at=datetime.now(UTC) - timedelta(minutes=1)))
    for _ in range(MOST_TRIES):
        spool.failed(receipt("t", "1"), "error", NOW)

    depth = spool.depth()

    assert (depth.waiting, depth.dead) == (2, 1)
    assert 60 <= depth.oldest_seconds < 70
    assert depth.bytes > 4096


def test_settling_what_is_not_there_is_no_error(spool):
    spool.settle([uuid4()])
    spool.settle([])


# Processes ---------------------------------------------------------------------------------------


def test_an_entry_outlives_the_kill_of_its_writer(folder, spool):
    killed = python(PUTTER, folder, "t", 3, "die")

    assert killed.wait(30) == -signal.SIGKILL
    assert [one.position for one in spool.due(NOW + timedelta(days=999), 9)] == [1, 2, 3]


def test_two_processes_put_at_once_and_lose_nothing(folder, spool):
    spool.depth()

    both = [python(PUTTER, folder, tenant, 40, "live") for tenant in ("t", "u")]

    assert [process.wait(60) for process in both] == [0, 0]
    assert spool.depth().waiting == 80
    assert {len(spool.due(NOW, 99, tenant)) for tenant in ("t", "u")} == {40}


def test_two_processes_put_the_same_receipts_once(folder, spool):
    both = [python(PUTTER, folder, "t", 30, "live") for _ in range(2)]

    assert [process.wait(60) for process in both] == [0, 0]
    assert spool.depth().waiting == 30


def test_threads_share_a_spool(spool):
    def put(tenant):
        for number in range(10):
            spool.put(entry(str(number), tenant_id=tenant))
            assert spool.waiting(tenant)

    threads = [threading.Thread(target=put, args=[f"t{n}"]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert spool.depth().waiting == 40


def test_a_forked_child_and_its_parent_both_go_on(spool):
    spool.put(entry("before"))
    child = os.fork()
    if child == 0:
        spool.put(entry("child"))
        spool.close()
        os._exit(0)
    spool.put(entry("parent"))

    assert os.waitpid(child, 0)[1] == 0
    assert sorted(keys(spool.due(NOW, 9))) == ["before", "child", "parent"]


# Files -------------------------------------------------------------------------------------------


def test_nobody_else_may_read_the_files(folder, spool):
    folder.mkdir(mode=0o755)
    spool.put(entry())
    spool.intend(uuid4(), uuid4())

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert any(path.name.endswith("-wal") for path in folder.iterdir())


def test_what_was_settled_is_in_no_file(folder, spool):
    for number in range(20):
        spool.put(entry(str(number), sealed=MARK * 400))
    spool.close()
    assert any(MARK in path.read_bytes() for path in folder.iterdir())

    for number in range(20):
        spool.settle([receipt("t", str(number))])

    spool._entries.close()
    assert not any(MARK in path.read_bytes() for path in folder.iterdir())


def test_the_journal_is_cut_while_others_have_the_spool_open(folder, spool):
    other = Spool(folder)
    spool.put(entry(sealed=MARK * 400))
    assert other.waiting("t")

    spool.settle([receipt("t", "1")])

    assert (folder / "spool-1.db-wal").stat().st_size == 0
    found = subprocess.run(
        ["grep", "-c", MARK.decode(), folder / "spool-1.db"], capture_output=True
    )
    assert found.stdout == b"0\n"
    other.close()


def test_the_journal_does_not_grow_without_bound(folder, spool):
    fill(spool, 300, 20_000)

    assert (folder / "spool-1.db-wal").stat().st_size < 5 * 1024**2


def test_a_full_spool_refuses_until_something_is_settled(folder):
    spool = Spool(folder, most_bytes=200_000)
    with pytest.raises(SpoolFull):
        fill(spool, 200)
    count = spool.depth().waiting
    assert 30 < count < 100 and spool.depth().bytes <= 200_000

    spool.settle([receipt("t", str(number)) for number in range(20)])

    spool.put(entry("new"))
    assert spool.depth().waiting == count - 19
    assert spool.depth().bytes <= 200_000
    spool.close()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system takes root and a permission of its own")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def take_the_rest(ballast):
    with pytest.raises(OSError, match="No space"), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def test_a_full_disk_loses_nothing_acknowledged_and_heals(small_disk):
    spool = Spool(small_disk / "spool")
    ballast = small_disk / "ballast"
    spool.put(entry("first"))
    spool.intend(uuid4(), uuid4())
    take_the_rest(ballast)
    acknowledged = ["first"]
    with pytest.raises(SpoolUnavailable):
        for number in range(200):
            spool.put(entry(str(number)))
            acknowledged.append(str(number))
    assert keys(spool.due(NOW, 999)) == acknowledged

    ballast.unlink()

    spool.put(entry("last"))
    assert keys(spool.due(NOW, 999)) == [*acknowledged, "last"]
    spool.close()


def test_a_disk_full_from_the_start_heals(small_disk):
    spool = Spool(small_disk / "spool")
    ballast = small_disk / "ballast"
    take_the_rest(ballast)
    with pytest.raises(SpoolUnavailable):
        spool.put(entry())

    ballast.unlink()

    spool.put(entry())
    assert spool.waiting("t")
    spool.close()


def test_a_read_only_disk_is_told_and_heals(small_disk):
    # Another process makes the spool: a file of ours open for writing keeps the disk writable.
    assert python(PUTTER, small_disk / "spool", "t", 1, "live").wait(30) == 0
    spool = Spool(small_disk / "spool")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(SpoolUnavailable):
        spool.put(entry("second"))
    with pytest.raises(SpoolUnavailable):
        spool.intend(uuid4(), uuid4())

    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)

    spool.put(entry("second"))
    assert spool.depth().waiting == 2
    spool.close()


def test_a_folder_that_cannot_be_is_told(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(SpoolUnavailable):
        Spool(tmp_path / "file").put(entry())


def test_a_writer_that_never_ends_is_not_waited_for(folder, spool):
    other = Spool(folder)
    other.put(entry())
    with other._entries._alone(), pytest.raises(SpoolUnavailable):
        spool.put(entry("2"))
    other.close()


# Damage ------------------------------------------------------------------------------------------


def tear(path, offset, garbage):
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(garbage)


def test_garbage_in_one_page_leaves_the_other_entries(folder, spool, caplog):
    fill(spool, 40)
    spool.close()
    tear(folder / "spool-1.db", 12 * 4096, os.urandom(4096))

    kept = kept_keys(spool)

    assert 35 <= len(kept) < 40 and kept == sorted(kept)
    assert (folder / "damaged-spool-1.db").stat().st_mode & 0o777 == 0o600
    assert "spool-1.db was damaged" in caplog.text and len(caplog.records) == 1
    spool.put(entry("new"))
    assert spool.depth().waiting == len(kept) + 1


@pytest.mark.parametrize("seed", range(12))
def test_torn_bytes_anywhere_crash_nothing(folder, spool, seed):
    chance = random.Random(seed)
    fill(spool, 40)
    spool.close()
    path = folder / "spool-1.db"
    for _ in range(3):
        tear(path, chance.randrange(path.stat().st_size), chance.randbytes(600))

    spool.put(entry("new"))

    assert spool.find(receipt("t", "new"))
    assert (folder / "damaged-spool-1.db").exists() or spool.depth().waiting == 41


def test_a_repair_that_the_disk_has_no_room_for_is_made_later(small_disk):
    spool = Spool(small_disk / "spool")
    fill(spool, 30)
    spool.close()
    tear(small_disk / "spool" / "spool-1.db", 12 * 4096, os.urandom(4096))
    ballast = small_disk / "ballast"
    take_the_rest(ballast)
    for _ in range(2):
        with pytest.raises(SpoolUnavailable):
            spool.due(NOW, 99)

    ballast.unlink()

    assert len(kept_keys(spool)) >= 28
    spool.close()


def test_a_spool_without_its_head_is_kept_and_a_fresh_one_begins(folder, spool):
    fill(spool, 3)
    spool.close()
    tear(folder / "spool-1.db", 0, bytes(100))

    assert spool.due(NOW, 9) == []

    spool.put(entry("new"))
    assert keys(spool.due(NOW, 9)) == ["new"]
    assert (folder / "damaged-spool-1.db").exists()


@pytest.mark.parametrize("left", [0, 100, 5000, 40_000])
def test_a_spool_cut_short_is_kept_with_a_line_in_the_log(folder, spool, caplog, left):
    fill(spool, 40)
    spool.close()
    os.truncate(folder / "spool-1.db", left)

    assert len(spool.due(NOW, 99)) < 40

    assert (folder / "damaged-spool-1.db").exists() and len(caplog.records) == 1


def test_damage_that_another_process_repaired_is_noticed(folder, spool):
    fill(spool, 3)
    other = Spool(folder)
    assert other.depth().waiting == 3
    spool.close()
    other._entries._writer.close()
    subprocess.run(
        ["dd", "if=/dev/zero", f"of={folder}/spool-1.db", "bs=100", "count=1", "conv=notrunc"],
        check=True,
        capture_output=True,
    )
    late = Spool(folder)
    late.put(entry("new"))

    other.put(entry("newer"))

    assert keys(late.due(NOW, 9))[-2:] == ["new", "newer"]
    other.close()
    assert keys(late.due(NOW, 9))[-2:] == ["new", "newer"]
    late.close()


def test_a_torn_end_of_the_journal_loses_only_what_was_not_committed(folder):
    killed = python(PUTTER, folder, "t", 5, "die")
    killed.wait(30)
    journal = folder / "spool-1.db-wal"
    with journal.open("ab") as file:
        file.write(os.urandom(3000))
    spool = Spool(folder)

    assert spool.depth().waiting == 5
    spool.close()


def test_a_leftover_draft_is_no_spool(folder, spool):
    folder.mkdir()
    (folder / ".spool.draft").write_bytes(b"half")

    spool.put(entry())

    assert sorted(path.name for path in folder.glob("*.db")) == ["spool-1.db"]


def test_a_new_spool_never_takes_the_journal_of_an_old_one(folder, spool):
    folder.mkdir()
    (folder / "spool-3.db-wal").write_bytes(b"left over")

    spool.put(entry())

    assert (folder / "spool-4.db").exists()


# Intents -----------------------------------------------------------------------------------------


def test_the_first_intent_stands(spool):
    request, first = uuid4(), uuid4()

    assert spool.intend(request, first) == first
    assert spool.intend(request, uuid4()) == first


def test_an_intent_outlives_the_kill_of_its_process(folder, spool):
    request, first = uuid4(), uuid4()

    assert python(INTENDER, folder, request, first).wait(30) == -signal.SIGKILL

    assert spool.intend(request, uuid4()) == first


def test_old_intents_are_forgotten(spool):
    requests = [uuid4() for _ in range(300)] + [UUID(int=0), UUID(int=(1 << 128) - 1)]
    for request in requests:
        spool.intend(request, uuid4())

    assert spool.forget_intents(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert spool.forget_intents(datetime.now(UTC) + timedelta(seconds=1)) == len(requests)
    assert spool.forget_intents(datetime.now(UTC) + timedelta(seconds=1)) == 0


def test_intents_do_not_wait_for_the_spool(folder, spool):
    other = Spool(folder)
    other.put(entry())
    with other._entries._alone():
        assert spool.intend(uuid4(), uuid4())
    other.close()


def test_damaged_intents_are_set_aside_too(folder, spool):
    request, first = uuid4(), uuid4()
    spool.intend(request, first)
    spool.close()
    tear(folder / "intents-1.db", 0, bytes(100))

    second = spool.intend(request, uuid4())

    assert second != first and spool.intend(request, uuid4()) == second
    assert (folder / "damaged-intents-1.db").exists()


# Erasing -----------------------------------------------------------------------------------------


def test_a_lead_is_found_in_its_own_account_waiting_or_dead(spool):
    waiting, dead = entry(), entry("2")
    for one in (waiting, dead):
        spool.put(one)
    for _ in range(MOST_TRIES):
        spool.failed(dead.receipt_id, "test", NOW)

    assert spool.of_lead("t", waiting.lead_id) == [waiting.receipt_id]
    assert spool.of_lead("t", dead.lead_id) == [dead.receipt_id]
    assert spool.of_lead("other", waiting.lead_id) == spool.of_lead("t", uuid4()) == []


def test_what_came_later_or_is_dead_or_anothers_is_not_waited_for(spool):
    spool.put(entry())
    second = timedelta(seconds=1)

    assert spool.waiting_since("t", NOW)
    assert not spool.waiting_since("t", NOW - second)
    assert not spool.waiting_since("other", NOW)
    for _ in range(MOST_TRIES):
        spool.failed(receipt("t", "1"), "test", NOW)
    assert not spool.waiting_since("t", NOW)


def test_one_at_a_time_takes_entries_away(spool):
    with spool.alone(0.0), pytest.raises(Busy), spool.alone(0.05):
        pass

    with spool.alone(0.0):
        pass
