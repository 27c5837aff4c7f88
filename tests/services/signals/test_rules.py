"""Rules find candidates, and tie what speaks against one to that one alone."""

from importlib.resources import files

import pytest
from hypothesis import given, settings

from services.signals.concepts import read
from services.signals.kinds import KINDS
from services.signals.passage import passage
from services.signals.rules import CUES, NEAR
from tests.services.signals.any_text import WRITTEN


def spoken_against(text, kind="loan_need"):
    """Return how the reason against each candidate of a type begins, and the words it names."""
    cues = [
        candidate.cue
        for sentence in passage(text).sentences
        for candidate in sentence.candidates
        if candidate.kind == kind
    ]
    return [(cue.said, text[cue.mention.start : cue.mention.end]) if cue else None for cue in cues]


def rules(text):
    return {
        (candidate.kind, candidate.rule)
        for sentence in passage(text).sentences
        for candidate in sentence.candidates
    }


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We want a loan", "loan_need"),
        ("Wir brauchen einen Betriebsmittelkredit", "loan_need"),
        ("Queremos un préstamo", "loan_need"),
        ("Nous voulons un crédit", "loan_need"),
        ("Queremos um empréstimo", "loan_need"),
        ("We are looking for a consultant", "consulting_need"),
        ("We cannot pay our suppliers", "financial_distress"),
        ("We open a second shop", "expansion"),
    ],
)
def test_a_sentence_with_the_concepts_of_a_trigger_is_a_candidate(text, kind):
    assert kind in {found for found, _ in rules(text)}


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("We never want a loan", ("negated by", "never")),
        ("Wir brauchen keinen Kredit", ("negated by", "keinen")),
        ("Einen Kredit wollen wir nicht", ("negated by", "nicht")),
        ("No queremos un préstamo", ("negated by", "No")),
        ("Nous ne voulons aucun crédit", ("negated by", "ne")),
        ("Não queremos um empréstimo", ("negated by", "Não")),
        ("We repaid the loan for our oven", ("over:", "repaid")),
        ("We offer a loan for every machine", ("offered:", "We offer")),
        ("Imagine we want a loan", ("not meant now:", "Imagine")),
        ("My brother wants a loan", ("about others:", "My brother")),
    ],
)
def test_each_sort_of_cue_speaks_against_the_candidate_of_its_clause(text, cue):
    assert spoken_against(text) == [cue]


def test_history_speaks_against_what_it_tells_of():
    said = spoken_against("In 1950 we opened a second shop in Lyon", "expansion")

    assert [reason for reason, _ in said] == ["history:"]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("hiring freeze at our company", "growth", "hiring freeze"),
        ("The expansion joint of a second bridge", "expansion", "expansion joint"),
    ],
)
def test_another_meaning_of_a_word_is_named(text, kind, words):
    assert spoken_against(text, kind) == [("another meaning:", words)]


def test_an_expansion_joint_alone_is_not_even_a_candidate():
    assert rules("expansion joint") == set()


@pytest.mark.parametrize(
    "text",
    [
        "We do not want a grant, we want a loan",
        "We want a loan, not a grant",
        "This is no joke: we want a loan",
        "This is no joke (we want a loan)",
        "Wir wollen nicht warten, wir brauchen einen Kredit",
    ],
)
def test_a_negation_in_another_clause_speaks_against_nothing(text):
    assert spoken_against(text) == [None]


def test_a_negation_in_another_sentence_speaks_against_nothing():
    assert spoken_against("We do not want a grant. We want a loan.") == [None]


def test_the_strongest_cue_is_named():
    assert spoken_against("We do not want the loan that we offer")[0][0] == "negated by"


def test_a_type_has_one_candidate_in_a_sentence_the_closest():
    text = "We want bread and butter and jam and then a loan or want a loan"

    (candidate,) = passage(text).sentences[0].candidates

    assert text[candidate.span.start : candidate.span.end] == "want a loan"


def test_concepts_far_from_each_other_make_no_candidate():
    assert rules("We want " + "very " * (NEAR // 5) + "much a loan") == set()


@settings(deadline=None)
@given(WRITTEN)
def test_a_candidate_and_its_cue_stand_in_their_sentence(text):
    for sentence in passage(text).sentences:
        for candidate in sentence.candidates:
            assert sentence.span.start <= candidate.span.start < candidate.span.end <= len(text)
            cue = candidate.cue
            assert cue is None or cue.mention in sentence.mentions


@settings(deadline=None)
@given(WRITTEN)
def test_a_sentence_has_one_candidate_of_a_type_at_most(text):
    for sentence in passage(text).sentences:
        kinds = [candidate.kind for candidate in sentence.candidates]
        assert len(set(kinds)) == len(kinds)


def test_every_concept_that_a_rule_names_is_in_the_data():
    data = files("services.signals") / "data"
    known = {name for name, _ in read((data / "concepts.txt").read_text(encoding="utf-8"))}
    shapes = (data / "patterns.txt").read_text(encoding="utf-8").splitlines()
    known |= {line.split("\t")[0] for line in shapes if line and not line.startswith("#")}
    named = {one for kind in KINDS.values() for rule in kind.triggers for one in rule.split("+")}

    assert named | {concept for concept, _ in CUES} <= known
