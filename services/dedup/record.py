"""A record: one lead's canonical values, in the form that comparisons read."""

import re
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

import orjson

from services.dedup import contact
from services.dedup.contact import Line, Mailbox
from shared.frozen import frozen
from shared.lead_fields import OTHERS
from shared.normalize import (
    address,
    company,
    dates,
    email,
    email_domains,
    family_variants,
    filler,
    han_readings,
    hebrew,
    name,
    name_frequency,
    name_order,
    phone,
)
from shared.normalize.company import Company
from shared.normalize.email import Email
from shared.normalize.family_variants import family_roots, given_readings
from shared.normalize.name_gender import family_stem
from shared.normalize.name_script import script
from shared.normalize.phone import Phone
from shared.normalize.text import fold

MOST_REMEMBERED = 8192
"""Names whose roots are kept in memory (under 2 MB)."""

FRANCOPHONE = frozenset(
    (
        *("BE", "CA", "CH", "FR", "LU", "MC", "GF", "GP", "HT", "MQ", "NC", "PF", "RE", "YT"),
        *("BF", "BI", "BJ", "CD", "CF", "CG", "CI", "CM", "DJ", "DZ", "GA", "GN", "KM", "LB"),
        *("MA", "MG", "ML", "MR", "NE", "RW", "SC", "SN", "TD", "TG", "TN"),
    )
)
"""Countries where M. before a name may be Monsieur, and is an initial nowhere else."""

_MONSIEUR = re.compile(r"^\s*M\.(?=\s*\w+\s*$)\s*")

LONGEST_TITLE = 80
"""Characters of a job title that are compared."""


class Record(NamedTuple):
    """What is compared. An empty text means the lead did not say.

    A tuple, because a lead has many candidates and each is made anew: a frozen dataclass of as
    many fields takes seven times as long.
    """

    email: str = ""
    """Canonical address; providers' aliases resolved."""
    mailbox: str = ""
    """The canonical address with a mistyped provider put right: gmial.com reads gmail.com."""
    local: str = ""
    email_domain: str = ""
    role: bool = False
    organisation: str = ""
    """Registrable domain of the employer; empty for mail providers."""
    phone: str = ""
    """E.164, or what a fictional number maps to."""
    national: str = ""
    """The number without its country code."""
    extension: str = ""
    mobile: bool = False
    """True if the number is surely a mobile, which one person answers."""
    given: str = ""
    middle: str = ""
    family: str = ""
    generation: str = ""
    """jr, sr, ii, iii: tells a son from his father."""
    given_sound: str = ""
    family_sound: str = ""
    """Of the name's last word, the same for a man's and a woman's form of it."""
    script: str = ""
    """What the name is written in, unless Latin: `ARABIC`, `CJK`."""
    street: str = ""
    city: str = ""
    postal_code: str = ""
    country: str = ""
    born: str = ""
    """Date of birth, ISO 8601."""
    title: str = ""
    """Folded job title."""
    unplaced: bool = False
    """True if the number exists in no plan as it was read: perhaps a national one from abroad."""
    roots: tuple[str, ...] = ()
    """Given names that this one may stand for (Mike: michael)."""
    family_roots: tuple[str, ...] = ()
    """Spellings that the family name may stand for (Chan: chen); empty if it has but one."""
    other_mailboxes: tuple[Mailbox, ...] = ()
    """Beside the first, which the fields above hold; MOST at most, as of the lines."""
    other_lines: tuple[Line, ...] = ()
    company: Company | None = None

    @property
    def others(self) -> list[str]:
        """Return the further mailboxes and numbers in their canonical spelling."""
        mailboxes = [each.mailbox for each in self.other_mailboxes]
        return mailboxes + [each.phone for each in self.other_lines]

    @property
    def named(self) -> bool:
        """True if the lead gave any name."""
        return bool(self.given or self.family)

    def pack(self) -> bytes:
        """Return this record as bytes that `unpack` reads; without others, as ever before."""
        *values, mailboxes, lines, firm = self
        parts = firm and [firm.canonical, firm.tokens, firm.legal_form, sorted(firm.acronyms)]
        if mailboxes or lines:
            values += [list(map(tuple, mailboxes)), list(map(tuple, lines))]
        return orjson.dumps([*values, parts])


def unpack(data: bytes) -> Record:
    """Return the record that `Record.pack` wrote, in this version or one of those before."""
    values = orjson.loads(data)
    mailboxes: tuple[Mailbox, ...] = ()
    lines: tuple[Line, ...] = ()
    if len(values) == len(Record._fields):
        *values, boxes, numbered, parts = values
        mailboxes, lines = tuple(map(Mailbox._make, boxes)), tuple(map(Line._make, numbered))
        values.append(parts)
    elif len(values) < len(Record._fields) - len(OTHERS):
        *rest, roots, parts = values
        values = [*rest, "", False, roots, (), parts]
    *rest, roots, family, parts = values
    return Record._make((*rest, tuple(roots), tuple(family), mailboxes, lines, _company(parts)))


def _company(parts: list[Any] | None) -> Company | None:
    if not parts:
        return None
    canonical, tokens, legal_form, acronyms = parts
    return Company(canonical, tuple(tokens), legal_form, frozenset(acronyms))


NAME = (
    *("given", "middle", "family", "generation"),
    *("given_sound", "family_sound", "script", "roots", "family_roots"),
)
"""The fields of a record that a person's name fills."""

