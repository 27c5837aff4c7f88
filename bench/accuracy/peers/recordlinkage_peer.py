"""recordlinkage: Fellegi and Sunter by expectation/conditional maximisation, unsupervised.

`python -m bench.accuracy.peers.recordlinkage_peer TABLE TRAINING OUT`.
"""

import sys
from importlib.metadata import version
from pathlib import Path

import pandas as pd  # type: ignore[import-untyped]
import recordlinkage  # type: ignore[import-not-found]

from bench.accuracy.peers.table import COLUMNS, read, write

THRESHOLD = 0.5
"""Probability from which the classifier calls a pair a match."""

ALIKE = 0.85
"""Similarity from which two texts agree, as its guides set it."""

BLOCKS = (
    "email",
    "local",
    "phone",
    ["first_name", "last_name"],
    ["last_name", "company"],
    ["last_name", "city"],
    ["first_name", "company"],
    ["last_name", "domain"],
    "date_of_birth",
)
"""Columns whose equality makes two leads a pair."""


def main(table: Path, out: Path) -> None:
    """Score the pairs of *table* and write the best of each lead."""
    frame = pd.DataFrame(read(table)).set_index("unique_id")[list(COLUMNS)]
    features = _compared(frame)
    # What never varies has no odds, and makes every probability not a number.
    features = features.loc[:, (features >= ALIKE).nunique() > 1]
    probability = recordlinkage.ECMClassifier(binarize=ALIKE)
    probability.fit(features)
    scores = probability.prob(features)
    pairs = ((a, b, score) for (a, b), score in scores.dropna().items())
    write(out, "recordlinkage, ECM", version("recordlinkage"), THRESHOLD, pairs)


def _compared(frame: pd.DataFrame) -> pd.DataFrame:
    indexer = recordlinkage.Index()
    for block in BLOCKS:
        indexer.block(block)
    compare = recordlinkage.Compare()
    # More columns make it worse: what most leads leave out counts as disagreement, and the
    # algorithm then finds the complete leads instead of the same people.
    for column in ("email", "first_name", "last_name"):
        compare.string(column, column, method="jarowinkler", label=column)
    compare.string("phone", "phone", method="levenshtein", label="phone")
    return compare.compute(_known(indexer, frame), frame)


def _known(indexer: recordlinkage.Index, frame: pd.DataFrame) -> pd.MultiIndex:
    """Return the pairs that agree in a value, not in its absence."""
    found = indexer.index(frame)
    left, right = (frame.loc[found.get_level_values(n)] for n in (0, 1))
    agree = False
    for block in BLOCKS:
        columns = [block] if isinstance(block, str) else block
        same = [
            left[c].notna().to_numpy() & (left[c].to_numpy() == right[c].to_numpy())
            for c in columns
        ]
        both = same[0]
        for each in same[1:]:
            both = both & each
        agree = agree | both
    return found[agree]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[3]))
