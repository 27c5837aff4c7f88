"""Elementor: labels or whole fields, and what the plugin adds told apart from answers."""

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings

from services.dedup.intake.senders.elementor import ELEMENTOR
from services.dedup.intake.sent import Ignored
from tests.services.dedup.intake.senders.anything import ANYTHING, broken, endured
from tests.services.dedup.intake.senders.forms import as_told, cases, sent

CASES = cases("elementor")
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"
WORDPRESS = {"user-agent": "WordPress/6.8.1; https://acme.test"}


def names(**fields):
    (item,) = ELEMENTOR.items(fields | {"form_id": "7c1a", "form_name": "Contact"})
    return [one.name for one in item.answers]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.claim)
def test_a_submission_is_told_in_its_own_words(case):
    as_told(ELEMENTOR, case)


def test_whole_fields_of_a_type_are_sure():
    typed = [one.field for one in sent(ELEMENTOR, CASES[4].post).answers if one.field]

    assert typed == ["phone", "email", "email"]


def test_a_label_is_no_type():
    assert {one.field for one in sent(ELEMENTOR, CASES[2].post).answers} == {""}


WORDS = [
    # date, time, page's title, page, browser, visitor, credit: Elementor Pro's translations
    ("Date", "Time", "Page Title", "Page URL", "User Agent", "Remote IP", "Powered by"),
    (
        "Datum",
        "Zeit",
        "Seiten Titel",
        "Seiten URL",
        "Benutzer Agent",
        "Remote IP",
        "Unterstützt von",
    ),
    ("Fecha", "Hora", "Page Title", "URL de la página", "Agente", "IP remota", "Funciona con"),
    ("Date", "Heure", "Titre de la page", "URL de la page", "Agent", "IP distante", "Propulsé par"),
    (
        "Data",
        "Orario",
        "Titolo Pagina",
        "URL della Pagina",
        "User Agent",
        "IP remoto",
        "Powered by",
    ),
    ("Datum", "Tijd", "Pagina titel", "Pagina URL", "User agent", "Externe IP", "Aangedreven door"),
    ("Data", "Czas", "Tytuł strony", "Adres URL do strony", "Agent", "Adres IP", "Napędzany przez"),
    ("Data", "Horário", "Título da página", "URL da página", "Agente", "IP", "Desenvolvido por"),
    ("Дата", "Время", "Page Title", "Ссылка на страницу", "Браузер", "IP-адрес", "Работает на"),
    ("日期", "時間", "頁面標題", "頁面 URL", "使用者代理", "遠端 IP", "Powered by"),
]


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words[6])
def test_what_the_plugin_adds_is_no_answer_in_its_languages(words):
    values = ("21.11.2026", "14:05", "Kontakt", "https://acme.test/c", BROWSER, "::1", "Elementor")
    fields = {"Message": "hello"} | dict(zip(words, values, strict=True))

    assert names(**fields) == ["Message"]


@pytest.mark.parametrize("label", ["No Label", "Keine Feldbezeichnung", "Sem rótulo", "Без ярлыка"])
def test_a_field_without_a_label_is_called_by_its_id(label):
    assert names(**{f"{label} email": "ann@acme.test"}) == ["email"]


def test_a_browser_and_an_address_of_the_net_are_no_answers_wherever_they_stand():
    assert names(**{"Σύνδεση": "2001:db8::1", "Φυλλομετρητής": BROWSER, "Name": "Ann"}) == ["Name"]


def test_a_date_that_the_form_asks_for_is_an_answer():
    assert names(Date="2026-12-24", Name="Ann", **{"Remote IP": "203.0.113.9"}) == ["Date", "Name"]


def test_a_word_of_the_plugin_with_another_value_is_an_answer():
    assert names(Name="Ann", Data="who knows", Hora="la tarde") == ["Name", "Data", "Hora"]


def test_a_site_of_the_visitor_is_no_page_of_ours():
    fields = {"Website URL": "https://ann.example", "Page URL": "https://acme.test/c"}

    assert names(**fields, **{"User Agent": BROWSER}) == ["Website URL"]
    assert names(**{"Website URL": "https://ann.example", "User Agent": BROWSER}) == ["Website URL"]


def test_of_two_addresses_of_pages_the_last_is_the_plugins():
    fields = {"Partner URL": "https://partner.example", "Page URL": "https://acme.test/c"}

    assert names(**fields, **{"User Agent": BROWSER}) == ["Partner URL"]


def test_a_post_of_numbered_forms_is_left_to_others():
    fields = {"Name": "Ann", "form_id": "1234567", "form_name": "Contact"}

    assert not ELEMENTOR.recognises(fields, {})
    assert ELEMENTOR.recognises(fields, WORDPRESS)
    assert not ELEMENTOR.recognises(fields | {"form_id": "12"}, WORDPRESS)


def test_answers_behind_the_forms_name_are_another_senders():
    assert not ELEMENTOR.recognises({"form_id": "7c1a", "form_name": "C", "Name": "Ann"}, {})


def test_a_label_with_brackets_is_endured():
    post = CASES[0].post
    raw = urlencode({"Phone [mobile]": "1"}).encode() + b"&" + post.raw

    assert sent(ELEMENTOR, type(post)(headers=post.headers, raw=raw)).answers


def test_a_password_is_not_kept():
    payload = CASES[4].post.payload
    assert "s3cret" in str(payload)

    kept = ELEMENTOR.redacted(payload)

    assert "s3cret" not in str(kept)
    assert ELEMENTOR.items(kept) == ELEMENTOR.items(payload)


def test_a_post_without_a_password_is_kept_as_it_is():
    for case in CASES[:4]:
        assert ELEMENTOR.redacted(case.post.payload) == case.post.payload


@pytest.mark.parametrize("payload", [{}, [], None, {"Name": "Ann"}])
def test_what_is_no_submission_is_ignored(payload):
    (item,) = ELEMENTOR.items(payload)

    assert isinstance(item, Ignored)


@settings(deadline=None, max_examples=150)
@given(ANYTHING)
def test_no_payload_is_too_strange(payload):
    endured(ELEMENTOR, payload)


@settings(deadline=None, max_examples=250)
@given(broken([case.post.payload for case in CASES]))
def test_a_broken_submission_is_endured(payload):
    endured(ELEMENTOR, payload)
