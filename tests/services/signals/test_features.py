"""What the model sees of words: parts, negation, digits; no two sorts of features meet."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals import features
from services.signals.features import LONGEST, digits_alike, of_pair, of_word, parts, words

WORDS = st.text(st.sampled_from("abcdez0"), min_size=1, max_size=12)


def negated(*clauses):
    """Return the words of a sentence that stand after a negation."""
    said = [word for clause in clauses for word in clause.split()]
    return [word for word, marked in words(said, lambda: map(str.split, clauses)) if marked]


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
    assert [word for word, _ in words(said, lambda: [said])] == said


def test_what_is_too_long_for_a_word_is_cut():
    assert words(["a" * 100_000], list) == [("a" * LONGEST, False)]


@settings(deadline=None)
@given(WORDS)
def test_no_two_features_of_a_word_are_the_same(word):
    told = list(of_word(word, False))

    assert len(set(told)) == len(told)


@settings(deadline=None)
@given(WORDS, WORDS)
def test_sorts_of_features_do_not_meet(word, other):
    plain, marked = set(of_word(word, False)), set(of_word(word, True))

    assert plain & marked == set(parts(word))
    assert of_pair((word, False), (other, False)) not in plain | marked
    assert features.QUESTION not in plain | marked


def test_a_negated_word_is_another_feature_and_its_parts_are_not():
    assert "!kredit" in of_word("kredit", True)
    assert "kredit" not in of_word("kredit", True)
    assert "~kredi" in of_word("kredit", True)


def test_the_beginning_of_an_inflected_word_is_a_feature():
    assert {"finan*", "finanzi*"} <= set(of_word("finanzierungen", False))


def test_amounts_differ_by_their_length_alone():
    assert digits_alike("45 999 12000") == "00 000 00000"


def test_a_pair_is_negated_with_its_first_word():
    assert of_pair(("a", True), ("loan", True)) == "!a loan"
    assert of_pair(("not", False), ("loan", True)) == "not loan"
