"""An address takes what its sender posts, keeps it once, and tells nobody else anything."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

import leadfly.app
from services.dedup.intake.news import FETCH, WITHDRAW
from services.dedup.intake.post import Post
from services.dedup.intake.replies import PROFILES
from services.dedup.intake.sender import Forged
from services.dedup.intake.source import Declared, Source
from services.dedup.intake.taking import whose
from shared import keys
from shared.api_key import INTAKE, Wanted
from shared.web.service import KEY_SNAPSHOT
from tests.services.dedup.arrivals import claimed
from tests.services.dedup.intake.addresses import (
    ADA,
    BOB,
    SECRET,
    appointment,
    opened,
    signed,
    typeform,
)

TEST_KEY = "made-up-google-key"

GOOGLE = {
    "lead_id": "TeSter-123",
    "user_column_data": [
        {"column_id": "FULL_NAME", "string_value": "Ada Lovelace"},
        {"column_id": "EMAIL", "string_value": "ada@analytical.example"},
    ],
    "api_version": "1.0",
    "form_id": 9007199254740993,
    "campaign_id": 2,
    "google_key": TEST_KEY,
    "is_test": False,
}

NOTICE = {
    "object": "page",
    "entry": [
        {
            "id": "7",
            "time": 1772352000,
            "changes": [
                {
                    "field": "leadgen",
                    "value": {"leadgen_id": "900719925474099", "form_id": "3", "page_id": "7"},
                }
            ],
        }
    ],
}

EMAIL = {"email": "ada@analytical.example"}

TAKEN_BACK = {
    "type": "LEAD_ACTION",
    "leadAction": "DELETED",
    "leadGenFormResponse": "urn:li:leadGenFormResponse:1",
    "leadType": "SPONSORED",
    "occurredAt": 1772352000000,
}


@pytest.fixture
def address(app, user_id):
    """Return a maker of addresses of this test's tenant."""

    def make(source_id="form", **settings):
        return opened(app, user_id, source_id, **settings)

    return make


@pytest.fixture
def jobs_left(worker_database, user_id):
    """Return what is still to be done for this test's tenant, by kind."""
    return lambda: [(job.kind, job.arguments) for job in claimed(worker_database, user_id)]


# A lead ------------------------------------------------------------------------------------------


def test_a_pasted_address_takes_a_lead_and_answers_as_the_duplicate_check(address, stored):
    answer = address().post(ADA)

    assert answer.status_code == 200
    assert answer.json["action_taken"] == "allow_processing"
    assert (answer.json["test"], answer.json["dry_run"]) == (False, False)
    assert answer.json["mapping"]["adapter"] == "generic"
    assert set(answer.json["mapping"]["fields"]) == set(ADA)
    assert answer.json["lead_data"] == ADA
    assert stored.leads() == [answer.json["lead_id"]]


def test_a_known_person_is_a_duplicate_and_the_answer_is_still_200(address, stored):
    form = address()
    first = form.post(ADA).json

    again = form.post({**ADA, "phone": "+44 20 7946 0958"})

    assert again.status_code == 200
    assert again.json["duplicate_of"] == first["lead_id"]
    assert len(stored.leads()) == 2


def test_a_lead_carries_the_name_of_its_source(address, stored):
    address("spring-fair").post(ADA)

    rows = stored.rows("SELECT source_id FROM public.leads WHERE tenant_id = %(tenant)s")
    assert rows == [("spring-fair",)]


def test_a_saved_map_says_what_a_field_is(address):
    answer = address(field_map={"7": "email", "8": "company"}).post(
        {"7": "ada@analytical.example", "8": "Analytical Engines Ltd"}
    )

    assert set(answer.json["mapping"]["fields"]) >= {"email", "company"}


def test_a_national_number_is_one_of_the_sources_country(address, stored):
    number = {"phone": "020 7946 0958", "first_name": "Ada", "last_name": "Lovelace"}
    address("british", country="GB").post(number)

    answer = address("worldwide").post({**number, "phone": "+44 20 7946 0958"})

    assert answer.json["duplicate_found"] is True


def test_a_form_of_any_encoding_is_taken(address, stored):
    form = address()

    plain = form.post(
        b"email=ada%40analytical.example", content_type="application/x-www-form-urlencoded"
    )
    parts = form.client.post(f"/in/{form.token}", data=BOB, content_type="multipart/form-data")

    assert (plain.status_code, parts.status_code) == (200, 200)
    assert len(stored.leads()) == 2


