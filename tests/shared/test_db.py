"""Transactions: one tenant's, all or nothing, and clear words when the database is not there."""

import psycopg
import pytest

from shared.db import Database, ForeignKey
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


def test_another_installations_key_is_refused(app_conninfo, local_settings):
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
