"""Leads by Standard Webhooks: what was signed is taken once, however often it comes.

Red if `webhook-id` did not name the request: then a replay is another lead.
"""

import time

import orjson
import pytest

from services.dedup.openapi import PATH
from shared import issuing, keys
from shared.api_key import SIGNING, Wanted
from shared.signature import sign

ADA = {"email": "ada@analytical.example", "name": "Ada Lovelace"}
LEAD = {"source_id": "crm", "lead_data": ADA}


@pytest.fixture
def sender(database, gate, user_id):
    def sender(*scopes):
        wanted = Wanted(SIGNING, scopes or ("write:leads",))
        with database.transaction(user_id) as conn:
            return issuing.issue(conn, gate.keyring, user_id, wanted)

    return sender


@pytest.fixture
def stored(database, user_id):
    def stored():
        with database.transaction(user_id) as conn:
            query = "SELECT count(*) FROM public.leads WHERE tenant_id = %s"
            return conn.execute(query, [user_id]).fetchone()[0]

    return stored


@pytest.fixture
def send(keys_client):
    def send(signer, body, path="", message_id="msg_1", **headers):
        raw, at = orjson.dumps(body), int(time.time())
        signed = {
            "webhook-id": message_id,
            "webhook-timestamp": str(at),
            "webhook-signature": sign(signer.text, message_id, at, raw),
        }
        return keys_client.post(
            f"{PATH}{path}?signed_by={signer.key.prefix}",
            data=raw,
            content_type="application/json",
            headers=signed | {n.replace("_", "-"): v for n, v in headers.items()},
        )

    return send


def test_a_replay_is_answered_from_the_store(send, sender, stored):
    signer = sender()

    first, again = send(signer, LEAD), send(signer, LEAD)

    assert first.json["action_taken"] == "allow_processing"
    assert again.data == first.data
    assert again.headers["Idempotent-Replayed"] == "true"
    assert stored() == 1


def test_a_replay_under_another_idempotency_key_is_one_all_the_same(send, sender, stored):
    signer = sender()

    answers = [send(signer, LEAD, Idempotency_Key=key) for key in ("a", "b", "c")]

    assert len({answer.data for answer in answers}) == 1
    assert stored() == 1


def test_another_lead_under_the_same_id_is_refused(send, sender):
    signer = sender()
    send(signer, LEAD)

    assert send(signer, LEAD | {"lead_data": {"email": "b@b.example"}}).status_code == 422


def test_a_replayed_batch_stores_nothing_again(send, sender, stored):
    signer = sender()
    body = {"source_id": "crm", "leads": [LEAD, {"lead_data": {"email": "b@b.example"}}]}

    first, again = (send(signer, body, "/batch").json["results"] for _ in range(2))

    assert first == again
    assert stored() == 2


def test_a_lead_of_a_batch_keeps_its_own_name(send, sender, stored):
    signer = sender()
    body = {"source_id": "crm", "leads": [LEAD | {"submission_id": "s1"}]}

    first = send(signer, body, "/batch").json["results"]
    later = send(signer, body, "/batch", message_id="msg_2").json["results"]

    assert first == later
    assert stored() == 1


def test_the_ids_of_two_senders_and_of_a_servers_keys_never_meet(
    send, sender, stored, keys_client, database, user_id
):
    with database.transaction(user_id) as conn:
        _, key = keys.create(conn, user_id, ["write:leads"])

    send(sender(), LEAD)
    send(sender(), LEAD)
    keys_client.post(PATH, json=LEAD, headers={"X-API-Key": key, "Idempotency-Key": "msg_1"})

    assert stored() == 3


def test_a_signed_body_opens_no_rehearsal(send, sender, stored):
    """The address is not signed: a captured submission must not tell who is known."""
    signer = sender("read:leads", "write:leads")

    assert send(signer, LEAD, "/check").status_code == 403
    asked = send(signer, LEAD | {"options": {"dry_run": True}})
    assert asked.json["dry_run"] is True  # who signed asked for it
    assert send(sender(), LEAD | {"options": {"dry_run": True}}).status_code == 403
    assert stored() == 0


def test_a_sender_is_a_server_and_hears_the_verdict(send, sender):
    signer = sender()
    send(signer, LEAD)

    assert send(signer, LEAD, message_id="msg_2").json["action_taken"] == "reject_duplicate"
