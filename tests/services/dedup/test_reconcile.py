"""Leads that passed unchecked are stored and judged once, as if nothing had happened."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest

from bench.people import Population
from services.dedup import passing
from services.dedup.admission import Keeping
from services.dedup.check import check
from services.dedup.reconcile import RECONCILED, reconcile
from shared.db import Database
from shared.embedded import OWNER
from shared.errors import Unavailable
from shared.idempotency import KeyReused
from shared.keyfile import keyring
from shared.privacy.consent import Consent
from shared.privacy.gate import ConsentMissing, Gate
from shared.privacy.modes import MODES
from shared.spool import MOST_TRIES, Entry, receipt
from tests.services.dedup.arrivals import (
    ADA,
    BOB,
    NOON,
    Stored,
    admitted,
    claimed,
    lead,
    rendered,
    said,
    with_database,
)

ALL = None
"""Every tenant's leads."""


def drained(keeping, tenant_id=ALL, seconds=20):
    return reconcile(keeping.database, keeping.gate, keeping.spool, tenant_id, seconds)


# Once --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["k", None])
def test_a_lead_in_doubt_is_stored_once(doubtful, keeping, user_id, stored, key):
    answer = said(doubtful, user_id, ADA, key)
    assert answer["degraded"]

    assert drained(keeping) == 1

    assert stored.leads() == [answer["lead_id"]]
    assert stored.events() == [("lead.created", answer["lead_id"])]
    assert not keeping.spool.waiting(user_id)


def test_a_lead_in_doubt_keeps_the_answer_it_was_given(doubtful, keeping, gate, user_id):
    before = admitted(doubtful, user_id, lead(gate, user_id, key="k"))
    while_it_waits = admitted(keeping, user_id, lead(gate, user_id, key="k"))
    drained(keeping)

    after = admitted(keeping, user_id, lead(gate, user_id, key="k"))

    assert before == while_it_waits == after


@pytest.mark.parametrize("key", ["k", None])
def test_a_duplicate_in_doubt_is_told_of_once(doubtful, keeping, gate, user_id, stored, key):
    known = said(keeping, user_id)
    answer = said(doubtful, user_id, ADA, key)
    assert answer["action_taken"] == "allow_processing"

    drained(keeping)
    drained(keeping)

    assert stored.events() == [
        ("lead.created", known["lead_id"]),
        ("lead.late_duplicate", answer["lead_id"]),
    ]
    assert len(set(stored.subjects())) == 1


def test_a_batch_in_doubt_is_stored_once(doubtful, keeping, gate, user_id, stored):
    leads = [lead(gate, user_id, ADA, "k"), lead(gate, user_id, BOB), lead(gate, user_id)]

    ids = [orjson.loads(body)["lead_id"] for body in admitted(doubtful, user_id, *leads)]
    drained(keeping)

    assert stored.leads() == ids
    assert stored.events("lead.late_duplicate") == [("lead.late_duplicate", ids[2])]


def transacted(keeping, entry):
    """Do what a reconciler does that dies before it settles."""
    one = passing.recalled(keeping.gate, entry)
    check(keeping.database, keeping.gate, entry.tenant_id, [one], rendered)


@pytest.mark.parametrize("key", ["k", None])
@pytest.mark.parametrize("fields", [ADA, BOB])
def test_a_reconciler_that_dies_before_it_settles_changes_nothing_twice(
    away, keeping, user_id, stored, key, fields
):
    said(keeping, user_id)
    said(away, user_id, fields, key)
    (entry,) = keeping.spool.due(datetime.now(UTC), 9)
    transacted(keeping, entry)
    once = stored.count(), stored.events(), stored.subjects(), stored.actions()

    assert drained(keeping) == 1

    assert (stored.count(), stored.events(), stored.subjects(), stored.actions()) == once


def test_a_lead_under_anothers_key_is_stored_once_even_if_the_reconciler_dies(
    keeping, away, user_id, stored
):
    said(keeping, user_id, ADA, "k")
    said(away, user_id, BOB, "k")
    transacted(keeping, *keeping.spool.due(datetime.now(UTC), 9))
    once = stored.count()

    drained(keeping)

    assert stored.count() == once
    assert len(stored.leads()) == 2


def test_what_was_stored_is_not_stored_again_if_the_database_goes_in_the_middle(
    away, keeping, user_id, owner, app_conninfo
):
    tenants = [f"{user_id}-{number}" for number in range(3)]
    for tenant_id in tenants:
        said(away, tenant_id)

    fickle = Fickle(app_conninfo, keeping.gate.keyring.fingerprint, most=1)
    with closing(fickle), pytest.raises(Unavailable):
        drained(with_database(keeping, fickle))

    assert [len(Stored(owner, each).leads()) for each in tenants] == [1, 1, 0]
    drained(keeping)
    assert [Stored(owner, each).count() for each in tenants] == [(1, 1, 1, 0, 1)] * 3


