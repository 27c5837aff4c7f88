"""recordlinkage: Fellegi and Sunter by expectation/conditional maximisation, unsupervised.

`python -m bench.public.peers.recordlinkage_run TABLE LABELLED OUT`. Similarities and thresholds
are those of its guides (Jaro-Winkler of 0.85); pairs share any one column of a few.
"""

import sys
from importlib.metadata import version
from pathlib import Path

import pandas as pd  # type: ignore[import-untyped]
import recordlinkage  # type: ignore[import-not-found]

from bench.public.peers import columns, outcome
from bench.public.table import Table, read

ALIKE = 0.85
"""Similarity from which two texts agree, as its guides set it."""

BLOCKS = ("given", "family", "date", "email", "code", "phone", "thing", "street", "postcode")
"""What the columns hold whose equality makes two rows a pair."""


def main(table: Table, out: Path) -> None:
    """Link the table, and write the clusters."""
    frame = pd.DataFrame(columns.cleaned(table))
    pairs = _pairs(table, frame)
    features = _features(table, frame, pairs)
    # What never varies has no odds, and makes every probability not a number.
    features = features.loc[:, (features >= ALIKE).nunique() > 1]
    classifier = recordlinkage.ECMClassifier(binarize=ALIKE)
    links = classifier.fit_predict(features)
    scores = classifier.prob(features).loc[links]
    scored = [(a, b, score) for (a, b), score in scores.items()]
    outcome.write(out, version("recordlinkage"), outcome.joined(scored, table.sources))


def _pairs(table: Table, frame: pd.DataFrame) -> pd.MultiIndex:
    """Return the pairs that agree in a value, not in its absence."""
    found = None
    for name in columns.of(table, *BLOCKS):
        indexer = recordlinkage.Index()
        indexer.block(name)
        pairs = indexer.index(frame[frame[name].notna()])
        found = pairs if found is None else found.union(pairs)
    assert found is not None
    if table.sources is None:
        return found
    sources = pd.Series(list(table.sources))
    left, right = (sources.loc[found.get_level_values(n)].to_numpy() for n in (0, 1))
    return found[left != right]


def _features(table: Table, frame: pd.DataFrame, pairs: pd.MultiIndex) -> pd.DataFrame:
    compare = recordlinkage.Compare()
    for name, what in columns.COLUMNS[table.name].items():
        if what in ("date", "code", "phone", "postcode", "number"):
            compare.string(name, name, method="damerau_levenshtein", label=name)
        else:
            compare.string(name, name, method="jarowinkler", label=name)
    return compare.compute(pairs, frame)


if __name__ == "__main__":
    main(read(Path(sys.argv[1])), Path(sys.argv[3]))
