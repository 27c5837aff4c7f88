"""`leadfly dedupe`: a table in, the same table with its clusters out, and nothing left behind."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import psycopg
import pytest

from leadfly.__main__ import main
from services.dedup.bulk.lines import ADDED

HEADER = "Full Name,Mail,Telephone,Note"
ADA = "Ada Lovelace,ada.lovelace@gmail.com,+44 20 7946 0958,first"
ADA_AGAIN = "Lovelace Ada,AdaLovelace+news@googlemail.com,020 7946 0958,again"
ALAN = "Alan Turing,alan@bletchley.example,+44 20 7946 0111,=1+1"


@pytest.fixture(autouse=True)
def place(monkeypatch, tmp_path):
    """A folder to work in, and one for what is written meanwhile."""
    (tmp_path / "meanwhile").mkdir()
    monkeypatch.setenv("LEADFLY_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def dedupe(capfd):
    """Run the command; return its exit code, the rows it wrote, and what it said."""

    def dedupe(*options, table=None):
        if table is not None:
            Path("leads.csv").write_bytes(table)
        source = options if table is None else ("leads.csv", *options)
        code = main(["dedupe", *source, "-o", "out.csv", "--country", "GB", "--temp", "meanwhile"])
        return code, read("out.csv"), capfd.readouterr()

    return dedupe


def read(name):
    if not Path(name).exists():
        return None
    with open(name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def lines(*rows):
    return "\n".join((HEADER, *rows, "")).encode()


def test_a_row_of_somebody_again_names_the_first_row_of_the_person(dedupe):
    code, rows, said = dedupe(table=lines(ADA, ALAN, ADA_AGAIN))

    assert code == 0, said.err
    assert [row["leadfly_cluster_id"] for row in rows] == ["2", "3", "2"]
    assert [row["leadfly_duplicate_of"] for row in rows] == ["", "", "2"]
    assert float(rows[2]["leadfly_probability"]) > 0.99
    assert rows[2]["leadfly_relation"] == "same_person"
    assert "3 rows" in said.out and "2 people" in said.out


def test_the_rows_keep_their_columns_and_their_order(dedupe):
    _, rows, _ = dedupe(table=lines(ALAN, ADA))

    assert list(rows[0]) == [*HEADER.split(","), *ADDED]
    assert [row["Full Name"] for row in rows] == ["Alan Turing", "Ada Lovelace"]


def test_no_cell_is_a_formula_to_a_spreadsheet(dedupe):
    _, rows, _ = dedupe(table=lines(ALAN))

    assert rows[0]["Note"] == "'=1+1" and rows[0]["Telephone"] == "'+44 20 7946 0111"


def test_pairs_say_why_if_they_are_to_explain(dedupe):
    dedupe("--pairs", "pairs.csv", "--explain", table=lines(ADA, ADA_AGAIN))

    (pair,) = read("pairs.csv")
    assert (pair["row"], pair["other_row"], pair["one_cluster"]) == ("3", "2", "yes")
    assert "Both leads give the same mailbox." in pair["evidence"]


def test_a_broken_row_is_set_aside_and_costs_no_other(dedupe):
    code, rows, said = dedupe(table=lines(ADA, "too,few", ADA_AGAIN))

    assert code == 0 and len(rows) == 2
    assert rows[1]["leadfly_duplicate_of"] == "2"
    assert read("out.csv.rejected.csv")[0]["row"] == "3"
    assert "1 rows rejected" in said.out


def test_what_is_no_table_of_leads_is_refused(dedupe):
    code, rows, said = dedupe(table=b"colour,size\nred,4\n")

    assert code == 1 and rows is None
    assert "email" in said.err


@pytest.mark.parametrize(
    "options",
    [
        ["--threshold", "0"],
        ["--threshold", "1.5"],
        ["--processes", "0"],
        ["--memory", "1"],
        ["--explain"],
        ["--table", "leads"],
    ],
    ids=" ".join,
)
def test_an_option_that_makes_no_sense_is_refused(dedupe, options):
    code, rows, _ = dedupe(*options, table=lines(ADA))

    assert code == 1 and rows is None


def test_the_table_is_not_written_over(capfd):
    Path("leads.csv").write_bytes(lines(ADA))

    assert main(["dedupe", "leads.csv", "-o", "./leads.csv"]) == 1
    assert Path("leads.csv").read_bytes() == lines(ADA)


def test_nothing_is_left_behind(dedupe):
    dedupe(table=lines(ADA, ALAN))

    assert list(Path("meanwhile").iterdir()) == []
    assert sorted(each.name for each in Path().glob("out*")) == ["out.csv"]


def test_what_is_written_is_for_its_owner_alone(dedupe):
    dedupe("--pairs", "pairs.csv", table=lines(ADA, ADA_AGAIN))

    assert [os.stat(name).st_mode & 0o077 for name in ("out.csv", "pairs.csv")] == [0, 0]


def test_a_folder_that_is_not_there_is_said_before_anything_is_read(capfd):
    Path("leads.csv").write_bytes(lines(ADA))

    code = main(["dedupe", "leads.csv", "-o", "nowhere/out.csv", "--temp", "meanwhile"])

    assert code == 1 and "cannot be written" in capfd.readouterr().err


def test_a_file_that_cannot_be_written_is_said_and_nothing_half_written_stands(capfd):
    Path("leads.csv").write_bytes(lines(ADA))
    Path("out.csv").mkdir()

    code = main(["dedupe", "leads.csv", "-o", "out.csv", "--temp", "meanwhile"])

    assert code == 1 and "cannot be written" in capfd.readouterr().err
    assert list(Path("meanwhile").iterdir()) == [] and list(Path().glob("*.part")) == []


def test_a_parquet_file_is_read(dedupe):
    Path("leads.csv").write_bytes(lines(ADA, ALAN, ADA_AGAIN))
    duckdb.read_csv("leads.csv").write_parquet("leads.parquet")

    code, rows, said = dedupe("leads.parquet")

    assert code == 0, said.err
    assert [row["leadfly_cluster_id"] for row in rows] == ["2", "3", "2"]


def test_what_is_no_parquet_file_is_refused(dedupe):
    Path("leads.parquet").write_bytes(b"no such thing")

    assert dedupe("leads.parquet")[0] == 1


def test_a_table_of_another_database_is_read(dedupe, owner_conninfo, user_id, monkeypatch):
    name = f"t{user_id.replace('-', '')[:20]}"
    monkeypatch.setenv("DEDUPE_DATABASE_URL", owner_conninfo)
    with psycopg.connect(owner_conninfo) as conn:
        conn.execute(f"CREATE TABLE {name} (name text, email text)")
        conn.execute(f"INSERT INTO {name} VALUES ('Ada', 'a@gmail.com'), ('Ada', 'a@gmail.com')")  # noqa: S608
    try:
        code, rows, said = dedupe("--table", name)
    finally:
        with psycopg.connect(owner_conninfo) as conn:
            conn.execute(f"DROP TABLE {name}")

    assert code == 0, said.err
    assert [row["leadfly_duplicate_of"] for row in rows] == ["", "2"]


def test_a_table_that_is_not_there_is_said_without_where_it_was_sought(
    dedupe, owner_conninfo, monkeypatch
):
    monkeypatch.setenv("DEDUPE_DATABASE_URL", owner_conninfo)

    code, _, said = dedupe("--table", "nowhere.leads")

    assert code == 1 and "There is no table nowhere.leads" in said.err
    assert owner_conninfo not in said.err


def test_ctrl_c_leaves_nothing_behind(tmp_path):
    rows = [f"Ada Number {n},ada{n}@gmail.com,,x" for n in range(60_000)]
    Path("leads.csv").write_bytes(lines(*rows))
    command = [sys.executable, "-m", "leadfly", "dedupe", "leads.csv", "-o", "out.csv"]
    paths = {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    # Whoever was started in the background is deaf to it, and so is what they start.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [*command, "--temp", "meanwhile"], env=os.environ | paths, stderr=subprocess.PIPE, text=True
    )
    signal.signal(signal.SIGINT, heard)
    started = time.monotonic()
    while not list(Path("meanwhile").glob("*/records")) and time.monotonic() < started + 60:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 1 and "Stopped" in said, said
    assert list(Path("meanwhile").iterdir()) == []
    assert not Path("out.csv").exists()
