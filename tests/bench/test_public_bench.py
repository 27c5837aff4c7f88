"""The public benchmark: how it splits, counts and writes. It needs no other library."""

import csv
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.public import halves, measures, report, sets
from bench.public.found import Found
from bench.public.kept import Kept, version
from bench.public.peers import outcome
from bench.public.peers.run import numbered
from bench.public.report import Result
from bench.public.table import Table, read, write

clusterings = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.integers(0, 5)), min_size=1, max_size=30
)


def table(truth):
    return Table("made", ("name",), [{"name": each} for each in truth], truth)


@given(st.lists(st.text(max_size=3), max_size=40))
def test_no_cluster_is_in_both_halves_and_no_row_is_lost(truth):
    parts = [halves.halved(table(truth), each) for each in ("development", "evaluated")]

    assert set(parts[0].truth).isdisjoint(parts[1].truth)
    assert sorted([*parts[0].truth, *parts[1].truth]) == sorted(truth)


def test_the_halves_are_fixed():
    assert [halves.half("made", each)[0] for each in "abcdefgh"] == list(HALVES)


@settings(deadline=None, max_examples=50)
@given(clusterings)
def test_precision_and_recall_are_those_of_counting_every_pair(rows):
    truth, found = zip(*rows, strict=True)
    same = {p for p in combinations(range(len(rows)), 2) if truth[p[0]] == truth[p[1]]}
    said = {p for p in combinations(range(len(rows)), 2) if found[p[0]] == found[p[1]]}

    measured = measures.measured(truth, found)

    assert measured.precision == pytest.approx(len(same & said) / len(said) if said else 1.0)
    assert measured.recall == pytest.approx(len(same & said) / len(same) if same else 1.0)
    both = len(same) + len(said)
    assert measured.f1 == pytest.approx(2 * len(same & said) / both if both else 1.0)
    assert 0.0 <= measured.low <= measured.high <= 1.0


def test_a_method_does_not_differ_from_itself():
    measured = measures.measured("aabbcd", [0, 0, 1, 2, 3, 3])

    assert measures.difference(measured, measured) == (0.0, 0.0)


def test_links_of_two_files_are_one_to_one_and_the_best_first():
    assert outcome.one_to_one([(0, 5, 0.7), (0, 6, 0.9), (1, 6, 0.8), (1, 5, 0.6)]) == [
        [0, 6],
        [1, 5],
    ]


def test_what_hangs_together_is_one_chain():
    assert sorted(map(sorted, outcome.chains([(0, 1, 1.0), (2, 1, 1.0), (4, 5, 1.0)]))) == [
        [0, 1, 2],
        [4, 5],
    ]


def test_rows_without_a_duplicate_are_clusters_of_their_own():
    assert numbered([[1, 3]], 4) == [0, 1, 2, 1]


def test_a_table_goes_to_another_process_unchanged(tmp_path):
    sent = Table("made", ("a", "b"), [{"a": "x", "b": None}], ["1"], ["left"])

    write(sent, tmp_path / "table.json")

    assert read(tmp_path / "table.json") == sent


def test_the_truth_is_no_column(tmp_path):
    with (tmp_path / "fake_1000.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["rec_id", "cluster_id", "source", "first_name", "email", "extra"])
        writer.writerow(["7", "c1", "", "Ada", "", '{"source": "s", "empty": ""}'])

    found = sets.table("fake_1000", tmp_path)

    assert (found.columns, found.rows) == (
        ("first_name", "list"),
        [{"first_name": "Ada", "list": "s"}],
    )
    assert (list(found.truth), found.sources) == (["c1"], None)


def test_a_set_that_is_not_here_is_said_to_be_missing(tmp_path):
    with pytest.raises(sets.NotFound, match="fake_1000"):
        sets.table("fake_1000", tmp_path)


def test_the_page_says_which_method_was_not_run_and_why():
    measured = measures.measured("aab", [0, 0, 2])
    methods = [(Found("LeadFly", False, [0, 0, 2], "1"), measured)]
    methods.append((Found("Other", True, failure="ModuleNotFoundError"), None))

    page = report.page([Result("fake_1000", 3, 1, methods)], "Today.")

    assert "| LeadFly 1 | no | 1.0000 | 1.0000 | 1.0000 (1.0000 to 1.0000) |  | 0 |" in page
    assert "| Other | yes | NOT RUN: ModuleNotFoundError |" in page


def test_a_run_that_broke_off_finds_nothing_twice(tmp_path):
    kept, method = Kept("1", tmp_path), ("Other, 0.5", True)
    asked = []

    def find():
        asked.append(1)
        return Found(*method, clusters=[0, 0], version="2", seconds=1.5)

    assert kept.found("made", method, find) == kept.found("made", method, find)
    assert len(asked) == 1
    assert Kept("2", tmp_path, only=True).found("made", method, find).failure == "not yet"


def test_a_failure_is_tried_again(tmp_path):
    kept, method = Kept("1", tmp_path), ("Other", False)

    kept.found("made", method, lambda: Found(*method, failure="killed"))

    assert kept.found("made", method, lambda: Found(*method, version="2")).version == "2"


def test_other_code_is_another_version(tmp_path):
    (tmp_path / "a.py").write_text("1")
    before = version([str(tmp_path)])

    (tmp_path / "a.py").write_text("2")

    assert version([str(tmp_path)]) != before


HALVES = "dddeeddd"
"""The first letters of the halves of eight clusters; a change would mix what was looked at."""
