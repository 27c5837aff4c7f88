"""Strangers: people whom a form names by a word that no table knows.

`Telefon Unfallgegner` beside `Name Unfallgegner` is one person, and not the lead, where the lead's
own name and number or address stand under labels that are wholly understood.
"""

from collections.abc import Collection, Mapping, Sequence

from services.dedup.intake.reading import values
from services.dedup.intake.sent import Answer
from shared.labels.label import Meaning
from shared.labels.spelling import folded
from shared.normalize.text import fold

REACH = frozenset({"email", "phone"})
_NAMES = {name: "name" for name in ("name", "full_name", "first_name", "last_name")}

DIGITS = 7
"""Digits at the end of two numbers that are one, with their codes or without."""

LEAST = 2
"""Kinds of answers under one strange word that make a person: a name and a number, say."""


def left_out(
    answers: Sequence[Answer], found: Sequence[Meaning], kinds: Sequence[str]
) -> list[Meaning]:
    """Return *found*, the strangers' answers marked as somebody else's.

    *kinds* are the fields that the answers offer, in their order. Whoever has the lead's own name,
    address or number is no stranger: tools tell the same person twice.
    """
    if not any(told.unknown for told in found):
        return list(found)
    said: dict[str, dict[str, set[str]]] = {}
    for answer, told, field in zip(answers, found, kinds, strict=True):
        kind = _NAMES.get(field, field)
        if not told.other and kind in (*REACH, "name"):
            for word in told.unknown or {""}:
                said.setdefault(word, {}).setdefault(kind, set()).update(_words(kind, answer))
    known = said.pop("", {})
    if "name" not in known or not known.keys() & REACH:
        return list(found)
    objects = _objects(answers, found)
    people = {
        word
        for word, each in said.items()
        if (len(each) >= LEAST and _differ(each, known))
        or (word in objects and not _alike(each, known))
    }
    return [
        told._replace(other=True)
        if told.unknown & people or _another_s(answer, told, known)
        else told
        for answer, told in zip(answers, found, strict=True)
    ]


def _another_s(answer: Answer, told: Meaning, known: Mapping[str, Collection[str]]) -> bool:
    """Return whether an address is of nobody knows whom, and spells nothing of the lead's name.

    Only where the lead is reached otherwise; names of other scripts spell nothing in an address.
    """
    if not told.unknown or told.field != "email" or "email" in known:
        return False
    address = fold(values.text(values.simple(answer.value)), 254)
    names = [folded_name for name in known["name"] if len(folded_name := fold(name, 64)) > 2]
    latin = all(name.isascii() for name in known["name"])
    return latin and bool(names) and not any(name in address for name in names)


def _objects(answers: Sequence[Answer], found: Sequence[Meaning]) -> frozenset[str]:
    """Return the strange words of objects that tell a name, and how to reach it."""
    kinds: dict[tuple[str, frozenset[str]], set[str]] = {}
    for answer, told in zip(answers, found, strict=True):
        path = answer.name.rpartition(".")[0]
        if path and told.unknown and not told.other and told.field:
            kind = _NAMES.get(told.field, told.field)
            kinds.setdefault((path, told.unknown), set()).add(kind)
    return frozenset(
        word
        for (path, unknown), each in kinds.items()
        if each & set(REACH) and "name" in each
        for word in unknown & set(folded(path).split())
    )


def _differ(one: dict[str, set[str]], other: dict[str, set[str]]) -> bool:
    """Return whether two people's answers of the same kinds have nothing in common."""
    both = one.keys() & other.keys()
    return bool(both) and not _alike(one, other)


def _alike(one: dict[str, set[str]], other: dict[str, set[str]]) -> bool:
    """Return whether two people have a name's word, an address or a number in common."""
    return any(one[kind] & other[kind] for kind in one.keys() & other.keys())


def _words(kind: str, answer: Answer) -> set[str]:
    """Return what tells whether two answers of a kind are of one person."""
    text = values.text(values.simple(answer.value))
    if kind == "phone":
        return {"".join(c for c in text if c.isdigit())[-DIGITS:]}
    return set(folded(text).split()) if kind == "name" else {text.strip().lower()}
