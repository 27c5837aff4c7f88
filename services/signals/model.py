"""The linear model: one weight a feature and a type, read from a file, and nothing else.

The score of a window is the sum of its features' weights and the type's intercept; the
probability is a calibrated logistic function of it (Platt, 1999). A word's weights are summed once
and remembered, for messages say the same words over and over.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import repeat
from math import exp
from pathlib import Path

import orjson

from services.signals import features
from services.signals.features import Word

MAGIC = b"LeadFly signals 1\n"
"""How a file of this layout begins; another release may read another."""

INDIVIDUAL = "individual"
"""The output beside the types: is it about a private person's own finances?"""

_LENGTHS = struct.Struct("<II")

MOST_WORDS = 60_000
"""Words whose sums are remembered, some 9 MB; then it begins anew."""

LANE = 20
"""Bits of a weight's lane: room for the sum of 4,000 weights. A window of 450 code points has some
1,500 features at most."""

_MASK, _SIGN = (1 << LANE) - 1, 1 << (LANE - 1)

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

    def probability(self, score: float) -> float:
        """Return how likely a careful reader says yes, 0 to 1."""
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.slope * score + self.offset))))


class _Words(dict[Word, int]):
    """Summed weights of words, worked out when a word is first met."""

    def __init__(self, weights: Mapping[str, int]):
        super().__init__()
        self._weights = weights

    def __missing__(self, word: Word) -> int:
        total = sum(map(self._weights.get, features.of_word(*word), repeat(0)))
        if len(self) >= MOST_WORDS:
            self.clear()
        self[word] = total
        return total


class Model:
    """Weights by feature, for each output in turn.

    The weights of a feature are one integer, an output's weight in each LANE of bits: one addition
    adds them all.
    """

    def __init__(
        self, version: str, outputs: Sequence[Output], scale: float, weights: Mapping[str, int]
    ):
        """*scale* is what a stored weight, -127 to 127, is multiplied by."""
        self.version, self.outputs, self.scale = version, tuple(outputs), scale
        self.weights = weights
        self._columns = {output.name: number for number, output in enumerate(self.outputs)}
        self._words = _Words(weights)

    def output(self, name: str) -> tuple[int, Output]:
        """Return where an output stands among scores, and the output. Raises KeyError."""
        column = self._columns[name]
        return column, self.outputs[column]

    def total(self, words: Iterable[Word], named: Iterable[str]) -> int:
        """Return the weights of a sentence's distinct words and other features, in lanes.

        Those of a window are the sum of its sentences'.
        """
        total = sum(map(self._words.__getitem__, words))
        return total + sum(map(self.weights.get, named, repeat(0)))

    def scores(self, total: int) -> Scores:
        """Return the scores of a window, one for each output."""
        stored = lanes(total, len(self.outputs))
        return tuple(
            weight * self.scale + output.intercept
            for weight, output in zip(stored, self.outputs, strict=True)
        )

    def weigh(self, word: Word, column: int) -> float:
        """Return what one word adds to one output."""
        return lanes(self._words[word], len(self.outputs))[column] * self.scale

    def weigh_feature(self, name: str, column: int) -> float:
        """Return what one other feature adds to one output."""
        return lanes(self.weights.get(name, 0), len(self.outputs))[column] * self.scale


def lanes(total: int, width: int) -> list[int]:
    """Return the *width* signed numbers that *total* is the sum of, each in its lane."""
    # With half a lane added to each, none is below zero and lends from the next.
    total += _SIGN * (((1 << LANE * width) - 1) // _MASK)
    return [(total >> shift & _MASK) - _SIGN for shift in range(0, LANE * width, LANE)]


def in_lanes(weights: Iterable[int]) -> int:
    """Return one integer that holds each of *weights*; sums of such hold the sums."""
    return sum(weight << (LANE * number) for number, weight in enumerate(weights))


def _in_lanes(stored: bytes, width: int) -> Iterator[int]:
    """Return `in_lanes` of each *width* signed bytes, by tables: a service starts with 240,000."""
    tables = [
        [(byte - 256 if byte > 127 else byte) << (LANE * lane) for byte in range(256)]
        for lane in range(width)
    ]
    columns = [map(tables[lane].__getitem__, stored[lane::width]) for lane in range(width)]
    return map(sum, zip(*columns, strict=True))


def packed(model: Model) -> bytes:
    """Return *model* as a file's bytes: head, features one a line, weights."""
    head = orjson.dumps(
        {
            "version": model.version,
            "scale": model.scale,
            "outputs": [
                [o.name, o.intercept, o.slope, o.offset, o.threshold] for o in model.outputs
            ],
        }
    )
    names = sorted(model.weights)
    width = len(model.outputs)
    rows = b"".join(struct.pack(f"{width}b", *lanes(model.weights[n], width)) for n in names)
    listed = "\n".join(names).encode()
    return MAGIC + _LENGTHS.pack(len(head), len(listed)) + head + listed + rows


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
        outputs = tuple(Output(*said) for said in head["outputs"])
        if not outputs or len(weights) != len(names) * len(outputs):
            raise ValueError
        rows = dict(zip(names, _in_lanes(weights, len(outputs)), strict=True))
        return Model(head["version"], outputs, head["scale"], rows)
    except (ValueError, KeyError, TypeError, struct.error) as error:
        raise UnknownModel from error


@cache
def shipped() -> Model:
    """Return the model of this release."""
    return unpacked((files("services.signals") / "data" / "model.bin").read_bytes())


def read(path: Path) -> Model:
    """Return the model of a file. Raises UnknownModel, and OSError where there is none."""
    return unpacked(path.read_bytes())
