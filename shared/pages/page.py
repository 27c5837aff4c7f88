"""What was read of one page of the web. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

FormKind = Literal["contact", "quote", "application", "newsletter", "lead_capture", "other"]
"""What a form is for; `other` are searches, logins and whatever is none of these."""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address, in the words of schema.org's PostalAddress; empty where nothing is said."""

    street: str = ""
    locality: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A way to reach an organisation (schema.org ContactPoint)."""

    purpose: str = ""
    """Its contactType, such as "sales"."""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as the page's structured data gives it: JSON-LD or microdata."""

    name: str
    url: str = ""
    address: Address | None = None
    contact_points: tuple[ContactPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Contacts:
    """Ways to reach whoever publishes the page, spelt as published; nothing is unscrambled."""

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Social:
    """A presence elsewhere that the page links to."""

    platform: str
    url: str


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the same site that the page links to."""

    url: str
    text: str
    """What the link says; empty for a picture."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form, and what it is for."""

    kind: FormKind
    reason: str
    """Why it was taken for that, in words of ours: "has a message field"."""
    fields: tuple[str, ...] = ()
    """What it asks for: email, phone, name, company, message, amount, file, password, search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that a page says, whoever fetched it."""

    title: str = ""
    language: str = ""
    """What the page says of its language: ISO 639-1, small letters; empty if it says nothing."""
    text: str = ""
    """Headings and paragraphs in their order, one a line; `reading.MOST_TEXT_BYTES` at most."""
    description: str = ""
    organisations: tuple[Organisation, ...] = ()
    contacts: Contacts = field(default_factory=Contacts)
    socials: tuple[Social, ...] = ()
    forms: tuple[Form, ...] = ()
    links: tuple[Link, ...] = ()
    """Pages of the same site, menus and footers included, as they come; each once."""
    truncated: bool = False
    """True if the page holds more text than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Content):
    """A page, with when and from where it came."""

    url: str
    """Where it was in the end, after redirects."""
    status: int
    fetched_at: datetime
    """UTC."""
