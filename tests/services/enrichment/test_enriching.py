"""Enriching a lead on a real database: what is kept, replaced, shown, refused and forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
from psycopg import sql

from services.enrichment import looking, purge_store
from services.enrichment.enriching import (
    BeingEnriched,
    EnrichmentEnded,
    TooManyRuns,
)
from services.enrichment.permitting import Basis
from services.enrichment.run_store import ABANDONED
from shared.errors import NotFound
from tests.services.enrichment.conftest import NOW, Directory, Enriching, finding

INTEREST = Basis("legitimate_interests", "Balancing test 7")


def everything(owner, user_id):
    """Return every row of enrichment of this account, as text."""
    rows = []
    for table in ("runs", "findings"):
        query = sql.SQL("SELECT t::text FROM {} AS t WHERE tenant_id = %s")
        found = owner.execute(query.format(sql.Identifier("enrichment", table)), [user_id])
        rows += [text for (text,) in found]
    return rows


def test_a_finding_is_kept_with_its_source_and_time(mine, lead):
    lead_id = lead()
    one = finding(source_url="https://corp.example/", note="On its home page.")

    done = mine.run(lead_id, Directory(one))

    (held,) = mine.look(lead_id).held
    assert held == done.held[0]
    assert held.finding == one
    assert held.first_seen_at == NOW


def test_a_provider_is_told_what_it_needs_and_nothing_else(mine, lead):
    asked = Directory(needs=("company", "phone"))

    mine.run(lead(company="Acme", phone="+12127365000", email="ann@corp.example"), asked)

    assert asked.asked[0].fields == {"company": "Acme", "phone": "+12127365000"}


def test_what_a_caller_names_is_asked_about_and_not_kept(mine, lead, owner):
    asked = Directory(finding(), needs=("username", "email"))

    mine.run(lead(), asked, username="ann99", email="ann@else.example")

    assert asked.asked[0].fields == {"username": "ann99", "email": "ann@else.example"}
    assert not any("ann99" in row or "else" in row for row in everything(owner, mine.tenant_id))


def test_a_lead_that_says_nothing_a_provider_could_use_is_not_asked_about(mine, lead):
    asked = Directory(needs=("phone",))

    done = mine.run(lead(), asked)

    assert done.outcomes["directory"].status == "not_applicable"
    assert asked.asked == []


def test_values_are_sealed_in_every_mode(enriching_in, lead, owner):
    mine = enriching_in("testing")
    note = Basis("legitimate_interests", "because-of-ann")

    mine.run(lead(), Directory(finding(value="Secretive Acme", note="whisper")), basis=note)

    stored = " ".join(everything(owner, mine.tenant_id))
    assert "legitimate_interests" in stored
    assert not any(word in stored for word in ("Secretive", "whisper", "because-of-ann"))


def test_the_basis_is_on_record_with_who_and_when(mine, lead):
    lead_id = lead()

    mine.run(lead_id, Directory(personal=True), basis=INTEREST)

    (run,) = mine.look(lead_id).runs
    assert (run.basis, run.asked_by, run.asked_at) == (INTEREST, "local", NOW)
    assert run.ended_at >= NOW


def test_a_new_run_replaces_what_the_provider_found_before(mine, lead):
    lead_id = lead()
    mine.run(lead_id, Directory(finding(value="Acme"), finding(value="Old Name")))

    mine.run(lead_id, Directory(finding(value="Acme"), finding(value="New Name")))

    assert mine.values(lead_id) == ["Acme", "New Name"]


def test_what_is_found_again_keeps_when_it_was_first_seen(mine, lead):
    lead_id, later = lead(), NOW + timedelta(days=9)
    mine.run(lead_id, Directory(finding()))

    mine.run(lead_id, Directory(finding(found_at=later)), now=later)

    (held,) = mine.look(lead_id, now=later).held
    assert (held.first_seen_at, held.finding.found_at) == (NOW, later)
    assert held.expires_at == later + timedelta(days=365)


def test_another_providers_findings_stay(mine, lead):
    lead_id = lead()
    mine.run(lead_id, Directory(finding(value="A"), name="a"))

    mine.run(lead_id, Directory(finding(value="B"), name="b"))

    assert mine.values(lead_id) == ["A", "B"]


def test_a_provider_that_does_not_answer_takes_nothing_away(mine, lead):
    lead_id = lead()
    mine.run(lead_id, Directory(finding()))

    def fail():
        raise OSError

    done = mine.run(lead_id, Directory(act=fail))

    assert done.outcomes["directory"].status == "unavailable"
    assert mine.values(lead_id) == ["Acme"]


def test_what_the_person_gave_is_not_overwritten(mine, lead, client):
    lead_id = lead(company="Ajax")

    done = mine.run(lead_id, Directory(finding(value="Acme")))

    query = {"user_id": mine.tenant_id}
    shown = client.get(f"/api/v1/lead-discovery/leads/{lead_id}", query_string=query).json
    assert shown["lead"]["company"] == "Ajax"
    assert [(one.given, one.found) for one in done.conflicts] == [("Ajax", "Acme")]


def test_findings_expire_with_a_profiles_retention_and_are_purged(
    enriching_in, agreeing, worker_database, owner
):
    strict, lead_id = enriching_in("gdpr_strict"), agreeing()
    long_ago = NOW - timedelta(days=300)
    strict.run(lead_id, Directory(finding(found_at=long_ago)), now=long_ago)

    assert strict.values(lead_id, now=long_ago + timedelta(days=89)) == ["Acme"]
    assert strict.values(lead_id, now=long_ago + timedelta(days=91)) == []
    with worker_database.lookup() as conn:
        purge_store.purge_expired(conn, NOW)
    assert everything(owner, strict.tenant_id) == []


def test_the_purge_leaves_what_has_not_expired(mine, lead, worker_database):
    lead_id = lead()
    mine.run(lead_id, Directory(finding()))

    with worker_database.lookup() as conn:
        purge_store.purge_expired(conn, NOW + timedelta(days=10_000))

    assert mine.values(lead_id) == ["Acme"]


def test_erasing_the_lead_takes_findings_and_runs_along(mine, lead, client, owner):
    lead_id = lead()
    mine.run(lead_id, Directory(finding()))
    query = {"user_id": mine.tenant_id, "reach": "person"}

    answer = client.delete(f"/api/v1/lead-discovery/leads/{lead_id}", query_string=query)

    assert answer.status_code == 200, answer.text
    assert everything(owner, mine.tenant_id) == []


def test_a_lead_that_is_erased_while_it_is_asked_about_leaves_nothing(mine, lead, client, owner):
    lead_id = lead()
    path, query = f"/api/v1/lead-discovery/leads/{lead_id}", {"user_id": mine.tenant_id}

    with pytest.raises(NotFound):
        mine.run(lead_id, Directory(finding(), act=lambda: client.delete(path, query_string=query)))

    assert everything(owner, mine.tenant_id) == []


def test_another_accounts_lead_is_not_found(database, gate, means, lead):
    stranger = Enriching(database, gate, means, f"tenant-{uuid4().hex}", "standard")
    lead_id, asked = lead(), Directory()

    with pytest.raises(NotFound):
        stranger.run(lead_id, asked)
    with pytest.raises(NotFound):
        stranger.look(lead_id)
    with pytest.raises(NotFound):
        looking.delete(stranger.desk(), stranger.tenant_id, lead_id, NOW)

    assert asked.asked == []


def test_of_two_runs_of_a_lead_at_once_one_is_told_that_it_goes_on(mine, lead):
    lead_id, going, done = lead(), Event(), Event()

    def hold():
        going.set()
        done.wait(5)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(mine.run, lead_id, Directory(finding(), act=hold))
        assert going.wait(5)
        with pytest.raises(BeingEnriched):
            mine.run(lead_id, Directory(finding(value="Second")))
        done.set()
        first.result()

    assert mine.values(lead_id) == ["Acme"]


def test_a_run_whose_process_died_is_taken_for_abandoned(mine, lead, owner):
    lead_id = lead()
    mine.run(lead_id, Directory())
    owner.execute(
        "UPDATE enrichment.runs SET ended_at = NULL WHERE tenant_id = %s", [mine.tenant_id]
    )

    with pytest.raises(BeingEnriched):
        mine.run(lead_id, Directory(finding()))
    mine.run(lead_id, Directory(finding()), now=NOW + ABANDONED + timedelta(seconds=1))

    assert mine.values(lead_id) == ["Acme"]


def test_what_is_deleted_while_providers_are_asked_stays_deleted(mine, lead, owner):
    lead_id = lead()

    def delete():
        looking.delete(mine.desk(), mine.tenant_id, lead_id, NOW)

    with pytest.raises(EnrichmentEnded):
        mine.run(lead_id, Directory(finding(), act=delete))

    assert everything(owner, mine.tenant_id) == []


def test_no_more_leads_than_there_are_threads_for_are_enriched_at_once(mine, lead, means):
    lead_id, taken = lead(), 0
    while means.room.acquire(blocking=False):
        taken += 1
    try:
        with pytest.raises(TooManyRuns):
            mine.run(lead_id, Directory())
    finally:
        for _ in range(taken):
            means.room.release()

    assert mine.run(lead_id, Directory())
