"""Amounts of money, as people write them into forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.normalize.money import MOST, currency, money


@pytest.mark.parametrize(
    ("text", "amount", "code"),
    [
        ("45000", 45_000, None),
        ("45,000", 45_000, None),
        ("45.000", 45_000, None),
        ("45 000", 45_000, None),
        ("45'000 CHF", 45_000, "CHF"),
        ("€45k", 45_000, "EUR"),
        ("45.000,00 EUR", 45_000, "EUR"),
        ("$45,000.00", 45_000, "USD"),
        ("1,2 Mio", 1_200_000, None),
        ("1.250 Mio. Euro", 1_250_000, "EUR"),
        ("$1.5M", 1_500_000, "USD"),
        ("1.200.000", 1_200_000, None),
        ("2,50,000 INR", 250_000, "INR"),
        ("₹12 lakh", 1_200_000, "INR"),
        ("Rs. 1.5 crore", 15_000_000, "INR"),
        ("3億円", 300_000_000, "JPY"),
        ("500 тыс руб", 500_000, "RUB"),
        ("100 mila euro", 100_000, "EUR"),
        ("0.5", 0.5, None),
        ("1234.56", 1234.56, None),
        ("1e", 1, None),
        ("about £20k, please", 20_000, "GBP"),
        ("up to 50k", 50_000, None),
        ("100k+", 100_000, None),
        ("bis 75.000 €", 75_000, "EUR"),
        ("٤٥٠٠٠", 45_000, None),
        ("4.5E+04", 45_000, None),
        ("1,2e6 EUR", 1_200_000, "EUR"),
        ("45kEUR", 45_000, "EUR"),
        ("500 TEUR", 500_000, "EUR"),
        ("500 T€", 500_000, "EUR"),
        ("1,5 Md€", 1_500_000_000, "EUR"),
        ("5천만원", 50_000_000, "KRW"),
        ("300万円", 3_000_000, "JPY"),
        ("50 тысяч рублей", 50_000, "RUB"),
        ("2 миллиона", 2_000_000, None),
        ("50 tysięcy zł", 50_000, "PLN"),
        ("5 लाख", 500_000, None),
        ("45000kr", 45_000, "SEK"),
        ("45000mxn", 45_000, "MXN"),
    ],
)
def test_an_amount_is_read_in_the_way_of_its_country(text, amount, code):
    assert money(text) == (pytest.approx(amount), code)


@pytest.mark.parametrize(
    ("text", "middle"),
    [
        ("50-100k", 75_000),
        ("50k–100k", 75_000),
        ("$50,000 to $75,000", 62_500),
        ("between 50.000 and 100.000", 75_000),
        ("20 bis 30 tsd", 25_000),
        ("€10k - €20k", 15_000),
        ("500k-1M", 750_000),
    ],
)
def test_of_a_range_it_is_the_middle(text, middle):
    assert money(text).amount == middle


@pytest.mark.parametrize(
    "text", ["45k over 5 years", "5 years, 45000", "45000 at 4.5%", "2 x $45k"]
)
def test_a_term_a_rate_and_a_count_are_no_amount(text):
    assert money(text).amount == 45_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1e400",
        "k€ 45",
        "TEUR 45",
        "45kk",
        "12L",
        "50 mil",
        "de 50 a 100 mil euros",
        "a lot",
        "-5000",
        "1.2.3",
        "10,20,30",
        "100-50",
        "45000 or 60000",
        "€5 or $7",
        "9" * 40,
    ],
)
def test_what_states_no_amount_or_several_is_none(text):
    assert money(text) is None


def test_a_dollar_is_that_of_the_country():
    assert money("$50k", "CA").currency == "CAD"
    assert money("US$50k", "CA").currency == "USD"
    assert money("$50k", "DE").currency == "USD"


def test_a_code_goes_before_a_sign():
    assert money("$50k CAD") == (50_000, "CAD")


@pytest.mark.parametrize(
    ("text", "code"),
    [("eur", "EUR"), ("€", "EUR"), ("US Dollars", "USD"), ("chf", "CHF"), ("shells", None)],
)
def test_a_currency_is_known_by_code_sign_and_name(text, code):
    assert currency(text) == code


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text):
    found = money(text)
    assert found is None or 0 <= found.amount <= MOST


@given(st.integers(0, 10**12))
def test_a_number_is_itself_in_every_spelling(number):
    spelt = f"{number:,}"
    for text in (str(number), spelt, spelt.replace(",", "."), spelt.replace(",", " ")):
        assert money(text).amount == number
