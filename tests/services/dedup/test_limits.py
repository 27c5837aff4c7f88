"""Too many leads: a server is told when to come back, a form's leads are kept. None is lost."""

import time
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

import leadfly.app
from leadfly.reconciler import reconcile_spool
from shared import issuing, keys
from shared.api_key import PUBLISHABLE, Wanted
from shared.keyfile import keyring
from shared.rate_limits import RateLimits
from shared.rate_table import SharedTable
from shared.web.limits import LIMITS as LIMITS_OF_APP
from shared.web.limits import Limits
from shared.web.service import GATE, KEY_SNAPSHOT, SPOOL

PATH = "/webhook/leadfly/duplicate-prevention"

SHOP = "https://shop.example"

FORM = {"Origin": SHOP}

LIMITS = {"rate_limited": True, "rate_limit_per_key": 1000, "rate_limit_per_source": 3}


def opened(settings, folder, **changes):
    """Return the services with limits on, which count in *folder* by a clock that stands still."""
    chosen = LIMITS | {"lead_form_origins": frozenset({SHOP})} | changes
    app = leadfly.app.create_app(replace(settings, **chosen))
    if LIMITS_OF_APP in app.extensions:
        rates = RateLimits(SharedTable(folder, lambda: 10**12), b"k" * 32, 1)
        app.extensions[LIMITS_OF_APP] = replace(app.extensions[LIMITS_OF_APP], rates=rates)
    return app


def closed(app):
    if KEY_SNAPSHOT in app.extensions:
        app.extensions[KEY_SNAPSHOT].stop()
    app.extensions["leadfly"].database.close()


@pytest.fixture
def limited(local_settings, tmp_path):
    """Return a maker of clients: `limited(rate_limit_per_source=2)`."""
    apps = []

    def make(**changes):
        apps.append(opened(local_settings, tmp_path / "limits", **changes))
        return apps[-1].test_client()

    yield make
    for app in apps:
        closed(app)


def person(number):
    return {
        "email": f"person{number}@company{number}.example",
        "first_name": f"First{number}",
        "last_name": f"Last{number}",
    }


def send(client, user_id, number=0, headers=None, source_id="form", **more):
    """Return the answer to one lead."""
    body = {"user_id": user_id, "source_id": source_id, "lead_data": person(number)} | more
    return client.post(PATH, json=body, headers=headers)


def send_many(client, user_id, count, path="/batch", **more):
    leads = [{"lead_data": person(number)} for number in range(count)]
    body = {"user_id": user_id, "source_id": "form", "leads": leads} | more
    return client.post(PATH + path, json=body)


def statuses(answers):
    return [answer.status_code for answer in answers]


def reconciled(client):
    """Do the worker's part: store and check what was kept."""
    parts = client.application.extensions
    reconcile_spool(parts["leadfly"].database, parts[GATE], parts[SPOOL], lambda: False)


# Servers -----------------------------------------------------------------------------------------


def test_a_server_is_told_when_to_come_back_and_nothing_of_its_lead_is_stored(
    limited, user_id, stored
):
    client = limited()
    answers = [send(client, user_id, number) for number in range(4)]

    assert statuses(answers) == [200, 200, 200, 429]
    refused = answers[-1]
    assert refused.json["error"]["code"] == "RATE_LIMIT_EXCEEDED"
    assert refused.json["error"]["details"]["limit"] == "source"
    assert refused.headers["Retry-After"] == "20"
    assert len(stored.leads()) == 3


def test_without_limits_all_are_checked(limited, user_id):
    """The control: it is the limit that refuses."""
    client = limited(rate_limited=False)

    assert statuses(send(client, user_id, number) for number in range(6)) == [200] * 6


def test_another_source_and_another_account_have_limits_of_their_own(limited, user_id):
    client = limited(rate_limit_per_source=1)
    assert statuses(send(client, user_id, n) for n in range(2)) == [200, 429]

    assert send(client, user_id, 2, source_id="another").status_code == 200
    assert send(client, f"{user_id}-2", 3).status_code == 200


def test_a_batch_costs_as_many_as_it_has_leads_and_is_admitted_whole_or_not(
    limited, user_id, stored
):
    client = limited(rate_limit_per_source=10)
    assert send_many(client, user_id, 6).status_code == 200

    refused = send_many(client, user_id, 6)

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "12"
    assert len(stored.leads()) == 6
    assert send_many(client, user_id, 4).status_code == 200


