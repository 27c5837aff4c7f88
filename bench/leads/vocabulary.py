"""The words that people, firms and places are made of, as `data/*.toml` lists them."""

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Any, TypeVar

from bench.leads.romanise import romanised

T = TypeVar("T")

ZIPF_SHIFT = 4
"""Rank r is drawn as often as 1/(r + shift): the first of 50 names has 7 % (Zipf–Mandelbrot)."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A name as its bearer may write it."""

    native: str
    """In the people's own script; empty where that is Latin."""
    latin: tuple[str, ...]
    """In Latin letters, the usual spelling first."""
    common: bool = True
    """False for a name of the long tail, which few people of the country bear."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language area's names."""

    key: str
    female: Sequence[str]
    male: Sequence[str]
    family: Sequence[str]
    rest: Mapping[str, Any]

    @property
    def script(self) -> str:
        """What its own script is called; empty for Latin."""
        return str(self.rest.get("script", ""))

    def words(self, key: str) -> list[str]:
        """Return an optional list of the file."""
        return str(self.rest.get(key, "")).split()


@dataclass(frozen=True, slots=True)
class Country:
    """What a country's people write on forms."""

    code: str
    group: str
    tongues: Mapping[str, int]
    cities: Sequence[tuple[str, str, str]]
    """City, state and the shape of a postal code (# stands for a digit)."""
    legal: Sequence[tuple[str, ...]]
    """Legal forms, each with its usual spellings."""
    mail: Sequence[str]
    weight: int
    native: float
    """Share of the leads on which people write their own script, if it is not Latin."""
    romanisation: int
    """Which of a Chinese sign's spellings is usual: 0 pinyin, 1 Wade–Giles, 2 Cantonese."""
    area_codes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Working:
    """The words of working life in one language."""

    trades: Sequence[str]
    titles: Sequence[str]
    streets: Sequence[str]
    street: str
    messages: Sequence[str]


def plain(token: str) -> str:
    """Return a list's token with its spaces."""
    return token.replace("_", " ")


def uneven(rng: random.Random, values: Sequence[T]) -> T:
    """Return one of *values*, which stand in the order of their frequency."""
    return rng.choices(values, cum_weights=_zipf(len(values)))[0]


@cache
def _zipf(count: int) -> list[float]:
    return list(accumulate(1 / (rank + ZIPF_SHIFT) for rank in range(1, count + 1)))


def spelled(token: str, common: bool = True) -> Spelled:
    """Return the name of a list's token: `native=latin/latin`, `native` or `latin`."""
    native, _, latin = plain(token).partition("=")
    if latin:
        return Spelled(native, tuple(latin.split("/")), common)
    if native.isascii() or _is_latin(native):
        return Spelled("", (native,), common)
    return Spelled(native, romanised(native), common)


def _is_latin(text: str) -> bool:
    return all(char < "\u0370" or "\u1e00" <= char < "\u2000" for char in text)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("bench.leads") / "data" / name).read_text("utf-8"))


@cache
def tongues() -> Mapping[str, Tongue]:
    """Return the language areas by name."""
    files = ("names_west.toml", "names_east.toml", "names_scripts.toml")
    tables = [item for file in files for item in _table(file).items()]
    return {
        key: Tongue(
            key,
            str(table.get("female", "")).split(),
            str(table.get("male", "")).split(),
            str(table["family"]).split(),
            table,
        )
        for key, table in tables
    }


@cache
def nicknames(tongue: str) -> Mapping[str, tuple[str, ...]]:
    """Return the short forms that a formal given name goes by."""
    pairs = (word.partition("=") for word in tongues()[tongue].words("nicknames"))
    return {formal: tuple(short.split("/")) for formal, _, short in pairs}


@cache
def countries() -> Mapping[str, Country]:
    """Return the countries by ISO 3166-1 alpha-2 code."""
    return {code: _country(code, entry) for code, entry in _table("countries.toml").items()}


def _country(code: str, entry: Mapping[str, Any]) -> Country:
    shares = (part.partition(":") for part in entry["names"].split())
    cities = (city.split("|") for city in entry["cities"].split(";"))
    return Country(
        code=code,
        group=entry["group"],
        tongues={key: int(share) for key, _, share in shares},
        cities=[(city, state, postal) for city, state, postal in cities],
        legal=[tuple(plain(form).split("|")) for form in entry["legal"].split()],
        mail=entry["mail"].split(),
        weight=entry["weight"],
        native=entry.get("native", 0.0),
        romanisation=entry.get("romanisation", 0),
        area_codes=entry.get("area_codes", "").split(),
    )


@cache
def working(country: str) -> Working:
    """Return the words of working life in *country*."""
    table = _table("work.toml")
    entry = next((e for e in table.values() if country in e["countries"].split()), table["english"])
    trades, titles, streets = (
        [plain(word) for word in entry[key].split()] for key in ("trades", "titles", "streets")
    )
    return Working(trades, titles, streets, entry["street"], entry["messages"].split("|"))


@cache
def invented(key: str) -> list[str]:
    """Return a list of `words.toml`."""
    return str(_table("words.toml")[key]).split()


@cache
def second_levels() -> Mapping[str, str]:
    """Return where a country's firms register their names, if not directly below its code."""
    found: dict[str, str] = _table("words.toml")["domains"]
    return found
