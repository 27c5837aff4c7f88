import threading
from uuid import uuid4

import psycopg
import pytest

from leadfly.migrate import LOCK, MIGRATIONS, MigrationFailed, Unreachable, latest, migrate, pending

FUNCTION = """
-- A comment; with a semicolon, and a quote's apostrophe.
CREATE TABLE parts (name text CHECK (name <> ';'), begin_at timestamptz);
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    total int := 0;
BEGIN
    FOR i IN 1..3 LOOP
        IF i > 1 THEN total := total + i; ELSE total := 1; END IF;
        CASE WHEN i = 2 THEN total := total * 2; ELSE NULL; END CASE;
    END LOOP;
    NEW.name := NEW.name || '; ' || total;
    RETURN NEW;
END
$body$;
CREATE TRIGGER touched BEFORE INSERT ON parts FOR EACH ROW EXECUTE FUNCTION touched();
CREATE FUNCTION answer() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 41; SELECT 42; END;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['a', 'b'] LOOP
        EXECUTE format('INSERT INTO parts (name) VALUES (%L)', name || ';');
    END LOOP;
END
$$;
INSERT INTO parts (name) SELECT CASE WHEN true THEN 'c%s' ELSE 'd' END;
"""


@pytest.fixture
def empty(server):
    """An empty database of the test's own."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server.conninfo("leadfly"), autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name}")
        yield server.conninfo("leadfly", name)
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def folder(tmp_path):
    """Write migrations by their file names, and return their folder."""

    def write(**files):
        for name, text in files.items():
            (tmp_path / f"{name.lstrip('m')}.sql").write_text(text)
        return tmp_path

    return write


def rows(conninfo, statement):
    with psycopg.connect(conninfo) as conn:
        return conn.execute(statement).fetchall()


def test_our_migrations_apply_in_order_and_only_once(empty):
    names = sorted(path.stem for path in MIGRATIONS.glob("*.sql"))

    assert migrate(empty) == names
    assert migrate(empty) == []
    assert rows(empty, "SELECT max(migration_id) FROM public._yoyo_migration") == [(latest(),)]


def test_only_what_is_missing_is_applied(empty, folder):
    migrate(empty, folder(m0001_a="CREATE TABLE a ();"))
    both = folder(m0002_b="CREATE TABLE b ();")

    with psycopg.connect(empty) as conn:
        assert pending(conn, both) == ["0002_b"]
    assert migrate(empty, both) == ["0002_b"]


def test_functions_and_do_blocks_are_not_cut_at_their_semicolons(empty, folder):
    migrate(empty, folder(m0001_parts=FUNCTION))

    names = [name for (name,) in rows(empty, "SELECT name FROM parts ORDER BY name")]
    assert names == ["a;; 9", "b;; 9", "c%s; 9"]
    assert rows(empty, "SELECT answer()") == [(42,)]


def test_a_migration_that_fails_leaves_nothing_and_can_be_mended(empty, folder):
    with pytest.raises(MigrationFailed, match=r"0002_b .*42P01") as failure:
        migrate(
            empty, folder(m0001_a="CREATE TABLE a ();", m0002_b="CREATE TABLE b (); DROP TABLE c;")
        )

    assert "does not exist" in failure.value.message
    assert rows(empty, "SELECT to_regclass('a') IS NULL, to_regclass('b') IS NULL") == [
        (False, True)
    ]
    assert migrate(empty, folder(m0002_b="CREATE TABLE b ();")) == ["0002_b"]


def test_a_migration_that_cannot_be_recorded_is_not_kept_either(empty, folder):
    migrate(empty, folder(m0001_a="CREATE TABLE a ();"))
    unrecordable = (
        "CREATE TABLE b (); ALTER TABLE public._yoyo_migration ADD CHECK (false) NOT VALID;"
    )

    with pytest.raises(MigrationFailed, match="0002_b"):
        migrate(empty, folder(m0002_b=unrecordable))

    assert rows(empty, "SELECT to_regclass('b')") == [(None,)]


def test_a_failure_does_not_repeat_what_a_row_holds(empty, folder):
    clash = "CREATE TABLE t (email text); INSERT INTO t VALUES ('ada@x'), ('ada@x');"

    with pytest.raises(MigrationFailed, match="23505") as failure:
        migrate(empty, folder(m0001_t=clash + "CREATE UNIQUE INDEX once ON t (email);"))

    assert "ada@" not in str(failure.value)


def test_a_search_path_left_by_a_migration_does_not_mislead_the_record(empty, folder):
    away = "CREATE SCHEMA away; SET LOCAL search_path TO away; CREATE TABLE here ();"

    migrate(empty, folder(m0001_away=away))

    assert migrate(empty, folder(m0002_b="CREATE TABLE b ();")) == ["0002_b"]


def test_migrators_that_start_together_apply_everything_once(empty):
    results = []
    threads = [threading.Thread(target=lambda: results.append(migrate(empty))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(len, results)) == [0, 0, 0, len(list(MIGRATIONS.glob("*.sql")))]


def test_a_migrator_waits_for_another_and_not_for_a_dead_one(empty):
    with psycopg.connect(empty, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        waiting = threading.Thread(target=migrate, args=[empty])
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()

    waiting.join(20)

    assert not waiting.is_alive()
    assert migrate(empty) == []


def test_a_lost_database_is_named_without_its_password():
    with pytest.raises(Unreachable) as failure:
        migrate("postgresql://ada:geheim@127.0.0.1:1/leadfly")

    assert "127.0.0.1" in failure.value.message and "geheim" not in failure.value.message


def test_an_unreadable_url_is_not_repeated():
    with pytest.raises(Unreachable) as failure:
        migrate("postgresql://ada:ge[heim@::/leadfly")

    assert "heim" not in failure.value.message
