"""Items pass once, however often they are sent; one that failed passes when it comes again."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import uuid4

import psycopg
import pytest
import requests

from services.seen.key import Key, spelling
from services.seen.marking import mark
from shared import settings
from shared.embedded import Server
from shared.keyfile import keyring
from tests.e2e.n8n.posts import somebody

SCOPE = "seen-keys"
"""What the workflow's Config says."""

MILLION = 1_000_000

OLD, NEW = 1500, 1500
"""Items of one execution."""


@pytest.fixture
def account():
    return f"tenant-{uuid4().hex}"


@pytest.fixture
def send(n8n_url, account):
    """Send items to the workflow; return what it says became of them."""

    def send(*items, timeout=60):
        body = {"user_id": account, "items": items}
        answer = requests.post(f"{n8n_url}/webhook/leadfly/seen-keys", json=body, timeout=timeout)
        assert answer.status_code == 200, answer.text
        return {name: answer.json()[name] for name in ("done", "seen_before", "failed")}

    return send


@pytest.fixture
def through(services_home, account):
    """Return how many leads of the account the duplicate check was handed."""

    def through():
        with closing(psycopg.connect(Server(services_home).conninfo("leadfly"))) as conn:
            found = conn.execute(
                "SELECT count(*) FROM public.leads WHERE tenant_id = %s", [account]
            )
            return found.fetchone()[0]

    return through


def item(number=None):
    return {"id": number or uuid4().hex, "lead_data": somebody()}


def test_an_item_that_is_sent_twice_goes_through_once(send, through):
    one = item()

    assert send(one) == {"done": 1, "seen_before": 0, "failed": 0}
    assert send(one) == {"done": 0, "seen_before": 1, "failed": 0}
    assert through() == 1


def test_an_item_that_is_twice_in_one_execution_goes_through_once(send, through):
    one = item()

    assert send(one, item(), one) == {"done": 2, "seen_before": 1, "failed": 0}
    assert through() == 2


def test_an_item_that_is_sent_by_ten_at_once_goes_through_once(send, through):
    one = item()
    with ThreadPoolExecutor(10) as threads:
        found = Counter()
        for became in threads.map(lambda _: send(one), range(10)):
            found.update(became)

    assert found == {"done": 1, "seen_before": 9, "failed": 0}
    assert through() == 1


def test_an_item_that_failed_goes_through_when_it_comes_again(send, through):
    one = item()
    faulty = one | {"lead_data": {"name": "No way to reach them"}}

    assert send(faulty, item()) == {"done": 1, "seen_before": 0, "failed": 1}
    assert send(one) == {"done": 1, "seen_before": 0, "failed": 0}
    assert through() == 2


def test_an_item_without_a_key_fails_and_others_go_through(send, through):
    assert send(item() | {"id": None}, item()) == {"done": 1, "seen_before": 0, "failed": 1}
    assert through() == 1


def test_with_the_services_down_items_fail_and_go_through_later(n8n_url, services, send, through):
    one = item()
    services.stop()
    try:
        assert send(one) == {"done": 0, "seen_before": 0, "failed": 1}
    finally:
        services.start()

    assert send(one) == {"done": 1, "seen_before": 0, "failed": 0}
    assert through() == 1


def test_with_a_million_keys_seen_thousands_of_items_pass_as_they_should(
    send, through, services_home, account
):
    """Where n8n's own Remove Duplicates fails every run after ten thousand."""
    send(item())  # opens the scope
    old = [f"old-{number}" for number in range(OLD)]
    see_a_million(services_home, account, old)
    items = [item(key) for pair in zip(old, (None for _ in old), strict=True) for key in pair]

    assert len(items) == OLD + NEW
    assert send(*items, timeout=600) == {"done": NEW, "seen_before": OLD, "failed": 0}
    assert send(*items, timeout=600) == {"done": 0, "seen_before": OLD + NEW, "failed": 0}
    assert through() == NEW + 1


def see_a_million(home, account, keys):
    """Store a million keys as seen, *keys* among them, and random ones for the rest."""
    ring = keyring(settings.load({"LEADFLY_HOME": str(home)}))
    marks = [mark(ring, account, spelling(Key(key))) for key in keys]
    with closing(psycopg.connect(Server(home).conninfo("leadfly"), autocommit=True)) as conn:
        conn.execute(
            """
            INSERT INTO seen.keys (tenant_id, scope_id, mark, claim_id, first_seen_at, expires_at,
                                   ttl_days, is_held)
            SELECT s.tenant_id, s.id, new.mark, gen_random_uuid(), now(),
                   now() + interval '90 days', 90, false
            FROM seen.scopes AS s, (
                SELECT unnest(%(marks)s::uuid[]) AS mark
                UNION ALL SELECT gen_random_uuid() FROM generate_series(1, %(others)s)
            ) AS new
            WHERE s.tenant_id = %(tenant)s AND s.name = %(scope)s
            """,
            {
                "marks": marks,
                "others": MILLION - len(marks),
                "tenant": account,
                "scope": SCOPE,
            },
        )
