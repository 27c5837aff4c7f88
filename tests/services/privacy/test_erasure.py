"""Erasing over HTTP: all of it goes, nobody else is touched, and nothing comes back."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

import leadfly.app
import services.privacy.app
from services.dedup.admission import Keeping
from services.dedup.reconcile import reconcile
from services.privacy.erasure import Desk, StillWaiting, erase
from services.privacy.withdrawing import Office, Wanted, standing, withdraw
from shared import keys
from shared.clusters import turn
from shared.db import ERASER, Database
from shared.erasure_ledger import ErasureLedger
from shared.errors import NotFound
from shared.privacy.addresses import of_email
from shared.privacy.modes import MODES
from shared.spool import Spool
from tests.services.dedup.arrivals import lead, said, with_database
from tests.services.dedup.flagged import ADA, KING, REVIEWS, flagged
from tests.services.dedup.test_privacy import everything

LEADS = "/api/v1/lead-discovery/leads"
BOB = {"email": "bob@builder.example", "first_name": "Bob", "last_name": "Builderman"}


@pytest.fixture
def delete(app, user_id):
    """Ask for an erasure; safe to call from threads."""

    def delete(lead_id, expect=200, **query):
        response = app.test_client().delete(
            f"{LEADS}/{lead_id}", query_string={"user_id": user_id} | query
        )
        assert expect in (None, response.status_code), response.json
        return response.json

    return delete


def rows(owner, user_id):
    """Return every row of the tenant but the audit of erasures, as text."""
    return [row for row in everything(owner, user_id) if not row.startswith("erasures")]


def belonging(owner, user_id):
    """Return by lead whose record it is and which lead it is a duplicate of."""
    found = owner.execute(
        "SELECT id::text, subject_id::text, duplicate_of::text FROM public.leads "
        "WHERE tenant_id = %s",
        [user_id],
    )
    return {lead_id: (subject, original) for lead_id, subject, original in found}


@pytest.mark.parametrize("mode", ["standard", "gdpr_strict"])
def test_whoever_gave_a_placeholder_is_listed_by_it_and_erased(
    local_settings, owner, user_id, mode
):
    app = leadfly.app.create_app(replace(local_settings, mode=MODES[mode]))
    client, account = app.test_client(), {"user_id": user_id}
    body = {"source_id": "s", "lead_data": BOB | {"email": "nobody@firma.example"}}
    body["consent"] = {"purposes": ["lead_processing"]}
    client.post("/webhook/leadfly/duplicate-prevention", json=account | body)

    listed = client.get(LEADS, query_string=account | {"search": "Nobody@firma.example"}).json
    (lead_id,) = [one["id"] for one in listed["leads"]]
    person = account | {"reach": "person"}
    erased = client.delete(f"{LEADS}/{lead_id}", query_string=person)
    app.extensions["leadfly"].database.close()

    assert erased.status_code == 200
    assert rows(owner, user_id) == []


# A lead ------------------------------------------------------------------------------------------


def test_an_erased_lead_leaves_nothing_behind(client, delete, owner, user_id):
    body = {"user_id": user_id, "source_id": "s", "lead_data": ADA}
    body |= {"consent": {"purposes": ["contact"], "proof": "p"}, "context": {"ip": "203.0.113.7"}}
    answer = client.post(
        "/webhook/leadfly/duplicate-prevention", json=body, headers={"Idempotency-Key": "k"}
    ).json
    assert len(rows(owner, user_id)) >= 10

    done = delete(answer["lead_id"])

    assert (done["records_erased"], done["records_remaining"]) == (1, 0)
    assert rows(owner, user_id) == []


def test_the_audit_says_who_when_and_how_many_and_not_of_whom(post, delete, owner, user_id):
    lead_id = post(**ADA)["lead_id"]

    delete(lead_id)

    (row,) = everything(owner, user_id)
    assert row.startswith("erasures") and "local" in row
    assert lead_id not in row and "ada" not in row.replace(user_id, "")


def test_a_second_call_finds_nothing_and_is_not_audited(post, delete, owner, user_id):
    lead_id = post(**ADA)["lead_id"]
    delete(lead_id)

    delete(lead_id, expect=404)

    assert len(everything(owner, user_id)) == 1


def test_an_unknown_and_a_foreign_lead_are_one_answer(post, client, delete, owner, user_id):
    lead_id = post(**ADA)["lead_id"]
    before = everything(owner, user_id)

    foreign = client.delete(f"{LEADS}/{lead_id}", query_string={"user_id": f"{user_id}-other"})
    unknown = delete(uuid4(), expect=404)

    assert foreign.status_code == 404
    assert foreign.json["error"] == unknown["error"]
    assert everything(owner, user_id) == before


def test_the_person_stays_while_another_lead_is_about_them(post, delete, owner, user_id):
    first, second = post(**ADA), post(**ADA)

    done = delete(second["lead_id"])

    assert done["records_remaining"] == 1
    assert any("reach=person" in step for step in done["next_steps"])
    assert belonging(owner, user_id) == {first["lead_id"]: (first["lead_id"], None)}


def test_the_next_lead_of_a_person_becomes_the_first(post, delete, owner, user_id):
    first, second, third = (post(**ADA)["lead_id"] for _ in range(3))

    delete(first)

    assert belonging(owner, user_id) == {second: (first, None), third: (first, second)}
    assert post(**ADA)["duplicate_of"] == second


def test_decisions_about_others_stay_and_forget_the_erased_lead(
    post, delete, client, database, gate, owner, user_id
):
    known = post(**ADA)
    other = flagged(database, gate, user_id)
    path = f"/api/v1/lead-discovery/decisions/{other['decision_id']}?user_id={user_id}"
    before = client.get(path).json["decision"]
    assert before["compared_with"] == known["lead_id"]

    delete(known["lead_id"])

    assert client.get(path).json["decision"] == before | {"compared_with": None}
    assert not any(known["lead_id"] in row for row in rows(owner, user_id) if "events" not in row)


def test_a_merge_can_be_undone_after_the_first_of_its_leads_was_erased(
    post, client, delete, database, gate, owner, user_id
):
    post(**ADA)
    first = flagged(database, gate, user_id)
    second = post(**KING)
    assert second["duplicate_of"] == first["lead_id"]
    review = flagged(database, gate, user_id, KING | {"email": "other@king.example"})
    path, asked = f"{REVIEWS}/{review['review_id']}", {"user_id": user_id}
    client.post(f"{path}/verdict", json=asked | {"verdict": "duplicate"})
    client.post(f"{REVIEWS}/{first['review_id']}/verdict", json=asked | {"verdict": "different"})

    delete(first["lead_id"])
    client.post(f"{path}/reopen", json=asked)

    now = belonging(owner, user_id)
    assert now[second["lead_id"]][1] is None or now[second["lead_id"]][1] in now
    assert all(original is None or original in now for _, original in now.values())


def test_who_is_erased_is_somebody_new_when_they_come_again(post, delete):
    delete(post(**ADA)["lead_id"])

    assert post(**ADA)["action_taken"] == "allow_processing"


# A person ----------------------------------------------------------------------------------------


def test_a_person_goes_with_every_lead_rejected_ones_too(post, delete, owner, user_id):
    bob = post(**BOB)["lead_id"]
    kept = rows(owner, user_id)
    post(**ADA)
    second = post(**ADA)
    assert second["action_taken"] == "reject_duplicate"

    done = delete(second["lead_id"], reach="person")

    assert (done["records_erased"], done["records_remaining"]) == (2, 0)
    assert sorted(rows(owner, user_id)) == sorted(kept)
    assert bob in belonging(owner, user_id)


def test_a_reach_that_is_none_is_refused_by_name(delete):
    refused = delete(uuid4(), expect=400, reach="everyone")

    assert refused["error"]["details"] == {"reach": "must be one of lead, person"}


def test_an_id_that_is_none_is_refused_by_name(delete):
    assert delete("1", expect=400)["error"]["details"] == {"lead_id": "must be a UUID"}


def test_a_key_needs_the_scope_and_stands_in_the_audit(keys_client, database, post, owner, user_id):
    lead_id = post(**ADA)["lead_id"]
    with database.transaction(user_id) as conn:
        _, weak = keys.create(conn, user_id, ["read:leads", "write:leads", "admin:account"])
        key, strong = keys.create(conn, user_id, ["delete:leads"])

    def ask(text):
        return keys_client.delete(f"{LEADS}/{lead_id}", headers={"X-API-Key": text}).status_code

    assert [ask("none"), ask(weak), ask(strong), ask(strong)] == [401, 403, 200, 404]
    audited = owner.execute(
        "SELECT erased_by FROM privacy.erasures WHERE tenant_id = %s", [user_id]
    )
    assert audited.fetchall() == [(key.prefix,)]


@pytest.fixture
def client_with(local_settings, app_conninfo):
    """A client of the desk alone, whose application login is no eraser's."""
    apps = []

    def client_with(eraser_url):
        settings = replace(
            local_settings, database_url=app_conninfo, eraser_database_url=eraser_url
        )
        apps.append(services.privacy.app.create_app(settings))
        return apps[-1].test_client()

    yield client_with
    for app in apps:
        app.extensions["leadfly"].database.close()


