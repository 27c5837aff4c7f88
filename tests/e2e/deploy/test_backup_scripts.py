"""The scripts of deploy/: a log goes on or is said to be broken, and no failure is silent."""

import os
import shutil
import subprocess

import psycopg
import pytest

from shared.embedded import OWNER, Server
from tests.chaos.running import soon
from tests.e2e.deploy.backups import Backups, writable

ALONE = ("unshare", "--user", "--map-root-user", "--mount")
SMALL_DISK = 'mount -t tmpfs -o size=8m none "$1" && shift && exec "$@"'


def write(backups):
    """Write a row, and end the segment of the log."""
    backups.tell("INSERT INTO rows SELECT coalesce(max(number), 0) + 1 FROM rows")
    backups.tell("SELECT pg_switch_wal()")


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """Backups of a database of five rows, each in a segment of its own, and a sixth in the last."""
    place = tmp_path_factory.mktemp("scripts")
    server = Server(place / "db")
    server.start()
    backups = Backups(place / "backup", server)
    try:
        backups.keep_log()
        backups.tell("CREATE TABLE rows (number int)")
        backups.base()
        for _ in range(5):
            write(backups)
        backups.tell("INSERT INTO rows VALUES (6)")
        backups.kept()
    finally:
        backups.stop_log()
        server.stop(hurry=True)
    return backups


@pytest.fixture
def copy(original, tmp_path):
    """A copy of them that a test may spoil."""
    copied = Backups(tmp_path / "backup", original.server)
    shutil.copytree(original.folder, copied.folder, dirs_exist_ok=True)
    return copied


def segments(backups):
    return sorted(backups.log().glob("0*[0-9A-F]"))


def rows(home):
    """Start the PostgreSQL of *home*, return its rows, and stop it."""
    server = Server(home)
    server.start()
    try:
        assert soon(lambda: writable(server), 60)
        with psycopg.connect(server.conninfo(OWNER)) as conn:
            found = conn.execute("SELECT number FROM rows ORDER BY number").fetchall()
        return [number for (number,) in found]
    finally:
        server.stop(hurry=True)


def flip(path, offset):
    """Have the disk forget a byte."""
    with path.open("r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 0xFF]))


FIRST_RECORD = 40 + 26
"""Where its data begins: after the header of a segment's first page and its own."""


# Restoring --------------------------------------------------------------------------------------


def test_a_sound_log_is_restored_to_its_last_row(copy, tmp_path):
    done = copy.restore(tmp_path / "new/postgres")

    assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "new") == [1, 2, 3, 4, 5, 6]


def test_a_folder_that_is_not_empty_is_never_overwritten(copy, tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old/precious").touch()

    done = copy.restore(tmp_path / "old")

    assert (done.returncode, done.stdout) == (1, "")
    assert "is not empty" in done.stderr


def test_a_gap_in_the_log_is_named_and_stops_the_restore(copy, tmp_path):
    missing = segments(copy)[-3]
    missing.unlink()

    done = copy.restore(tmp_path / "new/postgres")

    assert done.returncode == 1
    assert f"the log has a gap: {missing.name} is missing" in done.stderr
    assert "ACCEPT_LOSS=yes" in done.stderr
    assert not (tmp_path / "new/postgres").exists()


def test_whoever_accepts_the_loss_is_given_what_came_before_a_gap(copy, tmp_path):
    segments(copy)[-2].unlink()

    done = copy.restore(tmp_path / "new/postgres", ACCEPT_LOSS="yes")

    assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "new") == [1, 2, 3]


def test_a_damaged_record_is_named_and_stops_the_restore(copy, tmp_path):
    damaged = segments(copy)[-2]
    flip(damaged, FIRST_RECORD)

    done = copy.restore(tmp_path / "new/postgres")

    assert done.returncode == 1
    assert f"{damaged.name} is damaged" in done.stderr


def test_a_segment_that_was_cut_off_is_named(copy, tmp_path):
    cut = segments(copy)[-2]
    os.truncate(cut, 100_000)

    done = copy.restore(tmp_path / "new/postgres")

    assert done.returncode == 1
    assert f"{cut.name} is cut off" in done.stderr


