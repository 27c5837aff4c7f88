"""The whole stack in a real engine, once for the suite: two of each service, and of the worker."""

import sys
import time
from uuid import uuid4

import pytest

from tests.e2e.compose import images
from tests.e2e.compose.engine import Engine, NoEngine, OwnEngine, answers, cache, clients
from tests.e2e.compose.stack import Stack

TENANTS = 30
"""A key for each test that wants an account of its own, made at once: a process costs seconds."""


def tell(line):
    sys.stderr.write(f"compose: {line}\n")


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    """A Docker engine; without one the suite is skipped."""
    own = None
    try:
        docker, compose = clients()
        environ = {}
        if not answers([*docker, "info"]):
            own = OwnEngine(tmp_path_factory.mktemp("engine"), cache() / "docker")
            own.wait_for(docker)
            environ = {"DOCKER_HOST": own.address}
    except NoEngine as error:
        pytest.skip(f"compose: {error}")
    yield Engine(docker, compose, environ)
    if own:
        own.stop()


@pytest.fixture(scope="session")
def override(engine):
    """The images that this machine has, or has stand-ins for."""
    return images.prepared(engine, tell)


@pytest.fixture(scope="session")
def stack(engine, override, tmp_path_factory):
    """The stack: web, stream and worker twice, and a limit for strangers that a test can reach."""
    twice = {f"{name}_REPLICAS": "2" for name in ("WEB", "STREAM", "WORKER")}
    stack = Stack(
        engine, tmp_path_factory.mktemp("stack"), override, RATE_LIMIT_PER_IP="60", **twice
    )
    stack.make_secrets()
    begun = time.monotonic()
    try:
        stack.up()
        tell(f"all containers are healthy after {time.monotonic() - begun:.0f} s")
        yield stack
    finally:
        stack.down()


@pytest.fixture(scope="session")
def _keys(stack):
    return list(stack.keys([f"tenant-{uuid4().hex}" for _ in range(TENANTS)]).items())


@pytest.fixture
def account(_keys):
    """Name and key of an account that no other test has."""
    return _keys.pop()
