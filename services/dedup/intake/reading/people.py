"""People in lists and objects: who of several came to us, and what is a form's own name.

A calendar lists everybody who attends, with our own people among them; a form, a campaign or a deal
has a name beside the lead's.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from services.dedup.intake.reading.given import known_given
from services.dedup.intake.reading.pairs import bare, pair_of, paired, told
from shared.labels.label import meaning

MOST_NAMES = 40
"""Names of an object that are looked at to tell whether it is somebody."""

MOST_ITEMS, DEEPEST = 200, 3
"""Items and levels that are looked at for what an object's lists name."""

PERSON_WORDS = range(2, 5)
"""Words of a name that is known to be a person's by one of them."""

HELD = (
    *("contacts", "contact", "people", "persons", "kontakte", "contactos", "contatos", "personen"),
    *("contacto", "contato", "contatto", "kontakt", "contactpersoon", "ansprechpartner"),
)
"""Under what a firm's record holds the people who work there."""

DEALS = frozenset(
    (
        *("deal", "amount", "stage", "dealstage", "pipeline", "organization", "organisation"),
        *("company", "account", "empresa", "firma", "amounttotal", "closedat", "value", "user"),
        *("dealsource", "campaign", "dealproducts"),
    )
)
"""What a record has that is of a deal or has a firm beside its own name."""

KINDS_OF_FIRM = ("type", "kind", "objecttype", "recordtype", "typ", "tipo")

NAMES = frozenset({"name", "full_name", "first_name", "last_name"})
REACH = frozenset({"email", "phone"})

OUR_MARKS = frozenset(
    (
        *("organizer", "organiser", "isorganizer", "isorganiser", "self", "host", "ishost"),
        *("iscohost", "resource", "isresource", "bot", "isbot", "internal", "isinternal"),
        *("staff", "isstaff", "admin", "isadmin", "agent", "isagent", "operator", "owner"),
        *("isowner", "creator", "optional", "isoptional"),
    )
)
"""Flags of somebody in a list who is ours, or a guest of the one who came to us."""

OUR_ROLES = frozenset(
    (
        *("organizer", "organiser", "host", "cohost", "agent", "staff", "admin", "operator"),
        *("bot", "employee", "rep", "owner", "resource", "optional", "assistant", "teammate"),
        *("user", "teammember", "salesrep", "interviewer", "internal", "system", "moderator"),
        *("landlord", "guarantor", "emergency", "emergencycontact", "referrer", "spouse", "cc"),
    )
)
ROLES = ("role", "type", "kind", "usertype", "participanttype", "persontype", "relationship")


def somebody(item: Any) -> bool:
    """Return whether an object describes a person: a name and a way to reach them, or two ways."""
    if not isinstance(item, dict) or paired(item):
        return False
    found = {meaning(name).field for name in list(item)[:MOST_NAMES]}
    return len(found & REACH) + bool(found & NAMES) > 1


def somebody_named(item: Mapping[str, Any]) -> bool:
    """Return whether an object has a person's name and anything else."""
    return len(item) > 1 and any(meaning(name).field in NAMES for name in list(item)[:MOST_NAMES])


def attending(items: Sequence[Any]) -> Sequence[Any]:
    """Return *items* without our own people, if they are people and others are left."""
    if len(items) < 2 or not all(isinstance(item, dict) for item in items):
        return items
    others = [item for item in items if not _ours(item)]
    if not others or len(others) == len(items):
        return items
    return others if any(map(_reachable, items)) else items


def firm_of(value: Mapping[str, Any]) -> str:
    """Return under which name a firm says what it is called, beside its people.

    `{"type": "company", "name": …, "contact": {"name": …}}`: empty for whatever is no firm.
    """
    if not any(isinstance(inner, (dict, list)) for inner in value.values()):
        return ""
    names = {bare(name): name for name in value}
    if names.keys() & DEALS:
        return ""
    held = [value[names[each]] for each in HELD if each in names]
    if not any(map(_someone, held)):
        return ""
    kind = next((value[names[each]] for each in KINDS_OF_FIRM if each in names), "")
    called = isinstance(kind, str) and meaning(kind).field == "company"
    listed = any(isinstance(each, list) for each in held)
    own = next((name for name, inner in value.items() if _titles(name, inner)), "")
    return own if own and (called or (listed and _no_person(str(value[own])))) else ""


def own_title(value: Mapping[str, Any]) -> str:
    """Return under which name an object says what itself is called, beside the lead's fields.

    `{"name": "Contact form", "fields": [{"name": "name", …}]}`: empty if that may be the lead's.
    """
    if not any(isinstance(inner, (dict, list)) for inner in value.values()):
        return ""
    title = next((name for name, inner in value.items() if _titles(name, inner)), "")
    if not title or any(meaning(name).field in REACH for name in value):
        return ""
    words = str(value[title]).split()
    if len(words) in PERSON_WORDS and (known_given(words[0]) or known_given(words[-1])):
        return ""
    inner = {field for name, each in value.items() if name != title for field in _fields(each, 0)}
    return title if inner & NAMES or inner & REACH else ""


def _someone(inner: Any) -> bool:
    """True for a person with a name, or a list of such."""
    items = inner[:MOST_ITEMS] if isinstance(inner, list) else [inner]
    return any(
        isinstance(item, dict) and any(meaning(name).field in NAMES for name in item)
        for item in items
    )


def _no_person(text: str) -> bool:
    words = text.split()
    return not words or not (known_given(words[0]) or known_given(words[-1]))


def _titles(name: str, inner: Any) -> bool:
    return isinstance(inner, str) and meaning(name).loose and meaning(name).field == "name"


def _fields(value: Any, level: int) -> Iterator[str]:
    """Yield the fields that the pairs and lists within *value* answer."""
    if level > DEEPEST:
        return
    if isinstance(value, list):
        for item in islice(value, MOST_ITEMS):
            yield from _fields(item, level + 1)
    elif isinstance(value, dict):
        pair = pair_of(value)
        names = [told(value[pair[0]])] if pair else list(islice(value, MOST_NAMES))
        yield from (meaning(name).field for name in names)
        for inner in () if pair else islice(value.values(), MOST_NAMES):
            yield from _fields(inner, level + 1)


def _ours(item: Mapping[str, Any]) -> bool:
    names = {bare(name): inner for name, inner in item.items()}
    if any(names.get(mark) is True for mark in OUR_MARKS & names.keys()):
        return True
    roles = (names[each] for each in ROLES if isinstance(names.get(each), str))
    return any(bare(role) in OUR_ROLES for role in roles)


def _reachable(item: Mapping[str, Any]) -> bool:
    return any(meaning(name).field in REACH | NAMES for name in islice(item, MOST_NAMES))