def test_a_batch_counts_each_lead_for_the_source_it_names(limited, user_id):
    client = limited(rate_limit_per_source=2)
    leads = [{"lead_data": person(n), "source_id": f"form-{n % 2}"} for n in range(4)]

    assert send_many(client, user_id, 0, leads=leads).status_code == 200
    assert send(client, user_id, 9, source_id="form-1").status_code == 429


def test_a_refused_batch_leaves_its_caller_what_it_had(limited, user_id):
    """It costs the key nothing, or a retry could never come true."""
    client = limited(rate_limit_per_key=10, rate_limit_per_source=6)
    send_many(client, user_id, 5)
    assert statuses(send_many(client, user_id, 5) for _ in range(4)) == [429] * 4

    assert send_many(client, user_id, 5, source_id="another").status_code == 200


def test_whoever_comes_back_when_told_is_admitted(limited, user_id):
    client = limited(rate_limit_per_source=60)
    limits = client.application.extensions[LIMITS_OF_APP]
    ours = Limits.of(client.application.extensions["leadfly"].settings, uuid4().bytes * 2)
    client.application.extensions[LIMITS_OF_APP] = replace(limits, rates=ours.rates)
    assert send_many(client, user_id, 60).status_code == 200
    answers = (send(client, user_id, number) for number in range(100, 200))
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.headers["Retry-After"] == "1"

    time.sleep(1)

    assert send(client, user_id, 201).status_code == 200


def test_more_leads_than_a_limit_ever_admits_are_never_told_to_come_back(limited, user_id, stored):
    refused = send_many(limited(), user_id, 4)

    assert refused.status_code == 413
    assert refused.json["error"]["details"] == {"leads": "at most 3"}
    assert stored.leads() == []


@pytest.mark.parametrize("more", [{"options": {"dry_run": True}}, {}])
def test_what_stores_nothing_costs_as_much(limited, user_id, more):
    client, path = limited(rate_limit_per_source=2), PATH if more else f"{PATH}/check"
    body = {"user_id": user_id, "source_id": "form", "lead_data": person(0)} | more
    answers = [client.post(path, json=body, headers=FORM if more else None) for _ in range(3)]

    assert statuses(answers) == [200, 200, 429]


# Forms -------------------------------------------------------------------------------------------


def test_a_form_beyond_the_limit_is_answered_and_its_lead_is_checked_later(
    limited, user_id, stored
):
    client = limited()
    answers = [send(client, user_id, number, FORM) for number in range(8)]
    kept = [answer.json for answer in answers[3:]]

    assert statuses(answers) == [200] * 8
    assert [said["check_skipped"] for said in kept] == [True] * 5
    assert [said["degraded"] for said in kept] == [True] * 5
    assert len({said["receipt_id"] for said in kept}) == 5
    assert len(stored.leads()) == 3

    reconciled(client)

    assert len(stored.leads()) == 8
    assert stored.count()[2] == 8


def test_a_duplicate_that_was_kept_is_told_late(limited, user_id, stored):
    client = limited(rate_limit_per_source=1)
    first = send(client, user_id, 1, FORM).json

    assert send(client, user_id, 1, FORM).json["check_skipped"]
    reconciled(client)

    assert [event for event, _ in stored.events()] == ["lead.created", "lead.late_duplicate"]
    assert len(stored.leads()) == 2
    assert first["lead_id"] in stored.leads()


def test_a_retry_of_a_kept_lead_gets_its_first_answer(limited, user_id, stored):
    client = limited(rate_limit_per_source=1)
    send(client, user_id, 1, FORM)
    once = FORM | {"Idempotency-Key": f"k-{uuid4()}"}

    answers = [send(client, user_id, 2, once).json for _ in range(3)]
    reconciled(client)
    answers.append(send(client, user_id, 2, once).json)

    assert len({answer["lead_id"] for answer in answers}) == 1
    assert len(stored.leads()) == 2


def test_a_retry_of_a_checked_lead_beyond_the_limit_gets_its_first_answer(limited, user_id):
    client = limited(rate_limit_per_source=1)
    once = FORM | {"Idempotency-Key": f"k-{uuid4()}"}
    first = send(client, user_id, 2, once).json

    again = send(client, user_id, 2, once).json

    assert (again["lead_id"], again["check_skipped"]) == (first["lead_id"], False)


def test_what_is_kept_ends_at_ten_times_the_limit(limited, user_id, stored):
    client = limited(rate_limit_per_source=2)
    answers = [send(client, user_id, number, FORM) for number in range(25)]

    assert statuses(answers) == [200] * 20 + [429] * 5
    assert answers[-1].json["error"]["details"]["limit"] == "source"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    reconciled(client)
    assert len(stored.leads()) == 20


