"""HubSpot: contacts of workflows and of the CRM API, events of apps, version 3's signature."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings

from services.dedup.intake.post import Post
from services.dedup.intake.sender import Forged
from services.dedup.intake.senders.hubspot import HUBSPOT
from services.dedup.intake.sent import Ignored, Notice, Withdrawn
from tests.services.dedup.intake.senders.anything import ANYTHING, broken, endured

NOW = datetime(2026, 11, 21, 8, 1, tzinfo=UTC)
SECRET = "a made-up client secret"
URL = "https://leads.example/in/lfi_x"

CONTACT = {
    "vid": 12345,
    "properties": {
        "email": {"value": "ann@acme.test"},
        "firstname": {"value": "Ann"},
        "company": {"value": "Acme"},
    },
    "form-submissions": [{"conversion-id": "2e13", "form-id": "7629", "timestamp": 1325633423000}],
}

CRM = {
    "id": "512",
    "properties": {
        "email": "kenji@tanaka.example",
        "firstname": "健二",
        "lastname": "田中",
        "mobilephone": "+819012345678",
        "hs_object_id": "512",
        "createdate": "2026-11-20T10:00:00.000Z",
    },
    "createdAt": "2026-11-20T10:00:00.000Z",
    "updatedAt": "2026-11-21T07:00:00.000Z",
    "archived": False,
}


def event(kind="contact.creation", object_id=123, **changes):
    return {
        "eventId": 1,
        "subscriptionId": 12345,
        "portalId": 62515,
        "appId": 54321,
        "occurredAt": 1795248000000,
        "subscriptionType": kind,
        "attemptNumber": 0,
        "objectId": object_id,
    } | changes


def sent(payload):
    (item,) = HUBSPOT.items(payload)
    return item


def typed(payload):
    return [(one.key, one.field, one.value) for one in sent(payload).answers]


def test_properties_are_unwrapped_and_typed_by_their_names():
    assert typed(CONTACT) == [
        ("email", "email", "ann@acme.test"),
        ("firstname", "first_name", "Ann"),
        ("company", "company", "Acme"),
    ]


def test_a_contact_of_the_crm_api_is_typed_alike():
    assert typed(CRM)[:4] == [
        ("email", "email", "kenji@tanaka.example"),
        ("firstname", "first_name", "健二"),
        ("lastname", "last_name", "田中"),
        ("mobilephone", "phone", "+819012345678"),
    ]


def test_properties_that_the_user_chose_are_typed_alike():
    payload = {
        "email": "ola@nowak.example",
        "lastname": "Nowak",
        "hs_object_id": "9007199254740993",
        "lastmodifieddate": "1795248000000",
        "ulubiony_kolor": "zielony",
    }

    assert typed(payload) == [
        ("email", "email", "ola@nowak.example"),
        ("lastname", "last_name", "Nowak"),
        ("lastmodifieddate", "", "1795248000000"),
        ("ulubiony_kolor", "", "zielony"),
    ]
    assert sent(payload).key == "9007199254740993/1795248000000"


def test_the_owners_data_are_not_the_contacts():
    properties = {
        "email": "ann@acme.test",
        "owneremail": "seller@vendor.example",
        "ownername": "Sam Seller",
        "hubspot_owner_id": "7",
        "hs_email_domain": "acme.test",
        "first_conversion_event_name": "Contact us",
    }

    assert typed({"vid": 1, "properties": properties}) == [("email", "email", "ann@acme.test")]


def test_a_contacts_other_addresses_are_kept_once_each():
    identities = [
        {"type": "EMAIL", "value": "Ann@acme.test", "is-primary": True},
        {"type": "EMAIL", "value": "ann@home.example"},
        {"type": "LEAD_GUID", "value": "f9d728f1"},
    ]
    payload = CONTACT | {"identity-profiles": [{"vid": 12345, "identities": identities}]}
    payload["properties"] = CONTACT["properties"] | {
        "hs_additional_emails": {"value": "ann@home.example;a.lee@old.example"}
    }

    emails = [value for _, field, value in typed(payload) if field == "email"]

    assert emails == ["ann@acme.test", "ann@home.example", "a.lee@old.example"]


def test_the_latest_form_submission_is_the_key():
    older = {"conversion-id": "old", "form-id": "1", "timestamp": 999}
    payload = CONTACT | {"form-submissions": [older, *CONTACT["form-submissions"], older]}

    lead = sent(payload)

    assert lead.key == "2e13"
    assert lead.around.form_id == "7629"
    assert lead.around.submitted_at == datetime(2012, 1, 3, 23, 30, 23, tzinfo=UTC)


def test_a_contact_that_sent_no_form_is_known_by_its_id_and_its_last_change():
    assert sent(CRM).key == "512/2026-11-21T07:00:00.000Z"
    assert sent({"vid": 12345, "properties": {}}).key == "12345"


def test_utm_properties_are_circumstances():
    payload = {"vid": 1, "properties": {"utm_source": {"value": "ads"}}}

    assert sent(payload).around.utm == {"source": "ads"}
    assert not sent(payload).answers


def test_each_event_of_a_batch_is_its_own_news():
    batch = [
        event(object_id=1),
        event("contact.deletion", 2),
        event("contact.privacyDeletion", 3),
        event("contact.propertyChange", 4),
        event("deal.creation", 5),
        event("object.creation", 6, objectTypeId="0-1"),
        event("object.creation", 7, objectTypeId="0-3"),
    ]

    news = HUBSPOT.items(batch)

    assert [type(item) for item in news] == [
        *(Notice, Withdrawn, Withdrawn, Ignored, Ignored, Notice, Ignored),
    ]
    assert (news[0].reference, news[1].key, news[2].key) == ("1", "2", "3")


def test_a_deletion_names_what_the_creation_named():
    assert sent(event("contact.deletion")).key == sent([event()]).reference


def test_events_without_a_usable_id_are_ignored():
    assert isinstance(sent(event(object_id="../1")), Ignored)


def test_a_fetched_contact_comes_under_its_notices_reference():
    (lead,) = HUBSPOT.fetched(CRM, "512")

    assert lead.key == "512"


@pytest.mark.parametrize("answer", [{"status": "error"}, None, [], {"properties": {}}])
def test_an_answer_without_a_contact_is_ignored_with_a_reason(answer):
    assert isinstance(HUBSPOT.fetched(answer, "512")[0], Ignored)


def test_a_contact_is_asked_for_with_the_token_in_a_header():
    fetch = HUBSPOT.fetch("512", {"access_token": "t0ken"})

    assert fetch.path.startswith("/crm/v3/objects/contacts/512?properties=email,")
    assert fetch.headers == {"Authorization": "Bearer t0ken"}


@pytest.mark.parametrize(("reference", "secrets"), [("512", {}), ("../5", {"access_token": "t"})])
def test_nothing_is_fetched_without_a_token_or_for_no_id(reference, secrets):
    assert HUBSPOT.fetch(reference, secrets) is None


RAW = json.dumps(CONTACT).encode()


def signed(url=URL, as_signed=None, at=NOW, secret=SECRET, **changes):
    """Return a post as HubSpot signs it: the address *as_signed*, if that is written otherwise."""
    timestamp = str(int(at.timestamp() * 1000))
    message = b"POST" + (as_signed or url).encode() + RAW + timestamp.encode()
    mac = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    headers = {
        "x-hubspot-signature-v3": base64.b64encode(mac).decode(),
        "x-hubspot-request-timestamp": timestamp,
    }
    return Post(url=url, headers=headers | changes, raw=RAW)


def test_version_threes_signature_lets_a_post_in():
    HUBSPOT.verify(signed(), SECRET, NOW)


def test_an_address_is_signed_decoded_as_far_as_hubspot_decodes():
    written = URL + "?to=a%40b.example&at=10%3A30%2c&name=J%C3%B6rg%20W"
    as_signed = URL + "?to=a@b.example&at=10:30,&name=J%C3%B6rg%20W"

    HUBSPOT.verify(signed(written, as_signed), SECRET, NOW)


@pytest.mark.parametrize(
    "post",
    [
        Post(url=URL, raw=RAW),
        signed(secret="another"),
        signed(as_signed="https://elsewhere.example/in/lfi_x"),
        signed(**{"x-hubspot-signature-v3": ""}),
        signed(**{"x-hubspot-signature-v3": "é"}),
        signed(**{"x-hubspot-request-timestamp": "1795248060001"}),
        signed(**{"x-hubspot-request-timestamp": "é"}),
        signed(**{"x-hubspot-request-timestamp": ""}),
        Post(method="PUT", url=URL, headers=signed().headers, raw=RAW),
        Post(url=URL, headers=signed().headers, raw=RAW + b" "),
    ],
)
def test_a_forged_or_absent_signature_is_refused(post):
    with pytest.raises(Forged):
        HUBSPOT.verify(post, SECRET, NOW)


@pytest.mark.parametrize("off", [timedelta(minutes=-6), timedelta(minutes=6)])
def test_a_late_or_future_signature_is_refused(off):
    with pytest.raises(Forged):
        HUBSPOT.verify(signed(at=NOW + off), SECRET, NOW)


def test_the_older_versions_are_not_taken():
    old = hashlib.sha256(SECRET.encode() + RAW).hexdigest()
    headers = {"x-hubspot-signature": old, "x-hubspot-signature-version": "v1"}

    with pytest.raises(Forged):
        HUBSPOT.verify(Post(url=URL, headers=headers, raw=RAW), SECRET, NOW)


def test_hubspot_is_answered_in_its_own_words():
    assert HUBSPOT.reply == "hubspot"


@settings(deadline=None)
@given(ANYTHING | broken([CONTACT, CRM, [event(), event("contact.deletion")]]))
def test_nothing_raises_whatever_is_posted(payload):
    endured(HUBSPOT, payload)
