"""A record that is erased takes no withdrawal and no objection of its person with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.enrichment import standing_store
from services.privacy.erasure import Desk, erase_many
from shared.db import ERASER, Database
from shared.erasure_ledger import ErasureLedger
from shared.keyfile import keyring
from shared.web.service import SPOOL
from tests.services.privacy.withdrawing_account import (
    ADA,
    API,
    BOB,
    HOME,
    WITHDRAWALS,
)


@pytest.fixture
def two(mine, owner, user_id):
    """Two records of one person, who gave another address with each; both agreed."""
    first, second = mine.agreeing(), mine.agreeing(**HOME)
    join(owner, user_id, first, second)
    return first, second


def join(owner, user_id, first, second):
    """Make the second a record of the first's person, as a reviewer does."""
    owner.execute(
        """
        UPDATE public.leads SET duplicate_of = %(first)s, subject_id = (
            SELECT subject_id FROM public.leads WHERE tenant_id = %(tenant)s AND id = %(first)s)
        WHERE tenant_id = %(tenant)s AND id = %(second)s
        """,
        {"tenant": user_id, "first": first, "second": second},
    )


def unsubscribe(mine, email):
    answer = mine.client.post(
        "/webhook/leadfly/email-engagement",
        json={"email": email, "event": "unsubscribed"},
        query_string={"user_id": mine.user_id},
    )
    assert answer.json["objections_kept"] == 1, answer.text


def objects(database, user_id, lead_id):
    with database.transaction(user_id) as conn:
        return standing_store.standing(conn, user_id, UUID(lead_id)).objected


@pytest.mark.parametrize(("gone", "left"), [(0, 1), (1, 0)])
@pytest.mark.parametrize("named", [0, 1])
def test_whoever_withdrew_has_withdrawn_when_either_record_is_erased(mine, two, named, gone, left):
    mine.of_lead(two[named])

    mine.erase(two[gone])

    assert mine.exported("sharing") == set()
    assert mine.consents(two[left])["standing"]["state"] == "withdrawn"


def test_whoever_withdrew_by_an_address_has_withdrawn_when_its_record_is_erased(mine, two):
    mine.of_email(ADA["email"])

    mine.erase(two[0])

    assert mine.exported("sharing") == set()


def test_a_stranger_s_withdrawal_stays_when_the_record_that_gave_its_address_goes(
    mine, owner, user_id
):
    mine.of_email(ADA["email"])
    first, second = mine.lead(), mine.lead(**HOME)
    join(owner, user_id, first, second)

    mine.erase(first)

    assert mine.exported("sharing") == set()


def test_a_purpose_stays_taken_back(mine, two):
    mine.of_lead(two[0], "marketing")

    mine.erase(two[0])

    assert (mine.exported("marketing"), mine.exported("sharing")) == (set(), {two[1]})


def test_a_withdrawal_that_was_stored_with_its_consent_stays(mine, two, owner):
    owner.execute("UPDATE public.consents SET withdrawn_at = now() WHERE lead_id = %s", [two[0]])

    mine.erase(two[0])

    assert mine.exported("sharing") == set()


def test_whoever_agreed_after_it_is_used(mine, two):
    mine.of_lead(two[0])
    third = mine.agreeing(source_id="again")

    mine.erase(two[0])

    assert third in mine.exported("sharing") | {third}
    assert mine.consents(third)["standing"]["state"] == "agreed"


@pytest.mark.parametrize("email", [ADA["email"], HOME["email"]])
def test_whoever_unsubscribed_objects_when_the_record_is_erased(
    mine, two, database, user_id, email
):
    unsubscribe(mine, email)
    gone, left = two if email == ADA["email"] else reversed(two)

    mine.erase(gone)

    assert objects(database, user_id, left)
    assert left not in mine.exported("marketing")


def test_erased_one_after_the_other_the_last_record_says_it_once(mine, two, owner, user_id):
    third = mine.agreeing(source_id="third")
    mine.of_lead(third)
    mine.erase(third)
    mine.erase(two[0])

    (number,) = owner.execute(
        "SELECT count(*) FROM public.withdrawals WHERE tenant_id = %s", [user_id]
    ).fetchone()

    assert number == 1
    assert mine.exported("sharing") == set()


def test_many_erased_at_once_leave_it_to_whom_is_left(
    app, mine, two, owner, user_id, server, local_settings, gate
):
    third = mine.agreeing(source_id="third")
    mine.of_lead(third)
    eraser = Database(
        server.conninfo(ERASER), keyring(local_settings).fingerprint, most=1, role=ERASER
    )
    desk = Desk(eraser, gate, app.extensions[SPOOL], ErasureLedger(local_settings.ledger_folder))

    erase_many(desk, user_id, [UUID(third), UUID(two[0])], "local", lambda conn, gone: None)
    eraser.close()

    assert mine.consents(two[1])["standing"]["state"] == "withdrawn"


def test_a_person_who_goes_as_a_whole_leaves_a_keyed_hash_alone(mine, two, owner, user_id):
    mine.of_lead(two[0], reason="Ada said so.")

    mine.erase(two[0], reach="person")

    left = owner.execute(
        "SELECT row_to_json(kept)::text FROM public.withdrawn_addresses AS kept"
        " WHERE tenant_id = %s",
        [user_id],
    ).fetchall()
    gone = owner.execute(
        "SELECT count(*) FROM public.withdrawals WHERE tenant_id = %s", [user_id]
    ).fetchone()
    assert len(left) == 1 and "ada" not in left[0][0].replace(user_id, "").lower()
    assert gone == (0,)


def test_whoever_comes_again_after_it_has_withdrawn(mine, two):
    mine.of_lead(two[0])
    mine.erase(two[0], reach="person")

    mine.lead()

    assert mine.exported("sharing") == set()


def test_nobody_else_is_handed_anything(mine, two):
    bob = mine.agreeing(**BOB)
    mine.of_lead(two[0])

    mine.erase(two[0])

    assert mine.exported("sharing") == {bob}


def test_what_was_handed_on_says_when_it_was_said(mine, two):
    before = datetime.now(UTC)
    mine.of_lead(two[0])

    mine.erase(two[0])

    words = mine.consents(two[1])["history"]
    (word,) = [one for one in words if one["kind"] == "withdrawn"]
    assert word["lead_id"] == two[1] and datetime.fromisoformat(word["at"]) >= before


@pytest.mark.parametrize("attempt", range(6))
def test_whoever_withdraws_while_the_record_is_erased_has_withdrawn_or_is_told_not(
    app, mine, two, user_id, attempt
):
    query = {"user_id": user_id}

    def withdraw():
        body = query | {"lead_id": two[0]}
        return app.test_client().post(f"{API}{WITHDRAWALS}", json=body).status_code

    def erase():
        return app.test_client().delete(f"{API}/leads/{two[0]}", query_string=query).status_code

    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(one) for one in ((withdraw, erase)[:: 1 - 2 * (attempt % 2)])]
        withdrawn, erased = [one.result(timeout=30) for one in asked][:: 1 - 2 * (attempt % 2)]

    assert erased == 200
    assert (withdrawn, mine.exported("sharing")) in [(200, set()), (404, {two[1]})]
