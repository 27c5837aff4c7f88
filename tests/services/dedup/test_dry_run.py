"""Dry runs over HTTP, on a real PostgreSQL: the verdict that a lead would get, and no trace."""

from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest

import leadfly.app
from services.dedup import store
from services.dedup.dry_run import dry_run
from services.dedup.policy_cache import PolicyCache
from shared import keys
from shared.db import Database
from shared.errors import Unavailable
from shared.privacy.modes import MODES
from shared.web.service import SPOOL
from tests.services.dedup.arrivals import ADA, lead
from tests.services.dedup.test_privacy import everything

PATH = "/webhook/leadfly/duplicate-prevention"

DRY = {"dry_run": True}

MIKE = {"email": "mike@other.example", "name": "Mike Johnson", "company": "TSI"}

IDS = ("lead_id", "decision_id", "review_id", "receipt_id")


@pytest.fixture
def dry(client, user_id):
    """Ask what a lead would be answered."""

    def dry(expect=200, path=f"{PATH}/check", headers=None, **body):
        body = {"user_id": user_id, "source_id": "test-form", "lead_data": ADA} | body
        response = client.post(path, json=body, headers=headers)
        assert response.status_code == expect, response.json
        return response.json

    return dry


def batch(client, user_id, *items, expect=200, **options):
    body = {"user_id": user_id, "source_id": "s", "leads": items, "options": DRY | options}
    response = client.post(f"{PATH}/batch", json=body)
    assert response.status_code == expect, response.json
    return response.json.get("results")


# The verdict -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "lead", "would"),
    [
        ({}, ADA, "allow_processing"),
        (ADA, ADA, "reject_duplicate"),
        (
            {
                "email": "michael@corp.example",
                "name": "Michael Johnson",
                "company": "Technology Solutions Inc",
            },
            MIKE,
            "flag_for_review",
        ),
        ({}, {"email": "test@tempmail.com", "phone": "+1-000-000-0000", "company": "Test Corp"},
         "flag_for_review"),
    ],
    ids=["new", "known", "doubtful", "risky"],
)  # fmt: skip
def test_a_dry_run_says_what_the_lead_would_be_answered(dry, post, before, lead, would):
    if before:
        post(**before)

    rehearsed = dry(lead_data=lead)
    real = post(**lead)

    assert rehearsed["action_taken"] == real["action_taken"] == would
    steady = real.keys() - {*IDS, "dry_run", "next_steps", "processing_time_ms", "timestamp"}
    for name in steady - {"request_id", "checks_performed"}:
        assert rehearsed[name] == real[name], name


def test_a_dry_run_names_nothing_that_is_not_stored(dry, post):
    known = post(**ADA)

    answer = dry()

    assert answer["dry_run"] is True
    assert [answer[name] for name in IDS] == [None] * 4
    assert answer["duplicate_of"] == known["lead_id"]
    assert answer["match_details"]["lead_id"] == known["lead_id"]
    assert answer["next_steps"][0] == "Nothing was stored."
    assert known["dry_run"] is False


@pytest.mark.parametrize("path", [PATH, f"{PATH}/check"])
def test_a_dry_run_leaves_no_trace(dry, stored, app, path):
    waiting = app.extensions[SPOOL].depth()

    for _ in range(2):
        assert dry(path=path, options=DRY)["action_taken"] == "allow_processing"

    assert stored.count() == (0, 0, 0, 0, 0)
    assert app.extensions[SPOOL].depth() == waiting


def test_a_dry_run_leaves_no_row_in_any_table(dry, post, owner, user_id, client):
    post(**ADA)
    before = everything(owner, user_id)

    for one in (ADA, MIKE, {"email": "test@tempmail.com", "phone": "+1-000-000-0000"}):
        dry(lead_data=one, context={"ip": "203.0.113.5"}, consent={"purposes": ["marketing"]})
    batch(client, user_id, {"lead_data": ADA}, {"lead_data": MIKE})

    assert everything(owner, user_id) == before


