"""Fillers: what people type to get past a form. It says nothing about who they are.

Two leads of `test@test.com` are as much two people as two that left the field empty. The
phrases stand in `data/fillers.csv`; telephone numbers have rules of their own (`phone`).
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from shared.normalize.tables import kind
from shared.normalize.text import fold

MAX_INPUT = 256
"""Characters looked at in each value."""

LONGEST_NOTHING = 30
"""Characters of what says that there is nothing; the longest phrase of the table has 16."""

LONGEST_UNFILLED = 200
"""Characters of what a program left behind: two or three expressions of a template."""

NAMES = ("name", "first_name", "last_name")
"""The fields in which Null, None and Na may be what somebody is called."""

_OPENING = frozenset("{$%#*[<=\\N")
_UNFILLED = re.compile(
    r"(?:=?\{\{[^{}]{0,100}\}\}[\s,]*)+|(?:\{[A-Za-z_][\w .-]{0,39}\}[\s,]*)+"
    r"|(?:[$#]\{[^{}]{0,100}\}[\s,]*)+|(?:%[A-Za-z_][\w.-]{0,39}%[\s,]*)+|(?:\*\|\w{1,40}\|\*[\s,]*)+"
    r"|\[\[[^\[\]]{1,80}\]\]|<%=?[^<>%]{1,80}%>|\{%[^{}%]{1,80}%\}"
    r"|\[object \w{1,20}\](?:, ?\[object \w{1,20}\])*|<NA>|NaN|NaT|\\N"
    r"|#N/?[ADV]|#[¡¿]?(?:REF|VALUE|NAME|NULL|NUM|DIV/0|ERROR|SPILL|CALC|FIELD|BLOCKED|BEZUG|WERT"
    r"|ZAHL|VALEUR|NOM|NOMBRE|VALOR|RIF|VALORE|NOME|WAARDE|VERW|NAAM|GETAL|ARG|ADR|NAZWA)[!?]"
)
"""What a template did not fill in (n8n, Handlebars, Mailchimp, shells, ERB), what a program wrote
for an object or a missing number, and a spreadsheet's error, also in some of its languages."""


def mailbox(local: str, domain_label: str, provider: bool) -> bool:
    """Return whether nobody reads the mailbox *local* at the domain whose name is *domain_label*.

    `noemail@…` anywhere; `test@` at a mail provider, or at example.com; one word twice
    (`test@test.com`) only where that word is a filler, one character, or a mail *provider*'s own
    name: `rossi@rossi.it` is how small firms write.
    """
    word = fold(local, MAX_INPUT).replace(" ", "")
    nobodys = provider or domain_label == "example"  # RFC 2606: nobody has a mailbox there
    if word in _phrases("mailbox") or (nobodys and word.rstrip("0123") in _phrases("twin")):
        return True
    if not word or word != fold(domain_label, MAX_INPUT).replace(" ", ""):
        return False
    return provider or len(set(word)) == 1 or word.isdigit() or word in _phrases("twin")


def given(fields: Mapping[str, str]) -> dict[str, str]:
    """Return those of a lead's *fields* that say something, as they are. Idempotent.

    A last name stays whatever word it is, unless the first name beside it is none either.
    """
    empty = [name for name, text in fields.items() if _nothing(name, text)]
    if not empty:
        return dict(fields)
    if "first_name" in empty and fold(fields.get("last_name", ""), MAX_INPUT) in _phrases(
        "nameless"
    ):
        empty.append("last_name")
    return {name: text for name, text in fields.items() if name not in empty}


def unfilled(text: str) -> bool:
    """Return whether all of *text* is a program's: `{{ name }}`, `[object Object]`, `#REF!`."""
    short = text[:1] in _OPENING and len(text) <= LONGEST_UNFILLED
    return short and _UNFILLED.fullmatch(text.strip()) is not None


def _nothing(name: str, text: str) -> bool:
    """Return whether field *name* says nothing; one look tells it of nearly every text."""
    first = text[:1]
    if first.isalnum() and (len(text) > LONGEST_NOTHING or first.isdigit() or "@" in text):
        return False
    if not first.isalnum() and (not any(map(str.isalnum, text)) or unfilled(text)):
        return not any(unicodedata.category(sign) == "So" for sign in text)  # a rose is a name
    if len(text) > LONGEST_NOTHING or text[-1].isdigit() or _no_filler(text):
        return first == "N" and unfilled(text)
    return _unnamed(name, text) if name in NAMES else _says_so(text)


def _says_so(text: str) -> bool:
    folded = fold(text, MAX_INPUT)
    return any(folded in _phrases(kind) for kind in ("absent", *_NOBODY))


def _unnamed(name: str, text: str) -> bool:
    """Return whether *text*, in the field *name*, names nobody: neither Nan nor N. A. Rao."""
    folded = fold(text, MAX_INPUT)
    if folded in _phrases("absent") and not text.replace(" ", "").isalpha():
        return "." not in text  # initials have points
    if folded in _phrases("unnamed"):
        return True
    words = folded.split()
    whole = name == "first_name" or (name == "name" and len(set(words)) == 1)
    return whole and _phrases("nameless").issuperset(words)


def absent(text: str) -> bool:
    """Return whether *text*, a name or a company, says that there is none: `n/a`, `keine`, `-`."""
    if not text or _no_filler(text):
        return not text
    folded = fold(text, MAX_INPUT)
    return not folded or folded in _phrases("absent")


def no_name(text: str) -> bool:
    """Return whether every word of *text*, a whole name, is a filler: `Test Test`, `asdf`."""
    if _no_filler(text):
        return False
    return absent(text) or _phrases("dummy").issuperset(fold(text, MAX_INPUT).split())


def no_company(text: str) -> bool:
    """Return whether *text* names no company: `self-employed`, `Student`, `n/a`."""
    if _no_filler(text):
        return False
    return absent(text) or fold(text, MAX_INPUT) in _phrases("company")


def made_up(text: str) -> bool:
    """Return whether *text* is fillers and what goes with them only: `Test User`, `test2`.

    One word that is also a filler makes no filler of the rest: Jennifer Null, ABC News.
    """
    if _no_filler(text):
        return False
    words = {word.rstrip("0123456789") or word for word in fold(text, MAX_INPUT).split()}
    dummy = _phrases("dummy")
    return bool(words & dummy) and words <= dummy | _phrases("around")


def warm() -> None:
    """Load the table now (under 1 ms)."""
    absent("warm")


def _no_filler(text: str) -> bool:
    """True if *text* begins with a word that no filler holds: as a rule, and told at once."""
    word = text.partition(" ")[0]
    return word.isalpha() and word.isascii() and word.lower() not in _words()


@cache
def _words() -> frozenset[str]:
    phrases = frozenset().union(*map(_phrases, ("absent", "dummy", "around", "company", *_NOBODY)))
    return frozenset(word for phrase in phrases for word in phrase.split())


_NOBODY = ("unnamed", "nameless")


@cache
def _phrases(wanted: str) -> frozenset[str]:
    return kind("fillers.csv", wanted)
