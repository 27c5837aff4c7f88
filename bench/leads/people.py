"""People and the firms they work at: the truth behind the leads."""

import random
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from phonenumbers import PhoneNumber

from bench.leads import naming, phones
from bench.leads.vocabulary import (
    Country,
    Spelled,
    countries,
    invented,
    nicknames,
    second_levels,
    tongues,
    uneven,
    working,
)

EMPLOYED = 0.75
"""Share of people who have an employer to name."""

NEW_FIRM = 0.4
"""Share of employed people whose employer nobody of before shares: 2.5 leads a firm on average."""

BORN = (date(1948, 1, 1), date(2006, 1, 1))
"""The first and last date of birth."""


@dataclass(slots=True)
class Place:
    """A postal address."""

    street: str
    city: str
    state: str
    postal_code: str


@dataclass(slots=True)
class Firm:
    """An employer."""

    name: str
    """Without its legal form."""
    legal: tuple[str, ...]
    domain: str
    place: Place
    switchboard: PhoneNumber
    ip: str
    mail_style: str
    people: list["Person"] = field(default_factory=list)

    @property
    def called(self) -> str:
        """The name with its legal form."""
        return self.with_form(self.legal[0])

    def with_form(self, legal: str) -> str:
        """Return the name with this spelling of a legal form, where the country puts it."""
        return (
            f"{legal} {self.name}" if legal in invented("forms_before") else f"{self.name} {legal}"
        )


@dataclass(slots=True)
class Person:
    """One person; what they may tell a form."""

    number: int
    country: Country
    tongue: str
    woman: bool
    given: Spelled
    middle: Spelled | None
    family: Spelled
    born: date
    home: Place
    mobile: PhoneNumber
    mailbox: str
    """The private one."""
    ip: str
    firm: Firm | None = None
    work_mailbox: str = ""
    desk: PhoneNumber | None = None
    """The phone at work: a line of one's own, or the firm's switchboard."""
    title: str = ""
    suffix: str = ""
    habit: int = 0
    """Which romanisation the person prefers."""
    landline: PhoneNumber | None = None
    more_mailboxes: list[str] = field(default_factory=list)


