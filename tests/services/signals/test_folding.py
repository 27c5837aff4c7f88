"""One spelling to look for phrases in, in which every place is the text's own."""

import pytest
from hypothesis import given, settings

from services.signals.folding import folded, phrase
from tests.services.signals.any_text import WILD


@settings(deadline=None)
@given(WILD)
def test_a_folded_text_is_as_long_as_the_text(text):
    assert len(folded(text)) == len(text)


@pytest.mark.parametrize("sign", ["İ", "ﬁ", "ß", "\u0344", "\ud800", "\U0001f468", "Å", "가", "㎏"])
def test_every_sign_stands_for_one(sign):
    assert len(folded(sign)) == 1


@settings(deadline=None)
@given(WILD)
def test_a_letter_folds_alike_whatever_stands_beside_it(text):
    assert folded(text) == "".join(map(folded, text))


@pytest.mark.parametrize("sign", [*map(chr, range(0x300)), *"€‚„…‰Š‹ŒŽ‘’“”•–—™š›œžŸ"])
def test_letters_of_the_western_code_page_fold_as_beside_any_other(sign):
    assert folded("é" + sign)[1] == folded("é😀" + sign)[2]


@pytest.mark.parametrize("text", ["Kein Crédit-Bail!", "Öl & Ähren, 5 %", "MÜSSEN", "İstanbul"])
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize("text", ["ℂredit", "𝐍eed", "Ǽ"])
def test_styled_letters_fold_to_small_ones(text):
    assert folded(text) == folded(folded(text)) == folded(text).lower()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Kein Crédit-Bail!", "kein credit bail "),
        ("Überbrückung", "uberbruckung"),
        ("Straße", "strase"),
        ("l’État", "l etat"),
        ("NÃO É", "nao e"),
        ("20.000 €", "20 000  "),
        ("", ""),
    ],
)
def test_letters_are_small_and_plain_and_other_signs_are_spaces(text, plain):
    assert folded(text) == plain


def test_more_letters_than_are_remembered_fold_alike():
    every = "".join(map(chr, range(0x4E00, 0x9FFF)))

    assert folded(every) == every == folded(every)


@pytest.mark.parametrize(
    ("written", "spellings"),
    [
        ("bräuchte", ["braeuchte", "brauchte"]),
        ("Maß", ["mas", "mass"]),
        ("crédit-bail", ["credit bail"]),
        ("l'emprunt", ["l emprunt"]),
        ("loan", ["loan"]),
        ("!", []),
    ],
)
def test_a_phrase_has_the_spellings_that_people_type(written, spellings):
    assert phrase(written) == spellings


@settings(deadline=None)
@given(WILD)
def test_the_spellings_of_a_phrase_have_one_space_between_words(written):
    assert all(spelling == " ".join(spelling.split()) for spelling in phrase(written))
