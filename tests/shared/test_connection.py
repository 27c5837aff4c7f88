"""Our connection against a real server: what is sent when, and how long it waits."""

import socket
import threading
import time
from contextlib import closing, suppress

import psycopg
import pytest

from shared.connection import Connection, NoAnswer

SLEEP = "SELECT pg_sleep(10)"


class Proxy:
    """Stands between a client and the server, and keeps what each read of the client brought."""

    def __init__(self, sockets):
        self.sockets = sockets
        self.read = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.threads = [threading.Thread(target=self.serve, daemon=True)]
        self.threads[0].start()

    @property
    def conninfo(self):
        port = self.listener.getsockname()[1]
        return f"host=127.0.0.1 port={port} user=leadfly_app dbname=leadfly gssencmode=disable"

    def serve(self):
        with suppress(OSError):
            client, _ = self.listener.accept()
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(self.sockets / ".s.PGSQL.5432"))
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=pump, args=(server, client, None), daemon=True)
            back.start()
            self.threads.append(back)
            pump(client, server, self.read)

    def close(self):
        self.listener.close()
        for thread in self.threads:
            thread.join(5)


def pump(source, target, kept):
    with suppress(OSError), source, target:
        while data := source.recv(65536):
            if kept is not None:
                kept.append(data)
            target.sendall(data)
        target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy(server):
    with closing(Proxy(server.sockets)) as proxy:
        yield proxy


@pytest.fixture
def connected(app_conninfo):
    with Connection.connect(app_conninfo, autocommit=True) as conn:
        conn.execute("CREATE TEMPORARY TABLE kept (value int PRIMARY KEY)")
        yield conn


def values(conn):
    return [row[0] for row in conn.execute("SELECT value FROM kept ORDER BY value")]


def one_transaction(conn):
    with conn.pipeline():
        conn.execute("BEGIN")
        for value in range(3):
            conn.execute("SELECT %s::int", [value])
        found = conn.execute("SELECT 42").fetchone()
        conn.execute("COMMIT")
    return found


def test_statements_are_sent_together_and_none_before_its_result_is_wanted(proxy):
    with Connection.connect(proxy.conninfo, autocommit=True) as conn:
        before = len(proxy.read)
        with conn.pipeline():
            waiting = [conn.execute("SELECT %s::int", [value]) for value in range(10)]
            time.sleep(0.05)
            assert len(proxy.read) == before
            assert [cursor.fetchone() for cursor in waiting] == [(value,) for value in range(10)]
            assert len(proxy.read) == before + 1


def test_the_server_works_on_what_was_set_off_before_anybody_asks(connected, app_conninfo):
    key = 7_301_942_011
    with Connection.connect(app_conninfo, autocommit=True) as other, connected.pipeline():
        held = connected.execute("SELECT pg_advisory_lock(%(key)s), 42", {"key": str(key)})
        connected.set_off()
        until = time.monotonic() + 10
        while _is_free(other, key) and time.monotonic() < until:
            time.sleep(0.01)
        assert not _is_free(other, key)
        assert held.fetchone()[1] == 42


def _is_free(conn, key):
    """Return whether nobody holds *key*; that we had it for a moment is all it costs."""
    (ours,) = conn.execute("SELECT pg_try_advisory_lock(%s)", [key]).fetchone()
    if ours:
        conn.execute("SELECT pg_advisory_unlock(%s)", [key])
    return ours


def test_setting_off_outside_a_pipeline_is_nothing(connected):
    connected.set_off()

    assert values(connected) == []


def test_an_error_after_setting_off_is_raised_where_it_is_fetched(connected):
    with pytest.raises(psycopg.errors.DivisionByZero), connected.pipeline():
        failed = connected.execute("SELECT 1 / %(none)s::int", {"none": "0"})
        connected.set_off()
        failed.fetchone()

    assert values(connected) == []


@pytest.mark.parametrize(("kind", "together"), [(Connection, True), (psycopg.Connection, False)])
def test_a_transaction_with_one_answer_is_two_writes(proxy, kind, together):
    with kind.connect(proxy.conninfo, autocommit=True) as conn:
        before = len(proxy.read)
        assert {one_transaction(conn) for _ in range(20)} == {(42,)}

        assert (len(proxy.read) - before <= 2 * 20) is together


def test_more_than_the_sockets_hold_passes_both_ways(connected):
    large = "x" * 1_000_000
    with connected.pipeline():
        answers = [connected.execute("SELECT %s::text", [large]) for _ in range(20)]

    assert all(answer.fetchone() == (large,) for answer in answers)


