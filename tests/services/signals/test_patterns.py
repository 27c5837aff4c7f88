"""Amounts, years and percentages are seen in the shapes that people write."""

import pytest
from hypothesis import given, settings

from services.signals.patterns import shaped
from tests.services.signals.any_text import WRITTEN


def concepts(text):
    return {mention.concept for mention in shaped(text)}


@pytest.mark.parametrize(
    "text",
    [
        "€50k",
        "50.000 €",
        "$ 5",
        "R$ 200",
        "45k over 3 years",
        "2 Mio",
        "dos: 3 millones",
        "20 mil",
        "2 milhões",
        "300 EUR",
        "80,000 pounds",
        "1'000",
        "1 000",
        "5 lakhs",
    ],
)
def test_a_sum_of_money_is_seen(text):
    assert "MONEY" in concepts(text)


@pytest.mark.parametrize("text", ["5 kids", "room 12", "call 0171 2345", "3 minutes", ""])
def test_other_numbers_are_no_money(text):
    assert "MONEY" not in concepts(text)


@pytest.mark.parametrize("text", ["since 1987", "Umbau 2026.", "1850"])
def test_a_year_is_seen(text):
    assert "YEAR" in concepts(text)


@pytest.mark.parametrize("text", ["21987", "1066", "3000"])
def test_other_numbers_are_no_years(text):
    assert "YEAR" not in concepts(text)


@pytest.mark.parametrize("text", ["5%", "5 %", "5 percent", "12 Prozent", "3 por ciento"])
def test_a_percentage_is_seen(text):
    assert "PERCENT" in concepts(text)


@pytest.mark.parametrize(
    "text", ["from 25 to 40", "von 25 auf 40", "de 1.200 clientes a 3", "de 5 à 9"]
)
def test_a_number_that_became_another_is_seen(text):
    assert "FROMTO" in concepts(text)


@pytest.mark.parametrize("text", ["8x", "threefold", "dreimal so viele", "tres veces más"])
def test_a_multiple_is_seen(text):
    assert "TIMES" in concepts(text)


@pytest.mark.parametrize("text", ["by the 15th", "bis zum 15. Mai", "antes del 20", "avant le 3"])
def test_a_day_that_something_must_be_done_by_is_seen(text):
    assert "BY" in concepts(text)


def test_places_are_code_points_whatever_stands_before():
    (mention,) = shaped("😀é貸 5%")

    assert (mention.start, mention.end) == (4, 6)


def test_each_of_several_places_is_one_of_code_points():
    text = "😀 5% é 1987 貸 12 % und 3 Prozent"

    said = [text[mention.start : mention.end] for mention in shaped(text)]

    assert said == ["1987", "5%", "2 %", "3 Prozent"]


@settings(deadline=None)
@given(WRITTEN)
def test_letters_before_a_text_move_its_mentions_and_no_more(text):
    before, after = shaped("x " + text), shaped("é " + text)

    assert before == after


@settings(deadline=None)
@given(WRITTEN)
def test_mentions_hold_something_of_the_text(text):
    for mention in shaped(text):
        assert 0 <= mention.start < mention.end <= len(text)


def test_half_of_a_pair_is_read_over():
    assert concepts("\ud800 5%") == {"PERCENT"}
