"""Fillers: what people type to get past a form. It says nothing about who they are.

Two leads of `test@test.com` are as much two people as two that left the field empty. The
phrases stand in `data/fillers.csv`; telephone numbers have rules of their own (`phone`).
"""

from functools import cache

from shared.normalize.tables import kind
from shared.normalize.text import fold

MAX_INPUT = 256
"""Characters looked at in each value."""


def mailbox(local: str, domain_label: str, provider: bool) -> bool:
    """Return whether nobody reads the mailbox *local* at the domain whose name is *domain_label*.

    `noemail@…` anywhere; `test@` at a mail provider; one word twice (`test@test.com`) only where
    that word is a filler, one character, or a mail *provider*'s own name: `rossi@rossi.it` is how
    small firms write.
    """
    word = fold(local, MAX_INPUT).replace(" ", "")
    if word in _phrases("mailbox") or (provider and word.rstrip("0123") in _phrases("twin")):
        return True
    if not word or word != fold(domain_label, MAX_INPUT).replace(" ", ""):
        return False
    return provider or len(set(word)) == 1 or word.isdigit() or word in _phrases("twin")


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
    phrases = frozenset().union(*map(_phrases, ("absent", "dummy", "around", "company")))
    return frozenset(word for phrase in phrases for word in phrase.split())


@cache
def _phrases(wanted: str) -> frozenset[str]:
    return kind("fillers.csv", wanted)