def test_an_eraser_with_a_login_of_its_own_erases(client_with, server, post, user_id):
    lead_id = post(**ADA)["lead_id"]

    done = client_with(server.conninfo(ERASER)).delete(f"{LEADS}/{lead_id}?user_id={user_id}")

    assert done.status_code == 200


@pytest.mark.parametrize("eraser_url", [None, "host=/nowhere user=nobody"])
def test_the_application_erases_nothing_where_the_eraser_cannot(
    client_with, post, owner, user_id, eraser_url
):
    lead_id = post(**ADA)["lead_id"]

    refused = client_with(eraser_url).delete(f"{LEADS}/{lead_id}?user_id={user_id}")

    assert refused.status_code == 503
    assert list(belonging(owner, user_id)) == [lead_id]


# What waits in the spool -------------------------------------------------------------------------


@pytest.fixture
def spool(tmp_path):
    with closing(Spool(tmp_path / "spool")) as spool:
        yield spool


@pytest.fixture
def keeping(database, gate, spool):
    return Keeping(database, gate, spool)


@pytest.fixture
def away(keeping, tmp_path):
    """The same host while its database is away."""
    nowhere = Database(f"host={tmp_path} dbname=none user=nobody")
    nowhere.watch()
    give_up = time.monotonic() + 10
    while not nowhere.away and time.monotonic() < give_up:
        time.sleep(0.01)
    yield with_database(keeping, nowhere)
    nowhere.close()


