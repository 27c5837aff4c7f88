"""PostgreSQL goes away for a while: every lead passes, and the verdicts come out the same."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from uuid import uuid4

import psycopg
import pytest

from bench.people import Population
from leadfly.migrate import migrate
from shared.embedded import OWNER, Server
from tests.chaos.ledger import Ledger, Sent
from tests.chaos.load import Load, post, post_until_answered
from tests.chaos.people import visitor, visitors
from tests.chaos.running import running, soon
from tests.chaos.stored import drained
from tests.chaos.test_chaos import answers_checked, first_of_each_kind

LEADS_PER_SECOND = 10
"""Of lead time: what the senders' clocks say; they are posted as fast as answers come."""

DRAIN_SECONDS = 60.0

FIRST_CHECK_SECONDS = 2.0
"""From PostgreSQL's first connection after a restart to the first checked answer."""

GIVE_UP_SECONDS = 15.0

STRANGERS = 10**6
"""Numbers of people from here on are none of the load's."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A PostgreSQL that nobody restarts but us."""
    server = Server(tmp_path_factory.mktemp("outage") / "db")
    server.start()
    try:
        migrate(server.conninfo(OWNER))
        yield server
    finally:
        server.stop(hurry=True)


@pytest.fixture(scope="module")
def leadfly(server):
    """A LeadFly on that PostgreSQL."""
    settings = {
        "DATABASE_URL": server.conninfo(OWNER),  # steps down, in each process to its role
        "MIGRATIONS_DATABASE_URL": server.conninfo(OWNER),
    }
    with running(server.home.parent / "home", **settings) as leadfly:
        yield leadfly


@pytest.fixture
def stopped(server, leadfly):
    """PostgreSQL, stopped as by an administrator; it runs again at the end in any case."""
    assert soon(lambda: answers_checked(leadfly.port), GIVE_UP_SECONDS)
    server.stop(hurry=True)
    yield server
    if not server.running():
        server.start()


def leads(seed, count, began_at):
    """Return *count* leads: people, a tenth of them again, bursts of one address, throwaways."""
    rng, people = random.Random(seed), Population(seed, count)
    for number in range(count):
        fields = people.lead(number)
        if number > 10 and rng.random() < 0.1:
            fields = people.again(rng.randrange(number))
        if rng.random() < 0.05:
            # As in the contract's case L7: not a duplicate, and for a person to look at.
            throwaway = f"x{number}@mailinator.com"
            fields = {"email": throwaway, "name": "asdf", "company": "Test Corp"}
        # A marker needs an address of its own, and a sender may well call from another page.
        local, _, domain = fields["email"].partition("@")
        fields["email"] = f"{local.partition('+')[0]}+n{number}@{domain}"
        at = began_at + timedelta(seconds=number / LEADS_PER_SECOND)
        burst = number // 20 % 8 == 0
        visitor_ip = "203.0.113.9" if burst else f"198.51.{number // 250 % 250}.{number % 250}"
        context = {"submitted_at": at.isoformat(), "ip": visitor_ip}
        yield Sent("", fields, key=f"n{number}", context=context)


def posted(leadfly, tenant, all_leads):
    """Post *all_leads* as *tenant*, one after another, and return the ledger."""
    ledger = Ledger()
    for lead in all_leads:
        answer = post_until_answered(
            leadfly.port, ledger, replace(lead, tenant=tenant), patience=GIVE_UP_SECONDS
        )
        assert answer is not None, f"not answered: {ledger.summary()}\n{leadfly.said()}"
    return ledger


def verdicts(rows):
    """Return the stored action of every lead by its address."""
    return {row.marker.partition("/")[2]: row.action for row in rows}


