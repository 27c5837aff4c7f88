"""Mail events over HTTP: read from every sender, kept only as far as a person agreed."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from leadfly.purge import purge
from services.leads.behaviour_store import of_lead
from services.leads.lead_store import MOST_SHOWN
from services.signals.behaviour_event import Event
from services.signals.behaviour_store import TRACKING, recorded
from services.signals.engagement import read
from services.signals.engagement_openapi import ENGAGEMENT_OPERATIONS, PATH
from services.signals.engagement_recording import Keeper, keep
from services.signals.engagement_routes import blueprint
from shared import keys
from shared.privacy.consent import Consent
from shared.privacy.gate import Gate
from shared.privacy.modes import MODES
from shared.web.service import GATE, KEY_SNAPSHOT, assembled
from tests.services.leads.account import told

ADA = {"email": "ada@analytical.example", "first_name": "Ada", "last_name": "Lovelace"}
CHECK = "/webhook/leadfly/duplicate-prevention"
BOTH = ["lead_processing", TRACKING]


@pytest.fixture(scope="module")
def mails(local_settings):
    """The routes of mail events in an app of their own, in local mode."""
    app = assembled("signals", [blueprint], ENGAGEMENT_OPERATIONS, local_settings)
    yield app
    app.extensions[KEY_SNAPSHOT].stop()
    app.extensions["leadfly"].database.close()


@pytest.fixture
def tell(mails, user_id):
    """Post a body of mail events of this test's account; return the answer."""

    def tell(body, expect=200, **sent):
        answer = mails.test_client().post(
            PATH, query_string={"user_id": user_id}, **({"json": body} | sent)
        )
        assert answer.status_code == expect, answer.text
        return answer.json

    return tell


