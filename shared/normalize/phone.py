"""Telephone numbers: one spelling per line, also for numbers that cannot be dialled.

Numbers are read as libphonenumber reads them (`numbering_plan`): per country, ITU-T E.164. A
fictional or impossible number still gets a stable spelling, so that two of them can be compared;
`valid` says whether it could ring.
"""

import re
from typing import NamedTuple

from phonenumbers import SUPPORTED_REGIONS

from shared.normalize import numbering_plan
from shared.normalize.numbering_plan import MOBILE, UNKNOWN, Number, plan
from shared.normalize.phone_renumbered import today
from shared.normalize.text import ascii_digits, clean

MAX_INPUT = 256
"""Characters looked at; a number with its extension and a remark is shorter."""

MIN_DIGITS = 5
"""Fewer digits than this identify nobody."""

MAX_DIGITS = 20
"""Digits kept: E.164 has at most 15, vanity words may add some."""

LEAST_ABROAD = 10
"""Digits from which a number without a `+` may begin with a country code."""

_EXTENSION = re.compile(
    r"(?:;ext=|(?<![a-z])(?:extension|extn?|ext|x|anexo|ramal|interno|poste|dw|durchwahl|klappe"
    r"|toestel|anknytning|lokal|lok|wewn?|int|nebenstelle|linka|klapka|mellék|dahili|alanumero"
    r"|máy lẻ|доб(?:авочный)?|вн(?:утр)?|вътр|εσωτ?|שלוחה|تحويلة|ต่อ|内線|分机|分機|转|轉|내선)"
    r"[. :=-]*|#|,+|;)"
    r" ?(\d{1,7})$"
)
_REMARKS = re.compile(
    r"(?<![a-z0-9])(?:mobile|mobil|mob|cell(?:phone)?|home|work|office|private|privat|phone|telephone"
    r"|telefon|telefono|telefone|tel|fax|whatsapp|wa|direct|main|business|geschäftlich|handy)(?![a-z])"
    r"[.:]?"
)
_ASCII_SIGNS = dict.fromkeys(code for code in range(128) if not chr(code).isdigit())
_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_KEYPAD_RUNS = ("01234567890123456789", "98765432109876543210")
_NEIGHBOURS = frozenset(run[i : i + 2] for run in _KEYPAD_RUNS for i in range(10))
_EIGHT_EQUAL = re.compile(r"(\d)\1{7}")
_PLAIN = re.compile(r"[0-9+(). -]*")
"""A number without words, extension or a second one behind it: most are."""

_ROUNDED = re.compile(r"\d(?:[.,]\d+)?e\+?\d{1,2}")
"""What a spreadsheet leaves of a long number (1.23E+11): its last digits are lost."""

_FLOAT = re.compile(r"(\+?\d{7,})\.0")
"""A number that a program took for an amount: the 0 was never dialled."""

_CONTEXT = re.compile(r";phone-context=(\+\d{1,6})")
_PARAMETER = re.compile(r";(?!ext=)[^;]*")
_SEPARATOR = re.compile(r"/|\||;(?!ext=)|,(?=\s*\+)| or | and |&")
_START = re.compile(r"[+\d]")
_LETTER = re.compile(r"[a-z]")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_PREFIX_AFTER_PLUS = re.compile(r"^00(?=[1-9])")
_INTERNATIONAL = re.compile(r"00[1-9]\d{6}")
_MEXICAN_TRUNK = re.compile(r"^04[45](?=\d{10}$)")
_MEXICAN_MOBILE = re.compile(r"^(\+|00)521(?=\d{10}$)")
_ARGENTINE_MOBILE = re.compile(r"^0(?=\d{12}$)\d{2,4}15\d{6,8}$")
"""As dialled within Argentina: 0, an area code, 15, the line; ten digits without 0 and 15."""


class Phone(NamedTuple):
    """One number. `e164` is `+`, country code and national number, dialable or not."""

    e164: str
    national: str
    country_code: int
    extension: str | None
    valid: bool
    vanity: bool
    placeholder: bool
    mobile: bool
    """Surely a mobile: one person's line. False where numbers do not tell (North America)."""


