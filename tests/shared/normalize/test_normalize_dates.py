from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.normalize.dates import date_of_birth

anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    "text",
    [
        "1990-03-31",
        "1990/3/31",
        "19900331",
        "31.03.1990",
        "31. 3. 1990",
        "31/03/1990",
        "03/31/1990",
        "31-3-1990",
        "31 March 1990",
        "March 31st, 1990",
        "31. März 1990",
        "31 de marzo de 1990",
        "31 mars 1990",
        "1990年3月31日",
        "1990년 3월 31일",
        "٣١/٠٣/١٩٩٠",
        "1990-03-31T00:00:00Z",
    ],
)
def test_every_unambiguous_spelling_is_read(text):
    assert date_of_birth(text) == date(1990, 3, 31)


@pytest.mark.parametrize(
    "text",
    ["03/04/1990", "3-4-1990", "31.02.1990", "1.1.90", "1700-01-01", "soon", "", "0000-00-00"],
)
def test_what_could_be_two_dates_or_none_is_none(text):
    assert date_of_birth(text) is None


def test_equal_day_and_month_are_not_ambiguous():
    assert date_of_birth("05/05/1990") == date(1990, 5, 5)


@given(anything)
@settings(deadline=None)
def test_no_text_raises(text):
    date_of_birth(text)


@given(st.dates(date(1880, 1, 1), date(2100, 12, 31)))
@settings(deadline=None)
def test_iso_dates_survive(day):
    assert date_of_birth(day.isoformat()) == day


@pytest.mark.parametrize("unit", ["1", "1-", "a ", "年"])
def test_long_input_is_no_date(unit):
    assert date_of_birth(unit * 100_000) is None
