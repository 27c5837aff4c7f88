"""The registry of types drives everything: rules, answers, needs, scores, what the model learns."""

from pathlib import Path

import pytest

from services.signals import kinds, model, rules
from services.signals.kinds import KINDS
from services.signals.model import INDIVIDUAL
from services.signals.scoring import intent_score, needs_identified, signal_strength
from tests.services.signals.wanting import signal


def test_the_types_are_the_contracts_in_its_order():
    assert list(KINDS) == [
        "loan_need",
        "consulting_need",
        "financial_distress",
        "growth",
        "expansion",
    ]


def test_the_groups_are_the_keys_of_detect_all_signals():
    assert [kind.group for kind in KINDS.values()] == [
        "loan_signals",
        "consulting_signals",
        "financial_distress",
        "growth_signals",
        "expansion_signals",
    ]


def test_the_needs_of_a_business_are_the_contracts():
    assert {kind.need for kind in KINDS.values()} == {
        "business_loan",
        "business_consulting",
        "financial_assistance",
        "growth_capital",
        "expansion_financing",
    }


def test_every_type_is_one_file_that_is_registered():
    folder = Path(kinds.__file__).parent
    written = {path.stem for path in folder.glob("*.py")} - {"__init__", "kind"}

    assert written == set(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_type_scores_and_names_its_need(kind):
    one = signal(kind.name, 80)

    assert signal_strength([one]) == 80
    assert intent_score([one]) == round(80 * kind.intent)
    assert 0 <= kind.intent <= 1
    assert needs_identified([one]) == (kind.need,)
    assert needs_identified([one], individual=True) == (kind.personal_need,)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_type_has_rules_of_its_own(kind):
    assert kind.triggers
    assert len(set(kind.triggers)) == len(kind.triggers)
    assert not [
        other.name
        for other in KINDS.values()
        if other is not kind and set(other.triggers) & set(kind.triggers)
    ]


def test_the_model_answers_for_every_type_and_for_private_persons():
    assert [output.name for output in model.shipped().outputs] == [*KINDS, INDIVIDUAL]


def test_every_cue_has_a_reason_in_words():
    assert all(said for _, said in rules.CUES)
    assert len({concept for concept, _ in rules.CUES}) == len(rules.CUES)