def parse(text: str, country: str | None = None, default_country: str = "US") -> Phone | None:
    """Return the number in *text*, or None if it has fewer than 5 digits.

    *country* is the ISO 3166 code of the person where known, else *default_country* is tried.
    A number that is not valid there, yet valid with a `+` before it, is taken as international.
    Letters map to the keypad (ITU-T E.161), also beyond the number's length. Digits of any
    script count. Two numbers in one field: the first.
    """
    dialled, vanity, extension = _typed(ascii_digits(clean(text, MAX_INPUT)).lower())
    if len(dialled.lstrip("+")) < MIN_DIGITS:
        return None
    region = _region(country) or _region(default_country)
    dialled = today(_without_old_prefix(dialled, region), region)
    number, kind = _resolved(dialled, region, vanity)
    code, national = number or _unparsed(dialled, region)
    national = national[:MAX_DIGITS]
    return Phone(
        e164=f"+{code}{national}" if code else f"+{national}",
        national=national,
        country_code=code,
        extension=extension,
        valid=kind != UNKNOWN,
        vanity=vanity,
        placeholder=_placeholder(national),
        mobile=kind == MOBILE,
    )


def national_key(phone: Phone) -> str:
    """Return the national significant number without leading zeros: 1 to 20 digits.

    Equal for one line given with and without its country code or trunk zero (`+44 20 7946
    0958`, `020 7946 0958`), so weaker evidence than `e164`: two countries may share a number.
    All digits are kept; dropping the first would join area codes that differ in it.
    """
    return phone.national.lstrip("0") or "0"


def warm() -> None:
    """Load the metadata of the commonest regions now, so that no request waits for it."""
    for number in ("+12015550123", "+442079460958", "+493012345678", "+33123456789"):
        parse(number)


def _typed(text: str) -> tuple[str, bool, str | None]:
    """Return the digits to dial, whether letters were mapped to them, and the extension."""
    if text.endswith(".0") and (amount := _FLOAT.fullmatch(text)):
        text = amount[1]
    if _PLAIN.fullmatch(text):
        return _digits(text.lstrip("(). -")), False, None
    if _ROUNDED.fullmatch(text):
        return "", False, None
    body, extension = _split_extension(_prepared(text))
    return *_dialled(body), extension


def _prepared(text: str) -> str:
    if text.startswith("tel:"):
        text = text[4:]
        context = _CONTEXT.search(text)
        text = _PARAMETER.sub("", text)
        if context and not text.startswith("+"):
            text = context.group(1) + text
    return _first_number(_REMARKS.sub(" ", text).strip())


def _first_number(text: str) -> str:
    """Return *text* up to a separator that follows a whole number (7 digits or more)."""
    for separator in _SEPARATOR.finditer(text):
        head = text[: separator.start()]
        if sum(map(str.isdigit, head)) >= 7:
            return head.strip()
    return text


def _split_extension(text: str) -> tuple[str, str | None]:
    found = _EXTENSION.search(text)
    if found and sum(c.isalnum() for c in text[: found.start()]) >= MIN_DIGITS:
        return text[: found.start()], found.group(1).lstrip("0") or "0"
    return text, None


def _dialled(text: str) -> tuple[str, bool]:
    """Return the digits to dial, with `+` where one led them, and whether letters were mapped.

    Letters before the first digit are a label, letters after nine digits a remark.
    """
    start = _START.search(text)
    text = text[start.start() :] if start else ""
    digits = sum(map(str.isdigit, text))
    first_letter = _LETTER.search(text)
    before = sum(map(str.isdigit, text[: first_letter.start()])) if first_letter else 0
    vanity = first_letter is not None and digits >= 3 and before < 9
    if vanity:
        text = text.translate(_KEYPAD)
    elif first_letter and before >= MIN_DIGITS:
        text = text[: first_letter.start()]
    return _digits(text), vanity


def _digits(text: str) -> str:
    """Return the digits in *text*, with `+` where one leads them."""
    bare = text.translate(_ASCII_SIGNS) if text.isascii() else _NOT_DIGITS.sub("", text)
    number = bare[: MAX_DIGITS + 4]
    return "+" + _PREFIX_AFTER_PLUS.sub("", number) if text.startswith("+") else number


