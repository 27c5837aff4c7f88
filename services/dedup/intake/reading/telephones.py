"""Telephones: the number in what somebody typed, as typed; a made-up one is nobody's."""

import re
from decimal import Decimal, InvalidOperation

from shared.normalize.text import ascii_digits

LONGEST = 500
"""Characters of a number's text (`values.LONGEST`)."""

LEAST_DIGITS, MOST_DIGITS = 6, 18
"""Digits of what was typed as a number: E.164 has at most 15; a prefix or extension may come."""

_LETTERS = re.compile(r"[^\W\d_]+")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_EXPONENT = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+?\d{1,2}")
_POINT_ZERO = re.compile(r"(\+?\d{6,18})[.,]0+")
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?:[T ,].*)?"
)
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_ADDRESS_OF_HOST = re.compile(rf"(?!\d\d(?:\.\d\d){{3}}$){_OCTET}(?:\.{_OCTET}){{3}}")
"""Four numbers up to 255, none with a zero before it: 070.714.67.95 is a telephone, and so are four
pairs of digits, as Danes write them (33.40.90.45)."""
_VANITY = re.compile(r"\+?1?[\s.(-]*8\d\d[\s.)-]*[A-Za-z][A-Za-z -]{3,11}[A-Za-z]")
_PHONE_SIGNS = re.compile(r"[\d\s+()./\-–—‑·*#,;:=]+")
_NOTE = re.compile(r"\s*\([^()]*[^\W\d_]{2}[^()]*\)$")
"""What people write after a number: `(after 5 pm)`."""
_LABELLED = re.compile(r"^[^\W\d_][^\d:@+(]{0,20}:\s*(?=[+(\d])")
"""What people write before it, or a tool that sends the label too: `Phone: `."""
_WHATSAPP = re.compile(
    r"(?i)(?:https?://)?(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=)\+?(\d{7,15})\b.*"
)
"""The number in a link to a chat, in full and without its plus."""
_FORMATTED = re.compile(r"\+?\d[\d\s()./\-–]*[\s()./\-–][\d\s()./\-–]*\d")


def number(value: str) -> str:
    """Return the telephone number in *value*, as typed; empty if it can be none.

    Of a number that went through a spreadsheet (`4.9151e+11`) nothing is kept unless every digit
    is there: a made-up number is somebody else's.
    """
    bare = ascii_digits(value).strip()
    if chat := _WHATSAPP.fullmatch(bare):
        return f"+{chat[1]}"
    bare = _NOTE.sub("", _LABELLED.sub("", bare))
    whole = _POINT_ZERO.fullmatch(bare)
    bare = whole[1] if whole else bare
    if _EXPONENT.fullmatch(bare):
        bare = _spelt_out(bare)
    digits = sum(map(str.isdigit, bare))
    if _VANITY.fullmatch(bare):
        return bare
    if not LEAST_DIGITS <= digits <= MOST_DIGITS * 2 or "@" in bare or _URL.match(bare):
        return ""
    if _DATE.fullmatch(bare) or _ADDRESS_OF_HOST.fullmatch(bare):
        return ""
    letters = sum(map(len, _LETTERS.findall(bare)))
    return bare[:LONGEST] if letters <= max(24, digits) else ""


def one_number(value: str) -> str:
    """Return the number if *value* is surely one and nothing else: it is formatted as people do."""
    bare = number(value)
    digits = sum(map(str.isdigit, bare))
    if not 7 <= digits <= 16 or not _PHONE_SIGNS.fullmatch(bare):
        return ""
    if bare.startswith(("+", "00")):
        return bare if digits >= 8 else ""
    if bare.startswith(("0", "(")) and digits >= 9:
        return bare
    return bare if digits >= 9 and _FORMATTED.fullmatch(bare) and not _amount(bare) else ""


def bare_number(value: str) -> bool:
    """Return whether *value* is nothing but digits, as many as a telephone number has."""
    return value.isascii() and value.isdigit() and 9 <= len(value) <= 13


def _amount(bare: str) -> bool:
    """True for 1.250.000,00 and 12 500 000: groups of three after the first."""
    return re.fullmatch(r"\d{1,3}(?:[ .,]\d{3})+(?:[.,]\d{1,2})?", bare) is not None


def _spelt_out(exponent: str) -> str:
    try:
        sign, digits, power = Decimal(exponent.replace(",", ".")).as_tuple()
    except InvalidOperation:
        return ""
    whole = not sign and power == 0
    return "".join(map(str, digits)) if whole else ""
