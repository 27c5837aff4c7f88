"""The company's own site, read over HTTP from this machine: what is found, and on which page."""

import time
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.enrichment.providers.provider import (
    Asked,
    NotApplicable,
    ProviderUnavailable,
    Reach,
)
from services.enrichment.providers.site import Site as CompanySite
from shared.destination import hosts
from shared.outbound import Door
from shared.pages.fetcher import Fetcher, Time
from shared.pages.reader import Reader
from tests.services.enrichment import company_pages
from tests.services.enrichment.company_pages import LONG, html
from tests.shared.pages.site import Clock, answer, moved, standing


@pytest.fixture(scope="module")
def reader():
    reader = Reader()
    yield reader
    reader.close()


@pytest.fixture
def find(reader):
    """Return what is found at the home page of *site*, or of whoever *fields* name."""

    def find(site=None, seconds=9.0, path="/", **fields):
        clock = Clock()
        door = Door(hosts(f"127.0.0.1:{site.port}" if site else ""))
        fetcher = Fetcher(door, reader=reader, pacing=Time(clock, clock.sleep))
        if site:
            fields = {"website": site.url(path)} | fields
        reach = Reach(datetime.now(UTC), time.monotonic() + seconds, None, fetcher, door, None)
        return CompanySite().find(Asked(fields, "DE", True, UUID(int=1)), reach)

    return find


def values(found, field, personal=None):
    return [one.value for one in found if one.field == field and personal in (None, one.personal)]


def page_of(found, field, value):
    (url,) = [one.source_url for one in found if (one.field, one.value) == (field, value)]
    return url


@pytest.fixture
def german(find):
    with standing(company_pages.GERMAN) as site:
        yield site, find(site, email="info@holzofen.example")


def test_a_site_says_what_it_is(german):
    _, found = german

    assert values(found, "site_status") == ["live"]
    assert values(found, "site_title") == ["Bäckerei Holzofen | Brot aus Ulm"]
    assert values(found, "site_description") == ["Brot und Brezeln, frisch aus dem Holzofen."]
    assert values(found, "site_language") == ["de"]
    assert values(found, "industry") == ["Bakeries"]


def test_every_value_says_which_page_it_is_from(german):
    site, found = german

    assert page_of(found, "site_title", "Bäckerei Holzofen | Brot aus Ulm") == site.url("/")
    assert page_of(found, "email", "info@holzofen.example") == site.url("/impressum")
    assert page_of(found, "email", "bestellung@holzofen.example") == site.url("/kontakt/")
    assert page_of(found, "phone", "+497311234567") == site.url("/impressum")


def test_the_pages_that_speak_of_the_company_are_visited_and_no_others(german):
    site, _ = german

    asked = [path for path in site.asked if path not in ("/", "/robots.txt")]
    assert asked == ["/impressum", "/kontakt/", "/de/%C3%BCber-uns.html"]


def test_a_named_persons_address_and_a_mobile_are_marked_as_personal(german):
    _, found = german

    assert values(found, "email", personal=True) == ["erika.beispiel@holzofen.example"]
    assert values(found, "phone", personal=True) == ["+4915170334412"]


def test_a_roles_mailbox_is_the_companys(german):
    _, found = german

    assert set(values(found, "email", personal=False)) == {
        "info@holzofen.example",
        "bestellung@holzofen.example",
    }


def test_the_sites_makers_address_is_not_the_companys(german):
    _, found = german

    assert "studio@pixelwerk.example" not in values(found, "email")


def test_presences_elsewhere_are_found(german):
    _, found = german

    assert values(found, "social_profile") == ["https://www.instagram.com/holzofen.example"]


def test_structured_data_gives_name_address_and_contacts(find):
    with standing(company_pages.FRENCH) as site:
        found = find(site, email="contact@lenoir.example")

    assert values(found, "company") == ["Cabinet Lenoir"]
    assert values(found, "street") == ["12 place des Tapis"]
    assert values(found, "postal_code") == ["69004"]
    assert (values(found, "city"), values(found, "country")) == (["Lyon"], ["FR"])
    assert values(found, "phone") == ["+33478001234"]
    assert values(found, "email", personal=False) == ["contact@lenoir.example"]
    assert values(found, "email", personal=True) == ["p.lenoir@lenoir.example"]
    assert values(found, "industry") == ["Accounting"]


def test_pages_are_found_by_addresses_in_their_own_script(find):
    with standing(company_pages.JAPANESE) as site:
        found = find(site, email="x@sample-seisakusho.example")

    assert values(found, "phone") == ["+81362057788"]
    assert values(found, "email") == ["sales@sample-seisakusho.example"]


