"""Telephone numbers, and the ways in which people write one."""

import random
from collections.abc import Callable
from dataclasses import dataclass

FOREIGN_DIGITS = {"IR": "۰۱۲۳۴۵۶۷۸۹", "EG": "٠١٢٣٤٥٦٧٨٩", "SA": "٠١٢٣٤٥٦٧٨٩", "BD": "০১২৩৪৫৬৭৮৯"}
"""Digits of countries whose keyboards offer their own."""

KEYPAD = {letter: str(n) for n, row in enumerate(
    ("ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"), 2) for letter in row}  # fmt: skip
"""ITU E.161: the digit of each letter."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number: country code, trunk prefix (may be empty), national digits in written groups."""

    code: str
    trunk: str
    groups: str

    @property
    def national(self) -> str:
        """The national significant number, digits only."""
        return "".join(filter(str.isdigit, self.groups))

    @property
    def e164(self) -> str:
        """The number as a machine stores it."""
        return f"+{self.code}{self.national}"

    def altered(self, national: str) -> "Number":
        """Return the number with other digits in the same groups."""
        digits = iter(national)
        groups = "".join(next(digits) if sign.isdigit() else sign for sign in self.groups)
        return Number(self.code, self.trunk, groups)


def international(number: Number) -> str:
    """`+84 90 123 4567`."""
    return f"+{number.code} {number.groups}"


def e164(number: Number) -> str:
    """`+84901234567`."""
    return number.e164


def domestic(number: Number) -> str:
    """As at home: with the trunk prefix; Argentina says 15 where +54 says 9; NANP in brackets."""
    parts = number.groups.split()
    if number.code == "1":
        return f"({parts[0]}) {parts[1]}-{parts[2]}"
    if number.code == "54" and parts[0] == "9":
        return f"0{parts[1]} 15-{'-'.join(parts[2:])}"
    gap = " " if number.trunk in ("06", "8") else ""
    return f"{number.trunk}{gap}{number.groups}"


def dense(number: Number) -> str:
    """As at home, without a gap."""
    return "".join(filter(str.isdigit, domestic(number)))


def dotted(number: Number) -> str:
    """`+84.90.123.4567`."""
    return international(number).replace(" ", ".").replace("-", ".")


def hyphened(number: Number) -> str:
    """As at home, with hyphens."""
    return domestic(number).replace("(", "").replace(") ", "-").replace(" ", "-")


def zero_zero(number: Number) -> str:
    """`0084 90 123 4567`; 011 from North America."""
    return f"{'011' if number.code == '1' else '00'} {number.code} {number.groups}"


def bracketed_trunk(number: Number) -> str:
    """`+84 (0) 90 123 4567`."""
    return f"+{number.code} ({number.trunk or '0'}) {number.groups}"


def without_plus(number: Number) -> str:
    """`84901234567`."""
    return number.e164[1:]


def extended(number: Number, extension: int) -> str:
    """`+84 24 3123 4567 ext. 12`."""
    return f"{international(number)} ext. {extension}"


def any_style(rng: random.Random, number: Number) -> str:
    """Return the number in one of the usual ways."""
    return rng.choice(_USUAL)(number)


def slipped(rng: random.Random, number: Number) -> Number:
    """Return the number with one late digit mistyped, or two neighbours swapped."""
    digits = list(number.national)
    at = rng.randrange(len(digits) - 5, len(digits) - 1)
    if digits[at] != digits[at + 1] and rng.random() < 0.5:
        digits[at], digits[at + 1] = digits[at + 1], digits[at]
    else:
        digits[at] = str((int(digits[at]) + rng.randint(1, 9)) % 10)
    return number.altered("".join(digits))


_USUAL: tuple[Callable[[Number], str], ...] = (
    international, international, e164, e164, domestic, domestic, dense, dense, hyphened,
    dotted, without_plus, zero_zero,
)  # fmt: skip
