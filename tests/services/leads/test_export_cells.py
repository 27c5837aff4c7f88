"""What a cell of the CSV file may be, whatever it holds."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.leads import csv_cells

FORBIDDEN = (*"=+-@\t\r\n＝＋－＠",)
"""With none of these may a cell begin (OWASP, CSV injection)."""


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
SIGNED = st.builds(
    "".join,
    st.lists(
        st.sampled_from([*"=+-@;,\t\r\n\"' a1", "＝", "＋", "－", "＠", "\u200b"]), max_size=12
    ),
)


@settings(deadline=None)
@given(st.lists(st.lists(TEXTS | SIGNED, min_size=2, max_size=4), min_size=1, max_size=5))
def test_cells_are_read_back_as_they_were_made(cells):
    made = [[csv_cells.defused(cell) for cell in row] for row in cells]

    text = csv_cells.lines(made)

    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == made


@settings(deadline=None)
@given(TEXTS | SIGNED)
def test_no_cell_begins_a_formula(text):
    assert not csv_cells.defused(text).startswith(FORBIDDEN)


@pytest.mark.parametrize("unseen", ["\x01", "\x7f", "\u180e", "\u2061", "\u202e", "\u2066"])
def test_what_is_not_seen_hides_no_formula(unseen):
    assert csv_cells.defused(f"{unseen}=1+1") == f"'{unseen}=1+1"


@settings(deadline=None)
@given(TEXTS | SIGNED)
def test_a_cell_loses_nothing_and_gets_apostrophes_alone(text):
    defused = csv_cells.defused(text)

    assert defused.replace("'", "") == text.replace("'", "")
    assert csv_cells.defused(defused).replace("'", "") == text.replace("'", "")


@settings(deadline=None)
@given(st.text("abcdefg hijklmnopäöüß.0123456789()/&", max_size=30))
def test_plain_words_stay_as_they_are(text):
    assert csv_cells.defused(text) == text
