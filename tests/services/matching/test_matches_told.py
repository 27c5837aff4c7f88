"""What is told of a match: how sure and how urgent it is, why, and in which order."""

import pytest

from services.matching.interval import WIDE
from services.matching.matching import MOST_INELIGIBLE, Part, confidence, match, priority
from services.matching.prepared import prepared
from shared.privacy.modes import MODES
from tests.services.matching.offers import (
    NOW,
    around,
    lead,
    lender,
    matched,
    only,
    restaurant,
    service,
)

STANDARD = MODES["standard"]


@pytest.mark.parametrize(
    ("score", "width", "weakest", "level"),
    [
        (80, 0, 0.5, "high"),
        (80, 0, 0.49, "medium"),
        (79.9, 0, 0.5, "medium"),
        (60, WIDE, 0.0, "medium"),
        (59.9, 0, 1.0, "low"),
        (95, WIDE + 0.1, 1.0, "low"),
    ],
)
def test_confidence_asks_for_a_score_for_every_part_and_for_a_narrow_interval(
    score, width, weakest, level
):
    parts = [Part("one", 20 * weakest, 0, 20, 20), Part("other", 25, 25, 25, 25)]

    assert confidence(score, width, parts) == level


@pytest.mark.parametrize(
    ("score", "intent", "word"),
    [
        (80, 70, "urgent"),
        (80, 69.9, "high"),
        (80, None, "high"),
        (70, 100, "high"),
        (69.9, 100, "medium"),
        (50, 0, "medium"),
        (49.9, 100, "low"),
    ],
)
def test_priority_follows_the_score_and_the_intent(score, intent, word):
    assert priority(score, intent) == word


def test_reasons_cite_what_was_compared():
    told = " | ".join(only(restaurant(), lender()).reasons)

    for cited in (
        "Oak Park (IL, US) is in United States",
        "Full-Service Restaurants is part of Food service",
        "needs business loan",
        "asks for 45,000 USD, the service lends 5,000 to 250,000 USD",
        "company size small",
        "intent 75 of 100",
    ):
        assert cited in told


def test_the_distance_is_a_reason():
    found = only(restaurant(), lender(target_locations=(around(50),)))

    assert (
        "Oak Park (IL, US) is 12 km from Chicago, IL, within its radius of 50 km" in found.reasons
    )


def test_what_counts_most_is_told_first_and_what_is_not_known_after_what_is():
    odd = only(restaurant(industry="5415", needs=("business_loan",), intent_score=None), lender())

    known = [place for place, text in enumerate(odd.reasons) if "not known" not in text]
    assert odd.reasons[0].startswith("industry ") and "nothing in common" in odd.reasons[0]
    assert known == list(range(len(known)))


def test_equal_matches_stand_by_the_id_of_the_service():
    found = matched(restaurant(), lender(3), lender(1), lender(2)).matches

    assert [match.service.id for match in found] == ["001", "002", "003"]


def test_only_the_best_are_told_and_all_are_counted():
    every = [lender(number) for number in range(30)]

    found = matched(restaurant(), *every, limit=10)

    assert (len(found.matches), found.eligible, found.excluded) == (10, 30, 0)


def test_of_many_services_that_exclude_the_first_are_told():
    every = [lender(number, is_active=False) for number in range(MOST_INELIGIBLE + 50)]

    found = matched(restaurant(), *every)

    assert (len(found.ineligible), found.excluded) == (MOST_INELIGIBLE, len(every))


def test_no_service_makes_no_match_and_no_question():
    found = matched(lead())

    assert (found.matches, found.ineligible, found.ask_next) == ([], [], None)


def test_a_prepared_catalogue_gives_what_the_services_give():
    every = [lender(1), service(2), service(3, service_type="consulting")]

    assert match(restaurant(), prepared(every), NOW, STANDARD, None) == matched(
        restaurant(), *every
    )


def test_a_part_of_a_prepared_catalogue_gives_what_its_services_give():
    every = [lender(1), service(2), lender(3, is_active=False), service(4)]
    part = prepared(every).only([1, 2])

    assert match(restaurant(), part, NOW, STANDARD, None) == matched(restaurant(), *every[1:3])
