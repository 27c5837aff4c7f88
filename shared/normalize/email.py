"""Mail addresses: one spelling per mailbox, and what the address tells about its owner.

Syntax after RFC 5321 and RFC 6531 (no quoted local parts, no address literals); subaddresses
after RFC 5233; provider rules after the providers' own help pages.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from shared.normalize import email_domains, filler
from shared.normalize.email_domains import registrable, typo_domain, warm
from shared.normalize.tables import words
from shared.normalize.text import clean, fold

__all__ = ["Email", "parse", "repaired", "typo_domain", "warm"]

MAX_INPUT = 1_000
"""Characters looked at. An address has at most 254 (RFC 5321); the rest may be a display name."""

_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_FRAMED = re.compile(r"<([^<>]*@[^<>]*)>")
_SPELT_SIGNS = (
    (re.compile(r"(?i) ?[\[({] ?(?:at|ät|arroba) ?[\])}] ?"), "@"),
    (re.compile(r"(?i) ?[\[({] ?(?:dot|punkt|punto|point|ponto) ?[\])}] ?"), "."),
)
"""How people write an address that no machine is to collect."""

_ONE_LETTER = re.compile(r"(?<=\.\w\w|\w\w\w)\.\w$")
"""A last label of one letter: the second was not typed."""

_SPACED_AT = re.compile(r" ?@ ?")
_WRAPPING = " \t\"'`“”‘’«»„<>()[]{},;:.\\"

_SAME_BOX = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "ya.ru": "yandex.ru",
}
"""Domains under which one mailbox answers (Google, Proton, Apple and Yandex help pages)."""

_DASHED = frozenset({"yahoo", "ymail", "rocketmail"})
"""Providers of which a dash begins a tag."""

_DOTS = {"gmail.com": "", "yandex.ru": "-"}
"""What a dot in the local part is at providers to which it says nothing, or is a dash."""

MOST_REMEMBERED = 256
"""Addresses kept in memory: one lead's is asked for several times on its way."""


MOST_DOMAINS = 4096
"""Domains of which it is kept what they tell; they name no person."""


class Email(NamedTuple):
    """One address. `canonical` is equal for two spellings of one mailbox."""

    address: str
    canonical: str
    local: str
    domain: str
    organisation: str | None
    personal: bool
    disposable: bool
    role: bool
    relay: bool
    filler: bool
    """Typed to get past the form: two leads that give it share nothing."""


def parse(text: str) -> Email | None:
    """Return the address in *text*, or None if there is no plausible one.

    Takes `mailto:`, `Name <address>` and stray quotes off. `address` keeps the local part as
    typed; `canonical` is lower case, without tag: dropping a `+tag` at any domain treats the
    rare box whose name holds a plus as its neighbour's, and finds the many who add tags.
    `organisation` is the registrable domain, None at a personal, disposable or relay domain.
    """
    bare = _bare(clean(text, MAX_INPUT))
    local, at, typed_domain = bare.rpartition("@")
    domain = _ascii_domain(typed_domain)
    if not at or not domain or not _LOCAL.fullmatch(local):
        return None
    if len(local.encode()) > 64 or len(local) + len(domain) > 253:
        return None
    return _described(local, domain)


def repaired(text: str) -> Email | None:
    """Return the address meant by one that `parse` refuses, or None.

    Where the domain is a slip of a well-known provider's (`ann@web.d`, `ann@gmailcom`), has a
    comma for a dot (`ann@web,de`), or signs are spelt out (`ann (at) web [dot] de`). A last label
    of one letter, which none is, is left out: `ann@firm.co.u`.
    """
    bare = _bare(_signed(clean(text, MAX_INPUT)))
    local, at, domain = bare.rpartition("@")
    if not at or not _LOCAL.fullmatch(local):
        return None
    if meant := typo_domain(domain):
        return parse(f"{local}@{meant}")
    return parse(f"{local}@{_ONE_LETTER.sub('', domain).replace(',', '.')}")


def _signed(text: str) -> str:
    """Return *text* with signs in place of their names in brackets."""
    if "@" in text or not text.isascii():
        return text
    for spelt, sign in _SPELT_SIGNS:
        text = spelt.sub(sign, text)
    return text


