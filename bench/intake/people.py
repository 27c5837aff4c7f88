"""The people who fill the forms in, and the forms' words."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import phonenumbers
from anyascii import anyascii

DATA = Path(__file__).parent / "data" / "forms.toml"

FAMILY_FIRST = frozenset({"ja", "zh", "ko", "hu"})
WITHOUT_SPACE = frozenset({"ja", "zh", "ko"})


@dataclass(frozen=True)
class Person:
    """What a payload should be understood to say."""

    given: str
    family: str
    name: str
    email: str
    phone: str
    """As typed."""
    e164: str
    company: str


@cache
def forms() -> dict[str, dict]:
    """Return the words of every language, and what they share under `shared`."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def languages() -> list[str]:
    """Return the languages that forms are written in."""
    return [language for language in forms() if language != "shared"]


def person(rng: Random, language: str) -> Person:
    """Return somebody who fills in a form in *language*."""
    words = forms()[language]
    given, family = rng.choice(words["given"]), rng.choice(words["family"])
    order = (family, given) if language in FAMILY_FIRST else (given, family)
    name = ("" if language in WITHOUT_SPACE else " ").join(order)
    typed, e164 = number(rng, words["country"])
    return Person(
        given, family, name, address(rng, given, family), typed, e164,
        rng.choice(forms()["shared"]["firms"]),
    )  # fmt: skip


def address(rng: Random, given: str, family: str) -> str:
    """Return a mail address that goes with a name."""
    local = "".join(c for c in anyascii(f"{given}.{family}").lower() if c.isalnum() or c == ".")
    domain = rng.choice(("mailbox.example", "post.example.org", "firm.test", "web.example.net"))
    return f"{local}{rng.choice(('', '', str(rng.randrange(10, 99))))}@{domain}"


def number(rng: Random, country: str) -> tuple[str, str]:
    """Return a valid number of *country* as somebody types it, and in E.164."""
    sample = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    for _ in range(50):
        digits = str(sample.national_number)
        changed = digits[:-4] + "".join(str(rng.randrange(10)) for _ in range(4))
        drawn = phonenumbers.PhoneNumber(sample.country_code, int(changed))
        if phonenumbers.is_valid_number(drawn):
            break
    styles = phonenumbers.PhoneNumberFormat
    style = rng.choice((styles.INTERNATIONAL, styles.NATIONAL, styles.E164, styles.NATIONAL))
    return phonenumbers.format_number(drawn, style), phonenumbers.format_number(drawn, styles.E164)
