"""Finds of the web: a company that a page, a map or an API names, as a lead's fields. Pure."""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from services.discovery.find import Find, Passed, Provenance
from services.discovery.fitting import Looked, unfit
from shared.lead_fields import FIELDS
from shared.normalize.text import fold
from shared.pages.survey import Company, Surveyed

LONGEST = 500
"""Characters of a field (`shared.fields.LONGEST_TEXT`)."""

LONGEST_KEY = 500
"""Characters of a find's key (`services/discovery/find.py`); a longer one is hashed."""

NO_CONTACT = "names no email and no phone"
NO_NAME = "names nobody"

NAMES = ("company", "name", "first_name", "last_name")

CONTACTS = ("email", "phone", "other_email", "other_phone")


def finding(
    key: str,
    said: Mapping[str, str],
    provenance: Provenance,
    wanted: Looked,
    country: str,
    nameless: bool = False,
) -> Find | Passed:
    """Return what *said*, by FIELDS, makes: a find, or why it is none.

    Whoever names a source has chosen it for what it lists, so what it does not say of a company
    (where it is, its trade) is no reason to pass it; what it says must fit.
    *nameless*: an email alone is somebody, too.
    """
    cleaned = {name: _cleaned(text) for name, text in said.items()}
    fields = {name: text for name, text in cleaned.items() if text and name in FIELDS}
    if not any(fields.get(name) for name in CONTACTS):
        return Passed(NO_CONTACT)
    named = any(fields.get(name) for name in NAMES)
    if not named and not (nameless and fields.get("email")):
        return Passed(NO_NAME)
    if why := unfit(_as_far_as_said(wanted, fields), fields, country):
        return Passed(why)
    return Find(short(key), fields, provenance)


def short(key: str) -> str:
    """Return *key* in at most LONGEST_KEY characters, the same at every run."""
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[: LONGEST_KEY - 65]}#{hashlib.sha256(key.encode()).hexdigest()}"


def companies(page: Surveyed, followed: bool) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield the key, the fields and the address to show of each company on *page*.

    *followed*: pages about one company are visited as well, so whoever has neither address nor
    number here and a page of their own is left to that.
    """
    for one in page.companies:
        if followed and one.page and not (one.email or one.phone):
            continue
        alone = len(page.companies) == 1 and not one.page
        about = one.page or (page.canonical or page.url if alone else "")
        yield about or f"{page.url.split('?')[0]}#{_named(one)}", _fields(one), about or page.url


def _cleaned(text: str) -> str:
    """Return *text* in one line, without what no database and no screen can show."""
    line = " ".join(text[: 4 * LONGEST].split())
    return "".join(c for c in line if unicodedata.category(c) not in ("Cc", "Cs"))[:LONGEST]


def _fields(one: Company) -> dict[str, str]:
    return {
        "company": one.name,
        "website": one.website,
        "email": one.email,
        "phone": one.phone,
        "street": one.street,
        "city": one.city,
        "state": one.region,
        "postal_code": one.postal_code,
        "country": one.country,
        "location": one.location,
        "industry": one.industry,
    }


def _named(one: Company) -> str:
    """Return what tells a company without a page of its own from the others of its list."""
    return fold(f"{one.name} {one.street or one.location} {one.city}").replace(" ", "-")


def _as_far_as_said(wanted: Looked, fields: Mapping[str, str]) -> Looked:
    nowhere = not any(fields.get(name) for name in ("city", "postal_code", "country", "location"))
    return replace(
        wanted,
        circle=None if nowhere else wanted.circle,
        region=None if nowhere else wanted.region,
        prefixes=wanted.prefixes if fields.get("industry") else (),
        size=wanted.size if fields.get("company_size") else "",
        category=wanted.category if fields.get("lead_category") else "",
    )
