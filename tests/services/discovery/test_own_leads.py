"""Among an account's own leads those are found that fit what is looked for."""

import pytest

from services.discovery.sources.own_leads import OwnLeads
from shared.errors import Malformed
from tests.services.discovery.discovered import find

DISCOVER = "/discover"


@pytest.fixture
def discover(mine):
    """Discover among the account's own leads; return the names of the companies found."""

    def discover(settings=None, **said):
        sources = [{"type": "own_leads"} | (settings or {})]
        body = {"investigation_id": mine.investigation(), "sources": sources} | said
        job = mine.post("/discover", 202, **body).json["job"]
        mine.work(job["id"])
        found = mine.get(f"/discover/{job['id']}")["lead_ids"]
        return {mine.get(f"/leads/{lead_id}")["lead"]["company"] for lead_id in found}

    return discover


@pytest.fixture
def lead(mine):
    numbers = iter(range(100))

    def lead(company, **said):
        number = next(numbers)
        fields = dict(find(number).fields) | {"company": company} | said
        return mine.post("/leads", 201, **fields).json["lead"]["id"]

    return lead


def test_a_lead_within_the_radius_is_found_and_one_beyond_is_not(discover, lead):
    lead("Near", city="Austin", state="TX")
    lead("Far", city="Houston", state="TX")
    lead("Nowhere")

    assert discover(geographic_area="Austin, TX", radius_km=60) == {"Near"}
    assert discover(geographic_area="Austin, TX", radius_km=300) == {"Near", "Far"}


def test_a_whole_region_has_what_lies_in_it(discover, lead):
    lead("Texan", city="Austin", state="TX")
    lead("Ohioan", city="Columbus", state="OH")

    assert discover(geographic_area="Texas") == {"Texan"}
    assert discover(geographic_area="United States") == {"Texan", "Ohioan"}


def test_a_circle_over_the_date_line_is_one(discover, lead):
    lead("East", location="-18.1,179.9")
    lead("West", location="-18.1,-179.9")

    assert discover(geographic_area="-18.1,179.95", radius_km=50) == {"East", "West"}


def test_an_industry_has_all_its_branches_and_no_other(discover, lead):
    lead("Bakery", industry="bakery")
    lead("Software", industry="software")
    lead("Silent")

    assert discover(industry="food manufacturing") >= {"Bakery"}
    assert discover(industry="software") == {"Software"}


def test_a_keyword_is_looked_for_in_what_a_lead_said(discover, lead):
    lead("Organic Bread Ltd")
    lead("Other", message="We would like organic flour.")
    lead("Third", message="We do not.")

    assert discover(keywords=["organic", "vegan cheese"]) == {"Organic Bread Ltd", "Other"}


def test_size_and_category_are_compared(discover, lead):
    lead("Small", company_size="small", lead_category="loan")
    lead("Large", company_size="large", lead_category="Loan")

    assert discover(company_size="small") == {"Small"}
    assert discover(lead_category="LOAN") == {"Small", "Large"}


def test_an_industry_that_nobody_knows_is_a_keyword(discover, lead):
    lead("Quantum Zorbing")
    lead("Other")

    assert discover(industry="zorbing") == {"Quantum Zorbing"}


def test_a_visitor_is_found_by_what_they_did(discover, lead, mine, client):
    agreed = {"purposes": ["lead_processing", "behavioural_tracking"]}
    visitor = lead("Visitor", consent=agreed)
    lead("Idle")
    behavior = [{"type": "page_view", "url": "https://shop.example/heat-pumps"}]
    body = {"user_id": mine.user_id, "lead_id": visitor, "metadata": {"behavior": behavior}}
    answer = client.post("/webhook/leadfly/signal-detection", json=body)
    assert answer.status_code == 200

    assert discover(keywords=["heat pumps"]) == {"Visitor"}
    assert discover({"active_within_days": 7}) == {"Visitor"}


def test_a_duplicate_is_not_found_beside_whom_it_repeats(discover, lead, mine):
    lead("First", email="same@corp.example", name="Ada Lovelace")
    mine.post("/leads", 200, email="same@corp.example", name="Ada Lovelace", company="First")

    assert discover() == {"First"}


def test_leads_of_another_investigation_stay_there(lead, mine):
    other = mine.investigation()
    lead_id = lead("Elsewhere", investigation_id=other)
    body = {"investigation_id": mine.investigation(), "sources": ["own_leads"]}
    job = mine.post("/discover", 202, **body).json["job"]
    mine.work(job["id"])

    assert mine.get(f"/discover/{job['id']}")["lead_ids"] == [lead_id]
    assert mine.get(f"/leads/{lead_id}")["lead"]["investigation_id"] == other


@pytest.mark.parametrize("days", [0, 3651, "7", True, 1.5])
def test_days_that_are_none_are_refused(days):
    with pytest.raises(Malformed):
        OwnLeads().checked({"active_within_days": days})
