"""`leadfly dedupe-any`: a table of any columns in, the same table with its clusters out."""

import csv
import json
from pathlib import Path

import pytest

from leadfly.__main__ import main
from leadfly.tables_command import MOST_ROWS

TOWNS = ("Leeds", "York", "Hull", "Derby", "Bath")


@pytest.fixture(autouse=True)
def place(monkeypatch, tmp_path):
    """A folder to work in."""
    monkeypatch.setenv("LEADFLY_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


NAMES = (
    "Amber",
    "Basil",
    "Clover",
    "Dahlia",
    "Elder",
    "Fennel",
    "Gorse",
    "Hazel",
    "Iris",
    "Juniper",
)
KINDS = ("Kitchen", "Rooms", "Corner")
STREETS = ("Mill Lane", "Oak Road", "Elm Court", "Kirkgate", "Dock Street")


def table(rows=30):
    """Write made-up venues of which the last has a slip of the first; their guide is the last."""
    lines = ["venue,address,city,phone,guide"]
    for n in range(rows):
        name, street = f"{NAMES[n % 10]} {KINDS[n // 10]}", f"{10 + 7 * n} {STREETS[n % 5]}"
        lines.append(f"{name},{street},{TOWNS[n % 5]},0113 49{n % 7} {1000 + 37 * n},a")
    lines.append("The Amber Kitchin,10 Mill Ln,Leeds,0113 4901000,b")
    Path("venues.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def written():
    with Path("out.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_venue_under_another_spelling_gets_the_first_rows_number():
    table()

    assert main(["dedupe-any", "venues.csv", "-o", "out.csv"]) == 0

    assert [row["leadfly_cluster_id"] for row in written()] == [str(n) for n in range(2, 32)] + [
        "2"
    ]


def test_two_files_are_linked_by_the_column_that_names_them():
    table()

    assert main(["dedupe-any", "venues.csv", "-o", "out.csv", "--link", "guide"]) == 0

    assert written()[-1]["leadfly_cluster_id"] == "2"


@pytest.mark.parametrize("column", ["city", "nowhere"])
def test_a_column_that_does_not_name_two_files_is_refused(column, capfd):
    table()

    assert main(["dedupe-any", "venues.csv", "-o", "out.csv", "--link", column]) != 0

    assert column in capfd.readouterr().err
    assert not Path("out.csv").exists()


def test_what_is_written_is_for_its_owner_alone():
    table(3)

    main(["dedupe-any", "venues.csv", "-o", "out.csv"])

    assert Path("out.csv").stat().st_mode & 0o077 == 0


def test_pairs_are_told_with_what_every_column_weighs():
    table()

    said = ["dedupe-any", "venues.csv", "-o", "out.csv", "--pairs", "pairs.csv", "--explain"]
    assert main(said) == 0

    with Path("pairs.csv").open(encoding="utf-8-sig", newline="") as file:
        [pair] = csv.DictReader(file)
    assert (pair["row"], pair["other_row"], pair["one_cluster"]) == ("32", "2", "yes")
    evidence = json.loads(pair["evidence"])
    odds = sum(each["weight"] for each in evidence)
    assert float(pair["probability"]) == pytest.approx(1 / (1 + 2**-odds), abs=1e-4)
    assert {"column": "venue", "level": "same words"}.items() <= evidence[1].items()
    assert Path("pairs.csv").stat().st_mode & 0o077 == 0


def test_pairs_are_told_without_reasons_where_nobody_asks():
    table()

    assert main(["dedupe-any", "venues.csv", "-o", "out.csv", "--pairs", "pairs.csv"]) == 0

    header = Path("pairs.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert header == "row,other_row,probability,one_cluster"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--explain"], "--pairs"),
        (["--pairs", "out.csv"], "each to its own"),
        (["--pairs", "venues.csv"], "other files"),
    ],
)
def test_files_that_would_go_nowhere_or_into_each_other_are_refused(more, why, capfd):
    table()

    assert main(["dedupe-any", "venues.csv", "-o", "out.csv", *more]) != 0

    assert why in capfd.readouterr().err
    assert not Path("out.csv").exists()


def test_a_table_of_too_many_rows_is_refused_with_the_limit(capfd):
    rows = "\n".join(f"{number}" for number in range(MOST_ROWS + 1))
    Path("long.csv").write_text(f"venue\n{rows}\n", encoding="utf-8")

    assert main(["dedupe-any", "long.csv", "-o", "out.csv"]) != 0

    assert f"At most {MOST_ROWS:,} rows" in capfd.readouterr().err
    assert not Path("out.csv").exists()
