"""Splink 5 (Fellegi and Sunter, term frequencies), as its documentation sets a deduplication up.

`python -m bench.accuracy.peers.splink_peer TABLE TRAINING OUT [labels]`; with `labels`, m comes
from the people of the training table, else from expectation maximisation on the table itself.
"""

import sys
from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]
import splink  # type: ignore[import-not-found]
import splink.comparison_library as cl  # type: ignore[import-not-found]
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bench.accuracy.peers.table import COLUMNS, read, write

THRESHOLD = 0.5
"""Match probability from which a pair is a link: as likely as not."""

SEED = 1
"""Of the random pairs that u is estimated from."""

PAIRS = 2e6
"""Random pairs that u is estimated from (its tutorial: 1e6 to 1e7)."""

RECALL = 0.7
"""Share of the matches that the deterministic rules find, as its tutorial guesses."""

SURE = (
    block_on("email"),
    block_on("phone", "last_name"),
    block_on("first_name", "last_name", "company"),
)
"""Deterministic rules from which the prior is estimated."""

SETTINGS = SettingsCreator(
    link_type="dedupe_only",
    comparisons=[
        cl.EmailComparison("email"),
        cl.LevenshteinAtThresholds("phone", [1, 2]).configure(term_frequency_adjustments=True),
        cl.ForenameSurnameComparison("first_name", "last_name"),
        cl.JaroWinklerAtThresholds("company", [0.92, 0.8]).configure(
            term_frequency_adjustments=True
        ),
        # Too few leads give one for its near levels to be trained.
        cl.ExactMatch("date_of_birth"),
        cl.ExactMatch("postal_code").configure(term_frequency_adjustments=True),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("email"),
        block_on("local"),
        block_on("phone"),
        block_on("substr(phone, -7)"),
        block_on("first_name", "last_name"),
        "l.first_name = r.last_name AND l.last_name = r.first_name",
        block_on("last_name", "substr(first_name, 1, 1)"),
        block_on("last_name", "company"),
        block_on("last_name", "domain"),
        block_on("first_name", "company"),
        block_on("first_name", "city"),
        block_on("last_name", "city"),
        block_on("date_of_birth"),
    ],
)


def main(table: Path, training: Path, out: Path, labels: bool) -> None:
    """Train, score the pairs of *table* and write the best of each lead."""
    model = _trained(_linker(training, SETTINGS), labels=True) if labels else SETTINGS
    linker = _linker(table, model)
    if not labels:
        _trained(linker, labels=False)
    found = linker.inference.predict(threshold_match_probability=0.001).as_pandas_dataframe()
    names = ["unique_id_l", "unique_id_r", "match_probability"]
    pairs = zip(*(found[name].tolist() for name in names), strict=True)
    how = "labels of another seed" if labels else "unsupervised"
    write(out, f"Splink, {how}", splink.__version__, THRESHOLD, pairs)


def _linker(path: Path, settings: Any) -> Linker:
    frame = pd.DataFrame(read(path))[["unique_id", "person", *COLUMNS]]
    return Linker(DuckDBAPI().register(frame), settings)


def _trained(linker: Linker, labels: bool) -> dict[str, Any]:
    training = linker.training
    training.estimate_probability_two_random_records_match(list(SURE), recall=RECALL)
    training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=SEED)
    if labels:
        training.estimate_m_from_label_column("person")
    else:
        for rule in (block_on("email"), block_on("phone"), block_on("first_name", "last_name")):
            training.estimate_parameters_using_expectation_maximisation(rule)
    model: dict[str, Any] = linker.misc.save_model_to_json()
    return model


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), "labels" in sys.argv[4:])
