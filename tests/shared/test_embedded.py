import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from shared.embedded import SETTINGS, HomeInUse, Server, SocketFolderNotOurs, _socket_folder
from shared.postgres_programs import NOBODY, NoPostgres, WrongMajor, found

ROOT = Path(__file__).resolve().parents[2]

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")


@pytest.fixture
def own(tmp_path):
    """A server of the test's own, not started; whatever runs at the end is stopped."""
    server = Server(tmp_path / "home")
    yield server
    server.stop(hurry=True)


def one(server, statement, user="leadfly"):
    with psycopg.connect(server.conninfo(user), autocommit=True) as conn:
        return conn.execute(statement).fetchone()[0]


def postmaster(server):
    return int((server.cluster / "postmaster.pid").read_text().split()[0])


def test_a_started_server_answers_and_a_stopped_one_is_gone(own):
    own.start()
    assert own.running()
    assert one(own, "SELECT current_database()") == "leadfly"

    own.stop()

    assert not own.running()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(own.conninfo("leadfly"))


def test_what_was_stored_survives_a_restart(own):
    own.start()
    with psycopg.connect(own.conninfo("leadfly")) as conn:
        conn.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    own.stop()

    own.start()

    assert one(own, "SELECT answer FROM kept") == 42


def test_letters_of_every_alphabet_are_letters(own):
    own.start()

    assert one(own, "SELECT upper('żółć') = 'ŻÓŁĆ' AND 'ż' ~ '^[[:alpha:]]$'")


def test_the_log_never_repeats_what_a_statement_said(own):
    own.start()

    for name in ("log_statement", "log_error_verbosity", "log_parameter_max_length_on_error"):
        assert one(own, f"SHOW {name}") == SETTINGS[name]
    with psycopg.connect(own.conninfo("leadfly"), autocommit=True) as conn:
        conn.execute("CREATE TABLE t (email text PRIMARY KEY)")
        for _ in range(2):
            with suppress(psycopg.errors.UniqueViolation):
                conn.execute("INSERT INTO t VALUES (%s)", ["ada@example.org"])
    log = own.log.read_text()
    assert "duplicate key" in log and "ada@" not in log


def test_nobody_else_can_reach_the_socket_and_nothing_listens_on_a_port(own):
    own.start()

    assert stat.S_IMODE(own.sockets.stat().st_mode) == 0o700
    assert one(own, "SHOW listen_addresses") == ""


def test_a_second_supervisor_of_one_home_is_refused_and_told_by_whom(own):
    own.start()

    with pytest.raises(HomeInUse) as refusal:
        Server(own.home).start()

    assert str(os.getpid()) in refusal.value.message and str(own.home) in refusal.value.message
    assert own.running()


def test_a_killed_postmaster_is_started_again(own):
    own.start()
    os.kill(postmaster(own), signal.SIGKILL)

    own.start()

    assert one(own, "SELECT 1") == 1


def test_a_killed_postmaster_is_started_again_although_a_backend_is_still_busy(own):
    own.start()
    busy = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import psycopg, sys; c = psycopg.connect(sys.argv[1]); print(flush=True);"
            "c.execute('SELECT count(*) FROM generate_series(1, 10^11)')",
            own.conninfo("leadfly"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with busy:
        busy.stdout.readline()
        time.sleep(0.2)
        os.kill(postmaster(own), signal.SIGKILL)
        begun = time.monotonic()

        own.start()

        assert one(own, "SELECT 1") == 1
        assert time.monotonic() - begun < 10


def test_a_postmaster_left_by_a_killed_supervisor_is_taken_over(own):
    script = "from shared.embedded import *; import os; s = Server(Path(os.sys.argv[1])); s.start()"
    subprocess.run([sys.executable, "-c", script, str(own.home)], check=True, cwd=ROOT)
    orphan = postmaster(own)
    assert own.running()

    own.start()

    assert postmaster(own) != orphan
    assert one(own, "SELECT 1") == 1


def test_a_stale_pid_file_that_names_another_program_is_dropped(own):
    own.start()
    own.stop()
    stale = f"{os.getpid()}\n{own.cluster}\n1\n5432\n{own.sockets}\n\n0 0\nready\n"
    (own.cluster / "postmaster.pid").write_text(stale)
    (own.sockets / ".s.PGSQL.5432.lock").write_text(stale)
    assert not own.running()

    own.start()

    assert one(own, "SELECT 1") == 1


def test_half_a_cluster_counts_as_none(own):
    half = own.home / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")

    own.start()

    assert one(own, "SELECT 1") == 1
    assert not half.exists()


def test_a_cluster_of_another_major_version_is_left_alone_with_advice(own):
    own.cluster.mkdir(parents=True)
    (own.cluster / "PG_VERSION").write_text("9\n")

    with pytest.raises(WrongMajor, match=r"made by PostgreSQL 9, .*PG_BINDIR"):
        own.start()


def test_a_home_with_blanks_quotes_and_letters_works(tmp_path):
    server = Server(tmp_path / "Ada's häuschen (1)")
    server.start()
    try:
        assert one(server, "SELECT 1") == 1
    finally:
        server.stop()


def test_a_home_too_deep_for_a_socket_gets_one_in_the_temporary_folder(tmp_path):
    server = Server(tmp_path / ("deep" * 30))
    server.start()
    try:
        assert one(server, "SELECT 1") == 1
        assert server.home not in server.sockets.parents
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    finally:
        server.stop()
        shutil.rmtree(server.sockets)


@as_root
def test_a_temporary_socket_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    home = tmp_path / ("deep" * 30)
    planted = _socket_folder(home)
    planted.mkdir()
    os.chown(planted, 12345, 12345)

    with pytest.raises(SocketFolderNotOurs):
        Server(home).start()


@as_root
def test_root_runs_postgres_in_a_namespace_and_keeps_its_files(own):
    own.start()

    assert own.cluster.stat().st_uid == 0
    assert (
        Path(f"/proc/{postmaster(own)}/ns/user").readlink() != Path("/proc/self/ns/user").readlink()
    )


@pytest.fixture
def reachable():
    """A folder that `nobody` may enter; pytest keeps its own to itself."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@as_root
def test_where_namespaces_are_forbidden_postgres_runs_as_nobody_and_back(reachable, monkeypatch):
    server = Server(reachable / "home")
    try:
        for path, uid in ((os.environ["PATH"], 0), (str(reachable), NOBODY), (os.defpath, 0)):
            monkeypatch.setenv("PATH", path)  # the second has no unshare(1)
            server.start()
            assert server.cluster.stat().st_uid == uid
            assert one(server, "SELECT 1") == 1
            server.stop()
    finally:
        server.stop(hurry=True)


def test_a_named_bin_folder_is_the_only_one_looked_at(tmp_path):
    with pytest.raises(NoPostgres, match=r"PG_BINDIR.*DATABASE_URL"):
        found(environ={"PG_BINDIR": str(tmp_path)})


def test_a_named_bin_folder_is_used():
    folder = found().folder

    assert found(environ={"PG_BINDIR": str(folder)}).folder == folder
