"""A consent that is withdrawn ends at once, for all who use it, and stays as evidence."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest

import leadfly.app
from services.leads import export
from services.privacy.effects import EFFECTS
from services.privacy.withdrawal_schema import NewWithdrawal
from shared import keys
from shared.privacy.modes import MODES
from shared.privacy.purposes import LEAD_PROCESSING, PURPOSES
from shared.web.service import KEY_SNAPSHOT
from tests.services.leads.test_bulk import seeded
from tests.services.matching.account import BAKERY, LOAN
from tests.services.privacy.withdrawing_account import ADA, API, BOB, EVERYTHING, Withdrawing


@pytest.fixture(scope="module")
def strict_app(local_settings):
    """The services where everything needs a consent."""
    app = leadfly.app.create_app(replace(local_settings, mode=MODES["gdpr_strict"]))
    yield app
    app.extensions[KEY_SNAPSHOT].stop()
    app.extensions["leadfly"].database.close()


@pytest.fixture
def strict(strict_app, user_id):
    return Withdrawing(strict_app, user_id)


def told(owner, user_id):
    """Return the events of withdrawals, lead and purposes."""
    rows = owner.execute(
        "SELECT lead_id::text, data -> 'purposes' FROM public.events"
        " WHERE tenant_id = %s AND event = 'consent.withdrawn' ORDER BY id",
        [user_id],
    )
    return rows.fetchall()


def written(owner, user_id):
    """Return how many words the account has of withdrawals, by leads and by addresses."""
    query = """
        SELECT (SELECT count(*) FROM public.withdrawals WHERE tenant_id = %(tenant)s),
               (SELECT count(*) FROM public.withdrawn_addresses WHERE tenant_id = %(tenant)s)
        """
    return owner.execute(query, {"tenant": user_id}).fetchone()


# What ends ---------------------------------------------------------------------------------------


def test_whoever_withdraws_is_in_no_export(mine):
    lead_id = mine.agreeing()
    assert mine.exported("sharing") == {lead_id}

    mine.of_lead(lead_id)

    assert mine.exported("sharing") == mine.exported("analytics") == set()


def test_in_gdpr_strict_whoever_withdraws_is_listed_and_changed_no_more(strict):
    lead_id = strict.agreeing(state="TX", country="US")
    assert strict.listed(location="Texas") == 1

    strict.of_lead(lead_id)

    assert strict.listed(location="Texas") == 0
    strict.ask("PUT", f"/leads/{lead_id}", 403, assigned_to="sam")


def test_whoever_takes_back_one_purpose_agrees_to_the_others(mine):
    lead_id = mine.agreeing()

    mine.of_lead(lead_id, "marketing")

    assert (mine.exported("marketing"), mine.exported("sharing")) == (set(), {lead_id})
    standing = mine.consents(lead_id)["standing"]
    assert (standing["state"], standing["taken_back"]) == ("agreed", ["marketing"])
    assert "sharing" in standing["purposes"] and "marketing" not in standing["purposes"]


def test_a_purpose_is_taken_back_also_where_no_consent_was_known(mine):
    lead_id = mine.lead()

    mine.of_lead(lead_id, "marketing")

    assert (mine.exported("marketing"), mine.exported("sharing")) == (set(), {lead_id})


def test_whoever_agrees_anew_is_used_again(mine):
    mine.of_lead(mine.agreeing())

    mine.agreeing(source_id="again")

    assert len(mine.exported("sharing")) == 1


@pytest.mark.parametrize("purposes", [[], ["sharing"]], ids=["wholly", "sharing alone"])
def test_no_service_is_matched_with_whoever_withdrew(mine, purposes):
    mine.ask("POST", "/services", 201, **LOAN)
    lead_id = mine.agreeing(**BAKERY)
    service_id = mine.ask("POST", f"/leads/{lead_id}/match")["matches"][0]["service_id"]
    assert mine.listed() == mine.ask("GET", f"/services/{service_id}/leads")["count"] == 1

    mine.of_lead(lead_id, *purposes)

    assert mine.ask("POST", f"/leads/{lead_id}/match")["matches"] == []
    assert mine.ask("GET", f"/services/{service_id}/leads")["count"] == 0


def test_the_record_that_is_shown_is_matched_no_more_when_another_withdraws(mine):
    service_id = mine.ask("POST", "/services", 201, **LOAN)["service"]["id"]
    mine.agreeing(**BAKERY)
    second = mine.agreeing(**BAKERY, source_id="again")
    assert mine.listed() == mine.ask("GET", f"/services/{service_id}/leads")["count"] == 1

    mine.of_lead(second)

    assert mine.ask("GET", f"/services/{service_id}/leads")["count"] == 0


def test_whoever_takes_marketing_back_is_matched_still(mine):
    mine.ask("POST", "/services", 201, **LOAN)
    lead_id = mine.agreeing(**BAKERY)

    mine.of_lead(lead_id, "marketing")

    assert len(mine.ask("POST", f"/leads/{lead_id}/match")["matches"]) == 1


@pytest.mark.parametrize("purposes", [[], ["enrichment"]], ids=["wholly", "enrichment alone"])
def test_nobody_is_asked_about_whoever_withdrew(mine, purposes):
    lead_id = mine.agreeing()

    mine.of_lead(lead_id, *purposes)

    mine.ask("POST", f"/leads/{lead_id}/enrich", 403)


@pytest.mark.parametrize("purposes", [[], ["behavioural_tracking"]], ids=["wholly", "tracking"])
def test_nothing_is_kept_of_the_mails_of_whoever_withdrew(mine, purposes):
    lead_id = mine.agreeing()
    clicked = {"email": ADA["email"], "event": "clicked", "url": "https://bank.example/loans/apply"}
    mails = "/webhook/leadfly/email-engagement"
    query = {"user_id": mine.user_id}
    assert mine.client.post(mails, json=clicked, query_string=query).json["stored"] == 1

    mine.of_lead(lead_id, *purposes)
    again = mine.client.post(mails, json=clicked | {"event_id": "2"}, query_string=query).json

    assert again["stored"] == 0


def test_a_click_on_a_page_of_whoever_withdrew_is_refused(mine):
    lead_id = mine.agreeing()
    mine.of_lead(lead_id)

    did = [{"type": "form_submit", "url": "https://bank.example/loans/apply"}]
    body = {"user_id": mine.user_id, "lead_id": lead_id, "metadata": {"behavior": did}}
    answer = mine.client.post("/webhook/leadfly/signal-detection", json=body)

    assert answer.status_code == 403, answer.text


def test_every_purpose_says_what_ends_with_it(mine):
    lead_id = mine.agreeing()

    one = mine.of_lead(lead_id, "sharing")["stopped"]
    wholly = mine.of_lead(lead_id)["stopped"]

    assert EFFECTS.keys() | {LEAD_PROCESSING} == PURPOSES.keys()
    assert [each["purpose"] for each in one] == ["sharing"]
    assert {each["purpose"] for each in wholly} == {"*"} and len(wholly) > 3


# Who ---------------------------------------------------------------------------------------------


def test_a_person_withdraws_with_all_their_records(mine):
    mine.agreeing()
    second = mine.agreeing(source_id="again")

    done = mine.of_lead(second)

    assert (done["people"], done["lead_ids"]) == (1, [second])
    assert mine.exported("sharing") == set()


def test_everybody_who_gave_an_address_withdraws_by_it(mine):
    phone = "+1 212 555 0134"
    ada, bob = mine.agreeing(phone=phone), mine.agreeing(**BOB, phone=phone)
    carol = mine.agreeing(email="carol@corp.example", first_name="Carol", last_name="Shaw")

    done = mine.withdraw(identifiers={"phone": "(212) 555-0134"})

    assert (done["people"], set(done["lead_ids"])) == (2, {ada, bob})
    assert mine.exported("sharing") == {carol}


def test_a_spouse_on_the_same_line_has_not_withdrawn(mine):
    ada = mine.agreeing(phone="+1 212 555 0134")
    bob = mine.agreeing(**BOB, phone="+1 212 555 0134")

    mine.of_lead(ada)

    assert mine.exported("sharing") == {bob}


def test_a_stranger_who_withdrew_has_withdrawn_when_they_come(mine):
    done = mine.of_email("ADA+x@analytical.example")
    assert (done["people"], done["addresses_kept"], done["recorded"]) == (0, 1, True)

    lead_id = mine.lead()

    assert mine.exported("sharing") == set()
    assert mine.consents(lead_id)["standing"]["state"] == "withdrawn"


def test_a_stranger_who_agreed_before_they_withdrew_has_withdrawn(mine):
    mine.of_email(ADA["email"])
    body = {"user_id": mine.user_id, "source_id": "old", "lead_data": ADA}
    agreed = {"purposes": ["sharing"], "given_at": "2020-01-01T00:00:00Z"}

    mine.client.post("/webhook/leadfly/duplicate-prevention", json=body | {"consent": agreed})

    assert mine.exported("sharing") == set()


def test_a_stranger_who_agrees_after_it_has_changed_their_mind(mine):
    mine.of_email(ADA["email"])

    lead_id = mine.agreeing()

    assert mine.exported("sharing") == {lead_id}


def test_a_stranger_who_took_one_purpose_back_is_used_for_others(mine):
    mine.of_email(ADA["email"], "marketing")

    lead_id = mine.lead()

    assert (mine.exported("marketing"), mine.exported("sharing")) == (set(), {lead_id})


@pytest.mark.parametrize("address", ["test@test.com", "nobody", ""])
def test_who_stands_for_nobody_is_refused(mine, address, owner, user_id):
    answer = mine.withdraw(400, identifiers={"email": address})

    assert answer["error"]["details"].keys() <= {"identifiers.email", "identifiers"}
    assert written(owner, user_id) == (0, 0)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"lead_id": str(uuid4()), "identifiers": {"email": ADA["email"]}},
        {"identifiers": {}},
        {"identifiers": {"email": ADA["email"]}, "purposes": ["markting"]},
        {"identifiers": {"email": ADA["email"]}, "purposes": []},
    ],
)
def test_what_cannot_be_meant_is_refused(mine, said, owner, user_id):
    mine.withdraw(400, **said)

    assert written(owner, user_id) == (0, 0)


def test_a_purpose_may_be_said_in_other_words():
    assert NewWithdrawal().load({"lead_id": uuid4(), "purposes": ["Tracking"]})["purposes"] == [
        "behavioural_tracking"
    ]


# Once, and by whom -------------------------------------------------------------------------------


def test_said_twice_it_is_written_and_told_once(mine, owner, user_id):
    lead_id = mine.agreeing()

    first, second = mine.of_lead(lead_id), mine.of_lead(lead_id)

    assert (first["recorded"], second["recorded"]) == (True, False)
    assert written(owner, user_id) == (1, 1)
    assert told(owner, user_id) == [(lead_id, sorted(PURPOSES))]


def test_said_by_twenty_at_once_it_is_written_and_told_once(app, mine, owner, user_id):
    lead_id = mine.agreeing()

    def withdraw(_):
        return Withdrawing(app, user_id).of_lead(lead_id, "marketing")["recorded"]

    with ThreadPoolExecutor(20) as pool:
        recorded = list(pool.map(withdraw, range(20)))

    assert (sum(recorded), len(told(owner, user_id)), written(owner, user_id)) == (1, 1, (1, 1))


def test_after_a_new_consent_a_withdrawal_is_another(mine, owner, user_id):
    lead_id = mine.agreeing()
    mine.of_lead(lead_id)
    mine.agreeing(source_id="again")

    again = mine.of_lead(lead_id)

    assert again["recorded"] and len(told(owner, user_id)) == 2
    assert mine.exported("sharing") == set()


def test_what_was_said_is_read_back_with_who_wrote_it_down(mine, owner, user_id):
    lead_id = mine.agreeing()
    mine.of_lead(lead_id, "marketing", channel="phone", reason="She called on Monday.")

    word, kept, consent = mine.consents(lead_id)["history"]

    assert (word["kind"], word["lead_id"], word["channel"]) == ("withdrawn", lead_id, "phone")
    assert (word["purposes"], word["by"]) == (["marketing"], "local")
    assert word["reason"] == "She called on Monday."
    assert (kept["kind"], kept["lead_id"], kept["purposes"]) == ("withdrawn", None, ["marketing"])
    assert (consent["kind"], consent["purposes"]) == ("given", sorted(EVERYTHING))
    (sealed,) = owner.execute(
        "SELECT reason FROM public.withdrawals WHERE tenant_id = %s", [user_id]
    ).fetchone()
    assert b"Monday" not in bytes(sealed)


def test_whoever_said_nothing_has_no_words(mine):
    read = mine.consents(mine.lead())

    assert (read["standing"]["state"], read["history"]) == ("nothing_said", [])


# While others work -------------------------------------------------------------------------------


def test_whoever_withdraws_while_an_export_runs_is_not_in_its_next_page(mine, owner, user_id):
    seeded(owner, user_id, export.PAGE + 2)
    query = {"user_id": user_id, "purpose": "sharing"}
    pieces = mine.client.get(f"{API}/leads/export.csv", query_string=query).iter_encoded()
    first = ids(next(pieces))
    left = owner.execute(
        "SELECT id::text FROM public.leads WHERE tenant_id = %s ORDER BY id DESC LIMIT 2", [user_id]
    ).fetchall()

    mine.of_lead(left[0][0])
    rest = set().union(*(ids(piece) for piece in pieces))

    assert len(first) == export.PAGE + 1 and rest == {left[1][0]}


def ids(piece):
    return {line.split(",", 1)[0] for line in piece.decode().splitlines()}


# Whose -------------------------------------------------------------------------------------------


def test_another_account_s_lead_is_one_that_is_not_there(app, mine, owner, user_id):
    lead_id = mine.agreeing()
    other = Withdrawing(app, f"tenant-{uuid4().hex}")

    theirs = other.withdraw(404, lead_id=lead_id)
    nobody_s = other.withdraw(404, lead_id=str(uuid4()))

    assert theirs["error"] == nobody_s["error"]
    assert other.consents(lead_id, 404)["error"] == nobody_s["error"]
    assert written(owner, user_id) == (0, 0)


def test_an_address_of_another_account_s_lead_is_a_stranger_s(app, mine):
    lead_id = mine.agreeing()

    done = Withdrawing(app, f"tenant-{uuid4().hex}").of_email(ADA["email"])

    assert (done["people"], done["lead_ids"]) == (0, [])
    assert mine.exported("sharing") == {lead_id}


@pytest.mark.parametrize(("scopes", "status"), [(["write:leads"], 200), (["read:leads"], 403)])
def test_a_key_needs_the_scope(keys_client, database, user_id, scopes, status):
    with database.transaction(user_id) as conn:
        _, text = keys.create(conn, user_id, scopes, None, None)

    answer = keys_client.post(
        f"{API}/privacy/withdrawals",
        json={"identifiers": {"email": ADA["email"]}},
        headers={"X-API-Key": text},
    )

    assert answer.status_code == status, answer.text
