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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Já pagámos o crédito no ano passado.", "pt"),
        ("comment on change l'ampoule du frigo Samsung svp", "fr"),
        ("council pays when it pays, we budget round it", "en"),
    ],
)
def test_common_words_tell_a_language_that_letters_do_not(text, code):
    assert language(text) == Language(code, True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "Abbiamo bisogno di un prestito per il nostro negozio, con un tasso basso per favore",
            "it",
        ),
        ("We hebben een lening nodig voor onze zaak en we zoeken iemand die ons kan helpen", "nl"),
        ("Necessitem un préstec per obrir una segona botiga, els clients no ens paguen", "ca"),
        ("Vi har brug for et lån til vores butik og en ny maskine, som kan bage mere", "da"),
    ],
)
def test_common_words_of_a_neighbour_are_no_language_that_is_read(text, code):
    assert language(text) == Language(code, False)


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