@pytest.fixture
def lead(client, user_id):
    """Store a lead with a consent to *purposes*; return its id."""

    def lead(purposes=BOTH, **fields):
        body = {"user_id": user_id, "source_id": "form", "lead_data": ADA | fields}
        if purposes is not None:
            body["consent"] = {"purposes": purposes}
        answer = client.post(CHECK, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json["lead_id"]

    return lead


@pytest.fixture
def shown(database, gate, user_id):
    """Return what a lead is shown to have done."""

    def shown(lead_id, tenant_id=user_id):
        with database.transaction(tenant_id) as conn:
            return of_lead(conn, gate, tenant_id, lead_id, MOST_SHOWN)

    return shown


@pytest.fixture
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


def event(**changes):
    clicked = {"email": ADA["email"], "event": "clicked", "url": "https://b.example/loans/apply"}
    return clicked | {"timestamp": datetime.now(UTC).isoformat()} | changes


def types(rows):
    return [row["behavior_type"] for row in rows]


# Who sends ---------------------------------------------------------------------------------------


def test_a_generic_event_is_counted_and_kept(tell, lead, shown):
    lead_id = lead()

    answer = tell(event())

    assert {name: answer[name] for name in answer if name not in ("request_id", "timestamp")} == {
        "success": True,
        "events_processed": 1,
        "high_value_events": 1,
        "unique_emails": 1,
        "stored": 1,
        "objections_kept": 0,
        "ignored": [],
    }
    (done,) = shown(lead_id)
    assert done["behavior_type"] == "email_click"
    assert done["site_url"] == "https://b.example/loans/apply"


def test_a_sendgrid_list_is_read(tell, lead):
    lead()
    batch = [
        {"email": ADA["email"], "event": "open", "timestamp": 1772357400, "sg_event_id": "a"},
        {"email": ADA["email"], "event": "deferred", "timestamp": 1772357400, "sg_event_id": "b"},
        {"email": "grace@corp.example", "event": "delivered", "sg_event_id": "c"},
    ]
    now = int(datetime.now(UTC).timestamp())

    answer = tell([one | {"timestamp": now} for one in batch])

    assert (answer["events_processed"], answer["unique_emails"], answer["stored"]) == (3, 2, 1)


def test_a_list_may_follow_white_space_and_a_byte_order_mark(tell):
    raw = b"\xef\xbb\xbf \n" + json.dumps([event()]).encode()

    answer = tell(None, json=None, data=raw, content_type="application/json")

    assert answer["events_processed"] == 1


def test_a_mailgun_event_is_read(tell, lead):
    lead()
    told = {"event": "opened", "id": "m1", "recipient": ADA["email"]}

    assert tell({"signature": {}, "event-data": told})["stored"] == 1


def test_events_may_name_the_account_beside_them(mails, user_id):
    answer = mails.test_client().post(PATH, json={"user_id": user_id, "events": [event()]})

    assert answer.json["events_processed"] == 1


# What is kept, and of whom -----------------------------------------------------------------------


def test_an_event_of_nobody_known_is_counted_and_not_stored(tell):
    answer = tell(event(email="stranger@nowhere.example"))

    assert (answer["events_processed"], answer["stored"]) == (1, 0)


@pytest.mark.parametrize("purposes", [None, ["lead_processing"], ["marketing"]])
def test_without_a_consent_to_it_nothing_is_stored(tell, lead, shown, purposes):
    lead_id = lead(purposes)

    assert tell(event())["stored"] == 0
    assert shown(lead_id) == []


def test_a_consent_that_was_withdrawn_is_none(tell, lead, owner, user_id):
    lead()
    owner.execute("UPDATE public.consents SET withdrawn_at = now() WHERE tenant_id = %s", [user_id])

    assert tell(event())["stored"] == 0


def test_the_latest_consent_of_the_person_counts_wherever_it_was_given(tell, lead, shown):
    first = lead(["lead_processing"])
    second = lead(BOTH, message="again")

    assert tell(event())["stored"] == 1
    assert types(shown(first)) == types(shown(second)) == ["email_click"]


def test_another_accounts_lead_is_nobody(tell, client, user_id, shown):
    other = user_id + "-other"
    body = {"user_id": other, "source_id": "s", "lead_data": ADA, "consent": {"purposes": BOTH}}
    lead_id = client.post(CHECK, json=body).json["lead_id"]

    assert tell(event())["stored"] == 0
    assert shown(lead_id, other) == []


def test_an_address_that_several_people_gave_is_nobodys_interest(tell, lead, client, user_id):
    inbox = {"email": "info@corp.example"}
    lead(first_name="Ada", last_name="Lovelace", **inbox)
    lead(first_name="Grace", last_name="Hopper", **inbox)

    assert tell(event(**inbox))["stored"] == 0
    assert tell(event(event="unsubscribe", **inbox))["stored"] == 2


def test_what_a_machine_opened_is_counted_and_not_stored(tell, lead):
    lead()

    answer = tell(event(event="open", sg_machine_open=True))

    assert (answer["events_processed"], answer["stored"]) == (1, 0)


def test_a_delivery_is_counted_and_not_stored(tell, lead):
    lead()

    assert tell(event(event="delivered"))["stored"] == 0


def test_a_page_is_sealed_where_it_is_stored(tell, lead, owner, user_id):
    lead()
    tell(event(url="https://b.example/secret-page"))

    (row,) = owner.execute(
        "SELECT row_to_json(b)::text FROM signals.behaviours AS b WHERE tenant_id = %s", [user_id]
    ).fetchone()
    assert "secret-page" not in row
    assert b"secret-page".hex() not in row


@pytest.mark.parametrize(
    ("given", "told"),
    [("ada.l@gmail.com", "AdaL@googlemail.com"), ("ada+news@corp.example", "ada@corp.example")],
)
def test_a_mailbox_is_known_however_it_is_spelt(tell, lead, given, told):
    lead(email=given)

    assert tell(event(email=told))["stored"] == 1


# Objections --------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["unsubscribe", "spamreport"])
@pytest.mark.parametrize("purposes", [None, BOTH])
def test_an_objection_is_kept_with_and_without_a_consent(
    tell, lead, owner, user_id, word, purposes
):
    lead_id = lead(purposes)

    assert tell(event(event=word, url="https://b.example/u?x=ada"))["stored"] == 1

    stored = owner.execute(
        "SELECT lead_id::text, expires_at, details FROM signals.behaviours WHERE tenant_id = %s",
        [user_id],
    ).fetchall()
    assert stored == [(lead_id, None, None)]


def test_an_objection_is_published(tell, lead, database, user_id):
    lead_id = lead(None)
    tell(event(event="unsubscribe"))

    with database.transaction(user_id) as conn:
        rows = conn.execute(
            "SELECT lead_id::text FROM signals.objections WHERE tenant_id = %s", [user_id]
        ).fetchall()
    assert set(rows) == {(lead_id,)}


def test_an_objection_is_told_once(tell, lead, database, user_id):
    lead_id = lead(None)
    objection = event(event="unsubscribe", sg_event_id="one")
    tell(objection)
    tell(objection)

    withdrawn = [one for one in told(database, user_id) if one[0] == "consent.withdrawn"]
    assert withdrawn == [("consent.withdrawn", lead_id, {"purposes": ["marketing"]})]


def test_after_an_objection_nothing_more_is_kept(tell, lead, shown):
    lead_id = lead()

    tell({"events": [event(), event(event="unsubscribe")]})
    tell(event(event="opened"))

    assert types(shown(lead_id)) == ["email_unsubscribe"]


def test_an_objection_holds_where_no_consent_is_asked_for(lead, database, app, user_id):
    lead(None)
    keeper = Keeper(database, Gate(MODES["testing"], app.extensions[GATE].keyring), user_id)
    told = [read([event(event=word)]).engagements for word in ("opened", "unsubscribed", "clicked")]

    assert [keep(keeper, each).events for each in told] == [1, 1, 0]


def test_a_consent_after_an_objection_holds_again(tell, lead, shown):
    lead_id = lead()
    tell(event(event="unsubscribe"))
    lead(message="I changed my mind")

    assert tell(event())["stored"] == 1
    assert sorted(types(shown(lead_id))) == ["email_click", "email_unsubscribe"]


def test_an_objection_after_that_consent_counts_though_it_says_no_time(tell, lead, shown):
    """Whoever objects twice in the same words did not send the first one again."""
    lead_id = lead()
    bare = {"email": ADA["email"], "event": "unsubscribe"}

    first = [tell(bare)["stored"] for _ in range(2)]
    lead(message="I changed my mind")
    second = [tell(bare)["stored"] for _ in range(2)]

    assert (first, second) == ([1, 0], [1, 0])
    tell(event())
    assert types(shown(lead_id)) == ["email_unsubscribe"] * 2


# Objections of who is no lead yet ----------------------------------------------------------------


@pytest.fixture
def objected(database, user_id):
    """Return whether a lead counts as having objected."""

    def objected(lead_id):
        with database.transaction(user_id) as conn:
            row = conn.execute(
                "SELECT count(*) FROM signals.objections WHERE tenant_id = %s AND lead_id = %s",
                [user_id, lead_id],
            ).fetchone()
        return row[0] > 0

    return objected


@pytest.mark.parametrize("word", ["unsubscribe", "spamreport"])
def test_an_objection_of_nobody_known_is_kept_and_the_answer_says_so(tell, word):
    same = event(event=word)

    answers = [tell(same) for _ in range(2)]

    assert [one["objections_kept"] for one in answers] == [1, 0]
    assert [one["stored"] for one in answers] == [0, 0]


@pytest.mark.parametrize(
    ("told", "given"),
    [
        ("AdaL@googlemail.com", {"email": "ada.l@gmail.com"}),
        ("ada@home.example", {"email": ADA["email"], "other_email": "ada@home.example"}),
    ],
)
def test_whoever_comes_with_an_address_that_objected_has_objected(
    tell, lead, objected, told, given
):
    tell(event(event="unsubscribe", email=told))

    assert objected(lead(**given))
    assert not objected(lead(email="grace@corp.example", first_name="Grace"))


def test_nothing_more_is_kept_of_whom_objected_before_they_were_a_lead(tell, lead):
    lead(email="ada@home.example")
    tell(event(event="unsubscribe"))
    lead(purposes=None, other_email="ada@home.example")

    assert tell(event(email="ada@home.example"))["stored"] == 0


def test_a_consent_of_whom_objected_before_they_were_a_lead_holds(tell, lead):
    objection = event(event="unsubscribe", sg_event_id="one")
    tell(objection)
    lead()

    assert tell(objection)["objections_kept"] == 0, "a retry is no new objection"
    assert tell(event())["stored"] == 1


def test_what_interests_nobody_known_is_not_kept_by_address(tell, owner, user_id):
    tell([event(), event(event="opened"), event(event="bounce"), event(event="delivered")])

    query = "SELECT count(*) FROM signals.objected_addresses WHERE tenant_id = %s"
    assert owner.execute(query, [user_id]).fetchone() == (0,)


def test_of_an_objection_neither_address_nor_mail_is_stored(tell, owner, user_id):
    tell(event(event="unsubscribe", url="https://b.example/u?x=ada", subject="A mail to Ada"))

    query = "SELECT row_to_json(o)::text FROM signals.objected_addresses AS o WHERE tenant_id = %s"
    (row,) = owner.execute(query, [user_id]).fetchone()
    assert "ada" not in row.lower() and "b.example" not in row


def test_an_objection_outlives_the_erasure_of_its_lead(tell, lead, owner, objected, user_id):
    lead(None)
    tell(event(event="unsubscribe"))
    owner.execute("DELETE FROM public.subjects WHERE tenant_id = %s", [user_id])

    assert objected(lead(None))


def test_another_accounts_objection_is_nobodys_here(mails, lead, objected, user_id):
    body = {"user_id": user_id + "-other", "events": [event(event="unsubscribe")]}
    assert mails.test_client().post(PATH, json=body).json["objections_kept"] == 1

    assert not objected(lead(None))


def test_an_objection_by_a_placeholder_is_refused_with_the_reason(tell):
    answer = tell(event(event="unsubscribe", email="nobody@firma.example"))

    assert answer["objections_kept"] == answer["events_processed"] == 0
    assert "suppression list" in answer["ignored"][0]["reason"]


def test_objections_at_once_are_kept_once(tell):
    batch = [event(event="unsubscribe", email=f"p{number}@x.example") for number in range(20)]

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(tell, [batch, batch[::-1]] * 3))

    assert sum(answer["objections_kept"] for answer in answers) == 20


