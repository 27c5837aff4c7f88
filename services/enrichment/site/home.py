"""Where a lead's company has its web site: the one it names, else that of its mail domain. Pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from shared.normalize import email, email_domains
from shared.normalize.text import clean

SHARED = frozenset((
    *("facebook.com", "instagram.com", "linkedin.com", "xing.com", "x.com", "twitter.com"),
    *("tiktok.com", "youtube.com", "youtu.be", "pinterest.com", "threads.net", "vk.com", "ok.ru"),
    *("wa.me", "whatsapp.com", "t.me", "telegram.me", "line.me", "weibo.com", "zalo.me"),
    *("linktr.ee", "linkin.bio", "lnk.bio", "beacons.ai", "bio.link", "taplink.cc", "carrd.co"),
    *("about.me", "github.com", "medium.com", "substack.com", "behance.net", "dribbble.com"),
    *("etsy.com", "ebay.com", "amazon.com", "mercadolibre.com", "shopee.com", "alibaba.com"),
    *("google.com", "g.page", "goo.gl", "bit.ly", "tinyurl.com", "apple.com", "bing.com"),
    *("yelp.com", "tripadvisor.com", "yellowpages.com", "gelbeseiten.de", "pagesjaunes.fr"),
    *("calendly.com", "typeform.com", "notion.site", "notion.so", "wikipedia.org"),
))  # fmt: skip
"""Sites at which everybody may have a page: what they say at their doors is of themselves."""


LONGEST = 2_000
"""Characters of an address."""

_ADDRESS = re.compile(
    r"(?:(https?):)?(?://)?((?:[^\W_][\w-]*\.)+[^\W_][\w-]*(?::\d+)?(?:[/?#]\S*)?)", re.IGNORECASE
)
"""With or without its scheme; a host has a dot in it."""


def own_site(fields: Mapping[str, str]) -> str | None:
    """Return the address of the web site that *fields* lead to; None if there is none.

    That is the `website`, else the domain of a business mailbox: never one of a free-mail,
    disposable or forwarding service. Ask `shared_host` whether it is the company's own.
    """
    written = _ADDRESS.fullmatch(clean(fields.get("website") or "", LONGEST))
    if written:
        return f"{(written[1] or 'https').lower()}://{written[2]}"
    box = email.parse(fields.get("email") or "")
    return f"https://{box.domain}/" if box and box.organisation else None


def shared_host(url: str) -> str | None:
    """Return the host of *url* if everybody may have a page there, else None."""
    host = (urlsplit(url).hostname or "").lower().removeprefix("www.")
    if host in SHARED or email_domains.registrable(host) in SHARED:
        return host
    return host if email_domains.personal(host) and not _is_page(url) else None


def same_owner(one: str, other: str) -> bool:
    """True if two addresses lie under one registered domain, or at one host and port."""
    mine, yours = urlsplit(one), urlsplit(other)
    if mine.netloc.lower() == yours.netloc.lower():
        return True
    here, there = mine.hostname or "", yours.hostname or ""
    return email_domains.registrable(here) == email_domains.registrable(there) != ""


def _is_page(url: str) -> bool:
    """True for an address below the front door: a customer's page at their provider's."""
    return urlsplit(url).path.strip("/") != ""
