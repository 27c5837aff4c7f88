"""A text taken apart: each sentence with its own words and concepts."""

from hypothesis import given, settings

from services.signals.concepts import lexicon
from services.signals.features import LONGEST, QUESTION
from services.signals.folding import folded
from services.signals.passage import passage
from services.signals.patterns import shaped
from services.signals.segmentation import MOST
from tests.services.signals.any_text import WRITTEN


@settings(deadline=None)
@given(WRITTEN)
def test_every_mention_is_in_the_one_sentence_that_it_begins_in(text):
    read = passage(text)

    for sentence in read.sentences:
        for mention in sentence.mentions:
            assert sentence.span.start <= mention.start < sentence.span.end
    told = [mention for sentence in read.sentences for mention in sentence.mentions]
    assert sorted(told) == sorted({*lexicon().mentions(folded(text)), *shaped(text)})


def test_words_and_pairs_stay_within_their_sentence():
    first, second = passage("We need a loan. Kim bakes bread.").sentences

    assert first.words == {"we", "need", "a", "loan"}
    assert second.words == {"kim", "bakes", "bread"}
    assert "need a" in first.named
    assert "loan kim" not in first.named | second.named


def test_a_concept_is_a_feature_of_the_sentence_that_mentions_it():
    first, second = passage("We need a loan. Kim bakes bread.").sentences

    assert {"[WANT]", "[FINANCE]"} <= first.named
    assert not {"[WANT]", "[FINANCE]"} & second.named


def test_a_question_is_one():
    first, second = passage("Could you lend us money? Kim bakes bread.").sentences

    assert QUESTION in first.named
    assert QUESTION not in second.named


def test_a_negation_marks_the_words_of_its_own_clause():
    (sentence,) = passage("We do not need a grant, we need a loan").sentences

    assert {"!grant", "loan"} <= sentence.words


def test_what_is_too_long_for_a_word_is_cut():
    (sentence,) = passage("Look: " + "a" * 100).sentences

    assert sentence.words == {"look", "a" * LONGEST}


def test_a_concept_of_the_sentence_before_is_told_with_each_of_this():
    first, second, third = passage("We need a loan. We repaid it. Kim bakes bread.").sentences

    assert "DONE<FINANCE" in second.named
    assert not {name for name in first.named | third.named if "<" in name}


def test_a_concept_is_told_with_the_word_before_and_after_it():
    (sentence,) = passage("They need a loan soon").sentences

    assert {"a [FINANCE", "[FINANCE soon"} <= sentence.named


def test_amounts_of_a_length_are_the_same_word():
    first, second = (passage(text).sentences[0] for text in ("about 45000", "about 99999"))

    assert first.words == second.words


def test_what_is_beyond_the_most_is_not_read():
    read = passage("word " * MOST)

    assert read.sentences[-1].span.end == MOST == len(read.text)


def test_an_empty_text_has_no_sentence():
    assert (passage("").sentences, passage("").windows) == ([], [])
