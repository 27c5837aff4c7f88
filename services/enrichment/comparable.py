"""What two values have in common if they say the same: kinds of values and their canonical texts.

A phone number spelled otherwise is the same number, and a web site's page is on the same site. What
was given and what was found are compared by this, and what was found of several leads.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from shared.normalize import address, company, email, email_domains, industry, phone
from shared.normalize.text import clean, fold

EMAIL, PHONE, DOMAIN, SOCIAL, USERNAME, ADDRESS = (
    *("email", "phone", "domain", "social", "username", "address"),
)

CROSSED = (EMAIL, PHONE, DOMAIN, SOCIAL, USERNAME, ADDRESS)
"""Kinds by which findings of several leads are compared: each is rarely two strangers' own."""

NAMED_BY = ("id", "v", "u", "user", "username", "name")
"""Parameters that tell profiles apart where the path does not."""

LONGEST = 500
"""Characters of a canonical text."""


class Comparable(NamedTuple):
    """One value as it is compared; equal to that of another spelling."""

    kind: str
    text: str


def comparable(field: str, value: str, country: str) -> Comparable | None:
    """Return what *value* of *field* is compared by; None if it says nothing that can be.

    *country* (ISO 3166-1 alpha-2) reads national numbers.
    """
    kind, canonical = KINDS.get(field, (field, _folded))
    text = canonical(value, country)
    return Comparable(kind, text[:LONGEST]) if text else None


def _email(value: str, country: str) -> str | None:
    found = email.parse(value)
    return found.canonical if found else None


def _phone(value: str, country: str) -> str | None:
    found = phone.parse(value, country, country)
    return found.e164 if found else None


def _domain(value: str, country: str) -> str | None:
    """Return the domain that was registered; None where strangers share it."""
    host = host_of(value)
    shared = (email_domains.personal, email_domains.disposable, email_domains.relay)
    if not host or any(one(host) for one in shared):
        return None
    return email_domains.registrable(host)


def host_of(value: str) -> str | None:
    """Return the host that an address, with or without a scheme, or a domain names."""
    text = clean(value, LONGEST).lower()
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return None
    found = email.parse(f"x@{host.rstrip('.')}")
    return found.domain if found else None


def _social(value: str, country: str) -> str | None:
    """Return host and path of a profile, without what a site's languages put before its name.

    With them whatever names it in the query, where the path does not: `profile.php?id=…`.
    """
    text = clean(value, LONGEST)
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
    except ValueError:
        return None
    path = parts.path.strip("/").lower()
    host = email_domains.registrable((parts.hostname or "").removeprefix("www."))
    return f"{host}/{path}{_naming(parts.query)}" if host and path else None


def _naming(query: str) -> str:
    try:
        said = dict(parse_qsl(query, max_num_fields=50))
    except ValueError:
        return ""
    named = [f"{name}={said[name]}" for name in NAMED_BY if name in said]
    return f"?{'&'.join(named)}" if named else ""


def _username(value: str, country: str) -> str | None:
    return clean(value, LONGEST).lower().lstrip("@") or None


def _company(value: str, country: str) -> str | None:
    found = company.parse(value)
    return found.canonical if found else None


def _industry(value: str, country: str) -> str | None:
    found = industry.industry(value)
    return found.code if found else _folded(value, country)


def _country(value: str, country: str) -> str | None:
    return address.country_code(value) or _folded(value, country)


def _folded(value: str, country: str) -> str | None:
    return fold(value, LONGEST) or None


KINDS: Mapping[str, tuple[str, Callable[[str, str], str | None]]] = {
    "email": (EMAIL, _email),
    "other_email": (EMAIL, _email),
    "phone": (PHONE, _phone),
    "other_phone": (PHONE, _phone),
    "website": (DOMAIN, _domain),
    "mail_domain": (DOMAIN, _domain),
    "social_profile": (SOCIAL, _social),
    "username": (USERNAME, _username),
    "street": (ADDRESS, lambda value, country: address.street(value) or None),
    "company": ("company", _company),
    "industry": ("industry", _industry),
    "country": ("country", _country),
    "city": ("city", lambda value, country: address.city(value) or None),
    "postal_code": ("postal_code", lambda value, country: address.postal_code(value) or None),
}
"""By field, of which kind its values are and how they become comparable; others are folded."""
