"""The public cases once more, through a workflow of the stack's own n8n, with its credential."""

import json
import time

import pytest
import requests

from tests.e2e.compose.doors import PATH, Door
from tests.e2e.n8n import real_parts
from tests.services.dedup.test_contract import *  # noqa: F403 # the same claims at another door

CASES = 25
"""Workflows, each with the key of an account of its own: no two cases meet."""

START_SECONDS = 300


@pytest.fixture(scope="module")
def accounts(stack):
    """Where each workflow listens, and whose key it has."""
    keys = stack.keys([f"tenant-n8n-{number}" for number in range(CASES)])
    install(stack, list(keys.values()))
    return [(f"{PATH}-{number}", tenant) for number, tenant in enumerate(keys)]


@pytest.fixture
def door(accounts):
    return accounts.pop()


@pytest.fixture
def user_id(door):
    return door[1]


@pytest.fixture
def client(stack, door):
    path, tenant = door
    return Door(stack.n8n_url, tenant, None, path)


@pytest.fixture
def post(client):
    return client.lead


def install(stack, keys):
    """Do what n8n-workflows/README.md says, once for each of *keys*: credential, node, publish."""
    stack.execute("n8n", "mkdir", "-p", "/tmp/in/workflows")
    put(stack, "/tmp/in/credentials.json", [credential(*each) for each in enumerate(keys)])
    for number in range(len(keys)):
        put(stack, f"/tmp/in/workflows/{number}.json", workflow(number))
    stack.execute("n8n", "n8n", "import:credentials", "--input=/tmp/in/credentials.json")
    stack.execute("n8n", "n8n", "import:workflow", "--separate", "--input=/tmp/in/workflows")
    real_parts.publish(stack.n8n_url, [f"case{number}" for number in range(len(keys))])
    give_up = time.monotonic() + START_SECONDS
    last = f"{stack.n8n_url}{PATH}-{len(keys) - 1}"
    while requests.post(last, json={}, timeout=60).status_code == 404:
        assert time.monotonic() < give_up
        time.sleep(1)


def put(stack, path, content):
    """Write *content* as JSON into n8n's container."""
    stack.execute("n8n", "sh", "-c", f"cat > {path}", sent=json.dumps(content))


def credential(number, key):
    data = {"name": "X-API-Key", "value": key}
    named = {"id": f"key{number}", "name": f"LeadFly API key {number}"}
    return named | {"type": "httpHeaderAuth", "data": data}


def workflow(number):
    """Return the duplicate check with a path and a credential of its own."""
    made = json.loads((real_parts.WORKFLOWS / "duplicate-prevention.json").read_text("utf-8"))
    for node in made["nodes"]:
        if node["type"].endswith(".webhook"):
            node["webhookId"] = f"case-{number}"
            node["parameters"]["path"] += f"-{number}"
        if node["name"] == "Check the lead":
            node["parameters"] |= {
                "authentication": "genericCredentialType",
                "genericAuthType": "httpHeaderAuth",
            }
            named = {"id": f"key{number}", "name": f"LeadFly API key {number}"}
            node["credentials"] = {"httpHeaderAuth": named}
    return made | {"id": f"case{number}", "name": f"Case {number}"}


def test_what_n8n_asked_was_answered_by_the_service(post):
    """Not by the workflow in its place, which lets leads pass while no service answers."""
    answer = post(email="ada@engines.example", first_name="Ada", last_name="Lovelace")

    assert (answer["check_skipped"], answer["degraded"]) == (False, False)
    assert answer["lead_id"]
