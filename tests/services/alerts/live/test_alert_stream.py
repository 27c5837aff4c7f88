"""`leadfly stream` over real HTTP: nothing is missed, nobody waits for a slow reader."""

import http.client
import json
import time

import pytest

from services.alerts.words import Words
from tests.security.tenants import Tenant
from tests.services.alerts.live.streams import STREAM, Refused, StreamServer, place, raise_in

TICKETS = "/api/v1/lead-discovery/alerts/stream-tickets"


@pytest.fixture
def reader(streams, user_id):
    return streams.reader(user_id=user_id)


def test_a_stream_begins_with_where_it_stands(reader):
    name, data = reader.event()

    assert name == "ready"
    assert data == {"cursor": reader.last_id, "resumed": False}
    assert reader.answer.headers["Content-Type"].startswith("text/event-stream")
    assert reader.answer.headers["Cache-Control"] == "no-store"


def test_a_new_alert_is_told_within_two_seconds(reader, raised):
    reader.event()
    begun = time.monotonic()
    id = raised("A lead scored 91")

    name, data = reader.event()

    assert time.monotonic() - begun < 2
    assert name == "alert"
    assert (data["id"], data["title"], data["status"]) == (id, "A lead scored 91", "new")


def test_a_change_is_told_as_the_alert_is_now(reader, raised):
    raised("Once", fingerprint="f")
    reader.titles(1)

    raised("Again", fingerprint="f")

    _, data = reader.event()
    assert (data["title"], data["times"]) == ("Again", 2)


def test_every_stream_of_an_account_is_told(streams, reader, user_id, raised):
    other = streams.reader(user_id=user_id)
    reader.event()
    other.event()
    raised("Both")

    assert reader.titles(1) == other.titles(1) == ["Both"]


def test_another_account_hears_nothing(streams, reader, raised, database, gate, user_id):
    other = streams.reader(user_id=f"{user_id}-other")
    other.event()
    raised("Ours")
    assert reader.titles(1) == ["Ours"]

    raise_theirs(database, gate, f"{user_id}-other")

    assert other.titles(1) == ["Theirs"]


def raise_theirs(database, gate, tenant_id):
    with database.transaction(tenant_id) as conn:
        raise_in(conn, gate, tenant_id, "Theirs")


@pytest.mark.parametrize("by", ["header", "query"])
def test_who_comes_back_hears_what_was_missed_and_only_that(streams, user_id, raised, by):
    first = streams.reader(user_id=user_id)
    raised("Heard")
    first.titles(1)
    seen = first.last_id
    first.close()
    raised("Missed one")
    raised("Missed two")

    sent = {"headers": {"Last-Event-ID": seen}} if by == "header" else {"since": seen}
    again = streams.reader(user_id=user_id, **sent)

    assert again.titles(2) == ["Missed one", "Missed two"]
    assert again.event() == ("ready", {"cursor": again.last_id, "resumed": True})


def test_what_a_long_transaction_wrote_is_told_when_it_commits(
    streams, reader, raised, busy_database, gate, user_id
):
    reader.event()
    with busy_database.transaction(user_id) as conn:
        raise_in(conn, gate, user_id, "Slow")
        conn.execute("SELECT 1").fetchone()  # sends what is queued
        raised("Quick")
        assert reader.titles(1) == ["Quick"]
        seen = reader.last_id
    again = streams.reader(user_id=user_id, since=seen)

    assert reader.titles(1) == ["Slow"]
    assert again.titles(1) == ["Slow"]


def test_who_missed_too_much_is_sent_to_the_list(streams, user_id, database, gate):
    first = streams.reader(user_id=user_id)
    first.event()
    seen = first.last_id
    first.close()
    with database.transaction(user_id) as conn:
        for number in range(501):
            raise_in(conn, gate, user_id, f"Alert {number}")

    again = streams.reader(user_id=user_id, since=seen)

    assert again.event() == ("ready", {"cursor": again.last_id, "resumed": False})


def test_a_cursor_of_another_database_is_sent_to_the_list(streams, user_id):
    again = streams.reader(user_id=user_id, since="9000000000:9000000001:9000000000")

    assert again.event()[1]["resumed"] is False


@pytest.mark.parametrize("since", ["x", "1", "0:0:", "3:2:", "1:5:4,3", "1:2:" + "1," * 600])
def test_what_is_no_cursor_is_refused_by_name(streams, user_id, since):
    status, answer = streams.refusal(user_id=user_id, since=since)

    assert status == 400
    assert "since" in answer["error"]["details"]


def test_streams_beyond_the_accounts_share_are_told_when_to_come_back(start_streams, user_id):
    small = start_streams(STREAM_MOST="3", STREAM_MOST_PER_ACCOUNT="2")
    ours = [small.reader(user_id=user_id) for _ in range(2)]
    status, headers, body = small.ask(f"{STREAM}?user_id={user_id}")
    theirs = small.reader(user_id=f"{user_id}-b")
    full = small.refusal(user_id=f"{user_id}-c")

    assert status == full[0] == 503
    assert int(headers["Retry-After"]) > 0
    assert json.loads(body)["success"] is False
    assert theirs.event()[0] == "ready"

    ours[0].close()
    assert came_in(small, user_id)


