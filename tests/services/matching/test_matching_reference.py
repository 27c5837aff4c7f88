"""The scores agree with the rules of decision 0040, written down once more, plainly and slowly.

Nothing of the criteria is used here but the tables of needs and the likeness of industries.
"""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.needs import ANSWERS, BUSINESS, CATEGORY_NEEDS, PERSONAL, near
from services.matching.region import circle
from shared.great_circle import distance_km
from shared.normalize.industry import industry, similarity
from tests.services.matching.offers import (
    CALIFORNIA,
    CANADA,
    CHICAGO,
    ILLINOIS,
    INDUSTRIES,
    NATIONWIDE,
    NEEDS,
    NOW,
    PLACES,
    around,
    lead,
    matched,
    profiles,
    service,
    services,
)

GONE = None


def plain_score(profile, one):
    """Expected, low and high points in standard mode, or GONE."""
    asked = plain_money(profile.loan_amount, profile, one) or None
    if not one.is_active or profile.purposes == frozenset():
        return GONE
    if profile.lead_type in ("consumer", "business") and one.target_audience not in (
        "both",
        profile.lead_type,
    ):
        return GONE
    sizes = one.target_company_sizes
    if sizes and profile.company_size and profile.company_size not in sizes:
        return GONE
    if plain_no_help(profile, one):
        return GONE
    if asked and not (one.min_loan_amount or 0) <= asked <= (one.max_loan_amount or asked):
        return GONE
    if plain_too_little_or_much(profile, one):
        return GONE
    place = plain_place(profile, one)
    if place is GONE:
        return GONE
    parts = [
        (25, place),
        (20, plain_trade(profile, one)),
        (25, plain_need(profile, one, asked)),
        (15, plain_company(profile, one)),
        (15, plain_behaviour(profile)),
    ]
    low = sum(most * worst for most, (worst, _) in parts)
    high = sum(most * best for most, (_, best) in parts)
    return low + (high - low) / 4, low, high


def plain_money(value, profile, one):
    if value is None or value < 0:
        return None
    return value if profile.currency in (None, one.currency) else None


def plain_place(profile, one):
    if not one.target_locations:
        return 0.7, 0.7
    found = [plain_area(profile, area) for area in one.target_locations]
    found = [span for span in found if span is not GONE]
    if not found:
        return GONE
    return max(worst for worst, _ in found), max(best for _, best in found)


def plain_area(profile, area):
    if profile.country and profile.country != area.country:
        return GONE
    if area.kind == "country":
        return (0.8, 0.8) if profile.country else (0, 0.8)
    if area.kind == "admin1":
        if profile.admin1 and profile.admin1 != area.admin1:
            return GONE
        return (0.9, 0.9) if profile.country and profile.admin1 else (0, 0.9)
    nearest, farthest = plain_distance(profile, area)
    if area.radius_km:
        if nearest > area.radius_km:
            return GONE
        worst = 0 if farthest > area.radius_km else 0.8 + 0.2 / 2 ** (farthest / 50)
        return worst, 0.8 + 0.2 / 2 ** (nearest / 50)
    home = (profile.country, profile.admin1) == (area.country, area.admin1)
    if nearest > 220 and not home:
        return GONE
    worst = 0 if farthest > 220 else plain_metro(farthest)
    return max(worst, 0.2 * home), max(plain_metro(nearest), 0.2 * home)


def plain_metro(km):
    return 1 if km < 40 else 1 / 2 ** ((km - 40) / 60)


def plain_distance(profile, area):
    if profile.latitude is not None:
        km = distance_km(profile.latitude, profile.longitude, area.latitude, area.longitude)
        return km, km
    if not (profile.country and profile.admin1):
        return 0, 1e6
    north, east, reach = circle(profile.country, profile.admin1)
    km = distance_km(north, east, area.latitude, area.longitude)
    return max(0, km - reach), km + reach