MAIL = ("email", "mailbox", "local", "email_domain", "role", "organisation")
"""Those that the first mailbox fills."""


@frozen
class Reading:
    """A lead's contact data as parsed, beside the record made of it."""

    mail: Email | None
    number: Phone | None
    record: Record


def read(fields: Mapping[str, str], default_country: str = "US") -> Reading:
    """Return the canonical record of a lead's *fields* (names as in `FIELDS`).

    What cannot be read as its kind is left out; nothing is raised. *default_country*
    (ISO 3166-1 alpha-2) reads national phone numbers when the lead names no country.
    """
    country = address.country_code(fields.get("country", "")) or ""
    mail = email.parse(fields.get("email", ""))
    number = contact.number(fields.get("phone", ""), country, mail, default_country)
    birth = dates.date_of_birth(fields.get("date_of_birth", ""))
    values = _mail(mail) if mail else _malformed_mail(fields.get("email", ""))
    home = country or contact.home(number)
    values |= contact.telephone(number)
    values |= _person(fields, french=not home or home in FRANCOPHONE)
    if text := fields.get("other_email"):
        values["other_mailboxes"] = _mailboxes(text, str(values.get("mailbox")))
    if text := fields.get("other_phone"):
        read_number = partial(
            contact.number, country=country, mail=mail, default_country=default_country
        )
        values["other_lines"] = contact.lines(text, str(values.get("phone")), read_number)
    record = Record(
        **values,  # type: ignore[arg-type]
        company=_employer(fields.get("company", "")),
        street=address.street(fields.get("street", "")),
        city=address.city(fields.get("city", "")),
        postal_code=address.postal_code(fields.get("postal_code", "")),
        country=home,
        born=birth.isoformat() if birth else "",
        title=fold(fields.get("job_title", ""), LONGEST_TITLE),
    )
    return Reading(mail, number, record)


def _malformed_mail(text: str) -> dict[str, object]:
    """Return what a malformed address says, if it is plain which one was meant."""
    meant = email.repaired(text)
    return _mail(meant) | {"email": text.strip().lower()} if meant else {}


def _mail(mail: Email) -> dict[str, object]:
    if mail.filler:
        return {}  # test@test.com is everybody's
    intended = email.typo_domain(mail.domain)
    # A provider's own rules (dots, tags) hold for the address that was meant, too.
    meant = email.parse(f"{mail.address.rpartition('@')[0]}@{intended}") if intended else mail
    return {
        "email": mail.canonical,
        "mailbox": (meant or mail).canonical,
        "local": mail.canonical.rpartition("@")[0],
        "email_domain": mail.canonical.rpartition("@")[2],
        "role": mail.role,
        "organisation": "" if intended else mail.organisation or "",
    }


def _mailboxes(text: str, first: str) -> tuple[Mailbox, ...]:
    """Return the mailboxes in *text* that somebody reads, beside the *first*."""
    mails = map(email.parse, contact.addresses(text)[: contact.MOST_READ])
    found = (values for mail in mails if mail and (values := _mail(mail)))
    return contact.further((Mailbox(**each) for each in found), first)  # type: ignore[arg-type]


def _person(fields: Mapping[str, str], french: bool) -> dict[str, object]:
    typed = [fields.get(part, "") for part in ("name", "first_name", "last_name")]
    full, given, family = ("" if filler.absent(text) else text for text in typed)
    if filler.no_name(full) and filler.no_name(f"{given} {family}"):
        return {}
    if not french:
        full = _MONSIEUR.sub("M ", full)
    person = name.parse(full=full, given=given, family=family)
    written = script(full or given + family)
    return {
        "given": person.given,
        "middle": person.middle,
        "family": person.family,
        "generation": person.suffix or "",
        "roots": _given_roots(person.given, person.native[0], written),
        "family_roots": _family_roots(person.family, person.native[1], written),
        "given_sound": name.phonetic(person.given.partition(" ")[0]),
        "family_sound": name.phonetic(family_stem(person.family.rpartition(" ")[2])),
        "script": written,
    }


@lru_cache(MOST_REMEMBERED)
def _given_roots(given: str, native: str, written: str) -> tuple[str, ...]:
    if not given:
        return ()
    if written == "HEBREW":
        return tuple(sorted(name.nickname_roots(given) | hebrew.spellings("given", given)))
    if native:  # what its pinyin looks like is nobody's nickname: 雯 is no Wendy
        return tuple(sorted({given} | given_readings(native)))
    return tuple(sorted(name.nickname_roots(given) | given_readings(given)))


@lru_cache(MOST_REMEMBERED)
def _family_roots(family: str, native: str, written: str) -> tuple[str, ...]:
    if written == "HEBREW":
        return tuple(sorted(hebrew.spellings("family", family.replace(" ", ""))))
    roots = family_roots(native or family)
    return tuple(sorted(roots)) if len(roots) > 1 else ()


def _employer(text: str) -> Company | None:
    return None if filler.no_company(text) else company.parse(text)


_TABLES = (
    *(address, company, email_domains, family_variants),
    *(filler, han_readings, hebrew, name, name_frequency, name_order, phone),
)


def warm() -> None:
    """Load every table that reading needs, so that no lead waits for it (about 0.3 s)."""
    for tables in _TABLES:
        tables.warm()
