"""Transactions: one tenant's, all or nothing, and clear words when the database is not there."""

import threading
import time
from contextlib import contextmanager, suppress

import psycopg
import pytest

from shared.db import LOCK_SECONDS, Database, ForeignKey
from shared.errors import Unavailable
from shared.keyfile import keyring

SUBJECT = "INSERT INTO public.subjects (tenant_id, id, created_at) VALUES (%s, %s, now())"
ID = "00000000-0000-7000-8000-000000000001"


def subjects(database, tenant_id):
    with database.transaction(tenant_id) as conn:
        return conn.execute("SELECT count(*) FROM public.subjects").fetchone()[0]


def test_a_transaction_is_stored_when_its_block_ends(database, user_id):
    with database.transaction(user_id) as conn:
        conn.execute(SUBJECT, [user_id, ID])

    assert subjects(database, user_id) == 1


def test_an_exception_in_the_block_undoes_everything(database, user_id):
    with pytest.raises(RuntimeError), database.transaction(user_id) as conn:
        conn.execute(SUBJECT, [user_id, ID])
        raise RuntimeError

    assert subjects(database, user_id) == 0


def test_a_statement_that_fails_undoes_what_came_before_it(database, user_id):
    with pytest.raises(psycopg.errors.UniqueViolation), database.transaction(user_id) as conn:
        conn.execute(SUBJECT, [user_id, ID])
        conn.execute(SUBJECT, [user_id, ID])

    assert subjects(database, user_id) == 0


def test_a_failure_leaves_no_tenant_behind_on_the_connection(app_conninfo, user_id):
    database = Database(app_conninfo, most=1)
    try:
        with pytest.raises(RuntimeError), database.transaction(user_id):
            raise RuntimeError
        with database.lookup() as conn:
            row = conn.execute("SELECT current_setting('leadfly.tenant_id', true)").fetchone()
    finally:
        database.close()

    assert row[0] in (None, "")


def test_a_row_of_another_tenant_cannot_be_written(database, user_id):
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        database.transaction(user_id) as conn,
    ):
        conn.execute(SUBJECT, [f"{user_id}-other", ID])


def test_a_database_that_is_not_there_is_unavailable_not_an_error(tmp_path):
    database = Database(f"host={tmp_path} dbname=nowhere user=nobody")
    try:
        with pytest.raises(Unavailable), database.transaction("t"):
            pass
        assert database.ready()[0] is False
    finally:
        database.close()


def test_a_connection_cut_in_the_middle_is_unavailable_and_stores_nothing(
    database, owner_conninfo, user_id
):
    with pytest.raises(Unavailable), database.transaction(user_id) as conn:
        conn.execute(SUBJECT, [user_id, ID])
        with psycopg.connect(owner_conninfo, autocommit=True) as owner:
            owner.execute("SELECT pg_terminate_backend(%s)", [conn.info.backend_pid])
        conn.execute("SELECT 1").fetchone()

    assert subjects(database, user_id) == 0


def test_another_installations_key_is_refused(database, app_conninfo, local_settings):
    assert database.ready()[0]  # the first key that comes is the database's
    right = keyring(local_settings).fingerprint
    wrong = bytes(byte ^ 1 for byte in right)
    database = Database(app_conninfo, wrong)
    try:
        with pytest.raises(ForeignKey), database.transaction("t"):
            pass
        assert database.ready() == (False, ForeignKey().message)
    finally:
        database.close()


def test_the_connections_are_the_applications_even_if_the_login_is_the_owners(owner_conninfo):
    database = Database(owner_conninfo)
    try:
        with database.lookup() as conn:
            assert conn.execute("SELECT current_user").fetchone() == ("leadfly_app",)
    finally:
        database.close()


def test_a_statement_first_prepared_behind_one_that_fails_is_prepared_later(app_conninfo, user_id):
    database = Database(app_conninfo, most=1)
    try:
        for turn in range(20):
            with (
                suppress(psycopg.errors.DivisionByZero),
                database.transaction(user_id) as conn,
            ):
                conn.execute("SELECT 1 / %s::int", [turn % 2])
                conn.execute(SUBJECT, [user_id, ID[:-2] + f"{turn:02}"])

        assert subjects(database, user_id) == 10
    finally:
        database.close()


def test_an_error_that_the_block_swallows_is_never_taken_for_stored(database, user_id):
    with pytest.raises(Unavailable), database.transaction(user_id) as conn:
        conn.execute(SUBJECT, [user_id, ID])
        with suppress(psycopg.errors.DivisionByZero):
            conn.execute("SELECT 1/0").fetchone()

    assert subjects(database, user_id) == 0


KEY = 7_000_007
"""An advisory lock that no lead of another test takes."""


@contextmanager
def locked(owner_conninfo, key=KEY):
    with psycopg.connect(owner_conninfo) as owner:
        owner.execute("SELECT pg_advisory_xact_lock(%s)", [key])
        yield owner


def test_a_decision_waits_two_seconds_for_the_one_before_it(database, owner_conninfo, user_id):
    begun = time.monotonic()
    with (
        locked(owner_conninfo),
        pytest.raises(Unavailable),
        database.transaction(user_id, [KEY], patience=0.4) as conn,
    ):
        conn.execute("SELECT 1").fetchone()

    assert LOCK_SECONDS <= time.monotonic() - begun < LOCK_SECONDS + 10
    assert not database.away


def test_a_lock_that_comes_free_in_time_is_had(database, owner_conninfo, user_id):
    with locked(owner_conninfo) as owner, database.transaction(user_id, [KEY], 0.4) as conn:
        threading.Timer(1.0, owner.rollback).start()
        begun = time.monotonic()

        assert conn.execute("SELECT 1").fetchone() == (1,)
        assert time.monotonic() - begun > 0.5
        assert not database.away


def test_a_statement_over_its_patience_is_unavailable(database, user_id):
    begun = time.monotonic()
    with pytest.raises(Unavailable), database.transaction(user_id, patience=0.3) as conn:
        conn.execute("SELECT pg_sleep(5)").fetchone()

    assert 0.3 <= time.monotonic() - begun < 4


def test_a_patience_is_forgotten_with_its_transaction(app_conninfo, user_id):
    database = Database(app_conninfo, most=1)
    try:
        with database.transaction(user_id, patience=0.3) as conn:
            conn.execute("SELECT 1")
        with database.transaction(user_id) as conn:
            assert conn.patience is None
            assert conn.execute("SELECT pg_sleep(0.5)").fetchone()
    finally:
        database.close()


def test_a_database_that_nobody_watches_is_never_away(victim):
    victim.command("ALTER DATABASE leadfly SET default_transaction_read_only = on")
    database = Database(victim.app)
    try:
        with pytest.raises(Unavailable), database.transaction("t") as conn:
            conn.execute(SUBJECT, ["t", ID])

        assert not database.away
    finally:
        database.close()