@pytest.mark.parametrize("sent", [True, "true", "True"])
def test_a_form_may_ask_for_a_dry_run(client, user_id, stored, sent):
    form = {"user_id": user_id, "source_id": "s", **ADA, "options[dry_run]": str(sent)}

    assert client.post(PATH, data=form).json["dry_run"] is True
    assert stored.count()[0] == 0


@pytest.mark.parametrize("sent", ["perhaps", 1, [], {"dry_run": True}])
def test_what_may_have_asked_for_a_dry_run_is_not_stored(dry, stored, sent):
    refused = dry(expect=400, path=PATH, options={"dry_run": sent})

    assert list(refused["error"]["details"]) == ["options.dry_run"]
    assert stored.count()[0] == 0


def test_a_forms_own_field_of_that_name_loses_no_lead(client, user_id):
    form = {"user_id": user_id, "source_id": "s", **ADA, "options": "the red one"}

    assert client.post(PATH, data=form).json["action_taken"] == "allow_processing"


def test_a_key_is_neither_used_nor_used_up(dry, post, client, user_id):
    named = {"Idempotency-Key": "once"}
    body = {"user_id": user_id, "source_id": "test-form", "lead_data": ADA}

    dry(headers=named, submission_id="once")
    first = client.post(PATH, json=body, headers=named)
    after = dry(headers=named)

    assert first.json["lead_id"]
    assert "Idempotent-Replayed" not in first.headers
    assert after["action_taken"] == "reject_duplicate"


class Writing(PolicyCache):
    """Policies that cannot be read without a write."""

    def ask(self, conn, tenant_id):
        store.forget(conn, tenant_id, uuid4())


def test_the_database_itself_refuses_a_dry_run_that_writes(app_conninfo, gate, user_id):
    own = Database(app_conninfo, gate.keyring.fingerprint, most=1)

    with pytest.raises(Unavailable) as refused:
        dry_run(own, gate, user_id, [lead(gate, user_id)], Writing())

    own.close()
    assert isinstance(refused.value.__context__, psycopg.errors.ReadOnlySqlTransaction)


def test_a_dry_run_waits_for_nobody(dry, database, gate, user_id):
    one = lead(gate, user_id)

    with database.transaction(user_id, one.locked) as conn:
        conn.execute("SELECT 1").fetchone()
        answer = dry()

    assert answer["processing_time_ms"] < 400


# Who may, and when -------------------------------------------------------------------------------


@pytest.fixture
def keyed(keys_client, database, user_id):
    """Post with a key that has some scopes; return the answer."""

    def keyed(path, *scopes, **body):
        with database.transaction(user_id) as conn:
            _, key = keys.create(conn, user_id, scopes)
        return keys_client.post(
            path,
            json={"source_id": "s", "lead_data": ADA} | body,
            headers={"X-API-Key": key},
            environ_base={"REMOTE_ADDR": "203.0.113.9"},
        )

    return keyed


def test_a_key_that_may_only_submit_finds_out_nothing(keyed, stored):
    leads = {"leads": [{"lead_data": ADA}]}

    for path, body in (
        (f"{PATH}/check", {}),
        (PATH, {"options": DRY}),
        (f"{PATH}/batch", leads | {"options": DRY}),
        (PATH, {"options": {"explain": True}}),
        (f"{PATH}/batch", leads | {"options": {"explain": True}}),
    ):
        refused = keyed(path, "write:leads", **body)
        assert refused.status_code == 403
        assert refused.json["error"]["details"] == {"scope": "this needs read:leads"}
    assert stored.count()[0] == 0


