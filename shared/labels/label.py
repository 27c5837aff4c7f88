"""Labels: which field of a lead a form's label means, and whose.

Whole words and phrases are looked up (`data/labels.csv`), the longest first, never parts of words:
*hotel* is no *tel*. What else stands in the label may turn its meaning: an address may be somebody
else's (`Your friend's email`), or the label asks about a field (`Company size`).
"""

import re
from functools import lru_cache
from typing import NamedTuple

from shared.labels.phrases import FIELDS, STANDINGS, single_words
from shared.labels.senses import PARTS, Found, found, spaceless, steps
from shared.labels.spelling import LONGEST, words

__all__ = ["Meaning", "meaning", "spaceless", "warm"]

MOST_REMEMBERED = 16_384
"""Labels whose meaning is kept in memory (some 5 MB); a form has the same ones every time."""

MOST_CLAUSES = 4
"""Clauses of one question that are told apart."""

YOURS = frozenset(
    (
        *("your", "you", "dein", "deine", "deinen", "du", "ihr", "ihre", "ihren", "sie"),
        *("votre", "vos", "vous", "ton", "ta", "tu", "te", "tus", "usted", "voce", "teu", "tua"),
        *("tuo", "ti", "vostro", "vostra", "uw", "u", "je", "jouw", "twoj", "twoje", "panstwa"),
        *("ваш", "ваша", "ваше", "вашу", "вас", "вам", "din", "ditt", "dit", "dig", "deg"),
        *("sinun", "sinua", "vas", "vase", "vam", "dvs", "σας", "σου"),
    )
)
"""What says that somebody is spoken to, and nobody is spoken of (as with *su*, *suo*, *seu*)."""

HALVES = ("particle", "second_surname")
"""Parts of a last name that some forms ask for apart: *van den*, a mother's surname."""

PLAIN, OTHER_LINE, WORK, SECOND, CONFIRM = range(5)
"""How near a label is to *the* address or number of a lead; lower comes first."""


class Meaning(NamedTuple):
    """What a label means."""

    field: str = ""
    """A field of a lead; `contact`, `dial_code`; or nothing that is known."""
    rank: int = PLAIN
    strange: int = 0
    """Words beside it that are in no table: who knows what they say."""
    other: bool = False
    """True for what is somebody else's: nothing of it is the lead's."""
    about: bool = False
    """True where it asks something about a field, such as its type or a consent."""
    loose: bool = False
    """True for a mere *name*, which beside a first name is a last one (nom, nome, nombre)."""
    roles: frozenset[str] = frozenset()
    """Who is named of those that may be the lead (`Tenant email`), in the label's own words."""
    standing: int = 0
    """How near they are to be the lead, by place in `STANDINGS`; lower comes first."""
    unknown: frozenset[str] = frozenset()
    """The strange words, of the label and of the path: they may name somebody."""


PLACE = "place"
"""The role of what stands in an object called by a kind of place: `restaurant.phone`."""

_PLACE = frozenset({"place"})
_ASIDE = re.compile(r"[(（【〔［][^()（）【】〔〕［］]*[)）】〕］]")
_TURNING = frozenset({"work", "second", "confirm", "person", "mobile"}) | PARTS
_NAMES = ("name", "full_name", "first_name", "last_name")
_SAID_ASIDE = ("email", "phone", "company")
_WHICH = frozenset({"when", "work", "second"})
_FURTHER = frozenset("2345")
_CLAUSE = re.compile(r"[,.!?;:–—…]+(?=\s|$)|[、，。！？；：]")


def meaning(label: str) -> Meaning:
    """Return what *label* means, by its first `LONGEST` characters. Never raises."""
    # What is cut is not remembered: a key may have a megabyte.
    return _remembered(label) if len(label) <= LONGEST else _meaning(label[:LONGEST])


def _meaning(label: str) -> Meaning:
    aside = " ".join(_ASIDE.findall(label)) if "(" in label or not label.isascii() else ""
    main = _ASIDE.sub(" ", label) if aside else label
    told = _told(main, label, aside)
    if told.strange and (asked := _asked(main)):
        return _told(asked, asked, aside)
    if aside and told._replace(unknown=frozenset()) == Meaning():
        inner = _told(aside, aside, "")
        return inner if inner.field in _SAID_ASIDE else told
    return told


_remembered = lru_cache(MOST_REMEMBERED)(_meaning)


def _told(main: str, label: str, aside: str) -> Meaning:
    path = steps(words(main)) or steps(words(label))
    if not path:
        return Meaning()
    every = [found(step) for step in path]
    beside = _aside(aside) if aside else frozenset()
    told = _resolved(every[-1], every[:-1], beside)
    if path[-1][-1] in _FURTHER and told.field in (*_NAMES, "email", "phone"):
        told = told._replace(rank=max(told.rank, SECOND))
    roles = frozenset[str]().union(*(each.roles for each in every))
    if any(each.senses == _PLACE and not each.strange for each in every[:-1]):
        roles |= {PLACE}
    unknown = frozenset[str]().union(*(each.unknown for each in every))
    if not (roles or unknown):
        return told
    return told._replace(roles=roles, standing=_standing(every) if roles else 0, unknown=unknown)