def plain_trade(profile, one):
    if not one.target_industries:
        return 0.5, 0.5
    if not profile.industry:
        return 0, 1
    best = 0
    for target in one.target_industries:
        mine, theirs = industry(profile.industry), industry(target)
        inside = (
            mine
            and theirs
            and all(
                any(code.startswith(wide) for wide in theirs.prefixes) for code in mine.prefixes
            )
        )
        best = max(best, 1 if inside else similarity(profile.industry, target))
    return best, best


def plain_no_help(profile, one):
    """True if needs are known and what the service answers is near none of them."""
    needs, answers = plain_needs(profile), plain_answers(one)
    return bool(needs and answers) and all(near(n, a) == 0 for n, _ in needs for a in answers)


def plain_too_little_or_much(profile, one):
    """True if revenue is outside what is required, or no age that the company may have is in it.

    Founded in some year it is older than the years between less one, and younger than that plus
    one.
    """
    asks, income = one.requirements, plain_money(profile.revenue, profile, one)
    for least, most, lowest, highest in (
        (asks.get("min_revenue"), asks.get("max_revenue"), income, income),
        (
            asks.get("min_company_age_years"),
            asks.get("max_company_age_years"),
            *plain_ages(profile),
        ),
    ):
        if lowest is not None:
            if least is not None and highest < least:
                return True
            if most is not None and lowest > most:
                return True
    return False


def plain_ages(profile):
    years = plain_years(profile)
    return (None, None) if years is None else (years - 1 + 1e-6, years + 1 - 1e-6)


def plain_years(profile):
    founded = profile.founded_year
    return 2026 - founded if founded is not None and founded <= 2026 else None


def plain_needs(profile):
    """What the lead needs, each with its weight."""
    category = profile.lead_category
    needs = [(n, 1.0) for n in CATEGORY_NEEDS.get(category, [category] if category else [])]
    if (profile.loan_amount or 0) > 0:
        needs += [("business_loan", 1.0), ("personal_loan", 1.0)]
    unique = list(dict.fromkeys(need.replace(" ", "_") for need in profile.needs or ()))
    return needs + list(zip(unique, [1.0, 0.9, 0.8, 0.8, 0.8], strict=False))


def plain_need(profile, one, asked):
    answers = plain_answers(one)
    if not answers:
        worst = best = 0.25
    else:
        how_far = [1.0] * len(answers) if one.answers_needs else [1.0] + [0.9] * len(answers)
        worst = max(
            (
                weight * near(need, answer) * far
                for need, weight in plain_needs(profile)
                for answer, far in zip(answers, how_far, strict=False)
            ),
            default=0,
        )
        best = worst if profile.needs else 1
    if one.min_loan_amount is None and one.max_loan_amount is None:
        return worst, best
    return 0.8 * worst + (0.2 if asked else 0), 0.8 * best + 0.2


def plain_answers(one):
    if one.answers_needs:
        return [need.replace(" ", "_") for need in one.answers_needs]
    usual = ANSWERS.get(one.service_type, [one.service_type] if one.service_type else [])
    wrong = {"consumer": BUSINESS, "business": PERSONAL, "both": ()}[one.target_audience]
    return [need for need in usual if need not in wrong] or usual


def plain_company(profile, one):
    kind = profile.lead_type if profile.lead_type in ("consumer", "business") else None
    asks, years = one.requirements, plain_years(profile)
    income = plain_money(profile.revenue, profile, one)
    parts = [
        (5, (0.5, 0.5) if one.target_audience == "both" else (1, 1) if kind else (0, 1)),
        (
            4,
            (0.5, 0.5)
            if not one.target_company_sizes
            else (1, 1)
            if profile.company_size
            else (0, 1),
        ),
        (3, plain_bounds(income, asks.get("min_revenue"), asks.get("max_revenue"))),
        (
            3,
            plain_bounds(
                years, asks.get("min_company_age_years"), asks.get("max_company_age_years")
            ),
        ),
    ]
    return tuple(sum(most * span[end] for most, span in parts) / 15 for end in (0, 1))