@pytest.fixture
def desk(server, gate, spool, local_settings):
    """Erasing on the spool of this test."""
    eraser = Database(server.conninfo(ERASER), gate.keyring.fingerprint, 4, ERASER)
    with closing(eraser) as database:
        yield Desk(database, gate, spool, ErasureLedger(local_settings.ledger_folder))


def erased(desk, tenant_id, answer, reach="lead"):
    """Erase the lead of *answer*."""
    return erase(desk, tenant_id, UUID(answer["lead_id"]), reach, "test")


def drained(keeping, tenant_id):
    return reconcile(keeping.database, keeping.gate, keeping.spool, tenant_id, 5.0)


def test_a_lead_that_waits_to_be_stored_does_not_come_back(keeping, away, desk, owner, user_id):
    bob, ada = said(away, user_id, BOB), said(away, user_id, ADA)

    done = erased(desk, user_id, ada)
    drained(keeping, user_id)

    assert done.records == 1
    assert list(belonging(owner, user_id)) == [bob["lead_id"]]
    with pytest.raises(NotFound):
        erased(desk, user_id, ada)


def test_whose_lead_waits_withdraws_when_it_is_stored_and_at_once_by_their_address(
    keeping, away, spool, database, gate, user_id
):
    lead_id = UUID(said(away, user_id, ADA)["lead_id"])
    office = Office(database, gate, spool, "US")
    by_lead = Wanted(lead_id, [], [], "other", None, "local")
    by_address = replace(by_lead, lead_id=None, addresses=[of_email(ADA["email"])])
    with pytest.raises(StillWaiting):
        withdraw(office, user_id, by_lead, datetime.now(UTC))

    withdraw(office, user_id, by_address, datetime.now(UTC))
    drained(keeping, user_id)

    where, _ = standing(office, user_id, lead_id, 10)
    assert where.withdrawn_at is not None


def test_without_looking_into_the_spool_it_would_come_back(keeping, away, owner, user_id):
    said(away, user_id, ADA)

    owner.execute("DELETE FROM public.subjects WHERE tenant_id = %s", [user_id])
    drained(keeping, user_id)

    assert len(belonging(owner, user_id)) == 1