# Retries -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [{"sg_event_id": "e1"}, {"id": "m1"}, {}])
def test_an_event_sent_again_is_stored_once(tell, lead, shown, named):
    lead_id, same = lead(), event(**named)

    assert [tell(same)["stored"] for _ in range(3)] == [1, 0, 0]
    assert len(shown(lead_id)) == 1


def test_an_event_twice_in_one_list_is_stored_once(tell, lead):
    lead()
    same = event(sg_event_id="e1")

    assert tell([same, same])["stored"] == 1


def test_events_of_one_mail_may_share_its_id(tell, lead):
    lead()

    told = [event(event=word, id="mail-1") for word in ("opened", "clicked")]

    assert tell(told)["stored"] == 2
    assert tell(event(event="unsubscribed", id="mail-1"))["stored"] == 1


def test_retries_at_once_store_an_event_once(tell, lead, shown):
    lead_id = lead()
    batch = [event(sg_event_id=f"e{number}") for number in range(20)]

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(tell, [batch, batch[::-1]] * 3))

    assert sum(answer["stored"] for answer in answers) == 20
    assert len(shown(lead_id)) == 20


# What is no event --------------------------------------------------------------------------------


def test_a_faulty_event_is_named_and_costs_the_others_nothing(tell, lead):
    lead()
    faulty = [7, {"email": "nobody", "event": "open"}, event(event="exploded"), event()]

    answer = tell(faulty)

    assert answer["stored"] == answer["events_processed"] == 1
    assert [one["position"] for one in answer["ignored"]] == [0, 1, 2]


