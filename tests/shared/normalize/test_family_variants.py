import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.normalize.family_variants import MAX_NAME, family_roots, given_readings, warm
from shared.normalize.name_script import native
from shared.normalize.tables import rows
from shared.normalize.text import fold

MOST = 12
"""Names that one family name may stand for at most."""

anything = st.text(st.characters(exclude_categories=()))
east_asian = st.text("佐藤陈陳王朴김박さとうショウッー々 ohunsyti'-", max_size=80)


def test_the_tables_load_before_they_are_asked():
    warm()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("陈", "陳"),
        ("陳", "Chan"),
        ("Tan", "Chen"),
        ("张", "Cheung"),
        ("黃", "Wong"),
        ("曾", "Tsang"),
        ("歐陽", "Au-Yeung"),
        ("许", "Hsü"),
        ("김", "Kim"),
        ("박", "Pak"),
        ("이", "Rhee"),
        ("남궁", "Namkung"),
        ("朴", "Park"),
        ("金", "Kim"),
        ("佐藤", "Satoh"),
        ("さとう", "Satō"),
        ("ｻﾄｳ", "佐藤"),
        ("しょうじ", "庄司"),
        ("渡邉", "Watanabe"),
        ("髙橋", "Takahashi"),
        ("大野", "Ohno"),
        ("藤田", "Huzita"),
        ("本間", "Homma"),
        ("井上", "Inouye"),
        ("山崎", "Yamasaki"),
        ("林", "Hayashi"),
        ("林", "Lam"),
    ],
)
def test_a_family_name_meets_its_other_spellings(one, other):
    assert family_roots(one) & family_roots(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("陈", "王"),
        ("Kim", "Park"),
        ("佐藤", "Saito"),
        ("Chou", "Cho"),
        ("Sousa", "Sosa"),
        ("陈", "Shen"),
        ("Smith", "Schmidt"),
    ],
)
def test_two_family_names_stay_two(one, other):
    assert not family_roots(one) & family_roots(other)


def test_a_spelling_stands_for_every_family_that_uses_it():
    assert family_roots("Chan") >= {"chan", "chen"}
    assert family_roots("Chang") >= {"chang", "zhang", "jang"}
    assert family_roots("Lee") >= {"lee", "li"}


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("翔太", {"shota"}),
        ("裕子", {"yuko", "hiroko"}),
        ("龍之介", {"ryunosuke"}),
        ("しょうた", {"shota"}),
        ("ジュンイチ", {"junichi"}),
        ("syota", {"shota"}),
        ("shouta", {"shota"}),
        ("Shohta", {"shota"}),
        ("yuuki", {"yuki"}),
        ("Jun'ichi", {"junichi"}),
        ("Shimpei", {"shinpei"}),
        ("ohta", {"ota"}),
        ("Masaaki", {"masaaki"}),
    ],
)
def test_a_japanese_given_name_has_its_usual_readings(name, readings):
    assert given_readings(name) == readings


@pytest.mark.parametrize("name", ["Thomas", "Wolfgang", "小明", "민수", "", "!"])
def test_what_is_not_japanese_has_no_reading(name):
    assert given_readings(name) == frozenset()


def test_a_given_name_known_from_elsewhere_is_not_respelt():
    assert given_readings("Tina") == {"tina"}
    assert given_readings("Hugo") == {"hugo"}


@given(anything | east_asian)
@settings(deadline=None)
def test_the_roots_of_any_text_are_few_and_hold_its_fold(family):
    roots = family_roots(family)
    folded = fold(family, MAX_NAME)

    assert (folded in roots) if folded else not roots
    assert len(roots) <= MOST
    assert all(root == fold(root) for root in roots)


@given(anything | east_asian)
@settings(deadline=None)
def test_the_readings_of_any_text_are_few_latin_words(name):
    readings = given_readings(name)
    assert len(readings) <= MOST
    assert all(re.fullmatch("[a-z]+", reading) for reading in readings)


@given(st.text("aiueokstnhmyrwgzdbpjfc ", max_size=40))
@settings(deadline=None)
def test_a_respelt_given_name_is_its_own_reading(name):
    for reading in given_readings(name):
        assert reading in given_readings(reading)


def test_every_japanese_name_meets_each_of_its_readings():
    for kind, name, *readings in rows("japanese_names.csv"):
        roots = family_roots if kind == "family" else given_readings
        assert kind in ("family", "given") and native(name) and readings
        assert all(roots(name) & roots(reading) for reading in readings), name


def test_every_spelling_meets_the_first_of_its_row():
    for first, *others in rows("family_variants.csv"):
        assert all(first in family_roots(other) for other in others), first


def test_no_japanese_name_stands_twice():
    names = [(kind, name) for kind, name, *_ in rows("japanese_names.csv")]
    assert len(names) == len(set(names))


def test_a_row_of_variants_holds_each_once_folded_unless_in_han():
    for row in rows("family_variants.csv"):
        assert len(row) == len(set(row)) > 1
        assert all(native(cell) or cell == fold(cell) for cell in row)