@pytest.mark.parametrize(
    "count", [300, pytest.param(6_000, marks=pytest.mark.chaos_long)], ids=["quick", "long"]
)
def test_the_verdicts_after_an_outage_are_those_of_an_undisturbed_run(
    leadfly, request, count, seed, report
):
    began_at = datetime.now(UTC) - timedelta(seconds=count / LEADS_PER_SECOND)
    all_leads = list(leads(seed, count, began_at))
    undisturbed = posted(leadfly, f"calm-{uuid4().hex}", all_leads)
    expected, _ = drained(leadfly.owner, undisturbed, DRAIN_SECONDS)
    assert len(set(verdicts(expected).values())) == 3  # there is something to get wrong

    server = request.getfixturevalue("stopped")
    disturbed = posted(leadfly, f"outage-{uuid4().hex}", all_leads)
    server.start()
    rows, seconds = drained(leadfly.owner, disturbed, 2 * DRAIN_SECONDS)

    report(f"{disturbed.summary()}; drained in {seconds:.1f} s, {count / seconds:.0f} leads/s")
    assert all(said[0].degraded for said in disturbed.answers.values())
    assert first_of_each_kind(disturbed.violations(rows)) == []
    got, wanted = verdicts(rows), verdicts(expected)
    differing = {m: (wanted[m], got.get(m)) for m in wanted if wanted[m] != got.get(m)}
    assert len(differing) == 0, f"{len(differing)}: {dict(list(differing.items())[:5])}"
    assert seconds <= DRAIN_SECONDS


@pytest.mark.parametrize(
    "restarts", [3, pytest.param(20, marks=pytest.mark.chaos_long)], ids=["quick", "long"]
)
def test_the_first_checked_answer_comes_within_2_s_of_postgres(
    leadfly, server, restarts, seed, report
):
    ledger, over, tenant = Ledger(), Event(), f"restarts-{uuid4().hex}"
    people = visitors(tenant, seed)
    load = Load(leadfly.port, ledger, seed, rate=10, threads=4)
    sender = Thread(target=load.send, args=[people, lambda sent: over.is_set(), 30 * restarts])
    sender.start()
    try:
        waits = [first_check(leadfly, server, ledger, tenant) for _ in range(restarts)]
    finally:
        over.set()
        sender.join()
    rows, _ = drained(leadfly.owner, ledger, DRAIN_SECONDS)

    report(f"first checked answer after {', '.join(f'{wait:.2f}' for wait in waits)} s")
    report(ledger.summary())
    assert max(waits) <= FIRST_CHECK_SECONDS
    assert first_of_each_kind(ledger.violations(rows)) == []
    # Senders were let through meanwhile, not told to come again.
    assert any(answer.degraded for said in ledger.answers.values() for answer in said)


def first_check(leadfly, server, ledger, tenant):
    """Restart PostgreSQL; return the seconds from its first connection to a checked answer.

    To *tenant*, whose leads were let through meanwhile and wait to be reconciled.
    """
    assert soon(lambda: checked(leadfly, ledger, tenant), GIVE_UP_SECONDS), leadfly.said()
    time.sleep(1)  # the load is checked again
    server.stop(hurry=True)
    time.sleep(1)  # and let through
    with ThreadPoolExecutor(1) as pool:
        started = pool.submit(server.start)
        assert soon(lambda: accepts(server), GIVE_UP_SECONDS, every=0.01)
        accepted_at = time.monotonic()
        soon(lambda: checked(leadfly, ledger, tenant), GIVE_UP_SECONDS, every=0.02)
        took = time.monotonic() - accepted_at
        started.result()
    return took


def checked(leadfly, ledger, tenant):
    """True if a lead of somebody new to *tenant* is checked just now."""
    lead = visitor(tenant, STRANGERS + len(ledger.leads), 1)
    answer = post_until_answered(leadfly.port, ledger, lead, patience=GIVE_UP_SECONDS)
    return answer is not None and answer.checked_allow


def accepts(server):
    """True if PostgreSQL lets somebody in just now."""
    try:
        psycopg.connect(server.conninfo(OWNER), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def test_an_answer_given_in_an_outage_is_repeated_after_it(leadfly, stopped):
    ledger, lead = Ledger(), visitor(f"replay-{uuid4().hex}", 1, 1)
    post_until_answered(leadfly.port, ledger, lead, patience=GIVE_UP_SECONDS)
    first = ledger.answers[lead.marker][0]
    assert first.degraded, f"{first.status} in an outage"
    during = post(leadfly.port, lead)
    stopped.start()
    drained(leadfly.owner, ledger, DRAIN_SECONDS)

    after = post(leadfly.port, lead)

    assert during and after and during.body == after.body == first.body
