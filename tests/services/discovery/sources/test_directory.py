"""A company directory: what is read of its pages, how far the crawl goes, and how it ends."""

import json
import time

import pytest

from services.discovery.find import Find
from services.discovery.sources.directory import Directory
from services.discovery.sources.source import Progress, SourceUnavailable
from shared.errors import Malformed
from shared.pages.fetcher import Time
from shared.pages.reader import Reader
from tests.services.discovery.sources.reaching import BERLIN, criteria, reach, told
from tests.shared.pages.site import Clock, answer, standing

PUBLISHER = {"@type": "Organization", "name": "The Directory", "url": "/", "telephone": "+49 1"}

BAKER = {
    "@context": "https://schema.org",
    "@type": "Bakery",
    "name": "Backhaus Muster",
    "url": "https://backhaus.example/",
    "email": "mailto:info@backhaus.example",
    "telephone": "+49 30 901820",
    "address": {
        "@type": "PostalAddress",
        "streetAddress": "Beispielweg 1",
        "addressLocality": "Berlin",
        "postalCode": "10115",
        "addressCountry": "DE",
    },
}


@pytest.fixture(scope="module")
def reader():
    reader = Reader()
    yield reader
    reader.close()


@pytest.fixture
def site():
    with standing() as site:
        yield site


def page(body="", data=None, head=""):
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if data else ""
    html = f"<html><head>{head}{script}</head><body><main>{body}</main></body></html>"
    return answer(body=html.encode())


def listing(*numbers, next_page=None):
    """Return a page of a list: companies with an address each, and perhaps the way on."""
    cards = "".join(
        f'<li class="card"><h3><a href="/company/{n}">Company {n}</a></h3>'
        f'<a href="mailto:office@company{n}.example">Write</a></li>'
        for n in numbers
    )
    more = f'<nav><a rel="next" href="{next_page}">Next</a></nav>' if next_page else ""
    return answer(body=f"<html><body><main><ul>{cards}</ul></main>{more}</body></html>".encode())


def finds(site, reader, wanted=None, clock=None, **settings):
    clock = clock or Clock()
    source = Directory(Time(clock, clock.sleep))
    settings = {"url": site.url("/list")} | settings
    return told(source.find("t", settings, wanted or criteria(), reach(reader, clock=clock)))


def test_a_page_about_one_company_is_read_with_its_provenance(site, reader):
    site.pages["/list"] = page(data=[BAKER, PUBLISHER])

    (found,), _ = finds(site, reader, licence="CC BY 4.0", attribution="The Directory")

    assert found.fields == {
        "company": "Backhaus Muster",
        "website": "https://backhaus.example/",
        "email": "info@backhaus.example",
        "phone": "+49 30 901820",
        "street": "Beispielweg 1",
        "city": "Berlin",
        "postal_code": "10115",
        "country": "DE",
        "industry": "bakery",
    }
    assert (found.key, found.provenance.url) == (site.url("/list"), site.url("/list"))
    assert (found.provenance.licence, found.provenance.attribution) == (
        "CC BY 4.0",
        "The Directory",
    )


def test_a_list_is_followed_page_by_page(site, reader):
    site.pages |= {"/list": listing(1, 2, next_page="/list?p=2"), "/list?p=2": listing(3)}

    found, _ = finds(site, reader, depth=0)

    assert [one.key for one in found] == [site.url(f"/company/{n}") for n in (1, 2, 3)]
    assert [one.fields["company"] for one in found] == ["Company 1", "Company 2", "Company 3"]


def test_the_same_is_found_in_the_same_order_at_every_run(site, reader):
    site.pages |= {"/list": listing(1, 2, next_page="/list?p=2"), "/list?p=2": listing(2, 3)}

    first, again = finds(site, reader)[0], finds(site, reader)[0]

    assert [one.key for one in first] == [one.key for one in again]
    assert len(first) == 3


def test_a_company_that_shows_no_contact_in_the_list_is_read_on_its_own_page(site, reader):
    site.pages["/list"] = page('<ul><li><a href="/c/1">Backhaus</a></li></ul>')
    site.pages["/c/1"] = page('<h1>Backhaus</h1><a href="tel:+4930901820">Call</a>')

    (found,), _ = finds(site, reader)

    assert (found.key, found.fields["phone"]) == (site.url("/c/1"), "+4930901820")


def test_hcards_are_read(site, reader):
    site.pages["/list"] = page(
        '<div class="h-card"><a class="p-name u-url" href="https://acme.example">Acme</a>'
        '<a class="u-email" href="mailto:hi@acme.example">mail</a>'
        '<span class="p-locality">Graz</span><span class="p-postal-code">8010</span></div>'
    )

    (found,), _ = finds(site, reader)

    assert found.fields == {
        "company": "Acme",
        "website": "https://acme.example",
        "email": "hi@acme.example",
        "city": "Graz",
        "postal_code": "8010",
    }


