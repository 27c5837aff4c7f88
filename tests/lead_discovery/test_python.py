"""The package does what the services do, for the account that is named."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from lead_discovery import GeographicTargeting, LeadDiscoveryEngine, open_pool
from lead_discovery.privacy_config import get_privacy_config
from shared import settings
from shared.errors import Conflict, Malformed, Meaningless, NotFound

ADA = {"name": "Ada Lovelace", "email": "ada@analytical.example", "company": "Engines Ltd"}

LEADS = "/api/v1/lead-discovery/leads"


@pytest.fixture(scope="module")
def pool(local_settings):
    with open_pool(local_settings) as pool:
        yield pool


@pytest.fixture
def engine(pool, user_id):
    return LeadDiscoveryEngine(pool, user_id=user_id)


def create(engine, investigation_id=None, signals=None, **lead):
    return asyncio.run(engine.create_lead(investigation_id, ADA | lead, signals))


def test_a_lead_is_created_once(engine):
    assert create(engine) == create(engine, name="A. Lovelace")


def test_what_is_created_here_is_known_to_the_services(engine, client, user_id):
    lead_id = create(engine)

    answer = client.post(LEADS, json=ADA | {"user_id": user_id})

    assert (answer.status_code, answer.json["lead"]["id"]) == (200, lead_id)


def test_accounts_do_not_meet(pool, engine):
    other = LeadDiscoveryEngine(pool, user_id=f"tenant-{uuid4().hex}")

    assert create(engine) != create(other)


def test_many_are_created_at_once(engine):
    async def all_of_them():
        people = [
            ADA | {"email": f"p{n}@firm{n}.example", "name": f"Nr{n} Of{n}", "company": f"F{n}"}
            for n in range(40)
        ]
        return await asyncio.gather(*(engine.create_lead(None, lead) for lead in people))

    assert len(set(asyncio.run(all_of_them()))) == 40


def test_an_investigation_is_named_by_its_id(engine, client, user_id):
    investigation_id = asyncio.run(engine.create_investigation("Engines", "Who builds them?"))
    create(engine, investigation_id)

    path = f"/api/v1/lead-discovery/investigations/{investigation_id}"
    found = client.get(path, query_string={"user_id": user_id}).json["investigation"]
    assert (found["name"], found["leads"], found["created_by"]) == ("Engines", 1, "python")


def test_an_investigation_that_nobody_has_is_not_found(engine):
    with pytest.raises(NotFound):
        create(engine, uuid4())


def test_a_closed_investigation_takes_no_more(engine, client, user_id):
    investigation_id = asyncio.run(engine.create_investigation("Engines"))
    path = f"/api/v1/lead-discovery/investigations/{investigation_id}"
    client.put(path, json={"user_id": user_id, "status": "closed"})

    with pytest.raises(Conflict):
        create(engine, investigation_id)


@pytest.mark.parametrize(
    "signals",
    [
        [{"type": "growth", "strength": 61}],
        {"growth_signals": [{"type": "growth", "strength": 61}], "loan_signals": []},
    ],
    ids=["a list", "lists by name"],
)
def test_signals_are_taken_as_detectors_give_them(engine, client, user_id, signals):
    lead_id = create(engine, signals=signals)

    lead = client.get(f"{LEADS}/{lead_id}", query_string={"user_id": user_id}).json["lead"]
    assert lead["signal_strength"] == 61


def test_what_is_wrong_is_named(engine):
    with pytest.raises(Malformed) as refused:
        create(engine, email="nobody at home")

    assert list(refused.value.details) == ["email"]


@pytest.mark.parametrize("text", ["half \ud800", "nothing \0"])
def test_what_no_request_may_say_no_program_may(engine, text):
    with pytest.raises(Malformed) as refused:
        create(engine, company=text)

    assert list(refused.value.details) == ["company"]


def test_a_named_call_is_safe_to_repeat(engine, client, user_id):
    first = create(engine, submission_id="k")

    again = create(engine, submission_id="k")

    query = {"user_id": user_id, "duplicates": "true"}
    assert first == again
    assert client.get(LEADS, query_string=query).json["count"] == 1


def test_an_account_must_be_named_unless_this_is_local_mode(local_settings):
    with (
        open_pool(replace(local_settings, auth_mode="keys")) as pool,
        pytest.raises(Malformed),
    ):
        LeadDiscoveryEngine(pool)


@pytest.mark.parametrize("name", ["", "a" * 129, "a\0"])
def test_an_account_that_no_request_could_name_is_refused(pool, name):
    with pytest.raises(Malformed):
        pool.tenant(name)


def test_a_local_account_is_anonymous_unless_it_is_named(pool):
    assert pool.tenant(None) == "anonymous"


def test_leads_around_a_place_join_the_investigation(pool, engine, user_id):
    geo = GeographicTargeting(pool, user_id=user_id)
    investigation_id = asyncio.run(engine.create_investigation("Around"))
    near = create(engine, location="Austin, TX")
    create(engine, location="Berlin, Germany", email="b@b.example", name="B", company="C")

    found = asyncio.run(geo.discover_local_leads(investigation_id, "Austin, TX", 25))

    assert found == [near]


def test_a_place_that_nobody_knows_is_told(pool, user_id):
    geo = GeographicTargeting(pool, user_id=user_id)

    with pytest.raises(Meaningless):
        asyncio.run(geo.analyze_local_market("Xyzzyx, Qq"))


@pytest.mark.parametrize(
    ("mode", "cookies", "behaviour", "leads", "unheard_of", "fingerprinting"),
    [
        ("gdpr_strict", True, True, True, True, False),
        ("standard", True, True, False, True, False),
        ("testing", False, False, False, False, True),
    ],
)
def test_the_privacy_matrix_is_told(mode, cookies, behaviour, leads, unheard_of, fingerprinting):
    privacy = get_privacy_config(settings.load({"PRIVACY_MODE": mode}))

    assert privacy.mode == mode
    assert privacy.requires_consent("cookies") is cookies
    assert privacy.requires_consent("tracking") is behaviour
    assert privacy.requires_consent("lead_processing") is leads
    assert privacy.requires_consent("mind reading") is unheard_of
    assert privacy.allows_fingerprinting() is fingerprinting


def test_leads_are_discovered_by_this_process_where_no_worker_runs(engine, pool, user_id):
    investigation_id = asyncio.run(engine.create_investigation("Engines"))
    lead_id = create(engine, city="Austin", state="TX")
    criteria = {"geographic_area": "Austin, TX", "sources": ["own_leads"]}

    first = asyncio.run(engine.discover_leads(investigation_id, criteria))
    again = asyncio.run(engine.discover_leads(investigation_id, criteria | {"radius_km": 10}))

    assert first == again == [lead_id]


def test_a_discovery_at_no_place_is_refused(engine):
    investigation_id = asyncio.run(engine.create_investigation("Engines"))
    with pytest.raises(Meaningless):
        asyncio.run(engine.discover_leads(investigation_id, {"geographic_area": "Qqqxyz Nowhere"}))
