"""A discovery asks its sources, and what they find are leads, each once."""

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count, pairwise
from uuid import UUID, uuid4

import pytest

from services.discovery import asking, discovering, job_store
from services.discovery.asking import Order
from services.discovery.criteria import Criteria
from services.discovery.desk import Patience
from services.discovery.sources.source import NotAsked, SourceUnavailable
from shared.errors import Unavailable
from tests.services.discovery.discovered import API, Listed, Passed, Progress, find, finds


def order(mine, most=1000, **changes):
    criteria = Criteria(most=most)
    return Order(UUID(changes.pop("investigation", None) or mine.investigation()), criteria, 50.0)


def begun(mine, wanted=None, **changes):
    wanted = wanted or order(mine, **changes)
    now = datetime.now(UTC)
    return asking.ask(mine.desk, mine.user_id, wanted, "test", None, now)[0]


def done(mine, *sources, **changes):
    """Discover with *sources* to the end; return what came of it."""
    mine.with_sources(*sources)
    job_id = begun(mine, **changes)
    assert mine.work(job_id)
    return seen(mine, job_id)


def seen(mine, job_id):
    return asking.found(mine.desk, mine.user_id, job_id, None, 1000)


def lead(mine, lead_id, expect=200):
    return mine.get(f"/leads/{lead_id}", expect)


def erased(mine, lead_id):
    answer = mine.client.delete(f"{API}/leads/{lead_id}", query_string={"user_id": mine.user_id})
    assert answer.status_code == 200, answer.text


def test_what_sources_find_joins_the_investigation(mine):
    investigation = mine.investigation()

    found = done(mine, Listed("listed", *finds(3)), investigation=investigation)

    assert (found.job.status, found.leads, found.job.counts.new) == ("done", 3, 3)
    leads = mine.get("/leads", investigation_id=investigation)["leads"]
    assert {UUID(one["id"]) for one in leads} == set(found.lead_ids)
    assert {one["source_id"] for one in leads} == {"discovery:listed"}


def test_every_lead_says_where_it_comes_from(mine):
    found = done(mine, Listed("listed", find(1)))

    (said,) = lead(mine, found.lead_ids[0])["provenance"]

    assert said == {
        "source": "listed",
        "url": "https://list.example/1",
        "licence": "CC0 1.0",
        "attribution": "it",
        "found_at": "2026-03-01T12:00:00Z",
        "job_id": str(found.job.id),
    }


def test_run_twice_it_finds_the_same_leads_and_makes_none(mine, owner):
    first = done(mine, Listed("listed", *finds(5)))

    second = done(mine, Listed("listed", *finds(5)))

    assert second.lead_ids == first.lead_ids
    assert (second.job.counts.new, second.job.counts.known) == (0, 5)
    assert records(owner, mine.user_id) == 5


def records(owner, user_id):
    return owner.execute(
        "SELECT count(*) FROM public.leads WHERE tenant_id = %s", [user_id]
    ).fetchone()[0]


def test_the_same_page_named_by_two_sources_is_one_find(mine, owner):
    page = replace(find(1), key="https://firm1.example/")
    one, other = Listed("one", page), Listed("other", page)

    found = done(mine, one, other)

    assert (found.leads, records(owner, mine.user_id)) == (1, 1)


def test_somebody_known_joins_as_the_lead_they_are(mine, post):
    known = post(email="p1@firm1.example", name="Nr1 Of1", company="Firm 1 Ltd")["lead_id"]

    found = done(mine, Listed("listed", find(1)))

    assert (found.lead_ids, found.job.counts.known) == ([UUID(known)], 1)
    assert lead(mine, known)["lead"]["investigation_id"] == str(found.job.wanted.investigation_id)


def test_what_was_erased_is_not_found_again(mine, owner):
    first = done(mine, Listed("listed", *finds(2)))
    erased(mine, first.lead_ids[0])

    second = done(mine, Listed("listed", *finds(2)))

    assert second.lead_ids == first.lead_ids[1:]
    assert (second.job.counts.erased_before, second.job.counts.known) == (1, 1)
    assert records(owner, mine.user_id) == 1


