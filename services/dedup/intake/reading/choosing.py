"""Choosing: of all candidates which is the lead's, and which are further ones of that person."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.dedup.intake.reading import composites
from services.dedup.intake.reading.candidates import (
    SAVED,
    TYPED,
    WORDS,
    Candidate,
)
from services.dedup.intake.reading.fitting import LIKELY, NAMES
from services.dedup.intake.reading.given import known_given
from services.dedup.intake.reading.shapes import in_address
from shared.labels.label import HALVES, PLAIN
from shared.labels.spelling import folded
from shared.normalize import address

MOST_OTHERS = 3
"""Further addresses or numbers that are kept (`record`)."""


PARTICLES = frozenset(
    (
        *("van", "von", "vom", "van't", "de", "den", "der", "del", "della", "dei", "degli", "di"),
        *("da", "das", "do", "dos", "du", "des", "d", "la", "le", "las", "los", "el", "al", "af"),
        *("av", "ten", "ter", "te", "t", "in", "op", "aan", "zu", "zum", "zur", "auf", "bin"),
        *("ibn", "ben", "bint", "mac", "mc", "o", "st", "saint", "san", "santa", "y", "e", "vd"),
    )
)
"""What a particle of a last name begins with; in the same boxes people write titles."""


class Chosen(NamedTuple):
    """The candidates that won, by field, and whether one of several was a mere guess."""

    fields: dict[str, Candidate]
    others: dict[str, list[Candidate]]
    """`other_email`, `other_phone`."""
    guessed: bool


def chosen(candidates: Sequence[Candidate]) -> Chosen:
    """Return the best candidate for every field, and the further addresses and numbers."""
    by_field: dict[str, list[Candidate]] = {}
    for each in sorted(candidates, key=lambda one: one.order):
        by_field.setdefault(each.field, []).append(each)
    codes = by_field.pop("dial_code", [])
    halves = [by_field.pop(half, []) for half in HALVES]
    fields: dict[str, Candidate] = {}
    others: dict[str, list[Candidate]] = {}
    guessed = False
    by_field["phone"] = [_in_full(each, codes) for each in by_field.get("phone", [])]
    for field in ("email", "phone"):
        listed = by_field.pop(field, []) + by_field.pop(f"other_{field}", [])
        if listed:
            fields[field], others[f"other_{field}"], tie = _first_and_others(listed)
            guessed = guessed or tie
    fields |= _names({name: by_field.pop(name, []) for name in NAMES}, fields.get("email"))
    if "last_name" in fields:
        fields["last_name"] = _whole_surname(fields["last_name"], *halves)
    fields |= {field: listed[0] for field, listed in by_field.items()}
    if "country" not in fields and codes and (told := country_of(codes[0].text)):
        fields["country"] = codes[0]._replace(field="country", text=told)
    return Chosen(fields, others, guessed)


def _whole_surname(
    last: Candidate, particles: Sequence[Candidate], seconds: Sequence[Candidate]
) -> Candidate:
    """Return a last name with what stands before it and after it in boxes of their own."""
    text, known = last.text, folded(last.text).split()
    before = [
        each.text
        for each in particles[:1]
        if (said := folded(each.text).split()) and said[0] in PARTICLES and said[:1] != known[:1]
    ]
    after = [each.text for each in seconds[:1] if folded(each.text).split()[-1:] != known[-1:]]
    return last._replace(text=" ".join([*before, text, *after]))


def country_of(text: str) -> str:
    """Return *text* if it names a country in letters; `+49` and `1` name none here."""
    bare = text.strip()
    named = bare.replace(" ", "").isalpha() and len(bare) > 1
    return bare if named and address.country_code(bare) else ""


def _first_and_others(listed: list[Candidate]) -> tuple[Candidate, list[Candidate], bool]:
    """Return the first, up to three others that are as surely the same person's, and if it tied."""
    first, *rest = listed
    known = {_same(first)}
    others: list[Candidate] = []
    tie = False
    for each in rest:
        if _same(each) in known:
            continue
        known.add(_same(each))
        said = each.by in (TYPED, SAVED)
        if not said and (each.sure < LIKELY or each.group != first.group):
            continue
        tie = tie or (each.order[:3] == first.order[:3] and each.field == first.field)
        others.append(each)
    return first, others[:MOST_OTHERS], tie


