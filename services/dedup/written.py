"""What a lead wrote as its addresses and numbers: placeholders too, and whatever has no key.

Pure. Leads are compared by none of it, and whoever wants to be erased may name any of it.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial

from services.dedup import contact
from shared.normalize import address, email
from shared.normalize.mailbox import mailbox

EMAIL, PHONE = "email", "phone"

LAST_DIGITS = 4
"""Digits at the end of a number that every way to write it has, and one number in 10,000."""

_PUNCTUATION = str.maketrans("", "", ".-")
"""What providers leave out of a mailbox, or take for one another."""

_NO_DIGIT = re.compile(r"[^0-9]+")
_PLAIN_NUMBER = re.compile(r"[0-9()+./\s-]*")

Fields = Mapping[str, str]


class Written:
    """An address, a number or both, to be looked for in what leads wrote."""

    def __init__(self, given: Fields, default_country: str):
        """*default_country* reads national numbers of leads that name no country, and *given*."""
        self.country = default_country
        self.wanted = {kind: _READ[kind](given, default_country) for kind in given}
        """By kind, what was given in its canonical spelling; empty where it cannot be read."""
        self._likely = {
            kind: _LIKELY[kind](value) for kind, values in self.wanted.items() for value in values
        }

    def of(self, fields: Fields) -> bool:
        """True if a lead with *fields* gave all that is wanted, first or further."""
        return all(
            self._likely[kind](_text(fields, kind)) and values <= _READ[kind](fields, self.country)
            for kind, values in self.wanted.items()
        )


def _mailboxes(fields: Fields, _: str) -> set[str]:
    texts = [fields.get("email") or "", *contact.addresses(_text(fields, EMAIL))]
    return {found.canonical for text in texts if (found := mailbox(text))}


def _numbers(fields: Fields, default_country: str) -> set[str]:
    country = address.country_code(fields.get("country") or "") or ""
    mail = email.parse(fields.get("email") or "")
    read = partial(contact.number, country=country, mail=mail, default_country=default_country)
    texts = [fields.get("phone") or "", *contact.numbers(_text(fields, PHONE))]
    return {found.e164 for text in texts if (found := read(text))}


def _text(fields: Fields, kind: str) -> str:
    """Return all that a lead wrote of a *kind*."""
    return f"{fields.get(kind) or ''}\n{fields.get(f'other_{kind}') or ''}"


def _mailbox_likely(value: str) -> Callable[[str], bool]:
    """Return what tells, at a fiftieth of the cost of reading it, a text that cannot hold one."""
    local = value.rpartition("@")[0].translate(_PUNCTUATION)
    return lambda text: not text.isascii() or local in text.lower().translate(_PUNCTUATION)


def _number_likely(value: str) -> Callable[[str], bool]:
    """Return the same of a number; letters may stand for digits."""
    last = value[-LAST_DIGITS:]
    return lambda text: _PLAIN_NUMBER.fullmatch(text) is None or last in _NO_DIGIT.sub("", text)


_READ: Mapping[str, Callable[[Fields, str], set[str]]] = {EMAIL: _mailboxes, PHONE: _numbers}
_LIKELY = {EMAIL: _mailbox_likely, PHONE: _number_likely}
