"""The model: whole numbers by feature, read from a file, and nothing else.

The score of a window is the sum of two: a line, which is the sum of its features' weights, and a
network of one hidden layer, each unit of which is a sum over the same features, or 0 where that is
below. The probability is a calibrated logistic function of the score (Platt, 1999). All sums are
of whole numbers, so their order is nothing. A word's weights are summed once and remembered, for
messages say the same words over and over.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import repeat
from math import exp
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from services.signals import features

MAGIC = b"LeadFly signals 2\n"
"""How a file of this layout begins; another release may read another."""

INDIVIDUAL = "individual"
"""The output beside the types: is it about a private person's own finances?"""

_LENGTHS = struct.Struct("<II")

MOST_WORDS = 30_000
"""Words whose sums are remembered, some 8 MB; then it begins anew."""

LANE = 32
"""Bits of a weight's lane, those of a machine's whole number: room for the sum of 16 million
weights. A text of 100,000 code points has a million features at most."""

WIDE = 64
"""Bits of a lane for what a window's hidden units add to an output."""

_CODES = {LANE: "i", WIDE: "q"}
"""What `struct` calls whole numbers of so many bits."""

_LIFT = bytes(byte ^ 0x80 for byte in range(256))
"""What makes a signed byte one without a sign, 128 greater."""

Scores = tuple[float, ...]
"""One number for each of `Model.outputs`."""


class UnknownModel(ValueError):
    """This file holds no model of signals that this version reads."""


@dataclass(frozen=True, slots=True)
class Output:
    """One question that the model answers: a type of signal, or whether a person is meant."""

    name: str
    intercept: float
    slope: float
    offset: float
    """The probability is `1 / (1 + exp(-(slope * score + offset)))`."""
    threshold: float
    """The probability from which the answer is yes."""
    units: tuple[int, ...] = ()
    """Weights of the hidden units."""
    beside: float | None = None
    """The same where another type was found; None: no other."""

    def enough(self, beside_another: bool) -> float:
        """Return the probability from which the answer is yes."""
        return self.beside if beside_another and self.beside is not None else self.threshold

    def probability(self, score: float) -> float:
        """Return how likely a careful reader says yes, 0 to 1."""
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.slope * score + self.offset))))


class _Words(dict[str, int]):
    """Summed weights of words, worked out when a word is first met."""

    def __init__(self, weights: Mapping[str, int]):
        super().__init__()
        self._weights = weights

    def __missing__(self, word: str) -> int:
        total = sum(map(self._weights.get, features.of_word(word), repeat(0)))
        if len(self) >= MOST_WORDS:
            self.clear()
        self[word] = total
        return total


class Hidden(NamedTuple):
    """What is the same for all hidden units and outputs."""

    biases: tuple[int, ...] = ()
    """What is added to each unit's sum."""
    scale: float = 0.0
    """What a unit's sum times its weight is multiplied by."""


LINE_ALONE = Hidden()
"""Of a model without hidden units."""


class Model:
    """Weights by feature, for each output and then for each hidden unit in turn.

    The weights of a feature are one integer, each in its LANE of bits: one addition adds them all.
    """

    def __init__(
        self,
        version: str,
        outputs: Sequence[Output],
        scale: float,
        weights: Mapping[str, int],
        hidden: Hidden = LINE_ALONE,
    ):
        """*scale* is what a stored weight of an output, -127 to 127, is multiplied by."""
        self.version, self.outputs, self.scale = version, tuple(outputs), scale
        self.weights, self.hidden = weights, hidden
        self._columns = {output.name: number for number, output in enumerate(self.outputs)}
        self._words = _Words(weights)
        self._width = len(self.outputs) + len(hidden.biases)
        self._units = [
            in_lanes(unit, WIDE) for unit in zip(*[o.units for o in self.outputs], strict=True)
        ]
        self._begin = in_lanes([*[0] * len(self.outputs), *hidden.biases])

    def output(self, name: str) -> tuple[int, Output]:
        """Return where an output stands among scores, and the output. Raises KeyError."""
        column = self._columns[name]
        return column, self.outputs[column]

    def total(self, words: Iterable[str], named: Iterable[str]) -> int:
        """Return the weights of a sentence's distinct words and other features, in lanes.

        Those of a window are the sum of its sentences'.
        """
        total = sum(map(self._words.__getitem__, words))
        return total + sum(map(self.weights.get, named, repeat(0)))

    def scores(self, total: int) -> Scores:
        """Return the scores of a window, one for each output."""
        sums = lanes(total + self._begin, self._width)
        inputs = zip(sums[len(self.outputs) :], self._units, strict=True)
        added = sum([active * unit for active, unit in inputs if active > 0])
        said = lanes(added, len(self.outputs), WIDE)
        return tuple(
            [
                weight * self.scale + output.intercept + unit * self.hidden.scale
                for weight, unit, output in zip(sums, said, self.outputs, strict=False)
            ]
        )

    def weigh(self, word: str, column: int) -> float:
        """Return what one word adds to one output's line."""
        return lane(self._words[word], column) * self.scale

    def weigh_feature(self, name: str, column: int) -> float:
        """Return what one other feature adds to one output's line."""
        return lane(self.weights.get(name, 0), column) * self.scale