def came_in(server, user_id):
    """True if a stream opens within two seconds."""
    give_up = time.monotonic() + 2
    while time.monotonic() < give_up:
        try:
            server.reader(user_id=user_id)
            return True
        except Refused:
            time.sleep(0.1)
    return False


def test_a_slow_reader_is_let_go_and_holds_up_nobody(start_streams, user_id, database, gate):
    own = start_streams()
    slow, quick = own.reader(user_id=user_id), own.reader(user_id=user_id)
    quick.event()
    give_up, told = time.monotonic() + 40, 0
    while not own.metric('leadfly_alert_streams_ended_total{why="slow"'):
        assert time.monotonic() < give_up
        with database.transaction(user_id) as conn:
            for _ in range(100):
                raise_in(conn, gate, user_id, "Long", words=Words("Long " * 30, "words " * 500))
        told += 100
        quick.titles(100)
    seen = quick.last_id

    give_up = time.monotonic() + 5
    while own.metric("leadfly_alert_streams_open") > 1:
        assert time.monotonic() < give_up
        time.sleep(0.1)
    slow.close()
    with database.transaction(user_id) as conn:
        raise_in(conn, gate, user_id, "After")
    assert quick.titles(1) == ["After"]
    assert seen != quick.last_id


def test_a_stop_ends_every_stream_at_once(start_streams, user_id):
    own = start_streams()
    readers = [own.reader(user_id=user_id) for _ in range(3)]
    for reader in readers:
        reader.event()

    assert own.stop() < 3
    assert [reader.event() for reader in readers] == [None] * 3


def test_nothing_is_lost_over_a_kill(start_streams, user_id, raised):
    own = start_streams()
    reader = own.reader(user_id=user_id)
    raised("Before")
    reader.titles(1)
    own.kill()
    raised("While it was away")
    own.start()

    again = own.reader(user_id=user_id, headers={"Last-Event-ID": reader.last_id})
    raised("After")

    assert again.titles(2) == ["While it was away", "After"]


def test_a_head_request_opens_no_stream(start_streams, user_id):
    own = start_streams(STREAM_MOST="1")
    for _ in range(3):
        connection = http.client.HTTPConnection("127.0.0.1", own.port, timeout=5)
        connection.request("HEAD", f"{STREAM}?user_id={user_id}")
        assert connection.getresponse().status == 200
        connection.close()


# Keys and tickets -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def guarded_streams(server, tmp_path_factory):
    running = StreamServer(
        server.home, tmp_path_factory.mktemp("guarded") / "log", AUTH_MODE="keys"
    )
    yield running
    running.kill()


@pytest.fixture
def tenant(keys_client, database):
    return Tenant(keys_client, database)


def test_a_key_opens_a_stream_of_its_account(guarded_streams, tenant, database, gate):
    reader = guarded_streams.reader(headers={"X-API-Key": tenant.key})
    reader.event()
    with database.transaction(tenant.name) as conn:
        raise_in(conn, gate, tenant.name, "Ours")

    assert reader.titles(1) == ["Ours"]


def test_no_key_a_wrong_key_and_a_foreign_account_open_nothing(guarded_streams, tenant):
    key = {"X-API-Key": tenant.key}

    assert guarded_streams.refusal()[0] == 401
    assert guarded_streams.refusal(headers={"X-API-Key": "lf_wrong"})[0] == 401
    assert guarded_streams.refusal(headers=key, user_id="somebody-else")[0] == 403
    writes = {"X-API-Key": tenant.limited_key(["write:leads"])}
    assert guarded_streams.refusal(headers=writes)[0] == 403


def test_a_ticket_opens_one_stream_once(guarded_streams, tenant, database, gate):
    answer = tenant.ask("POST", TICKETS)
    where = place(answer["url"])
    query = dict(pair.split("=", 1) for pair in where.partition("?")[2].split("&"))

    reader = guarded_streams.reader(**query)
    reader.event()
    with database.transaction(tenant.name) as conn:
        raise_in(conn, gate, tenant.name, "Ours")

    assert reader.titles(1) == ["Ours"]
    assert guarded_streams.refusal(**query)[0] == 401


def test_a_ticket_that_was_touched_opens_nothing(guarded_streams, tenant):
    ticket = tenant.ask("POST", TICKETS)["ticket"]

    for wrong in (ticket[:-2], ticket + "A", ticket.swapcase(), "x", "é", "A" * 900):
        assert guarded_streams.refusal(ticket=wrong)[0] == 401


def test_a_ticket_needs_a_key_that_may_read(tenant, keys_client):
    assert keys_client.post(TICKETS).status_code == 401
    writes = {"X-API-Key": tenant.limited_key(["write:leads"])}
    assert keys_client.post(TICKETS, headers=writes).status_code == 403


def test_only_our_own_page_may_read_the_stream(streams, user_id):
    def allowed(origin):
        reader = streams.reader(user_id=user_id, headers={"Origin": origin})
        return reader.answer.headers["Access-Control-Allow-Origin"]

    assert allowed("http://localhost:8000") == "http://localhost:8000"
    assert allowed("http://localhost:3000") is None
