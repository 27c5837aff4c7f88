"""The matchmaker finds in Python what the routes find, under the documents' names."""

import asyncio
from uuid import uuid4

import pytest

from lead_discovery import LeadMatchmaker, open_pool
from shared.errors import Malformed, Meaningless, NotFound
from tests.services.matching.account import BAKERY, Matched


@pytest.fixture
def mine(app, user_id):
    return Matched(app, user_id)


@pytest.fixture
def matchmaker(local_settings, user_id):
    with open_pool(local_settings) as pool:
        yield LeadMatchmaker(pool, user_id=user_id)


def test_a_lead_is_matched_and_its_matches_are_kept(mine, matchmaker):
    service_id, lead_id = mine.service(), mine.lead(**BAKERY)

    matches = asyncio.run(matchmaker.match_lead_to_services(lead_id, limit=10))

    (kept,) = mine.get(f"/leads/{lead_id}/matches")["matches"]
    assert str(matches[0]["match_id"]) == kept["match_id"]
    assert (str(matches[0]["service_id"]), kept["service_id"]) == (service_id, service_id)


def test_recommending_keeps_nothing(mine, matchmaker):
    mine.service()
    lead_id = mine.lead(**BAKERY)

    assert len(asyncio.run(matchmaker.recommend_services(lead_id))) == 1
    assert mine.get(f"/leads/{lead_id}/matches")["matches"] == []


def test_leads_of_a_service_are_ranked(mine, matchmaker):
    service_id, lead_id = mine.service(), mine.lead(**BAKERY)
    mine.get("/leads")
    asyncio.run(matchmaker.match_lead_to_services(lead_id))

    ranked = asyncio.run(matchmaker.rank_leads(service_id, {"location": "Texas"}, limit=100))
    elsewhere = asyncio.run(matchmaker.rank_leads(service_id, {"location": "California"}))

    assert [str(one["lead_id"]) for one in ranked] == [lead_id]
    assert elsewhere == []


@pytest.mark.parametrize("limit", [0, 51])
def test_a_limit_out_of_range_is_refused(matchmaker, limit):
    with pytest.raises(Malformed):
        asyncio.run(matchmaker.match_lead_to_services(uuid4(), limit))


def test_what_is_not_there_is_not_found(mine, matchmaker):
    with pytest.raises(NotFound):
        asyncio.run(matchmaker.match_lead_to_services(uuid4()))
    with pytest.raises(Meaningless):
        asyncio.run(matchmaker.rank_leads(mine.service(), {"location": "Qzxwvkj"}))
