"""Branches of trade by code: NAICS 2022 (U.S. Census Bureau), 20 sectors down to 1,012 industries.

A code says where it lies: its first two digits are the sector, each further digit one step down.
`data/industry_names.csv` gives plain names, and groups that reach across sectors (technology).
"""

from dataclasses import dataclass
from functools import cache

from shared.normalize.tables import rows

WIDE_SECTORS = {"31": ("31", "32", "33"), "44": ("44", "45"), "48": ("48", "49")}
"""Sectors of several first digits (NAICS 2022, 31-33, 44-45 and 48-49), by their code here."""

_SECTOR_OF = {first: code for code, firsts in WIDE_SECTORS.items() for first in firsts}


@dataclass(frozen=True, slots=True)
class Industry:
    """A branch of trade, or a group of branches that people call by one name.

    `code` is NAICS 2022, 2 to 6 digits, and starts with the first of `prefixes`; codes of
    everything in it start with one of `prefixes`. `name` is plain English.
    """

    code: str
    name: str
    prefixes: tuple[str, ...]

    @property
    def is_group(self) -> bool:
        """Whether it is no branch of NAICS but a group named by usage."""
        return len(self.prefixes) > 1 and self.prefixes != WIDE_SECTORS.get(self.code)


def named(code: str) -> Industry | None:
    """Return the industry of a NAICS 2022 *code*, or None if there is none such.

    A sector may be given by any of its digits or as a range: 31, 33 and 31-33 are manufacturing.
    Codes of earlier editions (2007 to 2017) answer what replaced them.
    """
    code = code.strip()
    first, dash, last = code.partition("-")
    if dash and _SECTOR_OF.get(first, first) != _SECTOR_OF.get(last):
        return None
    code = _SECTOR_OF.get(first, first)
    return _industry(code if code in _titles() else _former().get(code, code))


def parents(code: str) -> tuple[Industry, ...]:
    """Return what *code* lies in, from its own parent up to its sector; empty if unknown."""
    known = named(code)
    if known is None:
        return ()
    above = (known.code[:length] for length in range(len(known.code) - 1, 1, -1))
    return tuple(found for one in above if (found := named(one)))


def group(prefixes: str) -> Industry | None:
    """Return the industry of *prefixes*, codes joined by "+", as the tables spell it."""
    codes = tuple(dict.fromkeys(prefixes.split("+")))
    if len(codes) == 1 or codes == WIDE_SECTORS.get(codes[0]):
        return named(codes[0])
    return Industry(codes[0], _names()[prefixes], codes)


def codes() -> dict[str, str]:
    """Return the official title of every code."""
    return _titles()


@cache
def _industry(code: str) -> Industry | None:
    if code not in _titles():
        return None
    spelt = "+".join(WIDE_SECTORS.get(code, (code,)))
    name = _names().get(spelt) or _names().get(code) or _titles()[code]
    return Industry(code, name, WIDE_SECTORS.get(code, (code,)))


@cache
def _titles() -> dict[str, str]:
    return {code: ", ".join(title) for code, *title in rows("industry_codes.csv")}


@cache
def _names() -> dict[str, str]:
    """Return the plain name of each code or group, the first that the table gives it."""
    found: dict[str, str] = {}
    for prefixes, name, *_ in rows("industry_names.csv"):
        found.setdefault(prefixes, name)
    return found


@cache
def _former() -> dict[str, str]:
    return {old: code for code, *olds in rows("industry_former_codes.csv") for old in olds}