class Fickle(Database):
    """A database that serves two transactions, then no more."""

    served = 0

    def transaction(self, *arguments, **options):
        self.served += 1
        if self.served > 2:
            raise Unavailable
        return super().transaction(*arguments, **options)


def test_leads_outlive_a_crash_of_the_database_while_they_are_reconciled(
    keeping, away, gate, user_id, hurt_server
):
    leads = [lead(gate, user_id, {"email": f"n{n}@each.example"}) for n in range(20)]
    ids = [orjson.loads(body)["lead_id"] for body in admitted(away, user_id, *leads)]

    crashing = Crashing(hurt_server, gate)
    with closing(crashing), suppress(Unavailable):
        drained(with_database(keeping, crashing))
    again = Database(hurt_server.conninfo("leadfly_app"), gate.keyring.fingerprint, most=1)
    with closing(again):
        drained(with_database(keeping, again))

    with psycopg.connect(hurt_server.conninfo(OWNER), autocommit=True) as owner:
        assert Stored(owner, user_id).leads() == ids


class Crashing(Database):
    """A database that crashes after nine transactions, and is back at once."""

    def __init__(self, server, gate):
        super().__init__(server.conninfo("leadfly_app"), gate.keyring.fingerprint, most=1)
        self._server, self._served = server, 0

    def transaction(self, *arguments, **options):
        self._served += 1
        if self._served == 10:
            self._server.stop(hurry=True)
            self._server.start()
        return super().transaction(*arguments, **options)


def test_two_reconcilers_do_not_get_in_each_others_way(away, keeping, gate, user_id, stored):
    leads = [lead(gate, user_id, {"email": f"n{n}@each.example"}) for n in range(120)]
    admitted(away, user_id, *leads)

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(lambda _: drained(keeping), range(2)))

    assert sum(counts) == 120
    assert len(stored.leads()) == len(stored.events()) == 120
    assert keeping.spool.depth().waiting == 0


# As if nothing had happened ----------------------------------------------------------------------


def arrivals(gate, tenant_id, count=150):
    """Return leads of people, some of them again, throwaways, spam, and bursts of one address."""
    rng, people = random.Random(3), Population(3, count)
    for number in range(count):
        fields = people.lead(number)
        if number > 10 and rng.random() < 0.2:
            fields = people.again(rng.randrange(number))
        if rng.random() < 0.05:
            fields = {"email": f"x{number}@mailinator.com", "name": "asdf", "company": "Test Corp"}
        burst = number // 15 % 3 == 0
        yield lead(
            gate,
            tenant_id,
            fields,
            key=f"n{number}" if number % 2 else None,
            at=NOON + timedelta(seconds=2 * number),
            ip="203.0.113.77" if burst else f"198.51.100.{number}",
            honeypot="x" if rng.random() < 0.03 else "",
        )


def test_the_verdicts_are_those_of_an_undisturbed_run(keeping, away, gate, user_id, owner):
    calm, outage = f"{user_id}-calm", f"{user_id}-outage"
    for one in arrivals(gate, calm):
        admitted(keeping, calm, one)
    for one in arrivals(gate, outage):
        admitted(away, outage, one)

    assert drained(keeping) == 150

    expected = Stored(owner, calm).actions()
    assert len(set(expected)) == 3  # there is something to get wrong
    assert Stored(owner, outage).actions() == expected
    assert people(Stored(owner, outage)) == people(Stored(owner, calm))


def people(stored):
    """Return for each lead which was the first one of its subject."""
    subjects = stored.subjects()
    return [subjects.index(subject) for subject in subjects]


def test_every_lead_that_would_not_have_been_allowed_is_told_of_once(
    keeping, away, gate, user_id, stored
):
    for one in arrivals(gate, user_id):
        admitted(away, user_id, one)
    drained(keeping)

    late = [lead_id for _, lead_id in stored.events("lead.late_duplicate")]
    actions = dict(zip(stored.leads(), stored.actions(), strict=True))
    refused = [one for one, action in actions.items() if action != "allow_processing"]
    assert late == refused != []


def test_a_possible_duplicate_is_put_before_a_person(keeping, away, user_id, stored):
    throwaway = {"email": "test@tempmail.com", "phone": "+1-000-000-0000", "company": "Test Corp"}
    answer = said(away, user_id, throwaway)

    drained(keeping)

    assert stored.reviews() == [answer["lead_id"]]


def test_a_lead_keeps_the_times_and_the_id_of_its_arrival(keeping, away, gate, user_id, owner):
    one = lead(gate, user_id, key="k", at=NOON)
    answer = orjson.loads(admitted(away, user_id, one)[0])

    drained(keeping)

    row = owner.execute(
        "SELECT id, received_at, submitted_at FROM public.leads WHERE tenant_id = %s", [user_id]
    ).fetchone()
    assert row == (UUID(answer["lead_id"]), one.arrival.received_at, NOON)


