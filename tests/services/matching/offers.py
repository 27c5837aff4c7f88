"""Services, leads and places for tests of matching, each with what differs said by the test."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from services.matching.matching import match
from services.matching.profile import Profile
from services.matching.service import COMPANY_SIZES, Area, Service
from shared.privacy.modes import MODES

NOW = datetime(2026, 3, 1, tzinfo=UTC)

CHICAGO = Area("Chicago, IL", "city", "US", "IL", 41.85, -87.65)
ILLINOIS = Area("Illinois", "admin1", "US", "IL", 40.02, -89.19)
CALIFORNIA = Area("California", "admin1", "US", "CA", 37.12, -119.55)
NATIONWIDE = Area("United States", "country", "US", None, 38.0, -97.0)
CANADA = Area("Canada", "country", "CA", None, 60.0, -95.0)

OAK_PARK = {
    "latitude": 41.885,
    "longitude": -87.784,
    "country": "US",
    "admin1": "IL",
    "place": "Oak Park",
}
TORONTO = {
    "latitude": 43.706,
    "longitude": -79.399,
    "country": "CA",
    "admin1": "ON",
    "place": "Toronto",
}


def around(km, area=CHICAGO):
    return Area(area.name, area.kind, area.country, area.admin1, area.latitude, area.longitude, km)


def service(number=1, **changes):
    named = {"service_name": f"Service {number}", "service_type": "loan"}
    return Service(f"{number:03}", **named | changes)


def lender(number=1, **changes):
    """A lender to small restaurants of the country, from 5,000 to 250,000 USD."""
    usual = {
        "target_audience": "business",
        "target_industries": ("722",),
        "target_locations": (NATIONWIDE,),
        "target_company_sizes": ("small", "medium"),
        "min_loan_amount": 5_000,
        "max_loan_amount": 250_000,
    }
    return service(number, **usual | changes)


def lead(**changes):
    return Profile(**changes)


def restaurant(**changes):
    """A restaurant near Chicago that wants 45,000 USD now; all is known that a lender asks."""
    usual = {
        **OAK_PARK,
        "industry": "722511",
        "company_size": "small",
        "lead_type": "business",
        "needs": ("business_loan",),
        "loan_amount": 45_000,
        "signal_strength": 80,
        "intent_score": 75,
        "last_activity_at": NOW - timedelta(days=1),
    }
    return Profile(**usual | changes)


def matched(profile, *services, mode="standard", limit=None):
    return match(profile, services, NOW, MODES[mode], limit)


def only(profile, one, **options):
    """The match with one service."""
    (found,) = matched(profile, one, **options).matches
    return found


def refusal(profile, one, **options):
    """Why the lead cannot have one service."""
    (found,) = matched(profile, one, **options).ineligible
    return found.reason


# Strategies --------------------------------------------------------------------------------------

NEEDS = (
    "business_loan",
    "business_consulting",
    "financial_assistance",
    "growth_capital",
    "expansion_financing",
    "personal_loan",
    "insurance",
    "no such need",
)
INDUSTRIES = ("722", "722511", "72", "5415", "technology", "44-45", "541", "no such trade")
PLACES = (
    (41.85, -87.65, "US", "IL"),
    (41.885, -87.784, "US", "IL"),
    (39.78, -89.65, "US", "IL"),
    (43.04, -87.91, "US", "WI"),
    (34.05, -118.24, "US", "CA"),
    (43.706, -79.399, "CA", "ON"),
)

areas = st.one_of(
    st.sampled_from((CHICAGO, ILLINOIS, CALIFORNIA, NATIONWIDE, CANADA)),
    st.builds(around, st.floats(1, 3000)),
)
least = st.one_of(st.none(), st.integers(0, 50_000))
requirements = st.fixed_dictionaries(
    {}, optional={"min_revenue": least, "max_revenue": st.just(1_000_000)}
) | st.fixed_dictionaries(
    {"min_company_age_years": st.sampled_from((0, 1, 2.5, 10))},
    optional={"max_company_age_years": st.sampled_from((10, 25.5))},
)

services = st.builds(
    Service,
    id=st.integers(0, 999).map("{:03}".format),
    service_name=st.just("Any service"),
    service_type=st.sampled_from(("", "loan", "consulting", "insurance", "financial_service")),
    target_audience=st.sampled_from(("consumer", "business", "both")),
    target_industries=st.lists(st.sampled_from(INDUSTRIES), max_size=3).map(tuple),
    target_locations=st.lists(areas, max_size=3).map(tuple),
    target_company_sizes=st.lists(st.sampled_from(COMPANY_SIZES), max_size=2).map(tuple),
    min_loan_amount=least,
    max_loan_amount=st.one_of(st.none(), st.integers(50_000, 500_000)),
    currency=st.sampled_from(("USD", "USD", "EUR")),
    requirements=requirements,
    answers_needs=st.none() | st.lists(st.sampled_from(NEEDS), max_size=2).map(tuple),
)


def some(strategy):
    return st.none() | strategy


@st.composite
def profiles(draw):
    """A lead of whom anything may be unknown; it lies where its codes say."""
    north, east, country, admin1 = draw(st.sampled_from(PLACES))
    known = draw(st.sampled_from(("nothing", "country", "region", "point")))
    return Profile(
        latitude=north if known == "point" else None,
        longitude=east if known == "point" else None,
        country=None if known == "nothing" else country,
        admin1=admin1 if known in ("region", "point") else None,
        industry=draw(some(st.sampled_from(INDUSTRIES))),
        company_size=draw(some(st.sampled_from(COMPANY_SIZES))),
        lead_type=draw(some(st.sampled_from(("consumer", "business", "unknown")))),
        lead_category=draw(some(st.sampled_from(("loan", "consulting", "insurance")))),
        needs=draw(some(st.lists(st.sampled_from(NEEDS), max_size=3).map(tuple))),
        loan_amount=draw(some(st.integers(-10, 600_000))),
        currency=draw(some(st.sampled_from(("USD", "EUR")))),
        signal_strength=draw(some(st.integers(0, 100))),
        intent_score=draw(some(st.integers(0, 100))),
        last_activity_at=draw(some(st.integers(-1, 400).map(lambda d: NOW - timedelta(days=d)))),
        revenue=draw(some(st.integers(0, 2_000_000))),
        founded_year=draw(some(st.integers(1900, 2030) | st.integers(2014, 2026))),
        purposes=draw(
            some(st.sampled_from((frozenset(), frozenset({"sharing"}), frozenset({"marketing"}))))
        ),
    )