def test_whoever_is_on_a_list_is_turned_away_every_time(mine, owner):
    rows = {"name": "Leave alone", "kind": "do_not_contact"}
    list_id = mine.post("/suppression/lists", 201, **rows).json["list"]["id"]
    entries = [{"email": "p1@firm1.example"}]
    mine.post(f"/suppression/lists/{list_id}/entries", 200, entries=entries)

    counts = [done(mine, Listed("listed", find(1))).job.counts for _ in range(2)]

    assert [(one.turned_away, one.found) for one in counts] == [(1, 1), (1, 1)]
    assert records(owner, mine.user_id) == 1


def test_without_email_and_phone_nobody_is_kept(mine, owner):
    found = done(mine, Listed("listed", find(1, email=""), Passed("names no email and no phone")))

    (state,) = found.job.sources
    assert (state.counts.refused, dict(state.passed)) == (1, {"names no email and no phone": 1})
    assert records(owner, mine.user_id) == 0


def test_a_source_that_cannot_be_reached_does_not_keep_the_others_from_ending(mine):
    away = Listed("away", find(1), SourceUnavailable("The directory does not answer."))
    needs = Listed("needs", NotAsked("It needs a place."))

    found = done(mine, away, needs, Listed("listed", *finds(3)))

    states = {one.type: (one.status, one.reason) for one in found.job.sources}
    assert states == {
        "away": ("unavailable", "The directory does not answer."),
        "needs": ("not_asked", "It needs a place."),
        "listed": ("done", None),
    }
    assert (found.job.status, found.leads) == ("done", 3)


def test_a_source_that_breaks_fails_alone_and_its_words_are_not_kept(mine, caplog):
    found = done(mine, Listed("broken", find(1), ValueError("ada@secret.example")))

    (state,) = found.job.sources
    assert (found.job.status, state.status, found.leads) == ("done", "failed", 1)
    assert "secret" not in caplog.text + str(state)


def test_a_source_that_hangs_is_given_up(mine):
    hold = threading.Event()
    hangs = Listed("hangs", find(7), lambda reach: hold.wait(30) and None)
    mine.shop = replace(mine.shop, patience=Patience(silent=0.5))
    begun_at = time.monotonic()

    found = done(mine, hangs, Listed("listed", *finds(2)))
    hold.set()

    states = {one.type: (one.status, one.reason) for one in found.job.sources}
    assert states["hangs"] == ("unavailable", "It did not answer in time.")
    assert found.leads == 3
    assert time.monotonic() - begun_at < 10


def test_a_source_that_never_ends_is_cut_at_what_is_wanted(mine):
    found = done(mine, Endless("endless"), most=10)

    assert found.leads == 10


class Endless(Listed):
    """A source that never stops."""

    def find(self, tenant_id, settings, criteria, reach):
        for number in count():
            yield find(number)


def test_progress_is_told_while_a_source_works(mine):
    slow = Listed("slow", *[part for n in range(8) for part in (Progress(n, 8), pause)])
    mine.with_sources(slow)
    job_id = begun(mine)
    seen_at = []

    thread = threading.Thread(target=mine.work, args=(job_id,))
    thread.start()
    last = None
    while thread.is_alive():
        revision = seen(mine, job_id).job.revision
        if revision != last:
            seen_at.append(time.monotonic())
            last = revision
        time.sleep(0.02)

    gaps = [later - earlier for earlier, later in pairwise(seen_at)]
    assert max(gaps) < 1.0
    assert seen(mine, job_id).job.sources[0].done == 7


def pause(reach):
    time.sleep(0.3)


def test_a_cancelled_discovery_stops_and_keeps_what_it_found(mine):
    asked_to_stop = threading.Event()

    def wait(reach):
        while not reach.stop():
            time.sleep(0.02)
        asked_to_stop.set()

    mine.with_sources(Listed("slow", *finds(3), wait, find(99)))
    job_id = begun(mine)
    thread = threading.Thread(target=mine.work, args=(job_id,))
    thread.start()
    while seen(mine, job_id).leads < 3:
        time.sleep(0.05)

    assert mine.post(f"/discover/{job_id}/cancel", 200).json["changed"] is True
    thread.join(10)

    found = seen(mine, job_id)
    assert asked_to_stop.wait(5)
    assert (found.job.status, found.leads, found.job.sources[0].status) == (
        "cancelled",
        3,
        "cancelled",
    )
    assert mine.work(job_id) is False


