"""An investigation begins with a lead: both or neither, over HTTP on a real PostgreSQL."""

from dataclasses import replace
from threading import Barrier, Thread
from uuid import uuid4

import pytest

from leadfly.app import create_app
from services.leads.lead_investigation_openapi import OF_LEAD
from shared.privacy.modes import MODES
from shared.web.openapi import openapi_path
from tests.leadfly.test_openapi import holds
from tests.services.leads.account import Account


@pytest.fixture
def account(app, user_id):
    return Account(app, user_id)


@pytest.fixture
def lead_id(account):
    return account.lead()


def begin(account, lead_id, expect=201, **said):
    return account.ask("POST", f"/leads/{lead_id}/investigation", expect, **said)


def investigation_of(account, lead_id):
    return account.ask("GET", f"/leads/{lead_id}")["lead"]["investigation_id"]


def test_the_lead_is_in_the_investigation_that_begins_with_it(account, lead_id):
    begun = begin(account, lead_id, name=" Ring ", description="Who else?")["investigation"]

    assert (begun["name"], begun["description"], begun["leads"]) == ("Ring", "Who else?", 1)
    assert investigation_of(account, lead_id) == begun["id"]
    assert account.history(lead_id)[0]["field"] == "investigation_id"


def test_without_a_name_it_is_called_after_the_lead_and_nothing_that_it_said(account, lead_id):
    assert begin(account, lead_id)["investigation"]["name"] == f"Lead {lead_id}"


def test_the_answer_is_what_the_description_says(client, account, lead_id):
    document = client.get("/openapi.json").json
    described = document["paths"][openapi_path(OF_LEAD)]["post"]

    assert holds(document, described, 201, begin(account, lead_id)) == []


def test_a_lead_of_another_investigation_stays_there(account, lead_id):
    first = begin(account, lead_id)["investigation"]["id"]

    refused = begin(account, lead_id, 409)["error"]

    assert refused["details"] == {"investigation_id": f"is {first}"}
    assert investigation_of(account, lead_id) == first
    assert account.ask("GET", "/investigations")["count"] == 1


def test_a_lead_moves_if_that_is_said(account, lead_id):
    first = begin(account, lead_id)["investigation"]["id"]

    second = begin(account, lead_id, move=True)["investigation"]

    assert investigation_of(account, lead_id) == second["id"] != first
    assert account.ask("GET", f"/investigations/{first}")["investigation"]["leads"] == 0


@pytest.mark.parametrize(
    "said",
    [{"name": " "}, {"name": "x" * 201}, {"move": "yes"}, {"description": 3}],
    ids=str,
)
def test_what_is_not_understood_begins_nothing(account, lead_id, said):
    begin(account, lead_id, 400, **said)

    assert account.ask("GET", "/investigations")["count"] == 0


def test_another_accounts_lead_is_none(app, account, lead_id):
    stranger = Account(app, f"tenant-{uuid4().hex}")

    begin(stranger, lead_id, 404)

    assert stranger.ask("GET", "/investigations")["count"] == 0


def test_an_erased_lead_begins_nothing(account, lead_id):
    account.ask("DELETE", f"/leads/{lead_id}")

    begin(account, lead_id, 404)


def test_without_consent_nothing_begins_where_the_mode_asks_for_it(app, local_settings, user_id):
    lead_id = Account(app, user_id).lead()
    strict = create_app(replace(local_settings, mode=MODES["gdpr_strict"]))

    begin(Account(strict, user_id), lead_id, 403)

    strict.extensions["leadfly"].database.close()
    assert Account(app, user_id).ask("GET", "/investigations")["count"] == 0


def test_of_several_at_once_one_begins(app, user_id, lead_id):
    together, statuses = Barrier(4), []

    def one():
        client = app.test_client()
        path = f"/api/v1/lead-discovery/leads/{lead_id}/investigation"
        together.wait()
        statuses.append(client.post(path, json={"user_id": user_id}).status_code)

    threads = [Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [201, 409, 409, 409]
