"""Misspelt words of labels: `Fisrt Name`, `Comapny`, `Telefonummer`.

One slip is forgiven: two neighbours exchanged, or a letter too many, too few or another. Endings
and beginnings are believed (`employed` is no slip of `employer`), and so are most short words,
which one letter turns into others.
"""

from collections.abc import Iterator, Mapping

SHORTEST = 6
"""Letters of a word whose slips are seen. Judgement: shorter words of many languages lie one slip
apart (Hungarian *neved* is no *need*)."""

OFTEN = frozenset({"name", "first", "last", "email", "phone"})
"""Shorter words that stand in most forms; of these, no other letter is forgiven."""

LONG = 8
"""Letters of a word whose last may be left out: `Lastnam`."""

SHORTEST_TYPED, LONGEST = 4, 24
"""Letters of a word that is looked at."""


def meant(word: str, known: Mapping[str, str], without: Mapping[str, frozenset[str]]) -> str:
    """Return what *known* (by word) says of the words that *word* is one slip from, if one thing.

    *without* is `shortened(known)`. Empty if there are no such words, or they differ.
    """
    if not SHORTEST_TYPED <= len(word) <= LONGEST or not word.isalpha():
        return ""
    near = {each for short in (word, *_shorter(word)) for each in without.get(short, ())}
    said = {known[each] for each in near if _one_slip(word, each)}
    return said.pop() if len(said) == 1 else ""


def shortened(known: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return the words of *known* by themselves and by themselves without any one letter."""
    found: dict[str, set[str]] = {}
    for word in known:
        if word in OFTEN or SHORTEST <= len(word) <= LONGEST:
            for short in (word, *_shorter(word)):
                found.setdefault(short, set()).add(word)
    return {short: frozenset(words) for short, words in found.items()}


def _shorter(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _one_slip(typed: str, word: str) -> bool:
    if len(typed) == len(word):
        unlike = [at for at in range(len(word)) if typed[at] != word[at]]
        if len(unlike) == 2 and unlike[1] == unlike[0] + 1:
            return typed[unlike[0]] + typed[unlike[1]] == word[unlike[1]] + word[unlike[0]]
        inside = len(unlike) == 1 and 0 < unlike[0] < len(word) - 1
        return inside and word not in OFTEN
    if len(word) >= LONG and typed == word[:-1]:
        return True
    if (typed[0], typed[-1]) != (word[0], word[-1]):
        return False
    longer, shorter = sorted((typed, word), key=len, reverse=True)
    return len(longer) == len(shorter) + 1 and shorter in _shorter(longer)
