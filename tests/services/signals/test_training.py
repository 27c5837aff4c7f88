"""Training on some sixty made-up texts: what it learns, what it refuses, and always the same."""

from itertools import product

import numpy
import pytest

from services.signals.corpus import Labelled
from services.signals.detection import detect
from services.signals.kinds import KINDS
from services.signals.model import INDIVIDUAL, packed, unpacked
from services.signals.passage import passage
from services.signals.training import chosen_thresholds, train

SAYINGS = {
    "loan_need": ("We need a loan of 20,000 for", "Could somebody lend us money for"),
    "consulting_need": ("We are looking for a consultant for", "Who advises us on"),
    "financial_distress": ("We cannot pay the wages for", "The bailiffs came to take"),
    "growth": ("Our sales doubled with", "We hire ten more people for"),
    "expansion": ("We open a second shop with", "Ground was broken for"),
    "none": ("The weather was fine near", "Please cancel my table beside"),
}
THINGS = ("the bakery in Leeds", "the garage by the sea", "the old mill", "our oven", "the vans")
AUTHORS = ("ann", "bo")


def texts():
    """Return 60 texts of two authors: ten of each type and of none; who has vans is a person."""
    said = [
        (kind, f"{saying} {thing}, please.")
        for kind, sayings in SAYINGS.items()
        for saying, thing in product(sayings, THINGS)
    ]
    return [
        labelled(kind, text, AUTHORS[n % 2], "vans" in text) for n, (kind, text) in enumerate(said)
    ]


def labelled(kind, text, author="ann", individual=False):
    return Labelled(text, frozenset([kind]) & KINDS.keys(), "en", author, individual)


@pytest.fixture(scope="module")
def model():
    """What is learned from the sixty texts."""
    return train(texts(), "test")


def test_the_model_answers_for_every_type_and_knows_its_version(model):
    assert [output.name for output in model.outputs] == [*KINDS, INDIVIDUAL]
    assert model.version == "test"


def test_what_was_learned_is_told(model):
    for text in texts():
        scores = model_scores(model, text.text)
        for kind in text.labels:
            assert scores[kind] == max(scores.values())


def model_scores(model, text):
    (scores,) = model.scores(model.totals(passage(text)))
    return dict(zip(KINDS, scores, strict=False))


def test_training_twice_gives_the_same_bytes(model):
    assert packed(train(texts(), "test")) == packed(model)


def test_what_was_written_detects_alike(model):
    read = unpacked(packed(model))

    for text in texts():
        assert detect(text.text, read) == detect(text.text, model)


def test_probabilities_rise_with_scores_and_thresholds_are_shares(model):
    assert all(output.slope > 0 for output in model.outputs)
    assert all(0 < output.threshold < 1 for output in model.outputs)


def test_texts_of_ones_own_change_the_model(model):
    own = [labelled("loan_need", f"Zaster needed {thing}", "own") for thing in THINGS]

    changed = train([*texts(), *own], "test")

    assert "zaster" in changed.weights
    assert "zaster" not in model.weights


def test_what_is_said_once_is_not_learned(model):
    changed = train([*texts(), labelled("none", "Quixotic")], "test")

    assert "quixotic" not in changed.weights


def test_progress_is_told():
    said = []

    train(texts(), "test", said.append)

    assert said[0].startswith("60 texts, 60 windows, ")
    assert said[1:] == ["held out 1 of 2", "held out 2 of 2", "learned from all"]


def test_a_long_text_is_learned_from_where_its_evidence_stands():
    proof = "We are short of dosh for the mill, so lend us some dosh."
    filler = "The weather was fine and the birds sang near the mill all day. " * 12
    long = [
        Labelled(
            filler + proof, frozenset(["loan_need"]), "en", author, False, {"loan_need": proof}
        )
        for author in AUTHORS * 3
    ]

    model = train([*texts(), *long], "test")

    assert model.weigh("dosh", 0) > 0
    assert model.weigh("dosh", 0) > model.weigh("birds", 0)


def test_a_long_text_without_evidence_is_learned_from_its_likeliest_window():
    proof = "We need a loan of 20,000 for the old mill, so lend us some dosh."
    filler = "The weather was fine and the birds sang near the mill all day. " * 12
    long = [
        Labelled(filler + proof, frozenset(["loan_need"]), "en", author) for author in AUTHORS * 3
    ]

    model = train([*texts(), *long], "test")

    assert model.weigh("dosh", 0) > 0


NEEDED = "each type needs texts with it and texts without"


@pytest.mark.parametrize(
    "lacking",
    [
        lambda text: text.labels == {"loan_need"},
        lambda text: "growth" not in text.labels,
        lambda text: not text.individual,
        lambda text: text.author == "ann",
    ],
    ids=["one type alone", "a type without texts", "no person", "one author"],
)
def test_too_few_texts_are_refused(lacking):
    with pytest.raises(ValueError, match=NEEDED):
        train(list(filter(lacking, texts())), "test")


def test_no_text_at_all_is_refused():
    with pytest.raises(ValueError, match=NEEDED):
        train([], "test")


def test_the_threshold_is_the_lowest_at_which_texts_without_a_signal_stay_clean():
    likely = numpy.array([[0.9]] * 90 + [[0.6]] + [[0.495]] * 5 + [[0.2]] * 94)
    truth = numpy.array([[True]] * 90 + [[False]] * 100)

    threshold, _ = chosen_thresholds(likely, truth)

    assert threshold == pytest.approx(0.5)


def test_further_signals_need_less_as_long_as_what_is_told_is_right():
    likely = numpy.array([[0.9, 0.45]] * 50 + [[0.9, 0.355]] * 30 + [[0.5, 0.1]] * 100)
    truth = numpy.array([[True, True]] * 50 + [[True, False]] * 30 + [[False, False]] * 100)

    threshold, beside = chosen_thresholds(likely, truth)

    assert threshold == pytest.approx(0.51)
    assert beside == pytest.approx(0.36)


def test_where_nothing_is_right_the_threshold_is_high():
    wrong = numpy.array([[0.9]])

    assert chosen_thresholds(wrong, numpy.array([[False]])) == (0.95, 0.95)
