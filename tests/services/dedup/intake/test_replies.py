"""Each profile says in its sender's words what became of a post, and asks nobody back in vain."""

from xml.etree import ElementTree

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dedup.intake import replies
from services.dedup.intake.replies import FATES, PROFILES, Told, accepted, refused, words
from services.dedup.intake.sender import Forged
from shared.errors import Malformed, ServiceError, TooLarge, Unavailable, UnsupportedMediaType

LEAD_ID = "0198c0de-0000-7000-8000-000000000001"

FULL = {"success": True, "action_taken": "reject_duplicate", "duplicate_of": "somebody"}

JSON_PROFILES = [profile for profile in PROFILES if profile != "boberdoo_xml"]

REFUSALS = [
    (Malformed(), 400),
    (Forged(), 401),
    (TooLarge(), 413),
    (UnsupportedMediaType(), 415),
    (Unavailable(), 503),
]


def told(fate=replies.ALLOWED, reason=None):
    return Told(fate, FULL, LEAD_ID, reason)


def said(profile, fate=replies.ALLOWED, reason=None):
    """Return the body for one item, read."""
    body = words(profile, told(fate, reason), orjson.dumps)
    return ElementTree.fromstring(body) if profile == "boberdoo_xml" else orjson.loads(body)


def refusal(profile, error, status):
    return refused(profile, error, status, orjson.dumps)


# Stored ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("profile", PROFILES)
def test_what_was_taken_is_answered_200_whatever_became_of_it(profile, fate):
    reply = accepted(profile, [words(profile, told(fate), orjson.dumps)])

    assert (reply.status, dict(reply.headers)) == (200, {})


@pytest.mark.parametrize("profile", ["standard", "hubspot"])
def test_the_standard_answer_is_the_duplicate_checks_own(profile):
    assert said(profile, replies.DUPLICATE) == FULL


@pytest.mark.parametrize("fate", FATES)
def test_google_reads_an_empty_object(fate):
    assert said("google", fate) == {}


@pytest.mark.parametrize("fate", FATES)
def test_always_200_says_nothing_of_anybody(fate):
    assert said("always_200", fate) == {"success": True}


@pytest.mark.parametrize(
    ("fate", "outcome"),
    [
        (replies.ALLOWED, "success"),
        (replies.PASSED, "success"),
        (replies.FLAGGED, "success"),
        (replies.DUPLICATE, "failure"),
        (replies.TURNED_AWAY, "failure"),
        (replies.FAULTY, "error"),
    ],
)
def test_leadconduit_reads_an_outcome_and_the_leads_id(fate, outcome):
    answer = said("leadconduit", fate)

    assert (answer["outcome"], answer["lead"]) == (outcome, {"id": LEAD_ID})


def test_leadconduit_reads_why_a_duplicate_failed():
    assert said("leadconduit", replies.DUPLICATE)["reason"] == "duplicate lead"


@pytest.mark.parametrize(
    ("fate", "code"),
    [(replies.ALLOWED, 1), (replies.FLAGGED, 1), (replies.DUPLICATE, -2), (replies.FAULTY, -5)],
)
def test_leadbyte_reads_a_code(fate, code):
    assert said("leadbyte", fate)["code"] == code
    assert said("leadbyte", fate)["leadId"] == LEAD_ID


@pytest.mark.parametrize(
    ("fate", "status"),
    [
        (replies.ALLOWED, "Matched"),
        (replies.FLAGGED, "Matched"),
        (replies.DUPLICATE, "Unmatched"),
        (replies.TURNED_AWAY, "Unmatched"),
        (replies.FAULTY, "Error"),
    ],
)
def test_boberdoo_reads_a_status(fate, status):
    answer = said("boberdoo_xml", fate)

    assert (answer.tag, answer.findtext("status")) == ("response", status)
    assert answer.findtext("lead_id") == LEAD_ID


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_boberdoo_can_read_every_reason(reason):
    answer = said("boberdoo_xml", replies.FAULTY, reason)

    assert answer.findtext("error") == reason


# Several -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["standard", "hubspot", "leadconduit", "leadbyte"])
def test_several_items_are_answered_one_by_one_in_order(profile):
    each = [words(profile, told(fate), orjson.dumps) for fate in FATES]

    answer = orjson.loads(accepted(profile, each).body)

    assert answer["results"] == [orjson.loads(one) for one in each]


def test_several_items_are_one_document_for_boberdoo():
    each = [words("boberdoo_xml", told(fate), orjson.dumps) for fate in FATES]

    answer = ElementTree.fromstring(accepted("boberdoo_xml", each).body)

    assert len(answer.findall("response")) == len(FATES)


@pytest.mark.parametrize("profile", ["google", "always_200"])
def test_who_reads_nothing_reads_nothing_of_several(profile):
    one = words(profile, told(), orjson.dumps)

    assert accepted(profile, [one, one]).body == one


# Nothing stored ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("error", "status"), REFUSALS)
@pytest.mark.parametrize("profile", [p for p in PROFILES if p != "always_200"])
def test_an_error_keeps_its_status(profile, error, status):
    assert refusal(profile, error, status).status == status


@pytest.mark.parametrize(("error", "status"), REFUSALS)
def test_always_200_fails_only_where_another_try_or_another_key_helps(error, status):
    reply = refusal("always_200", error, status)

    assert reply.status == (status if status in (401, 503) else 200)
    assert orjson.loads(reply.body) == {"success": reply.status == 200}


@pytest.mark.parametrize("profile", PROFILES)
def test_only_503_says_when_to_come_back(profile):
    for error, status in REFUSALS:
        assert ("Retry-After" in refusal(profile, error, status).headers) == (status == 503)


def test_hubspot_reads_milliseconds():
    error = Unavailable(details={"retry_after_seconds": 20})

    assert refusal("hubspot", error, 503).headers["Retry-After"] == "20000"
    assert refusal("standard", error, 503).headers["Retry-After"] == "20"


@pytest.mark.parametrize(
    ("profile", "answer"),
    [
        ("google", {"message": "No."}),
        ("leadconduit", {"outcome": "error", "reason": "No."}),
        ("leadbyte", {"code": -5, "response": "No.", "leadId": None}),
    ],
)
def test_an_error_is_said_in_the_profiles_words(profile, answer):
    assert orjson.loads(refusal(profile, Malformed("No."), 400).body) == answer


@pytest.mark.parametrize("profile", PROFILES)
@given(message=st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_every_error_can_be_read(profile, message):
    reply = refusal(profile, ServiceError(message or "x"), 503)

    if profile == "boberdoo_xml":
        assert reply.media_type == "application/xml"
        assert ElementTree.fromstring(reply.body).findtext("status") == "Error"
    else:
        assert reply.media_type == "application/json"
        orjson.loads(reply.body)
