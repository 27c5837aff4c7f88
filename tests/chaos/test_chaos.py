"""Whatever dies: a lead that got a 2xx is stored once, and a retry gets the same answer."""

from collections import Counter
from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.chaos.faults import FAULTS, Storm, schedule
from tests.chaos.ledger import Ledger
from tests.chaos.load import Load, post, post_until_answered
from tests.chaos.people import visitor, visitors
from tests.chaos.running import running, soon
from tests.chaos.stored import drained


@dataclass(frozen=True)
class Size:
    """How much of a storm."""

    faults: int
    leads: int
    rate: float
    """Leads a second."""
    pauses: tuple[float, float]
    """Seconds between two faults."""
    most_seconds: float
    replays: int
    """Leads asked for again under their key after everything is reconciled."""


QUICK = Size(faults=9, leads=300, rate=20, pauses=(0.5, 3.5), most_seconds=240, replays=100)

LONG = Size(faults=210, leads=20_000, rate=20, pauses=(1, 6), most_seconds=7200, replays=2_000)

RECOVERY_SECONDS = 30.0
"""From the last fault to a checked answer: the longest pause of the supervisor, and recovery."""

DRAIN_SECONDS = 60.0


@pytest.fixture(params=[QUICK, pytest.param(LONG, marks=pytest.mark.chaos_long)], ids=["", "long"])
def size(request):
    return request.param


def test_nothing_acknowledged_is_lost_doubled_or_changed_in_a_storm(tmp_path, seed, size, report):
    with running(tmp_path / "home") as leadfly:
        ledger, tenant = Ledger(), f"storm-{uuid4().hex}"
        storm = Storm(leadfly, seed, schedule(seed, size.faults), size.pauses)
        load = Load(leadfly.port, ledger, seed, size.rate)
        storm.start()
        try:
            load.send(
                visitors(tenant, seed),
                enough=lambda sent: sent >= size.leads and storm.over,
                seconds=size.most_seconds,
            )
        finally:
            storm.stop()
        report(storm.summary())

        recovered = soon(lambda: answers_checked(leadfly.port), RECOVERY_SECONDS, every=0.5)
        _, seconds = drained(leadfly.owner, ledger, DRAIN_SECONDS)
        replayed = replays(leadfly.port, ledger, size.replays)
        rows, _ = drained(leadfly.owner, ledger, DRAIN_SECONDS)

        report(f"{ledger.summary()}; drained in {seconds:.1f} s, {replayed} asked for again")
        assert recovered, leadfly.said()
        assert first_of_each_kind(ledger.violations(rows)) == []
        assert storm.missed == Counter(), storm.summary()
        assert storm.landed.keys() == FAULTS.keys() and storm.landed.total() >= size.faults
        assert load.count >= size.leads
        assert any(answer.degraded for said in ledger.answers.values() for answer in said), (
            "PostgreSQL hung and died, yet no lead was let through unchecked: "
            "what is to be proven was not put to the test"
        )


def answers_checked(port):
    """True if a lead of nobody's is checked just now."""
    answer = post(port, visitor(f"probe-{uuid4().hex}", 1, 1), seconds=5)
    return answer is not None and answer.checked_allow


def replays(port, ledger, most):
    """Send leads again under their keys, those answered without a check first; return how many."""
    known = sorted(
        ledger.acknowledged(),
        key=lambda marker: not any(a.degraded for a in ledger.answers[marker]),
    )
    for marker in known[:most]:
        post_until_answered(port, ledger, ledger.leads[marker], patience=30)
    return len(known[:most])


def first_of_each_kind(violations, most=3):
    """Return a few violations of each kind, and how many there are: a report one can read."""
    kinds: dict[str, list[str]] = {}
    for violation in violations:
        kinds.setdefault(violation.partition(":")[0], []).append(violation[:600])
    return [
        line for kind, all_of in kinds.items() for line in [f"{len(all_of)} {kind}", *all_of[:most]]
    ]