def lanes(total: int, width: int, bits: int = LANE) -> tuple[int, ...]:
    """Return the *width* signed numbers that *total* is the sum of, each in its lane."""
    # With half a lane added to each, none is below zero and lends from the next; in the machine's
    # way of writing numbers, to take that half away again is to turn a lane's first bit.
    halves = _halves(width, bits)
    written = (total + halves ^ halves).to_bytes(bits // 8 * width, "little")
    return struct.unpack(f"<{width}{_CODES[bits]}", written)


def lane(total: int, column: int) -> int:
    """Return one of the signed numbers that *total* is the sum of, in half the time of all."""
    raised = total + _halves(column + 1, LANE) >> LANE * column
    return raised % (1 << LANE) - (1 << LANE - 1)


@cache
def _halves(width: int, bits: int) -> int:
    return in_lanes([1 << (bits - 1)] * width, bits)


def in_lanes(weights: Iterable[int], bits: int = LANE) -> int:
    """Return one integer that holds each of *weights*; sums of such hold the sums."""
    return sum(weight << (bits * number) for number, weight in enumerate(weights))


def _rows(stored: bytes, width: int) -> Iterator[int]:
    """Yield `in_lanes` of each *width* signed bytes; a service starts with 100,000 such."""
    size = LANE // 8 * width
    lifted = bytearray(LANE // 8 * len(stored))
    lifted[:: LANE // 8] = stored.translate(_LIFT)
    offset = in_lanes([128] * width)
    read = int.from_bytes
    for start in range(0, len(lifted), size):
        yield read(lifted[start : start + size], "little") - offset


def packed(model: Model) -> bytes:
    """Return *model* as a file's bytes: head, features one a line, weights."""
    head = orjson.dumps(
        {
            "version": model.version,
            "scale": model.scale,
            "hidden": [model.hidden.biases, model.hidden.scale],
            "outputs": [
                [o.name, o.intercept, o.slope, o.offset, o.threshold, o.units, o.beside]
                for o in model.outputs
            ],
        }
    )
    names = sorted(model.weights)
    width = len(model.outputs) + len(model.hidden.biases)
    rows = b"".join(struct.pack(f"{width}b", *lanes(model.weights[n], width)) for n in names)
    listed = "\n".join(names).encode()
    return MAGIC + _LENGTHS.pack(len(head), len(listed)) + head + listed + rows


def _output(*said: Any) -> Output:
    name, intercept, slope, offset, threshold, units, beside = said
    return Output(name, intercept, slope, offset, threshold, tuple(map(int, units)), beside)


def unpacked(data: bytes) -> Model:
    """Return the model of a file's bytes. Raises UnknownModel."""
    try:
        if not data.startswith(MAGIC):
            raise ValueError
        at = len(MAGIC) + _LENGTHS.size
        head_length, names_length = _LENGTHS.unpack(data[len(MAGIC) : at])
        head = orjson.loads(data[at : at + head_length])
        names = data[at + head_length :][:names_length].decode().split("\n")
        weights = data[at + head_length + names_length :]
        outputs = tuple(_output(*said) for said in head["outputs"])
        biases, scale = head["hidden"]
        hidden = Hidden(tuple(map(int, biases)), float(scale))
        width = len(outputs) + len(biases)
        if not outputs or len(weights) != len(names) * width:
            raise ValueError
        if any(len(output.units) != len(biases) for output in outputs):
            raise ValueError
        rows = dict(zip(names, _rows(weights, width), strict=True))
        return Model(head["version"], outputs, head["scale"], rows, hidden)
    except (ValueError, KeyError, TypeError, struct.error) as error:
        raise UnknownModel from error


@cache
def shipped() -> Model:
    """Return the model of this release."""
    return unpacked((files("services.signals") / "data" / "model.bin").read_bytes())


def read(path: Path) -> Model:
    """Return the model of a file. Raises UnknownModel, and OSError where there is none."""
    return unpacked(path.read_bytes())
