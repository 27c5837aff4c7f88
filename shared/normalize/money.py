"""Amounts of money as people write them: how much, and of which currency if they say so.

Digits in any script; commas, dots, spaces and apostrophes between them in any country's way; words
for thousands and millions in the languages of our forms, lakh and crore among them; ranges.
"""

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from babel.numbers import list_currencies

from shared.normalize.text import ascii_digits, clean, fold

MAX_INPUT = 200
"""Characters looked at."""

MOST = 1e15
"""Units of a currency; a longer number is an account's or a phone's."""


class Money(NamedTuple):
    """What a text says: an amount in units of its currency, and that by ISO 4217 if it is said."""

    amount: float
    currency: str | None = None


def money(text: str, country: str | None = None) -> Money | None:
    """Return the amount that *text* states, or None if it states none or several.

    Of a range (`50-100k`) it is the middle; of a bound (`up to 50k`, `100k+`) the bound. A sign
    that several countries use, as $, is that of *country* (ISO 3166-1 alpha-2) if it is its own.
    """
    plain = _POWER.sub(_in_full, ascii_digits(clean(text, MAX_INPUT)).lower())
    said = _currencies(plain, country)
    found = [one for one in _AMOUNT.finditer(plain) if not _otherwise(plain, one)]
    if any(_may_be_more(plain, one) for one in found):
        return None
    if len(found) == 2 and _BETWEEN.fullmatch(plain[found[0].end() : found[1].start()]):
        amount = _middle(*found)
    elif found := _telling(plain, found):
        amount = _number(found[0]["digits"], found[0]["scale"])
    else:
        return None
    if amount is None or amount > MOST or len(said) > 1:
        return None
    return Money(amount, next(iter(said), None))


def currency(text: str, country: str | None = None) -> str | None:
    """Return the ISO 4217 code of the one currency that *text* names, in signs or words."""
    said = _currencies(clean(text, MAX_INPUT).lower(), country)
    return next(iter(said)) if len(said) == 1 else None


def _currencies(plain: str, country: str | None) -> set[str]:
    """Return the codes that *plain* (lower case) names, each once."""
    found = set()
    for sign in _SIGN.findall(plain):
        shared = SHARED.get(sign)
        found.add((shared.get(country or "") or SIGNS[sign]) if shared else SIGNS[sign])
    words = _WORD.findall(fold(plain, MAX_INPUT))
    for word in words:
        if _THOUSANDS_OF.fullmatch(word):
            word = word[1:]
        if word.upper() in _codes():
            found.add(word.upper())
        elif word in WORDS:
            shared = SHARED.get(word)
            found.add((shared.get(country or "") or WORDS[word]) if shared else WORDS[word])
    return _nearer(found, plain)


def _nearer(found: set[str], plain: str) -> set[str]:
    """Return *found* without what a sign before a nearer name stood for: `CAD $`, `$ (CAD)`."""
    named = {code for code in found if code.lower() in plain}
    return named or found


def _in_full(number: re.Match[str]) -> str:
    """Return digits for a number as spreadsheets shorten it: `4.5E+04`."""
    return format(Decimal(number[0].replace(",", ".")), "f")


def _otherwise(plain: str, number: re.Match[str]) -> bool:
    """True for what is no amount: a share, a term in years or months, a negative."""
    before, after = plain[: number.start()], plain[number.end() :]
    negative = before.endswith(("-", "−")) and not re.search(r"[\d\w]\s*[-−]$", before)
    return bool(_NO_AMOUNT.match(after)) or negative


def _may_be_more(plain: str, number: re.Match[str]) -> bool:
    """True if a word at *number* may scale it in a way that we do not know for sure."""
    if _SCALED_BEFORE.search(plain[: number.start()]):
        return True
    word = None if number["scale"] else _SCALED_AFTER.match(plain, number.end())
    return word is not None and not _currencies(word[0], None)


