"""Read what a lead or a filter says of its trade: the names in it, and which of them is the trade.

The whole text is looked up first. Else the longest names in it are found, in whole words only
("hospitality" has no "it" in it), and the trade is the one that the grammar puts first: the last
before a preposition in English and German (restaurant *software* for hotels), the first in French,
Spanish, Italian and Portuguese (*agence* de voyages). A word for what is done with goods (maker,
wholesaler) moves them into its sector. Without a name, words of the Census index vote.
"""

import re
from collections import Counter
from dataclasses import dataclass

from shared.normalize.industry_codes import group, named
from shared.normalize.industry_names import (
    MAX_TEXT,
    conjunctions,
    joins,
    kinds,
    known,
    noise,
    prepositions,
    stem,
    trade_first,
    words,
)
from shared.normalize.industry_spelling import index, meant, spelt

LONGEST_NAME = 6
"""Words of the longest name that is looked for inside a text."""

_CODE = re.compile(
    r"\W*(?:NAICS|SCIAN)?(?: 20\d\d)?(?: codes?)?\W*(\d{2}-\d{2}|\d{2,6})(?:\.0)?"
    r"(?:\W*|\s*[-–—:,.(|]+\s*[^\d\W].*|\s+[^\d\W]{4}.*)$",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[,;/|>()\[\]{}:+\n•·»]|\s[-–—]+\s")
_MAKING, _TRADE = "31+32+33", ("42", "44+45")
_CRAFTS = "81"
"""Repair and personal care: their shop is where they work, not a retailer's."""

_SERVICES = ("48", "49", "5", "6", "71", "8", "9")


@dataclass(frozen=True, slots=True)
class _Named:
    """A name found in a text: the codes it stands for, its first word, the "and" before it.

    `is_kind`: it only says what is done with goods. `has_kind`: it says that, too (car dealer).
    """

    codes: str
    start: int
    listed: int
    is_kind: bool
    has_kind: bool


def readings(text: str) -> list[str]:
    """Return what *text* may stand for, best first, each as codes joined by "+"."""
    text = text[:MAX_TEXT]
    code = _code(text)
    if code:
        return [code]
    found = words(text)
    plain = [word for word in found if stem(word) not in noise()]
    if "it" in found[1:] and "IT" not in text:
        plain = []  # the pronoun: we do it all
    whole = known(found) or known(plain) or known(spelt(plain))
    if whole:
        return [whole]
    return list(dict.fromkeys(_inside(text))) or _voted(spelt(found), None)


def _code(text: str) -> str | None:
    """Return the code that *text* is, alone or before its title."""
    match = _CODE.match(text) if any(c.isdigit() for c in text[:20]) else None
    found = named(match[1]) if match else None
    return "+".join(found.prefixes) if found else None


def _inside(text: str) -> list[str]:
    """Return the names in the parts of *text*, the trade of each part first, kinds last."""
    heads: list[str] = []
    others: list[str] = []
    for part in _PARTS.split(text):
        found = spelt(words(part))
        names = _ranked(found, _names(found, "IT" in part))
        if names:
            heads.append(_moved(names, found))
            others += [one.codes for one in names[1:]]
    return sorted(heads, key=lambda codes: codes in kinds().values()) + others


def _names(found: list[str], is_it: bool) -> list[_Named]:
    """Return the longest names in folded words, from left to right, none twice."""
    names, at = [], 0
    while at < len(found):
        length, codes = _longest(found, at, is_it)
        if codes:
            is_kind = codes in kinds().values()
            has_kind = any(stem(word) in kinds() for word in found[at : at + length])
            listed = sum(word in conjunctions() for word in found[:at])
            names.append(_Named(codes, at, listed, is_kind, is_kind or has_kind))
        at += length
    return names


def _longest(found: list[str], at: int, is_it: bool) -> tuple[int, str | None]:
    for length in range(min(LONGEST_NAME, len(found) - at), 0, -1):
        span = found[at : at + length]
        if joins(span[0]) or joins(span[-1]) or all(stem(word) in noise() for word in span):
            continue
        if span == ["it"] and not is_it:
            continue  # the pronoun
        codes = (kinds().get(stem(span[0])) if length == 1 else None) or known(span)
        if codes:
            return length, codes
    return 1, None


def _ranked(found: list[str], names: list[_Named]) -> list[_Named]:
    """Return *names* by how likely each is the trade and not what it is for."""
    first = any(word in trade_first() for word in found) or _is_romance(found)
    until = next((n for n, word in enumerate(found) if n and word in prepositions()), len(found))

    def order(one: _Named) -> tuple[bool, int, int]:
        return one.start > until, one.listed, one.start if first else -one.start

    return sorted(names, key=order)


def _is_romance(found: list[str]) -> bool:
    """True if most words end as Spanish, Italian and Portuguese ones do, or one as French."""
    if any(word.endswith(("erie", "euse", "ique")) for word in found):
        return True
    return 2 * sum(word.rstrip("s").endswith(("a", "o")) for word in found) > len(found)


def _moved(names: list[_Named], found: list[str]) -> str:
    """Return the codes of the trade; goods are moved into the sector of what is done with them."""
    head, *others = names
    last = max(one.start for one in names)  # in "toy and game shop" a shop for both
    near = (one for one in names if one.listed == head.listed or one.start == last)
    kind = next((one for one in near if one.is_kind), None)
    if kind is None or (kind is not head and (head.has_kind or not _is_of_goods(head.codes))):
        return head.codes
    goods = next((one for one in others if not one.is_kind), None) if kind is head else head
    if goods is None:
        return (_voted(found, kind.codes) or [kind.codes])[0]
    return _placed(goods, kind, found)


def _placed(goods: _Named, kind: _Named, found: list[str]) -> str:
    """Return where *goods* belong in the sector of *kind*; services stay what they are."""
    members = goods.codes.split("+")
    inside = [one for one in members if _lies_in(one, kind.codes)]
    if len(inside) == len(members):
        return goods.codes
    if goods.codes.startswith(_SERVICES if kind.codes == _MAKING else _CRAFTS):
        return goods.codes
    voted = _voted(found, kind.codes)
    if not voted and inside and goods.listed == kind.listed:
        return inside[0]
    voted = voted or _voted(_english(goods.codes), kind.codes)
    if not voted and kind.codes in _TRADE and goods.codes.startswith(_SERVICES):
        return goods.codes
    return voted[0] if voted else kind.codes


def _is_of_goods(codes: str) -> bool:
    return codes.startswith(("1", "2", "3", "4"))


def _lies_in(codes: str, kind: str) -> bool:
    return all(one.startswith(tuple(kind.split("+"))) for one in codes.split("+"))


def _english(codes: str) -> list[str]:
    found = group(codes)
    return words(found.name) if found else []


def _voted(found: list[str], kind: str | None) -> list[str]:
    """Return the groups of NAICS that the words of the Census index speak for, best first.

    Only those that start with the codes of *kind*, if given. Without it most words must speak:
    one known word among many unknown says little.
    """
    votes: Counter[str] = Counter()
    content = meant([word for word in found if stem(word) not in kinds()])
    speaking = [one for one in content if one in index()]
    if kind is None and len(speaking) * 2 <= len(content) - 1:
        return []
    for one in speaking:
        for place, code in enumerate(index()[one]):
            if kind is None or _lies_in(code, kind):
                votes[code] += 4 - place
    return sorted(votes, key=lambda code: (-votes[code], code))