def test_the_metrics_tell_what_was_kept_and_what_was_refused(limited, user_id):
    def counted(outcome):
        labels = {"limit": "source", "outcome": outcome}
        return REGISTRY.get_sample_value("leadfly_rate_limited_total", labels) or 0

    client = limited(rate_limit_per_source=1)
    kept, refused = counted("kept"), counted("refused")

    for number in range(12):
        send(client, user_id, number, FORM)

    assert (counted("kept") - kept, counted("refused") - refused) == (9, 2)
    reconciled(client)


def test_a_form_beyond_the_limit_of_its_account_is_kept_too(limited, user_id, stored):
    client = limited(rate_limit_per_key=2, rate_limit_per_source=1000)
    answers = [send(client, user_id, number, FORM) for number in range(4)]

    assert [answer.json["check_skipped"] for answer in answers] == [False, False, True, True]
    reconciled(client)
    assert len(stored.leads()) == 4


def test_a_form_that_sends_nonsense_beyond_the_limit_is_told_so(limited, user_id):
    client = limited(rate_limit_per_key=1)
    send(client, user_id, 1, FORM)

    assert send(client, user_id, 1, FORM, lead_data={}).status_code == 400


def test_a_lead_that_can_be_kept_nowhere_is_told_to_come_back(limited, user_id, tmp_path):
    (tmp_path / "spool").write_text("no folder")
    client = limited(rate_limit_per_source=1)
    send(client, user_id, 1, FORM)
    spool = client.application.extensions[SPOOL]
    client.application.extensions[SPOOL] = type(spool)(Path(tmp_path / "spool"))
    client.application.extensions.pop("leadfly.dedup.keeping")

    refused = send(client, user_id, 2, FORM)

    assert refused.status_code == 503
    assert refused.headers["Retry-After"]


# Keys --------------------------------------------------------------------------------------------


def key_of(client, user_id, **wanted):
    """Return the text of a new key of *user_id*."""
    parts = client.application.extensions["leadfly"]
    with parts.database.transaction(user_id) as conn:
        ring = keyring(parts.settings)
        return issuing.issue(conn, ring, user_id, Wanted(**wanted)).text


def test_a_stolen_form_key_floods_its_own_limits_and_no_others(limited, user_id, stored):
    """Its leads are kept and not lost, up to the network's limit; the server goes on unhindered."""
    client = limited(auth_mode="keys", rate_limit_per_source=2, rate_limit_per_ip=9)
    page = key_of(client, user_id, kind=PUBLISHABLE, source_id="form", origins=frozenset({SHOP}))
    server = key_of(client, user_id, scopes=keys.SCOPES)
    flood, calm = FORM | {"X-API-Key": page}, {"X-API-Key": server}
    assert send(client, user_id, 20, calm, source_id="crm").status_code == 200

    answers = [send(client, user_id, number, flood) for number in range(14)]
    after = send(client, user_id, 21, calm, source_id="crm")

    assert statuses(answers) == [200] * 9 + [429] * 5
    assert answers[-1].json["error"]["details"]["limit"] == "ip"
    assert after.status_code == 200
    reconciled(client)
    assert len(stored.leads()) == 11


def test_a_server_that_posts_for_many_people_is_counted_for_its_key_alone(limited, user_id):
    client = limited(auth_mode="keys", rate_limit_per_source=50, rate_limit_per_ip=1)
    server = {"X-API-Key": key_of(client, user_id, scopes=keys.SCOPES)}

    assert statuses(send(client, user_id, n, server) for n in range(10)) == [200] * 10


def test_limits_hold_while_the_database_is_away(limited, user_id, nowhere):
    client = limited(rate_limit_per_source=2)
    assert send(client, user_id, 1).status_code == 200
    client.application.extensions["leadfly.dedup.keeping"].database = nowhere

    assert statuses(send(client, user_id, n) for n in range(2, 5)) == [200, 429, 429]


def test_the_stored_and_the_refused_are_all_there_were(limited, user_id, stored):
    """Nothing is lost: each lead was checked, kept, or its sender told to come back."""
    client = limited(rate_limit_per_source=3)
    answers = [send(client, user_id, number, FORM if number % 2 else None) for number in range(40)]
    reconciled(client)

    assert set(statuses(answers)) == {200, 429}
    assert len(stored.leads()) == statuses(answers).count(200)
