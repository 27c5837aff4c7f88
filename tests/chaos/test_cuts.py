"""Wherever a request's conversation with PostgreSQL ends, the lead is stored exactly once."""

import random
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from uuid import uuid4

import pytest

from leadfly.migrate import migrate
from shared.embedded import OWNER, Server
from tests.chaos.ledger import Ledger, Sent
from tests.chaos.load import post, post_until_answered
from tests.chaos.proxy import Cut, Proxy
from tests.chaos.running import running, soon
from tests.chaos.stored import drained
from tests.chaos.test_chaos import answers_checked, first_of_each_kind

DIRECTIONS = ("frontend", "backend")

MOST_CUTS = {"messages": 1_000, "bytes": 100_000}
"""More than any conversation has; a bound for loops that end by themselves."""

QUICK_CUTS = 3
"""Cuts of each direction and variant in the quick form, beside those around COMMIT."""

HEALTHY_SECONDS = 15.0
"""From a cut to the next checked answer: a reconnect, and the probe of the breaker."""

HANG_SECONDS = 2.5
"""How long a swallowed conversation stays open: six times the statement budget."""

ANSWER_SECONDS = 1.5
"""How long a sender may wait although the database says nothing: 0.6 s at p99 by the issue, and
as much again for a machine that tests everything at once."""

DRAIN_SECONDS = 60.0


@dataclass
class Operation:
    """One table to work at: the service behind the proxy, and what became of its leads."""

    proxy: Proxy
    port: int
    owner: str
    ledger: Ledger
    slowest: float = 0.0
    """Longest time to the first answer of a lead, in seconds."""

    def lead(self, name, keyed):
        """Return a lead of a tenant of its own, by which the proxy knows its conversation."""
        tenant = f"{name}-{uuid4().hex[:12]}"
        return Sent(tenant, {"email": f"{name}@example.org"}, key="k" if keyed else None)

    def post(self, lead):
        """Post *lead* as its sender would: again until answered if it has a key, else once."""
        began = time.monotonic()
        if lead.key is not None:
            post_until_answered(self.port, self.ledger, lead, patience=60)
            return
        self.ledger.sent(lead)
        answer = post(self.port, lead)
        self.slowest = max(self.slowest, time.monotonic() - began)
        if answer is not None:
            self.ledger.answered(lead, answer)

    def cut(self, direction, after, keyed, then="cut", unit="messages", at=b""):
        """Post one lead whose conversation ends there; False if it was over before."""
        assert soon(lambda: answers_checked(self.port), HEALTHY_SECONDS), "it does not recover"
        where = f"{direction}-{at.decode() or f'{after}-{unit}'}".lower()
        lead = self.lead(f"{then}-{where}-{'keyed' if keyed else 'unkeyed'}", keyed)
        armed = self.proxy.arm(Cut(lead.tenant, direction, after, unit, then, at))
        self.post(lead)
        return armed.fired

    def length(self, keyed):
        """Return how many messages an undisturbed conversation has, by direction."""
        assert soon(lambda: answers_checked(self.port), HEALTHY_SECONDS), "it does not recover"
        lead = self.lead("measured", keyed)
        measured = self.proxy.arm(Cut(lead.tenant, "frontend", after=10**9))
        self.post(lead)
        return {direction: measured.passed[direction, "messages"] for direction in DIRECTIONS}

    def check(self, report):
        """Let all be reconciled, then check the ledger."""
        rows, seconds = drained(self.owner, self.ledger, DRAIN_SECONDS)
        report(f"{self.ledger.summary()}; drained in {seconds:.1f} s")
        assert first_of_each_kind(self.ledger.violations(rows)) == []


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A LeadFly whose way to PostgreSQL goes through a proxy; the way of the harness does not."""
    folder = tmp_path_factory.mktemp("cuts")
    (folder / "p").mkdir()
    server = Server(folder / "db")
    server.start()
    try:
        migrate(server.conninfo(OWNER))
        proxy = Proxy(folder / "p", server.sockets, HANG_SECONDS)
        try:
            settings = {
                "DATABASE_URL": proxy.url,
                "MIGRATIONS_DATABASE_URL": server.conninfo(OWNER),
                "WEB_CONCURRENCY": "1",
            }
            with running(folder / "home", **settings) as leadfly:
                yield proxy, leadfly
        finally:
            proxy.close()
    finally:
        server.stop(hurry=True)


@contextmanager
def operated(service, report):
    proxy, leadfly = service
    table = Operation(proxy, leadfly.port, leadfly.owner, Ledger())
    yield table
    table.check(report)


keyed_or_not = pytest.mark.parametrize("keyed", [True, False], ids=["keyed", "unkeyed"])

cut_or_hang = pytest.mark.parametrize("then", ["cut", "hang"])


@keyed_or_not
@cut_or_hang
def test_a_lead_survives_a_commit_unsent_or_unconfirmed(service, report, then, keyed):
    with operated(service, report) as table:
        for direction in DIRECTIONS:
            assert table.cut(direction, 0, keyed, then, at=b"COMMIT"), "no COMMIT was seen"


@keyed_or_not
@cut_or_hang
def test_a_lead_survives_a_cut_at_some_message_boundaries(service, seed, report, then, keyed):
    rng = random.Random(f"{seed}/{then}/{keyed}")
    with operated(service, report) as table:
        for direction, length in table.length(keyed).items():
            for after in {0, *rng.sample(range(1, length), QUICK_CUTS - 1)}:
                assert fired_by(table, direction, after, keyed, then)


def fired_by(table, direction, after, keyed, then):
    """Cut at *after*, or earlier: on a warm connection fewer messages are exchanged."""
    return table.cut(direction, after, keyed, then) or table.cut(direction, after // 3, keyed, then)


def test_nobody_waits_for_a_database_that_says_nothing(service, report):
    with operated(service, report) as table:
        for direction in DIRECTIONS:
            assert table.cut(direction, 0, keyed=False, then="hang", at=b"COMMIT")

        report(f"slowest answer {table.slowest:.2f} s")
        assert table.slowest < ANSWER_SECONDS


@pytest.mark.chaos_long
@keyed_or_not
@cut_or_hang
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_lead_survives_a_cut_at_every_message_boundary(service, report, direction, then, keyed):
    with operated(service, report) as table:
        assert cuts(table, direction, keyed, then, "messages") > 5


@pytest.mark.chaos_long
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_lead_survives_a_cut_at_every_byte(service, report, direction):
    with operated(service, report) as table:
        assert cuts(table, direction, True, "cut", "bytes") > 500


def cuts(table, direction, keyed, then, unit):
    """Cut after 0, 1, 2 … units until the conversation is over before; return how many it had."""
    for after in count():
        assert after < MOST_CUTS[unit]
        if not table.cut(direction, after, keyed, then, unit):
            return after