def _same(each: Candidate) -> str:
    """Return what two spellings of one address or number have in common."""
    if "@" in each.text:
        return each.text.casefold()
    return "".join(c for c in each.text if c.isdigit()).lstrip("0")[-9:]


def _in_full(number: Candidate, codes: Iterable[Candidate]) -> Candidate:
    """Return *number* with the country code that stands beside it."""
    near = [each for each in codes if each.group == number.group]
    if not near or number.text.startswith(("+", "00")):
        return number
    code = min(near, key=lambda each: abs(each.place - number.place)).text
    if not composites.dial_digits(code):
        code = address.country_code(code) or ""
    return number._replace(text=composites.joined(code, number.text))


def _names(listed: dict[str, list[Candidate]], mail: Candidate | None) -> dict[str, Candidate]:
    """Return the fields of the name, from those that stand together and say most."""
    usable = _with_the_other_half({f: _usable(found, mail) for f, found in listed.items()}, listed)
    if any(each.sure >= LIKELY for found in usable.values() for each in found):
        usable = {f: [e for e in found if e.sure >= LIKELY] for f, found in usable.items()}
    first, last = (next(iter(usable[field]), None) for field in ("first_name", "last_name"))
    whole = _whole(usable["full_name"], usable["name"], mail)
    if first and last:
        together = whole and _within(first, whole) and _within(last, whole)
        parts = {"first_name": first, "last_name": last}
        return parts | ({"name": whole} if whole and together and not whole.loose else {})
    part = first or last
    if part is None or whole is None:
        found = {"first_name": first, "last_name": last, "name": whole}
        return {field: each for field, each in found.items() if each}
    own = "first_name" if first else "last_name"
    lone = whole.loose or len(whole.text.split()) == 1
    if not lone or _within(part, whole):
        return {own: part, "name": whole}
    return {own: part, ("last_name" if first else "first_name"): whole}


def _whole(
    full: list[Candidate], name: list[Candidate], mail: Candidate | None
) -> Candidate | None:
    """Return the name in one: that beside the address, then what surely is a full one."""
    home = mail.group if mail else ""
    beside = [each for each in (*full[:1], *name[:1]) if each.group == home]
    return next(iter(beside or [*full, *name]), None)


def _with_the_other_half(
    usable: dict[str, list[Candidate]], listed: dict[str, list[Candidate]]
) -> dict[str, list[Candidate]]:
    """Return *usable* and, where one half of a name is, the half that stands beside it."""
    found = dict(usable)
    for half, other in (("first_name", "last_name"), ("last_name", "first_name")):
        if not usable[other]:
            found[other] = [
                each
                for each in listed[other]
                if any(
                    (each.group, each.sure) == (one.group, one.sure)
                    and abs(each.place - one.place) <= 1
                    for one in usable[half]
                )
            ]
    return found


def _usable(found: list[Candidate], mail: Candidate | None) -> list[Candidate]:
    """Return those of *found* that can be the lead's, those beside its address first."""
    home = mail.group if mail else ""
    fit = [
        each
        for each in found
        if each.sure >= LIKELY
        or each.by != WORDS
        or _like_a_person(each.text)
        or (mail is not None and in_address(each.text, mail.text))
        or (each.field != "name" and each.rank == PLAIN and _like_a_name(each.text))
    ]
    return sorted(fit, key=lambda each: (each.by not in (TYPED, SAVED), each.group != home))


def _like_a_person(text: str) -> bool:
    """True if a word of *text* is a known given name, and there are few others."""
    words = text.split()
    return 0 < len(words) <= 4 and any(map(known_given, (words[0], words[-1])))


def _like_a_name(text: str) -> bool:
    """True for two to four words that begin with capitals, or as many characters of a script."""
    words = text.split()
    if len(words) == 1:
        return not text.isascii() and text.isalpha() and not text[0].isupper() and len(text) <= 5
    return len(words) <= 4 and all(word[:1] != word[:1].lower() for word in (words[0], words[-1]))


def _within(part: Candidate, whole: Candidate) -> bool:
    inner, words = folded(part.text).split(), folded(whole.text).split()
    together = not whole.text.isascii() and len(words) == 1 and words[0] != part.text
    return all(word in words for word in inner) or (together and part.text in whole.text)
