"""Clusters are joined by what all their members say, not by one odd link."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup.clustering import clusters


def table(odds):
    """Return odds of pairs as a function; of what is not named, strongly against."""
    return lambda a, b: odds.get((a, b), -10.0)


def test_two_rows_with_odds_above_nothing_are_one_cluster():
    assert clusters([(0, 1)], table({(0, 1): 3.0})) == [[0, 1]]


def test_a_row_that_speaks_against_nobody_joins_through_one_link():
    odds = {(0, 1): 9.0, (1, 2): 9.0, (0, 2): -1.0}

    assert clusters([(0, 1), (1, 2)], table(odds)) == [[0, 1, 2]]


def test_one_odd_link_does_not_join_two_people():
    mine, theirs = {(0, 1): 9.0}, {(2, 3): 9.0}

    found = clusters([(0, 1), (1, 2), (2, 3)], table(mine | theirs | {(1, 2): 4.0}))

    assert found == [[0, 1], [2, 3]]


def test_one_pair_does_not_outvote_a_cluster_however_sure_it_is():
    odds = {(0, 1): 9.0, (1, 2): 1e6, (0, 2): -1e6}

    assert clusters([(0, 1), (1, 2)], table(odds)) == [[1, 2]]


def test_nothing_is_joined_where_the_odds_are_even():
    assert clusters([(0, 1)], table({(0, 1): 0.0})) == []


@settings(deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 7), st.integers(0, 7)), st.floats(-20, 20)))
def test_clusters_are_disjoint_sorted_and_do_not_depend_on_the_order_of_links(odds):
    odds = {pair: weight for pair, weight in odds.items() if pair[0] < pair[1]}
    links = [pair for pair, weight in odds.items() if weight > 0]

    found = clusters(links, table(odds))

    members = [row for each in found for row in each]
    assert len(members) == len(set(members))
    assert found == clusters(links[::-1], table(odds))
    assert all(each == sorted(each) and len(each) > 1 for each in found)
