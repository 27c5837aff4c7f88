"""The model: whole numbers by feature, read from a file, and nothing else.

The score of a window is the sum of two: a line, which is the sum of its features' weights, and a
network of one hidden layer, each unit of which is a sum over the same features, or 0 where that is
below. The probability is a calibrated logistic function of the score (Platt, 1999). All sums are
of whole numbers, so their order is nothing.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from math import exp
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from services.signals.columns import Columns
from services.signals.keys import Places
from services.signals.known_names import known_names
from services.signals.passage import Passage
from services.signals.weights import Placed, Rows, Weights

MAGIC = b"LeadFly signals 2\n"
"""How a file of this layout begins; another release may read another."""

INDIVIDUAL = "individual"
"""The output beside the types: is it about a private person's own finances?"""

_LENGTHS = struct.Struct("<II")

Scores = NDArray[np.float64]
"""One number for each of `Model.outputs`, for each sentence or window a row."""


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


class Hidden(NamedTuple):
    """What is the same for all hidden units and outputs."""

    biases: tuple[int, ...] = ()
    """What is added to each unit's sum."""
    scale: float = 0.0
    """What a unit's sum times its weight is multiplied by."""


class Stored(NamedTuple):
    """Weights as a file holds them."""

    names: bytes
    """Features, one a line."""
    rows: NDArray[np.int8]
    """Their weights, -127 to 127, a row each."""


LINE_ALONE = Hidden()
"""Of a model without hidden units."""


class Model:
    """Weights by feature, for each output and then for each hidden unit in turn."""

    def __init__(
        self,
        version: str,
        outputs: Sequence[Output],
        scale: float,
        stored: Stored,
        hidden: Hidden = LINE_ALONE,
    ):
        """*scale* is what a stored weight of an output is multiplied by."""
        self.version, self.outputs, self.scale = version, tuple(outputs), scale
        self.hidden = hidden
        self._names = stored.names
        self.weights = Weights(stored.names, stored.rows)
        self._columns = {output.name: number for number, output in enumerate(self.outputs)}
        self._units = np.array([output.units for output in self.outputs], np.int64).T
        self._biases = np.array(hidden.biases, np.int64)
        self._intercepts = np.array([output.intercept for output in self.outputs])

    @property
    def stored(self) -> Stored:
        """Return the weights as a file holds them."""
        return Stored(self._names, self.weights.alone())

    def output(self, name: str) -> tuple[int, Output]:
        """Return where an output stands among scores, and the output. Raises KeyError."""
        column = self._columns[name]
        return column, self.outputs[column]

    def totals(self, read: Passage | Columns, placed: Placed | None = None) -> Rows:
        """Return the summed weights of each sentence; *placed* are those of columns, if known."""
        if isinstance(read, Columns):
            return self.weights.sums(placed or self.placed(read), read.of, len(read.spans))
        return self.weights.of_sentences([(one.words, one.named) for one in read.sentences])

    def placed(self, read: Columns) -> Placed:
        """Return where the weights of its features stand."""
        return self.weights.placed(read.words, read.keys, self._known.take(read.known))

    def around(self, read: Passage | Columns) -> Rows:
        """Return the summed weights of what each window of a long text has besides."""
        if isinstance(read, Columns):
            places = self._known.take(read.around)
            return self.weights.rows.take(places, 0).sum(0, np.int32)
        return self.weights.named(read.around).sum(0, np.int32)

    @cached_property
    def _known(self) -> Places:
        return self.weights.places(known_names())

    def scores(self, totals: Rows) -> Scores:
        """Return the scores of windows or sentences with these sums, a row each."""
        said = len(self.outputs)
        added = np.maximum(totals[:, said:] + self._biases, 0) @ self._units
        line = totals[:, :said] * self.scale + self._intercepts
        scores: Scores = line + added * self.hidden.scale
        return scores

    def weigh(self, word: str, column: int) -> float:
        """Return what one word adds to one output's line."""
        return float(self.weights.words([word])[0, column]) * self.scale

    def weigh_feature(self, name: str, column: int) -> float:
        """Return what one other feature adds to one output's line."""
        return float(self.weights.named([name])[0, column]) * self.scale


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
    names, rows = model.stored
    return MAGIC + _LENGTHS.pack(len(head), len(names)) + head + names + rows.tobytes()


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
        names = data[at + head_length :][:names_length]
        weights = np.frombuffer(data, np.int8, offset=at + head_length + names_length)
        outputs = tuple(_output(*said) for said in head["outputs"])
        biases, scale = head["hidden"]
        hidden = Hidden(tuple(map(int, biases)), float(scale))
        width = len(outputs) + len(biases)
        if not outputs:
            raise ValueError
        if any(len(output.units) != len(biases) for output in outputs):
            raise ValueError
        stored = Stored(names, weights.reshape(names.count(b"\n") + 1, width))
        return Model(head["version"], outputs, head["scale"], stored, hidden)
    except (ValueError, KeyError, TypeError, OverflowError, struct.error) as error:
        raise UnknownModel from error


@cache
def shipped() -> Model:
    """Return the model of this release."""
    return unpacked((files("services.signals") / "data" / "model.bin").read_bytes())


def read(path: Path) -> Model:
    """Return the model of a file. Raises UnknownModel, and OSError where there is none."""
    return unpacked(path.read_bytes())
