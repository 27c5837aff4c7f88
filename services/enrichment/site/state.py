"""Whether a page is a company's site at all, or stands where one was or will be. Pure.

Such pages say little, so a phrase counts only where there is little else: a shop may well sell
domains, and a builder build under construction.
"""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from services.enrichment.site.home import same_owner, shared_host
from shared.normalize import email_domains
from shared.pages.page import Page

LIVE, PARKED, LOGIN, CONSTRUCTION, SHARED_HOST, DEFAULT = (
    *("live", "parked", "login", "under_construction", "shared_host", "default_page"),
)

LITTLE = 1_500
"""Characters of a page that says hardly anything."""


class State(NamedTuple):
    """What a home page is, and in words why we think so."""

    name: str
    note: str


def state(page: Page, asked: str) -> State:
    """Return what *page* is, which came for the address *asked*."""
    shared = shared_host(page.url)
    if shared and not same_owner(page.url, asked):
        return State(SHARED_HOST, f"The site leads to a page at {shared}, where everybody has one.")
    host = urlsplit(page.url).hostname or ""
    if email_domains.registrable(host) in _PARKING or _FOR_SALE.search(urlsplit(page.url).path):
        return State(PARKED, "The domain leads to where domains are parked or sold.")
    if host in _LOGINS:
        return State(LOGIN, "The site asks visitors to sign in before it says anything.")
    said = f"{page.title}\n{page.description}\n{page.text[:LITTLE]}".casefold()
    if len(page.text) < LITTLE:
        for name, phrases, note in _PHRASES:
            if phrases.search(said):
                return State(name, note)
        if any("password" in form.fields for form in page.forms):
            return State(LOGIN, "The site asks visitors to sign in before it says anything.")
    return State(LIVE, _moved(page.url, asked))


def _moved(url: str, asked: str) -> str:
    if same_owner(url, asked):
        return "The site answers."
    return f"The site answers at another domain, {urlsplit(url).hostname}."


_PARKING = frozenset((
    *("sedoparking.com", "sedo.com", "dan.com", "afternic.com", "hugedomains.com", "bodis.com"),
    *("parkingcrew.net", "undeveloped.com", "above.com", "uniregistry.com", "domainmarket.com"),
    *("epik.com", "atom.com", "squadhelp.com", "brandbucket.com", "domainnamesales.com"),
    *("buydomains.com", "parklogic.com", "voodoo.com", "namebright.com", "dynadot.com"),
    *("godaddy.com", "porkbun.com", "elitedomains.de", "nicsell.com", "domain.com"),
    "spaceship.com",
))  # fmt: skip
"""Where parked domains and those for sale lead."""

_FOR_SALE = re.compile(r"/(?:forsale|for-sale|domain-for-sale|buy-domain|lander)(?:/|$)", re.I)

_LOGINS = frozenset((
    "accounts.google.com", "login.microsoftonline.com", "login.live.com", "login.yahoo.com",
))  # fmt: skip


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases))


_PHRASES = (
    (
        PARKED,
        _any(
            r"\bdomain (?:name )?(?:\S+ )?(?:is |may be |could be )?(?:available )?for sale",
            r"\bbuy this domain", r"\bthis domain (?:is|has been) (?:parked|registered at)",
            r"\bparked (?:free|domain)", r"\bmake an offer (?:on|for) this domain",
            r"\bdomain[^.\n]{0,40}steht (?:\S+ )?zum verkauf", r"\bdomain kaufen\b",
            r"\bdomaine[^.\n]{0,40}(?:est )?(?:à|a) vendre", r"\bdominio[^.\n]{0,40}en venta",
            r"\bdominio[^.\n]{0,40}in vendita", r"\bdom[ií]nio[^.\n]{0,40}à venda",
            r"\bdomein[^.\n]{0,40}te koop", r"\bdomena[^.\n]{0,40}na sprzedaż",
            r"домен[^.\n]{0,40}прода[её]тся", r"域名[^.\n]{0,20}出售", r"ドメイン[^.\n]{0,20}販売",
        ),
        "The domain is parked or for sale.",
    ),
    (
        DEFAULT,
        _any(
            r"\bwelcome to nginx", r"\bapache2? (?:\S+ )?default page", r"\biis windows server",
            r"\bit works!\s*$", r"^index of /", r"\bdefault (?:web ?site|plesk) page",
            r"\bthis domain isn.t connected to a website", r"\bwebsite expired\b",
            r"\bthis shop is (?:currently )?unavailable", r"\bsite not published\b",
            r"\baccount (?:has been )?suspended", r"\bsorry! if you are the owner of this website",
            r"\bwordpress\W+installation\b", r"\bdiese (?:domain|website) ist (?:noch )?nicht "
            r"(?:verfügbar|konfiguriert)", r"\bwebsite is no longer available",
        ),
        "The address answers with its host's default page.",
    ),
    (
        CONSTRUCTION,
        _any(
            r"\bcoming soon\b", r"\bunder construction\b", r"\blaunching soon\b",
            r"\b(?:under|down for|scheduled) maintenance\b", r"\bwartungs(?:modus|arbeiten)\b",
            r"\b(?:seite|website|homepage)[^.\n]{0,40}(?:im aufbau|in (?:arbeit|bearbeitung))",
            r"\bhier entsteht\b", r"\ben (?:cours de )?construction\b", r"\ben construcción\b",
            r"\bsite en maintenance\b", r"\bbient[oô]t (?:en ligne|disponible)\b",
            r"\bpr[oó]ximamente\b", r"\bin costruzione\b", r"\bprossimamente\b",
            r"\bem (?:constru[cç][aã]o|breve)\b", r"\bin aanbouw\b", r"\bw budowie\b",
            r"\bve výstavbě\b", r"\bunder opbygning\b", r"\bunder konstruktion\b",
            r"\byapım aşamasında", r"сайт[^.\n]{0,20}в разработке", r"ведутся работы",
            r"υπό κατασκευή", r"工事中", r"準備中", r"建设中", r"建設中",
            r"준비 ?중", r"قيد الإنشاء",
        ),
        "The site says that it is being built.",
    ),
)  # fmt: skip
"""What such pages say, in the order in which it decides."""
