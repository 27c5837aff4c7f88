"""Senses: what the words of a label say, one step of a path at a time.

The longest phrase of the table counts (`phrases`), never parts of words, but in languages that
build compounds and in scripts without spaces.
"""

import re
from typing import NamedTuple

from shared.labels import misspelt
from shared.labels.phrases import (
    STANDINGS,
    parts_of_words,
    phrases,
    single_words,
    whole_labels,
)
from shared.labels.spelling import BOUNDARY

LONGEST_PHRASE = 7
"""Words of the longest phrase in the table."""

LONGEST_RUN = 14
"""Characters of the longest phrase in a script without spaces."""

MOST_STRANGE = 3
"""Characters of a word without spaces that count as strange; more say no more."""

FROM = "from"
"""The role of whoever a mail, a message or a call comes from."""

HEADS = frozenset(
    (
        *("name", "email", "mail", "address", "number", "phone", "full", "display", "formatted"),
        *("no", "tel", "telephone", "phonenumber", "recipients", "addr", "emails", "names"),
        *("addresses", "numbers", "phones"),
    )
)
"""What stands beside *from* where a mail's or a call's sender is meant, and no place."""

STANDING = frozenset(STANDINGS)
PARTS = frozenset({"first_name", "last_name", "given", "surname"})
"""Senses of the halves of a name."""


class Found(NamedTuple):
    """What one step of a label says."""

    senses: frozenset[str]
    strange: int
    """Words in no table."""
    whole: frozenset[str]
    """Senses of the phrases that count only as a whole label."""
    roles: frozenset[str]
    """Who is named of those that may be the lead, in the label's own words."""
    unknown: frozenset[str] = frozenset()
    """The strange words."""


_NO_SPACES = re.compile("[\u0e00-\u0eff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PARTICLES = re.compile("[\u3041-\u309f\u30fcの的을를은는이가의에로와과도]")
_NUMBER_OR_LETTER = re.compile(r"\d+|[a-z]|[0-9a-f]{7,}|\d+[a-z]{0,2}")
_VOWEL = re.compile("ae|oe|ue|aa")
_GENITIVES = ("s", "es", "ns", "ens", "un", "in", "nun", "nin", "en", "n", "a", "u")
"""How words end that say whose (Germanic, Turkish, Finnish, Slavic), if the rest is somebody."""

SHORTEST_STEM = 5
"""Letters of a word whose ending says whose it is; an `s` says so of any."""

_TO = frozenset({"to", "cc", "bcc"})
_WHOSE = frozenset({"person", *STANDINGS})
_MENDED = frozenset({"email", "phone", "mobile", "company", "name", "full_name"}) | PARTS


def spaceless(label: str) -> bool:
    """Return whether *label* is in a script that sets no spaces: there, characters are counted."""
    return _NO_SPACES.search(label) is not None


def steps(every: list[str]) -> list[tuple[str, ...]]:
    """Return the steps of a path; those that only number or repeat (`fields`, `0`) are left out."""
    apart: list[list[str]] = [[]]
    for word in every:
        if word == BOUNDARY:
            apart.append([])
        elif phrases().get((word,)) != "skip":
            apart[-1].append(word)
    telling = [step for step in map(tuple, apart) if _tells(found(step))]
    return telling or [tuple(step) for step in apart[-1:] if step]


def _tells(told: Found) -> bool:
    return bool(told.senses or told.strange or told.whole or told.roles)


def _says_nothing(word: str) -> bool:
    return bool(_NUMBER_OR_LETTER.fullmatch(word)) or phrases().get((word,)) == "plain"


def found(step: tuple[str, ...]) -> Found:
    """Return the senses of the phrases in *step*, and how many of its words are in none."""
    if _to_whom(step):
        return Found(frozenset({"person"}), 0, frozenset(), frozenset())
    if head := _head(step):
        senses, strange, _, unknown = _spelt(head)
        return Found(senses, strange, frozenset(), frozenset({FROM}), unknown)
    senses, strange, roles, unknown = _spelt(step)
    if unknown and (plainer := _without_digraphs(step)) != step:
        read = _spelt(plainer)
        if read[1] < strange:
            step, (senses, strange, roles, unknown) = plainer, read
    whole = _alone(step) if not strange else None
    if whole in STANDINGS:
        roles, whole = roles | {" ".join(step).removesuffix("s")}, None
    return Found(senses, strange, frozenset({whole} if whole else ()), roles, unknown)


def _without_digraphs(step: tuple[str, ...]) -> tuple[str, ...]:
    """Return *step* as it is with single vowels: *Haendler* for *Händler*, *koeber*."""
    known, _ = single_words()
    return tuple(w if w in known else _VOWEL.sub(lambda two: two[0][0], w) for w in step)


def _to_whom(step: tuple[str, ...]) -> bool:
    """True for whoever a mail goes to: `ToFull`, `cc_email`, `toRecipients`."""
    return len(step) > 1 and step[0] in _TO and HEADS.issuperset(step[1:])


def _head(step: tuple[str, ...]) -> tuple[str, ...]:
    """Return what else a step says that names a sender: `from_name`, `email from`; or nothing."""
    rest = step[1:] if step[:1] == (FROM,) else step[:-1] if step[-1:] == (FROM,) else ()
    return rest if rest and HEADS.issuperset(rest) else ()


def _spelt(
    step: tuple[str, ...],
) -> tuple[frozenset[str], int, frozenset[str], frozenset[str]]:
    """Return senses, how many words are strange, the roles named, and the strange words."""
    table = phrases()
    words: set[str] = set()
    senses: set[str] = set()
    roles: set[str] = set()
    strange, place = 0, 0
    while place < len(step):
        for length in range(min(LONGEST_PHRASE, len(step) - place), 0, -1):
            sense = table.get(step[place : place + length])
            if sense:
                if sense in STANDINGS:
                    roles.add(" ".join(step[place : place + length]).removesuffix("s"))
                senses.add(sense)
                place += length
                break
        else:
            inner, unknown = _run(step[place])
            if inner & STANDING:
                roles.add(step[place].removesuffix("s"))
            senses |= inner
            strange += unknown
            words |= {step[place]} if unknown else set()
            place += 1
    return frozenset(senses - {"plain", "skip"}), strange, frozenset(roles), frozenset(words)


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
        if part := _of_compound(word) or _of_whom(word) or _meant(word):
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
    return senses, min(strange, MOST_STRANGE)


def _of_compound(word: str) -> str:
    """Return what the beginning of a compound word means, or else its end; or nothing."""
    for part, sense in parts_of_words("*"):
        if word.startswith(part):
            return sense
    return next((sense for part, sense in parts_of_words("-") if word.endswith(part)), "")


def _of_whom(word: str) -> str:
    """Return the sense of a word in the genitive that says whose: *Vermittlers*, *tenants*."""
    table = phrases()
    for ending in _GENITIVES:
        stem = word.removesuffix(ending)
        if stem != word and (ending == "s" or len(stem) >= SHORTEST_STEM):
            sense = table.get((stem,))
            if sense in _WHOSE:
                return sense
    return ""


def _meant(word: str) -> str:
    """Return the sense of the field that a misspelt word means; no other word is mended."""
    known, without = single_words()
    sense = misspelt.meant(word, known, without)
    return sense if sense in _MENDED else ""