def test_a_partners_data_is_not_the_companys(find):
    with standing(company_pages.PARTNERS) as site:
        found = find(site)

    assert values(found, "company") == ["Our Own"]
    assert values(found, "email") == []


@pytest.mark.parametrize("name", company_pages.NOT_LIVE)
def test_a_page_that_is_no_companys_site_says_so_and_nothing_else(find, name):
    with standing({"/": company_pages.NOT_LIVE[name]}) as site:
        (found,) = find(site)

    assert (found.field, found.value) == ("site_status", name.partition(" ")[0])
    assert found.note


@pytest.mark.parametrize(
    "phrase",
    [
        "Coming soon: our new ovens.",
        "We sell parked domains; this domain is for sale, too.",
        "Under construction? We insure builders.",
    ],
)
def test_a_page_that_says_much_is_live_whatever_it_mentions(find, phrase):
    with standing({"/": html(f"<main><p>{LONG}</p><p>{phrase}</p></main>", "Acme")}) as site:
        assert values(find(site), "site_status") == ["live"]


@pytest.mark.parametrize(
    "website",
    [
        "https://www.facebook.com/acme",
        "linkedin.com/company/acme",
        "https://linktr.ee/acme",
        "https://de.linkedin.com/company/acme",
        "http://instagram.com/acme",
        "https://maps.google.com/?cid=1",
    ],
)
def test_a_page_where_everybody_has_one_is_not_visited(find, website):
    with pytest.raises(NotApplicable, match="not a site of its own"):
        find(website=website)


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "ada@gmail.com"},
        {"email": "x@mailinator.com"},
        {"email": "none"},
        {"website": "-"},
    ],
    ids=str,
)
def test_nobody_is_visited_for_a_mailbox_that_is_no_companys(find, fields):
    with pytest.raises(NotApplicable, match="neither a web site nor"):
        find(**fields)


@pytest.mark.parametrize(
    "website",
    ["http://127.0.0.1:9/", "http://169.254.169.254/latest", "https://localhost/", "10.0.0.1"],
)
def test_nobody_is_visited_inside(find, website):
    with pytest.raises((ProviderUnavailable, NotApplicable)):
        find(website=website)


def test_a_redirect_inside_is_not_followed(find):
    with standing() as inside, standing({"/": moved(inside.url("/"))}) as site:
        with pytest.raises(ProviderUnavailable, match="not public"):
            find(site)
        assert inside.hits == 0


def test_a_site_that_asks_us_to_stay_away_is_left_alone(find):
    robots = answer(body=b"User-agent: *\nDisallow: /", kind="text/plain")
    with standing(company_pages.GERMAN | {"/robots.txt": robots}) as site:
        with pytest.raises(ProviderUnavailable, match="disallowed by"):
            find(site)
        assert site.asked == ["/robots.txt"]


def test_a_page_that_robots_disallow_costs_only_itself_and_what_follows(find):
    robots = answer(body=b"User-agent: *\nDisallow: /kontakt", kind="text/plain")
    with standing(company_pages.GERMAN | {"/robots.txt": robots}) as site:
        found = find(site, email="info@holzofen.example")

    assert "/kontakt/" not in site.asked
    assert "/de/%C3%BCber-uns.html" in site.asked
    assert values(found, "email", personal=False) == ["info@holzofen.example"]


def test_a_home_page_that_wants_no_links_followed_is_read_alone(find):
    home = html("<a href='/impressum'>x</a>", "Acme", head="<meta name=robots content=nofollow>")
    with standing(company_pages.GERMAN | {"/": home}) as site:
        find(site)

    assert "/impressum" not in site.asked


def test_a_page_that_hangs_costs_only_itself(find):
    hanging = company_pages.GERMAN | {"/impressum": lambda wire: time.sleep(6)}
    began = time.monotonic()
    with standing(hanging) as site:
        found = find(site, seconds=3.0)

    assert values(found, "site_title") == ["Bäckerei Holzofen | Brot aus Ulm"]
    assert time.monotonic() - began < 5.9


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (answer(404, b"no"), "refused"),
        (answer(503, b"no"), "cannot be given"),
        (answer(body=b"%PDF-1.7", kind="application/pdf"), "neither HTML nor plain text"),
        (answer(body=b"x" * 2_100_000), "larger than 2 MB"),
        (answer(body=b"<div>" * 100_000), "cannot be parsed"),
        (b"nonsense", "not reached"),
    ],
    ids=["404", "503", "pdf", "large", "deep", "nonsense"],
)
def test_a_home_page_that_cannot_be_read_is_unavailable_and_says_why(find, said, words):
    with standing({"/": said}) as site, pytest.raises(ProviderUnavailable, match=words):
        find(site)
