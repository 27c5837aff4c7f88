"""Where a company's site is, which of its pages speak of it, and what is no company's site."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrichment.site.home import own_site, same_owner, shared_host
from services.enrichment.site.onward import MOST_PAGES, onward
from services.enrichment.site.reading import findings
from services.enrichment.site.state import LIVE, LOGIN, PARKED, SHARED_HOST, state
from shared.pages.page import Contacts, Link, Page

HOME = "https://acme.example/"


def page(url=HOME, **said):
    return Page(url=url, status=200, fetched_at=datetime(2026, 1, 1, tzinfo=UTC), **said)


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"website": "acme.example"}, "https://acme.example"),
        ({"website": " HTTP://acme.example/en?x=1 "}, "http://acme.example/en?x=1"),
        ({"website": "//acme.example"}, "https://acme.example"),
        ({"website": "bäckerei.example"}, "https://bäckerei.example"),
        ({"website": "acme.example", "email": "a@other.example"}, "https://acme.example"),
        ({"email": "ann@mail.acme.example"}, "https://mail.acme.example/"),
        ({"website": "n/a", "email": "ann@acme.example"}, "https://acme.example/"),
        ({"website": "we have none", "email": "ann@acme.example"}, "https://acme.example/"),
        ({"website": "javascript:alert(1)"}, None),
        ({"website": "ftp://acme.example"}, None),
        ({"email": "ann@gmail.com"}, None),
        ({"email": "ann@web.de"}, None),
        ({"email": "x@privaterelay.appleid.com"}, None),
        ({}, None),
    ],
    ids=str,
)
def test_the_site_is_the_one_that_is_named_else_that_of_the_mailbox(fields, url):
    assert own_site(fields) == url


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.facebook.com/acme", "facebook.com"),
        ("https://de-de.facebook.com/acme", "de-de.facebook.com"),
        ("https://linktr.ee/acme", "linktr.ee"),
        ("https://sites.google.com/view/acme", "sites.google.com"),
        ("https://gmail.com/", "gmail.com"),
        ("https://acme.example/facebook.com", None),
        ("https://notfacebook.com/", None),
        ("https://acme.myshopify.com/", None),
        ("https://acme.wordpress.com/", None),
        ("https://acme.github.io/", None),
    ],
)
def test_where_everybody_may_have_a_page_is_nobodys_site(url, host):
    assert shared_host(url) == host


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://acme.example/", "https://www.acme.example/en", True),
        ("https://a.co.uk/", "https://b.co.uk/", False),
        ("https://joe.github.io/", "https://ann.github.io/", False),
        ("http://127.0.0.1:80/", "http://127.0.0.1:80/x", True),
        ("http://127.0.0.1:80/", "http://127.0.0.2:80/x", False),
    ],
)
def test_one_registered_domain_has_one_owner(one, other, same):
    assert same_owner(one, other) is same


@pytest.mark.parametrize(
    "path",
    [
        *("impressum", "de/impressum.html", "kontakt", "Kontakt.php", "contact-us", "about_us/"),
        *("company/about", "mentions-legales", "mentions-l%C3%A9gales", "qui-sommes-nous"),
        *("aviso-legal", "quienes-somos", "qui%C3%A9nes-somos", "contatti", "chi-siamo"),
        *("contato", "quem-somos", "over-ons", "om-oss", "o-nas", "hakkimizda", "ileti%C5%9Fim"),
        *("kontakty", "%D0%BA%D0%BE%D0%BD%D1%82%D0%B0%D0%BA%D1%82%D1%8B", "yhteystiedot"),
        *("%E4%BC%9A%E7%A4%BE%E6%A6%82%E8%A6%81", "%E8%81%94%E7%B3%BB%E6%88%91%E4%BB%AC"),
        *("%ED%9A%8C%EC%82%AC%EC%86%8C%EA%B0%9C", "li%C3%AAn-h%E1%BB%87"),
    ],
)
def test_pages_are_known_by_their_address(path):
    assert onward([Link(HOME + path, "")], HOME) == [HOME + path]


@pytest.mark.parametrize(
    "text",
    [
        *("Impressum", "Über uns", "Contact Us", "À propos", "Mentions légales", "Chi siamo"),
        *("Quiénes somos", "Sobre nós", "О компании", "Контакты", "お問い合わせ", "会社概要"),
        *("关于我们", "회사소개", "اتصل بنا", "צור קשר", "हमारे बारे में", "ติดต่อเรา", "Hakkımızda"),
    ],
)
def test_pages_are_known_by_what_the_link_says(text):
    assert onward([Link(f"{HOME}p/17", text)], HOME) == [f"{HOME}p/17"]


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("products", "Products"),
        ("blog/2024/05/contact", "Contact"),
        ("about-that-night", "Read more"),
        ("contact-lenses", "Contact lenses"),
        ("", "Contact"),
        ("#contact", "Contact"),
    ],
)
def test_other_pages_are_left(url, text):
    assert onward([Link(HOME + url.partition("#")[0], text)], HOME) == []


def test_one_page_of_each_kind_comes_first_the_imprint_before_all():
    paths = ("about", "about/company", "en/contact", "contact", "team/kontakt", "impressum")

    found = onward([Link(HOME + path, "") for path in paths], HOME)

    assert [url.removeprefix(HOME) for url in found] == [
        "impressum",
        "contact",
        "about",
        "en/contact",
    ]


@given(st.lists(st.builds(Link, st.text(max_size=40).map(HOME.__add__), st.text(max_size=20))))
def test_never_more_pages_than_that_and_each_once(links):
    found = onward(links, HOME)

    assert len(found) <= MOST_PAGES
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("final", "name"),
    [
        ("https://www.sedoparking.com/acme.example", PARKED),
        ("https://www.hugedomains.com/domain_profile.cfm?d=acme", PARKED),
        ("https://acme.example/lander", PARKED),
        ("https://www.facebook.com/acme", SHARED_HOST),
        ("https://login.microsoftonline.com/common", LOGIN),
        ("https://www.acme.example/", LIVE),
    ],
)
def test_where_an_address_leads_tells_what_it_is(final, name):
    assert state(page(final, title="Acme", text="We build bridges."), HOME).name == name


def test_a_site_at_another_domain_says_so():
    assert "acme-group.example" in state(page("https://acme-group.example/", text="x"), HOME).note


def emails(**said):
    found = findings([page(contacts=Contacts(**said))], "acme.org", "US")
    return {one.value: one.personal for one in found if one.field == "email"}


def test_whose_a_mailbox_is_shows_in_its_name():
    assert emails(emails=("info@acme.example", "acme@acme.example", "jo.ray@acme.example")) == {
        "info@acme.example": False,
        "acme@acme.example": False,
        "jo.ray@acme.example": True,
    }


def test_mailboxes_of_the_leads_domain_and_of_providers_count_and_others_do_not():
    said = ("sales@acme.org", "jo.ray@gmail.com", "info@agency.example", "x@mailinator.com")

    assert emails(emails=said) == {"sales@acme.org": False, "jo.ray@gmail.com": True}


def test_a_number_that_is_none_is_left():
    found = findings([page(contacts=Contacts(phones=("000 000 0000", "12345678")))], None, "US")

    assert [one for one in found if one.field == "phone"] == []


def test_no_pages_say_nothing():
    assert findings([], None, "US") == []