class Dies(BaseException):
    """What ends a process."""


def test_a_discovery_goes_on_where_a_worker_died(mine, owner):
    """After the check has kept the leads, and before anybody noted which finds they are."""
    first = Listed("first", *finds(3))
    second = Listed("second", *[find(n) for n in range(50, 60)])
    mine.with_sources(first)
    job_id = begun(mine)
    dying = Dying(mine.shop.admission)
    whole, mine.shop = mine.shop, replace(mine.shop, admission=dying)
    with pytest.raises(Dies):
        mine.work(job_id)
    assert records(owner, mine.user_id) == 3

    mine.shop = whole
    assert mine.work(job_id) is False  # the dead one's claim has not ended
    owner.execute("UPDATE discovery.jobs SET claimed_until = now() WHERE id = %s", [job_id])
    assert mine.work(job_id)

    found = seen(mine, job_id)
    assert (found.job.status, found.leads, found.job.counts.new) == ("done", 3, 3)
    assert records(owner, mine.user_id) == 3
    assert second.asked == 0


class Dying:
    """Admits, and dies before it can say so."""

    def __init__(self, admission):
        self.admission = admission

    def admit_all(self, tenant_id, sent):
        self.admission.admit_all(tenant_id, sent)
        raise Dies


def test_sources_that_had_ended_are_not_asked_again(mine, owner):
    ended, hold = Listed("ended", *finds(2)), threading.Event()
    stops = []

    def wait(reach):
        hold.wait(0.8)

    going = Listed("going", *[find(n) for n in range(10, 13)], wait, find(14))
    mine.with_sources(ended, going)
    job_id = begun(mine)

    def stop():
        stops.append(1)
        states = seen(mine, job_id).job.sources
        return states[0].status == "done" and states[1].counts.found == 3

    mine.work(job_id, stop)
    half = seen(mine, job_id)
    assert (half.job.status, half.job.tries) == ("running", 0)
    mine.work(job_id)

    whole = seen(mine, job_id)
    assert (ended.asked, going.asked) == (1, 2)
    assert (whole.job.status, whole.leads, whole.job.counts.new) == ("done", 6, 6)
    assert records(owner, mine.user_id) == 6


def test_a_discovery_that_kills_its_workers_ends_as_failed(mine, owner):
    mine.with_sources(Listed("listed", find(1)))
    job_id = begun(mine)
    owner.execute(
        "UPDATE discovery.jobs SET tries = %s WHERE id = %s", [discovering.MOST_TRIES, job_id]
    )

    mine.work(job_id)

    found = seen(mine, job_id)
    assert (found.job.status, found.job.failure) == (
        "failed",
        "It was begun 5 times and never came to its end.",
    )


def test_while_leads_can_be_kept_nowhere_the_discovery_waits(mine):
    class Away:
        def admit_all(self, tenant_id, sent):
            return [Unavailable() for _ in sent]

    mine.with_sources(Listed("listed", find(1)))
    job_id = begun(mine)
    mine.shop = replace(mine.shop, admission=Away())
    with pytest.raises(Unavailable):
        mine.work(job_id)

    found = seen(mine, job_id)
    assert (found.job.status, found.job.tries, found.leads) == ("running", 0, 0)


def test_one_of_an_accounts_discoveries_is_due_at_a_time(mine):
    mine.with_sources(Listed("listed"))
    first, second = begun(mine), begun(mine)

    def due():
        with mine.shop.desk.database.lookup() as conn:
            rows = job_store.due(conn, datetime.now(UTC), 1000)
        return [job for tenant, job in rows if tenant == mine.user_id]

    assert due() == [first]
    with mine.shop.desk.database.transaction(mine.user_id) as conn:
        now = datetime.now(UTC)
        assert job_store.claim(conn, mine.user_id, first, uuid4(), now, discovering.CLAIM) == 1
    assert due() == []
    mine.post(f"/discover/{first}/cancel", 200)
    assert due() == [second]
