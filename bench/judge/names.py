"""The names that people of a culture bear, in their own script, in Latin letters, and for short."""

import random
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

COMMON_SHARE = 0.5
"""Share of people whose name stands among the common ones, where there is a list of others too."""

_SINGLE = str.maketrans(
    {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "ß": "ss", "ı": "i", "ð": "d", "Ð": "D"}
    | {"þ": "th", "Þ": "Th", "æ": "ae", "Æ": "Ae", "’": "'", "ə": "a"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """One name: its Latin spellings (the usual first), its own script if not Latin, short forms."""

    latin: tuple[str, ...]
    native: str | None = None
    short: tuple["Name", ...] = ()

    @property
    def usual(self) -> str:
        """The most usual Latin spelling."""
        return self.latin[0]

    def written(self, native: bool) -> str:
        """Return the name in its own script if *native* and it has one, else in Latin letters."""
        return self.native if native and self.native else self.usual


@dataclass(slots=True)
class Culture:
    """Lists of names, the commonest first; family names as (men's, women's) form."""

    common: dict[str, list[tuple[Name, Name]]] = field(default_factory=dict)
    others: dict[str, list[tuple[Name, Name]]] = field(default_factory=dict)

    def given(self, rng: random.Random, sex: str) -> Name:
        """Return a given name for *sex*, `m` or `f`."""
        if "s" in self.common:
            return _joined(*(rng.choice(self.common[part])[0] for part in "st"))
        return self._drawn(rng, sex)[0]

    def family(self, rng: random.Random) -> tuple[Name, Name]:
        """Return a family name, in men's and women's form."""
        return self._drawn(rng, "l")

    def gendered(self, family: Name, sex: str) -> Name:
        """Return *family* in the form that *sex*, `m` or `f`, bears."""
        for pair in (*self.common["l"], *self.others.get("l", ())):
            if family in pair:
                return pair[sex == "f"]
        return family

    def is_common(self, name: Name, kind: str) -> bool:
        """Return True for the five most common names of *kind*."""
        return any(name in pair for pair in self.common.get(kind, [])[:5])

    def _drawn(self, rng: random.Random, kind: str) -> tuple[Name, Name]:
        others = self.others.get(kind)
        if others and rng.random() > COMMON_SHARE:
            return rng.choice(others)
        names = self.common[kind]
        return names[int(len(names) * rng.random() ** 1.4)]


def folded(text: str) -> str:
    """Return *text* as a keyboard without accents writes it."""
    plain = unicodedata.normalize("NFKD", text.translate(_SINGLE))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@cache
def cultures() -> dict[str, Culture]:
    """Return every culture by its code, such as `vi`."""
    found: dict[str, Culture] = {}
    for file in ("names.txt", "tails.txt"):
        current = Culture()
        for line in (DATA / file).read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                current = found.setdefault(line[1:-1], Culture())
            elif line and not line.startswith("#"):
                kind, *entries = line.split()
                lists = current.common if file == "names.txt" else current.others
                lists[kind] = [_pair(entry) for entry in entries]
    return found


def _pair(entry: str) -> tuple[Name, Name]:
    body, _, nicks = entry.replace("_", " ").partition("~")
    short = tuple(_name(nick) for nick in nicks.split(",") if nick)
    man, _, woman = body.partition(";")
    return _name(man, short), _name(woman or man, short)


def _name(text: str, short: tuple[Name, ...] = ()) -> Name:
    native, equals, latin = text.rpartition("=")
    return Name(tuple(latin.split("/")), native if equals else None, short)


def _joined(one: Name, two: Name) -> Name:
    first, second = one.usual, two.usual
    spellings: tuple[str, ...] = (
        f"{first}-{second.lower()}",
        f"{first}{second.lower()}",
        f"{first} {second}",
    )
    if len(one.latin) + len(two.latin) > 2:
        spellings += (f"{one.latin[-1]}-{two.latin[-1].lower()}",)
    return Name(spellings, f"{one.native}{two.native}")
