"""An import from its preview to its undoing, on a real PostgreSQL."""

from types import SimpleNamespace

import psycopg
import pytest

from shared.db import ERASER, WORKER, Database
from shared.keyfile import keyring
from tests.services.dedup.imports.engine import Engine, Stored, lines

ADA = "Ada,Lovelace,ada@analytical.example,+1 212 555 0123,Analytical Engines Ltd,London"
ALAN = "Alan,Turing,alan@bletchley.example,+1 312 555 0188,Bletchley Park,Bletchley"


@pytest.fixture(scope="module")
def databases(server, local_settings, database):
    print_ = keyring(local_settings).fingerprint
    one = Database(server.conninfo(WORKER), print_, most=1, role=WORKER)
    eraser = Database(server.conninfo(ERASER), print_, most=1, role=ERASER)
    yield SimpleNamespace(one=one, app=database, eraser=eraser)
    one.close()
    eraser.close()


@pytest.fixture
def engine(databases, gate, user_id):
    return Engine(databases, databases.eraser, gate, user_id)


@pytest.fixture
def stored(owner_conninfo, user_id):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield Stored(conn, user_id)


# Preview ----------------------------------------------------------------------------------


def test_a_preview_stores_no_lead(engine, stored):
    job = engine.previewed(lines(ADA, ALAN))

    assert (job.status, job.rows_total, job.previewed.new) == ("previewed", 2, 2)
    assert stored.count() == 0


def test_a_row_is_compared_with_the_rows_before_it(engine):
    again = "ADA,LOVELACE,Ada@Analytical.example,(212) 555-0123,Analytical Engines,london"

    job = engine.previewed(lines(ADA, ALAN, again))

    assert engine.outcomes(job) == ["new", "new", "duplicate"]
    assert engine.rows(job)[2].known_row == 2


def test_what_no_record_says_yet_is_an_update(engine, post):
    known = post(first_name="Ada", last_name="Lovelace", email="ada@analytical.example")

    job = engine.previewed(lines(ADA))

    (row,) = engine.rows(job)
    assert (row.outcome, str(row.known_id)) == ("update", known["lead_id"])
    assert row.differing == ("phone", "company", "city")


def test_a_nickname_and_another_spelling_of_a_number_are_no_difference(engine, post):
    post(
        first_name="Robert",
        last_name="Lovelace",
        email="r.lovelace@analytical.example",
        phone="212-555-0123",
        company="Analytical Engines",
        country="US",
    )

    job = engine.previewed(
        lines("Bob,Lovelace,r.lovelace@analytical.example,+12125550123,Analytical Engines Ltd,")
    )

    assert engine.outcomes(job) == ["duplicate"]


def test_another_name_under_a_known_address_is_a_conflict(engine, post):
    post(name="Ada Lovelace", email="ada@analytical.example", phone="+1 212 555 0123")

    job = engine.previewed(lines("Zoe,Miller,ada@analytical.example,+1 212 555 0123,,"))

    (row,) = engine.rows(job)
    assert (row.outcome, row.differing) == ("conflict", ("name",))


def test_a_row_that_reaches_nobody_is_refused_with_its_reason(engine):
    job = engine.previewed(lines("Nobody,Here,,,,", ADA))

    refused, fine = engine.rows(job)
    assert (refused.outcome, refused.number, fine.outcome) == ("refused", 2, "new")
    assert "email" in (refused.reason or "")


# Import ----------------------------------------------------------------------------------


def test_an_import_does_what_its_preview_said(engine, post):
    post(name="Alan Turing", email="alan@bletchley.example")
    text = lines(ADA, ALAN, ADA, "Zoe,Miller,alan@bletchley.example,,,", "No,Body,,,,")
    before = engine.previewed(text)
    said = [(row.number, row.outcome, row.differing) for row in engine.rows(before)]

    job = engine.confirmed(before)

    assert job.status == "done"
    assert [(row.number, row.outcome, row.differing) for row in engine.rows(job)] == said
    assert job.imported == job.previewed


def test_nothing_that_is_stored_is_overwritten(engine, client, post, user_id):
    known = post(name="Ada Lovelace", email="ada@analytical.example")

    engine.imported(lines(ADA))

    place = f"/api/v1/lead-discovery/leads/{known['lead_id']}?user_id={user_id}"
    assert client.get(place).json["lead"]["company"] is None


def test_a_contradiction_is_stored_and_waits_for_a_reviewer(engine, stored, post):
    post(name="Ada Lovelace", email="ada@analytical.example", phone="+1 212 555 0123")

    job = engine.imported(lines("Zoe,Miller,ada@analytical.example,+1 212 555 0123,,"))

    assert job.imported.conflict == 1
    assert (stored.count(), stored.count("dedup.reviews")) == (2, 1)


def test_nobody_is_told_of_imported_leads(engine, stored):
    engine.imported(lines(ADA, ALAN))

    assert (stored.count(), stored.count("public.events")) == (2, 0)


def test_webhooks_hear_of_imported_leads_where_that_is_asked_for(engine, stored):
    engine.imported(lines(ADA, ALAN), tell=True)

    assert stored.count("public.events") == 2


def test_no_bodies_and_no_answers_are_kept_of_rows(engine, stored):
    engine.imported(lines(ADA))

    assert stored.count("public.raw_bodies") == 0
    assert stored.count("public.idempotent_answers") == 0


def test_an_imported_lead_is_known_to_whoever_posts_it_again(engine, post):
    engine.imported(lines(ADA))

    assert post(email="ada@analytical.example")["action_taken"] == "reject_duplicate"


# Undoing ----------------------------------------------------------------------------------


def test_an_undone_import_leaves_nothing_of_its_leads(engine, stored):
    job = engine.undone(engine.imported(lines(ADA, ALAN, ADA)))

    assert (job.status, job.undone, job.kept) == ("undone", 3, 0)
    for table in ("public.leads", "public.subjects", "dedup.records", "dedup.import_rows"):
        assert stored.count(table) == 0, table


def test_a_lead_that_somebody_changed_stays(engine, stored, client, user_id):
    job = engine.imported(lines(ADA, ALAN))
    lead_id = engine.rows(job)[0].lead_id
    body = {"user_id": user_id, "status": "contacted"}
    answer = client.put(f"/api/v1/lead-discovery/leads/{lead_id}", json=body)
    assert answer.status_code == 200, answer.json

    job = engine.undone(job)

    assert (job.undone, job.kept, stored.count()) == (1, 1, 1)
    assert [row.lead_id for row in engine.rows(job) if row.kept] == [lead_id]


def test_all_go_where_that_is_asked_for(engine, stored, client, user_id):
    job = engine.imported(lines(ADA))
    body = {"user_id": user_id, "status": "contacted"}
    client.put(f"/api/v1/lead-discovery/leads/{engine.rows(job)[0].lead_id}", json=body)

    job = engine.undone(engine.undone(job), including_changed=True)

    assert (job.undone, job.kept, stored.count()) == (1, 0, 0)


def test_who_came_by_another_door_stays_as_the_first_of_their_person(engine, post, client, user_id):
    job = engine.imported(lines(ADA))
    later = post(email="ada@analytical.example")

    engine.undone(job)

    place = f"/api/v1/lead-discovery/leads/{later['lead_id']}?user_id={user_id}"
    assert client.get(place).json["lead"]["duplicate_of"] is None
