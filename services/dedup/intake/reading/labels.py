"""Labels: which field of a lead a form's label means, and whose.

Whole words and phrases are looked up (`data/labels.csv`), the longest first, never parts of words:
*hotel* is no *tel*. What else stands in the label may turn its meaning: an address may be somebody
else's (`Your friend's email`), or the label asks about a field (`Company size`).
"""

import re
from functools import lru_cache
from typing import NamedTuple

from services.dedup.intake.reading import misspelt
from services.dedup.intake.reading.phrases import (
    FIELDS,
    parts_of_words,
    phrases,
    single_words,
    whole_labels,
)
from services.dedup.intake.reading.spelling import BOUNDARY, LONGEST, words

MOST_REMEMBERED = 16_384
"""Labels whose meaning is kept in memory (some 5 MB); a form has the same ones every time."""

LONGEST_PHRASE = 7
"""Words of the longest phrase in the table."""

LONGEST_RUN = 14
"""Characters of the longest phrase in a script without spaces."""

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


class _Found(NamedTuple):
    senses: frozenset[str]
    strange: int
    whole: frozenset[str]
    """Senses of the phrases that count only as a whole label."""


_NO_SPACES = re.compile("[\u0e00-\u0eff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PARTICLES = re.compile("[\u3041-\u309f\u30fcの的을를은는이가의에로와과도]")
_ASIDE = re.compile(r"[(（【〔［][^()（）【】〔〕［］]*[)）】〕］]")
_PARTS = frozenset({"first_name", "last_name", "given", "surname"})
_MENDED = frozenset({"email", "phone", "mobile", "company", "name", "full_name"}) | _PARTS
_TURNING = frozenset({"work", "second", "confirm", "person", "mobile"}) | _PARTS
_NAMES = ("name", "full_name", "first_name", "last_name")
_SAID_ASIDE = ("email", "phone", "company")
_FURTHER = frozenset("2345")
_CLAUSE = re.compile(r"[,.!?;:–—…]+(?=\s|$)|[、，。！？；：]")
_NUMBER_OR_LETTER = re.compile(r"\d+|[a-z]|[0-9a-f]{7,}|\d+[a-z]{0,2}")


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
    if aside and told == Meaning():
        inner = _told(aside, aside, "")
        return inner if inner.field in _SAID_ASIDE else told
    return told


_remembered = lru_cache(MOST_REMEMBERED)(_meaning)


def _told(main: str, label: str, aside: str) -> Meaning:
    steps = _steps(words(main)) or _steps(words(label))
    if not steps:
        return Meaning()
    last = _found(steps[-1])
    around = frozenset[str]().union(*(_found(step).senses for step in steps[:-1]))
    beside = _found(tuple(words(aside))).senses & _TURNING if aside else frozenset()
    told = _resolved(last, around, beside)
    second = steps[-1][-1] in _FURTHER and told.field in (*_NAMES, "email", "phone")
    return told._replace(rank=max(told.rank, SECOND)) if second else told


def _asked(main: str) -> str:
    """Return the clause that asks, where the rest is talk: `Before we start, your name?`.

    Only one that is wholly understood and says *your*; talk that tells anything may say whose.
    """
    clauses = [clause for clause in _CLAUSE.split(main) if clause.strip()]
    if len(clauses) not in range(2, MOST_CLAUSES + 1):
        return ""
    found = [(clause, words(clause)) for clause in clauses]
    telling = [each for each in found if _found(tuple(each[1])).senses]
    if len(telling) != 1 or _found(tuple(telling[0][1])).strange:
        return ""
    return telling[0][0] if YOURS & set(telling[0][1]) else ""


def spaceless(label: str) -> bool:
    """Return whether *label* is in a script that sets no spaces: there, characters are counted."""
    return _NO_SPACES.search(label) is not None


def warm() -> None:
    """Read the table now (about 0.1 s), so that no lead waits for it."""
    single_words()


def _resolved(last: _Found, around: frozenset[str], beside: frozenset[str]) -> Meaning:
    """Return what the *last* step of a path means under the steps *around* it."""
    senses = last.senses | last.whole | beside
    everywhere = senses | around
    if "person" in everywhere:
        return Meaning(other=True, strange=last.strange)
    field = _field(senses, last.strange, around)
    strange = last.strange
    if "never" in senses:
        return Meaning(about=True, strange=strange)
    if "about" in senses and field != "message":
        reachable = field in ("email", "phone", "mobile", "contact")
        return Meaning(field if reachable else "", OTHER_LINE, strange + 1, about=True)
    if field in ("name", "full_name", "company") and "thing" in everywhere:
        return Meaning(field, OTHER_LINE, strange + 2, loose=field == "name")
    if field == "mobile":
        return Meaning("phone", max(OTHER_LINE, _rank(everywhere)), strange)
    rank = _rank(everywhere) if field in ("email", "phone", "contact") else PLAIN
    return Meaning(field, rank, strange, loose=field == "name")


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


def _steps(found: list[str]) -> list[tuple[str, ...]]:
    """Return the steps of a path; those that only number or repeat (`fields`, `0`) are left out."""
    steps: list[list[str]] = [[]]
    for word in found:
        if word == BOUNDARY:
            steps.append([])
        elif phrases().get((word,)) != "skip":
            steps[-1].append(word)
    telling = [step for step in map(tuple, steps) if _tells(_found(step))]
    return telling or [tuple(step) for step in steps[-1:] if step]


def _tells(found: _Found) -> bool:
    return bool(found.senses or found.strange or found.whole)


def _says_nothing(word: str) -> bool:
    return bool(_NUMBER_OR_LETTER.fullmatch(word)) or phrases().get((word,)) == "plain"


def _found(step: tuple[str, ...]) -> _Found:
    """Return the senses of the phrases in *step*, and how many of its words are in none."""
    table = phrases()
    senses: set[str] = set()
    strange, place = 0, 0
    while place < len(step):
        for length in range(min(LONGEST_PHRASE, len(step) - place), 0, -1):
            sense = table.get(step[place : place + length])
            if sense:
                senses.add(sense)
                place += length
                break
        else:
            inner, unknown = _run(step[place])
            senses |= inner
            strange += unknown
            place += 1
    whole = _alone(step) if not strange else None
    return _Found(
        frozenset(senses - {"plain", "skip"}), strange, frozenset({whole} if whole else ())
    )


def _alone(step: tuple[str, ...]) -> str | None:
    table = whole_labels()
    told = tuple(word for word in step if not _says_nothing(word))
    if step in table or told:
        return table.get(step) or table.get(told)
    sense = table.get(tuple(word for word in step if (word,) in table))
    return None if sense == "person" else sense  # `to` in a question is no recipient


def _run(word: str) -> tuple[set[str], int]:
    """Return the senses of a word that is in no table: of what it is made, in such scripts."""
    if _NUMBER_OR_LETTER.fullmatch(word):
        return set(), 0
    if not _NO_SPACES.search(word):
        if part := _of_compound(word) or _meant(word):
            return {part}, 0
        return set(), int((word,) not in whole_labels())
    senses: set[str] = set()
    strange, place, table = 0, 0, phrases()
    while place < len(word):
        for length in range(min(LONGEST_RUN, len(word) - place), 1, -1):
            sense = table.get((word[place : place + length],))
            if sense:
                senses.add(sense)
                place += length
                break
        else:
            strange += not _PARTICLES.match(word[place])
            place += 1
    return senses, min(strange, 3)


def _of_compound(word: str) -> str:
    """Return what the beginning of a compound word means, or else its end; or nothing."""
    for part, sense in parts_of_words("*"):
        if word.startswith(part):
            return sense
    return next((sense for part, sense in parts_of_words("-") if word.endswith(part)), "")


def _meant(word: str) -> str:
    """Return the sense of the field that a misspelt word means; no other word is mended."""
    known, without = single_words()
    sense = misspelt.meant(word, known, without)
    return sense if sense in _MENDED else ""
