"""Streams of one process for all tests of this folder, and alerts to hear of."""

from functools import partial

import pytest

from tests.services.alerts.live.streams import StreamServer, raise_one


@pytest.fixture
def raised(database, gate, user_id):
    """Raise an alert of this test's account; return its id."""
    return partial(raise_one, database, gate, user_id)


@pytest.fixture(scope="session")
def streaming(server, tmp_path_factory):
    """A process that streams in local mode."""
    running = StreamServer(server.home, tmp_path_factory.mktemp("stream") / "log")
    yield running
    running.kill()


@pytest.fixture
def streams(streaming):
    """The same for a test, which leaves no reader behind."""
    yield streaming
    streaming.send_away()


@pytest.fixture
def start_streams(server, tmp_path):
    """Return a starter of processes that stream."""
    running = []

    def start(**environ):
        running.append(StreamServer(server.home, tmp_path / f"log-{len(running)}", **environ))
        return running[-1]

    yield start
    for one in running:
        one.kill()