def test_tables_are_read_row_by_row(site, reader):
    rows = "".join(
        f"<tr><td>Workshop {n}</td><td>a@shop{n}.example</td><td>+49 30 90182{n}0</td></tr>"
        for n in range(3)
    )
    head = "<tr><th>Name</th><th>Mail</th><th>Phone</th></tr>"
    site.pages["/list"] = page(f"<table>{head}{rows}</table>")

    found, _ = finds(site, reader)

    assert [one.fields["company"] for one in found] == [f"Workshop {n}" for n in range(3)]
    assert found[0].fields["phone"] == "+49 30 9018200"


def test_who_publishes_the_directory_is_no_find(site, reader):
    site.pages["/list"] = page(data=[PUBLISHER, {"@type": "WebSite", "publisher": BAKER}])

    assert finds(site, reader)[0] == []


def test_the_bounds_of_pages_and_finds_hold(site, reader):
    for n in range(20):
        site.pages[f"/list?p={n}"] = listing(n, next_page=f"/list?p={n + 1}")
    url = site.url("/list?p=0")

    assert len(finds(site, reader, url=url, pages=3, depth=0)[0]) == 3
    assert len(finds(site, reader, criteria(most=2), url=url, depth=0)[0]) == 2


def test_a_directory_that_leads_in_a_circle_ends(site, reader):
    site.pages |= {"/list": listing(1, next_page="/b"), "/b": listing(2, next_page="/list")}

    assert len(finds(site, reader, depth=0)[0]) == 2


def test_nothing_off_the_site_is_visited(site, reader):
    with standing(address="127.0.0.2") as other:
        link = f'<p><a href="{other.url("/", "127.0.0.2")}">elsewhere</a></p>'
        site.pages["/list"] = page(link)
        finds(site, reader)

        assert other.hits == 0


def test_patterns_say_what_is_followed(site, reader):
    links = '<p><a href="/company/1">one</a> <a href="/news/1">two</a></p>'
    site.pages["/list"] = page(links)

    finds(site, reader, include=["/company/*"])

    assert "/company/1" in site.asked
    assert "/news/1" not in site.asked


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (page(data=BAKER, head='<meta name="robots" content="noindex">'), "not to be indexed"),
        (page('<form><input type="password"></form>'), "a login"),
    ],
)
def test_pages_that_want_no_reader_are_passed(site, reader, given, reason):
    site.pages["/list"] = given

    found, passed = finds(site, reader)

    assert found == []
    assert reason in passed[0]


def test_a_header_asks_as_a_page_does(site, reader):
    body = b'<main><a href="/b">b</a><h1>Backhaus</h1><a href="tel:+4930901820">Call</a></main>'
    site.pages["/list"] = answer(body=body, X_Robots_Tag="leadfly: noindex, nofollow")

    found, _ = finds(site, reader)

    assert (found, "/b" in site.asked) == ([], False)


def test_links_that_are_not_to_be_followed_are_not(site, reader):
    site.pages["/list"] = page('<p><a rel="nofollow" href="/a">a</a> <a href="/b">b</a></p>')

    finds(site, reader)

    assert ("/a" in site.asked, "/b" in site.asked) == (False, True)


def test_robots_are_obeyed(site, reader):
    rules = b"User-agent: *\nDisallow: /company"
    site.pages["/robots.txt"] = answer(body=rules, kind="text/plain")
    site.pages["/list"] = page('<p><a href="/company/1">one</a></p>')

    _, passed = finds(site, reader)

    assert passed == ["a page is disallowed by the host's robots.txt"]
    assert "/company/1" not in site.asked


def test_a_long_delay_is_waited_for(site, reader):
    rules = b"User-agent: *\nCrawl-delay: 30"
    site.pages["/robots.txt"] = answer(body=rules, kind="text/plain")
    site.pages |= {"/list": listing(1, next_page="/b"), "/b": listing(2)}
    clock = Clock()

    found, _ = finds(site, reader, clock=clock, depth=0)

    assert len(found) == 2
    assert clock.now >= 1030


def test_a_company_elsewhere_is_passed_and_one_that_says_nothing_is_not(site, reader):
    away = BAKER | {"address": {"@type": "PostalAddress", "addressLocality": "Munich"}}
    silent = {"@type": "Bakery", "name": "Silent", "telephone": "+49 30 901829"}
    site.pages["/list"] = page(data=[away, silent])

    found, passed = finds(site, reader, criteria(circle=BERLIN))

    assert [one.fields["company"] for one in found] == ["Silent"]
    assert passed == ["lies elsewhere"]


