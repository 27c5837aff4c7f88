"""Whom providers are asked about, on a real database: consent, basis, withdrawal, objection."""

import pytest

from services.enrichment.enriching import EnrichmentRefused
from services.enrichment.permitting import NO_BASIS, OBJECTED, WITHDRAWN, Basis
from tests.services.enrichment.conftest import NOW, Directory, finding

INTEREST = Basis("legitimate_interests", "Balancing test 7")


def withdraw(owner, user_id):
    owner.execute("UPDATE public.consents SET withdrawn_at = now() WHERE tenant_id = %s", [user_id])


def listed(app, user_id, kind, **entry):
    """Put somebody on a list of the account."""
    path, query = "/api/v1/lead-discovery/suppression/lists", {"user_id": user_id}
    client = app.test_client()
    made = client.post(path, json={"name": kind, "kind": kind}, query_string=query).json["list"]
    body = {"entries": [entry]}
    answer = client.post(f"{path}/{made['id']}/entries", json=body, query_string=query)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("personal", [False, True])
def test_in_gdpr_strict_nobody_is_asked_without_consent(enriching_in, lead, personal):
    strict, asked = enriching_in("gdpr_strict"), Directory(personal=personal)

    with pytest.raises(EnrichmentRefused):
        strict.run(lead(), asked, basis=INTEREST)

    assert asked.asked == []


def test_in_gdpr_strict_consent_to_enrichment_is_enough(enriching_in, agreeing):
    strict, lead_id = enriching_in("gdpr_strict"), agreeing()

    strict.run(lead_id, Directory(finding(personal=True), personal=True))

    assert strict.values(lead_id) == ["Acme"]


def test_a_person_is_looked_up_on_a_basis_only_and_others_are_asked_all_the_same(mine, lead):
    person, company = Directory(name="profiler", personal=True), Directory(finding())

    done = mine.run(lead(), person, company)

    assert (done.outcomes["profiler"].status, done.outcomes["profiler"].message) == (
        "refused",
        NO_BASIS,
    )
    assert done.outcomes["directory"].findings
    assert person.asked == []


def test_where_only_persons_would_be_looked_up_the_call_is_refused(mine, lead):
    with pytest.raises(EnrichmentRefused) as refused:
        mine.run(lead(), Directory(name="profiler", personal=True))

    assert refused.value.details == {"providers.profiler": NO_BASIS}


def test_a_company_provider_keeps_nothing_of_a_person_without_a_basis(mine, lead):
    lead_id, site = lead(), Directory(finding(value="Bob", field="name", personal=True), finding())

    mine.run(lead_id, site)
    assert mine.values(lead_id) == ["Acme"]
    mine.run(lead_id, site, basis=INTEREST)

    assert mine.values(lead_id) == ["Bob", "Acme"]


@pytest.mark.parametrize("mode", ["gdpr_strict", "standard", "testing"])
def test_who_withdrew_is_not_asked_about_and_nothing_of_them_is_shown(
    enriching_in, agreeing, owner, mode
):
    mine, lead_id, asked = enriching_in(mode), agreeing(), Directory(finding())
    mine.run(lead_id, Directory(finding()))
    withdraw(owner, mine.tenant_id)

    with pytest.raises(EnrichmentRefused) as refused:
        mine.run(lead_id, asked, basis=INTEREST)

    assert refused.value.details == {"consent": WITHDRAWN}
    assert asked.asked == []
    look = mine.look(lead_id)
    assert (look.held, look.withheld) == ((), WITHDRAWN)


def test_who_withdraws_while_providers_are_asked_has_nothing_kept(mine, agreeing, owner):
    lead_id = agreeing()

    with pytest.raises(EnrichmentRefused):
        mine.run(lead_id, Directory(finding(), act=lambda: withdraw(owner, mine.tenant_id)))

    assert not owner.execute(
        "SELECT FROM enrichment.findings WHERE tenant_id = %s", [mine.tenant_id]
    ).fetchall()
    assert [one.ended_at for one in mine.look(lead_id).runs] == [NOW]


@pytest.mark.parametrize(
    ("kind", "entry", "refused"),
    [
        ("do_not_contact", {"phone": "+12127365000"}, True),
        ("litigator", {"email": "ann+tag@corp.example"}, True),
        ("customer", {"phone": "+12127365000"}, False),
    ],
)
def test_who_is_listed_to_be_left_alone_is_not_asked_about(mine, lead, app, kind, entry, refused):
    lead_id = lead(email="ann@corp.example", phone="(212) 736-5000")
    listed(app, mine.tenant_id, kind, **entry)

    if refused:
        with pytest.raises(EnrichmentRefused) as why:
            mine.run(lead_id, Directory())
        assert why.value.details == {"consent": OBJECTED}
    else:
        assert mine.run(lead_id, Directory()).outcomes


def test_an_address_that_a_caller_names_is_looked_for_on_the_lists_too(mine, lead, app):
    lead_id = lead()
    listed(app, mine.tenant_id, "do_not_contact", email="bob@corp.example")

    with pytest.raises(EnrichmentRefused):
        mine.run(lead_id, Directory(), email="bob@corp.example")


def unsubscribe(app, mine, address):
    event = {"event": "unsubscribed", "email": address, "timestamp": NOW.timestamp()}
    path, query = "/webhook/leadfly/email-engagement", {"user_id": mine.tenant_id}
    answer = app.test_client().post(path, json=event, query_string=query)
    assert answer.status_code == 200, answer.text


def test_who_unsubscribed_before_they_were_a_lead_is_not_asked_about(mine, lead, app):
    unsubscribe(app, mine, "ann@corp.example")
    lead_id = lead(email="ann@corp.example")

    with pytest.raises(EnrichmentRefused):
        mine.run(lead_id, Directory())


def test_who_unsubscribed_is_not_asked_about(mine, lead, app):
    lead_id = lead(email="ann@corp.example")
    unsubscribe(app, mine, "ann@corp.example")

    with pytest.raises(EnrichmentRefused):
        mine.run(lead_id, Directory())
