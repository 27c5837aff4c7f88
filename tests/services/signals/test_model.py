"""The model's weights: added, written to a file and read from it, or refused."""

import struct
from collections import Counter
from dataclasses import replace

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals import model as models
from services.signals.features import of_word
from services.signals.kinds import KINDS
from services.signals.model import (
    INDIVIDUAL,
    MAGIC,
    Hidden,
    Model,
    Output,
    Stored,
    UnknownModel,
    packed,
    unpacked,
)

BYTES = st.integers(-127, 127)


def output(name="loan_need", **changes):
    return replace(Output(name, -1.0, 2.0, 0.5, 0.6), **changes)


def stored(weights):
    """Return weights by feature as a file holds them."""
    return Stored("\n".join(weights).encode(), numpy.array([*weights.values()], numpy.int8))


def tiny(weights=None, outputs=("loan_need", "growth")):
    """Return a model of a few weights, by feature and output."""
    weights = weights or {"loan": [90, -3], "!loan": [-80, 0], "[MONEY]": [4, 5], "a loan": [7, 0]}
    return Model("1", [output(name) for name in outputs], 0.01, stored(weights))


def kept(model):
    """Return what of a model is written."""
    return (
        model.version,
        model.outputs,
        model.scale,
        model.stored.names,
        model.stored.rows.tolist(),
    )


def test_a_score_is_the_sum_of_the_features_weights_and_the_intercept():
    model = tiny()

    scores = model.scores(model.weights.of_sentences([({"loan"}, {"[MONEY]"})]))

    assert scores[0] == pytest.approx((0.94 - 1, 0.02 - 1))


@pytest.fixture(scope="module")
def read():
    """Return the row of each feature of the shipped model."""
    stored = models.shipped().stored
    return dict(zip(stored.names.decode().split("\n"), stored.rows, strict=True))


@settings(deadline=None)
@given(words=st.sets(st.sampled_from(["loan", "!loan", "loans", "!kredit", "kredit", "zzzkredit"])))
def test_words_weigh_as_much_as_their_features_counted_one_by_one(read, words):
    model = models.shipped()
    counted = Counter(name for word in words for name in of_word(word))

    total = sum(read[name].astype(int) * n for name, n in counted.items() if name in read)

    assert (model.weights.of_sentences([(words, ())])[0] == total).all()


def test_a_sentence_without_features_weighs_nothing():
    totals = tiny().weights.of_sentences([((), ()), ({"loan"}, ()), ((), ())])

    assert totals.tolist() == [[0, 0], [90, -3], [0, 0]]


def layered():
    """Return a model of one output and two hidden units, the second of which wants both words."""
    one = output(intercept=0.0, units=(10, -20))
    rows = stored({"loan": [50, 1, 60], "repaid": [5, 2, 60]})
    return Model("1", [one], 0.01, rows, Hidden((-1, -100), 0.5))


@pytest.mark.parametrize(
    ("words", "score"),
    [
        (set(), 0.0),
        ({"loan"}, 0.5),
        ({"repaid"}, 0.05 + 1 * 10 * 0.5),
        ({"loan", "repaid"}, 0.55 + (2 * 10 - 20 * 20) * 0.5),
    ],
    ids=["nothing", "no unit is active", "one unit is active", "both units are active"],
)
def test_hidden_units_add_what_they_are_above_nothing(words, score):
    model = layered()

    assert model.scores(model.weights.of_sentences([(words, ())]))[0] == pytest.approx((score,))


def test_hidden_units_are_read_as_they_were_written():
    model = layered()

    read = unpacked(packed(model))

    assert (read.hidden, kept(read)) == (model.hidden, kept(model))


def test_an_output_that_lacks_a_hidden_unit_is_no_model():
    with pytest.raises(UnknownModel):
        unpacked(packed(layered()).replace(b"[10,-20]", b"[10]    "))


def test_one_word_and_one_feature_can_be_weighed_alone():
    model = tiny()

    assert model.weigh("!loan", 0) == pytest.approx(-0.8)
    assert model.weigh_feature("[MONEY]", 1) == pytest.approx(0.05)
    assert model.weigh_feature("unheard of", 1) == 0


def test_an_output_that_is_not_there_is_no_key():
    with pytest.raises(KeyError):
        tiny().output("unheard of")


@settings(deadline=None)
@given(st.floats())
def test_a_probability_is_one_whatever_the_score(score):
    assert 0 < output().probability(score) < 1


@settings(deadline=None)
@given(st.floats(-100, 100), st.floats(0, 100))
def test_a_higher_score_is_never_less_likely(score, more):
    assert output().probability(score) <= output().probability(score + more)


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1)


@settings(deadline=None)
@given(st.dictionaries(NAMES, st.lists(BYTES, min_size=2, max_size=2), min_size=1))
def test_a_model_is_read_as_it_was_written(weights):
    model = tiny(weights)

    read = unpacked(packed(model))

    assert kept(read) == kept(model)


def test_the_shipped_model_answers_for_every_type():
    names = [one.name for one in models.shipped().outputs]

    assert names == [*KINDS, INDIVIDUAL]


@pytest.mark.parametrize("end", range(len(packed(tiny()))))
def test_a_file_cut_anywhere_is_no_model(end):
    with pytest.raises(UnknownModel):
        unpacked(packed(tiny())[:end])


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\x80\x04pickled",
        packed(tiny()).replace(MAGIC, b"LeadFly signals 1\n"),
        packed(tiny()) + b"\0",
        packed(tiny()) + b"\0\0",
        packed(tiny()).replace(b'"growth"', b'"growt"'),
        MAGIC + struct.pack("<II", 2, 0) + b"{}",
        MAGIC + struct.pack("<II", 2, 0) + b"[]",
        MAGIC + struct.pack("<II", 29, 0) + b'{"version":"1","outputs":[]}\n',
        MAGIC + struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF),
    ],
)
def test_a_file_of_another_layout_is_no_model(damaged):
    with pytest.raises(UnknownModel):
        unpacked(damaged)


def test_a_file_with_weights_for_fewer_outputs_is_no_model():
    one, two = packed(tiny({"loan": [1]}, ("loan_need",))), packed(tiny({"loan": [1, 2]}))

    with pytest.raises(UnknownModel):
        unpacked(two[:-2] + one[-1:])


@settings(deadline=None)
@given(st.integers(0, len(packed(tiny())) - 1), st.integers(0, 255))
def test_a_changed_byte_gives_a_model_or_a_refusal(at, byte):
    data = bytearray(packed(tiny()))
    data[at] = byte

    try:
        read = unpacked(bytes(data))
    except UnknownModel:
        return
    assert isinstance(read, Model)


def test_a_file_is_read_from_its_path(tmp_path):
    path = tmp_path / "own.bin"
    path.write_bytes(packed(tiny()))

    assert kept(models.read(path)) == kept(tiny())
