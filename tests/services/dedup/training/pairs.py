"""Labelled pairs of made-up leads, for tests of training."""

import random

from services.dedup.model import STANDARD
from services.dedup.training import fitting
from services.dedup.training.fitting import Fitted
from services.dedup.training.labelled import LabelledPair

RUNNING = fitting.of(STANDARD)

NAMESAKES = (("email", "different"), ("name", "same_common"), ("place", "same_city"))
"""What the standard model doubts."""

PATTERNS = (
    NAMESAKES,
    (("email", "different"), ("name", "same"), ("organisation", "same_company")),
    (("phone", "shared_by_few"), ("name", "other_given_name"), ("place", "same_postal_code")),
    (("phone", "different"), ("name", "similar"), ("organisation", "same_domain")),
    (("email", "same"), ("name", "same")),
    (("phone", "same"), ("name", "initial")),
    (("email", "different"), ("name", "different"), ("place", "same_city")),
)


def otherwise(**moved):
    """Return the standard model, but for the weights of some levels: `place__same_city=5.0`."""
    weights = dict(RUNNING.weights)
    for name, weight in moved.items():
        weights[tuple(name.split("__"))] = weight
    return Fitted(RUNNING.prior, weights)


ELSEWHERE = otherwise(place__same_city=4.5, organisation__same_company=5.5)
"""An account in whose leads a town and an employer say more."""


def labelled(count, truth, seed=1, patterns=PATTERNS):
    """Return *count* pairs of distinct leads, labelled as often as *truth* has it."""
    draw = random.Random(seed)
    found = []
    for number in range(count):
        pattern = draw.choice(patterns)
        same = draw.random() < truth.probability(pattern)
        found.append(LabelledPair(f"row {number}", f"l{number}", f"r{number}", same, pattern))
    return found


def table(rows):
    """Return a CSV file of pairs: the left lead, the right lead, the label."""
    lines = ["left_name,left_email,left_city,right_name,right_email,right_city,same"]
    for left, right, same in rows:
        lines.append(",".join([*left, *right, same]))
    return "\n".join(lines) + "\n"


def namesakes(number, same):
    """Return a row of two leads under one common name in one town."""
    left = ("Maria Garcia", f"maria{number}@one.example", "Springfield")
    right = ("Maria Garcia", f"garcia{number}@two.example", "Springfield")
    return left, right, same


def strangers(number):
    """Return a row of two leads under two names."""
    left = ("Ada Lovelace", f"ada{number}@one.example", "London")
    right = ("Grace Hopper", f"grace{number}@two.example", "London")
    return left, right, "no"
