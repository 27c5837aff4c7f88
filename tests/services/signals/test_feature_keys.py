"""Keys of features: of pieces of a text as of the pieces themselves; a table finds them again."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals.features import NEGATED, of_word
from services.signals.keys import Numbered, affix, all_keys, joined, key
from services.signals.segmentation import MOST
from services.signals.table import Table
from services.signals.word_keys import piece_keys
from tests.services.signals.any_text import SIGNS

TEXTS = st.text(SIGNS)
WORDS = st.text(st.sampled_from("abcdefß0"), min_size=1, max_size=20)


@settings(deadline=None)
@given(TEXTS, st.data())
def test_a_piece_of_a_text_has_its_own_key(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    found = Numbered(text).keys(numpy.array([start]), numpy.array([end]))

    assert found.tolist() == [key(text[start:end])]


def test_the_last_piece_of_a_long_text_has_its_own_key():
    found = Numbered("x" * (MOST - 4) + "loan").keys(numpy.array([MOST - 4]), numpy.array([MOST]))

    assert found.tolist() == [key("loan")]


@settings(deadline=None)
@given(st.lists(TEXTS))
def test_many_texts_have_the_keys_of_each(texts):
    assert all_keys(texts).tolist() == [*map(key, texts)]


def test_many_long_texts_have_the_keys_of_each():
    texts = ["a" * (MOST // 2), "b" * (MOST - 1), "c", ""]

    assert all_keys(texts).tolist() == [*map(key, texts)]


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_two_texts_put_together_have_the_key_of_the_whole(first, second):
    before = affix([first])

    assert joined(before.keys, before.lengths, all_keys([second])).tolist() == [key(first + second)]


@settings(deadline=None)
@given(st.lists(WORDS | WORDS.map(NEGATED.__add__), min_size=1))
def test_the_pieces_of_words_are_those_that_features_name(words):
    keys, whose = piece_keys(words)

    for number, word in enumerate(words):
        _, *pieces = of_word(word)
        assert set(keys[whose == number].tolist()) == set(map(key, pieces))


@settings(deadline=None)
@given(st.sets(st.integers(0, (1 << 64) - 1)), st.sets(st.integers(0, (1 << 64) - 1)))
def test_a_table_finds_what_it_holds_and_nothing_else(held, other):
    table = Table(numpy.array([*held], numpy.uint64))

    found = table.found(numpy.array([*held, *(other - held)], numpy.uint64)).tolist()

    assert found == [*range(len(held)), *[len(held)] * len(other - held)]


def test_a_table_of_many_holds_them_all():
    many = numpy.random.default_rng(0).integers(0, 1 << 63, 200_000).astype(numpy.uint64)

    assert (Table(many).found(many) == numpy.arange(len(many))).all()


def test_the_same_number_again_and_again_is_refused():
    with pytest.raises(ValueError, match="numbers that are the same"):
        Table(numpy.array([5, 5, 5], numpy.uint64))
