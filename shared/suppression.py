"""Suppression: the keys under which lists of those who are to be left alone name people.

A list names a mailbox or a number, in clear or as the trade hashes them: MD5, SHA-1 or SHA-256 in
hex, of the address in lower case without spaces around it, of the number's digits. Stored is one
*key* an entry: a pseudonym of the canonical value, or of the digest. Whoever asks about a person
computes every key that an entry about them may have (`keys_of`, 13 to 35) and asks one index.
A digest cannot be read back, so what a tag or Gmail's dots hide is found only where the asker's
spelling leads to it; a salted one is never found. See docs/decisions/0052.

To ask from another service, two views that the suppression service publishes are read:
`suppression.kept` (tenant_id, list_id, name, kind, on_hit, sources), a row for every list, so an
account without a row has nothing to ask; and `suppression.listed` (tenant_id, key, list_id,
list_name, kind, on_hit, sources, added_at, expires_at), a row for every entry. An entry counts
while expires_at is null or ahead, and a list for the sources that it names, or all if it names
none::

    SELECT DISTINCT ON (hit.list_id) hit.list_id, hit.list_name, hit.kind, hit.on_hit, hit.added_at
    FROM unnest(%(keys)s::bigint[]) AS wanted (key)
    CROSS JOIN LATERAL (
        SELECT * FROM suppression.listed AS own
        WHERE own.tenant_id = %(tenant)s AND own.key = wanted.key LIMIT 1000
    ) AS hit
    WHERE (hit.expires_at IS NULL OR hit.expires_at > %(now)s)
      AND (hit.sources = '{}' OR %(source)s = ANY (hit.sources))
    ORDER BY hit.list_id, hit.added_at
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

import phonenumbers

from shared.normalize import email
from shared.normalize.phone import Phone

EMAIL, PHONE = "email", "phone"
"""Kinds of a value in clear."""

MD5, SHA1, SHA256 = "md5", "sha1", "sha256"

DIGITS = {32: MD5, 40: SHA1, 64: SHA256}
"""What a hash is, by its hex digits."""

NORTH_AMERICA = 1
"""The country code of those who write (212) 555-0100 and 212-555-0100."""

_HEX = re.compile(r"[0-9a-f]+")
_TEN_DIGITS = re.compile(r"(\d{3})(\d{3})(\d{4})")

Key = TypeVar("Key", bound=int)


class Value(NamedTuple):
    """What an entry says: a canonical address or number, or a digest, of which kind."""

    kind: str
    """EMAIL, PHONE, MD5, SHA1 or SHA256; a digest does not say of what it is."""
    text: str
    """Canonical address, E.164, or lower-case hex."""


def digest(text: str) -> Value | None:
    """Return the hash that *text* is, by its length; None if it is none of the three."""
    bare = text.strip().lower()
    kind = DIGITS.get(len(bare))
    return Value(kind, bare) if kind and _HEX.fullmatch(bare) else None


def of_email(text: str) -> list[Value]:
    """Return what an entry about the mailbox in *text* may say, the clear one first: 4 to 16.

    What is no address has digests alone: a list may hold the very same mistake. Nothing for
    an empty text.
    """
    parsed = email.parse(text)
    spellings = _addresses(text, parsed)
    clear = [Value(EMAIL, parsed.canonical)] if parsed else []
    return clear + _digests(spellings)


def of_phone(number: Phone) -> list[Value]:
    """Return what an entry about *number* may say, the clear one first: 13 to 19.

    Digests are looked for of E.164 with and without `+` and with 00, of the national number
    with and without its trunk digit, and of two spellings of North America.
    """
    return [Value(PHONE, number.e164), *_digests(_numbers(number))]


def key(pseudonym: Callable[[str, str], Key], value: Value) -> Key:
    """Return the key of an entry that says *value*; *pseudonym* is a permit's or a tenant's.

    64 bits: for a lead with 35 keys and an account with 5 million entries, a hit on somebody
    else's is one in 100 thousand million.
    """
    return pseudonym(f"suppression.{value.kind}", value.text)


def keys(pseudonym: Callable[[str, str], Key], values: Iterable[Value]) -> list[Key]:
    """Return the keys of *values*, each once."""
    return list(dict.fromkeys(key(pseudonym, value) for value in values))


def keys_of(
    pseudonym: Callable[[str, str], Key], emails: Iterable[str], phones: Iterable[Phone]
) -> list[Key]:
    """Return every key that an entry about a person with *emails* (as sent) and *phones* has."""
    values = [value for text in emails for value in of_email(text)]
    values += [value for number in phones for value in of_phone(number)]
    return keys(pseudonym, values)


def _addresses(text: str, parsed: email.Email | None) -> list[str]:
    """Return the spellings of an address of which lists hold digests."""
    found = [text.strip().lower()]
    if parsed:
        local = parsed.local.lower()
        found += [
            f"{local}@{parsed.domain}",
            f"{local.partition('+')[0] or local}@{parsed.domain}",
            parsed.canonical,
        ]
    return [spelling for spelling in dict.fromkeys(found) if spelling]


def _numbers(number: Phone) -> list[str]:
    """Return the spellings of a number of which lists hold digests."""
    digits, national = number.e164[1:], number.national
    found = [number.e164, digits, f"00{digits}", national]
    region = phonenumbers.region_code_for_country_code(number.country_code)
    trunk = phonenumbers.ndd_prefix_for_region(region, True)
    if trunk:
        found.append(trunk + national)
    ten = _TEN_DIGITS.fullmatch(national)
    if number.country_code == NORTH_AMERICA and ten:
        area, exchange, line = ten.groups()
        found += [f"({area}) {exchange}-{line}", f"{area}-{exchange}-{line}"]
    return list(dict.fromkeys(found))


def _digests(spellings: Iterable[str]) -> list[Value]:
    return [
        Value(kind, hashlib.new(kind, spelling.encode("utf-8", "surrogatepass")).hexdigest())
        for spelling in spellings
        for kind in DIGITS.values()
    ]
