"""Enrichment over HTTP, by the providers that there are."""

from dataclasses import replace

import pytest

import leadfly.app
from services.enrichment.providers.registry import NAMES
from shared.privacy.modes import MODES
from shared.web.service import KEY_SNAPSHOT

API = "/api/v1/lead-discovery"

OFFLINE = ["mailbox", "phone"]
"""Providers that ask nobody."""


class Asking:
    """One account, over HTTP."""

    def __init__(self, client, user_id):
        self._client, self._query = client, {"user_id": user_id}

    def ask(self, method, path, expect=200, **sent):
        answer = self._client.open(f"{API}{path}", method=method, query_string=self._query, **sent)
        assert answer.status_code == expect, answer.text
        return answer.json

    def enrich(self, lead_id, expect=200, **said):
        said = {"providers": OFFLINE} | said
        return self.ask("POST", f"/leads/{lead_id}/enrich", expect, json=said)


@pytest.fixture
def account(client, user_id):
    return Asking(client, user_id)


@pytest.fixture
def strict(local_settings, user_id):
    app = leadfly.app.create_app(replace(local_settings, mode=MODES["gdpr_strict"]))
    yield Asking(app.test_client(), user_id)
    app.extensions[KEY_SNAPSHOT].stop()
    app.extensions["leadfly"].database.close()


def by_field(answer, provider):
    return {one["field"]: one["value"] for one in answer["enrichment_data"][provider]}


def test_a_lead_is_enriched_in_the_contracts_words(account, lead):
    lead_id = lead(email="info@gmail.com", phone="1-800-FLOWERS")

    answer = account.enrich(lead_id)

    assert (answer["success"], answer["enriched"], answer["message"]) == (True, True, None)
    assert answer["lead_id"] == str(lead_id)
    assert answer["data_sources"] == OFFLINE
    assert by_field(answer, "mailbox")["mailbox_free"] == "true"
    assert by_field(answer, "phone")["phone_line_type"] == "toll_free"
    assert answer["conflicts"] == []


def test_what_was_found_is_there_to_be_looked_at(account, lead):
    lead_id = lead()
    asked = account.enrich(lead_id, lawful_basis={"basis": "contract", "note": "Order 7"})

    held = account.ask("GET", f"/leads/{lead_id}/enrichment")

    assert held["enrichment_data"] == asked["enrichment_data"]
    assert held["runs"][0]["lawful_basis"] == {"basis": "contract", "note": "Order 7"}
    assert held["runs"][0]["providers"]["phone"]["status"] == "not_applicable"
    assert held["withheld"] is None


def test_a_lead_without_an_address_or_a_number_of_a_kind_says_why_nothing_was_found(account, lead):
    answer = account.enrich(lead(), providers=["phone"])

    assert answer["enriched"] is False
    assert answer["message"].startswith("Nothing was found. phone: ")


def test_what_was_found_can_be_deleted(account, lead):
    lead_id = lead()
    account.enrich(lead_id)

    deleted = account.ask("DELETE", f"/leads/{lead_id}/enrichment")["findings_deleted"]

    assert deleted == 6
    held = account.ask("GET", f"/leads/{lead_id}/enrichment")
    assert (held["enrichment_data"], held["runs"]) == ({}, [])
    account.ask("GET", f"/leads/{lead_id}")


def test_the_lead_says_shortly_that_something_was_found(account, lead):
    lead_id = lead()
    assert account.ask("GET", f"/leads/{lead_id}")["enrichment"] is None
    account.enrich(lead_id)

    short = account.ask("GET", f"/leads/{lead_id}")["enrichment"]

    assert (short["findings"], short["providers"]) == (6, ["mailbox"])


def test_in_gdpr_strict_a_lead_without_consent_to_it_is_refused(strict, lead):
    error = strict.enrich(lead(), expect=403)["error"]

    assert error["code"] == "INSUFFICIENT_PERMISSIONS"
    assert "consent" in error["details"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"providers": []}, "providers"),
        ({"providers": ["crystal_ball"]}, "providers[0]"),
        ({"providers": "mailbox"}, "providers"),
        ({"email": "nobody"}, "email"),
        ({"email": 7}, "email"),
        ({"username": "a\nb"}, "username"),
        ({"username": "x" * 101}, "username"),
        ({"lawful_basis": {"basis": "because"}}, "lawful_basis.basis"),
        ({"lawful_basis": {}}, "lawful_basis.basis"),
        ({"lawful_basis": "consent"}, "lawful_basis"),
    ],
)
def test_what_cannot_be_read_is_refused_by_field(account, lead, said, field):
    assert field in account.enrich(lead(), expect=400, **said)["error"]["details"]


def test_silence_is_silence_in_every_form(account, lead):
    lead_id = lead()

    account.enrich(lead_id, username="", email=None, lawful_basis=None, user_id=None)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_lead_that_is_none_is_not_found(account, method):
    nobody = "01890000-0000-7000-8000-000000000000"

    account.ask(method, f"/leads/{nobody}/enrichment", 404)
    account.enrich(nobody, expect=404)
    account.enrich("x", expect=400)


def test_the_dns_that_the_operator_names_is_asked(local_settings, dns_server, user_id, lead):
    dns_server.say("corp.example", "MX", "0 corp-example.mail.protection.outlook.com.")
    app = leadfly.app.create_app(replace(local_settings, dns_servers=(dns_server.at,)))
    try:
        answer = Asking(app.test_client(), user_id).enrich(lead(), providers=["mail_domain"])
    finally:
        app.extensions[KEY_SNAPSHOT].stop()
        app.extensions["leadfly"].database.close()

    assert by_field(answer, "mail_domain")["mail_provider"] == "Microsoft 365"


def test_a_request_without_a_body_asks_all_providers(account, lead):
    answer = account.ask("POST", f"/leads/{lead(email='x@gmail.com')}/enrich")

    assert set(answer["providers"]) == set(NAMES)
    assert answer["providers"]["profiler"]["status"] == "refused"
    assert answer["providers"]["mailbox"]["status"] == "answered"


def test_the_providers_are_listed_with_their_purpose(account):
    listed = account.ask("GET", "/enrichment/providers")["providers"]

    assert {"mail_domain", "mailbox", "phone"} <= {one["name"] for one in listed}
    assert all(one["purpose"] for one in listed)
