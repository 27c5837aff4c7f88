"""Limits, keys and slow clients through the proxy, before two of each service."""

import json
import time

import pytest
import requests

from bench.load import on_schedule
from bench.slow_clients import HALF_A_BODY, HALF_A_HEAD, RATE, honest
from tests.e2e.compose.conftest import tell
from tests.e2e.compose.doors import PATH

STRANGER = """
import http.client, json, sys, time
asked, spoofed = int(sys.argv[1]), sys.argv[2] == "spoofed"
line, seen, begun = http.client.HTTPConnection("proxy", 8000, timeout=60), [], time.monotonic()
for number in range(asked):
    named = f"10.9.{number // 250}.{number % 250}"
    headers = {"Content-Type": "application/json"}
    if spoofed:
        headers |= {"X-Forwarded-For": named, "X-Real-IP": named, "Forwarded": f"for={named}"}
    line.request("POST", "/webhook/leadfly/duplicate-prevention", "{}", headers)
    answer = line.getresponse()
    answer.read()
    seen.append(answer.status)
print(json.dumps({"seen": seen, "seconds": time.monotonic() - begun}), flush=True)
time.sleep(3600)
"""
"""A caller without a key, who says with every request that it comes from somewhere else. It stays
afterwards: the address of a container that is gone is given to the next."""

SLOW = """
import selectors, socket, sys
half, count = sys.argv[1].encode().decode("unicode_escape").encode("latin-1"), int(sys.argv[2])
lines = selectors.DefaultSelector()
def begin():
    line = socket.create_connection(("proxy", 8000), 10)
    line.sendall(half)
    line.setblocking(False)
    lines.register(line, selectors.EVENT_READ)
for _ in range(count):
    begin()
print("holding", count, flush=True)
while True:
    for key, _ in lines.select():
        lines.unregister(key.fileobj)
        key.fileobj.close()
        begin()
"""
"""A host that holds connections with half a request on each; one that is closed is begun anew."""

HOSTS, EACH = 10, 100

HONEST = 500
"""Requests of honest callers, ten seconds of them."""

MOST_MS = 300.0


def test_a_stranger_is_limited_by_where_it_is_and_not_by_what_it_says(stack):
    asked = 150
    guest = stack.guest(STRANGER, str(asked), "spoofed")
    said = json.loads(stack.heard(guest))
    other = stack.guest(STRANGER, "3", "honest")
    others = json.loads(stack.heard(other))["seen"]
    stack.dismiss(guest, other)

    passed = asked - said["seen"].count(429)
    assert set(said["seen"]) == {401, 429}
    assert passed <= 60 + said["seconds"] + 5, "both services count together"
    assert others == [401] * 3, "another host is nobody's fault"


def test_a_key_opens_its_own_account_and_no_other(stack, account, request):
    (tenant, key), lead = account, {"email": "ada@engines.example"}
    body = {"source_id": "s", "lead_data": lead}

    statuses = [
        requests.post(stack.url + PATH, json=body | {"user_id": who}, headers=headers, timeout=60)
        for who, headers in (
            (tenant, {"X-API-Key": key}),
            (tenant, {"Authorization": f"Bearer {key}"}),
            ("somebody-else", {"X-API-Key": key}),
            (tenant, {"X-API-Key": f"{key}x"}),
        )
    ]

    assert [answer.status_code for answer in statuses] == [200, 200, 403, 401]


def test_a_revoked_key_is_dead_at_every_service(stack, account):
    tenant, key = account
    revoke = ["keys", "revoke", f"--prefix={prefix(key)}", f"--tenant={tenant}"]
    stack.execute("web", "python3", "-P", "-m", "leadfly", *revoke)
    time.sleep(6)

    statuses = {status_of(stack, tenant, key) for _ in range(12)}

    assert statuses == {401}


def prefix(key):
    return key.split("_")[1]


def status_of(stack, tenant, key):
    body = {"user_id": tenant, "source_id": "s", "lead_data": {"email": "ada@engines.example"}}
    return requests.post(
        stack.url + PATH, json=body, headers={"X-API-Key": key}, timeout=60
    ).status_code


def test_counters_stay_inside(stack):
    assert requests.get(f"{stack.url}/metrics", timeout=60).status_code == 404


def test_both_services_take_their_share(stack, account):
    _, key = account
    on_schedule(stack.port, honest(key, 100), RATE)

    counted = [served(stack, container) for container in stack.containers("web")]

    assert len(counted) == 2
    assert min(counted) > 20


def served(stack, container):
    """Return how many duplicate checks a container's processes have answered."""
    program = (
        "import urllib.request as r;"
        "text = r.urlopen('http://127.0.0.1:8000/metrics').read().decode();"
        "print(sum(float(line.split()[-1]) for line in text.splitlines()"
        " if line.startswith('leadfly_requests_total') and 'duplicate-prevention' in line))"
    )
    return float(stack.engine.docker("exec", container, "python3", "-c", program))


@pytest.mark.parametrize("half", [HALF_A_HEAD, HALF_A_BODY], ids=["half a head", "half a body"])
def test_a_thousand_half_sent_requests_delay_no_honest_one(stack, account, half):
    _, key = account
    alone = on_schedule(stack.port, honest(key, HONEST), RATE)
    guests = slow_hosts(stack, half)
    try:
        beside = on_schedule(stack.port, honest(key, HONEST), RATE)
        held = established(stack, stack.containers("proxy")[0])
        passed = [established(stack, one) for one in stack.containers("web")]
    finally:
        stack.dismiss(*guests)

    p99, p99_alone = beside.percentile(0.99), alone.percentile(0.99)
    tell(f"honest p99 {p99:.0f} ms beside {held} half-sent requests, {p99_alone:.0f} ms without")
    assert held > HOSTS * EACH * 0.9
    assert sum(passed) < HOSTS * EACH * 0.2, "the proxy lets none of them through"
    assert (len(beside.latencies_ms), beside.failures) == (HONEST, 0)
    assert p99 < max(MOST_MS, 3 * p99_alone), "a machine that is busy is slow without them, too"


def slow_hosts(stack, half):
    """Start hosts that hold a thousand half-sent requests; return them when they do."""
    text = half.decode("latin-1").encode("unicode_escape").decode()
    guests = [stack.guest(SLOW, text, str(EACH)) for _ in range(HOSTS)]
    for guest in guests:
        stack.heard(guest)
    return guests


def established(stack, container):
    """Return how many connections to port 8000 a container has accepted."""
    rows = stack.engine.docker("exec", container, "cat", "/proc/net/tcp").splitlines()[1:]
    found = (row.split() for row in rows)
    return sum(row[1].endswith(":1F40") and row[3] == "01" for row in found)
