"""Whatever fails around a check, a sender is answered in its own words, and no lead is lost."""

import time
from dataclasses import replace

import orjson
import pytest

import leadfly.app
from leadfly.migrate import migrate
from leadfly.reconciler import reconcile_spool
from services.dedup.admission import Keeping
from services.dedup.check import check
from services.dedup.intake.replies import PROFILES
from services.dedup.keeping import KEEPING
from shared import settings as chosen
from shared.embedded import Server
from shared.rate_limits import RateLimits
from shared.rate_table import SharedTable
from shared.spool import Spool
from shared.web.limits import LIMITS
from shared.web.service import GATE, KEY_SNAPSHOT, SPOOL
from tests.services.dedup.arrivals import claimed
from tests.services.dedup.intake.addresses import ADA, appointment, opened, typeform
from tests.services.dedup.test_admission import failing, slow

WELL = {
    "standard": b'"action_taken":"allow_processing"',
    "always_200": b'{"success":true}',
    "google": b"{}",
    "hubspot": b'"action_taken":"allow_processing"',
    "leadconduit": b'"outcome":"success"',
    "leadbyte": b'"code":1',
    "boberdoo_xml": b"<status>Matched</status>",
}
"""What stands in the answer to a lead that is let through."""

TOO_BAD = {
    "standard": b'"SERVICE_UNAVAILABLE"',
    "always_200": b'{"success":false}',
    "google": b'"message"',
    "hubspot": b'"SERVICE_UNAVAILABLE"',
    "leadconduit": b'"outcome":"error"',
    "leadbyte": b'"code":-100',
    "boberdoo_xml": b"<status>Error</status>",
}
"""What stands in the answer to one that could be kept nowhere."""


def person(number):
    return {"email": f"person{number}@company{number}.example", "last_name": f"Last{number}"}


def well(answer, profile):
    """True if the sender reads that its lead was taken."""
    return answer.status_code == 200 and WELL[profile] in answer.data


def refused(answer, profile):
    """True if the sender reads that it has to come back."""
    come_back = answer.headers.get("Retry-After", "")
    return answer.status_code == 503 and TOO_BAD[profile] in answer.data and come_back.isdigit()


def closed(app):
    app.extensions[KEY_SNAPSHOT].stop()
    app.extensions["leadfly"].database.close()


# The check fails ---------------------------------------------------------------------------------


class Judged(Keeping):
    """Keeps leads as ever; another judge decides them."""

    judge = staticmethod(failing)

    def _check(self, tenant_id, leads, render):
        return check(self.database, self.gate, tenant_id, leads, render, judge=self.judge)


class Slow(Judged):
    judge = staticmethod(slow)


@pytest.fixture
def judged_by(app):
    """Return what has another judge decide the leads of the app."""

    def put(keeps):
        parts = app.extensions
        parts[KEEPING] = keeps(parts["leadfly"].database, parts[GATE], parts[SPOOL])

    yield put
    app.extensions.pop(KEEPING, None)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_lead_is_taken_whose_check_fails(
    app, user_id, stored, worker_database, judged_by, profile
):
    judged_by(Judged)

    answer = opened(app, user_id, profile=profile).post(ADA)

    assert well(answer, profile)
    assert len(stored.leads()) == 1
    assert [job.kind for job in claimed(worker_database, user_id)] == ["dedup.recheck"]


def test_a_lead_is_taken_whose_check_takes_too_long(app, user_id, stored, judged_by):
    form = opened(app, user_id)
    form.post(ADA)
    judged_by(Slow)

    answer = form.post({**ADA, "company": "Analytical Engines Ltd"})

    assert well(answer, "standard")
    assert answer.json["check_skipped"] is True
    assert len(stored.leads()) == 2


# Too many ----------------------------------------------------------------------------------------


