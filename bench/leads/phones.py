"""Telephone numbers that are valid in a country, and how people write them."""

import random
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

NORTH_AMERICA = 1
"""Country code of the numbering plan whose area codes our table lists."""

VARIED_DIGITS = {True: 7, False: 6}
"""How many of the last digits differ from the library's example number: mobile or fixed."""


def drawn(rng: random.Random, region: str, mobile: bool, area_codes: Sequence[str]) -> PhoneNumber:
    """Return a valid number of *region*, shaped as the library's example for it."""
    code, example, pattern = _example(region, mobile)
    count = min(VARIED_DIGITS[mobile], len(example) - 2)
    while True:
        if area_codes:
            text = f"{rng.choice(area_codes)}{rng.randint(200, 999)}{rng.randint(0, 9999):04}"
        else:
            text = f"{example[:-count]}{rng.randrange(10**count):0{count}}"
        # The library's own check compiles its patterns anew for so many countries: 1 ms each.
        if pattern.fullmatch(text) and "55501" not in text:
            return parsed(f"+{code}{text}")


@cache
def _example(region: str, mobile: bool) -> tuple[int, str, re.Pattern[str]]:
    kind = PhoneNumberType.MOBILE if mobile else PhoneNumberType.FIXED_LINE
    number = phonenumbers.example_number_for_type(region, kind)
    metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region(region)
    shape = metadata.mobile if mobile else metadata.fixed_line
    assert number is not None and number.country_code is not None
    national_number = phonenumbers.national_significant_number(number)
    return number.country_code, national_number, re.compile(shape.national_number_pattern)


def parsed(e164: str) -> PhoneNumber:
    """Return the number that *e164* (`+` and digits) writes."""
    return phonenumbers.parse(e164, None)


def e164(number: PhoneNumber) -> str:
    """Return `+` and digits."""
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def neighbours(number: PhoneNumber, step: int) -> PhoneNumber | None:
    """Return the number *step* lines on, or None if there is none."""
    digits = e164(number)[1:]
    other = parsed(f"+{int(digits) + step}")
    return other if phonenumbers.is_valid_number(other) else None


def international(number: PhoneNumber) -> str:
    """Return `+44 20 7946 0958`."""
    return str(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL))


def national(number: PhoneNumber) -> str:
    """Return the country's usual grouping: `020 7946 0958`."""
    return str(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))


def dotted(number: PhoneNumber) -> str:
    """Return the national groups with dots between them: `020.7946.0958`."""
    return re.sub(r"\D+", ".", national(number).strip("()")).strip(".")


def solid(number: PhoneNumber) -> str:
    """Return the national number's digits alone: `02079460958`."""
    return re.sub(r"\D", "", national(number))


def bracketed(number: PhoneNumber) -> str:
    """Return the first group in brackets: `(020) 7946 0958`."""
    groups = re.sub(r"[^\d ]+", " ", national(number)).split()
    return " ".join([f"({groups[0]})", *groups[1:]]) if len(groups) > 1 else national(number)


def with_trunk_zero(number: PhoneNumber) -> str:
    """Return `+44 (0) 20 7946 0958` where the country dials a 0 at home, else the usual."""
    code, _, rest = international(number).partition(" ")
    trunk = solid(number) == "0" + re.sub(r"\D", "", rest)
    return f"{code} (0){rest}" if trunk else f"{code} {rest}"


def double_zero(number: PhoneNumber) -> str:
    """Return the number with 00 for the plus sign where 00 dials abroad: `0044 20 7946 0958`."""
    written = international(number)
    return f"00{written[1:]}" if _dials_00(number.country_code or 0) else written


@cache
def _dials_00(country_code: int) -> bool:
    region = phonenumbers.region_code_for_country_code(country_code)
    metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region(region)
    return bool(metadata.international_prefix == "00")


def no_plus(number: PhoneNumber) -> str:
    """Return country code and number as digits, without a plus: `442079460958`."""
    return e164(number)[1:]


AT_HOME = (national, national, solid, dotted, bracketed)
"""How people write a number who think of their own country only."""

ABROAD = (international, international, e164, with_trunk_zero, double_zero)
"""How people write it where the form shows a country code, or who expect a call from abroad."""