class World:
    """Everybody; no two people share a private mailbox or a mobile unless a kind makes them."""

    def __init__(self, rng: random.Random):
        """*rng* decides everything."""
        self.rng = rng
        self.people: list[Person] = []
        self.shared_phones: set[str] = set()
        """Numbers that several people answer."""
        self.doubles: set[int] = set()
        """People who have a namesake in this world, so that a name and a firm don't tell them."""
        self.asked: set[tuple[str, str, str]] = set()
        """Kind, family and birthday of those who were asked for a relative of a kind once."""
        self.at_home: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        """By street and postal code, the given names of those who live there, short forms too."""
        self._mailboxes: set[str] = set()
        self._numbers: set[str] = set()
        self._domains: set[str] = set()
        self._firms: dict[str, list[Firm]] = defaultdict(list)
        self._codes = list(countries())
        self._weights = [countries()[code].weight for code in self._codes]

    def person(
        self,
        country: Country | None = None,
        tongue: str = "",
        given: Spelled | None = None,
        family: Spelled | None = None,
        woman: bool | None = None,
    ) -> Person:
        """Return a new person, drawn but for what is given."""
        rng = self.rng
        country = country or countries()[rng.choices(self._codes, self._weights)[0]]
        tongue = tongue or rng.choices(list(country.tongues), list(country.tongues.values()))[0]
        woman = rng.random() < 0.5 if woman is None else woman
        given = given or naming.given(rng, tongue, woman, country)
        person = Person(
            number=len(self.people),
            country=country,
            tongue=tongue,
            woman=woman,
            given=given,
            middle=naming.middle(rng, tongue, woman, country),
            family=family or naming.family(rng, tongue, woman, country),
            born=BORN[0] + timedelta(days=rng.randrange((BORN[1] - BORN[0]).days)),
            home=self.place(country),
            mobile=self.phone(country, mobile=True),
            mailbox="",
            ip=self.ip(),
            habit=rng.choice((0, 0, 0, 1, 2)),
        )
        person.mailbox = self.private_mailbox(person)
        self.people.append(person)
        if rng.random() < EMPLOYED:
            self.employ(person, self.firm(country))
        return person

    def employ(self, person: Person, firm: Firm, own_line: float = 0.35) -> None:
        """Give *person* a place at *firm*; *own_line* is the chance of a desk phone."""
        person.firm = firm
        person.title = self.rng.choice(working(person.country.code).titles)
        person.work_mailbox = self._free(naming.work_local(person, firm.mail_style), firm.domain, 9)
        own = self.rng.random() < own_line
        person.desk = self.phone(person.country, mobile=False) if own else firm.switchboard
        firm.people.append(person)

    def firm(self, country: Country) -> Firm:
        """Return an employer in *country*: mostly a new one."""
        known = self._firms[country.code]
        if known and self.rng.random() > NEW_FIRM:
            return self.rng.choice(known)
        return self.new_firm(country)

    def new_firm(self, country: Country, name: str = "") -> Firm:
        """Return an employer that nobody of before has."""
        name = name or naming.firm(self.rng, country)
        firm = Firm(
            name=name,
            legal=self.rng.choice(country.legal),
            domain=self._domain(name, country),
            place=self.place(country),
            switchboard=self.phone(country, mobile=False),
            ip=self.ip(),
            mail_style=self.rng.choice(("first.last", "first.last", "flast", "first", "last")),
        )
        self.shared_phones.add(phones.e164(firm.switchboard))
        self._firms[country.code].append(firm)
        return firm

    def _domain(self, name: str, country: Country) -> str:
        words = re.findall(r"[a-z0-9]+", naming.ascii_letters(name).lower())
        stem = self.rng.choice(("", "-")).join(words[:2])
        ending = second_levels().get(country.code, country.code.lower())
        ending = "com" if self.rng.random() < 0.25 else ending
        domain, count = f"{stem}.{ending}", 2
        while domain in self._domains:
            domain, count = f"{stem}{count}.{ending}", count + 1
        self._domains.add(domain)
        return domain

    def place(self, country: Country) -> Place:
        """Return an address in *country*."""
        city, state, shape = uneven(self.rng, country.cities)
        words = working(country.code)
        street = words.street.format(
            n=self.rng.randint(1, 180), street=self.rng.choice(words.streets)
        )
        postal = re.sub("#", lambda _: str(self.rng.randrange(10)), shape)
        return Place(street, city, state, postal)

    def phone(self, country: Country, mobile: bool) -> PhoneNumber:
        """Return a number that nobody else has."""
        while True:
            number = phones.drawn(self.rng, country.code, mobile, country.area_codes)
            if self.claim_phone(number):
                return number

    def claim_phone(self, number: PhoneNumber) -> bool:
        """Return True if the number was free; it is taken from now on."""
        text = phones.e164(number)
        free = text not in self._numbers
        self._numbers.add(text)
        return free

    def private_mailbox(self, person: Person) -> str:
        """Return a mailbox at a provider, that nobody else has."""
        domain = uneven(self.rng, person.country.mail)
        return self._free(naming.private_local(self.rng, person), domain, 999)

    def taken(self, address: str) -> bool:
        """Return True if *address* is somebody's mailbox."""
        return canonical(address) in self._mailboxes

    def _free(self, local: str, domain: str, highest: int) -> str:
        """Return a free mailbox; one that is taken gets a number, of up to *highest* at first."""
        address = f"{local}@{domain}"
        while self.taken(address):
            address = f"{local}{self.rng.randint(2, highest)}@{domain}"
            highest += 1
        self._mailboxes.add(canonical(address))
        return address

    def ip(self) -> str:
        """Return a public IPv4 address."""
        first = self.rng.choice((31, 46, 62, 77, 81, 88, 92, 109, 151, 176, 178, 188, 193, 217))
        return ".".join(str(part) for part in (first, *self.rng.choices(range(1, 255), k=3)))


def canonical(address: str) -> str:
    """Return the mailbox that an address reaches: case, Gmail's dots and tags aside."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.replace('.', '')}@{domain}" if domain == "gmail.com" else f"{local}@{domain}"


def short_forms(person: Person) -> list[tuple[str, str]]:
    """Return what friends or foreigners call the person: (native, Latin), native may be empty."""
    formal = person.given.native or person.given.latin[0]
    found = nicknames(person.tongue).get(formal.replace(" ", "_"), ())
    native = [form for form in found if not _latin(form)]
    western = tongues()[person.tongue].words("western_female" if person.woman else "western_male")
    if western:
        return [("", western[person.number % len(western)])]
    return [(native[0] if native else "", form) for form in found if _latin(form)]


def _latin(text: str) -> bool:
    return all("LATIN" in unicodedata.name(char, "") for char in text if char.isalpha())
