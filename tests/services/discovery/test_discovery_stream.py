"""A discovery over Server-Sent Events: told as it goes on, resumed, and ended at its end."""

import http.client
import json
import time
from threading import Thread

import pytest

from services.discovery.live.room import NoSpace, Room
from tests.services.alerts.live.streams import Reader, Refused, StreamServer
from tests.services.discovery.discovered import API, Listed, Progress, find
from tests.services.discovery.test_discovering import begun, pause


@pytest.fixture(scope="module")
def streams(server, tmp_path_factory):
    """A process that streams in local mode."""
    running = StreamServer(server.home, tmp_path_factory.mktemp("stream") / "log")
    yield running
    running.kill()


@pytest.fixture
def read(streams, mine):
    """Return a reader of a discovery's events."""
    opened = []

    def read(job_id, account=None, **headers):
        path = f"{API}/discover/{job_id}/events?user_id={account or mine.user_id}"
        opened.append(Reader(streams.port, path, headers))
        return opened[-1]

    yield read
    for one in opened:
        one.close()


def slow(mine, parts=4):
    said = [one for n in range(parts) for one in (Progress(n, parts), find(n), pause)]
    mine.with_sources(Listed("slow", *said))
    return begun(mine)


def events(reader):
    while (event := reader.event()) is not None:
        yield event


def test_progress_is_told_and_then_that_it_is_done(mine, read):
    job_id = slow(mine)
    reader = read(job_id)
    thread = Thread(target=mine.work, args=(job_id,))
    thread.start()

    told = list(events(reader))
    thread.join(10)

    assert [name for name, _ in told[:-1]] == ["progress"] * (len(told) - 1)
    assert len(told) >= 3
    name, last = told[-1]
    assert (name, last["status"], last["leads_discovered"]) == ("done", "done", 4)
    assert reader.last_id == str(last["revision"])


def test_who_comes_back_hears_nothing_twice(mine, read):
    job_id = slow(mine)
    mine.work(job_id)
    ((name, whole),) = events(read(job_id))
    assert name == "done"

    ((name, again),) = events(read(job_id, **{"Last-Event-ID": str(whole["revision"] - 1)}))
    with pytest.raises(Refused, match="204"):
        read(job_id, **{"Last-Event-ID": str(whole["revision"])})

    assert again == whole


def test_a_discovery_that_waits_keeps_its_reader(mine, read):
    job_id = slow(mine)
    reader = read(job_id)

    name, job = reader.event()

    assert (name, job["status"]) == ("progress", "waiting")
    mine.post(f"/discover/{job_id}/cancel", 200)
    assert reader.event()[1]["status"] == "cancelled"
    assert reader.event() is None


def test_another_accounts_discovery_is_none(mine, read):
    with pytest.raises(Refused, match="404"):
        read(slow(mine), account="somebody-else")


@pytest.mark.parametrize("seen", ["x", "-1", "9" * 19, "1.5"])
def test_an_id_that_is_none_is_refused(mine, read, seen):
    with pytest.raises(Refused, match="400"):
        read(slow(mine), **{"Last-Event-ID": seen})


def test_the_services_send_readers_to_the_stream(mine, app):
    job_id = slow(mine)

    path = f"{API}/discover/{job_id}/events"
    answer = mine.client.get(path, query_string={"user_id": mine.user_id})

    assert answer.status_code == 307
    assert answer.headers["Location"].endswith(f":8001{path}?user_id={mine.user_id}")


def test_an_account_has_so_many_streams_and_leaves_room():
    room = Room(most=3, most_per_account=2)
    room.enter("a")
    room.enter("a")
    with pytest.raises(NoSpace):
        room.enter("a")
    room.enter("b")
    with pytest.raises(NoSpace):
        room.enter("c")

    room.leave("a")
    room.enter("c")
    room.close()

    with pytest.raises(NoSpace):
        room.enter("d")


def test_a_reader_that_left_frees_its_place(mine, streams, read):
    job_id = slow(mine)
    for _ in range(24):
        reader = read(job_id)
        reader.event()
        reader.close()
        time.sleep(0.2)

    assert read(job_id).event()[0] == "progress"


def test_a_head_holds_no_stream(mine, streams):
    connection = http.client.HTTPConnection("127.0.0.1", streams.port, timeout=5)
    path = f"{API}/discover/{slow(mine)}/events?user_id={mine.user_id}"
    connection.request("HEAD", path)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    connection.close()
    assert json.loads(streams.ask(path.replace(mine.user_id, "nobody"))[2])["success"] is False
