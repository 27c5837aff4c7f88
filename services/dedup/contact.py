"""What a person is reached by: mailboxes and lines, the first of each and the further ones.

A lead has one `email` and one `phone`; what it gives beyond them stands in `other_email` and
`other_phone`, one or several in a text. See docs/decisions/0030.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from phonenumbers import region_code_for_country_code

from shared.lead_fields import OTHERS
from shared.normalize import email, email_domains, filler, phone
from shared.normalize.email import Email
from shared.normalize.phone import Phone

MOST = 3
"""Further mailboxes, and further lines, that are kept of one lead, the first that can be read. With
the first that is one more than an address book asks for (work, home, mobile), and each is a key to
lock and up to 50 candidates to compare."""


class Mailbox(NamedTuple):
    """A mailbox; what each value is stands at the `Record`, which has the first one's."""

    email: str
    mailbox: str
    local: str
    email_domain: str
    role: bool
    organisation: str

    @property
    def value(self) -> str:
        """Return what two spellings of it have in common."""
        return self.mailbox


class Line(NamedTuple):
    """A telephone line; what each value is stands at the `Record`, which has the first one's."""

    phone: str
    national: str
    extension: str
    mobile: bool
    unplaced: bool

    @property
    def value(self) -> str:
        """Return what two spellings of it have in common."""
        return self.phone


MAX_INPUT = 500
"""Characters of a field that are looked at: as many as a lead's field may have."""

MOST_READ = 4 * MOST
"""Addresses, or numbers, that are tried to be read: reading one takes up to 0.1 ms."""

_ADDRESS = re.compile(r"[^\s,;<>]+@[^\s,;<>]+")

_BETWEEN_NUMBERS = re.compile(r"[,;\n](?!\s*ext)(?=(?:[^\d,;\n]*\d){5})")
"""Before what has digits enough to be a number: an extension may stand behind a comma, too."""

_BESIDE = re.compile(r"\s*(?:[,;/|\n&]|\s(?:or|and|und|oder|ou|et|o|y|e|u)\s)\s*", re.IGNORECASE)
"""What people write between two numbers in one box."""

_DIGIT = re.compile(r"\d")

_WHOLE = re.compile(r"\+?[\d\s().-]{7,}")
"""A number and nothing else: no letters, extension or remark."""

FEWEST_DIGITS, FULL_DIGITS = 7, 10
"""Of a number beside another one, and of one that begins like no full number."""


def addresses(text: str) -> list[str]:
    """Return each address in *text*, whatever commas, semicolons, spaces and names are between."""
    return _ADDRESS.findall(text[:MAX_INPUT])


def numbers(text: str) -> list[str]:
    """Return each number in *text*, which commas, semicolons or lines keep apart."""
    parts = _BETWEEN_NUMBERS.split(text[:MAX_INPUT])
    return [part for each in parts if (part := each.strip(" ,;"))]


def promoted(fields: Mapping[str, str]) -> dict[str, str]:
    """Return what a lead's *fields* say, the first further address as its `email` if it has none.

    The same for `phone`. The first that can be read; if none can, the first. What stands for
    nothing (`filler.given`) is left out. Idempotent.
    """
    found = filler.given(fields)
    if found.get("email", "").count("@") > 1 and not email.parse(found["email"]):
        found |= _several_addresses(found)
    if len(_DIGIT.findall(found.get("phone", ""))) >= 2 * FEWEST_DIGITS:
        found |= _several_numbers(found)
    if not any(map(found.get, OTHERS)):
        return found
    for name, other, parts, parse in _KINDS:
        if found.get(other) and not found.get(name) and (several := parts(found[other])):
            first = next((one for one in several if parse(one)), several[0])
            several.remove(first)
            found[name], found[other] = first, "; ".join(several)
    return {name: text for name, text in found.items() if text or name not in OTHERS}


def _several_addresses(fields: Mapping[str, str]) -> dict[str, str]:
    """Return `email` and `other_email` of a lead that gives several addresses in the first."""
    several = addresses(fields["email"])
    if len(several) < 2:
        return {}
    return {"email": "", "other_email": "; ".join([*several, fields.get("other_email", "")])}


def _several_numbers(fields: Mapping[str, str]) -> dict[str, str]:
    """Return `phone` and `other_phone` of a lead that gives several numbers in the first.

    Each must be a number by itself: 0171/1234567 is one, and so is 030 90185-0/12.
    """
    first, *more = (part for part in _BESIDE.split(fields["phone"][:MAX_INPUT].strip()) if part)
    if not more or not all(_by_itself(part) for part in (first, *more)):
        return {}
    beside = fields.get("other_phone", "")
    return {"phone": first, "other_phone": "; ".join([*more, beside] if beside else more)}


def _by_itself(text: str) -> bool:
    """True for a full number: an international one, with its area code, or long enough."""
    digits = len(_DIGIT.findall(text))
    full = digits >= FULL_DIGITS or (text[0] in "+0(" and digits >= FEWEST_DIGITS)
    return full and _WHOLE.fullmatch(text) is not None


def reached(fields: Mapping[str, str]) -> bool:
    """True if an address or a number of a lead's *fields* can be read: then a person is reached."""
    mail = fields.get("email", "")
    # What is mistyped at a well-known provider (ann@web.d) tells whose mailbox was meant.
    first = email.parse(mail) or email.repaired(mail) or phone.parse(fields.get("phone", ""))
    return bool(first) or any(
        parse(each) for _, other, parts, parse in _KINDS for each in parts(fields.get(other, ""))
    )


_KINDS = (
    ("email", "other_email", addresses, email.parse),
    ("phone", "other_phone", numbers, phone.parse),
)


T = TypeVar("T", Mailbox, Line)


def further(found: Iterable[T], first: str) -> tuple[T, ...]:
    """Return those of *found* that are kept: each once, MOST at most, without the *first*."""
    kept: dict[str, T] = {}
    for one in found:
        if one.value != first:
            kept.setdefault(one.value, one)
        if len(kept) == MOST:
            break
    return tuple(kept.values())


def number(text: str, country: str, mail: Email | None, default_country: str) -> Phone | None:
    """Return the number that *text* is in the lead's *country*, or in the one its *mail* tells."""
    found = phone.parse(text, country or None, default_country)
    if country or mail is None or found is None or text.startswith("+"):
        return found
    told = email_domains.country(mail.domain)
    there = phone.parse(text, told) if told else None
    return there if there and (there.valid or not found.valid) else found


def telephone(number: Phone | None) -> dict[str, object]:
    """Return the values of a `Line` by name; none for a placeholder."""
    if number is None or number.placeholder:
        return {}  # 000-0000 is what people type to get past a form: it says nothing
    return {
        "phone": number.e164,
        "national": phone.national_key(number),
        "extension": number.extension or "",
        "mobile": number.mobile,
        "unplaced": not number.valid,
    }


def lines(text: str, first: str, read: Callable[[str], Phone | None]) -> tuple[Line, ...]:
    """Return the lines in *text* beside the *first*, each number as *read* reads it."""
    found = (telephone(read(each)) for each in numbers(text)[:MOST_READ])
    return further((Line(**each) for each in found if each), first)  # type: ignore[arg-type]


def home(number: Phone | None) -> str:
    """Return the country that a number tells, or nothing: a few share their code with others."""
    if number is None or not number.valid or number.country_code in _SHARED_CODES:
        return ""
    return region_code_for_country_code(number.country_code)


_SHARED_CODES = frozenset({1, 7})
"""North America, also what a national number is read as by default; Russia and Kazakhstan."""