def test_every_answer_that_was_given_stands(keeping, away, gate, user_id):
    def answers(host):
        return [admitted(host, user_id, one) for one in arrivals(gate, user_id, 30) if one.retry]

    given = answers(away)
    drained(keeping)

    assert answers(keeping) == given


def test_another_lead_under_the_key_is_refused_after_all(keeping, away, gate, user_id):
    said(away, user_id, ADA, "k")
    drained(keeping)

    (answered,) = keeping.admit(user_id, [lead(gate, user_id, BOB, "k")], rendered)

    assert isinstance(answered.error, KeyReused)


def test_a_lead_that_still_cannot_be_compared_is_stored_with_its_recheck(
    keeping, away, user_id, stored, worker_database
):
    answer = said(away, user_id, ADA | {"city": 7})

    drained(keeping)

    assert stored.leads() == [answer["lead_id"]]
    (job,) = claimed(worker_database, user_id)
    assert str(job.lead_id) == answer["lead_id"]


# Before the next lead ----------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["later", None])
def test_a_lead_after_the_outage_meets_those_that_passed(keeping, away, user_id, stored, key):
    passed = said(away, user_id)

    answer = said(keeping, user_id, ADA, key)

    assert answer["action_taken"] == "reject_duplicate"
    assert answer["duplicate_of"] == passed["lead_id"]
    assert stored.events() == [("lead.created", passed["lead_id"])]


def test_a_lead_that_could_not_meet_them_is_not_checked_either(
    keeping, away, gate, user_id, app_conninfo, owner
):
    passed = said(away, user_id)
    with closing(Database(app_conninfo, gate.keyring.fingerprint, most=1)) as database:
        broken = with_database(keeping, database)
        with database.lookup() as conn:
            pid = conn.info.backend_pid
        owner.execute("SELECT pg_terminate_backend(%s, 1000)", [pid])

        answers = [said(broken, user_id) for _ in range(2)]

    assert answers[0]["degraded"]
    assert answers[1]["duplicate_of"] == passed["lead_id"]


def test_a_lead_does_not_wait_for_other_tenants_or_for_long(keeping, away, gate, user_id):
    other = f"{user_id}-other"
    said(away, other)
    # As after a long outage: many times what may be waited for.
    leads = [lead(gate, user_id, {"email": f"n{n}@each.example"}) for n in range(400)]
    admitted(away, user_id, *leads)

    began = time.monotonic()
    said(keeping, user_id, BOB)
    took = time.monotonic() - began

    assert took < 2.5
    assert keeping.spool.waiting(other)
    assert keeping.spool.waiting(user_id)


# Entries and databases at fault ------------------------------------------------------------------


def poison(spool, tenant_id):
    """Put an entry that nobody can open."""
    entry = Entry(receipt(tenant_id, "poison"), tenant_id, uuid4(), b"?" * 40, datetime.now(UTC))
    return spool.put(entry).receipt_id


def test_an_entry_that_cannot_be_stored_blocks_nobody(keeping, away, user_id, stored):
    poison(keeping.spool, user_id)
    answer = said(away, user_id)

    assert drained(keeping) == 1

    assert stored.leads() == [answer["lead_id"]]
    assert keeping.spool.depth().waiting == 1


def test_an_entry_that_fails_five_times_is_a_dead_letter(keeping, user_id):
    receipt_id = poison(keeping.spool, user_id)
    for _ in range(MOST_TRIES - 2):
        keeping.spool.failed(receipt_id, "Unsealable", NOON)  # its pauses are long over

    drained(keeping)
    assert keeping.spool.depth().dead == 0
    drained_after_its_pause(keeping, receipt_id)

    assert [one.receipt_id for one in keeping.spool.dead()] == [receipt_id]
    assert not keeping.spool.waiting(user_id)


def drained_after_its_pause(keeping, receipt_id):
    """Try an entry once more as if its pause were over."""
    (entry,) = (keeping.spool.find(receipt_id),)
    keeping.spool.settle([receipt_id])
    keeping.spool.put(replace(entry, tries=0))
    for _ in range(entry.tries):
        keeping.spool.failed(receipt_id, "Unsealable", NOON)
    drained(keeping)


def test_a_lead_that_the_database_refuses_is_no_reason_to_stop(keeping, away, user_id, stored):
    said(away, user_id, BOB | {"city": "\0"})  # PostgreSQL stores no NUL in a text
    answer = said(away, user_id)

    drained(keeping)

    assert stored.leads() == [answer["lead_id"]]
    (left,) = keeping.spool.due(datetime.now(UTC) + timedelta(minutes=1), 9)
    assert left.tries == 1


