"""Alerts told by a real worker: one that is killed again and again, and one with a dead channel."""

import http.client
import json
import os
import random
import signal
import time

import pytest

from tests.chaos.running import running, soon
from tests.services.alerts.sinks import WebSink

API = "/api/v1/lead-discovery/alerts"
WEBHOOK = "/webhook/leadfly/alerts"

USER = "storm"

AT_ONCE = 25
"""Alerts in one batch."""


class Told:
    """A running LeadFly with receivers on this machine, and what they heard."""

    def __init__(self, run, sink):
        self.run, self.sink = run, sink

    def ask(self, path, **body):
        """Post until it is answered: services may be on their way up."""
        answers = []

        def answered():
            connection = http.client.HTTPConnection("127.0.0.1", self.run.port, timeout=10)
            try:
                headers = {"Content-Type": "application/json"}
                connection.request("POST", path, json.dumps({"user_id": USER} | body), headers)
                answer = connection.getresponse()
                said = json.loads(answer.read())
            except (OSError, http.client.HTTPException):
                return False
            finally:
                connection.close()
            assert answer.status < 500, said
            answers.append(said)
            return True

        assert soon(answered, 30)
        return answers[-1]

    def receiver(self, name):
        said = self.ask(
            f"{API}/receivers",
            name=name,
            channel="webhook",
            url=self.sink.url(f"/{name}"),
            most_an_hour=1000,
        )
        assert said["success"], said

    def rule(self, *receivers):
        """Have each event told by itself: none waits for its group."""
        said = self.ask(
            f"{API}/rules",
            rule_name="Each by itself",
            rule_type="custom",
            events=["storm.came"],
            receivers=receivers,
            group_by=["data.number"],
        )
        assert said["success"], said

    def raised(self, first, number):
        """Raise alerts; return their ids."""
        events = [
            {"id": n, "event": "storm.came", "data": {"number": n, "fingerprint": f"storm-{n}"}}
            for n in range(first, first + number)
        ]
        said = self.ask(f"{WEBHOOK}/batch", events=events)
        return [alert_id for result in said["results"] for alert_id in result["alert_ids"]]

    def heard(self, name):
        """Return by alert when a receiver first heard of it."""
        first = {}
        for received in list(self.sink.received):
            if received.path == f"/{name}":
                for alert in json.loads(received.body)["data"]["alerts"]:
                    first.setdefault(alert["alert_id"], received.at)
        return first

    def wait_for(self, name, wanted, seconds):
        soon(lambda: set(wanted) <= set(self.heard(name)), seconds, every=0.25)
        return set(wanted) - set(self.heard(name))


@pytest.fixture
def told(tmp_path):
    sink = WebSink()
    environ = {"LEADFLY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1"}
    with running(tmp_path / "home", **environ) as run:
        yield Told(run, sink)
    sink.close()


@pytest.mark.alerts_long
def test_a_worker_that_is_killed_at_random_loses_no_alert(told, seed, report):
    for name in ("first", "second"):
        told.receiver(name)
    told.rule("first", "second")
    rng, raised, kills = random.Random(seed), [], 0

    for first in range(0, 20 * AT_ONCE, AT_ONCE):
        raised += told.raised(first, AT_ONCE)
        time.sleep(rng.uniform(0.1, 1.0))
        worker = told.run.reconciler()
        if worker and rng.random() < 0.6:
            os.kill(worker, signal.SIGKILL)
            kills += 1

    lost = {name: told.wait_for(name, raised, 240) for name in ("first", "second")}
    copies = [each.id for each in told.sink.received]
    report(f"{kills} kills, {len(raised)} alerts, {len(copies) - len(set(copies))} copies again")
    assert kills > 3 and len(raised) == 20 * AT_ONCE
    assert lost == {"first": set(), "second": set()}


@pytest.mark.alerts_long
def test_with_one_channel_hanging_the_others_p95_stays_under_5_s(told, report):
    for name in ("hangs", "works"):
        told.receiver(name)
    told.rule("hangs", "works")
    told.sink.hang_seconds = 60
    told.sink.always = lambda received: "hang" if received.path == "/hangs" else "ok"
    sent = {}

    for first in range(0, 1000, AT_ONCE):
        at = time.monotonic()
        sent |= dict.fromkeys(told.raised(first, AT_ONCE), at)
        time.sleep(0.5)

    lost = told.wait_for("works", sent, 60)
    told.sink.released.set()
    heard = told.heard("works")
    late = sorted(heard[alert_id] - at for alert_id, at in sent.items() if alert_id in heard)
    p95 = late[int(0.95 * len(late))]
    report(f"{len(late)} alerts, p50 {late[len(late) // 2]:.2f} s, p95 {p95:.2f} s")
    assert not lost
    assert p95 < 5
