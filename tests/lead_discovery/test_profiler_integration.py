"""The profiler from Python: asked over HTTP, for the account that is named, with leave."""

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from lead_discovery import LeadDiscoveryEngine, ProfilerIntegration, open_pool
from services.enrichment.enriching import EnrichmentRefused
from services.leads.lead_investigation import Taken
from shared.errors import Malformed, NotFound
from shared.privacy.modes import MODES
from tests.services.enrichment.profiler_server import KEY, Profiler

BASIS = {"basis": "legitimate_interests", "note": "Balancing test"}

ADA = {"name": "Ada Lovelace", "email": "ada@analytical.example"}


@pytest.fixture(scope="module")
def server_of_profiles():
    server = Profiler().serve_aside()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def settings_with(local_settings, server_of_profiles):
    return replace(
        local_settings,
        profiler_url=server_of_profiles.url,
        profiler_key=KEY,
        allowed_private_hosts=frozenset(("127.0.0.1",)),
    )


@pytest.fixture(scope="module")
def pool(settings_with):
    with open_pool(settings_with) as pool:
        yield pool


@pytest.fixture
def profiler(pool, user_id):
    return ProfilerIntegration(pool, user_id=user_id)


@pytest.fixture
def lead_id(pool, user_id):
    return created(pool, user_id)


def created(pool, user_id, **lead):
    engine = LeadDiscoveryEngine(pool, user_id=user_id)
    return asyncio.run(engine.create_lead(None, ADA | lead))


def enrich(profiler, lead_id, **asked):
    return asyncio.run(profiler.enrich_lead_with_profiler(lead_id, **asked))


def test_a_person_is_looked_up_and_what_is_found_is_kept(profiler, lead_id, client, user_id):
    done = enrich(profiler, lead_id, username="ada_l", lawful_basis=BASIS)

    assert done["enriched"] is True
    path = f"/api/v1/lead-discovery/leads/{lead_id}/enrichment"
    kept = client.get(path, query_string={"user_id": user_id}).json
    assert [one["field"] for one in kept["enrichment_data"]["profiler"]] == [
        "social_profile",
        "company",
        "phone",
    ]
    assert kept["runs"][0]["lawful_basis"] == BASIS
    assert kept["runs"][0]["asked_by"] == "python"


def test_without_a_basis_nobody_is_asked(profiler, lead_id, server_of_profiles):
    asked = len(server_of_profiles.asked)

    with pytest.raises(EnrichmentRefused):
        enrich(profiler, lead_id)

    assert len(server_of_profiles.asked) == asked


def test_a_basis_that_there_is_not_is_malformed(profiler, lead_id):
    with pytest.raises(Malformed):
        enrich(profiler, lead_id, lawful_basis={"basis": "curiosity"})


def test_no_basis_but_consent_will_do_in_gdpr_strict(
    settings_with, lead_id, user_id, server_of_profiles
):
    asked = len(server_of_profiles.asked)
    with open_pool(replace(settings_with, mode=MODES["gdpr_strict"])) as strict:
        profiler = ProfilerIntegration(strict, user_id=user_id)
        with pytest.raises(EnrichmentRefused):
            enrich(profiler, lead_id, username="ada_l", lawful_basis=BASIS)

        agreed = {"purposes": ["lead_processing", "enrichment"], "text_version": "1"}
        created(strict, user_id, consent=agreed)
        assert len(server_of_profiles.asked) == asked
        assert enrich(profiler, lead_id, username="ada_l")["enriched"] is True


def test_another_accounts_lead_is_not_looked_up(pool, lead_id, server_of_profiles):
    asked = len(server_of_profiles.asked)
    stranger = ProfilerIntegration(pool, user_id=f"tenant-{uuid4().hex}")

    with pytest.raises(NotFound):
        enrich(stranger, lead_id, lawful_basis=BASIS)

    assert len(server_of_profiles.asked) == asked


def test_an_erased_lead_is_not_looked_up(profiler, lead_id, client, user_id):
    path = f"/api/v1/lead-discovery/leads/{lead_id}"
    assert client.delete(path, query_string={"user_id": user_id}).status_code == 200

    with pytest.raises(NotFound):
        enrich(profiler, lead_id, lawful_basis=BASIS)


def test_leads_of_whom_the_same_was_found_are_told_of_each_other(pool, profiler, lead_id, user_id):
    other = created(pool, user_id, name="Grace Hopper", email="grace@ships.example")
    for one in (lead_id, other):
        enrich(profiler, one, username="ada_l", lawful_basis=BASIS)
    ring = asyncio.run(profiler.create_investigation_from_lead(lead_id, "Ring"))
    engine = LeadDiscoveryEngine(pool, user_id=user_id)
    assert asyncio.run(engine.create_lead(ring, ADA | {"email": "third@ships.example"}))

    assert asyncio.run(profiler.cross_reference_findings(other, ring)) == [
        {
            "lead_id": UUID(lead_id),
            "how": "social",
            "field": "social_profile",
            "value": "https://codeforge.example/ada_l",
            "provider": "profiler",
            "other_field": "social_profile",
            "other_provider": "profiler",
        }
    ]
    assert asyncio.run(profiler.cross_reference_findings(lead_id, ring)) == []


def test_a_lead_of_an_investigation_moves_only_if_that_is_said(profiler, lead_id):
    first = asyncio.run(profiler.create_investigation_from_lead(lead_id, "Ring"))

    with pytest.raises(Taken):
        asyncio.run(profiler.create_investigation_from_lead(lead_id, "Another"))
    assert asyncio.run(profiler.create_investigation_from_lead(lead_id, move=True)) != first
