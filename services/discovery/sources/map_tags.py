"""Trades and the tags by which OpenStreetMap names them. Pure.

`services/discovery/data/openstreetmap_tags.csv` maps codes of NAICS 2022 to tags.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from shared.normalize.industry import Industry, industry, named

Tag = tuple[tuple[str, str], ...]
"""Pairs of key and value that must all be there: `(("shop", "car"), ("second_hand", "only"))`."""

SHORTEST = 4
"""Digits of a code below which a trade without tags of its own is no longer meant by others'."""

ANY_BUSINESS = ("office", "craft", "shop")
"""Keys of whatever is a business for sure, where nobody says which trade."""


def tags(trade: Industry) -> tuple[Tag, ...]:
    """Return the tags of *trade* and of all that it holds; empty if the map has no word for it.

    A trade without tags stands with its siblings: who looks for one finds the branch around it.
    """
    prefixes = trade.prefixes
    while True:
        found = tuple(dict.fromkeys(tag for code, tag in table() if code.startswith(prefixes)))
        if found or trade.is_group or len(prefixes[0]) <= SHORTEST:
            break
        prefixes = (prefixes[0][:-1],)
    if found or trade.is_group:
        return found
    return tuple(tag for code, tag in table() if trade.code.startswith(code) and len(code) > 2)


def trade_of(said: Mapping[str, str]) -> str:
    """Return the plain name of the trade of an element with the tags *said*; empty if unknown."""
    for code, tag in table():
        if all(said.get(key) == value for key, value in tag):
            found = named(code)
            return found.name if found else ""
    return ""


def known_trade(text: str) -> Industry | None:
    """Return the trade that *text* names, or None."""
    return industry(text) if text else None


@cache
def table() -> tuple[tuple[str, Tag], ...]:
    """Return each code with one of its tags, those of several pairs first: they say more."""
    path = files("services.discovery").joinpath("data/openstreetmap_tags.csv")
    rows: list[tuple[str, Tag]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        code, *written = (cell.strip() for cell in line.split("#", 1)[0].split(","))
        rows += [(code, _tag(text)) for text in written if text]
    return tuple(sorted(rows, key=lambda row: -len(row[1])))


def _tag(text: str) -> Tag:
    pairs = (pair.partition("=") for pair in text.split("+"))
    return tuple((key.strip(), value.strip()) for key, _, value in pairs)
