"""Of many simultaneous leads of one person one is allowed, and only the lock makes it so."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from threading import Barrier

import pytest

from services.dedup.check import check
from services.dedup.preparation import prepare
from services.dedup.verdict import Submission
from shared.errors import Unavailable

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


def spellings(number):
    return {"email": f"ada.lovelace+{number}@gmail.com"}


@pytest.mark.parametrize("round_number", range(3))
@pytest.mark.parametrize("lead", [identical, one_phone, fuzzy_twins, one_mailbox])
def test_of_200_simultaneous_leads_of_one_person_exactly_one_is_allowed(
    busy_database, gate, user_id, lead, round_number
):
    assert allowed(busy_database, gate, user_id, lead) == 1


def test_a_lock_of_its_own_statement_does_as_the_one_of_the_database(busy_database, gate, user_id):
    # What the wrong locks below are measured against: the same harness, and a right lock.
    assert allowed(busy_database, gate, user_id, identical, lambda fields: hold) == 1


def test_without_a_lock_several_are_allowed(busy_database, gate, user_id):
    def none(conn, keys):
        pass

    assert worst(busy_database, gate, user_id, identical, lambda fields: none) > 1


def test_a_lock_in_the_statement_that_reads_is_too_late(busy_database, gate, user_id):
    def in_the_statement(conn, keys):
        conn.held = keys

    database = OneStatement(busy_database)

    assert worst(database, gate, user_id, identical, lambda fields: in_the_statement) > 1
    assert database.joined


def test_a_lock_under_an_older_snapshot_is_too_late(busy_database, gate, user_id):
    def under_repeatable_read(conn, keys):
        tenant = conn.execute("SELECT current_setting('leadfly.tenant_id')").fetchone()
        conn.execute("COMMIT")
        conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        conn.execute("SELECT set_config('leadfly.tenant_id', %s, true)", tenant)
        hold(conn, keys)

    assert worst(busy_database, gate, user_id, identical, lambda fields: under_repeatable_read) > 1


def test_a_lock_on_the_unnormalised_address_is_no_lock(busy_database, gate, user_id):
    def on_the_address(fields):
        raw = int.from_bytes(sha256(fields["email"].encode()).digest()[:8], signed=True)
        return lambda conn, keys: hold(conn, [raw])

    # It is a lock, but of one spelling alone.
    assert allowed(busy_database, gate, f"{user_id}-same", identical, on_the_address) == 1
    assert worst(busy_database, gate, user_id, spellings, on_the_address) > 1


def hold(conn, keys):
    """Lock as the product does: all keys, in order, before anything is read."""
    conn.execute(
        "SELECT count(pg_advisory_xact_lock(key)) FROM unnest(%s::bigint[]) AS key",
        [sorted(set(keys))],
    )


LOCKED = """
WITH held AS MATERIALIZED (
    SELECT count(pg_advisory_xact_lock(key)) AS locks FROM unnest(%(held)s::bigint[]) AS key)
"""


class OneStatement:
    """A database whose connections take the lock in the statement that reads the candidates."""

    def __init__(self, database):
        self._database, self.joined = database, 0

    @contextmanager
    def transaction(self, *arguments, **options):
        with self._database.transaction(*arguments, **options) as conn:
            yield _Joining(self, conn)


class _Joining:
    """A connection that holds a lock back until it can go with the next read of blocking keys."""

    def __init__(self, database, conn):
        self._database, self._conn, self.held = database, conn, ()

    def execute(self, statement, parameters=None, **options):
        if "record.compared" in statement and self.held:
            self._database.joined += 1
            statement = " ".join((LOCKED, statement, "WHERE (SELECT locks FROM held) >= 0"))
            parameters = parameters | {"held": sorted(set(self.held))}
        return self._conn.execute(statement, parameters, **options)

    def __getattr__(self, name):
        return getattr(self._conn, name)


def allowed(database, gate, user_id, lead, lock_for=lambda fields: None):
    """Return how many of LEADS simultaneous leads are allowed after a check.

    No lock means the database's own.
    """
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
        lock = lock_for(one.submission.fields)
        try:
            (answered,) = check(database, gate, user_id, [one], lambda outcome: b"", lock)
        except Unavailable:
            if lock is None:
                raise
            return False  # a lock in the wrong place waits on the statement's time, not its own
        allows = answered.outcome.verdict.decision.action.action_taken == "allow_processing"
        return allows and not answered.outcome.skipped

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(submit, enumerate(prepared)))


def worst(database, gate, user_id, lead, lock_for):
    """Return the most leads that a wrong lock lets through in a few rounds."""
    return max(allowed(database, gate, f"{user_id}-{n}", lead, lock_for) for n in range(5))
