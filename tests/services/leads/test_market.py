"""Market analysis: the numbers, without a database."""

from datetime import date

from services.leads.local_store import Tally
from services.leads.market import breakdown, density, mondays, saturation, trend

HERE, REGION = Tally("7225", 30, 12), Tally("7225", 60, 20)


def test_a_density_counts_by_ten_thousand_inhabitants():
    assert density(50, 1_000_000) == 0.5


def test_where_nobody_knows_how_many_live_there_is_no_density():
    assert density(50, 0) is None


def test_twice_as_many_for_each_inhabitant_is_a_saturation_of_two():
    assert saturation(HERE, 100_000, REGION, 400_000) == 2.0


def test_there_is_no_saturation_against_nothing():
    assert saturation(HERE, 100_000, None, 400_000) is None
    assert saturation(HERE, 0, REGION, 400_000) is None
    assert saturation(HERE, 100_000, Tally("7225", 0, 0), 400_000) is None


def test_the_breakdown_is_by_industry_most_first_and_leaves_the_sum_out():
    tallies = [Tally(None, 40, 15), Tally("5415", 5, 2), HERE]

    shown = breakdown(tallies, 100_000, {"7225": REGION}, 400_000)

    assert [entry["code"] for entry in shown] == ["7225", "5415"]
    assert shown[0]["share"] == 0.8571
    assert [entry["few"] for entry in shown] == [False, True]


def test_a_market_without_industries_has_none():
    assert breakdown([Tally(None, 0, 0)], 0, {}, 0) == []


def test_a_trend_has_twelve_weeks_and_zeros_where_nothing_came():
    shown = trend({date(2026, 3, 2): (4, 51.25)}, date(2026, 3, 8))

    assert [entry["week"] for entry in shown] == mondays(date(2026, 3, 8))
    assert len(shown) == 12
    assert shown[-1] == {"week": date(2026, 3, 2), "leads": 4, "avg_signal_strength": 51.25}
    assert shown[0]["leads"] == 0
    assert shown[0]["avg_signal_strength"] is None
