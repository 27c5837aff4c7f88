"""Slips of a finger, an eye or a scanner: pure functions from a text to a near one."""

import random

KEYS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
"""Rows of the keyboard that most people type on."""

LOOKALIKES = (
    *(("rn", "m"), ("m", "rn"), ("l", "1"), ("o", "0"), ("i", "l"), ("cl", "d"), ("e", "c")),
    *(("u", "v"), ("h", "b"), ("S", "5"), ("B", "8"), ("a", "o"), ("vv", "w"), ("g", "q")),
)
"""What a scanner of badges and business cards takes for what."""

MISTYPED = {
    "gmail.com": ("gmial.com", "gmai.com", "gmail.co", "gnail.com", "gmail.con", "gmaill.com"),
    "hotmail.com": ("hotmial.com", "hotmail.con", "hotmai.com", "hotmal.com"),
    "outlook.com": ("outlok.com", "outloook.com", "outlook.con", "outllok.com"),
    "yahoo.com": ("yaho.com", "yahooo.com", "yahoo.con", "yhoo.com"),
    "icloud.com": ("iclod.com", "icloud.con", "icoud.com"),
    "web.de": ("we.de", "wbe.de"),
    "gmx.de": ("gmx.d", "gnx.de"),
    "t-online.de": ("t-onlin.de", "tonline.de"),
    "orange.fr": ("ornage.fr", "orange.f"),
    "libero.it": ("libro.it", "libero.i"),
    "mail.ru": ("mail.r", "mial.ru"),
    "yandex.ru": ("yandx.ru", "yanex.ru"),
    "naver.com": ("naver.con", "navr.com"),
    "qq.com": ("qq.con", "qq.co"),
    "163.com": ("163.con", "163.co"),
    "wp.pl": ("wp.p", "wp.lp"),
    "seznam.cz": ("seznm.cz", "sezman.cz"),
    "uol.com.br": ("uol.com", "uol.co.br"),
}
"""How people mistype the big providers."""


def keyboard(rng: random.Random, text: str) -> str:
    """Return *text* with one key missed, doubled, swapped or hit beside."""
    place = rng.randrange(1, len(text))
    style = rng.randrange(4)
    if style == 0 and len(text) > 4:
        return text[:place] + text[place + 1 :]
    if style == 1:
        return text[:place] + text[place] + text[place:]
    if style == 2 and place + 1 < len(text) and text[place] != text[place + 1]:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + beside(rng, text[place]) + text[place + 1 :]


def beside(rng: random.Random, letter: str) -> str:
    """Return a letter whose key is beside *letter*'s; `e` for what is on no row."""
    row = next((row for row in KEYS if letter.lower() in row), "")
    if not row:
        return "e"
    place = row.index(letter.lower())
    return rng.choice([row[i] for i in (place - 1, place + 1) if 0 <= i < len(row)])


def scanned(rng: random.Random, text: str) -> str:
    """Return *text* with one likeness misread; unchanged if it has none."""
    found = [(seen, read) for seen, read in LOOKALIKES if seen in text[1:]]
    if not found:
        return text
    seen, read = rng.choice(found)
    return text[0] + text[1:].replace(seen, read, 1)


def swapped_digits(rng: random.Random, text: str) -> str:
    """Return *text* with two neighbouring digits of its last six swapped, if any differ."""
    pairs = [
        place
        for place in range(max(0, len(text) - 7), len(text) - 1)
        if text[place : place + 2].isdigit() and text[place] != text[place + 1]
    ]
    if not pairs:
        return text
    place = rng.choice(pairs)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def wrong_digit(rng: random.Random, text: str) -> str:
    """Return *text* with one of its last six digits another."""
    places = [place for place, char in enumerate(text) if char.isdigit()][-6:]
    place = rng.choice(places)
    digit = rng.choice([digit for digit in "0123456789" if digit != text[place]])
    return text[:place] + digit + text[place + 1 :]
