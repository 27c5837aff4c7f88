"""Phrases are found where they stand, as whole words unless a star says otherwise."""

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals.concepts import Lexicon, Mention, lexicon, read
from services.signals.folding import folded, phrase
from tests.services.signals.any_text import WILD


def found(text, *phrases):
    """Return the words of *text* that *phrases* are found at."""
    mentions = Lexicon([("IT", written) for written in phrases]).mentions(folded(text))
    return [text[mention.start : mention.end] for mention in mentions]


@pytest.mark.parametrize(
    ("written", "text", "words"),
    [
        ("kredit", "Ein Kredit!", ["Kredit"]),
        ("kredit", "Kreditoren, Milchkredit", []),
        ("kredit*", "Kreditoren, Milchkredit", ["Kredit"]),
        ("*kredit", "Kreditoren, Milchkredit", ["kredit"]),
        ("*kredit*", "Kreditoren, Milchkredit", ["Kredit", "kredit"]),
        ("credit line", "a credit-line, a credit  line", ["credit-line"]),
        ("it", "hospitality", []),
        ("bräuchte", "bräuchte braeuchte brauchte", ["bräuchte", "braeuchte", "brauchte"]),
        ("prêt", "PRÊT", ["PRÊT"]),
    ],
)
def test_a_phrase_is_found_in_whole_words(written, text, words):
    assert found(text, written) == words


def test_phrases_that_overlap_are_all_found():
    assert sorted(found("a line of credit", "line of credit", "credit", "of")) == [
        "credit",
        "line of credit",
        "of",
    ]


def test_a_phrase_of_two_concepts_tells_both():
    both = Lexicon([("ONE", "loan"), ("OTHER", "loan")])

    assert both.mentions("loan") == [Mention("ONE", 0, 4), Mention("OTHER", 0, 4)]


@settings(deadline=None)
@given(st.text("ab ", max_size=30), st.text("ab ", max_size=30))
def test_the_place_of_a_mention_is_that_of_its_words(before, after):
    text = f"{before} loan {after}"

    assert found(text, "loan") == ["loan"]


@settings(deadline=None)
@given(WILD)
def test_mentions_stand_inside_the_text(text):
    for mention in lexicon().mentions(folded(text)):
        assert 0 <= mention.start < mention.end <= len(text)


def test_a_data_file_lists_phrases_by_name_and_language():
    text = "# words\n\n[WANT]\nen: need, would like\nde: will\n[MONEY]\nen: quid\n"

    assert read(text) == [
        ("WANT", "need"),
        ("WANT", "would like"),
        ("WANT", "will"),
        ("MONEY", "quid"),
    ]


def shipped():
    return read((files("services.signals") / "data" / "concepts.txt").read_text(encoding="utf-8"))


def test_every_shipped_phrase_is_found_under_its_own_name():
    lost = [
        (name, written)
        for name, written in shipped()
        if name not in {one.concept for one in lexicon().mentions(folded(written.strip("*")))}
        if phrase(written.strip("*")) == [folded(written.strip("*"))]
    ]

    assert lost == []


def test_no_shipped_phrase_is_empty():
    assert [entry for entry in shipped() if not phrase(entry[1].strip("*"))] == []


def test_a_star_stands_only_where_a_phrase_begins_or_ends():
    assert [entry for entry in shipped() if "*" in entry[1].strip("*")] == []
