"""Who may be looked up with the site and the profiler: by mode, consent and basis, over HTTP."""

import time
from dataclasses import replace

import pytest

from services.enrichment.enriching import EnrichmentRefused
from services.enrichment.means import Means
from services.enrichment.outcome import ANSWERED, REFUSED
from services.enrichment.permitting import Basis
from services.enrichment.providers.profiler import Profiler
from services.enrichment.providers.site import Site
from tests.services.enrichment.conftest import Enriching
from tests.services.enrichment.profiler_server import KEY
from tests.services.enrichment.profiler_server import Profiler as Server
from tests.services.enrichment.test_crossing import agree
from tests.shared.pages.site import answer, standing

HOME = answer(
    body=b"<title>Acme</title><a href='/contact'>Contact</a><p>info@corp.example</p>"
    b"<p>bob.ray@corp.example</p>"
)
INTERESTS = Basis("legitimate_interests", "Balancing test")


@pytest.fixture
def profiler():
    server = Server(known={"ann": [{"source": "forge", "kind": "username", "value": "ann"}]})
    yield server.serve_aside()
    server.shutdown()
    server.server_close()


@pytest.fixture
def site():
    with standing({"/": HOME}) as site:
        yield site


@pytest.fixture
def by_http(database, gate, local_settings, profiler, user_id):
    """Return an account in a mode whose providers get out to this machine."""
    chosen = replace(
        local_settings,
        profiler_url=profiler.url,
        profiler_key=KEY,
        allowed_private_hosts=frozenset(("127.0.0.1",)),
    )
    means = Means(chosen)
    yield lambda mode: Enriching(database, gate, means, user_id, mode)
    means.close()


@pytest.fixture
def lead_id(lead, site):
    return lead(website=site.url(), email="ann.lee@corp.example")


@pytest.mark.parametrize(
    ("mode", "consent", "basis", "outcome"),
    [
        ("standard", False, None, REFUSED),
        ("standard", False, Basis("consent"), REFUSED),
        ("standard", False, INTERESTS, ANSWERED),
        ("standard", True, None, ANSWERED),
        ("testing", False, None, REFUSED),
        ("testing", False, INTERESTS, ANSWERED),
        ("gdpr_strict", False, None, None),
        ("gdpr_strict", False, INTERESTS, None),
        ("gdpr_strict", False, Basis("consent"), None),
        ("gdpr_strict", True, None, ANSWERED),
        ("gdpr_strict", True, INTERESTS, ANSWERED),
    ],
)
def test_who_may_be_looked_up_with_the_profiler(
    by_http, app, user_id, lead_id, profiler, site, mode, consent, basis, outcome
):
    if consent:
        agree(app, user_id, lead_id)
    account = by_http(mode)

    def run():
        return account.run(lead_id, Site(), Profiler(), username="ann", basis=basis).outcomes

    if outcome is None:
        with pytest.raises(EnrichmentRefused):
            run()
        assert (profiler.asked, site.asked) == ([], [])
    else:
        found = run()
        assert (found["site"].status, found["profiler"].status) == (ANSWERED, outcome)
        assert len(profiler.asked) == (outcome == ANSWERED)


def test_a_persons_address_on_the_site_is_kept_only_where_persons_may_be_looked_up(
    by_http, lead_id
):
    account = by_http("standard")

    account.run(lead_id, Site())
    without = account.values(lead_id)
    account.run(lead_id, Site(), basis=INTERESTS)

    assert "info@corp.example" in without
    assert "bob.ray@corp.example" not in without
    assert "bob.ray@corp.example" in account.values(lead_id)


def test_a_site_that_hangs_costs_only_itself(by_http, lead, profiler):
    with standing({"/robots.txt": lambda wire: time.sleep(12)}) as hanging:
        lead_id = lead(website=hanging.url())
        began = time.monotonic()
        found = by_http("standard").run(
            lead_id, Site(), Profiler(), username="ann", basis=INTERESTS
        )

    assert found.outcomes["site"].status == "unavailable"
    assert found.outcomes["profiler"].status == ANSWERED
    assert time.monotonic() - began < 11.8
