"""What the pages of a company's site say of it, each value once, with the page it is from. Pure.

A site is about a company, but its pages name people, too. A mailbox counts as the company's if it
is a role's (`info@`), a number unless it is surely a mobile; all else is marked as personal.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from services.enrichment.finding import MOST_VALUE, Finding
from services.enrichment.site.home import same_owner
from shared.normalize import email, email_domains, industry, phone
from shared.pages.page import Organisation, Page

NAME = "site"

LEAST_NAME = 3
"""Letters of a domain's label that is believed to be a mailbox's name: `acme@acme.example`."""

_SEPARATED = re.compile(r"\s+[|\u2013\u2014\u00b7\u2022-]\s+|\s*[|:]\s+")
_DIGIT = re.compile(r"\d")


def findings(pages: Sequence[Page], mail_domain: str | None, country: str) -> list[Finding]:
    """Return what *pages* say, the home page first, in the order of the pages.

    *mail_domain* is that of the lead's business mailbox, another domain of the same company;
    *country* (ISO 3166-1 alpha-2) reads national numbers.
    """
    if not pages:
        return []
    home = pages[0]
    found: list[Finding] = [*_about(home)]
    company = _publisher(pages)
    if company:
        found += _of_company(*company)
    for page in pages:
        found += _emails(page, home.url, mail_domain)
        found += _phones(page, country)
    for page in pages:
        found += [_found(page, "social_profile", one.url, one.platform) for one in page.socials]
    return list(_first(found))


def _about(home: Page) -> Iterator[Finding]:
    """Yield what the home page says of itself, and which trade that sounds like."""
    said = (
        ("website", home.url),
        ("site_title", home.title),
        ("site_description", home.description),
        ("site_language", home.language),
    )
    for field, value in said:
        if value:
            yield _found(home, field, value[:MOST_VALUE])
    trade = _trade(home)
    if trade:
        yield _found(home, "industry", trade[1], f"Guessed from the {trade[0]}.")


def _trade(home: Page) -> tuple[str, str] | None:
    """Return where a trade is named first, in the title or the description, and its name."""
    parts = [("title", part) for part in _SEPARATED.split(home.title)]
    for where, text in (*parts, ("description", home.description)):
        known = industry.industry(text) if text.strip() else None
        if known:
            return where, known.name
    return None


def _publisher(pages: Sequence[Page]) -> tuple[Page, Organisation] | None:
    """Return the organisation that publishes the site, and the page that describes it best.

    Structured data names partners and customers, too: the publisher's own address is the site's,
    or it is the only one that is named without any.
    """
    named = [(page, one) for page in pages for one in page.organisations]
    own = [each for each in named if each[1].url and same_owner(each[1].url, pages[0].url)]
    bare = [each for each in named if not each[1].url]
    alone = bare if len({each[1].name.casefold() for each in bare}) == 1 else []
    return max(own or alone, key=lambda each: _told(each[1]), default=None)


def _told(one: Organisation) -> int:
    return (one.address is not None) + len(one.contact_points[:1])


def _of_company(page: Page, one: Organisation) -> Iterator[Finding]:
    """Yield name and postal address; its mail and phone are read like those of the pages."""
    yield _found(page, "company", one.name)
    if one.address is None:
        return
    address = one.address
    parts = (
        ("street", address.street),
        ("city", address.locality),
        ("state", address.region),
        ("postal_code", address.postal_code),
        ("country", address.country),
    )
    for field, value in parts:
        if value:
            yield _found(page, field, value)


def _emails(page: Page, home: str, mail_domain: str | None) -> Iterator[Finding]:
    """Yield the addresses of the company's own domains, and those that only it can have named."""
    points = (point.email for one in page.organisations for point in one.contact_points)
    for text in (*points, *page.contacts.emails):
        box = email.parse(text) if text else None
        if box is None or box.filler or not _is_own(box, home, mail_domain):
            continue
        yield _found(page, "email", box.address, personal=not _is_role(box))


def _is_own(box: email.Email, home: str, mail_domain: str | None) -> bool:
    """True for an address at the site's domain or the lead's, or at a provider for everybody.

    Others are those of the site's maker, of authorities, of partners.
    """
    own = (urlsplit(home).hostname, mail_domain)
    domains = {email_domains.registrable(domain) for domain in own if domain}
    return box.organisation in domains or (box.personal and not box.disposable)


def _is_role(box: email.Email) -> bool:
    """True for a role's mailbox, and for one that is called like its domain."""
    label = (box.organisation or "").partition(".")[0]
    return box.role or (len(label) >= LEAST_NAME and box.local.lower() == label)


def _phones(page: Page, country: str) -> Iterator[Finding]:
    points = (point.phone for one in page.organisations for point in one.contact_points)
    where = next((one.address.country for one in page.organisations if one.address), "")
    region = where if len(where) == 2 else country
    for text in (*points, *page.contacts.phones):
        number = phone.parse(text, region.upper(), country) if _DIGIT.search(text) else None
        if number and number.valid and not number.placeholder:
            yield _found(page, "phone", number.e164, personal=number.mobile)


def _first(found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield each value once: where several pages say it, from the first."""
    seen = set()
    for one in found:
        key = (one.field, one.value.casefold())
        if key not in seen:
            seen.add(key)
            yield one


def _found(
    page: Page, field: str, value: str, note: str | None = None, personal: bool = False
) -> Finding:
    return Finding(field, value, NAME, page.url, page.fetched_at, note, personal)
