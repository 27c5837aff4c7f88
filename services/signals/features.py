"""What the model sees of a window: words, parts of words, pairs of words, negation, concepts.

Pure. A feature is a text; its first sign says its sort, so that no two sorts meet:

    kredit      a word                      !kredit      the same after a negation
    betri*      how a word begins           ~kredi       a part of a word
    a credit    two words that follow       [FINANCE]    a concept that is mentioned
    a [FINANCE  a word before a concept     [FINANCE if  a word after one
    WANT>ASSET  a concept and the next      WANT<DONE    and one of the sentence before
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise, product

from services.signals.concepts import Mention, read
from services.signals.folding import phrase
from services.signals.signal import Span

NEGATED = "!"
"""How a word after a negation begins; nothing that is folded does."""

NEGATION, TURN = "NEGATION", "TURN"
"""The lists of `data/clause_words.txt`."""

_DIGITS = str.maketrans("123456789", "000000000")

QUESTION = "?"
"""The feature of a window in which something is asked."""

STEMS = (5, 7)
"""Letters of a word's beginning, where it is longer: what inflection leaves alone."""

PART = 5
"""Letters of the parts of a word, its edges counted: German compounds, stems, slips of the pen.
Parts of four and of six beside them find no more."""

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


def words(said: list[str], clauses: Callable[[], Iterable[list[str]]]) -> list[str]:
    """Return the words of a sentence, NEGATED before those that follow a negation.

    *said* are its words, *clauses* returns them by clause: a negation ends with its clause.
    """
    if listed(NEGATION).isdisjoint(said):
        return said
    return [word for clause in clauses() for word in _marked(clause)]


def cut(said: list[str]) -> list[str]:
    """Return words of which no more than LONGEST letters are looked at."""
    if max(map(len, said), default=0) <= LONGEST:
        return said
    return [word[:LONGEST] for word in said]


def _marked(clause: list[str]) -> Iterator[str]:
    negations, turns, negated = listed(NEGATION), listed(TURN), False
    for word in clause:
        negated = negated and word not in turns
        yield NEGATED + word if negated else word
        negated = negated or word in negations


def digits_alike(plain: str) -> str:
    """Return a folded text in which amounts are told apart by their length alone."""
    return plain.translate(_DIGITS)


def words_among(names: Iterable[str]) -> list[str]:
    """Return the features that are words, NEGATED or not."""
    return _WORD.findall("\n".join(names))


_WORD = re.compile(r"^[^~\[{&?<>* \n]+$", re.MULTILINE)
"""No word has a sign with which features of other sorts begin or by which they are parted."""


def of_word(word: str) -> Iterator[str]:
    """Yield the features of one word, which may be NEGATED."""
    yield word
    yield from pieces(word)


def pieces(word: str) -> list[str]:
    """Return how a word begins and its distinct parts; it may be NEGATED."""
    plain = word.removeprefix(NEGATED)
    mark = word[: len(word) - len(plain)]
    stems = [f"{mark}{plain[:length]}*" for length in STEMS if len(plain) > length]
    return [*stems, *parts(plain)]


def parts(word: str) -> Iterable[str]:
    """Return the parts of a word; `<` and `>` are where it begins and ends."""
    edged = f"<{word}>"
    return {"~" + edged[start : start + PART] for start in range(len(edged) - PART + 1)}


def pairs(marked: list[str], said: list[str]) -> Iterator[str]:
    """Return the features of two words that follow each other, the first NEGATED where it is.

    *said* are the words of a sentence, *marked* the same of `words`.
    """
    return map(" ".join, zip(marked, said[1:], strict=False))


def beside(mentions: Iterable[Mention], alike: str, span: Span) -> Iterator[str]:
    """Yield the concepts of a sentence with the words before and after them.

    *alike* is a text of `digits_alike`, *span* the sentence's. A mention may be a part of a word;
    the rest of it is nothing beside.
    """
    first, last = span
    for concept, start, end in mentions:
        if start > first and alike[start - 1] == " ":
            before = alike[max(first, start - LONGEST) : start].rsplit(None, 1)
            if before:
                yield f"{before[-1]} [{concept}"
        if end < last and alike[end] == " ":
            after = alike[end : min(last, end + LONGEST)].split(None, 1)
            if after:
                yield f"[{concept} {after[0]}"


def in_order(mentions: Sequence[Mention]) -> Iterable[str]:
    """Return each concept of a sentence with the next one."""
    return [f"{first[0]}>{second[0]}" for first, second in pairwise(mentions)]


def across(before: Iterable[str], concepts: Iterable[str]) -> Iterable[str]:
    """Return each concept of a sentence with each of the sentence before."""
    return [f"{second}<{first}" for first, second in product(before, concepts)]
