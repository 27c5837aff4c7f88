"""The proxy frames what passes, and ends a conversation where it is told to."""

import struct
import time
from contextlib import contextmanager

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.chaos.proxy import STARTUP_PARAMETERS, Cut, Framer, Proxy

STARTUP = struct.pack("!ii", 8, STARTUP_PARAMETERS)


def message(body, kind=b"D"):
    return kind + struct.pack("!i", len(body) + 4) + body


@given(st.lists(st.binary(max_size=20)), st.integers(1, 7))
def test_messages_come_out_whole_in_whatever_pieces_they_went_in(bodies, piece):
    sent = [STARTUP, *map(message, bodies)]
    stream, framer = b"".join(sent), Framer(typed=False)

    pieces = (stream[at : at + piece] for at in range(0, len(stream), piece))

    assert [each for data in pieces for each in framer.feed(data)] == sent


def test_counting_begins_with_the_flight_that_names_the_tenant():
    cut = Cut("acme", "frontend", after=2)

    before = cut.admit("x", "frontend", [message(b"begin")])
    other = cut.admit("y", "backend", [message(b"other")])
    flight = cut.admit("x", "frontend", [message(b"1"), message(b"acme"), message(b"3")])
    later = cut.admit("x", "frontend", [message(b"4")])

    assert before == (message(b"begin"), False) and other == (message(b"other"), False)
    assert flight == (message(b"1") + message(b"acme"), True)
    assert later == (message(b"4"), False)
    assert cut.fired


def test_a_cut_can_fall_within_a_message():
    cut = Cut("acme", "backend", after=3, unit="bytes")
    cut.admit("x", "frontend", [message(b"acme")])

    assert cut.admit("x", "backend", [message(b"answer")]) == (message(b"answer")[:3], True)


@pytest.mark.parametrize("direction", ["frontend", "backend"])
def test_a_commit_is_cut_off_before_it_is_sent_or_before_it_is_confirmed(direction):
    cut = Cut("acme", direction, after=0, at=b"COMMIT")
    work, commit, done, ready = (message(b"acme"), message(b"COMMIT"), message(b""), b"Z....I")

    sent = cut.admit("x", "frontend", [work, commit])
    said = cut.admit("x", "backend", [done, ready])

    assert (sent, said) == {
        "frontend": ((work, True), (done + ready, False)),
        "backend": ((work + commit, False), (done, True)),
    }[direction]


@contextmanager
def connected(server, folder, hang_seconds=1.0):
    """Return a proxy before *server* and a connection through it."""
    folder.mkdir(exist_ok=True)
    proxy = Proxy(folder, server.sockets, hang_seconds)
    try:
        conn = psycopg.connect(f"{proxy.url} connect_timeout=5", autocommit=True)
        try:
            yield proxy, conn
        finally:
            conn.close()
    finally:
        proxy.close()


def test_a_conversation_passes_unchanged_and_is_counted(server, tmp_path):
    with connected(server, tmp_path / "p") as (proxy, conn):
        cut = proxy.arm(Cut("acme", "backend", after=10**9))

        assert conn.execute("SELECT repeat(%s, 50000)", ["acme"]).fetchone()
        assert not cut.fired
        # Parse, bind, describe, execute, sync; parsed, bound, described, a row, complete, ready.
        assert cut.passed["frontend", "messages"] == 5
        assert cut.passed["backend", "messages"] == 6
        assert cut.passed["backend", "bytes"] > 100_000


@pytest.mark.parametrize("direction", ["frontend", "backend"])
@pytest.mark.parametrize("after", range(5))
def test_a_cut_ends_the_conversation(server, tmp_path, direction, after):
    with connected(server, tmp_path / "p") as (proxy, conn):
        cut = proxy.arm(Cut("acme", direction, after))

        with pytest.raises(psycopg.OperationalError):
            conn.execute("SELECT %s", ["acme"])
        assert cut.fired


def test_a_hang_says_nothing_and_ends_in_its_time(server, tmp_path):
    with connected(server, tmp_path / "p", hang_seconds=0.5) as (proxy, conn):
        cut = proxy.arm(Cut("acme", "backend", after=0, then="hang"))
        began = time.monotonic()

        with pytest.raises(psycopg.OperationalError):
            conn.execute("SELECT %s", ["acme"])
        assert cut.fired and 0.4 < time.monotonic() - began < 20


def test_other_conversations_are_left_alone(server, tmp_path):
    with connected(server, tmp_path / "p") as (proxy, conn):
        proxy.arm(Cut("acme", "frontend", after=0))

        assert conn.execute("SELECT %s", ["another"]).fetchone() == ("another",)
