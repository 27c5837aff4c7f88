"""A lead that its sender takes back is gone, wherever it was, and nobody else's is."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from leadfly.erasing import Erasing
from leadfly.queues import Queue
from leadfly.worker import run_next
from services.dedup.admission import Keeping
from services.dedup.intake.fetching import Fetching
from services.dedup.intake.news import FETCH, WITHDRAW
from services.dedup.intake.withdrawing import Withdrawing
from services.dedup.reconcile import reconcile
from shared.destination import hosts
from shared.outbound import Door
from shared.spool import Spool
from shared.web.service import SPOOL
from tests.services.dedup.intake.addresses import opened
from tests.services.dedup.intake.lead_platform import Platform

URN = "urn:li:leadGenFormResponse:3f9c1a2e-1"


def news(action="CREATED", urn=URN):
    return {
        "type": "LEAD_ACTION",
        "leadAction": action,
        "leadGenFormResponse": urn,
        "leadGenForm": "urn:li:leadGenForm:9",
        "leadType": "SPONSORED",
        "occurredAt": 1772352000000,
    }


def fetched(urn=URN, email="ada@analytical.example"):
    """Return a form response as LinkedIn gives it out."""
    asked = [
        (1, "EMAIL", email),
        (2, "FIRST_NAME", "Ada"),
        (3, "LAST_NAME", "Lovelace"),
    ]
    return {
        "id": urn.rpartition(":")[2],
        "submittedAt": 1772352000000,
        "testLead": False,
        "leadType": "SPONSORED",
        "formResponse": {
            "answers": [
                {"questionId": n, "answerDetails": {"textQuestionAnswer": {"answer": text}}}
                for n, _, text in asked
            ]
        },
        "form": {
            "content": {
                "questions": [
                    {"questionId": n, "predefinedField": field, "name": field}
                    for n, field, _ in asked
                ]
            }
        },
    }


@pytest.fixture
def form(app, user_id, owner):
    owner.execute("DELETE FROM public.jobs")  # a claim takes whoever's job is due
    return opened(app, user_id, adapter="linkedin", secrets={"access_token": "made-up"})


@pytest.fixture
def platform():
    platform = Platform()
    yield platform
    platform.close()


@pytest.fixture
def kinds(local_settings, worker_database, gate, app, platform):
    """What the worker does of this, with the spool of the app's own host."""
    spool = app.extensions[SPOOL]
    keeping = Keeping(worker_database, gate, spool)
    return {
        FETCH: Fetching(Door(hosts("127.0.0.1")), keeping, {"linkedin": platform.url}, "US"),
        WITHDRAW: Withdrawing(Erasing(local_settings, gate, spool), spool),
    }


@pytest.fixture
def work(worker_database, gate, kinds):
    """Run what is due of one kind, as the worker does, at any time one likes."""

    def work(kind, later=timedelta(0)):
        queue, now = Queue(kind=kind), datetime.now(UTC) + later
        while run_next(worker_database, gate, kinds, now, queue):
            pass

    return work


@pytest.fixture
def left(owner, user_id):
    query = "SELECT kind, tries FROM public.jobs WHERE tenant_id = %s ORDER BY id"
    return lambda: owner.execute(query, [user_id]).fetchall()


def test_a_stored_lead_is_erased_with_all_that_hangs_on_it(
    form, platform, work, stored, left, owner, user_id
):
    form.post(news())
    platform.says(fetched())
    work(FETCH)
    assert stored.count()[0] == 1

    form.post(news("DELETED"))
    work(WITHDRAW)

    assert stored.count()[:4] == (0, 0, 0, 0)
    assert stored.rows("SELECT FROM dedup.provided WHERE tenant_id = %(tenant)s") == []
    assert stored.rows("SELECT FROM public.raw_bodies WHERE tenant_id = %(tenant)s") == []
    assert stored.rows(
        "SELECT reach, records, erased_by FROM privacy.erasures WHERE tenant_id = %(tenant)s"
    ) == [("lead", 1, "sender")]
    assert left() == []