def test_the_answer_of_a_dead_letter_is_still_repeated(keeping, away, gate, user_id):
    given = admitted(away, user_id, lead(gate, user_id, key="k"))
    for _ in range(MOST_TRIES):
        keeping.spool.failed(receipt(user_id, "k"), "error", NOON)

    assert keeping.spool.depth().dead == 1
    assert admitted(keeping, user_id, lead(gate, user_id, key="k")) == given


@pytest.fixture
def unmigrated(server, owner_conninfo):
    """A database of our server that has no tables."""
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        conn.execute("CREATE DATABASE unmigrated")
        database = Database(server.conninfo("leadfly_app", "unmigrated"), most=1)
        yield database
        database.close()
        conn.execute("DROP DATABASE unmigrated WITH (FORCE)")


def test_a_database_without_tables_is_no_fault_of_the_leads(keeping, away, unmigrated, user_id):
    said(away, user_id)

    for _ in range(MOST_TRIES + 1):
        with pytest.raises(Unavailable):
            drained(with_database(keeping, unmigrated))

    (left,) = keeping.spool.due(datetime.now(UTC), 9)
    assert left.tries == 0


def test_a_database_that_is_away_burns_no_tries(keeping, away, user_id):
    said(away, user_id)

    with pytest.raises(Unavailable):
        drained(away)

    (left,) = keeping.spool.due(datetime.now(UTC), 9)
    assert left.tries == 0


# Privacy -----------------------------------------------------------------------------------------


@pytest.fixture
def strict(keeping, local_settings):
    """The same host in a mode that asks for consent."""
    gate = Gate(MODES["gdpr_strict"], keyring(local_settings))
    return Keeping(keeping.database, gate, keeping.spool)


CONSENT = Consent(
    frozenset({"lead_processing", "marketing"}), NOON, "2026-03", "https://cert.example/1"
)


def test_consent_fails_closed_while_the_database_is_away(strict, user_id):
    with pytest.raises(ConsentMissing):
        lead(strict.gate, user_id)


def test_a_lead_brings_its_consent_along(strict, nowhere, user_id, owner):
    said(with_database(strict, nowhere), user_id, ADA, "k", consent=CONSENT)

    assert drained(strict) == 1

    lead_id, fields, *consent, proof = owner.execute(
        """
        SELECT lead.id, lead.fields, purposes, given_at, text_version, proof
        FROM public.leads AS lead JOIN public.consents AS consent ON consent.lead_id = lead.id
        WHERE lead.tenant_id = %s
        """,
        [user_id],
    ).fetchone()
    assert fields == {}
    assert consent == [["lead_processing", "marketing"], NOON, "2026-03"]
    assert strict.gate.unseal(user_id, proof, f"{lead_id}/proof") == b"https://cert.example/1"


def test_a_lead_without_the_consent_that_is_asked_for_now_is_not_stored(
    strict, away, user_id, stored
):
    said(away, user_id)  # in a mode that asked for none

    assert drained(strict) == 0

    assert stored.leads() == []
    assert strict.spool.depth().waiting == 1


def test_deleting_the_subject_of_a_reconciled_lead_leaves_nothing(
    keeping, away, user_id, owner, stored
):
    said(away, user_id, ADA, "k")
    said(away, user_id, ADA | {"city": 7}, consent=CONSENT)
    drained(keeping)

    owner.execute("DELETE FROM public.subjects WHERE tenant_id = %s", [user_id])

    assert stored.count() == (0, 0, 0, 0, 0)
    assert stored.rows("SELECT 1 FROM public.jobs WHERE tenant_id = %(tenant)s") == []
    assert stored.rows("SELECT 1 FROM public.raw_bodies WHERE tenant_id = %(tenant)s") == []
    assert stored.rows("SELECT 1 FROM public.consents WHERE tenant_id = %(tenant)s") == []


def test_a_reconciled_lead_is_nowhere_in_the_spool(keeping, away, user_id):
    answer = said(away, user_id, ADA, "k")
    drained(keeping)
    keeping.spool.close()

    files = [one for one in keeping.spool.folder.iterdir() if one.name.startswith("spool")]
    mark = UUID(answer["receipt_id"]).bytes
    assert [one.name for one in files if mark in one.read_bytes()] == []


def test_a_decision_that_the_given_answer_contradicts_is_counted(keeping, silent, user_id):
    def counted(verdict):
        return RECONCILED.labels(verdict)._value.get()

    said(keeping, user_id)
    landed, divergent = counted("landed"), counted("divergent")

    said(silent, user_id, BOB)  # a new person: the database allowed it, as the answer says
    drained(keeping)
    said(silent, user_id)  # known: the database had rejected it
    drained(keeping)

    assert (counted("landed"), counted("divergent")) == (landed + 1, divergent + 1)