def _aside(aside: str) -> frozenset[str]:
    """Return what stands in brackets and turns the meaning; a note of several words does not."""
    told = found(tuple(words(aside)))
    return told.senses & _TURNING if not told.strange else told.senses & _TURNING - {"person"}


def _standing(every: list[Found]) -> int:
    """Return the place in `STANDINGS` of the nearest that a path names; a sender is the last."""
    senses = frozenset[str]().union(*(each.senses for each in every))
    return next((at for at, each in enumerate(STANDINGS) if each in senses), len(STANDINGS) - 1)


def _asked(main: str) -> str:
    """Return the clause that asks, where the rest is talk: `Before we start, your name?`.

    Only one that is wholly understood and says *your*; talk that tells anything may say whose.
    """
    clauses = [clause for clause in _CLAUSE.split(main) if clause.strip()]
    if len(clauses) not in range(2, MOST_CLAUSES + 1):
        return ""
    spelt = [(clause, words(clause)) for clause in clauses]
    telling = [each for each in spelt if found(tuple(each[1])).senses]
    if len(telling) != 1 or found(tuple(telling[0][1])).strange:
        return ""
    return telling[0][0] if YOURS & set(telling[0][1]) else ""


def warm() -> None:
    """Read the table now (about 0.1 s), so that no lead waits for it."""
    single_words()


def _resolved(last: Found, outer: list[Found], beside: frozenset[str]) -> Meaning:
    """Return what the *last* step of a path means within the *outer* ones."""
    around = frozenset[str]().union(*(each.senses for each in outer))
    senses = last.senses | last.whole | beside
    everywhere = senses | around
    if "person" in everywhere or any("person" in each.whole for each in outer):
        return Meaning(other=True, strange=last.strange)
    if "deal" in senses:
        senses |= {"about"}
    strange = last.strange
    field = _field(senses, strange, around)
    if "never" in senses:
        return Meaning(about=True, strange=strange)
    if not field and not strange and last.senses and last.senses <= _WHICH:
        field = _inherited(outer)
    asks = "about" in senses or ("when" in senses and not field)
    if asks and field != "message":
        reachable = field in ("email", "phone", "mobile", "contact")
        return Meaning(field if reachable else "", OTHER_LINE, strange + 1, about=True)
    product = field == "name" and "about" in around
    if product or (field in ("name", "full_name", "company") and "thing" in everywhere):
        return Meaning(field, OTHER_LINE, strange + 2, loose=field == "name")
    if field == "company" and "deal" in everywhere:
        return Meaning(about=True, strange=strange)
    if not field and senses & {"thing", "place"}:
        return Meaning(about=True, strange=strange)
    if field == "mobile":
        return Meaning("phone", max(OTHER_LINE, _rank(everywhere)), strange)
    if field == "company":
        return Meaning(field, SECOND if "trade" in senses else PLAIN, strange)
    rank = _rank(everywhere) if field in ("email", "phone", "contact") else PLAIN
    return Meaning(field, rank, strange, loose=field == "name")


def _inherited(outer: list[Found]) -> str:
    """Return the field of the step around one that only says which of several: `phones.day`."""
    senses = outer[-1].senses if outer else frozenset()
    return next((field for field in ("email", "mobile", "phone") if field in senses), "")


def _field(senses: frozenset[str], strange: int, around: frozenset[str]) -> str:
    if "dial_code" in senses or {"country", "phone"} <= senses:
        return "dial_code"
    if "mobile" in senses:
        senses = senses - {"phone"}
    if "email" in senses and ("phone" in senses or "mobile" in senses):
        return "contact"
    for field in FIELDS:
        if field in senses:
            return field
    return _name(senses, strange, around) or next(
        (field for field in ("company", "name", "contact") if field in senses), ""
    )


def _name(senses: frozenset[str], strange: int, around: frozenset[str]) -> str:
    if half := next((part for part in HALVES if part in senses), ""):
        return half
    named = bool({"name", "full_name"} & (senses | around))
    parts = (named or not strange) and "thing" not in senses  # an event's family is no surname
    first = "first_name" in senses or ("given" in senses and parts)
    last = "last_name" in senses or ("surname" in senses and parts)
    if first and last:
        return "full_name"
    if first or last:
        return "first_name" if first else "last_name"
    if "full_name" in senses:
        return "full_name"
    return (
        "company" if "name" in senses and "company" in around and not senses & {"company"} else ""
    )


def _rank(senses: frozenset[str]) -> int:
    if "confirm" in senses:
        return CONFIRM
    if "second" in senses:
        return SECOND
    if "work" in senses or "company" in senses:
        return WORK
    return PLAIN
