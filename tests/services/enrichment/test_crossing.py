"""What was found of one lead and also of others, on a real PostgreSQL, consent and account kept."""

from uuid import UUID, uuid4

import pytest

from services.enrichment import crossing
from services.enrichment.crossing_openapi import CROSS
from services.enrichment.enriching import EnrichmentRefused
from shared.errors import NotFound
from shared.web.openapi import openapi_path
from tests.leadfly.test_openapi import holds
from tests.services.enrichment.conftest import NOW, Directory, finding

API = "/api/v1/lead-discovery"


@pytest.fixture
def investigation(client, user_id):
    body = {"user_id": user_id, "name": "Ring"}
    return UUID(client.post(f"{API}/investigations", json=body).json["investigation"]["id"])


@pytest.fixture
def found_of(mine, lead, client, user_id, investigation):
    """Return a new lead of the investigation of whom *values* are found, field by field."""

    def made(provider="directory", joins=investigation, of=mine, said=None, **values):
        lead_id = lead(**(said or {}))
        found = [finding(field=field, value=value) for field, value in values.items()]
        of.run(lead_id, Directory(*found, name=provider))
        body = {"user_id": user_id, "investigation_id": joins and str(joins)}
        answer = client.put(f"{API}/leads/{lead_id}", json=body)
        assert answer.status_code == 200, answer.text
        return lead_id

    return made


@pytest.fixture
def crossed(mine, investigation):
    """Return what a lead has in common with others, as pairs of how and lead."""

    def crossed(lead_id, account=mine, now=NOW):
        found = crossing.cross_reference(
            account.desk(), account.tenant_id, lead_id, investigation, now
        )
        return [(one.how, one.lead_id) for one in found.crosses]

    return crossed


@pytest.mark.parametrize(
    ("how", "ours", "theirs"),
    [
        ("email", {"email": "Info@Acme.example"}, {"other_email": "info+x@acme.example"}),
        ("phone", {"phone": "(212) 555-0187"}, {"other_phone": "+1 212 555 0187"}),
        ("domain", {"website": "https://www.acme.example/en"}, {"website": "acme.example"}),
        (
            "social",
            {"social_profile": "https://www.linkedin.com/company/acme-x/"},
            {"social_profile": "http://linkedin.com/company/acme-x"},
        ),
        ("username", {"username": "@Ada_L"}, {"username": "ada_l"}),
        (
            "address",
            {"street": "12 Main Street", "postal_code": "78701"},
            {"street": "12 Main St", "city": "Austin", "postal_code": "78701"},
        ),
    ],
)
def test_leads_of_whom_the_same_was_found_meet_however_it_is_spelt(
    found_of, crossed, how, ours, theirs
):
    one, other = found_of(**ours), found_of("another", **theirs)

    assert crossed(one) == [(how, other)]
    assert crossed(other) == [(how, one)]


def test_leads_that_share_nothing_do_not_meet(found_of, crossed):
    one = found_of(phone="(212) 555-0187", company="Acme")
    found_of(phone="(212) 555-0188", company="Acme")

    assert crossed(one) == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"street": "12 Main St", "city": "Austin"}, {"street": "12 Main St", "city": "Boston"}),
        ({"street": "12 Main St"}, {"street": "12 Main St"}),
        (
            {"social_profile": "https://www.facebook.com/profile.php?id=100"},
            {"social_profile": "https://www.facebook.com/profile.php?id=200"},
        ),
        ({"website": "https://github.com/ada"}, {"website": "https://github.com/grace"}),
        ({"website": "https://linktr.ee/ada"}, {"website": "https://linktr.ee/grace"}),
    ],
    ids=str,
)
def test_what_strangers_have_in_common_is_no_cross_reference(found_of, crossed, ours, theirs):
    one = found_of(**ours)
    found_of(**theirs)

    assert crossed(one) == []


def test_a_profile_that_its_query_names_is_the_same(found_of, crossed):
    address = "https://www.facebook.com/profile.php?id=100"
    one, other = found_of(social_profile=address), found_of(social_profile=f"{address}&ref=x")

    assert crossed(one) == [("social", other)]


def test_a_value_of_another_kind_is_not_the_same(found_of, crossed):
    one = found_of(username="acme.example")
    found_of(website="acme.example")

    assert crossed(one) == []


def test_who_is_in_another_investigation_or_none_is_not_told(found_of, crossed, client, user_id):
    body = {"user_id": user_id, "name": "Other"}
    other = client.post(f"{API}/investigations", json=body).json["investigation"]["id"]
    one = found_of(username="ada")
    found_of(username="ada", joins=other)
    found_of(username="ada", joins=None)

    assert crossed(one) == []


