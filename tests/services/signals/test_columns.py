"""A long text in columns: the same features, sentences and sums as sentence by sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals import corpus
from services.signals.columns import columns
from services.signals.concepts import lexicon
from services.signals.detection import SHORT
from services.signals.features import NEGATED, digits_alike
from services.signals.folding import folded
from services.signals.keys import all_keys
from services.signals.known_names import known_names
from services.signals.model import shipped
from services.signals.passage import passage
from services.signals.phrases import words
from tests.services.signals.any_text import WILD

PAGE = "\n\n".join(text.text for text in corpus.shipped()[:400:8])
"""Texts of several authors, a paragraph each."""

TEXTS = (
    PAGE,
    "word " * 100,
    "x" * 700,
    "We do not need a loan, but a" + " " * 40 + "loan, not credit",
    "No, never: loan " + "y" * 60 + " a bank (not a loan) but " + "z" * 60,
    "İ ſ 贷款 שלום \ud800 loan? not\u0301 a loan!",
    "?",
    " ",
)


SAID = ("we", "need", "a", "line", "of", "credit", "Milchkredit", "opening", "in", "19", "2016")
SAID += (" ", " ", "  ", "-", ".", "\n", "at", "the", "end of", "no", "m²", "bank", "since 1950")
"""Words and parts of phrases, and what stands between."""


def of_features(text):
    """Return the keys of each sentence's distinct features, found in columns."""
    read = columns(text)
    known = all_keys([known_names()[number] for number in read.known.tolist()])
    keys = [*read.keys.tolist(), *known.tolist()]
    return {pair for pair in zip(read.of.tolist(), keys, strict=True)}


def named(text):
    """Return each sentence's distinct features, found in columns and then written out."""
    read = columns(text)
    return {(number, read.name(at)) for at, number in enumerate(read.of.tolist())}


def mentioned(text):
    """Return what phrases *text* holds, all found at once."""
    plain = folded(text)
    found = lexicon().places(plain, words(digits_alike(plain)))
    numbers, starts, ends = (column.tolist() for column in found)
    concepts = [lexicon().concepts[number] for number in numbers]
    return {*zip(concepts, starts, ends, strict=True)}


def told_in_turn(text):
    """Return the same, found letter by letter."""
    return {*lexicon().mentions(folded(text))}


def written_out(text):
    """Return the same of the features written out sentence by sentence."""
    return {
        (number, key)
        for number, sentence in enumerate(passage(text).sentences)
        for key in all_keys([*sentence.words, *sentence.named]).tolist()
    }


@pytest.mark.parametrize("text", TEXTS)
def test_the_features_are_those_of_each_sentence(text):
    assert of_features(text) == written_out(text)


@settings(deadline=None)
@given(WILD.filter(bool))
def test_of_any_text_the_features_are_the_same(text):
    assert of_features(text) == written_out(text)


@pytest.mark.parametrize("text", TEXTS)
def test_the_sums_are_those_of_each_sentence(text):
    model = shipped()

    assert (model.totals(columns(text)) == model.totals(passage(text))).all()


@pytest.mark.parametrize("text", TEXTS)
def test_a_feature_is_written_out_when_it_is_asked_for(text):
    written = {
        (number, feature)
        for number, sentence in enumerate(passage(text).sentences)
        for feature in sentence.words | sentence.named
    }

    assert named(text) == written


@settings(deadline=None)
@given(WILD.filter(bool))
def test_windows_and_candidates_are_the_same(text):
    read, same = columns(text), passage(text)

    assert (read.windows, read.candidates) == (same.windows, same.candidates)


def test_the_candidates_of_a_page_are_the_same():
    read, same = columns(PAGE), passage(PAGE)

    assert len(read.candidates) > 10
    assert read.candidates == same.candidates


@settings(deadline=None)
@given(st.lists(st.sampled_from(SAID)).map("".join).filter(bool))
def test_mentions_are_those_of_the_walk(text):
    assert mentioned(text) == told_in_turn(text)


@pytest.mark.parametrize("text", TEXTS)
def test_mentions_of_a_text_are_those_of_the_walk(text):
    assert mentioned(text) == told_in_turn(text)


def test_words_are_known_where_they_stand():
    read = columns("We do not need a loan. Kim bakes bread.")

    negated = [f"{NEGATED}{word}" for word in ("need", "a", "loan")]
    assert [*read.words] == ["we", "do", "not", *negated, "kim", "bakes", "bread"]
    assert read.of[: len(read.words)].tolist() == [0] * 6 + [1] * 3


def test_a_page_is_read_in_columns():
    assert len(PAGE) > SHORT
    assert len(columns(PAGE).windows) > 1
    around = {known_names()[number] for number in columns(PAGE).around.tolist()}
    assert around == passage(PAGE).around
