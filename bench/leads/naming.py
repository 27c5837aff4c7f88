"""How a person, a firm and a mailbox come by their names."""

from __future__ import annotations

import random
import re
import unicodedata
from typing import TYPE_CHECKING

from bench.leads.romanise import of_a_woman
from bench.leads.vocabulary import (
    Country,
    Spelled,
    Tongue,
    invented,
    plain,
    spelled,
    tongues,
    uneven,
    working,
)

if TYPE_CHECKING:
    from bench.leads.people import Person

TAIL = 0.45
"""Share of people whose family name no list of the commonest holds; in reality it is more."""

MIDDLE = {"english": 0.3, "german": 0.1, "french": 0.1, "vietnamese": 0.9, "nigerian": 0.2}
"""Share of people with a middle name that they sometimes give, by language area."""

_LETTERS = {
    "german": str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}),
    "danish": str.maketrans({"ø": "oe", "Ø": "Oe", "å": "aa", "Å": "Aa"}),
    "": str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"})
    | str.maketrans({"ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "’": "'"}),
}


def ascii_letters(text: str, tongue: str = "") -> str:
    """Return *text* as people write it who have no key for its letters; German ä reads ae."""
    text = text.translate(_LETTERS.get(tongue, {}))
    text = text.translate(_LETTERS[""])
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def given(rng: random.Random, tongue: str, woman: bool, country: Country) -> Spelled:
    """Return a given name; Chinese and Korean ones are composed of one or two signs."""
    words = tongues()[tongue]
    letters = words.words("letters_female" if woman else "letters_male")
    if not letters:
        return spelled(uneven(rng, words.female if woman else words.male))
    count = 2 if tongue == "korean" or rng.random() < 0.8 else 1
    signs = [_sign(token, country) for token in rng.sample(letters, count)]
    return _joined(rng, signs, tongue, country)


def _sign(token: str, country: Country) -> Spelled:
    """Return one sign with the country's usual spelling first."""
    sign = spelled(token)
    usual = sign.latin[min(country.romanisation, len(sign.latin) - 1)]
    return Spelled(sign.native, tuple(dict.fromkeys((usual, *sign.latin))))


def _joined(rng: random.Random, signs: list[Spelled], tongue: str, country: Country) -> Spelled:
    usual = [sign.latin[0] for sign in signs]
    rare = [sign.latin[-1] for sign in signs]
    solid = usual[0] + "".join(usual[1:]).lower()
    hyphen = "-".join([usual[0], *(part.lower() for part in usual[1:])])
    spaced, other = " ".join(usual), rare[0] + "".join(rare[1:]).lower()
    first = {0: [solid, hyphen], 1: [hyphen, spaced], 2: [spaced, hyphen]}[country.romanisation]
    if tongue == "korean":
        first = rng.choice(([hyphen, solid], [solid, spaced], [spaced, hyphen]))
    native = "".join(sign.native for sign in signs)
    return Spelled(native, tuple(dict.fromkeys((*first, other))), common=len(signs) == 1)


def middle(rng: random.Random, tongue: str, woman: bool, country: Country) -> Spelled | None:
    """Return a middle name, or None."""
    words = tongues()[tongue]
    if rng.random() >= MIDDLE.get(tongue, 0.0):
        return None
    listed = words.words("middle")
    return spelled(uneven(rng, listed)) if listed else given(rng, tongue, woman, country)


def family(rng: random.Random, tongue: str, woman: bool, country: Country) -> Spelled:
    """Return a family name; Spanish and Portuguese speakers often give two."""
    words = tongues()[tongue]
    first = _family(rng, words, woman, country)
    if words.rest.get("two_families") and rng.random() < 0.45:
        second = _family(rng, words, woman, country)
        both = f"{first.latin[0]} {second.latin[0]}"
        return Spelled("", (both,), common=False)
    return first


def _family(rng: random.Random, words: Tongue, woman: bool, country: Country) -> Spelled:
    if rng.random() < TAIL and (tail := _tail(rng, words, woman)):
        return tail
    token = uneven(rng, words.family)
    common = words.family.index(token) < 30
    if words.key == "chinese":
        return _sign(token, country)
    man, _, wife = token.partition(":")
    if woman and wife:
        return spelled(wife, common)
    name = spelled(man, common)
    if woman:
        name = _as_a_woman(name, words.key, common)
    return name


def _as_a_woman(name: Spelled, tongue: str, common: bool) -> Spelled:
    form = of_a_woman(name.native or name.latin[0], tongue)
    return name if form in (name.native, name.latin[0]) else spelled(form, common)


def _tail(rng: random.Random, words: Tongue, woman: bool) -> Spelled | None:
    if letters := words.words("letters_family"):
        first, second = (spelled(token) for token in rng.sample(letters, 2))
        latin = (first.latin[0] + second.latin[0]).title()
        return Spelled(first.native + second.native, (latin,), common=False)
    roots, ends = words.words("roots"), words.words("ends")
    if not roots:
        return None
    name = spelled(rng.choice(roots) + rng.choice(ends), common=False)
    return _as_a_woman(name, words.key, common=False) if woman else name


def firm(rng: random.Random, country: Country) -> str:
    """Return a firm's name without its legal form."""
    trade = rng.choice(working(country.code).trades)
    style = rng.random()
    if style < 0.45:
        return f"{_coined(rng)} {trade}"
    if style < 0.75:
        return f"{owner(rng, country)} {trade}"
    if style < 0.87:
        return f"{owner(rng, country)} & {owner(rng, country)}"
    return f"{_coined(rng)} {owner(rng, country)} {trade}"


def _coined(rng: random.Random) -> str:
    word = rng.choice(invented("starts")) + rng.choice(invented("ends"))
    return word + rng.choice(invented("ends")) if rng.random() < 0.5 else word


def owner(rng: random.Random, country: Country) -> str:
    """Return the family name of somebody whom a firm may be named after."""
    tongue = next(iter(country.tongues))
    return family(rng, tongue, False, country).latin[0].split()[-1].title()


def _handle(text: str, tongue: str) -> str:
    return re.sub(r"[^a-z]", "", ascii_letters(text, tongue).lower())


def private_local(rng: random.Random, person: Person) -> str:
    """Return the local part that a person might have chosen at a provider."""
    given_name = _handle(person.given.latin[0], person.tongue) or "me"
    family_name = _handle(person.family.latin[0].split()[0], person.tongue) or "x"
    year = person.born.year
    first, second = rng.sample(invented("hobbies"), 2)
    styles = (
        f"{given_name}.{family_name}",
        f"{given_name}.{family_name}",
        f"{given_name}{family_name}",
        f"{given_name}.{family_name}{year % 100:02}",
        f"{given_name[0]}{family_name}{rng.randint(1, 99)}",
        f"{family_name}.{given_name}",
        f"{given_name}{year}",
        f"{given_name}_{family_name}",
        f"{first}{second}{rng.randint(1, 999)}",
    )
    return rng.choice(styles)


def work_local(person: Person, style: str) -> str:
    """Return the local part that a firm of this *style* gives a person."""
    given_name = _handle(person.given.latin[0], person.tongue) or "staff"
    family_name = _handle(plain(person.family.latin[0]).split()[0], person.tongue) or "x"
    return {
        "first.last": f"{given_name}.{family_name}",
        "flast": f"{given_name[0]}{family_name}",
        "first": given_name,
        "last": family_name,
    }[style]
