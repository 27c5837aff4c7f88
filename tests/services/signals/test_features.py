"""What the model sees of words: parts, negation, digits; no two sorts of features meet."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals import features
from services.signals.concepts import Mention
from services.signals.features import (
    NEGATED,
    across,
    beside,
    digits_alike,
    in_order,
    of_word,
    pairs,
    parts,
    words,
)
from services.signals.signal import Span

WORDS = st.text(st.sampled_from("abcdez0"), min_size=1, max_size=12)


def negated(*clauses):
    """Return the words of a sentence that stand after a negation."""
    said = [word for clause in clauses for word in clause.split()]
    marked = words(said, lambda: map(str.split, clauses))
    return [word.removeprefix(NEGATED) for word in marked if word.startswith(NEGATED)]


@pytest.mark.parametrize(
    ("clauses", "after"),
    [
        (["we need a loan"], []),
        (["we do not need a loan"], ["need", "a", "loan"]),
        (["we do not need it ", "we want a loan"], ["need", "it"]),
        (["not this but a loan"], ["this"]),
        (["kein geld sondern rat"], ["geld"]),
        (["nao precisamos"], ["precisamos"]),
        (["no tenemos dinero"], ["tenemos", "dinero"]),
        (["n avons pas d argent"], ["avons", "pas", "d", "argent"]),
    ],
)
def test_a_negation_reaches_to_the_end_of_its_clause_or_to_a_turn(clauses, after):
    assert negated(*clauses) == after


@settings(deadline=None)
@given(st.lists(WORDS | st.sampled_from(["not", "but"]), max_size=12))
def test_every_word_is_told_once_in_order(said):
    assert [word.removeprefix(NEGATED) for word in words(said, lambda: [said])] == said


@settings(deadline=None)
@given(WORDS)
def test_no_two_features_of_a_word_are_the_same(word):
    told = list(of_word(word))

    assert len(set(told)) == len(told)


@settings(deadline=None)
@given(WORDS, WORDS)
def test_sorts_of_features_do_not_meet(word, other):
    plain, marked = set(of_word(word)), set(of_word(NEGATED + word))

    assert plain & marked == set(parts(word))
    assert plain.isdisjoint(pairs([word], [word, other]))
    assert features.QUESTION not in plain | marked


def test_a_negated_word_is_another_feature_and_its_parts_are_not():
    assert "!kredit" in set(of_word("!kredit"))
    assert "kredit" not in set(of_word("!kredit"))
    assert "~kredi" in set(of_word("!kredit"))


def test_the_beginning_of_an_inflected_word_is_a_feature():
    assert {"finan*", "finanzi*"} <= set(of_word("finanzierungen"))
    assert "!finan*" in set(of_word("!finanzierungen"))


def test_a_word_shorter_than_a_part_has_none():
    assert list(of_word("ab")) == ["ab"]


def test_amounts_differ_by_their_length_alone():
    assert digits_alike("45 999 12000") == "00 000 00000"


def test_a_pair_is_negated_with_its_first_word():
    assert list(pairs(["not", "!a", "!loan"], ["not", "a", "loan"])) == ["not a", "!a loan"]


TEXT = "they need a betriebskredit soon "


def told_beside(start, end, span=(0, 32)):
    return list(beside([Mention("FINANCE", start, end)], TEXT, Span(*span)))


def test_a_concept_stands_beside_the_words_before_and_after_it():
    assert told_beside(12, 26) == ["a [FINANCE", "[FINANCE soon"]


def test_the_rest_of_its_own_word_is_not_beside_a_concept():
    assert told_beside(20, 26) == ["[FINANCE soon"]


def test_a_word_of_another_sentence_is_not_beside_a_concept():
    assert told_beside(12, 26, (12, 26)) == []


def test_a_concept_at_the_end_of_a_text_has_no_word_after_it():
    mention = Mention("FINANCE", 2, 6)

    assert list(beside([mention], "a loan", Span(0, 6))) == ["a [FINANCE"]


def test_concepts_are_told_in_the_order_that_they_are_mentioned():
    mentions = [Mention("WANT", 0, 4), Mention("FINANCE", 7, 11), Mention("DONE", 12, 16)]

    assert list(in_order(mentions)) == ["WANT>FINANCE", "FINANCE>DONE"]


def test_each_concept_is_told_with_each_of_the_sentence_before():
    assert list(across(["FINANCE", "MONEY"], ["DONE"])) == ["DONE<FINANCE", "DONE<MONEY"]