def test_sites_are_told_in_their_order(reader, site):
    with standing(address="127.0.0.2") as other:
        other.pages["/list"] = listing(1)
        site.pages["/list"] = listing(2)
        clock = Clock()
        urls = [other.url("/list", "127.0.0.2"), site.url("/list")]
        reached = reach(reader, allowed="127.0.0.1,127.0.0.2", clock=clock)
        settings = {"url": urls, "depth": 0}
        found, _ = told(
            Directory(Time(clock, clock.sleep)).find("t", settings, criteria(), reached)
        )

    assert [one.fields["company"] for one in found] == ["Company 1", "Company 2"]


def test_with_the_network_closed_the_source_is_unavailable(reader):
    with standing() as gone:
        pass

    with pytest.raises(SourceUnavailable, match="cannot be reached"):
        finds(gone, reader)


def test_a_site_inside_a_network_is_not_visited(reader):
    clock = Clock()
    source = Directory(Time(clock, clock.sleep))
    reached = reach(reader, allowed="127.0.0.9", clock=clock)

    with pytest.raises(SourceUnavailable):
        told(source.find("t", {"url": "https://127.0.0.1/"}, criteria(), reached))


def test_what_was_found_before_a_site_fails_stays_found(site, reader):
    links = "".join(f'<li><a href="/c/{n}">{n}</a></li>' for n in range(5))
    site.pages["/list"] = page(f'<h1>Backhaus</h1><a href="tel:+4930901820">Call</a>{links}')
    site.pages |= {f"/c/{n}": answer(500) for n in range(5)}
    clock, found = Clock(), []
    source = Directory(Time(clock, clock.sleep))

    with pytest.raises(SourceUnavailable):
        for one in source.find(
            "t", {"url": site.url("/list")}, criteria(), reach(reader, clock=clock)
        ):
            found.append(one)

    assert [one.fields["company"] for one in found if isinstance(one, Find)] == ["Backhaus"]


@pytest.mark.parametrize(
    "said", [answer(body=b"\x00\xff" * 500, kind="application/pdf"), answer(body=b"x" * 2_100_000)]
)
def test_a_page_that_lies_or_is_endless_is_an_error(site, reader, said):
    site.pages["/list"] = said

    with pytest.raises(SourceUnavailable):
        finds(site, reader)


def test_a_stopped_crawl_ends(site, reader):
    site.pages |= {f"/list?p={n}": listing(n, next_page=f"/list?p={n + 1}") for n in range(50)}
    clock, stopped = Clock(), []
    source = Directory(Time(clock, clock.sleep))
    reached = reach(reader, clock=clock, stop=lambda: bool(stopped))
    found = []

    for one in source.find("t", {"url": site.url("/list?p=0"), "depth": 0}, criteria(), reached):
        found.append(one)
        stopped.append(True)

    assert len(found) <= 2


def test_progress_is_told_while_a_host_is_slow(site, reader):
    def slow(wire):
        time.sleep(1.5)
        wire.sendall(listing(1))

    site.pages["/list"] = slow
    clock = Clock()
    source = Directory(Time(clock, clock.sleep))
    begun, gaps = time.monotonic(), []

    for one in source.find(
        "t", {"url": site.url("/list"), "depth": 0}, criteria(), reach(reader, clock=clock)
    ):
        if isinstance(one, Progress):
            gaps.append(time.monotonic() - begun)
            begun = time.monotonic()

    assert max(gaps) < 1


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, "url"),
        ({"url": "ftp://a.example"}, "url"),
        ({"url": "https://user:word@a.example"}, "url"),
        ({"url": "https://a.example", "pages": 0}, "pages"),
        ({"url": "https://a.example", "pages": True}, "pages"),
        ({"url": "https://a.example", "depth": "2"}, "depth"),
        ({"url": "https://a.example", "include": ["(a+)+$"]}, "include"),
        ({"url": "https://a.example", "include": ["/" + "*a" * 9]}, "include"),
        ({"url": ["https://a.example"] * 51}, "url"),
        ({"url": "https://a.example", "licence": "a\nb"}, "licence"),
        ({"url": "https://a.example", "secret": 1}, "secret"),
    ],
)
def test_settings_are_read_strictly(settings, field):
    with pytest.raises(Malformed) as caught:
        Directory().checked(settings)

    assert list(caught.value.details) == [field]


def test_checked_settings_check_again():
    read = Directory().checked({"url": "https://a.example/list"})

    assert Directory().checked(read) == read