@pytest.fixture
def limited(local_settings, tmp_path):
    """Return a maker of apps with limits, by a clock that stands still."""
    apps = []

    def make(**changes):
        limits = {"rate_limited": True, "rate_limit_per_source": 1, "auth_mode": "keys"}
        app = leadfly.app.create_app(replace(local_settings, **limits | changes))
        rates = RateLimits(SharedTable(tmp_path / "limits", lambda: 10**12), b"k" * 32, 1)
        app.extensions[LIMITS] = replace(app.extensions[LIMITS], rates=rates)
        apps.append(app)
        return app

    yield make
    for app in apps:
        closed(app)


def reconciled(app):
    """Do the worker's part: store and check what was kept."""
    parts = app.extensions
    reconcile_spool(parts["leadfly"].database, parts[GATE], parts[SPOOL], lambda: False)


@pytest.mark.parametrize("profile", PROFILES)
def test_leads_beyond_the_limit_are_kept_and_beyond_ten_times_it_none_is(
    limited, user_id, stored, profile
):
    app = limited()
    form = opened(app, user_id, profile=profile)

    answers = [form.post(person(number)) for number in range(11)]
    at_once = len(stored.leads())
    reconciled(app)

    assert [well(one, profile) for one in answers[:10]] == [True] * 10
    assert refused(answers[10], profile)
    assert (at_once, len(stored.leads())) == (1, 10)


def test_a_lead_kept_for_later_is_answered_its_replay_with_the_same_bytes(limited, user_id):
    app = limited()
    form = opened(app, user_id)
    form.post(person(0))

    first, again = form.post(person(1)), form.post(person(1))
    reconciled(app)
    late = form.post(person(1))

    assert first.json["degraded"] is True
    assert first.data == again.data == late.data


def test_a_limited_hubspot_waits_for_milliseconds(limited, user_id):
    form = opened(limited(), user_id, profile="hubspot")
    answers = [form.post(person(number)) for number in range(12)]

    assert int(answers[-1].headers["Retry-After"]) >= 1000


def test_whose_address_is_known_shares_no_limit_with_the_strangers_of_its_network(limited, user_id):
    app = limited(rate_limit_per_ip=2, rate_limit_per_source=100)
    form = opened(app, user_id)
    assert form.post(person(0)).status_code == 200

    strangers = [app.test_client().post("/in/lfi_x", json=ADA).status_code for _ in range(4)]

    assert strangers == [404, 404, 503, 503]
    assert form.post(person(1)).status_code == 200


def test_whose_address_was_just_made_comes_back_after_the_strangers_of_its_network(
    limited, user_id
):
    """Nobody knows its token by heart yet, and a 429 would end it for some senders."""
    app = limited(rate_limit_per_ip=2, rate_limit_per_source=100)
    for _ in range(3):
        app.test_client().post("/in/lfi_x", json=ADA)

    answer = opened(app, user_id).post(person(0))

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_test_lead_costs_its_source_nothing(limited, user_id):
    form = opened(
        limited(), user_id, adapter="google_ads", secrets={"secret": "k"}, profile="standard"
    )
    tests = {"google_key": "k", "lead_id": "1", "is_test": True, "user_column_data": []}
    column = {"column_id": "EMAIL", "string_value": "ada@analytical.example"}
    real = tests | {"is_test": False, "user_column_data": [column]}

    assert [form.post(tests).status_code for _ in range(3)] == [200] * 3
    checked = form.post(real)

    assert (checked.status_code, checked.json["check_skipped"]) == (200, False)


# The database is away ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own_server(tmp_path_factory):
    """A PostgreSQL that these tests may stop."""
    server = Server(tmp_path_factory.mktemp("own"))
    server.start()
    migrate(server.conninfo("leadfly"))
    yield server
    server.stop(hurry=True)


@pytest.fixture
def host(own_server):
    """The services in front of it."""
    home = {"LEADFLY_HOME": str(own_server.home), "AUTH_MODE": "keys"}
    app = leadfly.app.create_app(chosen.load(home))
    yield app
    closed(app)


