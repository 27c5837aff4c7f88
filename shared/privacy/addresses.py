"""Addresses and numbers by which a person may be known, and what stands for each in our tables.

The duplicate check finds records by a keyed hash of what `Address` holds as `name`
(`services.dedup.blocking`, `dedup.lead_keys`), so a word that is kept under it counts for whoever
gives the address. A line is named by its last digits, which two lines may share: who destroys by it
compares `value`, too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from shared.normalize import phone
from shared.normalize.mailbox import mailbox

EMAIL, PHONE = "email", "phone"

LINE_DIGITS = 9
"""Last digits of a number that name its line, as the duplicate check has it; a test holds the two
equal."""

_ADDRESS = re.compile(r"[^\s,;<>]+@[^\s,;<>]+")
_BETWEEN_NUMBERS = re.compile(r"[,;\n]+")


class Address(NamedTuple):
    """A mailbox or a line."""

    kind: str
    """EMAIL or PHONE."""
    name: str
    """What its pseudonym is made of."""
    value: str
    """The canonical address, or the national number."""
    shared: bool = False
    """True of what surely belongs to no single person: `info@`."""


def of_email(text: str) -> Address | None:
    """Return the mailbox that *text* means; None for a placeholder, and for what is no address."""
    mail = mailbox(text)
    if mail is None or mail.filler:
        return None
    return Address(EMAIL, mail.canonical, mail.canonical, mail.role)


def of_phone(text: str, country: str | None = None, default_country: str = "US") -> Address | None:
    """Return the line that *text* means; None for a placeholder, and for what is no number.

    The countries are as of `shared.normalize.phone.parse`.
    """
    number = phone.parse(text, country, default_country)
    if number is None or number.placeholder:
        return None
    return Address(PHONE, number.e164[-LINE_DIGITS:], phone.national_key(number))


def of_lead(fields: Mapping[str, str], default_country: str = "US") -> list[Address]:
    """Return the mailboxes and lines that a lead gives, each once."""
    mails = (of_email(each) for name in ("email", "other_email") for each in _mails(fields, name))
    lines = (
        of_phone(each, fields.get("country"), default_country)
        for name in ("phone", "other_phone")
        for each in _BETWEEN_NUMBERS.split(fields.get(name, ""))
    )
    return list(dict.fromkeys(_known((*mails, *lines))))


def _mails(fields: Mapping[str, str], name: str) -> list[str]:
    return _ADDRESS.findall(fields.get(name, ""))


def _known(found: Iterable[Address | None]) -> Iterator[Address]:
    return (one for one in found if one is not None)