def test_a_lead_that_came_twice_under_its_name_is_erased_twice(
    form, platform, work, stored, kinds, gate, worker_database, owner, user_id, tmp_path
):
    form.post(news())
    platform.says(fetched())
    work(FETCH)
    # Two days later nobody remembers what was answered.
    owner.execute("DELETE FROM public.idempotent_answers WHERE tenant_id = %s", [user_id])
    with closing(Spool(tmp_path / "elsewhere")) as spool:
        later = Keeping(worker_database, gate, spool)
        kinds[FETCH] = Fetching(Door(hosts("127.0.0.1")), later, {"linkedin": platform.url}, "US")
        form.post(news())
        platform.says(fetched())
        work(FETCH)
    assert len(stored.leads()) == 2

    form.post(news("DELETED"))
    work(WITHDRAW)

    assert stored.leads() == []
    assert stored.rows("SELECT FROM dedup.provided WHERE tenant_id = %(tenant)s") == []


def test_other_leads_of_the_person_and_of_the_source_stay(form, platform, work, stored):
    for urn in (URN, URN + "2"):
        form.post(news(urn=urn))
        platform.says(fetched(urn))
    work(FETCH)

    form.post(news("DELETED"))
    work(WITHDRAW)

    assert len(stored.leads()) == 1
    form.post(news("DELETED", URN + "2"))
    work(WITHDRAW)
    assert stored.leads() == []


def test_a_lead_that_is_only_announced_is_never_fetched(form, platform, work, stored, left):
    form.post(news())

    form.post(news("DELETED"))
    work(WITHDRAW)
    work(FETCH)
    work(WITHDRAW, timedelta(minutes=2))

    assert (platform.asked, stored.leads(), left()) == ([], [], [])


def test_a_fetch_that_is_under_way_is_waited_for(form, platform, work, stored, left, owner):
    form.post(news())
    owner.execute(
        "UPDATE public.jobs SET claim = gen_random_uuid(), tries = 1, "
        "due_at = now() + interval '1 minute'"
    )

    form.post(news("DELETED"))
    work(WITHDRAW)
    assert left() == [(FETCH, 1), (WITHDRAW, 0)]
    platform.says(fetched())
    work(FETCH, timedelta(minutes=2))
    assert len(stored.leads()) == 1
    work(WITHDRAW, timedelta(minutes=2))

    assert (stored.leads(), left()) == ([], [])


def test_a_lead_that_waits_in_the_spool_is_erased_there(
    app, form, platform, work, kinds, stored, nowhere, gate
):
    spool = app.extensions[SPOOL]
    away = Keeping(nowhere, gate, spool)
    kinds[FETCH] = Fetching(Door(hosts("127.0.0.1")), away, {"linkedin": platform.url}, "US")
    form.post(news())
    platform.says(fetched())
    work(FETCH)
    assert spool.waiting(form.source.tenant_id)

    form.post(news("DELETED"))
    work(WITHDRAW)

    assert not spool.waiting(form.source.tenant_id)
    reconcile(app.extensions["leadfly"].database, gate, spool, None, 5)
    assert stored.leads() == []


def test_a_lead_that_nobody_knows_is_looked_for_once_more_and_no_more(form, work, left):
    answer = form.post(news("DELETED"))
    work(WITHDRAW)
    assert left() == [(WITHDRAW, 1)]

    work(WITHDRAW, timedelta(minutes=2))

    assert (answer.status_code, left()) == (200, [])


def test_a_lead_that_another_host_stores_meanwhile_is_erased(
    form, platform, work, stored, nowhere, gate, kinds, tmp_path, app
):
    elsewhere = Spool(tmp_path / "elsewhere")
    away = Keeping(nowhere, gate, elsewhere)
    kinds[FETCH] = Fetching(Door(hosts("127.0.0.1")), away, {"linkedin": platform.url}, "US")
    form.post(news())
    platform.says(fetched())
    work(FETCH)

    form.post(news("DELETED"))
    work(WITHDRAW)
    with closing(elsewhere):
        reconcile(app.extensions["leadfly"].database, gate, elsewhere, None, 5)
    assert len(stored.leads()) == 1
    work(WITHDRAW, timedelta(minutes=2))

    assert stored.leads() == []


def test_a_source_takes_back_its_own_leads_alone(app, user_id, form, platform, work, stored):
    form.post(news())
    platform.says(fetched())
    work(FETCH)
    other = opened(app, user_id, "other", adapter="linkedin")

    other.post(news("DELETED"))
    work(WITHDRAW)

    assert len(stored.leads()) == 1


def test_another_account_takes_back_nothing(app, user_id, form, platform, work, stored):
    form.post(news())
    platform.says(fetched())
    work(FETCH)
    stranger = opened(app, f"{user_id}-stranger", adapter="linkedin")

    stranger.post(news("DELETED"))
    work(WITHDRAW)

    assert len(stored.leads()) == 1
