"""Which language a text is in; what is not read is said to be so."""

import pytest
from hypothesis import given, settings

from services.signals.language import SUPPORTED, UNKNOWN, language
from services.signals.signal import Language
from tests.services.signals.any_text import WILD, table


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("We need a loan for our second oven.", "en"),
        ("Wir suchen einen Berater für unsere Buchhaltung.", "de"),
        ("No podemos pagar las nóminas de este mes.", "es"),
        ("Nous ouvrons notre deuxième magasin à Lyon.", "fr"),
        ("Precisamos de um empréstimo para a padaria.", "pt"),
        ("WE NEED A LOAN FOR OUR SECOND OVEN", "en"),
        ("<p>Wir suchen einen <b>Berater</b> für die Firma.</p>", "de"),
        ("kim@firma.example https://firma.example/en/loan Wir suchen einen Kredit", "de"),
    ],
)
def test_the_five_languages_are_known(text, code):
    assert language(text) == Language(code, True)


@pytest.mark.parametrize(("code", "text"), table("foreign.tsv"))
def test_other_languages_are_known_and_not_read(code, text):
    assert language(text) == Language(code, False)


@pytest.mark.parametrize(
    "text",
    ["", " \n", "12 345", "😀😀", "a", "info@firma.example", "https://a.example", "\x00\x01"],
)
def test_a_text_without_words_has_no_language(text):
    assert language(text) == UNKNOWN


@settings(deadline=None)
@given(WILD)
def test_any_text_is_answered_the_same_each_time(text):
    found = language(text)

    assert found == language(text)
    assert not found.supported or found.code in SUPPORTED


def test_the_beginning_tells_the_language_however_much_follows():
    english = "We need a loan for our second oven in the bakery and we need it by May. " * 10

    assert language(english + "贷款" * 50_000) == Language("en", True)
