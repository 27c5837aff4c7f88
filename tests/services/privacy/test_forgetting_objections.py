"""Whoever objects and is erased leaves a keyed hash, unless they want that forgotten, too."""

from uuid import uuid4

import pytest

from shared import keys
from tests.services.privacy.withdrawing_account import ADA, API, BOB, HOME, Withdrawing

LINE = "+1 212 555 0134"


@pytest.fixture
def kept(owner, user_id):
    """Return how many words are kept by addresses of withdrawals, and of objections."""

    def kept(tenant_id=user_id):
        query = """
            SELECT (SELECT count(*) FROM public.withdrawn_addresses WHERE tenant_id = %(tenant)s),
                   (SELECT count(*) FROM signals.objected_addresses WHERE tenant_id = %(tenant)s)
            """
        return owner.execute(query, {"tenant": tenant_id}).fetchone()

    return kept


def unsubscribe(mine, email):
    mine.client.post(
        "/webhook/leadfly/email-engagement",
        json={"email": email, "event": "unsubscribed"},
        query_string={"user_id": mine.user_id},
    )


def test_a_person_is_erased_by_their_address_and_the_objection_is_kept(mine, kept):
    mine.lead()
    mine.lead(source_id="again")
    unsubscribe(mine, ADA["email"])
    mine.of_email(ADA["email"])

    done = mine.erase_by(email=ADA["email"].upper())

    assert (done["records_erased"], done["objections_forgotten"], done["objections_kept"]) == (
        *(2, 0, 1),
    )
    assert mine.listed() == 0 and kept() == (1, 1)


def test_a_person_may_want_the_objection_forgotten_too(mine, kept):
    mine.lead(other_email=HOME["email"])
    unsubscribe(mine, HOME["email"])
    mine.of_email(ADA["email"])

    done = mine.erase_by(keep_objection=False, email=ADA["email"])

    assert (done["records_erased"], done["objections_forgotten"], done["objections_kept"]) == (
        *(1, 2, 0),
    )
    assert kept() == (0, 0)


def test_a_stranger_s_objection_is_forgotten_by_their_address(mine, kept):
    mine.of_email(ADA["email"])
    unsubscribe(mine, ADA["email"])

    done = mine.erase_by(keep_objection=False, email=ADA["email"])

    assert (done["records_erased"], done["objections_forgotten"]) == (0, 2)
    assert kept() == (0, 0)
    mine.erase_by(404, keep_objection=False, email=ADA["email"])


def test_a_stranger_s_objection_stays_unless_they_say_otherwise(mine, kept):
    mine.of_email(ADA["email"])

    done = mine.erase_by(email=ADA["email"])

    assert (done["records_erased"], done["objections_kept"], kept()) == (0, 1, (1, 0))


def test_whoever_had_it_forgotten_is_somebody_new(mine):
    mine.of_email(ADA["email"])
    mine.erase_by(keep_objection=False, email=ADA["email"])

    lead_id = mine.lead()

    assert mine.exported("sharing") == {lead_id}


def test_a_person_is_erased_by_a_lead_with_their_objection(mine, kept):
    lead_id = mine.agreeing()
    mine.of_lead(lead_id)
    unsubscribe(mine, ADA["email"])

    done = mine.erase(lead_id, reach="person", keep_objection="false")

    assert (done["records_erased"], done["objections_forgotten"], kept()) == (1, 2, (0, 0))


def test_a_record_alone_is_not_erased_with_the_person_s_objection(mine, kept):
    lead_id = mine.agreeing()
    mine.of_lead(lead_id)

    refused = mine.erase(lead_id, 400, keep_objection="false")

    assert set(refused["error"]["details"]) == {"keep_objection"}
    assert (mine.listed(), kept()) == (1, (1, 0))


def test_several_people_on_one_line_are_named_and_none_goes(mine):
    leads = {mine.lead(phone=LINE), mine.lead(**BOB, phone=LINE)}

    refused = mine.erase_by(409, phone=LINE)

    assert set(refused["error"]["details"]["lead_ids"].split(", ")) == leads
    assert mine.listed() == 2


def test_who_gave_both_is_one_of_several(mine):
    mine.lead(phone=LINE)
    bob = mine.lead(**BOB, phone=LINE)

    assert mine.erase_by(email=ADA["email"], phone=LINE)["records_erased"] == 1
    assert mine.ask("GET", f"/leads/{bob}")["lead"]["id"] == bob


def test_a_line_that_only_ends_alike_is_somebody_else_s(mine):
    mine.lead(phone="+1 312 555 0134")

    mine.erase_by(404, phone=LINE)

    assert mine.listed() == 1


def test_another_account_s_people_are_nobody(app, mine, kept, user_id):
    mine.lead()
    mine.of_email(ADA["email"])
    other = Withdrawing(app, f"tenant-{uuid4().hex}")

    theirs = other.erase_by(404, keep_objection=False, email=ADA["email"])
    nobody_s = other.erase_by(404, keep_objection=False, email="nobody.here@analytical.example")

    assert theirs["error"] == nobody_s["error"]
    assert (mine.listed(), kept()) == (1, (1, 0))


def test_the_audit_has_an_erasure_of_no_records(mine, owner, user_id):
    mine.of_email(ADA["email"])
    mine.erase_by(keep_objection=False, email=ADA["email"])

    rows = owner.execute(
        "SELECT erased_by, records FROM privacy.erasures WHERE tenant_id = %s", [user_id]
    ).fetchall()

    assert rows == [("local", 0)]


@pytest.mark.parametrize(("scopes", "status"), [(["delete:leads"], 404), (["write:leads"], 403)])
def test_a_key_needs_the_scope_to_erase(keys_client, database, user_id, scopes, status):
    with database.transaction(user_id) as conn:
        _, text = keys.create(conn, user_id, scopes, None, None)

    answer = keys_client.post(
        f"{API}/privacy/erasures",
        json={"identifiers": {"email": ADA["email"]}},
        headers={"X-API-Key": text},
    )

    assert answer.status_code == status, answer.text