def test_an_event_with_broken_text_costs_the_others_nothing(tell):
    raw = json.dumps([event(), {"email": "x", "event": "\ud800"}]).encode()

    answer = tell(None, json=None, data=raw, content_type="application/json")

    assert answer["events_processed"] == 1
    assert answer["ignored"][0]["position"] == 1


@pytest.mark.parametrize(
    "body", [{}, {"events": "x"}, {"events": 3}, {"events": [event()] * 5001}, [event()] * 5001]
)
def test_what_holds_no_events_or_too_many_is_refused(tell, body):
    assert list(tell(body, 400)["error"]["details"]) == ["events"]


@pytest.mark.parametrize("raw", [b"", b"[", b"[1,", b"nonsense", b"[" * 5000, b"\xff[]", b"[]x"])
def test_what_is_no_json_is_refused(tell, raw):
    error = tell(None, 400, json=None, data=raw, content_type="application/json")["error"]

    assert error["code"] == "INVALID_DATA_FORMAT"


def test_an_empty_list_is_no_fault(tell):
    assert tell([])["events_processed"] == 0


def test_another_media_type_is_refused(tell):
    tell(None, 415, json=None, data=b"[]", content_type="text/plain")


def test_two_accounts_in_one_request_are_refused(tell, user_id):
    tell({"user_id": user_id + "-other", "events": [event()]}, 400)


