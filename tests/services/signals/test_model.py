"""The model's weights: added in lanes, written to a file and read from it, or refused."""

import struct
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals import model as models
from services.signals.features import of_word
from services.signals.kinds import KINDS
from services.signals.model import (
    INDIVIDUAL,
    LANE,
    MAGIC,
    MOST_WORDS,
    WIDE,
    Hidden,
    Model,
    Output,
    UnknownModel,
    in_lanes,
    lane,
    lanes,
    packed,
    unpacked,
)

BYTES = st.integers(-127, 127)
LANES = st.lists(st.integers(-(1 << LANE - 1), (1 << LANE - 1) - 1), min_size=1, max_size=8)


def output(name="loan_need", **changes):
    return replace(Output(name, -1.0, 2.0, 0.5, 0.6), **changes)


def tiny(weights=None, outputs=("loan_need", "growth")):
    """Return a model of a few weights, by feature and output."""
    weights = weights or {"loan": [90, -3], "!loan": [-80, 0], "[MONEY]": [4, 5], "a loan": [7, 0]}
    rows = {name: in_lanes(row) for name, row in weights.items()}
    return Model("1", [output(name) for name in outputs], 0.01, rows)


@settings(deadline=None)
@given(LANES)
def test_lanes_hold_what_was_put_in(numbers):
    assert list(lanes(in_lanes(numbers), len(numbers))) == numbers


@settings(deadline=None)
@given(LANES)
def test_each_lane_can_be_read_alone(numbers):
    total = in_lanes(numbers)

    assert [lane(total, column) for column in range(len(numbers))] == numbers


@settings(deadline=None)
@given(st.lists(st.integers(-(1 << WIDE - 1), (1 << WIDE - 1) - 1), min_size=1, max_size=8))
def test_wide_lanes_hold_what_was_put_in(numbers):
    assert list(lanes(in_lanes(numbers, WIDE), len(numbers), WIDE)) == numbers


@settings(deadline=None)
@given(st.lists(st.lists(BYTES, min_size=6, max_size=6), min_size=1, max_size=40))
def test_the_sum_of_lanes_holds_the_sums(rows):
    total = sum(map(in_lanes, rows))

    assert list(lanes(total, 6)) == [sum(column) for column in zip(*rows, strict=True)]


@pytest.mark.parametrize("weight", [-127, 127])
def test_a_lane_has_room_for_every_feature_of_a_window(weight):
    assert list(lanes(in_lanes([weight] * 6) * 16_000_000, 6)) == [weight * 16_000_000] * 6


def test_a_score_is_the_sum_of_the_features_weights_and_the_intercept():
    model = tiny()

    scores = model.scores(model.total({"loan"}, {"[MONEY]"}))

    assert scores == pytest.approx((0.94 - 1, 0.02 - 1))


@settings(deadline=None)
@given(st.sets(st.sampled_from(["loan", "!loan", "loans", "!kredit", "kredit"])))
def test_words_weigh_as_much_as_their_features_counted_one_by_one(words):
    model = models.shipped()
    counted = Counter(name for word in words for name in of_word(word))

    total = sum(model.weights.get(name, 0) * number for name, number in counted.items())

    assert model.total(words, ()) == total


def test_words_beyond_those_remembered_weigh_the_same():
    model = tiny()
    before = model.total({"loan"}, ())

    model.total({f"{number}" for number in range(MOST_WORDS + 1)}, ())

    assert model.total({"loan"}, ()) == before


def layered():
    """Return a model of one output and two hidden units, the second of which wants both words."""
    one = output(intercept=0.0, units=(10, -20))
    rows = {"loan": in_lanes([50, 1, 60]), "repaid": in_lanes([5, 2, 60])}
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

    assert model.scores(model.total(words, ())) == pytest.approx((score,))


def test_hidden_units_are_read_as_they_were_written():
    model = layered()

    read = unpacked(packed(model))

    assert (read.hidden, read.outputs, read.weights) == (model.hidden, model.outputs, model.weights)


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

    assert (read.version, read.outputs, read.scale) == (model.version, model.outputs, model.scale)
    assert read.weights == model.weights


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

    assert models.read(path).weights == tiny().weights
