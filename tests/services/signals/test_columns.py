"""A long text in columns: the same features, sentences and sums as sentence by sentence."""

from dataclasses import astuple

import pytest
from hypothesis import given, settings

from services.signals import corpus
from services.signals.columns import columns
from services.signals.detection import SHORT
from services.signals.features import NEGATED
from services.signals.keys import all_keys
from services.signals.model import shipped
from services.signals.passage import passage
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


def of_features(text):
    """Return the keys of each sentence's distinct features, found in columns."""
    read = columns(text)
    return {pair for pair in zip(read.of.tolist(), read.keys.tolist(), strict=True)}


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


@settings(deadline=None)
@given(WILD.filter(bool))
def test_a_sentence_is_written_out_alike(text):
    read, same = columns(text), passage(text)

    told = [astuple(read.sentence(number)) for number in range(len(read.spans))]

    assert told == [astuple(sentence) for sentence in same.sentences]
    assert (read.windows, read.candidates) == (same.windows, same.candidates)


def test_words_are_known_where_they_stand():
    read = columns("We do not need a loan. Kim bakes bread.")

    negated = [f"{NEGATED}{word}" for word in ("need", "a", "loan")]
    assert [*read.words] == ["we", "do", "not", *negated, "kim", "bakes", "bread"]
    assert read.of[: len(read.words)].tolist() == [0] * 6 + [1] * 3


def test_a_page_is_read_in_columns():
    assert len(PAGE) > SHORT
    assert len(columns(PAGE).windows) > 1
    assert columns(PAGE).around == passage(PAGE).around
