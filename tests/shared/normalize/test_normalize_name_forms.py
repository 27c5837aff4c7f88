"""The forms that one name takes: by gender, by script, by sound, as a nickname."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.normalize import name_gender, name_script, nickname, phonetic
from shared.normalize.text import fold

anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        ("petrov", "petrova"),
        ("novak", "novakova"),
        ("pushkin", "pushkina"),
        ("kowalski", "kowalska"),
        ("dostoevsky", "dostoevskaya"),
        ("tolstoy", "tolstaya"),
        ("novotny", "novotna"),
        ("papadopoulos", "papadopoulou"),
    ],
)
def test_a_mans_and_a_womans_form_are_one_family_name(man, woman):
    assert name_gender.same_but_for_gender(man, woman)
    assert name_gender.family_stem(man) == name_gender.family_stem(woman)


@pytest.mark.parametrize(
    ("one", "other"),
    [("petrov", "ivanova"), ("petrov", "petr"), ("keller", "kellner"), ("silva", "silveira")],
)
def test_two_family_names_stay_two(one, other):
    assert not name_gender.same_but_for_gender(one, other)


@given(st.text("abcdefghijklmnopqrstuvwxyz ", max_size=20))
def test_a_stem_is_the_names_start_and_never_empty(family):
    stem = name_gender.family_stem(family)
    assert family.startswith(stem) and bool(stem) == bool(family)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Zoë Müller", ""),
        ("", ""),
        ("Ａｎｎａ", ""),
        ("Иван Петров", "CYRILLIC"),
        ("محمد", "ARABIC"),
        ("דוד", "HEBREW"),
        ("王伟", "CJK"),
        ("김민수", "HANGUL"),
        ("สมชาย", "THAI"),
    ],
)
def test_the_script_is_that_of_the_first_letter_beyond_latin(text, script):
    assert name_script.script(text) == script


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("محمد علي", "Mohamed Ali"),
        ("أحمد حسن", "Ahmed Hassan"),
        ("דוד כהן", "David Cohen"),
        ("שרה פרידמן", "Sarah Friedman"),
    ],
)
def test_consonants_agree_where_one_script_writes_no_vowels(native, latin):
    assert phonetic.consonants(fold(native)) == phonetic.consonants(fold(latin))


def test_greek_pairs_of_letters_have_their_own_sound():
    assert fold("Ευάγγελος Μπακογιάννης") == "evangelos bakogiannis"


def test_a_name_of_the_table_is_known_in_every_form():
    assert nickname.known("michael") and nickname.known("mike") and not nickname.known("zebulonx")


@given(anything)
@settings(deadline=None)
def test_no_text_raises(text):
    name_script.script(text)
    assert phonetic.consonants(fold(text)) == phonetic.consonants(fold(text))
