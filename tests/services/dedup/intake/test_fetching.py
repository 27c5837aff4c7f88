"""A lead that was announced is fetched, whatever the platform does, and is one lead for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from leadfly.queues import Queue
from leadfly.worker import run_next
from services.dedup.admission import Keeping
from services.dedup.intake import fetching
from services.dedup.intake.fetching import Fetching
from services.dedup.intake.news import FETCH
from services.dedup.intake.registry import SENDERS
from services.dedup.reconcile import reconcile
from shared import jobs, settings
from shared.destination import hosts
from shared.errors import SettingsError
from shared.outbound import Door
from tests.services.dedup.intake.addresses import opened
from tests.services.dedup.intake.lead_platform import Platform

REFERENCE = "900719925474099"

LEAD = {
    "id": REFERENCE,
    "created_time": "2026-03-01T08:00:00+0000",
    "form_id": "3",
    "field_data": [
        {"name": "email", "values": ["ada@analytical.example"]},
        {"name": "full_name", "values": ["Ada Lovelace"]},
    ],
}

ALLOWED = hosts("127.0.0.1")


def notice(*references):
    changes = [
        {"field": "leadgen", "value": {"leadgen_id": one, "form_id": "3", "page_id": "7"}}
        for one in references or (REFERENCE,)
    ]
    return {"object": "page", "entry": [{"id": "7", "time": 1772352000, "changes": changes}]}


@pytest.fixture
def platform():
    platform = Platform()
    yield platform
    platform.close()


@pytest.fixture
def form(app, user_id, owner):
    """The address of a source whose leads are fetched."""
    owner.execute("DELETE FROM public.jobs")  # a claim takes whoever's job is due
    return opened(app, user_id, adapter="meta", secrets={"access_token": "made-up-token"})


@pytest.fixture
def fetch(platform, worker_database, gate, spool):
    """Do what is due, as the worker does, at any time one likes; return how many jobs ran."""
    keeping = Keeping(worker_database, gate, spool)

    def fetch(later=timedelta(0), most=100, door=None):
        kind = Fetching(door or Door(ALLOWED), keeping, {"meta": platform.url}, "US")
        now, queue = datetime.now(UTC) + later, Queue(kind=FETCH)
        ran = 0
        while ran < most and run_next(worker_database, gate, {FETCH: kind}, now, queue):
            ran += 1
        return ran

    return fetch


@pytest.fixture
def left(owner, user_id):
    """Return what is left to be done: tries, the latest failure, and whether it died."""
    return lambda: owner.execute(
        "SELECT tries, failure, dead_at IS NOT NULL, due_at FROM public.jobs WHERE tenant_id = %s",
        [user_id],
    ).fetchall()


def test_an_announced_lead_is_fetched_checked_and_kept(form, platform, fetch, stored, left):
    form.post(notice())
    platform.says(LEAD)

    fetch()

    ((path, headers),) = platform.asked
    assert path.startswith(f"/v1/{REFERENCE}?fields=")
    assert headers["Authorization"] == "Bearer made-up-token"
    assert stored.actions() == ["allow_processing"]
    assert stored.events("lead.created")
    assert left() == []


def test_a_lead_that_is_announced_twice_is_one(form, platform, fetch, stored, left):
    for _ in range(2):
        form.post(notice())
        platform.says(LEAD)

    assert fetch() == 2
    assert len(stored.leads()) == 1
    assert left() == []


def test_a_batch_of_notices_is_as_many_leads(form, platform, fetch, stored):
    form.post(notice("1001", "1002"))
    for one in ("1001", "1002"):
        data = [{"name": "email", "values": [f"person{one}@company{one}.example"]}]
        platform.says({**LEAD, "id": one, "field_data": data})

    fetch()

    assert len(stored.leads()) == 2


def test_a_fetched_lead_that_is_known_is_a_duplicate(form, platform, fetch, stored):
    for one in ("1001", "1002"):
        form.post(notice(one))
        platform.says({**LEAD, "id": one})
    fetch()

    assert stored.actions() == ["allow_processing", "reject_duplicate"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_platform_is_asked_again_and_nothing_is_lost(
    form, platform, fetch, stored, left, status
):
    form.post(notice())
    platform.says({}, status)
    platform.says(LEAD)

    fetch()
    assert stored.leads() == []
    assert [row[:3] for row in left()] == [(1, "services.dedup.intake.fetching.NotFetched", False)]
    fetch(timedelta(hours=2))

    assert len(stored.leads()) == 1
    assert left() == []


def test_a_platform_is_asked_again_when_it_wishes(form, platform, fetch, left):
    form.post(notice())
    platform.says({}, 429, Retry_After="600")

    fetch()

    ((*_, due_at),) = left()
    assert timedelta(seconds=590) < due_at - datetime.now(UTC) <= timedelta(seconds=600)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("7", timedelta(seconds=7)),
        ("9" * 40, fetching.LONGEST_WAIT),
        ("Sun, 01 Mar 2026 12:00:30 GMT", timedelta(seconds=30)),
        ("Sun, 01 Mar 2026 11:00:00 GMT", timedelta(0)),
    ],
)
def test_what_a_platform_wishes_is_believed_within_reason(said, wait):
    assert fetching._wished(said, datetime(2026, 3, 1, 12, tzinfo=UTC)) == wait


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_serves_no_more_gives_its_owner_time(
    form, platform, fetch, stored, left, status
):
    form.post(notice())
    platform.says({}, status)
    fetch()

    fetch(timedelta(minutes=59))
    assert len(platform.asked) == 1
    platform.says(LEAD)
    fetch(timedelta(minutes=61))

    assert len(stored.leads()) == 1
    assert left() == []


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_lead_that_is_not_to_be_had_is_given_up(
    form, platform, fetch, stored, left, status, caplog
):
    form.post(notice())
    platform.says({}, status)

    fetch()

    assert (stored.leads(), left()) == ([], [])
    assert f"answered {status}" in caplog.text
    assert REFERENCE not in caplog.text


def test_an_answer_without_the_lead_is_no_reason_to_forget_it(form, platform, fetch, left):
    form.post(notice())
    platform.says({"id": REFERENCE})

    fetch()

    assert len(left()) == 1


@pytest.mark.parametrize("answer", [b"<html>", b"{", b"[]", b"null"])
def test_nonsense_is_no_reason_to_forget_a_lead(form, platform, fetch, left, answer):
    form.post(notice())
    platform.says(answer)

    fetch()

    assert len(left()) == 1


def test_a_redirect_is_not_followed(form, platform, fetch, stored, left):
    form.post(notice())
    platform.says({}, 302, Location=f"{platform.url}/elsewhere")

    fetch()

    assert len(platform.asked) == 1
    assert (stored.leads(), len(left())) == ([], 1)


def test_a_platform_that_does_not_answer_is_asked_again(form, platform, fetch, left, owner):
    form.post(notice())
    platform.close()

    fetch()

    assert [row[:3] for row in left()] == [(1, "services.dedup.intake.fetching.NotFetched", False)]


def test_an_address_within_our_network_is_not_asked(form, platform, fetch, left):
    form.post(notice())

    fetch(door=Door())

    assert platform.asked == []
    assert len(left()) == 1


def test_a_token_that_was_removed_leaves_a_job_that_can_be_replayed(
    app, form, fetch, platform, left, user_id, stored, database
):
    form.post(notice())
    with database.transaction(user_id) as conn:
        conn.execute("UPDATE dedup.sources SET secrets = NULL WHERE tenant_id = %s", [user_id])

    for day in range(jobs.MOST_TRIES):
        fetch(timedelta(days=day))

    assert [row[2] for row in left()] == [True]
    assert platform.asked == []


def test_a_deleted_source_fetches_nothing_more(form, fetch, platform, left, user_id, database):
    form.post(notice())
    with database.transaction(user_id) as conn:
        conn.execute("DELETE FROM dedup.sources WHERE tenant_id = %s", [user_id])

    fetch()

    assert (platform.asked, left()) == ([], [])


def test_a_lead_that_is_fetched_while_the_database_goes_away_is_kept_once(
    form, platform, fetch, stored, worker_database, gate, spool, away
):
    form.post(notice())
    platform.says(LEAD)
    platform.says(LEAD)
    going = Fetching(Door(ALLOWED), away, {"meta": platform.url}, "US")
    run_next(worker_database, gate, {FETCH: going}, queue=Queue(kind=FETCH))

    reconcile(worker_database, gate, spool, None, 5)
    form.post(notice())
    fetch()

    assert len(stored.leads()) == 1


def test_every_sender_that_fetches_has_a_platform():
    assert {sender.name for sender in SENDERS if sender.fetch} == set(
        settings.load({}).lead_platforms
    )


def test_a_platforms_address_can_be_set_and_must_be_one():
    chosen = settings.load({"META_GRAPH_URL": "https://graph.example/v99.0/"})
    assert chosen.lead_platforms["meta"] == "https://graph.example/v99.0"

    for wrong in ("graph.example", "ftp://graph.example", "https://a b", "https://u:p@h/"):
        with pytest.raises(SettingsError) as refused:
            settings.load({"META_GRAPH_URL": wrong})
        assert set(refused.value.details) == {"META_GRAPH_URL"}