def test_several_leads_of_one_post_are_leads_of_their_own(address, stored):
    answer = address().post([ADA, BOB])

    results = answer.json["results"]
    assert [one["lead_id"] for one in results] == stored.leads()
    assert [one["action_taken"] for one in results] == ["allow_processing"] * 2


def test_of_several_leads_one_that_reaches_nobody_costs_the_others_nothing(address, stored):
    answer = address().post([ADA, {"first_name": "Nobody"}, BOB])

    assert answer.status_code == 200
    assert [one["success"] for one in answer.json["results"]] == [True, False, True]
    assert len(stored.leads()) == 2


# Once --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES)
def test_a_replay_is_answered_with_the_same_bytes(address, stored, profile):
    form = address(profile=profile)
    first = form.post(ADA)

    again = form.post(ADA)

    assert (again.status_code, again.data) == (200, first.data)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(stored.leads()) == 1


def test_a_replay_of_several_is_answered_with_the_same_bytes(address, stored):
    form = address()

    assert form.post([ADA, BOB]).data == form.post([ADA, BOB]).data
    assert len(stored.leads()) == 2


def test_one_submission_with_other_fields_is_still_one_submission(address, stored):
    form = address()
    first = form.post(typeform("one"))

    again = form.post(typeform("one", email="ada.lovelace@analytical.example"))

    assert (again.status_code, again.data) == (200, first.data)
    assert len(stored.leads()) == 1


def test_a_multipart_form_is_the_same_whatever_stands_between_its_parts(address, stored):
    form = address()
    parts = "".join(
        f'--{{0}}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in ADA.items()
    )

    first, again = (
        form.post(
            f"{parts}--{{0}}--\r\n".format(boundary).encode(),
            content_type=f"multipart/form-data; boundary={boundary}",
        )
        for boundary in ("b0undary", "an0ther")
    )

    assert again.data == first.data
    assert len(stored.leads()) == 1


def test_two_sources_may_use_one_name_for_two_submissions(address, stored):
    address("one").post(typeform("same"))
    address("other").post(typeform("same", email="bob@builder.example"))

    assert len(stored.leads()) == 2


def test_what_a_sender_calls_a_lead_is_kept_as_a_pseudonym(address, stored):
    answer = address().post(typeform("one"))

    rows = stored.rows("SELECT lead_id::text FROM dedup.provided WHERE tenant_id = %(tenant)s")
    assert rows == [(answer.json["lead_id"],)]


def test_a_lead_without_a_name_leaves_no_pseudonym(address, stored):
    address().post(ADA)

    assert stored.rows("SELECT FROM dedup.provided WHERE tenant_id = %(tenant)s") == []


# Who may -----------------------------------------------------------------------------------------


def test_whatever_opens_nothing_is_the_same_404(app, address, database, user_id):
    form = address()
    with database.transaction(user_id) as conn:
        _, secret = keys.create(conn, user_id, ("write:leads",))
        revoked = issued(conn, user_id)
        keys.revoke(conn, user_id, revoked.split("_")[1])
        expired = issued(conn, user_id, expires_at=datetime.now(UTC) - timedelta(seconds=1))
        of_no_source = issued(conn, user_id, source_id="never-made")
    unknown = form.token[:-43] + "A" * 43

    answers = [
        app.test_client().post(f"/in/{token}", json=ADA)
        for token in ("x", "lfi_", unknown, secret, revoked, expired, of_no_source)
    ]

    said = {(one.status_code, orjson.dumps(one.json["error"])) for one in answers}
    assert len(said) == 1
    assert answers[0].status_code == 404


def issued(conn, tenant_id, source_id="form", expires_at=None):
    """Return the text of a token that no source gave out."""
    text, prefix, hashed = keys.new_key(INTAKE)
    wanted = Wanted(kind=INTAKE, expires_at=expires_at, source_id=source_id)
    keys.save(conn, tenant_id, wanted, prefix, hashed)
    return text


def test_an_address_needs_no_other_key_where_callers_do(keys_client, user_id, stored):
    form = opened(keys_client.application, user_id, client=keys_client)

    assert form.post(ADA).status_code == 200
    assert len(stored.leads()) == 1


