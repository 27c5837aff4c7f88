"""Google Ads lead forms: columns become answers, the key is checked and never kept."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from services.dedup.intake.post import Post
from services.dedup.intake.sender import Forged
from services.dedup.intake.senders.google_ads import GOOGLE_ADS
from services.dedup.intake.sent import Ignored
from tests.services.dedup.intake.senders.anything import ANYTHING, broken, endured

NOW = datetime(2026, 11, 21, 8, 1, tzinfo=UTC)


def lead(*columns, **changes):
    return {
        "lead_id": "TeSter-123",
        "user_column_data": [{"column_id": name, "string_value": value} for name, value in columns],
        "api_version": "1.0",
        "form_id": 9007199254740993,
        "campaign_id": 2,
        "google_key": "k",
        "is_test": False,
        "gcl_id": "Cj0",
        "lead_submit_time": "2026-11-21T08:00:00Z",
    } | changes


ANN = lead(("FULL_NAME", "Ann Lee"), ("EMAIL", "ann@acme.test"), ("PHONE_NUMBER", "+15551234567"))


def sent(payload):
    (item,) = GOOGLE_ADS.items(payload)
    return item


def typed(payload):
    return [(one.field, one.value) for one in sent(payload).answers]


def posted(payload):
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return Post(headers={"content-type": "application/json"}, raw=raw)


def test_columns_are_typed_by_their_ids():
    assert typed(ANN) == [
        ("name", "Ann Lee"),
        ("email", "ann@acme.test"),
        ("phone", "+15551234567"),
    ]


def test_the_leads_id_is_its_key():
    assert sent(ANN).key == "TeSter-123"


def test_an_id_of_64_bits_survives_the_wire():
    payload = posted(ANN).payload

    assert sent(payload).around.form_id == "9007199254740993"


def test_circumstances_are_kept():
    around = sent(ANN).around

    assert around.submitted_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert around.campaign == "2"


def test_a_private_and_a_work_address_are_both_addresses():
    payload = lead(("EMAIL", "mia@home.example"), ("WORK_EMAIL", "mia.krug@krug.example"))

    assert typed(payload) == [("email", "mia@home.example"), ("email", "mia.krug@krug.example")]


def test_an_id_in_the_names_place_is_an_id():
    payload = lead()
    payload["user_column_data"] = [{"column_name": "WORK_PHONE", "string_value": "030 901820"}]

    assert typed(payload) == [("phone", "030 901820")]


def test_a_question_of_ones_own_goes_by_its_name():
    payload = lead()
    payload["user_column_data"] = [
        {
            "column_id": "WELCHES_BUDGET",
            "column_name": "Welches Budget haben Sie?",
            "string_value": "5.000 €",
        }
    ]

    (answer,) = sent(payload).answers

    assert (answer.name, answer.key, answer.field) == (
        "Welches Budget haben Sie?",
        "WELCHES_BUDGET",
        "",
    )


def test_parts_of_names_and_places_are_typed():
    payload = lead(
        ("FIRST_NAME", "José"),
        ("LAST_NAME", "Núñez"),
        ("COMPANY_NAME", "Núñez e Hijos S.L."),
        ("JOB_TITLE", "Directora"),
        ("STREET_ADDRESS", "Calle Mayor 1"),
        ("CITY", "Sevilla"),
        ("REGION", "Andalucía"),
        ("POSTAL_CODE", "41001"),
        ("COUNTRY", "ES"),
    )

    assert [field for field, _ in typed(payload)] == [
        *("first_name", "last_name", "company", "job_title", "street", "city", "state"),
        *("postal_code", "country"),
    ]


@pytest.mark.parametrize(
    ("value", "field"), [("true", ""), ("YES", ""), ("+44 20 7946 0018", "phone")]
)
def test_a_verified_number_is_a_number_only_if_it_is_one(value, field):
    assert typed(lead(("PHONE_NUMBER_VERIFIED", value))) == [(field, value)]


def test_empty_columns_and_broken_ones_are_no_answers():
    payload = lead(("EMAIL", " "), ("FULL_NAME", None))
    payload["user_column_data"].append("EMAIL")

    assert not sent(payload).answers


@pytest.mark.parametrize("flag", [True, "true", 1])
def test_googles_test_lead_is_one(flag):
    assert sent(ANN | {"is_test": flag}).test


def test_a_lead_without_the_flag_is_none():
    payload = {name: value for name, value in ANN.items() if name != "is_test"}

    assert not sent(payload).test


def test_unknown_fields_are_passed_over():
    payload = ANN | {
        "lead_source": "CONVERSATIONAL_AGENT",
        "lead_stage": "NEW",
        "asset_group_id": 7,
    }

    assert typed(payload) == typed(ANN)


def test_what_has_no_columns_is_ignored_with_a_reason():
    assert isinstance(sent({"lead_id": "1"}), Ignored)


def test_the_right_key_lets_a_post_in():
    GOOGLE_ADS.verify(posted(ANN | {"google_key": "schlüssel"}), "schlüssel", NOW)


def test_a_key_in_what_n8n_passes_on_is_found():
    whole = {"headers": {}, "params": {}, "query": {}, "body": ANN}

    GOOGLE_ADS.verify(posted(whole), "k", NOW)

    assert typed(whole) == typed(ANN)


@pytest.mark.parametrize(
    "payload",
    [
        ANN | {"google_key": "K"},
        ANN | {"google_key": "k" * 200},
        ANN | {"google_key": "ключ"},
        ANN | {"google_key": None},
        ANN | {"google_key": ["k"]},
        ANN | {"google_key": {"k": "k"}},
        {name: value for name, value in ANN.items() if name != "google_key"},
        [],
        "k",
        b"",
        b"{",
        b"\xff\xfe",
    ],
)
def test_a_wrong_or_absent_key_is_refused(payload):
    with pytest.raises(Forged):
        GOOGLE_ADS.verify(posted(payload), "k", NOW)


def test_an_empty_secret_lets_nobody_in():
    with pytest.raises(Forged):
        GOOGLE_ADS.verify(posted(ANN | {"google_key": ""}), "", NOW)


def test_the_key_is_taken_out_wherever_the_lead_stands():
    wrapped = {"headers": {}, "query": {}, "body": json.dumps(ANN)}

    for payload in (ANN, wrapped, [{"json": wrapped}], [ANN, ANN], {"leads": [ANN]}):
        assert "google_key" not in json.dumps(GOOGLE_ADS.redacted(payload))
    assert GOOGLE_ADS.redacted(ANN) == {n: v for n, v in ANN.items() if n != "google_key"}


def test_google_is_answered_in_its_own_words():
    assert GOOGLE_ADS.reply == "google"


@settings(deadline=None)
@given(ANYTHING | broken([ANN]))
def test_nothing_raises_whatever_is_posted(payload):
    endured(GOOGLE_ADS, payload)