# Keys --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def guarded(local_settings):
    """The routes of mail events where callers need an API key."""
    chosen = replace(local_settings, auth_mode="keys")
    app = assembled("signals", [blueprint], ENGAGEMENT_OPERATIONS, chosen)
    yield app.test_client()
    app.extensions[KEY_SNAPSHOT].stop()
    app.extensions["leadfly"].database.close()


def made_key(database, tenant_id, scopes):
    with database.transaction(tenant_id) as conn:
        return keys.create(conn, tenant_id, scopes)[1]


def test_with_a_key_the_account_is_the_keys(guarded, database, lead, user_id):
    lead()
    text = made_key(database, user_id, ["write:leads"])

    answer = guarded.post(PATH, json=[event()], headers={"X-API-Key": text})

    assert answer.json["stored"] == 1


def test_without_a_key_or_its_scope_nothing_is_read(guarded, database, user_id):
    reader = made_key(database, user_id, ["read:leads"])

    assert guarded.post(PATH, data=b"[").status_code == 401
    assert guarded.post(PATH, data=b"[", headers={"X-API-Key": reader}).status_code == 403


def test_another_accounts_key_is_refused(guarded, database, user_id):
    text = made_key(database, user_id, ["write:leads"])
    body = {"user_id": user_id + "-other", "events": [event()]}

    assert guarded.post(PATH, json=body, headers={"X-API-Key": text}).status_code == 403


# What is stored of behaviour at all --------------------------------------------------------------


@pytest.fixture
def permit(gate, user_id):
    """A permit to keep what somebody did."""
    return gate.admit(user_id, TRACKING, Consent(frozenset(BOTH), datetime.now(UTC)))


@pytest.fixture
def record(database, permit, user_id):
    def record(lead_id, *events):
        with database.transaction(user_id) as conn:
            return recorded(conn, permit, lead_id, events)

    return record


def test_what_was_recorded_is_shown_the_newest_first(lead, record, shown):
    lead_id, now = lead(), datetime.now(UTC)
    events = [
        Event("page_view", now - timedelta(hours=hours), f"/loans/{hours}") for hours in (2, 1, 3)
    ]

    assert record(lead_id, *events) == 3
    assert [row["site_url"] for row in shown(lead_id)] == ["/loans/1", "/loans/2", "/loans/3"]