def test_damage_before_the_end_of_the_last_segment_is_no_end(copy, tmp_path):
    (last,) = copy.log().glob("*.partial")
    text = last.read_bytes()
    flip(last, text.index(b"\0" * 4096) // 2)

    done = copy.restore(tmp_path / "new/postgres")

    assert done.returncode == 1
    assert "is damaged at" in done.stderr


def test_a_damaged_base_backup_is_named(copy, tmp_path):
    (base,) = (copy.folder / "base").iterdir()
    flip(base / "global/pg_control", 100)

    done = copy.restore(tmp_path / "new/postgres")

    assert done.returncode == 1
    assert f"base/{base.name} is damaged" in done.stderr


def test_a_log_that_begins_after_the_backup_is_named(copy, tmp_path):
    for path in copy.log().iterdir():
        path.unlink()

    done = copy.restore(tmp_path / "new/postgres")

    assert done.returncode == 1
    assert "ends before base/" in done.stderr


def test_a_time_after_the_end_of_the_log_is_refused(copy, tmp_path):
    done = copy.restore(tmp_path / "new/postgres", "2999-01-01 00:00:00")

    assert done.returncode == 1
    assert "the log ends before 2999-01-01" in done.stderr


def test_a_time_before_every_backup_is_refused(copy, tmp_path):
    done = copy.restore(tmp_path / "new/postgres", "2020-01-01 00:00:00")

    assert done.returncode == 1
    assert "no base backup from before 2020-01-01" in done.stderr


def test_a_backup_older_than_the_ledger_of_erasures_is_refused(copy, tmp_path):
    (base,) = (copy.folder / "base").iterdir()
    base.rename(base.with_name("2020-01-01T000000Z"))

    done = copy.restore(tmp_path / "new/postgres")

    assert done.returncode == 1
    assert "more than a year old" in done.stderr


# Backing up -------------------------------------------------------------------------------------


def test_the_newest_backups_stay_with_the_log_they_need(backups, tmp_path):
    backups.tell("CREATE TABLE rows (number int)")
    for _ in range(4):
        write(backups)
        newest = backups.base(keep=2)
    write(backups)
    backups.kept()

    done = backups.restore(tmp_path / "new/postgres")

    assert len(list((backups.folder / "base").iterdir())) == 2
    assert len(segments(backups)) < 7
    assert done.returncode == 0, done.stderr
    assert f"base/{newest}" in done.stdout
    assert rows(tmp_path / "new") == [1, 2, 3, 4, 5]


def test_a_backup_that_no_log_continues_is_a_failure(server, tmp_path):
    alone = Backups(tmp_path / "backup", server)
    alone.make_login()

    done = alone.run("backup.sh", alone.folder, WAIT_SECONDS="2")

    assert done.returncode == 1
    assert "wal.sh does not keep the log" in done.stderr


def test_a_server_that_is_away_fails_the_backup_and_keeps_the_old_ones(backups, server):
    kept = backups.base()
    backups.stop_log()
    server.stop(hurry=True)

    done = backups.run("backup.sh", backups.folder)

    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert [path.name for path in (backups.folder / "base").iterdir()] == [kept]


def test_a_full_disk_fails_the_backup_and_leaves_no_half_of_one(backups, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounts = ["true"]
    if subprocess.run([*ALONE, "sh", "-c", SMALL_DISK, "sh", disk, *mounts]).returncode:
        pytest.skip("no disk of a test's own can be mounted here")
    small = (*ALONE, "sh", "-c", SMALL_DISK, "sh", str(disk))
    listed = 'sh "$@"; code=$?; ls -A "$2/base"; exit "$code"'

    done = backups.run("backup.sh", disk, prefix=(*small, "sh", "-c", listed))

    assert (done.returncode, done.stdout) == (1, "")
    assert "No space left on device" in done.stderr
    assert "no backup was made" in done.stderr


def test_a_folder_that_may_not_be_written_fails_the_backup(backups, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    prefix = ("unshare", "--user") if os.geteuid() == 0 else ()

    done = backups.run("backup.sh", closed, prefix=prefix)

    assert done.returncode == 1
    assert "cannot be made" in done.stderr


def test_a_folder_of_another_databases_backups_is_refused(backups):
    (backups.folder / "system").write_text("7000000000000000000\n")

    for script in ("backup.sh", "wal.sh"):
        done = backups.run(script, backups.folder)

        assert done.returncode == 1
        assert "holds backups of another database" in done.stderr


def test_the_check_is_well_while_a_backup_is_young_and_the_log_is_kept(backups):
    backups.base()

    done = backups.run("backup-check.sh", backups.folder)

    assert done.returncode == 0, done.stderr
    assert "the log is kept" in done.stdout


def test_the_check_says_what_is_wrong(backups):
    assert "no base backup" in backups.run("backup-check.sh", backups.folder).stderr
    base = backups.folder / "base" / backups.base()
    assert soon(
        lambda: "is older than 0 hours" in backups.run("backup-check.sh", backups.folder, 0).stderr,
        10,
    )
    backups.stop_log()

    assert soon(lambda: "does not run" in backups.run("backup-check.sh", backups.folder).stderr, 30)
    assert base.exists()