class _Host(NamedTuple):
    """What the addresses of one domain have in common."""

    organisation: str | None
    personal: bool
    disposable: bool
    relay: bool
    label: str
    """The name that was registered, without its suffix."""
    canonical: str
    """The domain under which its mailboxes are known."""
    dashed: bool
    """True if a dash begins a tag there."""
    dot: str
    """What a dot in a local part is there."""


@lru_cache(MOST_DOMAINS)
def _host(domain: str) -> _Host:
    personal, relay = email_domains.personal(domain), email_domains.relay(domain)
    disposable = email_domains.disposable(domain)
    canonical = _SAME_BOX.get(domain, domain)
    brand = canonical.split(".", 1)[0]
    if brand == "yandex" and email_domains.personal(canonical):
        canonical = "yandex.ru"
    return _Host(
        organisation=None if personal or relay or disposable else registrable(domain),
        personal=personal,
        disposable=disposable,
        relay=relay,
        label=registrable(domain).partition(".")[0],
        canonical=canonical,
        dashed=brand in _DASHED and email_domains.personal(canonical),
        dot=_DOTS.get(canonical, "."),
    )


@lru_cache(MOST_REMEMBERED)
def _described(local: str, domain: str) -> Email:
    host = _host(domain)
    untagged = _untagged(local, "+")
    return Email(
        address=f"{local}@{domain}",
        canonical=_canonical(local, host),
        local=local,
        domain=domain,
        organisation=host.organisation,
        personal=host.personal,
        disposable=host.disposable,
        role=_role(untagged),
        relay=host.relay,
        filler=filler.mailbox(untagged, host.label, host.personal),
    )


def _bare(text: str) -> str:
    """Return what stands between the wrappings of *text*: a display name, quotes, a scheme."""
    framed = _FRAMED.search(text) if "<" in text else None
    text = framed.group(1) if framed else text
    text = text.strip(_WRAPPING)
    if text[:7].lower() == "mailto:":
        text = text[7:].split("?", 1)[0].strip(_WRAPPING)
    return _SPACED_AT.sub("@", text) if " " in text else text


@lru_cache(MOST_DOMAINS)
def _ascii_domain(domain: str) -> str | None:
    """Return *domain* in lower case and IDNA 2008 (UTS 46), or None if it can be none."""
    domain = domain.lower().rstrip(".")
    if not domain.isascii():
        domain = _idna(domain[:253])
    labels = domain.split(".")
    if len(labels) < 2 or len(domain) > 253 or not all(map(_LABEL.fullmatch, labels)):
        return None
    return None if len(labels[-1]) < 2 or labels[-1].isdigit() else domain


def _idna(domain: str) -> str:
    import idna  # most addresses never need it

    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except UnicodeError:
        return ""


def _canonical(local: str, host: _Host) -> str:
    local = _untagged(unicodedata.normalize("NFKC", local.lower()), "+")
    if host.dashed:
        local = _untagged(local, "-")
    return f"{local.replace('.', host.dot)}@{host.canonical}"


def _untagged(local: str, separator: str) -> str:
    return local.split(separator, 1)[0].rstrip(".") or local


LONGEST_HOUSEHOLD = 10
"""Letters of a word that begins with one for a household, and goes on with its name."""

_HOUSEHOLD = ("familie", "familjen", "famille", "family", "thefamily", "famiglia")


def _role(local: str) -> bool:
    """Return whether *local* names a function: `info`, `sales.emea`, `uk-sales2`, `no-reply`.

    The first word decides (`office.smith` is the office of Smith, an inbox that others read);
    a last word only after a short one, because some are family names too (`ana.sales`). Two
    letters before a name are initials (`hr.singh`), unless a function follows (`it-support`).
    """
    tokens = [t.strip("0123456789") for t in fold(local, 64).split(" ")]
    tokens = [t for t in tokens if t]
    if not tokens:
        return False
    known = _role_words()
    first, last, whole = tokens[0], tokens[-1], "".join(tokens)
    if len(first) > LONGEST_HOUSEHOLD and first.startswith(_HOUSEHOLD):
        return True  # familienhaugland
    if len(first) <= 2 < len(whole):
        return whole in known or last in known
    return first in known or whole in known


@cache
def _role_words() -> frozenset[str]:
    return words("role_words.csv")
