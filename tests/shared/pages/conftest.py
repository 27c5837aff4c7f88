"""What the tests of pages share: a site on this machine, a canary, and a fetcher that may visit."""

import pytest

from shared.destination import hosts
from shared.outbound import Door
from shared.pages.fetcher import Fetcher, Time
from shared.pages.reader import Reader
from tests.shared.pages.site import Clock, standing


@pytest.fixture(scope="session")
def reader():
    reader = Reader()
    yield reader
    reader.close()


@pytest.fixture
def site():
    with standing() as site:
        yield site


@pytest.fixture
def canary():
    """A site that nobody may ever reach."""
    with standing(address="127.0.0.1") as canary:
        yield canary


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def fetching(reader, clock):
    """Make a fetcher that may visit what *allowed* lists."""

    def made(*sites, allowed=None, door=None, **options):
        listed = allowed or ",".join(f"127.0.0.1:{site.port}" for site in sites)
        options.setdefault("pacing", Time(clock, clock.sleep))
        return Fetcher(door or Door(hosts(listed)), reader=reader, **options)

    return made


@pytest.fixture
def fetcher(fetching, site):
    return fetching(site)
