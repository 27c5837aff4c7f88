"""Splink 5: Fellegi and Sunter with term frequencies, set up as its examples of these sets are.

`python -m bench.public.peers.splink_run TABLE LABELLED OUT THRESHOLD [labels]`; with `labels`, m
comes from the clusters of LABELLED, else from expectation maximisation on the table itself.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]
import splink  # type: ignore[import-not-found]
import splink.comparison_library as cl  # type: ignore[import-not-found]
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bench.public.peers import columns, outcome
from bench.public.table import Table, read

PAIRS = 5e6
"""Random pairs that u is estimated from (its tutorial: 1e6 to 1e7)."""

SEED = 1
"""Of those pairs."""

RECALL = 0.7
"""Share of the matches that the deterministic rules find, as its tutorial guesses."""

SURE = {
    "febrl": (["soc_sec_id"], ["given_name", "surname", "date_of_birth"]),
    "fake_1": (["email"], ["first_name", "last_name", "dob"]),
    "fodors": (["phone"], ["company", "city"]),
    "dedupe": (["company", "street"], ["phone", "street"]),
}
"""By the beginning of the set's name: rules from which the prior is estimated."""

TRAINED = {
    "febrl": (["date_of_birth"], ["given_name", "surname"], ["soc_sec_id"]),
    "fake_1": (["dob"], ["first_name", "last_name"], ["email"]),
    "fodors": (["phone"], ["company"]),
    "dedupe": (["phone"], ["street"], ["company"]),
}
"""Blockings under which m is estimated: what one holds fixed another trains."""


def main(paths: list[Path], threshold: float, labels: bool) -> None:
    """Train, link and cluster the table."""
    table, labelled = read(paths[0]), read(paths[1])
    settings: Any = _settings(table)
    if labels:
        settings = _trained(_linker(labelled, settings), labelled, labels=True)
    linker = _linker(table, settings)
    if not labels:
        _trained(linker, table, labels=False)
    found = linker.inference.predict(threshold_match_probability=threshold).as_pandas_dataframe()
    names = ["unique_id_l", "unique_id_r", "match_weight"]
    pairs = list(zip(*(found[name].tolist() for name in names), strict=True))
    outcome.write(paths[2], splink.__version__, outcome.joined(pairs, table.sources))


def _settings(table: Table) -> SettingsCreator:
    holds = columns.COLUMNS[table.name]
    return SettingsCreator(
        link_type="dedupe_only" if table.sources is None else "link_only",
        comparisons=list(_comparisons(table)),
        blocking_rules_to_generate_predictions=[
            block_on(name)
            for name, what in holds.items()
            if what not in ("state", "town", "number")
        ],
    )


def _comparisons(table: Table) -> Iterator[Any]:
    holds = {what: name for name, what in columns.COLUMNS[table.name].items()}
    if "given" in holds:
        yield cl.ForenameSurnameComparison(holds["given"], holds["family"])
    for what, name in holds.items():
        if what == "date":
            date = columns.DATES[table.name]
            yield cl.DateOfBirthComparison(name, input_is_string=True, datetime_format=date)
        elif what == "email":
            yield cl.EmailComparison(name)
        elif what in ("code", "phone", "postcode"):
            yield cl.DamerauLevenshteinAtThresholds(name, [1, 2]).configure(
                term_frequency_adjustments=what != "code"
            )
        elif what in ("thing", "street"):
            yield cl.JaroWinklerAtThresholds(name, [0.9, 0.8, 0.7]).configure(
                term_frequency_adjustments=True
            )
        elif what in ("town", "number", "state"):
            yield cl.ExactMatch(name).configure(term_frequency_adjustments=True)


def _linker(table: Table, settings: Any) -> Linker:
    frame = pd.DataFrame(columns.cleaned(table))
    frame["unique_id"], frame["truth"] = range(len(frame)), list(table.truth)
    api = DuckDBAPI()
    if table.sources is None:
        return Linker(api.register(frame), settings)
    first = [each == table.sources[0] for each in table.sources]
    halves = (frame[first], frame[[not each for each in first]])
    return Linker([api.register(half.reset_index(drop=True)) for half in halves], settings)


def _trained(linker: Linker, table: Table, labels: bool) -> dict[str, Any]:
    training = linker.training
    rules, blockings = (
        next(value for name, value in named.items() if table.name.startswith(name))
        for named in (SURE, TRAINED)
    )
    training.estimate_probability_two_random_records_match(
        [block_on(*rule) for rule in rules], recall=RECALL
    )
    training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=SEED)
    if labels:
        training.estimate_m_from_label_column("truth")
    else:
        for blocking in blockings:
            training.estimate_parameters_using_expectation_maximisation(block_on(*blocking))
    model: dict[str, Any] = linker.misc.save_model_to_json()
    return model


if __name__ == "__main__":
    main([Path(each) for each in sys.argv[1:4]], float(sys.argv[4]), "labels" in sys.argv[5:])