def _telling(plain: str, found: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the one of several numbers that says it is money; the only one in any case."""
    if len(found) == 1:
        return found
    marked = [
        one
        for one in found
        if one["scale"]
        or _BESIDE_BEFORE.search(plain[: one.start()])
        or _BESIDE_AFTER.match(plain[one.end() :])
    ]
    return marked if len(marked) == 1 else []


def _middle(first: re.Match[str], last: re.Match[str]) -> float | None:
    most = _number(last["digits"], last["scale"])
    least = _number(first["digits"], first["scale"])
    whole = _number(first["digits"], last["scale"])
    if not first["scale"] and whole is not None and most is not None and whole <= most:
        least = whole  # 50-100k: both are thousands
    if least is None or most is None or least > most:
        return None
    return (least + most) / 2


def _number(digits: str, scale: str | None) -> float | None:
    """Return the number; None where the signs between its digits make no number."""
    factor = SCALES[scale] if scale else 1.0
    value = _separated(re.sub(r"[\s'’_]", "", digits), fraction=factor >= MILLION)
    return None if value is None else value * factor


def _separated(digits: str, fraction: bool) -> float | None:
    """Return *digits* with commas and dots read: three digits after one are thousands.

    Where *fraction*, a single one is a decimal's: nobody writes 1.250 million for 1250 million.
    """
    signs = re.sub(r"\d", "", digits)
    if not signs:
        return float(digits)
    last = signs[-1]
    whole, _, rest = digits.rpartition(last)
    if len(set(signs)) == 1:
        if len(signs) > 1:
            return _grouped(digits, last)
        if len(rest) != 3 or fraction or whole.strip("0") == "":
            return float(f"{whole}.{rest}")
        return float(whole + rest)
    if signs.count(last) > 1:
        return None
    first = _grouped(whole, signs[0])
    return None if first is None or set(signs[:-1]) != {signs[0]} else first + float(f"0.{rest}")


def _grouped(digits: str, between: str) -> float | None:
    """Return digits in groups of three, or of two before the last three (2,50,000)."""
    first, *rest = digits.split(between)
    last = len(rest) - 1
    fits = all(len(part) == 3 or (len(part) == 2 and at < last) for at, part in enumerate(rest))
    return float(digits.replace(between, "")) if fits and 0 < len(first) <= 3 else None


@cache
def _codes() -> frozenset[str]:
    # Words of other languages that are codes, too: `all`, `top`, `try`, `mad` …
    return frozenset(list_currencies()) - {"ALL", "TOP", "TRY", "MAD", "CUP", "BAM", "GEL", "LAK"}


THOUSAND, LAKH, MILLION, CRORE, BILLION = 1e3, 1e5, 1e6, 1e7, 1e9

SCALES = {
    **dict.fromkeys(("k", "tsd", "tausend", "thousand", "mille", "mila", "tys", "тыс"), THOUSAND),
    **dict.fromkeys(("duizend", "tusen", "tusind", "bin", "thou", "grand"), THOUSAND),
    **dict.fromkeys(("lakh", "lakhs", "lac", "lacs"), LAKH),
    **dict.fromkeys(("m", "mm", "mn", "mio", "mln", "million", "millions", "millionen"), MILLION),
    **dict.fromkeys(("millon", "millón", "millones", "milhão", "milhões", "milhoes"), MILLION),
    **dict.fromkeys(("milione", "milioni", "miljoen", "miljoner", "milyon", "млн"), MILLION),
    **dict.fromkeys(("crore", "crores", "cr"), CRORE),
    **dict.fromkeys(("b", "bn", "billion", "billions", "mrd", "milliarde", "milliarden"), BILLION),
    **dict.fromkeys(("milliard", "milliards", "miliardi", "miljard", "млрд"), BILLION),
    **dict.fromkeys(("тысяча", "тысячи", "тысяч", "tysiące", "tysięcy", "हजार", "ألف"), THOUSAND),
    **dict.fromkeys(("миллион", "миллиона", "миллионов", "milion", "miliony", "milionów"), MILLION),
    **dict.fromkeys(("миллиард", "миллиарда", "миллиардов", "md", "mds", "milyar"), BILLION),
    **{"लाख": LAKH, "करोड़": CRORE, "مليون": MILLION, "t": THOUSAND},
    **{"万": 1e4, "萬": 1e4, "만": 1e4, "億": 1e8, "亿": 1e8, "억": 1e8},
    **{"千": 1e3, "천": 1e3, "百万": 1e6, "백만": 1e6, "千万": 1e7, "천만": 1e7},
}
"""Factor by the word after a number. German *Billion* is read as the English one: who asks for a
loan means no thousand of milliards."""

SIGNS = {
    **{"€": "EUR", "£": "GBP", "¥": "JPY", "￥": "JPY", "₹": "INR", "₽": "RUB", "₺": "TRY"},
    **{"₩": "KRW", "₴": "UAH", "₪": "ILS", "฿": "THB", "₫": "VND", "₱": "PHP", "₦": "NGN"},
    **{"us$": "USD", "ca$": "CAD", "c$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD"},
    **{"円": "JPY", "元": "CNY", "원": "KRW"},
    **{"r$": "BRL", "s$": "SGD", "hk$": "HKD", "mx$": "MXN", "$": "USD"},
}

WORDS = {
    **dict.fromkeys(("euro", "euros"), "EUR"),
    **dict.fromkeys(("dollar", "dollars", "bucks"), "USD"),
    **dict.fromkeys(("pound", "pounds", "sterling", "quid"), "GBP"),
    **dict.fromkeys(("rupee", "rupees", "rs"), "INR"),
    **dict.fromkeys(("franken", "francs", "sfr"), "CHF"),
    **dict.fromkeys(("zl", "zloty", "zlotych"), "PLN"),
    **dict.fromkeys(("kc", "korun"), "CZK"),
    **dict.fromkeys(("kr", "kronor", "kroner"), "SEK"),
    **dict.fromkeys(("reais", "real"), "BRL"),
    **dict.fromkeys(("rubley", "rubles", "roubles"), "RUB"),
    "yen": "JPY",
}

_DOLLARS = {
    **{"CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD", "MX": "MXN"},
    **{"CL": "CLP", "CO": "COP", "AR": "ARS", "TW": "TWD"},
}
_CROWNS = {"NO": "NOK", "DK": "DKK", "SE": "SEK", "IS": "ISK", "CZ": "CZK"}
_YUAN, _POUNDS = {"CN": "CNY"}, {"EG": "EGP"}
_RUPEES = {"PK": "PKR", "LK": "LKR", "NP": "NPR"}

SHARED: dict[str, dict[str, str]] = {
    **dict.fromkeys(("$", "dollar", "dollars", "bucks"), _DOLLARS),
    **dict.fromkeys(("¥", "￥"), _YUAN),
    **dict.fromkeys(("kr", "kronor", "kroner"), _CROWNS),
    **dict.fromkeys(("pound", "pounds"), _POUNDS),
    **dict.fromkeys(("rupee", "rupees", "rs"), _RUPEES),
}
"""Signs and words of several currencies, by the country whose own it is; elsewhere as above."""

_SIGN = re.compile("|".join(map(re.escape, sorted(SIGNS, key=len, reverse=True))))
_WORD = re.compile(r"[^\W\d_]+")
_NAMED = r"(?:eur|usd|gbp|chf|cad|aud)\b"
_SCALE = "|".join(word for word in sorted(SCALES, key=len, reverse=True) if len(word) > 1)
_AMOUNT = re.compile(
    r"(?P<digits>\d+(?:[.,'’_ \u00a0\u202f]\d+)*)"
    rf"(?:[\s\u00a0-]?(?P<scale>(?:{_SCALE}|[kmb])(?:(?![^\W\d_])|(?={_NAMED}))"
    rf"|t(?=€|{_NAMED})|[百千]?万|[백천]?만|[萬億亿억千천]))?"
)
_THOUSANDS_OF = re.compile(rf"[kmt]{_NAMED}")
_POWER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?e[+-]?\d{1,2}(?![\w.,])")
_SCALED_BEFORE = re.compile(
    rf"(?:\de[+-]?|\b(?:k|m|t|tsd\.?|mio\.?|mln\.?) ?(?:[€$£]|{_NAMED}) *)$"
)
_SCALED_AFTER = re.compile(r"[kmb][a-z]*|\s*(?:mil|l)\b|e[+-]?\d")
_BETWEEN = re.compile(
    r"[\s.]*(?:[€$£¥₹]|[a-z]{3})?[\s.]*(?:-|–|—|−|~|to|and|bis|und|tot|до|up to"
    r"|(?<=\s)(?:a|à|et|y|e))"
    r"[\s.]*(?:[€$£¥₹]|[a-z]{3}\b)?[\s.]*"
)
_NO_AMOUNT = re.compile(
    r"\s*-?(?:%|percent|prozent|pour ?cent|years?\b|yrs?\b|months?\b|days?\b|weeks?\b|jahre?n?\b"
    r"|monate?n?\b|ans?\b|mois\b|anos?\b|meses\b|mesi\b|anni\b|jaar\b|maanden\b)"
)
_BESIDE_BEFORE = re.compile(r"(?:[€$£¥₹]|\b(?:eur|usd|gbp|chf|inr|cad|aud|rs)\.?)\s*$")
_BESIDE_AFTER = re.compile(r"\s*(?:[€$£¥₹]|(?:eur|usd|gbp|chf|inr|cad|aud|euros?|dollars?)\b)")
