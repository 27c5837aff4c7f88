"""What the duplicate check stores of a person, and who can read it."""

from dataclasses import replace

import psycopg
import pytest

import leadfly.app
from shared import leads
from shared.privacy.modes import MODES

PATH = "/webhook/leadfly/duplicate-prevention"
LEAD = {
    "email": "grace.hopper@navy.example",
    "phone": "+1 212 555 0147",
    "other_email": "amazing@cobol.example",
    "other_phone": "+1 212 555 0182",
    "first_name": "Grace",
    "last_name": "Hopperova",
    "street": "12 Compiler Street",
}
CANARIES = (
    "grace",
    "hopperova",
    "5550147",
    "212 555",
    "cobol",
    "5550182",
    "compiler",
    "203.0.113.77",
)


@pytest.fixture
def strict_client(local_settings):
    app = leadfly.app.create_app(replace(local_settings, mode=MODES["gdpr_strict"]))
    yield app.test_client()
    app.extensions["leadfly"].database.close()


@pytest.fixture
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


def body(user_id, **more):
    context = {"ip": "203.0.113.77"}
    return {"user_id": user_id, "source_id": "s", "lead_data": LEAD, "context": context} | more


def everything(owner, user_id):
    """Return every row of this tenant in every table, as text."""
    tables = owner.execute(
        "SELECT table_schema, table_name FROM information_schema.columns "
        "WHERE column_name = 'tenant_id'"
    ).fetchall()
    rows = []
    for schema, name in tables:
        query = psycopg.sql.SQL("SELECT t::text FROM {} t WHERE tenant_id = %s").format(
            psycopg.sql.Identifier(schema, name)
        )
        rows += [f"{name}: {row[0].lower()}" for row in owner.execute(query, [user_id])]
    return rows


def test_without_consent_the_strict_mode_stores_nothing_and_says_which_field(
    strict_client, owner, user_id
):
    response = strict_client.post(PATH, json=body(user_id))

    assert response.status_code == 403
    assert "consent.purposes" in response.json["error"]["details"]
    assert everything(owner, user_id) == []


def test_the_strict_mode_stores_no_name_address_or_number_in_clear(strict_client, owner, user_id):
    consent = {"purposes": ["contact"], "text_version": "v1", "given_at": "2026-11-01T10:00:00Z"}

    assert strict_client.post(PATH, json=body(user_id, consent=consent)).status_code == 200

    rows = everything(owner, user_id)
    assert len(rows) >= 6
    assert [row for row in rows for canary in CANARIES if canary in row] == []


def test_the_strict_mode_still_recognises_a_person(strict_client, user_id):
    consent = {"purposes": ["contact"]}
    strict_client.post(PATH, json=body(user_id, consent=consent))

    again = strict_client.post(PATH, json=body(user_id, consent=consent))

    assert again.json["action_taken"] == "reject_duplicate"


def test_no_mode_stores_the_address_a_lead_came_from(client, owner, user_id):
    client.post(PATH, json=body(user_id))

    assert not any("203.0.113.77" in row for row in everything(owner, user_id))


def test_the_consent_is_kept_with_its_text_and_sealed_proof(client, gate, owner, user_id):
    consent = {
        "purposes": ["contact", "marketing"],
        "text_version": "2026-03",
        "given_at": "2026-11-01T10:00:00Z",
        "proof": "https://cert.example/1",
    }

    client.post(PATH, json=body(user_id, consent=consent))

    row = owner.execute(
        "SELECT purposes, text_version, proof, lead_id FROM public.consents WHERE tenant_id = %s",
        [user_id],
    ).fetchone()
    assert row[:2] == (["lead_processing", "marketing"], "2026-03")
    assert b"cert.example" not in row[2]
    assert gate.unseal(user_id, row[2], f"{row[3]}/proof") == b"https://cert.example/1"


def test_deleting_the_subject_deletes_everything_about_the_person(client, owner, user_id):
    client.post(PATH, json=body(user_id, consent={"purposes": ["contact"]}, submission_id="1"))
    client.post(PATH, json=body(user_id))

    owner.execute("DELETE FROM public.subjects WHERE tenant_id = %s", [user_id])

    assert everything(owner, user_id) == []


def test_a_transaction_without_a_tenant_sees_and_writes_nothing(client, app_conninfo, user_id):
    client.post(PATH, json=body(user_id))

    with psycopg.connect(app_conninfo, autocommit=True) as conn:
        for table in ("public.leads", "dedup.records", "dedup.blocking_keys", "dedup.decisions"):
            query = psycopg.sql.SQL("SELECT count(*) FROM {}").format(
                psycopg.sql.Identifier(*table.split("."))
            )
            assert conn.execute(query).fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(
                "INSERT INTO public.subjects (tenant_id, id, created_at) "
                "VALUES (%s, gen_random_uuid(), now())",
                [user_id],
            )


def test_a_tenant_never_meets_anothers_lead(client, user_id):
    client.post(PATH, json=body(user_id))

    other = client.post(PATH, json=body(user_id + "-other"))

    assert other.json["action_taken"] == "allow_processing"


def test_the_purge_removes_expired_bodies_of_all_tenants_and_nothing_else(
    client, owner, worker_database, user_id
):
    old, young = user_id + "-old", user_id + "-young"
    client.post(PATH, json=body(old))
    client.post(PATH, json=body(young))
    owner.execute(
        "UPDATE public.raw_bodies SET expires_at = now() - interval '1 minute' "
        "WHERE tenant_id = %s",
        [old],
    )

    with worker_database.lookup() as conn:
        purged = leads.purge_expired_bodies(conn)

    left = owner.execute(
        "SELECT tenant_id FROM public.raw_bodies WHERE tenant_id = ANY (%s)", [[old, young]]
    ).fetchall()
    assert purged >= 1
    assert left == [(young,)]