def test_a_result_is_there_after_the_pipeline(connected):
    with connected.pipeline():
        answer = connected.execute("SELECT 1")

    assert answer.fetchall() == [(1,)]


def test_an_error_nobody_fetched_is_raised_at_the_end_and_undoes_all(connected):
    with pytest.raises(psycopg.errors.UniqueViolation), connected.pipeline():
        connected.execute("INSERT INTO kept VALUES (1)")
        connected.execute("INSERT INTO kept VALUES (1)")

    assert values(connected) == []


def test_an_error_is_raised_where_the_result_is_fetched(connected):
    with pytest.raises(psycopg.errors.DivisionByZero), connected.pipeline():
        answer = connected.execute("SELECT 1/0")
        answer.fetchone()
        raise AssertionError("not reached")

    assert connected.execute("SELECT 1").fetchone() == (1,)


def test_what_follows_an_error_is_not_done(connected):
    with pytest.raises(psycopg.errors.PipelineAborted), connected.pipeline():
        with suppress(psycopg.errors.DivisionByZero):
            connected.execute("SELECT 1/0").fetchone()
        connected.execute("INSERT INTO kept VALUES (1)")

    assert values(connected) == []


def test_an_exception_of_the_block_wins_over_an_error_of_its_statements(connected):
    with pytest.raises(KeyError), connected.pipeline():
        connected.execute("SELECT 1/0")
        raise KeyError

    assert connected.execute("SELECT 1").fetchone() == (1,)


def test_a_savepoint_in_a_pipeline_undoes_its_own_part_alone(connected):
    with connected.pipeline():
        connected.command(b"BEGIN")
        connected.execute("INSERT INTO kept VALUES (1)")
        with suppress(psycopg.errors.UniqueViolation), connected.transaction():
            connected.execute("INSERT INTO kept VALUES (2)")
            connected.execute("INSERT INTO kept VALUES (1)")
        connected.command(b"COMMIT")

    assert values(connected) == [1]


def test_many_rows_at_once_in_a_pipeline(connected):
    with connected.pipeline(), connected.cursor() as cursor:
        cursor.executemany("INSERT INTO kept VALUES (%s)", [(value,) for value in range(500)])

    assert values(connected) == list(range(500))


def test_a_command_that_fails_is_raised_at_the_end(connected):
    with pytest.raises(psycopg.errors.SyntaxError), connected.pipeline():
        connected.command(b"NONSENSE")


def test_a_command_is_for_pipelines(connected):
    with pytest.raises(psycopg.ProgrammingError):
        connected.command(b"BEGIN")


def test_it_waits_as_long_as_its_patience_and_is_closed_then(connected):
    connected.patience = 0.2
    begun = time.monotonic()

    with pytest.raises(NoAnswer):
        connected.execute(SLEEP)

    assert 0.2 <= time.monotonic() - begun < 4
    assert connected.closed


def test_patience_ends_in_a_pipeline_too(connected):
    connected.patience = 0.2

    with pytest.raises(NoAnswer), connected.pipeline():
        connected.execute(SLEEP).fetchone()

    assert connected.closed


def test_a_limit_of_the_callers_own_closes_nothing(connected):
    connected.patience = 5.0

    assert list(connected.notifies(timeout=0.05)) == []
    assert list(connected.notifies(timeout=0)) == []
    assert connected.execute("SELECT 1").fetchone() == (1,)


def test_whoever_waits_on_a_cut_connection_fails_at_once(connected):
    failed = []

    def wait():
        with suppress(psycopg.OperationalError):
            connected.execute(SLEEP)
            return
        failed.append(time.monotonic())

    waiter = threading.Thread(target=wait)
    waiter.start()
    time.sleep(0.1)
    cut_at = time.monotonic()
    connected.cut()
    waiter.join(5)

    assert failed and failed[0] - cut_at < 0.2


def test_cutting_a_closed_connection_is_nothing(app_conninfo):
    conn = Connection.connect(app_conninfo)
    conn.close()

    conn.cut()


def test_connecting_to_a_server_that_hangs_takes_no_longer_than_told(victim):
    victim.hang()
    begun = time.monotonic()

    with pytest.raises(NoAnswer):
        Connection.within(0.3, victim.app)

    assert 0.3 <= time.monotonic() - begun < 20


def test_a_connection_made_in_time_is_patient_and_in_autocommit(app_conninfo):
    with Connection.within(1.5, app_conninfo, application_name="somebody") as conn:
        name = conn.execute("SHOW application_name").fetchone()[0]

        assert (conn.patience, conn.autocommit, name) == (1.5, True, "somebody")