def test_a_lead_that_is_stored_and_still_in_the_spool_counts_once(
    keeping, away, desk, spool, owner, user_id
):
    one = said(away, user_id, ADA)
    (entry,) = spool.due(datetime.now(UTC), 10, user_id)
    drained(keeping, user_id)
    spool.put(entry)  # as if we had died before it was settled

    assert erased(desk, user_id, one).records == 1
    drained(keeping, user_id)

    assert rows(owner, user_id) == []


def test_another_tenants_lead_stays_in_the_spool(away, desk, spool, user_id):
    one = said(away, user_id, ADA)

    with pytest.raises(NotFound):
        erased(desk, f"{user_id}-other", one)

    assert spool.waiting(user_id)


def test_a_person_is_erased_only_when_nothing_of_theirs_can_wait(
    keeping, away, desk, owner, user_id
):
    first = said(keeping, user_id, ADA)
    said(away, user_id, ADA)

    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(erased, desk, user_id, first, "person")
        time.sleep(0.2)
        assert not asked.done()
        drained(keeping, user_id)
        done = asked.result(timeout=10)

    assert done.records == 2
    assert rows(owner, user_id) == []


def test_where_nobody_stores_what_waits_a_person_is_not_said_to_be_erased(
    keeping, away, desk, owner, user_id
):
    first = said(keeping, user_id, ADA)
    said(away, user_id, BOB)
    before = rows(owner, user_id)

    with pytest.raises(StillWaiting):
        erased(desk, user_id, first, "person")

    assert rows(owner, user_id) == before


def test_an_erasure_waits_for_whoever_takes_leads_from_the_spool(
    keeping, away, desk, spool, owner, user_id
):
    one = said(away, user_id, ADA)

    with ThreadPoolExecutor(1) as threads, spool.alone(1.0):
        asked = threads.submit(erased, desk, user_id, one)
        time.sleep(0.2)
        assert not asked.done()
    assert asked.result(timeout=10).records == 1


def test_erasing_while_the_spool_is_drained_leaves_nothing(keeping, away, desk, owner, user_id):
    waiting = [said(away, user_id, ADA | {"email": f"ada{n}@a{n}.example"}) for n in range(30)]

    with ThreadPoolExecutor(3) as threads:
        threads.submit(drained, keeping, user_id)
        asked = [threads.submit(erased, desk, user_id, one) for one in waiting]
        for one in asked:
            one.result(timeout=30)
    drained(keeping, user_id)

    assert rows(owner, user_id) == []


# At the same time --------------------------------------------------------------------------------


@pytest.mark.parametrize("held", ["a lead like it is decided", "a verdict is given"])
def test_an_erasure_waits_for_what_it_would_cross(post, delete, busy_database, gate, user_id, held):
    known = post(**ADA)
    locked = lead(gate, user_id, ADA).locked if held.startswith("a lead") else [turn(gate, user_id)]

    with ThreadPoolExecutor(1) as threads:
        with busy_database.transaction(user_id, locked) as conn:
            conn.execute("SELECT 1").fetchone()
            asked = threads.submit(delete, known["lead_id"])
            time.sleep(0.3)
            assert not asked.done()
        assert asked.result(timeout=10)["records_erased"] == 1


@pytest.mark.parametrize("reach", ["lead", "person"])
def test_erasures_and_leads_at_once_leave_no_half_a_person(post, delete, owner, user_id, reach):
    stop = threading.Event()
    arrived = [post(**ADA)["lead_id"]]

    def arriving():
        while not stop.is_set():
            arrived.append(post(**ADA)["lead_id"])

    def erasing():
        for _ in range(25):
            delete(arrived[-1], expect=None, reach=reach)

    with ThreadPoolExecutor(4) as threads:
        senders = [threads.submit(arriving) for _ in range(2)]
        erasers = [threads.submit(erasing) for _ in range(2)]
        for one in erasers:
            one.result(timeout=60)
        stop.set()
        for one in senders:
            one.result(timeout=10)

    now = belonging(owner, user_id)
    firsts = {subject for subject, original in now.values() if original is None}
    assert len(firsts) == len({subject for subject, _ in now.values()}) <= 1
    assert all(original is None or original in now for _, original in now.values())
    empty = owner.execute(
        "SELECT count(*) FROM public.subjects s WHERE tenant_id = %s AND NOT EXISTS "
        "(SELECT FROM public.leads l WHERE l.tenant_id = s.tenant_id AND l.subject_id = s.id)",
        [user_id],
    )
    assert empty.fetchone() == (0,)
