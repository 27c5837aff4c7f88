"""New containers in the place of old ones while leads come in: each is there, and once."""

import threading
import time
from contextlib import suppress
from uuid import uuid4

import requests

from tests.e2e.compose.conftest import tell
from tests.e2e.compose.doors import PATH

SENDERS = 6

PAUSE_SECONDS = 0.05
"""Between two leads of one sender: some fifty a second in all, if the machine keeps up."""

TRIES = 40

BEHIND_SECONDS = 120
"""How long leads that were kept on the disk may be in coming into the database."""


class Sender(threading.Thread):
    """Posts one lead after another; repeats one that was not taken, under its submission_id."""

    def __init__(self, url, tenant, key):
        super().__init__(daemon=True)
        self._url, self._tenant, self._headers = url, tenant, {"X-API-Key": key}
        self._stop_asked = threading.Event()
        self.taken, self.repeated, self.given_up = [], [], []

    def run(self):
        with requests.Session() as session:
            while not self._stop_asked.wait(PAUSE_SECONDS):
                self._send(session, uuid4().hex)

    def finish(self):
        self._stop_asked.set()
        self.join(300)

    def _send(self, session, name):
        lead = {"email": f"{name}@{name[:9]}.example", "company": f"{name[9:16]} Works"}
        body = {"user_id": self._tenant, "source_id": "s", "submission_id": name}
        for _ in range(TRIES):
            with suppress(requests.RequestException):
                answer = session.post(
                    self._url, json=body | {"lead_data": lead}, headers=self._headers, timeout=60
                )
                if answer.status_code == 200:
                    self.taken.append((name, answer.json()["lead_id"]))
                    return
                self.repeated.append(answer.status_code)
                time.sleep(0.5)
                continue
            self.repeated.append("no answer")
            time.sleep(0.5)
        self.given_up.append(name)


def test_a_rolling_restart_loses_no_lead_and_doubles_none(stack, account):
    tenant, key = account
    old = {name: set(stack.containers(name)) for name in ("web", "stream", "worker")}
    senders = [Sender(stack.url + PATH, tenant, key) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    try:
        said = restart(stack)
    finally:
        for sender in senders:
            sender.finish()

    taken = [each for sender in senders for each in sender.taken]
    repeated = [each for sender in senders for each in sender.repeated]
    found = stored(stack, tenant, len(taken))
    tell(
        f"rolling restart: {len(taken)} leads taken, {len(repeated)} posts repeated {set(repeated)}"
        f", {len(found)} stored, {len(set(found))} different"
    )
    assert not any(sender.given_up for sender in senders)
    assert len({lead_id for _, lead_id in taken}) == len(taken)
    assert sorted(found) == sorted(lead_id for _, lead_id in taken)
    assert said.count("has made room") == 6
    for name, before in old.items():
        assert len(stack.containers(name)) == 2
        assert not before & set(stack.containers(name))


def restart(stack):
    """Run deploy/rolling-restart.sh as an operator does."""
    environ = stack.environ | {
        "COMPOSE": " ".join(str(word) for word in stack.command),
        "DOCKER": stack.engine.docker_command[0],
    }
    return stack.engine.run(["sh", "deploy/rolling-restart.sh"], environ, stack.folder)


def stored(stack, tenant, expected):
    """Return the ids of the tenant's leads; waits a while for *expected* of them."""
    give_up = time.monotonic() + BEHIND_SECONDS
    query = "SELECT id FROM public.leads WHERE tenant_id = :'tenant'"
    while True:
        found = [row[0] for row in stack.rows(query, tenant=tenant)]
        if len(found) >= expected or time.monotonic() > give_up:
            return found
        time.sleep(1)
