"""What the model sees of a window: words, parts of words, pairs of words, negation, concepts.

Pure. A feature is a text; its first sign says its sort, so that no two sorts meet:

    kredit      a word                      !kredit   the same after a negation
    betri*      how a word begins           ~kredi    a part of a word
    a credit    two words that follow       [FINANCE] a concept that is mentioned
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.resources import files

from services.signals.concepts import read
from services.signals.folding import phrase

Word = tuple[str, bool]
"""A word, and whether it follows a negation."""

NEGATION, TURN = "NEGATION", "TURN"
"""The lists of `data/clause_words.txt`."""

_DIGITS = str.maketrans("123456789", "000000000")

QUESTION = "?"
"""The feature of a window in which something is asked."""

STEMS = (5, 7)
"""Letters of a word's beginning, where it is longer: what inflection leaves alone."""

PARTS = (4, 5, 6)
"""Letters of the parts of a word: German compounds, stems, slips of the pen."""

LONGEST = 40
"""Letters of a word that are looked at; what is longer is no word."""


@cache
def listed(name: str) -> frozenset[str]:
    """Return the words of one list of `data/clause_words.txt`, as `folding.folded` writes them."""
    path = files("services.signals") / "data" / "clause_words.txt"
    entries = read(path.read_text(encoding="utf-8"))
    return frozenset(
        word for entry, written in entries if entry == name for word in phrase(written)
    )


def words(said: list[str], clauses: Callable[[], Iterable[list[str]]]) -> list[Word]:
    """Return the words of a sentence, each with whether it follows a negation.

    *said* are its words, *clauses* returns them by clause: a negation ends with its clause.
    """
    if listed(NEGATION).isdisjoint(said):
        return [(word[:LONGEST], False) for word in said]
    return [word for clause in clauses() for word in _marked(clause)]


def _marked(clause: list[str]) -> Iterator[Word]:
    negations, turns, negated = listed(NEGATION), listed(TURN), False
    for word in clause:
        negated = negated and word not in turns
        yield word[:LONGEST], negated
        negated = negated or word in negations


def digits_alike(plain: str) -> str:
    """Return a folded text in which amounts are told apart by their length alone."""
    return plain.translate(_DIGITS)


def of_word(word: str, negated: bool) -> Iterator[str]:
    """Yield the features of one word."""
    mark = "!" if negated else ""
    yield mark + word
    for length in STEMS:
        if len(word) > length:
            yield f"{mark}{word[:length]}*"
    yield from parts(word)


def parts(word: str) -> tuple[str, ...]:
    """Return the parts of a word; `<` and `>` are where it begins and ends."""
    edged = f"<{word}>"
    return tuple(
        dict.fromkeys(
            "~" + edged[start : start + length]
            for length in PARTS
            for start in range(len(edged) - length + 1)
        )
    )


def of_pair(first: Word, second: Word) -> str:
    """Return the feature of two words that follow each other in a sentence."""
    return f"!{first[0]} {second[0]}" if first[1] else f"{first[0]} {second[0]}"
