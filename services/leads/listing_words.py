"""The words by which a text search finds a lead."""

from collections.abc import Callable, Iterator, Mapping

from shared.normalize.text import fold

SEARCHED = ("name", "first_name", "last_name", "company", "job_title", "city", "email")
"""The fields of a lead that a text search looks through."""

MOST_WORDS = 40
"""Words of one lead: names, titles and companies of 500 characters hold hardly more."""

LONGEST_WORD = 64
"""Characters of a word or of a whole address; what follows is cut, in leads and in searches."""

Pseudonym = Callable[[str, str], int]
"""Stands for a word of a kind (`gate.Permit.pseudonym`, or a tenant's own)."""

SEALED_WORD = "searched_word"
"""The kind of a pseudonym that stands for a word."""

SEALED_MARK = "~"
"""Begins a pseudonym in a list of words; no word has it."""

TAG_MARK = "#"
"""Begins a tag among a lead's words, and no other word: migration 0013 adds and removes them."""


def words(text: str) -> tuple[str, ...]:
    """Return the words of a search: folded to plain letters and digits, each once, in order.

    A mail address is one word beside its parts: whoever types it whole finds it.
    """
    found = dict.fromkeys(word for part in text.split() for word in _of(part))
    return tuple(found)[:MOST_WORDS]


def searched(text: str) -> tuple[str, ...]:
    """Return the words that must all be found for *text*; an address is one."""
    found = dict.fromkeys(
        word for part in text.split() for word in (_address(part) or _plain(part))
    )
    return tuple(found)[:MOST_WORDS]


def of_lead(
    fields: Mapping[str, str], sealed: frozenset[str], pseudonym: Pseudonym
) -> tuple[str, ...]:
    """Return what a lead is found by: its words, and pseudonyms of those of *sealed* fields."""
    found: dict[str, None] = {}
    for name in SEARCHED:
        for word in words(fields.get(name) or ""):
            found[hidden(pseudonym(SEALED_WORD, word)) if name in sealed else word] = None
    return tuple(found)[:MOST_WORDS]


def hidden(pseudonym: int) -> str:
    """Return how the *pseudonym* of a word stands among words."""
    return f"{SEALED_MARK}{pseudonym & (2**64 - 1):016x}"


def _of(part: str) -> Iterator[str]:
    """Yield the words of one stretch without white space."""
    yield from _address(part)
    yield from _plain(part)


def _plain(part: str) -> list[str]:
    return [word[:LONGEST_WORD] for word in fold(part).split()]


def _address(part: str) -> list[str]:
    """Return a mail address as one word; nothing if *part* is none.

    One that could be taken for a pseudonym or a tag has no such word: its parts find it.
    """
    local, at, domain = part.strip("<>,;.").lower().rpartition("@")
    if not (at and local and domain and part.isascii()):
        return []
    if SEALED_MARK in part or local.startswith(TAG_MARK):
        return []
    return [f"{local}@{domain}"[:LONGEST_WORD]]
