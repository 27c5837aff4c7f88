"""Of many leads at once the same services are chosen as of each alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.choosing import chosen, confidence_levels, priorities
from services.matching.columns import columns
from services.matching.matching import match
from shared.privacy.modes import MODES
from tests.services.matching.offers import NOW, lender, profiles, restaurant, service, services


def catalogue(made):
    """The services with ids that differ, in their order."""
    return [replace(one, id=f"{number:03}") for number, one in enumerate(made)]


def found(leads, offered, least=0.0, most=3, known=None, open_to=None, mode="standard"):
    """Known and best pairs of *leads*, with their columns."""
    table = columns(leads)
    everyone = np.ones(len(leads), bool) if open_to is None else np.array(open_to)
    pairs = chosen(table, offered, NOW, MODES[mode], known or {}, (least, most), everyone)
    return table, *pairs


def told(match):
    return (
        match.service.id,
        *(pytest.approx(number, abs=1e-9) for number in (match.match_score, match.low, match.high)),
        match.confidence_level,
        match.priority,
        [pytest.approx(part.points, abs=1e-9) for part in match.parts],
    )


@given(
    st.lists(profiles(), min_size=1, max_size=12),
    st.lists(services, min_size=1, max_size=8),
    st.sampled_from((0.0, 40.0, 60.0)),
    st.integers(1, 4),
    st.sampled_from(tuple(MODES)),
)
@settings(deadline=None, max_examples=150)
def test_the_best_of_many_leads_are_the_best_of_each(leads, made, least, most, mode):
    offered = catalogue(made)

    table, _, best = found(leads, offered, least, most, mode=mode)

    levels, words = confidence_levels(best), priorities(best, table)
    for row, profile in enumerate(leads):
        alone = match(profile, offered, NOW, MODES[mode], most).matches
        expected = [told(one) for one in alone if one.match_score >= least]
        here = [
            (
                offered[best.service[at]].id,
                *(float(value[at]) for value in (best.match_score, best.low, best.high)),
                str(levels[at]),
                str(words[at]),
                list(best.points[at]),
            )
            for at in np.flatnonzero(best.lead == row)
        ]
        assert here == expected


def test_of_equal_scores_the_first_service_is_chosen():
    offered = catalogue([lender()] * 5)

    _, _, best = found([restaurant()] * 2, offered, most=2)

    assert best.service.tolist() == [0, 1, 0, 1]


def test_known_pairs_are_scored_though_they_are_out_of_question():
    offered = catalogue([lender(), service(target_audience="consumer")])

    _, known, _ = found([restaurant()], offered, known={1: np.array([0])})

    assert (known.service.tolist(), known.eligible.tolist()) == ([1], [False])


def test_a_lead_that_is_open_to_nothing_new_gets_nothing():
    _, known, best = found(
        [restaurant(), restaurant()],
        catalogue([lender()]),
        known={0: np.array([0])},
        open_to=[False, True],
    )

    assert (known.lead.tolist(), best.lead.tolist()) == ([0], [1])


def test_a_better_service_that_comes_late_takes_the_place_of_a_worse():
    any_trade = [lender(target_industries=())] * 30
    offered = catalogue([*any_trade, lender(target_industries=("722511",))])

    _, _, best = found([restaurant()], offered, most=1)

    assert best.service.tolist() == [30]
