"""Site maps: which pages they name, how they are bounded, and what of them is read."""

import gzip
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.discovery.sources import sitemap_reading
from services.discovery.sources.sitemap import SiteMap
from services.discovery.sources.sitemap_reading import NoSitemap, named_in_robots, sitemap
from services.discovery.sources.source import SourceUnavailable
from shared.pages.fetcher import Time
from shared.pages.reader import Reader
from tests.services.discovery.sources.reaching import criteria, reach, told
from tests.shared.pages.site import Clock, answer, standing

SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@pytest.fixture(scope="module")
def reader():
    reader = Reader()
    yield reader
    reader.close()


@pytest.fixture
def site():
    with standing() as site:
        yield site


def urlset(*urls):
    entries = "".join(f"<url><loc>{url}</loc><lastmod>2026-01-01</lastmod></url>" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {SPACE}>{entries}</urlset>'.encode()


def index(*urls):
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f"<sitemapindex {SPACE}>{entries}</sitemapindex>".encode()


def xml(body):
    return answer(body=body, kind="application/xml")


def company(number):
    data = {
        "@type": "LocalBusiness",
        "name": f"Company {number}",
        "email": f"office@company{number}.example",
    }
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    return answer(body=f"<html><head>{script}</head><body></body></html>".encode())


def finds(site, reader, path="/sitemap.xml", wanted=None, **settings):
    clock = Clock()
    source = SiteMap(Time(clock, clock.sleep))
    settings = {"url": site.url(path)} | settings
    return told(source.find("t", settings, wanted or criteria(), reach(reader, clock=clock)))


def test_each_page_of_the_map_is_read(site, reader):
    site.pages["/sitemap.xml"] = xml(urlset(*(site.url(f"/c/{n}") for n in range(3))))
    site.pages |= {f"/c/{n}": company(n) for n in range(3)}

    found, _ = finds(site, reader)

    assert [one.fields["company"] for one in found] == [f"Company {n}" for n in range(3)]
    assert [one.key for one in found] == [site.url(f"/c/{n}") for n in range(3)]
    assert found[0].provenance.source == "sitemap"


def test_an_index_of_packed_maps_is_read(site, reader):
    site.pages["/sitemap.xml"] = xml(index(site.url("/a.xml.gz")))
    packed = gzip.compress(urlset(site.url("/c/1")))
    site.pages["/a.xml.gz"] = answer(body=packed, kind="application/octet-stream")
    site.pages["/c/1"] = company(1)

    assert len(finds(site, reader)[0]) == 1


def test_the_map_is_found_by_robots_txt(site, reader):
    rules = f"User-agent: *\nAllow: /\nSitemap: {site.url('/hidden/map.xml')}\n".encode()
    site.pages["/robots.txt"] = answer(body=rules, kind="text/plain")
    site.pages["/hidden/map.xml"] = xml(urlset(site.url("/c/1")))
    site.pages["/c/1"] = company(1)

    assert len(finds(site, reader, path="/")[0]) == 1


def test_the_map_is_looked_for_at_its_usual_place(site, reader):
    site.pages["/sitemap.xml"] = xml(urlset(site.url("/c/1")))
    site.pages["/c/1"] = company(1)

    assert len(finds(site, reader, path="/")[0]) == 1


def test_patterns_bounds_and_the_site_hold(site, reader):
    inside = [site.url(f"/c/{n}") for n in range(5)]
    urls = ["https://elsewhere.example/c/9", site.url("/news/1"), *inside, inside[0]]
    site.pages["/sitemap.xml"] = xml(urlset(*urls))
    site.pages |= {f"/c/{n}": company(n) for n in range(5)}

    found, _ = finds(site, reader, include=["/c/*"], exclude=["/c/3"], pages=3)

    assert [one.fields["company"] for one in found] == ["Company 0", "Company 1", "Company 2"]
    assert "/news/1" not in site.asked


def test_a_map_of_itself_ends(site, reader):
    site.pages["/sitemap.xml"] = xml(index(site.url("/sitemap.xml"), site.url("/b.xml")))
    site.pages["/b.xml"] = xml(index(site.url("/sitemap.xml"), site.url("/b.xml")))

    assert finds(site, reader) == ([], [])


def test_with_the_network_closed_the_source_is_unavailable(reader):
    with standing() as gone:
        pass

    with pytest.raises(SourceUnavailable, match="cannot be reached"):
        finds(gone, reader)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (answer(404), "refused by its host"),
        (answer(body=b"<html><p>no map"), "is no site map"),
        (xml(b"\x00\x01\x02"), "is no site map"),
        (xml(b'<!DOCTYPE a [<!ENTITY b "c">]><urlset>&b;</urlset>'), "document type"),
        (xml(b"x" * 10_000_001), "larger than 10 MB"),
        (answer(body=b"\x1f\x8bnonsense", kind="application/gzip"), "cannot be read"),
    ],
)
def test_what_is_no_map_is_an_error_in_words(site, reader, said, words):
    site.pages["/sitemap.xml"] = said

    with pytest.raises(SourceUnavailable, match=words):
        finds(site, reader)


def test_a_map_that_unpacks_without_end_is_refused():
    bomb = gzip.compress(b"<urlset>" + b" " * (sitemap_reading.MOST_UNPACKED_BYTES + 1))

    with pytest.raises(NoSitemap, match="50 MB"):
        sitemap(bomb)


def test_a_map_that_breaks_off_tells_what_came_before():
    whole = urlset("https://a.example/1", "https://a.example/2")

    assert sitemap(whole[:-30]).pages[0] == "https://a.example/1"


def test_a_map_that_nests_without_end_is_none():
    with pytest.raises(NoSitemap):
        sitemap(b"<a>" * 100_000)


def test_a_text_map_is_read():
    assert sitemap(b"https://a.example/1\nnonsense\nhttps://a.example/2\n").pages == (
        "https://a.example/1",
        "https://a.example/2",
    )


def test_a_map_holds_50_000_addresses_at_most():
    found = sitemap(urlset(*(f"https://a.example/{n}" for n in range(50_010))))

    assert len(found.pages) == 50_000


def test_robots_txt_names_maps_in_any_case():
    text = "SITEMAP: https://a.example/1.xml\r\nsitemap:https://a.example/2.xml\nsitemapx: no"

    assert named_in_robots(text) == ("https://a.example/1.xml", "https://a.example/2.xml")


@given(st.binary(max_size=300))
def test_no_bytes_are_worse_than_no_map(body):
    with suppress(NoSitemap):
        sitemap(body)