def test_a_server_that_is_not_there_is_no_server_that_does_not_answer(tmp_path):
    with pytest.raises(psycopg.OperationalError) as caught:
        Connection.within(1, f"host={tmp_path} dbname=nowhere")

    assert not isinstance(caught.value, NoAnswer)


# Statements of texts, which are queued the short way ---------------------------------------------

TEXTS = "SELECT %(a)s::int + %(b)s::int, %(a)s::text WHERE %(b)s::int = ANY(%(c)s::int[])"
SENT = {"a": "1", "b": "2", "c": "{2,3}"}


@pytest.mark.parametrize("binary", [False, True])
def test_a_statement_of_texts_answers_the_same_in_a_pipeline(connected, binary):
    alone = connected.execute(TEXTS, SENT, binary=binary).fetchall()
    with connected.pipeline():
        # More often than psycopg waits before it prepares a statement.
        together = [connected.execute(TEXTS, SENT, binary=binary) for _ in range(12)]
        found = [cursor.fetchall() for cursor in together]

    assert found == [alone] * 12 == [[(3, "1")]] * 12
    assert {cursor.rowcount for cursor in together} == {1}
    assert together[-1].description[0].name == "?column?"


def test_a_statement_of_texts_is_prepared_once(connected):
    query = "INSERT INTO kept SELECT %(value)s::int ON CONFLICT DO NOTHING"
    for _ in range(3):
        with connected.pipeline():
            for _ in range(4):
                connected.execute(query, {"value": "7"})
    prepared = connected.execute(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'"
    ).fetchone()

    assert prepared == (1,)
    assert values(connected) == [7]


def test_prepared_statements_go_when_psycopg_forgets_them(connected):
    connected.prepared_max = 2
    for number in range(8):
        with connected.pipeline():
            for _ in range(7):
                connected.execute(f"SELECT %(a)s::int + {number}", {"a": "1"})
    prepared = connected.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()

    assert prepared[0] <= 3


def test_what_is_no_text_is_psycopgs(connected):
    with connected.pipeline():
        mixed = connected.execute("SELECT %(a)s::int, %(b)s::text", {"a": 1, "b": None})
        placed = connected.execute("SELECT %s::text", ["x"])
        asked = connected.execute("SELECT %(a)t::text", {"a": "y"})

        assert [mixed.fetchone(), placed.fetchone(), asked.fetchone()] == [
            (1, None),
            ("x",),
            ("y",),
        ]


@pytest.mark.parametrize(
    ("query", "sent", "error"),
    [
        ("SELECT %(a)s::text", {"a": "x\0y"}, psycopg.DataError),
        ("SELECT %(a)s::text", {"b": "x"}, psycopg.ProgrammingError),
        ("SELECT %(a)s::text, %s", {"a": "x"}, psycopg.ProgrammingError),
        ("SELECT %(a)s::text", {"a": "\ud800"}, UnicodeEncodeError),
    ],
)
def test_a_statement_that_cannot_be_sent_is_refused_as_ever(connected, query, sent, error):
    with pytest.raises(error):
        connected.execute(query, sent)
    with pytest.raises(error), connected.pipeline():
        connected.execute(query, sent)

    assert connected.execute("SELECT 1").fetchone() == (1,)


def test_an_error_of_texts_is_raised_where_it_is_fetched_or_at_the_end(connected):
    with pytest.raises(psycopg.errors.InvalidTextRepresentation), connected.pipeline():
        connected.execute("SELECT %(a)s::int", {"a": "one"}).fetchone()
    with pytest.raises(psycopg.errors.InvalidTextRepresentation), connected.pipeline():
        connected.execute("SELECT %(a)s::int", {"a": "one"})

    assert connected.execute("SELECT 1").fetchone() == (1,)


def test_commands_and_texts_are_sent_in_their_order(connected):
    with connected.pipeline():
        connected.command(b"BEGIN")
        connected.execute("INSERT INTO kept SELECT %(value)s::int", {"value": "1"})
        connected.command(b"ROLLBACK")
        connected.execute("INSERT INTO kept SELECT %(value)s::int", {"value": "2"})

    assert values(connected) == [2]


def test_a_closed_connection_queues_nothing(connected):
    with pytest.raises(psycopg.OperationalError), connected.pipeline():
        connected.close()
        connected.execute("SELECT %(a)s::text", {"a": "x"})