def test_a_key_that_may_only_read_rehearses_and_stores_nothing(keyed):
    assert keyed(f"{PATH}/check", "read:leads").json["dry_run"] is True
    assert keyed(PATH, "read:leads", options=DRY).json["dry_run"] is True
    assert keyed(PATH, "read:leads").status_code == 403
    explained = keyed(PATH, "read:leads", "write:leads", options={"explain": True})
    assert explained.json["lead_id"]


def test_the_consent_must_be_given_as_for_a_lead_that_is_kept(local_settings, user_id):
    strict = leadfly.app.create_app(replace(local_settings, mode=MODES["gdpr_strict"]))
    body = {"user_id": user_id, "source_id": "s", "lead_data": ADA}
    agreed = {"consent": {"purposes": ["lead_processing"]}}

    refused = strict.test_client().post(f"{PATH}/check", json=body)
    allowed = strict.test_client().post(f"{PATH}/check", json=body | agreed)
    strict.extensions["leadfly"].database.close()

    assert (refused.status_code, allowed.status_code) == (403, 200)


def test_while_the_database_is_away_a_dry_run_comes_back_later(gate, nowhere, keeping, user_id):
    with pytest.raises(Unavailable):
        dry_run(nowhere, gate, user_id, [lead(gate, user_id)], keeping.policies)


# A batch -----------------------------------------------------------------------------------------


def test_a_batch_is_rehearsed_each_also_against_those_before_it(client, user_id, stored):
    items = [{"lead_data": ADA}, {"lead_data": ADA}, {"lead_data": {"name": "Nobody"}}, 7]

    first, second, unreachable, nothing = batch(client, user_id, *items)

    assert first["action_taken"] == "allow_processing"
    assert second["action_taken"] == "reject_duplicate"
    assert second["duplicate_of"] is second["match_details"]["lead_id"] is None
    assert {c["matched_lead_id"] for c in second["checks_performed"]} == {None}
    assert "before it in the same request" in second["next_steps"][-1]
    assert (unreachable["success"], nothing["success"]) == (False, False)
    assert stored.count() == (0, 0, 0, 0, 0)


def test_a_long_batch_is_rehearsed_whole(client, user_id):
    items = [{"email": f"number{n}@mail.example"} for n in range(150)]

    results = batch(client, user_id, *items, *items)

    actions = [result["action_taken"] for result in results]
    assert actions == ["allow_processing"] * 150 + ["reject_duplicate"] * 150


def test_one_item_alone_cannot_be_rehearsed(client, user_id, stored):
    items = [{"lead_data": ADA, "options": DRY}, {"lead_data": MIKE}]

    answer = client.post(
        f"{PATH}/batch", json={"user_id": user_id, "source_id": "s", "leads": items}
    )

    asked, other = answer.json["results"]
    assert list(asked["error"]["details"]) == ["options.dry_run"]
    assert other["action_taken"] == "allow_processing"
    assert stored.count()[0] == 1


# Explained ---------------------------------------------------------------------------------------

LIKE_ADA = {"email": "lovelace@other.example", "name": "Augusta Lovelace", "postal_code": "W1"}


def test_a_lead_that_is_no_duplicate_is_explained_if_asked(dry, post):
    known = post(**ADA, company="Analytical Engines", phone="+44 20 7946 0958")
    near = {"email": "bob@builder.example", "name": "Bob Builderman", "phone": "+44 20 7946 0958"}

    silent, explained = (dry(lead_data=near, options={"explain": e}) for e in (False, True))

    assert explained["duplicate_found"] is silent["duplicate_found"] is False
    assert silent["match_details"] is explained["duplicate_of"] is None
    assert explained["match_details"]["lead_id"] == known["lead_id"]
    assert explained["match_details"]["match_probability"] < 0.6


def test_an_explanation_does_not_keep_a_lead_from_being_stored(post, client, user_id, stored):
    body = {"user_id": user_id, "source_id": "s", "lead_data": ADA, "options": {"explain": True}}

    answer = client.post(PATH, json=body).json

    assert stored.leads() == [answer["lead_id"]]