def plain_bounds(value, least, most):
    if least is None and most is None:
        return 0.5, 0.5
    if value is None:
        return 0, 1
    share = 1.0
    if least and value < least:
        share = value / least
    elif most is not None and value > most:
        share = most / value
    return share, share


def plain_behaviour(profile):
    parts = [
        (5, profile.signal_strength, 100),
        (6, profile.intent_score, 100),
        (4, None, 1),
    ]
    low = sum(most * value / of for most, value, of in parts if value is not None)
    high = low + sum(most for most, value, _ in parts if value is None)
    if profile.last_activity_at is not None:
        days = max(0, (NOW - profile.last_activity_at) / timedelta(days=1))
        low, high = low + 4 / 2 ** (days / 14), high - 4 + 4 / 2 ** (days / 14)
    return low / 15, high / 15


def agree(profile, offered):
    found = matched(profile, *offered)
    scores = {one.id: plain_score(profile, one) for one in offered}
    told = {match.service.id: match for match in found.matches}
    assert {name for name, score in scores.items() if score is not GONE} == set(told)
    for name, match in told.items():
        plain = pytest.approx(scores[name], abs=1e-9)
        assert (match.match_score, match.low, match.high) == plain
    order = sorted(told, key=lambda name: (-round(scores[name][0], 9), name))
    assert [match.service.id for match in found.matches] == order


@given(profiles(), st.lists(services, max_size=6, unique_by=lambda one: one.id))
@settings(deadline=None, max_examples=300)
def test_scores_and_order_are_those_of_the_rules(profile, offered):
    agree(profile, offered)


def test_ten_thousand_random_pairs_are_scored_and_ordered_by_the_rules():
    chance = random.Random(40)
    offered = [an_offer(chance, number) for number in range(100)]

    for _ in range(100):
        agree(a_lead(chance), offered)


def an_offer(chance, number):
    least = chance.choice((None, 1_000, 20_000))
    return service(
        number,
        service_type=chance.choice(("loan", "consulting", "insurance", "financial_service")),
        target_audience=chance.choice(("consumer", "business", "both", "both")),
        target_industries=tuple(chance.sample(INDUSTRIES, chance.randrange(3))),
        target_locations=tuple(
            chance.sample(
                (CHICAGO, ILLINOIS, CALIFORNIA, NATIONWIDE, CANADA, around(60), around(900)),
                chance.randrange(3),
            )
        ),
        target_company_sizes=chance.choice(((), (), ("small",), ("small", "medium"))),
        min_loan_amount=least,
        max_loan_amount=chance.choice((None, 50_000, 1_000_000)),
        requirements=chance.choice(
            (
                {},
                {"min_revenue": 100_000},
                {"min_company_age_years": 2, "max_revenue": 900_000},
                {"min_company_age_years": 2.5, "max_company_age_years": 20},
            )
        ),
    )


def a_lead(chance):
    north, east, country, admin1 = chance.choice(PLACES)
    profile = lead(
        latitude=north,
        longitude=east,
        country=country,
        admin1=admin1,
        industry=chance.choice(INDUSTRIES),
        company_size=chance.choice(("small", "medium", "large")),
        lead_type=chance.choice(("consumer", "business")),
        needs=tuple(chance.sample(NEEDS, chance.randrange(1, 4))),
        loan_amount=chance.randrange(500, 600_000),
        signal_strength=chance.randrange(101),
        intent_score=chance.randrange(101),
        last_activity_at=NOW - timedelta(hours=chance.randrange(2000)),
        revenue=chance.randrange(1_000_000),
        founded_year=chance.randrange(1990, 2027),
    )
    unknown = chance.sample(
        ("latitude", "industry", "company_size", "lead_type", "needs", "loan_amount", "revenue"),
        chance.randrange(4),
    )
    if "latitude" in unknown:
        unknown.append("longitude")
    return replace(profile, **dict.fromkeys(unknown))
