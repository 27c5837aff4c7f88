"""`leadfly doctor`: each misconfiguration is named beside what mends it; nothing is a traceback."""

import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from leadfly import database_checks
from leadfly.doctor_command import findings
from leadfly.migrate import migrate
from shared import embedded, settings
from shared.keyfile import FILE_NAME

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def well(server, app, client, free_port):
    """The environment of an installation in order, which has served a request."""
    client.get("/readyz")
    return {"LEADFLY_HOME": str(server.home), "PORT": str(free_port)}


@pytest.fixture
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


def wrong(environ):
    """Return the lines of what is wrong with the installation that *environ* describes."""
    return [finding.line() for finding in findings(environ) if finding.well is False]


@contextmanager
def database_of_its_own(server, owner):
    """An empty database beside the tests' own."""
    name = f"doctor_{uuid4().hex}"
    owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield name
    finally:
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        owner.execute(drop)


def test_an_installation_in_order_has_nothing_wrong(well):
    lines = [finding.line() for finding in findings(well)]

    assert [line for line in lines if not line.startswith("✓")] == []
    assert len(lines) >= 14


def test_a_new_machine_has_nothing_wrong_either(tmp_path, free_port):
    environ = {"LEADFLY_HOME": str(tmp_path / "new"), "PORT": str(free_port)}

    assert wrong(environ) == []
    assert not (tmp_path / "new").exists(), "looking changes nothing"


def test_every_faulty_setting_is_named_at_once(well):
    lines = wrong(well | {"PRIVACY_MODE": "strict", "WEB_THREADS": "many", "RATE_LIMIT": "maybe"})

    for name in ("PRIVACY_MODE", "WEB_THREADS", "RATE_LIMIT"):
        assert any(line.startswith(f"✗ setting {name}: ") for line in lines), lines


def test_local_mode_on_a_public_address_is_named(well):
    lines = wrong(well | {"HOST": "0.0.0.0", "AUTH_MODE": "local"})

    assert any("AUTH_MODE=local on a public HOST" in line for line in lines)


def test_a_missing_postgresql_is_named_with_how_to_get_one(tmp_path, free_port, monkeypatch):
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))

    (line,) = wrong({"LEADFLY_HOME": str(tmp_path / "home"), "PORT": str(free_port)})

    assert "apt install postgresql" in line


@pytest.mark.parametrize(
    "url", ["postgresql://127.0.0.1:1/none", "not a url", "host=/nowhere user=x"]
)
def test_a_database_that_cannot_be_reached_is_named(well, url):
    (line,) = wrong(well | {"DATABASE_URL": url})

    assert line.startswith("✗ PostgreSQL cannot be used: ")
    assert "DATABASE_URL" in line


def test_an_empty_database_is_named_with_the_command_that_fills_it(well, server, owner):
    with database_of_its_own(server, owner) as name:
        lines = wrong(well | {"DATABASE_URL": server.conninfo("leadfly_app", name)})

    assert any(line.endswith("migrations to apply: leadfly migrate") for line in lines), lines


def test_a_login_that_bypasses_isolation_is_named(well, owner_conninfo):
    lines = wrong(well | {"DATABASE_URL": owner_conninfo})

    assert any("login leadfly bypasses tenant isolation" in line for line in lines)


def test_a_role_that_bypasses_isolation_is_named(well, owner):
    owner.execute("ALTER ROLE leadfly_app BYPASSRLS")
    try:
        lines = wrong(well)
    finally:
        owner.execute("ALTER ROLE leadfly_app NOBYPASSRLS")

    assert any(line.endswith("ALTER ROLE leadfly_app NOSUPERUSER NOBYPASSRLS") for line in lines)


def test_a_login_that_may_not_become_the_worker_is_told_how(well, server):
    environ = well | {"DATABASE_URL": server.conninfo("leadfly_app")}

    hints = [finding.line() for finding in findings(environ) if finding.well is None]

    assert any("GRANT leadfly_worker TO leadfly_app, or give it" in line for line in hints), hints
    assert wrong(environ) == []


