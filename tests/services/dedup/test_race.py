"""Of many simultaneous leads of one person one is allowed, and only the lock makes it so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest

from services.dedup import store
from services.dedup.check import check
from services.dedup.preparation import prepare
from services.dedup.verdict import Submission

LEADS = 200
AT_ONCE = 20
"""Connections that really overlap; the rest wait in line right behind them."""


def identical(_):
    return {"email": "race@example.org", "first_name": "Ada", "last_name": "Lovelace"}


def one_phone(number):
    return {"email": f"mailbox{number}@provider{number}.example", "phone": "+44 20 7946 0958"}


def fuzzy_twins(number):
    return {
        "email": f"mj{number}@gmail.com",
        "first_name": ("Mike", "Michael")[number % 2],
        "last_name": "Johnson",
        "company": ("Tech Solutions Inc", "Technology Solutions")[number // 2 % 2],
    }


def one_mailbox(number):
    return {"email": ("ada.lovelace@gmail.com", "AdaLovelace+n8n@googlemail.com")[number % 2]}


@pytest.mark.parametrize("round_number", range(3))
@pytest.mark.parametrize("lead", [identical, one_phone, fuzzy_twins, one_mailbox])
def test_of_200_simultaneous_leads_of_one_person_exactly_one_is_allowed(
    busy_database, gate, user_id, lead, round_number
):
    assert allowed(busy_database, gate, user_id, lead, store.lock) == 1


def test_without_a_lock_several_are_allowed(busy_database, gate, user_id):
    def none(conn, keys):
        pass

    assert worst(busy_database, gate, user_id, none) > 1


def test_a_lock_under_an_older_snapshot_is_too_late(busy_database, gate, user_id):
    def lock_under_repeatable_read(conn, keys):
        # The snapshot is taken before the wait, as in a statement that locks and reads at once.
        tenant = conn.execute("SELECT current_setting('leadfly.tenant_id')").fetchone()
        conn.execute("COMMIT")
        conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        conn.execute("SELECT set_config('leadfly.tenant_id', %s, true)", tenant)
        store.lock(conn, keys)

    assert worst(busy_database, gate, user_id, lock_under_repeatable_read) > 1


def test_a_lock_on_the_unnormalised_address_is_no_lock(busy_database, gate, user_id):
    def random_keys(conn, keys):
        store.lock(conn, [key ^ hash(id(conn)) for key in keys])

    assert worst(busy_database, gate, user_id, random_keys) > 1


def allowed(database, gate, user_id, lead, lock):
    """Return how many of LEADS simultaneous leads are allowed."""
    now = datetime.now(UTC)
    prepared = [
        prepare(gate, user_id, Submission("race", lead(number), now), "US")
        for number in range(LEADS)
    ]
    barrier = Barrier(AT_ONCE)

    def submit(numbered):
        number, one = numbered
        if number < AT_ONCE:
            barrier.wait()
        (answered,) = check(database, gate, user_id, [one], lambda outcome: b"", lock)
        return answered.outcome.verdict.decision.action.action_taken

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(submit, enumerate(prepared))).count("allow_processing")


def worst(database, gate, user_id, lock):
    """Return the most leads that a wrong lock lets through in a few rounds."""
    return max(allowed(database, gate, f"{user_id}-{n}", identical, lock) for n in range(5))
