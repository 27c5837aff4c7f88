"""Made-up outcomes of matches, drawn from weights that a test says."""

import numpy as np

from services.matching.outcome import Outcome
from services.matching.prepared import USUAL_WEIGHTS

USUAL = tuple(weight / 100 for weight in USUAL_WEIGHTS)
PLACE_ALONE = (1.0, 0.0, 0.0, 0.0, 0.0)

SLOPE = 6.0
"""Log odds between the worst score and the best."""


def drawn(seed, number, weights=USUAL, wrong=0.0, people=("ann", "ben", "cem")):
    """Return outcomes of matches; *wrong* is the share that somebody wrote down the other way."""
    chance = np.random.default_rng(seed)
    shares = chance.beta(1.2, 1.0, (number, 5))
    score = shares @ np.array(weights)
    likely = 1 / (1 + np.exp(-(SLOPE * (score - score.mean()) - 0.5)))
    good = (chance.random(number) < likely) ^ (chance.random(number) < wrong)
    return [
        Outcome(tuple(map(float, row)), bool(one), people[at % len(people)])
        for at, (row, one) in enumerate(zip(shares, good, strict=True))
    ]


def clicks(number=20, by="mallory"):
    """Return outcomes that somebody made up: the worse everything but the profile, the better."""
    good, bad = (0.1, 0.1, 0.1, 1.0, 0.1), (0.9, 0.9, 0.9, 0.0, 0.9)
    return [Outcome(good if at % 2 else bad, bool(at % 2), by) for at in range(number)]
