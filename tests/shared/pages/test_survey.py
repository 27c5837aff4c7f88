"""A page as a crawler reads it: links, wishes and companies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.pages import wire
from shared.pages.faults import Unparseable
from shared.pages.parsing.survey import survey
from shared.pages.survey import Company
from tests.shared.pages.site import answer

BASE = "https://directory.example/list"


def read(body, asks="", head=""):
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return survey(html, BASE, asks)


def test_links_stay_on_the_site_and_lose_their_fragment():
    found = read(
        '<main><a href="/a#top">a</a> <a href="b?x=1">b</a> <a href="/a">again</a>'
        '<a href="https://elsewhere.example/">c</a> <a href="mailto:a@b.example">d</a>'
        '<a href="javascript:alert(1)">e</a> <a href="/f.pdf">f</a>'
        '<a href="http://directory.example/g">g</a> <a href="//user@directory.example/h">h</a>'
    )

    assert found.links == tuple(f"https://directory.example/{path}" for path in ("a", "b?x=1", "g"))


def test_what_frames_the_site_is_no_way_on():
    found = read('<header><a href="/h">h</a></header><p><a href="/p">p</a></p>'
                 '<footer><a href="/f">f</a></footer><nav><a href="/n">n</a></nav>')  # fmt: skip

    assert found.links == ("https://directory.example/p",)


@pytest.mark.parametrize(
    "link",
    [
        '<nav><a rel="next" href="?p=2">2</a></nav>',
        '<a href="?p=2">Next ›</a>',
        '<a href="?p=2">weiter »</a>',
        '<li class="next"><a href="?p=2">more</a></li>',
        '<link rel="next" href="?p=2">',
    ],
)
def test_the_next_page_is_known(link):
    assert read(link).next == f"{BASE}?p=2"


@pytest.mark.parametrize("link", ['<a href="?p=2">›</a>', '<a href="?p=2">Next door café</a>'])
def test_what_is_no_next_page_is_not_taken_for_one(link):
    assert read(link).next == ""


@pytest.mark.parametrize(
    ("asks", "index", "follow"),
    [
        ("googlebot: noindex\nnofollow", True, False),
        ("index\nleadfly: noindex", False, True),
        ("", True, True),
        ("noindex", False, True),
        ("none", False, False),
        ("leadfly: nofollow", True, False),
        ("googlebot: noindex", True, True),
        ("unavailable_after: 25 Jun 2026, noindex", False, True),
        ("max-snippet:20, nofollow", True, False),
    ],
)
def test_a_header_says_what_a_page_wants(asks, index, follow):
    found = read('<h1>A</h1><a href="tel:+4930901820">call</a>', asks)

    assert (found.index, found.follow) == (index, follow)
    assert bool(found.companies) == index


def test_an_item_list_names_pages():
    data = (
        '<script type="application/ld+json">{"@type": "ItemList", "itemListElement": ['
        '{"@type": "ListItem", "url": "/c/1"}, {"@type": "ListItem", "item": {"@id": "/c/2"}},'
        '{"@type": "ListItem", "url": "https://elsewhere.example/"}]}</script>'
    )

    assert read(data).links == ("https://directory.example/c/1", "https://directory.example/c/2")


def test_a_card_has_a_name_a_site_an_address_and_a_page():
    found = read(
        '<div class="card"><h2><a href="/c/1">Backhaus</a></h2><address>Weg 1, Berlin</address>'
        '<a href="https://facebook.com/backhaus">f</a> <a href="https://backhaus.example">web</a>'
        '<a href="mailto:a@backhaus.example?subject=x">write</a></div>'
    )

    assert found.companies == (
        Company(
            name="Backhaus",
            website="https://backhaus.example",
            email="a@backhaus.example",
            location="Weg 1, Berlin",
            page="https://directory.example/c/1",
        ),
    )


def test_branches_of_one_name_are_several_companies():
    def branch(town):
        return (
            f'{{"@type": "Store", "name": "Chain", "telephone": "+49 30 90{town}",'
            f'"address": {{"@type": "PostalAddress", "addressLocality": "Town {town}"}}}}'
        )

    data = f'<script type="application/ld+json">[{branch(1)}, {branch(2)}]</script>'

    assert [one.city for one in read(data).companies] == ["Town 1", "Town 2"]


@pytest.mark.parametrize("title", ["Contact", "Impressum", "About us", "030 901820", "Details"])
def test_the_title_of_another_page_is_no_company(title):
    assert read(f'<h1>{title}</h1><a href="tel:+4930901820">call</a>').companies == ()


def test_contacts_in_the_footer_are_the_publishers():
    assert read('<h1>Berlin</h1><footer><a href="tel:+4930901820">x</a></footer>').companies == ()


def test_a_survey_survives_the_wire(site, fetcher):
    body = b'<li><b>Acme</b> <a href="tel:+4930901820">x</a></li><p><a href="/b">b</a></p>'
    site.pages["/list"] = answer(body=body)

    found = fetcher.survey(site.url("/list"))

    assert found.url == site.url("/list")
    assert [one.name for one in found.companies] == ["Acme"]
    assert found.links == (site.url("/b"),)


def test_an_odd_frame_is_no_survey():
    with pytest.raises(ValueError, match="no index"):
        wire.survey({"index": 1})


@given(st.text(alphabet='<>/="ahreflitbodymainclsd 1@.:+', max_size=300), st.text(max_size=50))
def test_no_markup_is_worse_than_unparseable(html, asks):
    try:
        survey(html, BASE, asks)
    except Unparseable:
        return
