"""Email addresses, phone numbers and presences elsewhere that a page publishes. Pure.

They are taken as they are spelt. An address that its owner scrambled ("info [at] …") was meant
for people, so it is left alone.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from shared.pages.page import Contacts, Social
from shared.pages.parsing.tree import Node

MOST = 20
"""Of each kind."""

MOST_READ = 200_000
"""Characters of a page's text that are looked through."""

_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9_][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}(?![\w-])"
)
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif")
"""`logo@2x.png` is no address."""

_NUMBER = r"(?:\+|\(|\d)[\d\s()./\u2010-\u2013-]{5,24}\d"
_PHONE = re.compile(
    rf"\b(?P<label>fax|t[eé]l(?:[eé](?:fono?|fone|phone))?|phone|call(?: us)?"
    rf"|mobile?|handy|whatsapp|fone|celular|m[oó]vil)\b[\s.:]{{0,4}}(?P<labelled>{_NUMBER})"
    r"|(?<![\w+])(?P<alone>\+\d[\d\s()./-]{6,20}\d|\(\d{2,5}\)\s?\d{3,5}[\s.-]?\d{3,5})(?!\d)",
    re.IGNORECASE,
)

_PLATFORMS = {
    "linkedin.com": "linkedin", "xing.com": "xing", "facebook.com": "facebook",
    "instagram.com": "instagram", "twitter.com": "x", "x.com": "x", "youtube.com": "youtube",
    "tiktok.com": "tiktok", "wa.me": "whatsapp", "api.whatsapp.com": "whatsapp",
    "pinterest.com": "pinterest", "threads.net": "threads", "github.com": "github",
}  # fmt: skip

_SHARING = re.compile(
    r"/(?:sharer?\b|share|intent/|dialog/|sharing|shareArticle|pin/create|plugins/)", re.I
)
"""Addresses at which a visitor tells others of the page; nobody is at home there."""


def contacts(tree: LexborHTMLParser | Node, text: str) -> Contacts:
    """Return how to reach who publishes *tree*; *text* is all that a visitor reads on it."""
    links = [link.attributes.get("href") or "" for link in tree.css("a[href]")]
    linked = [_addressed(link) for link in links if link[:7].lower() == "mailto:"]
    emails = [*linked, *_EMAIL.findall(text[:MOST_READ])]
    called = [unquote(link[4:84]).partition(";")[0] for link in links if link[:4].lower() == "tel:"]
    return Contacts(
        _first(email.strip(".").lower() for email in emails if _is_email(email)),
        _phones([*called, *_numbers(text[:MOST_READ])]),
    )


def socials(tree: LexborHTMLParser, others: Iterable[str]) -> tuple[Social, ...]:
    """Return the presences elsewhere that *tree* links to, and those of *others*, addresses too."""
    links = [link.attributes.get("href") or "" for link in tree.css("a[href]")]
    found = [_social(link.strip()) for link in [*others, *links]]
    return tuple(dict.fromkeys(social for social in found if social))[:MOST]


def at_platform(host: str) -> bool:
    """True for a host where everybody has a page, so that it is nobody's own web site."""
    bare = host.lower().removeprefix("www.").removeprefix("m.")
    return bare in _PLATFORMS or bare.partition(".")[2] in _PLATFORMS


def _social(url: str) -> Social | None:
    if not 10 < len(url) <= 500 or not url.isascii() or _SHARING.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    at_home = [host, host.partition(".")[2]]  # de.linkedin.com
    platform = next((_PLATFORMS[name] for name in at_home if name in _PLATFORMS), None)
    somewhere = parts.path.strip("/") or parts.query
    if platform is None or not somewhere or parts.scheme not in ("http", "https"):
        return None
    return Social(platform, url)


def _addressed(link: str) -> str:
    return unquote(link[7:327]).partition("?")[0].partition(",")[0].strip()


def _is_email(text: str) -> bool:
    return bool(_EMAIL.fullmatch(text)) and not text.lower().endswith(_PICTURES)


def _numbers(text: str) -> list[str]:
    found = [match for match in _PHONE.finditer(text) if (match["label"] or "").lower() != "fax"]
    return [match["labelled"] or match["alone"] for match in found]


def _phones(written: Iterable[str]) -> tuple[str, ...]:
    """Return numbers of 7 to 15 digits (E.164), each once however it is grouped."""
    by_digits: dict[str, str] = {}
    for number in written:
        spelt = " ".join(number.split())
        digits = re.sub(r"\D", "", spelt)
        if 7 <= len(digits) <= 15:
            by_digits.setdefault(digits[-7:], spelt)
    return tuple(by_digits.values())[:MOST]


def _first(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))[:MOST]
