"""Whatever a form is called by, the lead's own address, number, name and firm come out of it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup.intake.reading import values
from services.dedup.intake.senders.generic import GENERIC
from services.dedup.intake.sent import Answer, Sent
from services.dedup.intake.understanding import understood
from shared.lead_fields import FIELDS

BY_LABEL = [
    ("email", "Your E-Mail*"),
    ("email", "billing[email]"),
    ("email", "What's the best email to reach you?"),
    ("email", "Unter welcher E-Mail erreichen wir Sie?"),
    ("email", "Adresse électronique"),
    ("email", "Correo electrónico (obligatorio)"),
    ("email", "Sähköpostiosoite"),
    ("email", "メールアドレス【必須】"),
    ("email", "البريد الإلكتروني"),
    ("email", 'דוא"ל'),
    ("phone", "Wie lautet Ihre Telefonnummer?"),
    ("phone", "Votre numéro"),
    ("phone", "cellPhoneNumber"),
    ("phone", "Nr tel. kontaktowego"),
    ("phone", "Номер мобильного телефона"),
    ("phone", "請輸入您的電話號碼"),
    ("phone", "휴대폰 번호"),
    ("name", "Vorname Nachname"),
    ("name", "Nom et prénom"),
    ("name", "Nombre y apellidos"),
    ("name", "Imię i nazwisko"),
    ("name", "Ονοματεπώνυμο"),
    ("name", "氏名"),
    ("first_name", "Name (First)"),
    ("last_name", "お名前（姓）"),
    ("company", "Ragione sociale"),
    ("company", "Name of your company"),
    ("company", "Bedrijfsnaam"),
    ("company", "Which company do you work for?"),
    ("company", "اسم الشركة"),
    ("company", "会社名・団体名"),
]

SAMPLE = {
    "email": "ann@a.test",
    "phone": "+49 1512 3456789",
    "name": "Ann Lee",
    "first_name": "Ann",
    "last_name": "Lee",
    "company": "Red Door",
}

NOT_THE_LEADS = [
    ("Your friend's email", "f@f.test"),
    ("Referrer email", "f@f.test"),
    ("referral_email", "f@f.test"),
    ("reply_to", "f@f.test"),
    ("owner.email", "f@f.test"),
    ("E-Mail des Vorgesetzten", "f@f.test"),
    ("Email du parrain", "f@f.test"),
    ("推荐人邮箱", "f@f.test"),
    ("Emergency contact phone", "+49 1512 3456789"),
    ("Notfalltelefon", "+49 1512 3456789"),
    ("緊急連絡先電話番号", "+49 1512 3456789"),
    ("Fax", "+49 30 1234567"),
    ("Company size", "11-50 people"),
    ("Username", "annlee"),
    ("Dog's name", "Bello"),
    ("form_name", "Contact us"),
    ("Best time to call", "09:00-17:30"),
    ("How did you hear about us?", "A friend"),
    ("May we email you?", "Yes"),
]


def lead(field_map=None, **options):
    def of(*answers):
        sent = Sent([a if isinstance(a, Answer) else Answer(*a) for a in answers])
        return understood(sent, field_map or {}, "generic", **options)

    return of


def fields(*answers):
    return lead()(*answers).fields


@pytest.mark.parametrize(("field", "label"), BY_LABEL)
def test_a_label_in_any_language_names_its_field(field, label):
    assert fields((label, SAMPLE[field])) == {field: SAMPLE[field]}


@pytest.mark.parametrize(("label", "value"), NOT_THE_LEADS)
def test_what_is_somebody_elses_or_no_answer_is_left_out(label, value):
    found = lead()((label, value), ("Email", "ann@a.test"), ("Phone", "+1 415 555 2671"))

    assert found.fields == {"email": "ann@a.test", "phone": "+1 415 555 2671"}
    assert found.mapping.unmapped


def test_a_friends_address_is_not_the_leads_even_if_it_is_the_only_one():
    typed = Answer("Friend's email", "f@f.test", "", "email")

    assert fields(("Friend's email", "f@f.test")) == fields(typed) == {}


def test_a_typed_field_comes_before_a_saved_one_and_that_before_words():
    answers = (
        ("Email", "words@a.test"),
        Answer("x", "saved@a.test", "k1"),
        Answer("y", "typed@a.test", "", "email"),
    )

    found = lead({"k1": "email"})(*answers)

    assert found.fields["email"] == "typed@a.test"
    assert found.mapping.by["email"] == "typed"
    assert lead({"k1": "email"})(*answers[:2]).fields["email"] == "saved@a.test"


@pytest.mark.parametrize("name", ["k7", "Feld Sieben", "feld-sieben"])
def test_a_saved_map_names_an_answer_by_key_or_label(name):
    found = lead({name: "company"})(Answer("Feld Sieben", "Red Door", "k7"))

    assert found.fields == {"company": "Red Door"}
    assert found.mapping.by == {"company": "saved"}


def test_an_ignored_answer_is_neither_taken_nor_reported():
    found = lead({"Email": "ignore"})(("Email", "ann@a.test"), ("Phone", "+1 415 555 2671"))

    assert found.fields == {"phone": "+1 415 555 2671"}
    assert found.mapping.unmapped == ()


def test_the_plainly_labelled_address_is_first_and_others_are_kept():
    found = lead()(
        ("Work email", "work@a.test"), ("Email", "ann@a.test"), ("Second email", "b@a.test")
    )

    assert found.fields == {"email": "ann@a.test", "other_email": "work@a.test, b@a.test"}
    assert not found.mapping.needs_mapping


def test_which_of_two_alike_is_first_needs_a_person():
    assert lead()(("Email 1", "a@a.test"), ("E-Mail", "b@b.test")).mapping.needs_mapping


def test_a_confirmed_address_is_kept_only_if_it_differs():
    same = fields(("Email", "ann@a.test"), ("Confirm email", "ANN@a.test"))
    other = fields(("Email", "ann@a.test"), ("Email address confirm", "anne@a.test"))

    assert same == {"email": "ann@a.test"}
    assert other == {"email": "ann@a.test", "other_email": "anne@a.test"}


def test_a_second_number_is_kept_and_the_same_one_only_once():
    found = fields(
        ("Mobile", "+49 1512 3456789"), ("Phone", "030 23125099"), ("Tel", "+49 30 23125099")
    )

    assert found == {"phone": "030 23125099", "other_phone": "+49 1512 3456789"}


def test_a_value_in_the_wrong_box_is_believed_where_it_is_unmistakable():
    assert fields(("Phone", "ann@a.test"), ("Email", "+49 1512 3456789")) == {
        "email": "ann@a.test",
        "phone": "+49 1512 3456789",
    }
    assert fields(("Name", "ann@a.test"))["email"] == "ann@a.test"
    assert fields(("Company", "https://acme.test")) == {"website": "https://acme.test"}


@pytest.mark.parametrize("text", ["", "n/a", "none", "yes", "0151", "ann at a dot test"])
def test_what_is_no_address_is_not_taken_for_one(text):
    assert fields(("Email", text)) == {}


@pytest.mark.parametrize(
    ("value", "phone"),
    [
        (491512345678, "491512345678"),
        (491512345678.0, "491512345678"),
        ("491512345678.0", "491512345678"),
        ("4.91512345678e+11", "491512345678"),
        ("tel:+49-151-2345678", "+49-151-2345678"),
        ("（０９０）１２３４−５６７８", "(090)1234−5678"),
        ({"area": "415", "phone": "5552671"}, "415 5552671"),
        ({"full": "+1 415 555 2671"}, "+1 415 555 2671"),
        ({"country": "DE", "number": "01512 3456789"}, "+4915123456789"),
        (["+1 415 555 2671"], "+1 415 555 2671"),
    ],
)
def test_a_number_is_read_however_it_was_kept(value, phone):
    assert fields(("Phone", value)) == {"phone": phone}


@pytest.mark.parametrize("value", [4.9151e11, "4.9151e+11", "4,9151E+11", "2026-11-21", "1.2.3.4"])
def test_a_number_that_was_lost_is_not_made_up(value):
    assert fields(("Phone", value)) == {}


@pytest.mark.parametrize("code", ["+49", "49", "DE", "Germany", "Germany (+49)", "Deutschland"])
def test_a_country_code_beside_a_number_is_joined(code):
    found = fields(("phone_country_code", code), ("phone", "01512 3456789"))

    assert found["phone"] == "+4915123456789"


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ({"first": "Ann", "last": "Lee"}, {"first_name": "Ann", "last_name": "Lee"}),
        ('{"first": "Ann", "last": "Lee"}', {"first_name": "Ann", "last_name": "Lee"}),
        (
            {"prefix": "Ms", "first": "Ann", "middle": "B", "last": "Lee", "suffix": ""},
            {"first_name": "Ann B", "last_name": "Lee"},
        ),
        ({"value": ["Ann Lee"]}, {"name": "Ann Lee"}),
        (" Ann\u200b <b>Lee</b> ", {"name": "Ann Lee"}),
        ("O&#39;Hara", {"name": "O'Hara"}),
    ],
)
def test_a_name_is_read_however_it_was_kept(value, wanted):
    assert fields(("Name", value)) == wanted


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (("Nom", "Prénom"), {"last_name": "Rossi", "first_name": "Ada"}),
        (("Apellidos", "Nombre"), {"last_name": "Rossi", "first_name": "Ada"}),
        (("Cognome", "Nome"), {"last_name": "Rossi", "first_name": "Ada"}),
        (("Name", "Vorname"), {"last_name": "Rossi", "first_name": "Ada"}),
        (("Фамилия", "Имя"), {"last_name": "Rossi", "first_name": "Ada"}),
        (("성", "이름"), {"last_name": "Rossi", "first_name": "Ada"}),
    ],
)
def test_a_mere_name_is_what_its_neighbour_is_not(labels, wanted):
    assert fields((labels[0], "Rossi"), (labels[1], "Ada")) == wanted


def test_a_whole_name_beside_a_first_one_stays_whole():
    found = fields(("Name", "Ada Rossi"), ("First name", "Ada"))

    assert found == {"name": "Ada Rossi", "first_name": "Ada"}


def test_without_labels_the_only_value_of_its_look_is_taken():
    found = lead()(
        ("field_1", "Ann Lee"),
        ("field_2", "ann@a.test"),
        ("field_3", "(415) 555-2671"),
        ("field_4", "2026-11-21"),
        ("field_5", "Tulip GmbH"),
    )

    assert found.fields == {
        "name": "Ann Lee", "email": "ann@a.test", "phone": "(415) 555-2671", "company": "Tulip GmbH"
    }  # fmt: skip
    assert found.mapping.needs_mapping
    assert found.mapping.confidence == 0.6


def test_of_two_addresses_without_labels_none_is_taken():
    assert fields(("field_1", "a@a.test"), ("field_2", "b@b.test")) == {}


def test_names_that_stand_in_the_address_are_known_by_it():
    found = fields(("1", "Solvei"), ("2", "Haukeland"), ("3", "solvei.haukeland@a.test"))

    assert (found["first_name"], found["last_name"]) == ("Solvei", "Haukeland")


def test_another_object_is_another_person():
    found = fields(
        ("email", "ann@a.test"), ("user.email", "staff@b.test"), ("user.name", "Staff Member")
    )

    assert (found["email"], "other_email" in found) == ("ann@a.test", False)


def test_a_message_keeps_its_lines():
    assert fields(("Message", "One<br>two\nthree")) == {"message": "One\ntwo\nthree"}


def test_texts_are_cut_to_what_a_lead_may_say():
    found = fields(("Company", "A" * 900), ("Message", "b" * 30_000))

    assert (len(found["company"]), len(found["message"])) == (500, 20_000)


def test_a_name_that_is_itself_an_answer_is_not_shown():
    found = lead()(("ann@a.test wrote", "x"), ("call 0151 2345678", "x"), ("x" * 200, "y"))

    assert found.mapping.unmapped == ("field 1", "field 2", "x" * 80)


def test_the_mapping_says_what_became_what():
    shown = lead()(("Your Mail", "ann@a.test"), ("Shoe", "38")).mapping.as_dict()

    assert shown == {
        "adapter": "generic",
        "fields": {"email": "Your Mail"},
        "by": {"email": "words"},
        "confidence": 0.95,
        "unmapped": ["Shoe"],
        "needs_mapping": False,
    }


@pytest.mark.parametrize(
    "value",
    [True, "on", "1", 1, "Yes", "ja", "Oui", "はい", ["true"], "I agree to the terms",
     "Ich stimme zu", "Wyrażam zgodę", "同意する"],
)  # fmt: skip
def test_a_ticked_box_is_a_yes(value):
    assert lead()(("Terms", value)).consented("terms")


@pytest.mark.parametrize(
    "value", [False, None, "", 0, "no", "nein", "off", "I do not agree", "nicht einverstanden", "?"]
)
def test_what_is_not_surely_a_yes_is_a_no(value):
    assert not lead()(("Terms", value)).consented("Terms")


def test_a_box_that_is_not_there_is_no_consent():
    assert not lead()(("Email", "yes")).consented("Terms")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
names = st.sampled_from([label for _, label in BY_LABEL]) | st.text(max_size=20)
answers = st.builds(Answer, names, anything, st.text(max_size=6), st.sampled_from(["", *FIELDS]))


@settings(deadline=None, max_examples=150)
@given(st.lists(answers, max_size=8), st.dictionaries(st.text(max_size=6), st.sampled_from(FIELDS)))
def test_whatever_was_answered_is_understood_the_same_way_each_time(found, saved):
    first = understood(Sent(found), saved, "generic")

    assert first == understood(Sent(found), saved, "generic") or "nan" in repr(found)
    assert set(first.fields) <= {*FIELDS, "other_email", "other_phone"}
    assert all(isinstance(text, str) and text for text in first.fields.values())


@settings(deadline=None)
@given(st.lists(st.tuples(names, st.text(max_size=40)), max_size=8))
def test_nothing_is_invented(found):
    said = "".join(values.plain(value) for _, value in found)

    for text in fields(*found).values():
        assert set(text) <= {*said, *json.dumps(said), *"+0123456789 ,\n"}


@settings(deadline=None)
@given(st.lists(st.tuples(names, st.emails()), max_size=6), st.emails())
def test_a_typed_address_always_wins(found, mail):
    best = lead()(*found, Answer("", f"x{mail}", "", "email")).fields.get("email", "")

    assert not values.mails(f"x{mail}") or best == values.mails(f"x{mail}")[0]


@pytest.mark.parametrize(
    ("field", "label", "value"),
    [
        ("email", "Emial adress", "ann@acme.test"),
        ("phone", "Telefonummer", "+44 20 7946 0958"),
        ("phone", "Phne No.", "+44 20 7946 0958"),
        ("company", "Comapny", "Acme Ltd"),
        ("first_name", "Vornahme", "Ann"),
    ],
)
def test_a_misspelt_label_is_understood(field, label, value):
    assert fields((label, value)) == {field: value}


@pytest.mark.parametrize("label", ["Need", "Employed", "Courrier"])
def test_a_word_of_its_own_is_no_slip_of_another(label):
    assert fields((label, "Loan")) == {}


@pytest.mark.parametrize(
    ("boxes", "number"),
    [
        ({"phone_area": "202", "phone_prefix": "555", "phone_line": "0123"}, "202 555 0123"),
        ({"TEL1": "03", "TEL2": "1234", "TEL3": "5678"}, "03 1234 5678"),
        ({"ddd": "21", "telefone": "998765432"}, "21 998765432"),
    ],
)
def test_a_number_in_several_boxes_is_one(boxes, number):
    assert understood(GENERIC.items(boxes)[0], {}, "generic").fields == {"phone": number}


def test_boxes_that_only_count_are_no_number():
    boxes = {"Guests 1": "2", "Guests 2": "3", "Phone": "020 7946 0958"}

    assert understood(GENERIC.items(boxes)[0], {}, "generic").fields == {"phone": "020 7946 0958"}


@pytest.mark.parametrize(
    "label",
    ["Shipping company", "Former employer", "tcpa_company", "Stromversorger company"],
)
def test_a_firm_of_which_nobody_knows_whose_it_is_is_left_out(label):
    assert fields((label, "ParcelCo")) == {}


@pytest.mark.parametrize(
    "label", ["Customer No.", "Called number", "Tracking number", "Ship-to tel"]
)
def test_a_number_that_is_not_the_leads_is_left_out(label):
    assert fields((label, "2025550187")) == {}


def test_a_surname_that_is_also_the_domain_is_no_firm():
    found = fields(("Field1", "Marta"), ("Field2", "Oduya"), ("Field3", "marta@oduya.example"))

    assert "company" not in found


def test_of_a_name_in_two_boxes_both_halves_are_taken():
    assert fields(("About them: First name", "Omar"), ("About them: Last name", "Teal")) == {
        "first_name": "Omar",
        "last_name": "Teal",
    }


def test_the_family_of_an_event_is_no_surname():
    assert fields(("event_family", "CDP"), ("name", "Bia Lopes")) == {"name": "Bia Lopes"}


@pytest.mark.parametrize(
    ("sent_as", "number"),
    [
        ("https://wa.me/14155550123", "+14155550123"),
        ("415-555-0123 (after 5 pm)", "415-555-0123"),
    ],
)
def test_a_number_in_a_link_or_with_a_note_is_a_number(sent_as, number):
    assert fields(("WhatsApp", sent_as)) == {"phone": number}


def test_boxes_that_a_form_defines_within_a_field_are_known():
    structure = {"Fields": [{"ID": "Field1", "Title": "Name", "Type": "shortname", "SubFields": [
        {"ID": "Field1", "Label": "First"}, {"ID": "Field2", "Label": "Last"}]}]}  # fmt: skip
    posted = {"Field1": "Marta", "Field2": "Oduya", "FieldStructure": json.dumps(structure)}

    assert understood(GENERIC.items(posted)[0], {}, "generic").fields == {
        "first_name": "Marta",
        "last_name": "Oduya",
    }
