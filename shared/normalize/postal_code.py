"""Postal codes in a text, and the forms under which the gazetteer files them."""

import re

from shared.normalize.place_key import LEFT_OUT_SIGN, POSTAL

_CODE = re.compile(
    r"""(?<![\w.'-])(?:
      [A-Z]{1,2}\d[A-Z\d]?\ ?\d[A-Z]{2}        # United Kingdom: SW1A 1AA
    | [A-Z]\d[A-Z][ -]?\d[A-Z]\d               # Canada: M5V 2T6
    | [A-Z]\d[\dW]\ ?[A-Z\d]{4}                # Ireland: D02 AF30
    | \d{5}-\d{3,4} | \d{4}-\d{3} | \d{3}-\d{4} | \d{2}-\d{3}   # US, BR; PT; JP; PL
    | \d{3}\ \d{2} | \d{3}\ \d{3}              # SE, CZ, SK, GR; IN
    | \d{4}\ ?[A-Z]{2}                         # Netherlands: 1012 AB
    | [A-Z]{1,3}-?\d{3,7}                      # D-10115, AD500, LV-1010
    | \d{3,7}
    | [A-Z]{1,2}\d[A-Z\d]?                     # SW1A, M5V
    )(?![\w'])""",
    re.VERBOSE,
)
_SHORTENED = (
    (re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)\d[A-Z]{2}"), "GB"),
    (re.compile(r"([A-Z]\d[A-Z])\d[A-Z]\d"), "CA"),
    (re.compile(r"([A-Z]\d[\dW])[A-Z\d]{4}"), "IE"),
    (re.compile(r"(\d{4})[A-Z]{2}"), "NL"),
    (re.compile(r"(\d{5})\d{4}"), "US"),
)
"""Codes of which the gazetteer has the first part, and whose they are."""

_LETTERS = re.compile(r"[A-Z]{1,3}(\d+)")
_MOST_LEFT_OUT = 4

BRAZILIAN = 8
"""Digits of a Brazilian code; the gazetteer has those of whole towns, which end in zeros."""


def codes(text: str) -> tuple[list[str], str]:
    """Return the postal codes in *text*, in upper case, and the text without them.

    A house number can look like one; whether it is a code shows where it lies.
    """
    found = _CODE.findall(text.upper()) if any(c.isdigit() for c in text) else []
    if not found or len(text.upper()) != len(text):
        return found, text
    rest = list(text)
    for match in _CODE.finditer(text.upper()):
        rest[match.start() : match.end()] = " " * (match.end() - match.start())
    return found, "".join(rest)


def forms(code: str) -> list[tuple[str, str | None]]:
    """Return the keys under which *code* may be filed, with the country it must be of, if one.

    The whole code first; then without letters before it (D-10115), then its first part.
    """
    bare = "".join(c for c in code if c.isalnum())
    found: list[tuple[str, str | None]] = [(bare, None)]
    found += [(m[1], country) for shape, country in _SHORTENED if (m := shape.fullmatch(bare))]
    letters = _LETTERS.fullmatch(bare)
    if letters:
        found.append((letters[1], None))
        bare = letters[1]
    if bare.isdigit():
        found += _streets(bare)
    return [(POSTAL + form, country) for form, country in found]


def _streets(digits: str) -> list[tuple[str, str | None]]:
    """Return the forms of codes that name a street, of which the district's part is filed."""
    if len(digits) == 4:
        return [(digits + 3 * LEFT_OUT_SIGN, "PT")]
    if len(digits) == BRAZILIAN:
        return [(digits[:kept].ljust(BRAZILIAN, "0"), "BR") for kept in (5, 4, 3, 2)]
    return [
        (digits[:-left] + left * LEFT_OUT_SIGN, None)
        for left in range(1, _MOST_LEFT_OUT + 1)
        if 2 <= len(digits) - left <= 5 and len(digits) >= 5
    ]
