import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.normalize.text import MAX_TEXT, SHORT, ascii_digits, clean, fold

anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("Müller", "muller"),
        ("Straße", "strasse"),
        ("İBRAHİM Işık", "ibrahim isik"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Þórður", "thordur"),
        ("Dvořák", "dvorak"),
        ("Nguyễn Văn Đức", "nguyen van duc"),
        ("Юрий", "yuriy"),
        ("Παπαδοπούλου", "papadopoulou"),
        ("김철수", "gimcheolsu"),
        ("さくら", "sakura"),
        ("สมชาย", "smchay"),
        ("O’Brien", "obrien"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("Ada 🎉 Lovelace 👩‍👩‍👧", "ada lovelace"),
        ("Acme™ & Co®", "acme co"),
        ("\u202eevil\u202c \u200bzero\x00", "evil zero"),
    ],
)
def test_the_scripts_of_the_world_fold_to_ascii(raw, folded):
    assert fold(raw) == folded


def test_a_decomposed_letter_is_the_composed_one():
    assert clean(unicodedata.normalize("NFD", "Björk")) == "Björk"


def test_lone_surrogates_and_controls_vanish():
    assert clean("a\ud800b\x00c\x1b") == "abc"


def test_digits_of_any_script_become_ascii():
    assert ascii_digits("٠١٢ ३४ 五") == "012 34 五"


@given(anything)
@settings(deadline=None)
def test_cleaning_and_folding_are_idempotent(text):
    assert clean(clean(text)) == clean(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(max_codepoint=127)), st.integers(1, 80))
def test_ascii_is_folded_in_one_step_as_in_many(text, limit):
    plain = re.sub("['`]", "", clean(text, limit).lower())

    assert fold(text, limit) == " ".join(re.sub("[^a-z0-9]+", " ", plain).split())


@given(anything, st.integers(1, 80))
@settings(deadline=None)
def test_a_text_that_is_remembered_is_cut_as_a_new_one(text, limit):
    new = text.ljust(SHORT + 1, "\u200b")  # unseen signs, and too long to be remembered
    fold(text)

    assert fold(text, limit) == fold(new, limit)


@given(anything)
@settings(deadline=None)
def test_folding_leaves_only_letters_digits_and_single_spaces(text):
    assert set(fold(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert "  " not in fold(text)


@pytest.mark.parametrize("unit", ["a", "ﷺ", "李", "́", "é ", "\ud800", "🎉"])
def test_long_texts_are_cut(unit):
    assert len(clean(unit * 100_000)) <= MAX_TEXT
    assert len(fold(unit * 100_000)) <= MAX_TEXT
