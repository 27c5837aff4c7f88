"""Leads and services that change have their matches scored anew without anybody asking."""

import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from services.matching import rematching
from services.matching.catalogue_cache import Catalogues
from services.matching.matchmaking import Desk
from shared.errors import Unavailable
from tests.services.leads.account import told
from tests.services.matching.rematched import Rematched, never


@pytest.fixture
def desk(worker_database, gate):
    return Desk(worker_database, gate, "US", Catalogues())


@pytest.fixture
def mine(app, user_id, desk):
    return Rematched(app, user_id, desk)


@pytest.fixture
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


def needs_more(mine, lead_id):
    """Let the signals service find out that a lead needs a loan."""
    body = {"user_id": mine.user_id, "lead_id": lead_id, "content": "We need a business loan now."}
    answer = mine.client.post("/webhook/leadfly/signal-detection", json=body)
    assert answer.status_code == 200, answer.text
    mine.read()


def test_a_lead_whose_signals_changed_is_scored_anew_and_told(mine, database, user_id):
    mine.service(answers_needs=["business_loan"])
    (lead_id,) = mine.leads(1, lead_category="")
    before = mine.match(lead_id)["matches"][0]

    needs_more(mine, lead_id)
    mine.work(automatic=True)

    (after,) = mine.kept(lead_id)
    assert after["match_id"] == before["match_id"]
    assert after["match_score"] > before["match_score"]
    high = [data for name, _, data in told(database, user_id) if name == "high_score_match"]
    assert len(high) == (after["match_score"] >= 75)


def test_a_lead_without_matches_gets_none_by_itself(mine, owner, user_id):
    mine.service()
    (lead_id,) = mine.leads(1)

    needs_more(mine, lead_id)

    query = "SELECT count(*) FROM matching.unscored WHERE tenant_id = %s"
    assert owner.execute(query, [user_id]).fetchone() == (0,)


def test_a_lead_that_withdrew_its_consent_has_its_matches_ended(mine, owner, user_id):
    mine.service()
    (lead_id,) = mine.leads(1)
    mine.match(lead_id)
    owner.execute(
        "INSERT INTO public.consents (tenant_id, id, lead_id, purposes, given_at, recorded_at,"
        " withdrawn_at) VALUES (%s, gen_random_uuid(), %s, '{sharing}', now(), now(), now())",
        [user_id, lead_id],
    )

    mine.read()
    mine.work(automatic=True)

    assert mine.kept(lead_id) == []


def test_services_that_change_together_are_one_job_of_their_own(mine):
    (lead_id,) = mine.leads(1)
    services = [mine.service(service_name=f"S{n}") for n in range(3)]

    job = mine.quiet()
    mine.work()

    assert (job.automatic, {str(one) for one in job.order.service_ids}) == (True, set(services))
    assert len(mine.kept(lead_id)) == 3
    assert mine.quiet() is None


def test_a_service_that_still_changes_is_waited_for_but_not_for_ever(mine):
    mine.service()
    now = datetime.now(UTC)

    soon = rematching.ask_for_changed(mine.desk, mine.user_id, now + timedelta(seconds=1))
    late = rematching.ask_for_changed(mine.desk, mine.user_id, now + timedelta(minutes=3))

    assert soon is None and late is not None


def test_a_service_that_changes_while_a_job_is_under_way_has_the_next(mine):
    mine.rematch()
    mine.service()

    assert mine.quiet() is None
    mine.work()
    assert mine.quiet() is not None


def test_a_service_that_became_inactive_has_its_matches_ended(mine):
    service_id, (lead_id,) = mine.service(), mine.leads(1)
    mine.match(lead_id)
    mine.ask("DELETE", f"/services/{service_id}")

    mine.quiet()
    mine.work()

    assert mine.kept(lead_id) == []


def test_turned_off_nothing_happens_by_itself(mine):
    mine.service()
    (lead_id,) = mine.leads(1)
    before = mine.match(lead_id)["matches"][0]["match_score"]
    needs_more(mine, lead_id)

    rematching.follow(mine.desk, False, never)

    assert mine.kept(lead_id)[0]["match_score"] == before
    assert mine.get("/matches/rematch")["rematches"] == []


# Faults ------------------------------------------------------------------------------------------


def test_a_worker_that_is_killed_while_it_writes_loses_and_doubles_nothing(mine, owner):
    """The connection dies in the midst of a transaction, as with `kill -9`."""
    mine.service()
    leads = mine.leads(6)
    asked = mine.rematch()
    rematching.advance(mine.desk, mine.user_id, lambda: True, 2)
    with owner.transaction():
        owner.execute("SELECT FROM public.leads WHERE id = %s FOR UPDATE", [sorted(leads)[3]])
        dying = threading.Thread(target=_dies, args=(mine,))
        dying.start()
        _kill_who_waits(owner)
        dying.join(20)

    half = mine.job(asked)
    mine.work()

    assert (half["status"], half["leads_done"]) == ("running", 2)
    done = mine.job(asked)
    assert (done["status"], done["leads_done"], done["matches_kept"]) == ("done", 6, 6)
    assert done["leads_failed"] == 0
    assert [len(mine.kept(lead_id)) for lead_id in leads] == [1] * 6


def _dies(mine):
    with pytest.raises(Unavailable):
        rematching.advance(mine.desk, mine.user_id, never, 2)


def _kill_who_waits(owner):
    for _ in range(200):
        owner.execute("SELECT pg_stat_clear_snapshot()")
        killed = owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND query LIKE '%FOR NO KEY UPDATE%' AND pid <> pg_backend_pid()"
        ).fetchall()
        if killed:
            return
        threading.Event().wait(0.05)
    raise AssertionError("nobody waited")


def test_a_lead_that_cannot_be_matched_holds_up_no_other(mine, owner, user_id):
    mine.service()
    leads = sorted(mine.leads(4))
    name = f"fault_{user_id.replace('-', '_')}"
    fault = psycopg.sql.SQL(
        "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE division_by_zero; END $$;"
        "CREATE TRIGGER {name} BEFORE INSERT ON matching.matches FOR EACH ROW"
        " WHEN (NEW.lead_id = {lead}::uuid) EXECUTE FUNCTION {name}()"
    ).format(name=psycopg.sql.Identifier(name), lead=psycopg.sql.Literal(leads[1]))
    owner.execute(fault)
    asked = mine.rematch()

    try:
        mine.work()
    finally:
        drop = "DROP TRIGGER {name} ON matching.matches; DROP FUNCTION {name}()"
        owner.execute(psycopg.sql.SQL(drop).format(name=psycopg.sql.Identifier(name)))

    done = mine.job(asked)
    assert (done["status"], done["leads_done"], done["leads_failed"]) == ("done", 4, 1)
    assert done["errors"] == ["1 leads could not be matched; the log names them"]
    assert [len(mine.kept(lead_id)) for lead_id in leads] == [1, 0, 1, 1]