def _without_old_prefix(dialled: str, region: str | None) -> str:
    """Return *dialled* without what Mexico asked for before a mobile until 2019: 1, 044, 045."""
    if region == "MX":
        dialled = _MEXICAN_TRUNK.sub("", dialled)
    return _MEXICAN_MOBILE.sub(r"\g<1>52", dialled) if "521" in dialled[:5] else dialled


def _resolved(dialled: str, region: str | None, vanity: bool) -> tuple[Number | None, int]:
    """Return the best reading of *dialled*, if there is any, and its kind; UNKNOWN if not valid."""
    first: Number | None = None
    for digits, home in _attempts(dialled, region, vanity):
        found = numbering_plan.number(digits, home)
        if found is None:
            continue
        kind = numbering_plan.kind(found)
        if kind != UNKNOWN:
            return found, kind
        # Nobody meant a foreign number that is none: what cannot be right was dialled at home.
        if first is None and not _dialled_abroad(dialled, region):
            first = found
    return first, UNKNOWN


def _attempts(dialled: str, region: str | None, vanity: bool) -> list[tuple[str, str | None]]:
    """Return the readings to try, likeliest first; words are dialled at home."""
    if dialled.startswith("+"):
        return [(dialled, None)]
    if _INTERNATIONAL.match(dialled):
        abroad, home = ("+" + dialled[2:], None), (dialled, region)
        foreign = not _own_prefix(dialled, region) or _own_code(dialled[2:], region)
        return [abroad, home] if foreign else [home, abroad]
    attempts: list[tuple[str, str | None]] = [(dialled, region)]
    if dialled.startswith("011"):
        attempts.append(("+" + dialled[3:], None))
    if _ARGENTINE_MOBILE.match(dialled):
        attempts.append((dialled, "AR"))
    if not dialled.startswith("0") and not vanity and len(dialled) >= LEAST_ABROAD:
        attempts.append(("+" + dialled, None))
    return attempts


def _dialled_abroad(dialled: str, region: str | None) -> bool:
    """Return whether *region* would dial another country by *dialled*: 011 2 in North America.

    Where that is no number, the zero and the area code of a city elsewhere were meant: Cairo.
    """
    return not dialled.startswith("00") and _own_prefix(dialled, region)


def _own_prefix(dialled: str, region: str | None) -> bool:
    """Return whether *dialled* begins with the region's own international prefix, not 00."""
    home = plan(region) if region else None
    prefix = home.exit_code if home else None
    return bool(prefix and prefix.pattern != "00" and prefix.match(dialled))


def _own_code(digits: str, region: str | None) -> bool:
    """Return whether *digits* begin with the region's own country code."""
    home = plan(region) if region else None
    return home is not None and digits.startswith(str(home.code))


def _unparsed(dialled: str, region: str | None) -> tuple[int, str]:
    digits = dialled.lstrip("+")
    home = plan(region) if region else None
    if dialled.startswith("+") or home is None:
        return 0, digits
    if home.code == 1 and len(digits) > 10 and digits.startswith("1"):
        digits = digits[1:]
    return home.code, digits


def _region(country: str | None) -> str | None:
    if country in SUPPORTED_REGIONS:
        return country
    code = (country or "").strip().upper()[:3]
    code = {"UK": "GB"}.get(code, code)
    return code if code in SUPPORTED_REGIONS else None


def _placeholder(national: str) -> bool:
    """Return whether the digits are what people type to get past a form.

    One digit repeated, eight times anywhere or seven at the end; a run up or down the keypad,
    whole or at the end. Fictional numbers such as 555-0100 are none: they stand for a person
    in tests and demonstrations.
    """
    if len(set(national[-7:])) == 1:
        return True
    if len(set(national)) <= len(national) - 7 and _EIGHT_EQUAL.search(national):
        return True
    if national[-2:] not in _NEIGHBOURS:
        return False  # no run ends so
    if any(national in run for run in _KEYPAD_RUNS) or national == "1231231234":
        return True
    # Only the end tells: 812 3456 7801 and 0901 234 5670 hold a run by their area codes.
    return len(national) > 8 and any(national[-8:] in run[:10] for run in _KEYPAD_RUNS)
