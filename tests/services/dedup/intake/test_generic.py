"""Any JSON or form becomes answers: names that tell, values as they were sent."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup.intake.decoding import nested
from services.dedup.intake.senders.generic import GENERIC
from services.dedup.intake.sent import Ignored, Sent
from services.dedup.intake.understanding import understood

ANN = {"email": "ann@a.test", "phone": "+1 415 555 2671", "name": "Ann Lee"}
LABELS = {"email": "Email", "phone": "Phone", "name": "Name"}


def rows(label, value, **more):
    return [{label: LABELS[field], value: text} | more for field, text in ANN.items()]


SHAPES = {
    "flat": {LABELS[field]: text for field, text in ANN.items()},
    "deep": {"payload": {"data": {"fields": dict(ANN)}}},
    "lists of one": {name: [text] for name, text in ANN.items()},
    "label and value": {"fields": rows("label", "value")},
    "question and answer": {"responses": rows("question", "answer", type="text", id="7")},
    "field_name and field_value": rows("field_name", "field_value"),
    "Question and Response": {"Answers": rows("Question", "Response")},
    "name and values": {"field_data": [{"name": n, "values": [t]} for n, t in ANN.items()]},
    "column_id": [{"column_id": n.upper(), "string_value": t} for n, t in ANN.items()],
    "named answers": {"values": {f"f{n}": {"label": LABELS[n], "value": ANN[n]} for n in ANN}},
    "properties": {"properties": {n: {"value": t, "versions": []} for n, t in ANN.items()}},
    "question objects": {"answers": [{"question": {"text": LABELS[n], "id": 4}, "answer": ANN[n]}
                                     for n in ANN]},
    "json in a text": {"rawRequest": json.dumps(ANN), "formID": "55"},
    "definition apart": {
        "definition": {"fields": [{"id": f"q{n}", "title": LABELS[n], "type": "x"} for n in ANN]},
        "answers": {f"q{n}": ANN[n] for n in ANN},
    },
    "brackets": nested([(f"form_fields[{n}]", t) for n, t in ANN.items()]),
    "typed boxes": nested([
        (f"fields[f{n}][{part}]", text)
        for n, t in ANN.items()
        for part, text in (("title", LABELS[n]), ("type", "text"), ("value", t), ("raw_value", t))
    ]),
    "couples": [[LABELS[field], text] for field, text in ANN.items()],
    "head and row": {"headers": [*LABELS.values()], "values": [ANN[n] for n in LABELS]},
    "a mail's text": {"subject": "New entry",
                      "body_plain": "\n".join(f"{LABELS[n]}: {t}" for n, t in ANN.items())},
    "form beside": {"form": {"id": "3", "name": "Contact"}, "fields": dict(ANN)},
}  # fmt: skip


def sent(payload):
    (only,) = GENERIC.items(payload)
    assert isinstance(only, Sent)
    return only


def fields(payload):
    return understood(sent(payload), {}, "generic").fields


@pytest.mark.parametrize("shape", SHAPES)
def test_a_lead_in_any_shape_is_understood(shape):
    assert fields(SHAPES[shape]) == ANN


def test_a_senders_type_of_a_box_is_kept():
    answers = sent({"fields": [{"label": "Q1", "type": "EmailInput", "value": "a@a.test"}]}).answers

    assert [(a.name, a.field) for a in answers] == [("Q1", "email")]


def test_boxes_of_a_name_that_are_only_numbered_are_known():
    assert fields({"1.3": "Ann", "1.6": "Lee", "id": "8", "form_id": "3"}) == {
        "first_name": "Ann",
        "last_name": "Lee",
    }


def test_numbered_boxes_of_an_address_are_no_name():
    assert "first_name" not in fields({"2.1": "1 High St", "2.3": "Leeds", "2.6": "UK"})


def test_numbers_and_addresses_with_a_kind_are_several_of_one_person():
    found = fields({"emails": [{"type": "work", "value": "w@a.test"},
                               {"type": "home", "value": "h@a.test"}]})  # fmt: skip

    assert found == {"email": "h@a.test", "other_email": "w@a.test"}


def test_a_second_person_in_a_list_is_not_the_lead():
    people = [{"name": "Ann Lee", "email": "ann@a.test"}, {"name": "Bo Lind", "email": "bo@a.test"}]

    assert fields({"people": people, "event": "x"}) == {"name": "Ann Lee", "email": "ann@a.test"}


def test_staff_beside_the_lead_is_not_the_lead():
    found = fields({
        "first_name": "Ann", "last_name": "Lee", "email": "ann@a.test",
        "location": {"name": "Agency Inc", "email": "agency@b.test"},
        "user": {"firstName": "Sam", "email": "sam@b.test"},
        "owner": {"name": "Ola Owner", "email": "ola@b.test"},
    })  # fmt: skip

    assert found == {"first_name": "Ann", "last_name": "Lee", "email": "ann@a.test"}


def test_pairs_under_somebody_elses_name_are_not_the_leads():
    found = fields({"owner": [{"label": "Email", "type": "email", "value": "o@b.test"}],
                    "fields": [{"label": "Email", "value": "ann@a.test"}]})  # fmt: skip

    assert found == {"email": "ann@a.test"}


def test_boxes_of_a_field_that_come_as_lines_are_read():
    assert fields({"Name": "first = Ann\nlast = Lee"}) == {"first_name": "Ann", "last_name": "Lee"}


def test_several_leads_are_several():
    items = GENERIC.items([{"email": "a@a.test", "n": 1}, {"email": "b@b.test", "n": 2}])

    assert [understood(one, {}, "generic").fields["email"] for one in items] == [
        "a@a.test",
        "b@b.test",
    ]


def test_however_many_leads_a_post_holds_none_is_left_out():
    leads = [{"email": f"{n}@a.test"} for n in range(101)]

    assert len(GENERIC.items(leads)) == 101


def test_a_named_list_of_leads_is_several():
    records = [{"id": n, "fields": {"Email": f"{n}@a.test"}} for n in "ab"]

    assert len(GENERIC.items({"records": records})) == 2


@pytest.mark.parametrize(
    "payload",
    [None, "hello", 5, True, [], {}, [1, 2]],
)
def test_what_holds_no_lead_is_ignored_with_a_reason(payload):
    items = GENERIC.items(payload)

    assert all(isinstance(one, Ignored) and one.reason for one in items) or payload == [1, 2]


@pytest.mark.parametrize(
    ("payload", "key"),
    [
        ({"submission_id": 9007199254740993}, "9007199254740993"),
        ({"data": {"responseId": "r1"}}, "r1"),
        ({"entry_id": "7", "id": "8"}, "7"),
        ({"id": "802", "form_id": "3"}, "802"),
        ({"id": "802"}, None),
        ({"form": {"id": "3", "name": "x"}}, None),
    ],
)
def test_the_submissions_id_is_its_key(payload, key):
    assert sent(payload | {"email": "a@a.test"}).key == key


def test_the_circumstances_are_told_apart_from_answers():
    one = sent({
        "email": "a@a.test", "ip_address": "203.0.113.9", "User Agent": "Mozilla/5.0",
        "page_url": "https://acme.test/c", "submitted_at": "2026-11-20T10:00:00Z",
        "form_id": "3", "form_name": "Contact", "utm_source": "ads",
        "tracking": {"utm_medium": "cpc"}, "campaign_name": "Spring",
        "xxTrustedFormCertUrl": "https://cert.trustedform.example/1",
    })  # fmt: skip

    around = one.around
    assert [answer.name for answer in one.answers] == ["email"]
    assert (around.ip, around.user_agent) == ("203.0.113.9", "Mozilla/5.0")
    assert (around.form_id, around.form_name, around.campaign) == ("3", "Contact", "Spring")
    assert (around.page_url, around.utm) == (
        "https://acme.test/c", {"source": "ads", "medium": "cpc"}
    )  # fmt: skip
    assert around.submitted_at.isoformat() == "2026-11-20T10:00:00+00:00"
    assert around.consent_proof == "https://cert.trustedform.example/1"


@pytest.mark.parametrize("flag", [{"test": True}, {"is_test": "1"}, {"meta": {"isTest": "true"}}])
def test_a_test_lead_is_known(flag):
    assert sent(flag | {"email": "a@a.test"}).test


def test_a_test_that_is_none_is_none():
    assert not sent({"email": "a@a.test", "test": False}).test


def test_it_recognises_everything():
    assert GENERIC.recognises({}, {}) and GENERIC.recognises(None, {})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["name", "value", "label", "data", "id", "type", "email"]) | st.text(),
            inner,
        )
    ),
    max_leaves=25,
)


@settings(deadline=None, max_examples=200)
@given(anything)
def test_no_payload_raises(payload):
    for one in GENERIC.items(payload):
        assert isinstance(one, (Sent, Ignored))
        if isinstance(one, Sent):
            understood(one, {}, "generic")


@pytest.mark.parametrize("number", ["33.40.90.45", "070.714.67.95", "022.740.55.80"])
def test_a_number_with_dots_is_no_address_of_a_host(number):
    assert fields({"Navn": "Ole Hansen", "Kontakt": number})["phone"] == number


def test_an_address_of_a_host_is_no_number():
    assert "phone" not in fields({"Name": "Ann Lee", "Email": "a@a.test", "Contact": "192.0.2.45"})


@pytest.mark.parametrize(
    "given", [{"first_name": "Nada", "last_name": "Kovač"}, {"First": "Min-ji", "Last": "Sin"}]
)
def test_a_word_for_nothing_may_be_a_name(given):
    assert {*given.values()} <= {*fields(given | {"Email": "n@a.test"}).values()}


def test_a_word_for_nothing_is_no_firm():
    assert "company" not in fields({"Nombre": "Ana Gil", "Empresa": "Nada", "Email": "a@a.test"})


@pytest.mark.parametrize("code", ["87647-547", "87647547"])
def test_a_brazilian_code_of_the_post_is_no_number(code):
    found = fields({"Nome": "Ana Silva", "CEP": code, "Email": "ana@a.test"})

    assert (found["postal_code"], "phone" in found) == (code, False)


def test_what_turks_call_cep_is_a_mobile():
    found = fields({"Ad Soyad": "Ayşe Yılmaz", "Cep": "0532 123 45 67"})

    assert found == {"name": "Ayşe Yılmaz", "phone": "0532 123 45 67"}


@pytest.mark.parametrize("country", ["Polska", "PL"])
def test_a_country_in_the_box_for_the_state_is_the_country(country):
    assert fields({"Nazwisko": "Nowak", "Email": "n@a.test", "Kraj": country})["country"] == country


@pytest.mark.parametrize("state", ["CA", "Georgia", "Bayern", "Jihomoravský kraj"])
def test_a_state_is_no_country(state):
    found = fields({"Name": "Ann Lee", "Email": "a@a.test", "State": state})

    assert (found["state"], "country" in found) == (state, False)