def test_a_search_and_a_name_are_shown_as_data(lead, record, shown):
    lead_id = lead()
    record(lead_id, Event("search", query="loan", name="top bar"))

    (done,) = shown(lead_id)
    assert (done["site_url"], done["behavior_data"]) == (None, {"query": "loan", "name": "top bar"})


def test_an_objection_among_behaviour_is_kept_as_one(lead, record, owner, user_id):
    record(lead(), Event("email_unsubscribe", name="A mail of November"))

    stored = owner.execute(
        "SELECT expires_at, details FROM signals.behaviours WHERE tenant_id = %s", [user_id]
    ).fetchall()
    assert stored == [(None, None)]


def test_what_was_recorded_again_is_stored_once(lead, record):
    lead_id, same = lead(), Event("page_view", None, "/loans")

    assert [record(lead_id, same), record(lead_id, same, same)] == [1, 0]


def test_only_the_newest_are_shown(lead, record, shown):
    lead_id = lead()
    record(lead_id, *(Event("page_view", None, f"/{n}") for n in range(MOST_SHOWN + 10)))

    assert len(shown(lead_id)) == MOST_SHOWN


def test_nothing_is_stored_of_a_lead_that_is_not_there(record, user_id):
    assert record("01900000-0000-7000-8000-000000000000", Event("click")) == 0


def test_a_time_to_come_is_now(lead, record, shown):
    lead_id = lead()
    record(lead_id, Event("click", datetime.now(UTC) + timedelta(days=400), "/x"))

    assert shown(lead_id)[0]["occurred_at"] <= datetime.now(UTC)


def test_what_is_older_than_the_mode_keeps_anything_is_not_stored(lead, record, permit):
    days = permit.gate.mode.retention.tracking

    assert record(lead(), Event("click", datetime.now(UTC) - timedelta(days=days + 1))) == 0


@pytest.mark.parametrize("mode", ["gdpr_strict", "standard", "testing"])
def test_behaviour_is_kept_as_long_as_the_mode_says(lead, database, app, owner, user_id, mode):
    gate = Gate(MODES[mode], app.extensions[GATE].keyring)
    agreed = gate.admit(user_id, TRACKING, Consent(frozenset(BOTH), datetime.now(UTC)))
    lead_id = lead()

    with database.transaction(user_id) as conn:
        recorded(conn, agreed, lead_id, [Event("click", None, "/x")])

    (kept,) = owner.execute(
        "SELECT expires_at - occurred_at FROM signals.behaviours WHERE tenant_id = %s", [user_id]
    ).fetchone()
    assert kept == timedelta(days=MODES[mode].retention.tracking)


def test_the_purge_takes_what_expired_of_all_accounts_and_nothing_else(
    lead, record, shown, tell, owner, worker_database, user_id
):
    lead_id = lead()
    record(lead_id, Event("click", None, "/old"), Event("click", None, "/young"))
    tell(event(event="unsubscribe"))
    old = owner.execute(
        "UPDATE signals.behaviours SET expires_at = now() - interval '1 minute' "
        "WHERE tenant_id = %s AND behavior_type = 'click' AND event_key = ("
        "  SELECT min(event_key) FROM signals.behaviours"
        "  WHERE tenant_id = %s AND behavior_type = 'click') RETURNING 1",
        [user_id, user_id],
    ).fetchall()
    before = types(shown(lead_id))

    purge(worker_database)

    left = owner.execute(
        "SELECT count(*) FROM signals.behaviours WHERE tenant_id = %s", [user_id]
    ).fetchone()
    assert len(old) == 1
    assert sorted(before) == sorted(types(shown(lead_id))) == ["click", "email_unsubscribe"]
    assert left == (2,)


def test_erasing_the_person_erases_what_they_did(lead, record, owner, user_id):
    record(lead(), Event("click", None, "/x"))

    owner.execute("DELETE FROM public.subjects WHERE tenant_id = %s", [user_id])

    left = owner.execute(
        "SELECT count(*) FROM signals.behaviours WHERE tenant_id = %s", [user_id]
    ).fetchone()
    assert left == (0,)