def test_what_else_a_request_carries_opens_and_closes_nothing(keys_client, user_id):
    form = opened(keys_client.application, user_id, client=keys_client)
    odd = {
        "X-API-Key": "lf_nothing",
        "Authorization": "Basic abc",
        "webhook-signature": "v1,none",
        "webhook-id": "1",
    }

    assert form.post(ADA, headers=odd).status_code == 200


def test_in_local_mode_only_this_machine_may(address):
    form = address()

    answer = form.post(ADA, environ_base={"REMOTE_ADDR": "203.0.113.9"})

    assert answer.status_code == 403


# Who it is ---------------------------------------------------------------------------------------


def test_a_signed_post_is_taken(address, stored):
    raw, headers = signed(typeform())

    answer = address(adapter="typeform", secrets={"secret": SECRET}).post(raw, headers)

    assert answer.status_code == 200
    assert len(stored.leads()) == 1


@pytest.mark.parametrize("profile", PROFILES)
def test_a_forged_post_is_401_in_every_profile_and_stores_nothing(address, stored, profile):
    form = address(adapter="typeform", secrets={"secret": SECRET}, profile=profile)
    raw, headers = signed(typeform(), "another-secret")

    answers = [
        form.post(raw, headers),
        form.post(raw),
        form.post(raw + b" ", signed(typeform())[1]),
        form.post(b"{not json", {"Typeform-Signature": "sha256=\u00e9"}),
    ]

    assert [one.status_code for one in answers] == [401] * 4
    assert stored.count() == (0, 0, 0, 0, 0)


def test_what_is_forged_is_not_read(address):
    """A 400 would tell a stranger how far it came."""
    form = address(adapter="typeform", secrets={"secret": SECRET})

    assert form.post(b"{not json").status_code == 401


def test_googles_key_is_compared_and_never_kept(address, stored, gate, user_id):
    form = address(adapter="google_ads", secrets={"secret": TEST_KEY})

    assert form.post({**GOOGLE, "google_key": "another"}).status_code == 401
    answer = form.post(GOOGLE)

    assert (answer.status_code, answer.data) == (200, b"{}")
    ((lead_id, sealed),) = stored.rows(
        "SELECT lead_id::text, sealed FROM public.raw_bodies WHERE tenant_id = %(tenant)s"
    )
    kept = gate.unseal(user_id, bytes(sealed), lead_id)
    assert TEST_KEY.encode() not in kept
    assert b"9007199254740993" in kept


@pytest.fixture
def behind_a_proxy(local_settings):
    """The services where one proxy of ours says what was asked of it."""
    app = leadfly.app.create_app(replace(local_settings, auth_mode="keys", trusted_proxies=1))
    yield app
    app.extensions[KEY_SNAPSHOT].stop()
    app.extensions["leadfly"].database.close()


def hubspot(token, age=timedelta(0), host="leads.example"):
    """Return a contact as bytes, and the headers with which HubSpot signs it for that address."""
    raw = orjson.dumps({"vid": 7, "properties": {"email": {"value": ADA["email"]}}})
    at = str(int((datetime.now(UTC) - age).timestamp() * 1000))
    base = b"POST" + f"https://{host}/in/{token}".encode() + raw + at.encode()
    mac = base64.b64encode(hmac.digest(SECRET.encode(), base, hashlib.sha256)).decode()
    return raw, {"X-HubSpot-Signature-v3": mac, "X-HubSpot-Request-Timestamp": at}


PROXIED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "leads.example"}


def test_hubspots_signature_covers_the_address_that_our_proxy_was_asked(
    behind_a_proxy, user_id, stored
):
    form = opened(behind_a_proxy, user_id, adapter="hubspot", secrets={"secret": SECRET})
    raw, headers = hubspot(form.token)
    of_another, headers_of_another = hubspot(form.token, host="evil.example")

    assert form.post(of_another, headers_of_another | PROXIED).status_code == 401
    assert stored.count() == (0, 0, 0, 0, 0)
    assert form.post(raw, headers | PROXIED).status_code == 200
    assert len(stored.leads()) == 1