def test_an_eraser_with_a_login_of_its_own_is_well(well, server):
    environ = well | {
        "DATABASE_URL": server.conninfo("leadfly_app"),
        "ERASER_DATABASE_URL": server.conninfo("leadfly_eraser"),
    }

    assert not any("leadfly_eraser" in finding.line() for finding in findings(environ))


def test_a_table_without_forced_isolation_is_named(well, server, owner):
    with database_of_its_own(server, owner) as name:
        migrate(server.conninfo("leadfly", name))
        with psycopg.connect(server.conninfo("leadfly", name), autocommit=True) as conn:
            conn.execute("ALTER TABLE public.leads NO FORCE ROW LEVEL SECURITY")
        lines = wrong(well | {"DATABASE_URL": server.conninfo("leadfly_app", name)})

    assert len([line for line in lines if "row-level security" in line]) == 1
    assert any("leads is not under row-level security: ALTER TABLE" in line for line in lines)


def test_a_key_file_that_others_may_read_is_named_with_the_chmod(well, server):
    path = server.home / FILE_NAME
    path.chmod(0o644)
    try:
        lines = wrong(well)
    finally:
        path.chmod(0o600)

    assert any(f"chmod 600 {path}" in line for line in lines)


@pytest.mark.parametrize("found", ["another", "none", "damaged"])
def test_a_key_that_is_not_this_databases_is_named(well, server, tmp_path, found):
    path = tmp_path / FILE_NAME
    if found != "none":
        path.write_text("ab" * 32 if found == "another" else "xyz", "ascii")
        path.chmod(0o600)
    environ = well | {"LEADFLY_HOME": str(tmp_path)}

    lines = wrong(environ | {"DATABASE_URL": server.conninfo("leadfly_app")})

    wanted = "is not a key file" if found == "damaged" else "belongs to another secret key"
    assert any(wanted in line for line in lines), lines


def test_a_home_that_cannot_be_written_is_named(well, tmp_path):
    file = tmp_path / "file"
    file.write_text("")

    lines = wrong(well | {"LEADFLY_HOME": str(file / "home")})

    assert any("is not writable" in line for line in lines)


def test_a_full_disk_is_named(well, monkeypatch):
    full = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)

    assert any("make room" in line for line in wrong(well))


def test_a_port_that_another_program_holds_is_named(well):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        lines = wrong(well | {"PORT": str(port)})

    assert any(f"PORT={port + 1}" in line for line in lines)


def test_a_server_with_little_room_for_locks_is_named(well, monkeypatch):
    monkeypatch.setattr(database_checks, "LOCKS", 10**9)

    assert any("max_locks_per_transaction" in line for line in wrong(well))


def test_where_everything_is_broken_every_line_still_comes_and_the_exit_code_is_one(tmp_path):
    key = tmp_path / FILE_NAME
    key.mkdir()  # not even a file
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LEADFLY_HOME": str(tmp_path),
        "HOST": "203.0.113.1",
        "PORT": "99999999",
        "AUTH_MODE": "local",
        "PRIVACY_MODE": "none",
        "DATABASE_URL_FILE": "/nowhere",
        "PG_BINDIR": "/nowhere",
    }

    done = subprocess.run(
        [sys.executable, "-m", "leadfly", "doctor"],
        env=environ,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )

    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    said = done.stdout
    for words in ("setting PORT", "setting PRIVACY_MODE", "DATABASE_URL_FILE", "public HOST"):
        assert words in said
    assert "PostgreSQL" in said
    assert "are wrong." in done.stderr


def test_connections_that_are_too_few_are_named_with_how_many_are_needed(well):
    (line,) = wrong(well | {"WEB_CONCURRENCY": "64", "WEB_THREADS": "64"})

    assert re.search(r"connections are too few: max_connections = \d+, or a smaller WEB_", line)


def test_the_embedded_server_has_room_for_what_all_processes_open(tmp_path):
    chosen = settings.load({"LEADFLY_HOME": str(tmp_path)})

    assert database_checks.connections(chosen) + database_checks.RESERVED <= embedded.CONNECTIONS
