"""A page is fetched and read by the route, and by nobody where it may not be."""

import asyncio
from dataclasses import replace

import pytest

import leadfly.app
from lead_discovery import LeadDiscoveryEngine, open_pool
from services.signals.answer_schema import PageShown
from shared.destination import hosts
from shared.errors import Malformed
from tests.services.signals.wanting import Asking
from tests.shared.pages.site import answer, standing

HTML = b"""<!doctype html><html lang="en"><head><title>Ovens</title></head><body>
<nav>Home</nav><main><h1>Our bakery</h1><p>We sell bread in two towns.</p></main></body></html>"""


@pytest.fixture
def site():
    with standing({"/bakery": answer(body=HTML)}) as site:
        yield site


@pytest.fixture
def visiting(local_settings, site):
    """The settings of an installation that may visit the site."""
    return replace(local_settings, allowed_private_hosts=hosts(f"127.0.0.1:{site.port}"))


@pytest.fixture
def asking(visiting, user_id):
    app = leadfly.app.create_app(visiting)
    yield Asking(app, user_id)
    app.extensions["leadfly"].database.close()


def test_a_page_is_answered_with_its_text(asking, site):
    told = asking.detect(url=site.url("/bakery"))

    assert told["page"]["url"] == site.url("/bakery")
    assert (told["page"]["status"], told["page"]["title"]) == (200, "Ovens")
    assert "We sell bread in two towns." in told["page"]["text"]
    assert told["text"] is None
    assert told["page"].keys() == PageShown().fields.keys()


def test_a_leads_page_is_kept_as_a_page(asking, site):
    lead_id = asking.lead()
    told = asking.detect(url=site.url("/bakery"), lead_id=lead_id)

    (kept,) = asking.history(lead_id)["detections"]
    assert (kept["id"], kept["source"]) == (told["detection_id"], "url")


def test_content_is_read_in_place_of_its_page(asking, site):
    assert asking.detect(content="We sell bread.", url=site.url("/bakery"))["page"] is None
    assert site.asked == []


def test_a_lead_of_nobody_has_no_page_fetched(asking, site):
    asking.detect(404, url=site.url("/bakery"), lead_id="0198c1de-0a1b-7c2d-8e3f-405162738495")

    assert site.asked == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://169.254.169.254/", "ftp://a.example/", "no address"]
)
def test_an_address_that_may_not_be_visited_is_refused_with_its_reason(asking, url):
    error = asking.detect(422, url=url)["error"]

    assert error["details"].keys() >= {"url", "reason"}
    assert url not in str(error)


def test_a_page_is_read_from_python(visiting, site, user_id):
    with open_pool(visiting) as pool:
        engine = LeadDiscoveryEngine(pool, user_id=user_id)
        found = asyncio.run(engine.scrape_for_signals(site.url("/bakery"), ["loan_need"]))
        with pytest.raises(Malformed):
            asyncio.run(engine.scrape_for_signals(site.url("/bakery"), ["no such type"]))

    assert isinstance(found, list)