def test_what_a_proxy_says_counts_only_where_there_is_one(keys_client, user_id, stored):
    app = keys_client.application
    form = opened(app, user_id, adapter="hubspot", secrets={"secret": SECRET})
    raw, headers = hubspot(form.token)

    assert form.post(raw, headers | PROXIED).status_code == 401
    assert stored.leads() == []


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_a_late_post_is_401_and_stores_nothing(behind_a_proxy, user_id, stored, age):
    form = opened(behind_a_proxy, user_id, adapter="hubspot", secrets={"secret": SECRET})
    raw, headers = hubspot(form.token, age)

    assert form.post(raw, headers | PROXIED).status_code == 401
    assert stored.count() == (0, 0, 0, 0, 0)


def test_a_secret_that_nothing_is_verified_with_lets_nobody_in():
    """No source is stored so; if one were, it must not fail open."""
    source = Source("t", "form", secrets={"secret": SECRET})

    with pytest.raises(Forged):
        whose(source, Post(raw=orjson.dumps(ADA)), datetime.now(UTC))


# GET ---------------------------------------------------------------------------------------------


def test_a_visitor_is_told_that_leads_are_taken_and_nothing_else(address, stored):
    form = address()

    answer = form.get()

    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.text == "This address takes leads.\n"
    assert form.get(utm_source="mail").text == answer.text
    assert stored.leads() == []


def test_a_query_that_holds_a_lead_is_one(address, stored):
    form = address()

    first, again = form.get(**ADA), form.get(**ADA)

    assert first.json["lead_id"] in stored.leads()
    assert again.data == first.data
    assert len(stored.leads()) == 1


def test_a_query_is_read_by_its_words_where_the_sources_sender_does_not_know_it(address, stored):
    answer = address(adapter="gravity_forms").get(**ADA)

    assert stored.leads() == [answer.json["lead_id"]]


def test_to_look_without_reading_stores_nothing(address, stored):
    form = address()

    answer = form.client.head(f"/in/{form.token}", query_string=ADA)

    assert answer.status_code == 200
    assert stored.leads() == []


def test_a_handshake_is_answered(address):
    form = address(adapter="meta", secrets={"verify_token": "made-up"})
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}

    right = form.get(**asked, **{"hub.verify_token": "made-up"})
    wrong = form.get(**asked, **{"hub.verify_token": "guessed"})

    assert (right.status_code, right.text, right.mimetype) == (200, "1158201444", "text/plain")
    assert wrong.status_code == 401


# What is no lead ---------------------------------------------------------------------------------


def test_who_cannot_be_reached_is_refused_with_what_was_found(address, stored):
    answer = address().post({"first_name": "Ada", "colour": "green"})

    assert answer.status_code == 400
    mapping = answer.json["error"]["details"]["mapping"]
    assert set(mapping["fields"]) == {"first_name"}
    assert "colour" in mapping["unmapped"]
    assert stored.count() == (0, 0, 0, 0, 0)


def test_what_was_sent_is_not_repeated_in_a_refusal(address):
    answer = address().post({"email": "not-an-address", "first_name": "Canaria"})

    assert answer.status_code == 400
    assert "not-an-address" not in answer.text
    assert "Canaria" not in answer.text


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"<lead/>", "application/xml", 415),
        (
            b'--x\r\nContent-Disposition: form-data; name="email"',
            "multipart/form-data; boundary=x",
            400,
        ),
        (b'{"email": "' + b"a" * 2**20 + b'"}', "application/json", 413),
    ],
)
def test_what_cannot_be_read_is_refused_and_always_200_is_kept(
    address, stored, body, media_type, status
):
    assert address("one").post(body, content_type=media_type).status_code == status
    assert address("two", profile="always_200").post(body, content_type=media_type).data == (
        b'{"success":true}'
    )
    assert stored.leads() == []


def test_more_leads_than_one_post_may_hold_are_refused_whole(address, stored):
    leads = [{**ADA, "email": f"ada{place}@analytical.example"} for place in range(101)]

    answer = address(profile="standard").post({"leads": leads})

    assert answer.status_code == 413
    assert stored.leads() == []
    assert stored.count() == (0, 0, 0, 0, 0)


def test_an_event_that_makes_no_lead_is_answered_with_the_reason(address, stored):
    answer = address().post({"event": "invitee.canceled", "payload": {"uri": "u"}})

    assert (answer.status_code, answer.json["result"]) == (200, "ignored")
    assert answer.json["reason"]
    assert stored.leads() == []


