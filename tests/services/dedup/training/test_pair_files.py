"""Files of labelled pairs are read as leads are, and say which row is wrong."""

import orjson
import pytest

from services.dedup.training import pair_files
from services.dedup.training.labelled import checked
from shared.errors import Malformed, Meaningless
from tests.services.dedup.training.pairs import namesakes, strangers, table


def read(text):
    return pair_files.of_csv(text.splitlines(keepends=True), "US")


def test_a_row_is_two_leads_and_their_levels():
    one, other = read(table([namesakes(1, "yes"), strangers(2)]))

    assert (one.name, one.same, other.same) == ("row 2", True, False)
    assert dict(one.pattern)["name"] == "same_common"
    assert dict(other.pattern)["place"] == "shared_by_relatives"


def test_json_lines_say_the_same():
    sides = [{"name": "Ada Lovelace"}, {"name": "Ada Lovelace", "phone": "+44 20 7946 0958"}]
    line = orjson.dumps({"left": sides[0], "right": sides[1], "same": True}).decode()

    (pair,) = pair_files.of_json_lines([line, "\n"], "US")

    assert (pair.name, pair.same) == ("row 1", True)
    assert dict(pair.pattern)["name"].startswith("same")


def test_leads_without_an_id_are_known_by_what_they_say():
    once, again = read(table([namesakes(1, "yes"), namesakes(1, "1")]))

    assert (once.one, once.other) == (again.one, again.other)


def test_one_pair_both_ways_is_named_by_row():
    rows = [namesakes(n, "yes") for n in range(60)] + [strangers(n) for n in range(60)]
    left, right, _ = namesakes(5, "")

    with pytest.raises(Meaningless) as refusal:
        checked(read(table([*rows, (right, left, "no")])))

    assert refusal.value.details == {"row 122": "says the opposite of row 7, of the same two leads"}


def test_rows_without_a_label_are_named():
    with pytest.raises(Malformed) as refusal:
        read(table([namesakes(1, "yes"), namesakes(2, "perhaps")]))

    assert refusal.value.details == {"row 3": "`same` must be yes or no"}


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "left_email,same\nx,1\n"])
def test_a_table_without_both_sides_and_a_label_is_no_file_of_pairs(text):
    with pytest.raises(Malformed, match="left_"):
        read(text)


@pytest.mark.parametrize("line", ["{", "[]", '{"left": {}, "same": true}', '{"left": 1}'])
def test_a_line_that_is_no_pair_is_named(line):
    with pytest.raises(Malformed) as refusal:
        pair_files.of_json_lines([line], "US")

    assert list(refusal.value.details) == ["row 1"]


def test_times_on_both_sides_count():
    said = '{"left": {"name": "Ada", "submitted_at": "2026-03-01T12:00:00Z"}, "same": "no",'
    said += ' "right": {"name": "Ada", "submitted_at": "2026-03-01T12:05:00Z"}}'

    (pair,) = pair_files.of_json_lines([said], "US")

    assert ("time", "within_minutes") in pair.pattern