def known_while_away(app):
    """Let the app take its copies of tokens and sources."""
    app.extensions[KEY_SNAPSHOT].refresh()
    app.extensions["leadfly.dedup.sources"].copy.refresh()


def wait_until(done, seconds=10):
    give_up = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < give_up
        time.sleep(0.05)


@pytest.fixture
def outage(own_server, host):
    """Return what stops the server, and starts it again."""
    database = host.extensions["leadfly"].database

    class Outage:
        def __enter__(self):
            known_while_away(host)
            own_server.stop(hurry=True)
            wait_until(lambda: database.away)

        def __exit__(self, *fault):
            own_server.start()
            wait_until(lambda: not database.away)

    return Outage()


def test_every_profile_holds_while_the_database_is_away(host, outage, user_id):
    forms = {one: opened(host, user_id, one, profile=one) for one in PROFILES}

    with outage:
        away = {one: form.post(typeform("k")) for one, form in forms.items()}
        again = {one: form.post(typeform("k")) for one, form in forms.items()}
    waiting = {one: form.post(typeform("k")) for one, form in forms.items()}
    reconciled(host)
    late = {one: form.post(typeform("k")) for one, form in forms.items()}

    assert [one for one in PROFILES if not well(away[one], one)] == []
    for one in PROFILES:
        assert away[one].data == again[one].data == waiting[one].data == late[one].data
    with host.extensions["leadfly"].database.transaction(user_id) as conn:
        (leads,) = conn.execute(
            "SELECT count(*) FROM public.leads WHERE tenant_id = %s", [user_id]
        ).fetchone()
        (named,) = conn.execute(
            "SELECT count(*) FROM dedup.provided WHERE tenant_id = %s", [user_id]
        ).fetchone()
    assert (leads, named) == (len(PROFILES), len(PROFILES))


def test_a_process_that_starts_in_an_outage_knows_its_addresses(own_server, host, outage, user_id):
    form = opened(host, user_id)
    home = {"LEADFLY_HOME": str(own_server.home), "AUTH_MODE": "keys"}

    with outage:
        fresh = leadfly.app.create_app(chosen.load(home))
        answer = replace(form, client=fresh.test_client()).post(ADA)
        nobody = fresh.test_client().post(f"/in/{form.token[:-43]}{'A' * 43}", json=ADA)
        closed(fresh)

    assert (answer.status_code, answer.json["degraded"]) == (200, True)
    assert nobody.status_code in (404, 503)


def test_what_only_the_database_can_promise_is_503_and_a_test_lead_is_not(host, outage, user_id):
    meta = opened(host, user_id, "meta", adapter="meta", secrets={"access_token": "made-up"})
    calendly = opened(host, user_id, "calendly", adapter="calendly")
    google = opened(host, user_id, "google", adapter="google_ads", secrets={"secret": "k"})
    change = {"field": "leadgen", "value": {"leadgen_id": "7", "form_id": "3", "page_id": "7"}}
    notice = {"object": "page", "entry": [{"id": "7", "time": 1, "changes": [change]}]}
    test = {"google_key": "k", "lead_id": "1", "is_test": True, "user_column_data": []}

    with outage:
        answers = [
            meta.post(notice).status_code,
            calendly.post(appointment("u2", "u1")).status_code,
            google.post(test).status_code,
        ]

    assert answers == [503, 503, 200]


def test_with_nowhere_to_keep_a_lead_every_profile_says_to_come_back(
    host, outage, user_id, tmp_path
):
    forms = {one: opened(host, user_id, one, profile=one) for one in PROFILES}
    parts = host.extensions
    full = Spool(tmp_path / "full", most_bytes=1)
    parts[KEEPING] = Keeping(parts["leadfly"].database, parts[GATE], full)

    with outage:
        answers = {one: form.post(ADA) for one, form in forms.items()}
    del parts[KEEPING]
    full.close()

    assert [one for one in PROFILES if not refused(answers[one], one)] == []
    assert answers["hubspot"].headers["Retry-After"] == "5000"
    assert orjson.loads(answers["google"].data)["message"]