def test_what_the_sources_own_sender_does_not_know_is_read_by_its_words(address, stored):
    answer = address(adapter="typeform").post(ADA)

    assert answer.json["mapping"]["adapter"] == "generic"
    assert stored.leads() == [answer.json["lead_id"]]


def test_of_another_platform_only_leads_are_believed(address, jobs_left):
    """Its own platform's access token must not travel to another."""
    linkedin = address(adapter="linkedin", secrets={"access_token": "made-up"})

    answer = linkedin.post(NOTICE)

    assert (answer.status_code, answer.json["result"]) == (200, "ignored")
    assert jobs_left() == []


def test_a_new_version_of_googles_leaves_its_key_behind_too(address, stored, gate, user_id):
    form = address(adapter="google_ads", secrets={"secret": TEST_KEY}, profile="standard")

    answer = form.post({"google_key": TEST_KEY, "lead": ADA, "email": ADA["email"]})

    assert answer.status_code == 200
    for lead_id, sealed in stored.rows(
        "SELECT lead_id::text, sealed FROM public.raw_bodies WHERE tenant_id = %(tenant)s"
    ):
        assert TEST_KEY.encode() not in gate.unseal(user_id, bytes(sealed), lead_id)


def test_googles_key_is_left_behind_whatever_it_is_wrapped_in(address, stored, gate, user_id):
    """Read by its words, a key that looks like a name must not become one."""
    key = "Charles Babbage"
    form = address(adapter="google_ads", secrets={"secret": key}, profile="standard")

    answer = form.post({"headers": {}, "query": {}, "body": {"google_key": key, **EMAIL}})

    assert answer.status_code == 200
    assert set(answer.json["mapping"]["fields"]) == {"email"}
    ((lead_id, sealed),) = stored.rows(
        "SELECT lead_id::text, sealed FROM public.raw_bodies WHERE tenant_id = %(tenant)s"
    )
    assert key.encode() not in gate.unseal(user_id, bytes(sealed), lead_id)


# Tests -------------------------------------------------------------------------------------------


def items_counted():
    return sum(
        sample.value
        for metric in REGISTRY.collect()
        if metric.name == "leadfly_intake_items"
        for sample in metric.samples
        if sample.name.endswith("_total")
    )


def test_a_test_lead_is_answered_and_leaves_nothing(address, stored):
    form = address(adapter="google_ads", secrets={"secret": TEST_KEY}, profile="standard")
    before = items_counted()

    answer = form.post({**GOOGLE, "is_test": True})

    assert (answer.status_code, answer.json["test"], answer.json["dry_run"]) == (200, True, True)
    assert answer.json["lead_id"] is None
    assert stored.count() == (0, 0, 0, 0, 0)
    assert items_counted() == before


def test_googles_test_button_reads_what_it_needs(address, stored):
    answer = address(adapter="google_ads", secrets={"secret": TEST_KEY}).post(
        {**GOOGLE, "is_test": True, "user_column_data": []}
    )

    assert (answer.status_code, answer.data) == (200, b"{}")


def test_a_test_lead_does_not_tell_who_is_known(address):
    """A sender who may only leave leads must not find out without leaving one."""
    form = address(adapter="google_ads", secrets={"secret": TEST_KEY}, profile="standard")
    form.post(GOOGLE)

    answer = form.post({**GOOGLE, "lead_id": "another", "is_test": True})

    assert answer.json["duplicate_found"] is False


# Consent -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ticked", "agreed"), [("yes", 1), ("no", 0), ("", 0)])
def test_a_declared_consent_counts_if_its_box_was_ticked(address, stored, ticked, agreed):
    declared = Declared(("lead_processing", "newsletter"), "2026-01", "gdpr")

    address(consent=declared).post({**ADA, "gdpr": ticked})

    rows = stored.rows(
        "SELECT purposes, text_version FROM public.consents WHERE tenant_id = %(tenant)s"
    )
    assert rows == [(["lead_processing", "newsletter"], "2026-01")] * agreed


def test_a_form_that_nobody_can_send_without_agreeing_names_no_box(address, stored):
    address(consent=Declared(("lead_processing",))).post(ADA)

    assert stored.rows("SELECT FROM public.consents WHERE tenant_id = %(tenant)s") == [()]


