"""The judge's world: countries, firms and people, each with their own mailbox and number."""

import random
import tomllib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from bench.judge.firms import COLOURS, STEMS, TITLES, TRADES, Firm
from bench.judge.names import DATA, Culture, Name, cultures, folded
from bench.judge.phones import Number

NO_TRUNK_ON_MOBILES = {"CN"}
"""Where fixed lines have a trunk prefix and mobiles have none."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, and how they write themselves just now."""

    number: int
    country: str
    culture: str
    sex: str
    given: Name
    family: Name | None
    middle: Name | None
    second: Name | None
    born: date
    native: bool
    mail: str
    work_mail: str
    mobile: Number
    home: Number
    firm: Firm
    title: str
    city: str
    street: str
    postal: str
    ip: str


@cache
def countries() -> dict[str, dict[str, Any]]:
    """Return the table of countries by ISO code."""
    return tomllib.loads((DATA / "countries.toml").read_text(encoding="utf-8"))


class World:
    """Makes people and firms from one random stream; no two share a mailbox or number by chance."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self._used: set[str] = set()
        self._firms: dict[str, list[Firm]] = {}
        self._count = 0
        self._codes = list(countries())
        self._weights = [countries()[code]["weight"] for code in self._codes]

    def country(self) -> str:
        """Return a country, the more populous more often."""
        return self.rng.choices(self._codes, self._weights)[0]

    def person(self, country: str | None = None, culture: str | None = None) -> Person:
        """Return somebody new."""
        rng, code = self.rng, country or self.country()
        about = countries()[code]
        culture = culture or _weighted(rng, about["cultures"])
        sex, names = rng.choice("mf"), cultures()[culture]
        given, family = names.given(rng, sex), names.family(rng)[sex == "f"]
        other = names.given(rng, sex)
        middle = other if culture in ("en", "fr", "pt", "yo") and rng.random() < 0.25 else None
        second = names.family(rng)[0] if culture == "es" and rng.random() < 0.6 else None
        only = culture == "id" and rng.random() < 0.3
        city, postal, street = self.place(code)
        firm = self.employer(code)
        me = Person(
            self._next(), code, culture, sex, given, None if only else family, middle, second,
            date(1950, 1, 1) + timedelta(days=int(rng.triangular(0, 20000, 12500))),
            rng.random() < about.get("native", 0.0), "", "", self.mobile(code), self.line(code),
            firm, rng.choice(TITLES), city, street, postal, self.ip(code),
        )  # fmt: skip
        return self.with_mailboxes(me)

    def like(self, other: Person, **shared: Any) -> Person:
        """Return a new person of *other*'s country and culture who shares what is named."""
        new = replace(self.person(other.country, other.culture), **shared)
        if "sex" in shared and "given" not in shared:
            new = replace(new, given=culture_of(new).given(self.rng, new.sex))
        if "family" in shared and new.family:
            new = replace(new, family=culture_of(new).gendered(new.family, new.sex))
        return self.with_mailboxes(new) if shared.keys() & _IN_MAILBOX else new

    def with_mailboxes(self, me: Person) -> Person:
        """Return *me* with a private and a work mailbox that nobody else has."""
        return replace(me, mail=self.private_mail(me), work_mail=self.work_mail(me, me.firm))

    def private_mail(self, me: Person, provider: str = "") -> str:
        """Return a new private address for *me*."""
        rng = self.rng
        domains = countries()[me.country]["mail"].split()
        domain = provider or (domains[0] if rng.random() < 0.45 else rng.choice(domains))
        first, last = handle(me.given), handle(me.family or me.given)
        nick = handle(rng.choice(me.given.short)) if me.given.short else first
        year = f"{me.born.year % 100:02}"
        shapes = (f"{first}.{last}", f"{first}{last}", f"{first}.{last}{year}", f"{last}.{first}",
                  f"{first[:1]}{last}{year}", f"{nick}{last}", f"{first}_{last}", f"{nick}.{last}",
                  f"{nick}{me.born.year}", f"{last}{first[:1]}{rng.randint(1, 999)}")  # fmt: skip
        return self._unique(rng.choice(shapes), domain)

    def work_mail(self, me: Person, firm: Firm) -> str:
        """Return a new address for *me* at *firm*, in the firm's pattern."""
        first, last = handle(me.given), handle(me.family or me.given)
        local = firm.pattern.format(first=first, last=last, f=first[:1])
        return self._unique(local, firm.domain)

    def employer(self, country: str) -> Firm:
        """Return a firm of *country*, one that exists or a new one."""
        known = self._firms.setdefault(country, [])
        if known and self.rng.random() < 0.35:
            return self.rng.choice(known)
        known.append(self.firm(country))
        return known[-1]

    def firm(self, country: str) -> Firm:
        """Return a new firm; its domain is its own."""
        rng, about = self.rng, countries()[country]
        stem = rng.choice(STEMS)
        if rng.random() < 0.4:
            stem = f"{rng.choice(COLOURS)} {stem}"
        elif rng.random() < 0.6:
            name = cultures()[_weighted(rng, about["cultures"])].family(rng)[0].usual
            stem = name if rng.random() < 0.5 else f"{name} {stem}"
        trade = rng.choice(TRADES)
        tld = rng.choice((about["tld"], about["tld"], "com"))
        city, postal, street = self.place(country)
        shapes = [stem, f"{stem}{trade}", f"{stem}-{trade}"]
        rng.shuffle(shapes)
        town = city.rpartition("=")[2].split("/")[0]
        domain = self._domain([*shapes, f"{stem}-{town}", f"{stem}{trade}-{town}"], tld)
        pattern = rng.choice(("{first}.{last}", "{first}.{last}", "{f}{last}", "{first}",
                              "{f}.{last}", "{last}"))  # fmt: skip
        return Firm(stem, trade, rng.choice(about["forms"].split("|")), domain, self.line(country),
                    city, street, postal, self.ip(country), pattern)  # fmt: skip

    def place(self, country: str) -> tuple[str, str, str]:
        """Return (city, postal code, street) in *country*; both scripts joined by `=`."""
        rng, about = self.rng, countries()[country]
        city, postal, _ = rng.choice(about["cities"]).split("|")
        street = rng.choice(about["streets"]).format(n=rng.randint(1, 240), u=rng.randint(1, 60))
        return city, self._digits(postal), street

    def mobile(self, country: str) -> Number:
        """Return a mobile number that nobody else has."""
        number = self._number(country, countries()[country]["mobile"])
        return replace(number, trunk="") if country in NO_TRUNK_ON_MOBILES else number

    def line(self, country: str) -> Number:
        """Return a fixed line that nobody else has."""
        cities = countries()[country]["cities"]
        return self._number(country, [city.split("|")[2] for city in cities])

    def ip(self, country: str) -> str:
        """Return an address; one in five is a mobile carrier's that many share."""
        rng = self.rng
        net = 60 + self._codes.index(country)
        if rng.random() < 0.2:
            return f"{net}.77.0.{rng.randint(1, 8)}"
        return f"{net}.{rng.randint(78, 250)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"

    def _number(self, country: str, shapes: list[str]) -> Number:
        about = countries()[country]
        while True:
            number = Number(about["code"], about["trunk"], self._digits(self.rng.choice(shapes)))
            if number.e164 not in self._used:
                self._used.add(number.e164)
                return number

    def _digits(self, shape: str) -> str:
        return "".join(str(self.rng.randint(0, 9)) if sign == "#" else sign for sign in shape)

    def _domain(self, shapes: list[str], tld: str) -> str:
        for number in range(1, 100):
            for shape in shapes:
                domain = f"{squeezed(shape)}{number if number > 1 else ''}.{tld}"
                if domain not in self._used:
                    self._used.add(domain)
                    return domain
        raise ValueError(f"no domain is left for {shapes[0]}")

    def _unique(self, local: str, domain: str) -> str:
        """Two people never differ by dots alone: at Gmail that would be one mailbox."""
        number = 1
        while True:
            suffix = "" if number == 1 else str(number)
            key = f"{local}{suffix}@{domain}".replace(".", "").replace("_", "")
            if key not in self._used:
                self._used.add(key)
                return f"{local}{suffix}@{domain}"
            number += self.rng.randint(1, 40)

    def _next(self) -> int:
        self._count += 1
        return self._count


def handle(name: Name) -> str:
    """Return a name as it stands in a mail address."""
    return squeezed(name.usual).replace("-", "") or "user"


def squeezed(text: str) -> str:
    """Return the plain Latin letters and digits of *text*, in lower case."""
    return "".join(s for s in folded(text).lower() if (s.isascii() and s.isalnum()) or s == "-")


def culture_of(me: Person) -> Culture:
    """Return the names among which *me*'s stand."""
    return cultures()[me.culture]


def has_common_name(me: Person) -> bool:
    """Return True if a firm may well have two people of *me*'s name."""
    names = culture_of(me)
    return bool(me.family) and names.is_common(me.family, "l")  # type: ignore[arg-type]


def _weighted(rng: random.Random, shares: str) -> str:
    words = shares.split()
    return rng.choices(words[::2], [float(share) for share in words[1::2]])[0]


_IN_MAILBOX = {"given", "family", "firm", "sex"}
