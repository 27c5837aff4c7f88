"""Numbers that a country gave another prefix or another digit: the old number as it is dialled now.

Old numbers live on in address books, in browsers that fill in forms, and in leads of years ago.
After the announcements of the regulators: Anatel (Brazil, 2012 to 2016), MIC (Vietnam, 2018),
ARTCI (Côte d'Ivoire, 2021), ARCEP (Benin, 2024).
"""

import re
from collections.abc import Callable

_VIETNAMESE = {
    **{"120": "70", "121": "79", "122": "77", "126": "76", "128": "78"},
    **{"123": "83", "124": "84", "125": "85", "127": "81", "129": "82"},
    **{f"16{digit}": f"3{digit}" for digit in range(2, 10)},
    **{"186": "56", "188": "58", "199": "59"},
}
"""Prefixes of mobiles of ten digits, and what they became."""

_IVORIAN = str.maketrans("0123456789", "1111555777")
"""By the second digit of a mobile, the second digit of its operator's new prefix."""


def today(dialled: str, region: str | None) -> str:
    """Return the digits *dialled* (ISO 3166 *region*), with `+` or not, as they are dialled today.

    What is no old number is returned as it is.
    """
    if dialled.startswith(_ABROAD):
        code = next(each for each in _ABROAD if dialled.startswith(each))
        old, new = _PLANS[_HOMES[code.lstrip("+0")]]
        national = dialled.removeprefix(code)
        return code + new(national) if old.fullmatch(national) else dialled
    if region not in _PLANS:
        return dialled
    old, new = _PLANS[region]
    national = dialled.removeprefix("0") if region in _TRUNK else dialled
    if not old.fullmatch(national):
        return dialled
    return dialled[: len(dialled) - len(national)] + new(national)


_PLANS: dict[str, tuple[re.Pattern[str], Callable[[str], str]]] = {
    "BR": (
        re.compile(r"[1-9]\d(?:[689]\d|7[1-6])\d{6}"),
        lambda number: f"{number[:2]}9{number[2:]}",
    ),
    "VN": (
        re.compile(rf"(?:{'|'.join(_VIETNAMESE)})\d{{7}}"),
        lambda number: _VIETNAMESE[number[:3]] + number[3:],
    ),
    "CI": (
        re.compile(r"[04-9]\d{7}"),
        lambda number: f"0{number[1].translate(_IVORIAN)}{number}",
    ),
    "BJ": (re.compile(r"\d{8}"), lambda number: f"01{number}"),
}
"""By country, what an old number looks like without trunk digit or country code, and the new."""

_HOMES = {"55": "BR", "84": "VN", "225": "CI", "229": "BJ"}

_ABROAD = tuple(f"{sign}{code}" for code in _HOMES for sign in ("+", "00"))

_TRUNK = frozenset({"BR", "VN"})
"""Countries that dial 0 before a national number."""