# News --------------------------------------------------------------------------------------------


def test_a_lead_that_is_only_announced_is_noted_and_fetched_later(address, stored, jobs_left):
    answer = address(adapter="meta", secrets={"access_token": "made-up"}).post(NOTICE)

    assert (answer.status_code, answer.json["result"]) == (200, "fetching")
    assert stored.leads() == []
    (job,) = jobs_left()
    wanted = {"source_id": "form", "adapter": "meta", "reference": "900719925474099"}
    assert job == (FETCH, wanted)


def test_without_an_access_token_the_answer_says_so(address, jobs_left):
    answer = address().post(NOTICE)

    assert (answer.status_code, answer.json["result"]) == (200, "ignored")
    assert "access_token" in answer.json["reason"]
    assert jobs_left() == []


def test_a_lead_that_is_taken_back_is_noted(address, jobs_left):
    answer = address(adapter="linkedin").post(TAKEN_BACK)

    assert (answer.status_code, answer.json["result"]) == (200, "withdrawn")
    assert [kind for kind, _ in jobs_left()] == [WITHDRAW]


def test_a_moved_appointment_is_the_same_lead(address, stored):
    form = address(adapter="calendly")
    booked = form.post(appointment("uri-1")).json

    moved = form.post(appointment("uri-2", "uri-1"))
    again = form.post(appointment("uri-3", "uri-2"))

    assert (moved.status_code, moved.json["result"]) == (200, "moved")
    assert moved.json["lead_id"] == again.json["lead_id"] == booked["lead_id"]
    assert stored.leads() == [booked["lead_id"]]


def test_a_replayed_move_has_the_same_bytes(address):
    form = address(adapter="calendly")
    form.post(appointment("uri-1"))

    assert form.post(appointment("uri-2", "uri-1")).data == (
        form.post(appointment("uri-2", "uri-1")).data
    )


def test_an_appointment_that_came_before_the_one_it_follows_stays_what_it_was(address, stored):
    calendly = address(adapter="calendly")
    first = calendly.post(appointment("second", moved_from="first"))
    calendly.post(appointment("first", email="bob@builder.example"))

    again = calendly.post(appointment("second", moved_from="first"))

    assert again.data == first.data
    assert len(stored.leads()) == 2


def test_an_appointment_that_follows_itself_is_a_lead_and_its_replay_has_the_same_bytes(address):
    calendly = address(adapter="calendly")
    first, again = (calendly.post(appointment("one", moved_from="one")) for _ in range(2))

    assert again.data == first.data


def test_an_appointment_that_follows_an_unknown_one_is_a_lead(address, stored):
    answer = address(adapter="calendly").post(appointment("uri-2", "uri-1"))

    assert answer.json["action_taken"] == "allow_processing"
    assert stored.leads() == [answer.json["lead_id"]]


# Secrets and faults ------------------------------------------------------------------------------


def test_the_token_stands_in_no_log_no_metric_and_no_answer(address, client, capfd):
    form = address()
    capfd.readouterr()
    answers = [form.post(ADA), form.post(b"{"), form.get(), form.client.put(f"/in/{form.token}")]

    metrics = client.get("/metrics").text
    written = "".join(capfd.readouterr())

    assert [one.status_code for one in answers] == [200, 400, 200, 405]
    assert "/in/<token>" in metrics
    assert '"route":"/in/<token>"' in written
    for text in (metrics, written, *(one.text for one in answers)):
        assert form.token[4:12] not in text
        assert form.token[-43:] not in text


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(payload=ANYTHING)
def test_no_payload_is_our_fault(address_of_anybody, payload):
    answer = address_of_anybody.post(json.dumps(payload).encode())

    assert answer.status_code in (200, 400, 413, 415)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    raw=st.binary(max_size=200),
    media_type=st.sampled_from(
        [
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain",
            "",
        ]
    ),
)
def test_no_bytes_are_our_fault(address_of_anybody, raw, media_type):
    answer = address_of_anybody.post(raw, content_type=media_type)

    assert answer.status_code in (200, 400, 413, 415)


@pytest.fixture(scope="module")
def address_of_anybody(app):
    return opened(app, "tenant-of-anybody", f"form-{datetime.now(UTC).timestamp()}")
