"""What sources say may be anything: a discovery ends, and its counts add up."""

import os
import time
from dataclasses import replace

from services.discovery import discovering
from services.discovery.desk import Patience
from services.discovery.find import Find, Provenance
from services.discovery.fitting import Looked
from services.discovery.sources.drop_folder import DropFolder
from services.discovery.sources.finding import finding
from services.discovery.sources.own_leads import OwnLeads
from shared.admission import Admitted
from tests.services.discovery.discovered import API, FOUND_AT, Listed, find, finds
from tests.services.discovery.test_discovering import begun, done, lead, seen

HALF = chr(0xD800)


def test_a_find_with_what_no_database_keeps_is_refused_and_the_others_are_leads(mine):
    hostile = find(1, name="A\0da"), find(2, company="Nil\0 Ltd")

    found = done(mine, Listed("listed", *hostile, find(3)))

    assert (found.job.status, found.leads) == ("done", 1)
    assert (found.job.counts.new, found.job.counts.refused) == (1, 2)


def test_a_consent_with_what_no_database_keeps_is_refused(mine):
    consent = {"purposes": ["lead_processing"], "text_version": "v\0"}

    found = done(mine, Listed("listed", find(1, consent=consent)))

    assert (found.job.status, found.job.counts.refused) == ("done", 1)


def test_what_the_web_says_is_freed_of_what_nobody_can_see():
    provenance = Provenance("json_api", "", "", "", FOUND_AT)
    said = {"company": f"Fi\0rm{HALF}\x07 Ltd", "email": "a@firm.example\0"}

    found = finding("1", said, provenance, Looked(), "US")

    assert isinstance(found, Find)
    assert found.fields == {"company": "Firm Ltd", "email": "a@firm.example"}


def test_a_page_that_two_sources_name_one_after_the_other_is_new_once(mine):
    page = replace(find(1), key="https://firm1.example/")

    def after_the_first(reach):
        while mine.get("/leads")["count"] == 0 and not reach.stop():
            pass
        return page

    found = done(mine, Listed("one", page), Listed("other", after_the_first))

    one, other = found.job.sources
    assert (one.counts.new, other.counts.new, other.counts.known) == (1, 0, 1)


def test_what_a_source_names_again_later_is_new_once(mine):
    listed = [*finds(300), *finds(300)]

    found = done(mine, Listed("listed", *listed))

    assert (found.leads, found.job.counts.new, found.job.counts.known) == (300, 300, 300)


def test_a_lead_that_waits_in_the_spool_for_ever_does_not_keep_a_discovery_for_ever(mine):
    class Spooled:
        def admit_all(self, tenant_id, sent):
            check = {"receipt_id": "r", "action_taken": "allow"}
            return [Admitted(FOUND_AT, None, check, False) for _ in sent]

    mine.with_sources(Listed("listed", find(1)))
    job_id = begun(mine)
    mine.shop = replace(mine.shop, admission=Spooled(), patience=Patience(stored=0.0))
    for number in range(1, discovering.MOST_TRIES + 1):
        assert mine.work(job_id)
        assert seen(mine, job_id).job.tries == number

    mine.work(job_id)

    assert seen(mine, job_id).job.status == "failed"


def test_a_dropped_row_with_a_nul_is_passed(mine, tmp_path):
    folder = tmp_path / mine.user_id
    folder.mkdir()
    file = folder / "people.csv"
    file.write_bytes(b"Email,Name,Licence\na@x.example,A\0da,l\0\nb@x.example,Bea,own\n")
    os.utime(file, (time.time() - 60,) * 2)
    settings = replace(mine.shop.settings, discovery_drop_folder=tmp_path)
    mine.shop = replace(mine.shop, settings=settings)

    found = done(mine, DropFolder())

    assert (found.job.status, found.leads) == ("done", 1), found.job.sources
    assert lead(mine, found.lead_ids[0])["lead"]["name"] == "Bea"