def test_a_value_counts_once_of_each_lead(found_of, mine, crossed, lead):
    one = found_of(email="a@acme.example", other_email="A@acme.example")
    other = found_of(email="a@acme.example", other_email="a+b@acme.example")

    assert crossed(one) == [("email", other)]


def test_who_objected_is_left_out(found_of, crossed, client, user_id):
    one = found_of(username="ada")
    other = found_of(username="ada", said={"email": "no@corp.example"})
    listed = {"user_id": user_id, "name": "No", "kind": "do_not_contact"}
    list_id = client.post(f"{API}/suppression/lists", json=listed).json["list"]["id"]
    body = {"user_id": user_id, "entries": [{"email": "no@corp.example"}]}
    answer = client.post(f"{API}/suppression/lists/{list_id}/entries", json=body)
    assert answer.status_code in (200, 201, 202), answer.text

    assert crossed(one) == []
    with pytest.raises(EnrichmentRefused):
        crossed(other)


def test_without_consent_nobody_is_compared_where_the_mode_asks_for_it(
    found_of, crossed, enriching_in
):
    one = found_of(username="ada")
    found_of(username="ada")

    with pytest.raises(EnrichmentRefused):
        crossed(one, account=enriching_in("gdpr_strict"))


def test_who_gave_no_consent_is_left_out_where_the_mode_asks_for_it(
    found_of, crossed, enriching_in, app, user_id, lead
):
    one, other = found_of(username="ada"), found_of(username="ada")
    agree(app, user_id, one)

    assert crossed(one, account=enriching_in("gdpr_strict")) == []
    agree(app, user_id, other)
    assert crossed(one, account=enriching_in("gdpr_strict")) == [("username", other)]


def agree(app, user_id, lead_id):
    """Record the consent of a lead's person, as its next form brings it."""
    client = app.test_client()
    known = client.get(f"{API}/leads/{lead_id}", query_string={"user_id": user_id}).json["lead"]
    body = {
        "user_id": user_id,
        "source_id": "form",
        "lead_data": {"email": known["email"], "name": known["name"]},
        "consent": {"purposes": ["lead_processing", "enrichment"], "text_version": "1"},
    }
    answer = client.post("/webhook/leadfly/duplicate-prevention", json=body)
    assert answer.json["duplicate_of"] == str(lead_id), answer.json


def test_an_erased_lead_is_not_told(found_of, crossed, client, user_id):
    one, other = found_of(username="ada"), found_of(username="ada")

    client.delete(f"{API}/leads/{other}", query_string={"user_id": user_id})

    assert crossed(one) == []


def test_what_has_expired_is_not_compared(found_of, crossed):
    one = found_of(username="ada")
    found_of(username="ada")

    assert crossed(one, now=NOW.replace(year=2029)) == []


def test_another_accounts_lead_is_none(mine, found_of, investigation):
    one = found_of(username="ada")

    with pytest.raises(NotFound):
        crossing.cross_reference(mine.desk(), f"tenant-{uuid4().hex}", one, investigation, NOW)


def test_an_investigation_of_another_account_is_none(mine, found_of, client):
    body = {"user_id": f"tenant-{uuid4().hex}", "name": "Theirs"}
    theirs = UUID(client.post(f"{API}/investigations", json=body).json["investigation"]["id"])
    one = found_of(username="ada")

    with pytest.raises(NotFound) as error:
        crossing.cross_reference(mine.desk(), mine.tenant_id, one, theirs, NOW)
    assert error.value.details == crossing.UNKNOWN


def test_the_answer_is_what_the_description_says(client, user_id, found_of, investigation):
    one, other = found_of(username="ada"), found_of("another", username="Ada")
    body = {"user_id": user_id, "investigation_id": str(investigation)}

    answer = client.post(f"{API}/leads/{one}/cross-reference", json=body)

    document = client.get("/openapi.json").json
    described = document["paths"][openapi_path(CROSS)]["post"]
    assert holds(document, described, 200, answer.json) == []
    assert answer.json["cross_references"] == [
        {
            "lead_id": str(other),
            "how": "username",
            "field": "username",
            "value": "ada",
            "provider": "directory",
            "other_field": "username",
            "other_provider": "another",
        }
    ]


def test_no_investigation_is_a_mistake(client, user_id, lead):
    answer = client.post(f"{API}/leads/{lead()}/cross-reference", json={"user_id": user_id})

    assert answer.status_code == 400