def unsubscribed(mine, **said):
    event = {"event": "unsubscribed", "timestamp": time.time()} | said
    answer = mine.client.post(
        "/webhook/leadfly/email-engagement", json=event, query_string={"user_id": mine.user_id}
    )
    assert answer.status_code == 200, answer.text


def test_somebody_known_who_unsubscribed_does_not_join(mine):
    done(mine, Listed("listed", find(1), find(2)))
    unsubscribed(mine, email="p1@firm1.example")

    again = done(mine, Listed("listed", find(1), find(2)))

    assert (again.leads, again.job.counts.known, again.job.counts.turned_away) == (1, 1, 1)


def test_an_account_finds_none_of_its_own_leads_who_unsubscribed(mine):
    done(mine, Listed("listed", find(1), find(2)))
    unsubscribed(mine, email="p1@firm1.example")

    found = done(mine, OwnLeads())

    assert (found.leads, found.job.counts.turned_away) == (1, 1)


def test_of_a_stranger_who_unsubscribed_no_lead_is_made(mine):
    unsubscribed(mine, email="p1@firm1.example")
    unsubscribed(mine, email="p3@firm3.example")
    further = find(3, email="x@firm3.example", other_email="y@z.example; P3@firm3.example")

    found = done(mine, Listed("listed", find(1), find(2), further))

    assert (found.leads, found.job.counts.new, found.job.counts.turned_away) == (1, 1, 2)
    assert mine.get("/leads")["count"] == 1


def test_a_stranger_who_agreed_after_they_unsubscribed_is_found(mine):
    unsubscribed(mine, email="p1@firm1.example")
    consent = {"purposes": ["lead_processing"], "text_version": "v2"}

    found = done(mine, Listed("listed", find(1, consent=consent)))

    assert (found.leads, found.job.counts.new) == (1, 1)


def test_a_stranger_who_agreed_before_they_unsubscribed_is_not(mine):
    unsubscribed(mine, email="p1@firm1.example")
    before = {"purposes": ["lead_processing"], "given_at": "2026-01-05T09:00:00+00:00"}

    found = done(mine, Listed("listed", find(1, consent=before)))

    assert (found.leads, found.job.counts.turned_away) == (0, 1)


def test_somebody_known_who_agreed_since_is_found_by_another_source(mine):
    unsubscribed(mine, email="p1@firm1.example")
    consent = {"purposes": ["lead_processing"], "text_version": "v2"}
    said = {"email": "p1@firm1.example", "name": "Nr1 Of1", "company": "Firm 1 Ltd"}
    mine.post("/leads", 201, **said, consent=consent)

    found = done(mine, Listed("listed", find(1)))

    assert (found.leads, found.job.counts.known) == (1, 1)


def test_who_agrees_after_they_unsubscribed_joins_again(mine):
    done(mine, Listed("listed", find(1)))
    unsubscribed(mine, email="p1@firm1.example")
    consent = {"purposes": ["lead_processing"], "text_version": "v2"}
    said = {"email": "p1@firm1.example", "name": "Nr1 Of1", "company": "Firm 1 Ltd"}
    mine.post("/leads", 200, **said, consent=consent)

    again = done(mine, Listed("listed", find(1)))

    assert (again.leads, again.job.counts.known) == (1, 1)


def test_no_lead_joins_an_investigation_that_was_closed_meanwhile(mine):
    investigation = mine.investigation()

    def closed(reach):
        while mine.get("/leads")["count"] == 0 and not reach.stop():
            pass
        path, query = f"{API}/investigations/{investigation}", {"user_id": mine.user_id}
        answer = mine.client.put(path, json={"status": "closed"}, query_string=query)
        assert answer.status_code == 200, answer.text
        return find(2)

    listed = Listed("listed", find(1), closed, find(3))
    found = done(mine, listed, investigation=investigation)

    assert (found.job.status, found.leads) == ("cancelled", 1)
    assert (
        found.job.failure == "The investigation was closed meanwhile; what was found before stays."
    )
