"""Lists: what their items say about themselves: who they are, which of several, what was asked.

A list of people may tell each one's role, a list of addresses which is the main one, and a list of
objects with the same two names is one of questions and answers, whatever the two are called.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.dedup.intake.reading.definitions import labels_told
from services.dedup.intake.reading.pairs import BESIDE, KEYS, VALUES, bare, paired
from services.dedup.intake.reading.values import mails
from shared.labels.label import meaning

MOST_ITEMS = 200
"""Items that are looked at."""

LONGEST_ROLE = 40
"""Characters of a role; a longer text is a story."""

ROLES = frozenset(
    (
        *("role", "rolename", "roletype", "rolle", "rol", "ruolo", "papel", "funcao", "rola"),
        *("roll", "roolli", "роль", "rolletype", "役割", "角色", "type", "typ", "tipo", "kind"),
        *("relationship", "relation", "beziehung", "relacion", "parentesco", "persontype"),
        *("contacttype", "partytype", "party", "capacity", "qualite", "funktion", "lien"),
        *("fonction", "funcion", "functie", "funzione", "funkcja", "funktio"),
    )
)
"""How an object in a list of people names what they are (names without `_` and case)."""

MAIN = frozenset(
    (
        *("primary", "isprimary", "default", "isdefault", "main", "ismain", "preferred"),
        *("ispreferred", "principal", "esprincipal", "isprincipal", "haupt", "hauptadresse"),
        *("preferit", "predeterminado", "domyslny", "glowny", "standaard", "predefinito"),
    )
)
"""How an address or a number in a list is flagged that comes first."""

KINDS = ("type", "label", "kind", "typ", "tipo", "soort", "rodzaj", "category", "use", "art")
"""How an address or a number in a list names which it is."""

_REACH = frozenset({"email", "phone"})
_PEOPLE = frozenset({"email", "phone", "name", "full_name", "first_name", "last_name"})


def cast(items: Sequence[Any]) -> list[str]:
    """Return each one's role in a list of people that have different ones; [] for other lists."""
    if not 2 <= len(items) <= MOST_ITEMS or not all(isinstance(item, dict) for item in items):
        return []
    if any(paired(item) or not _person(item) for item in items):
        return []
    roles = [_role(item) for item in items]
    told = [meaning(role) for role in roles if role]
    telling = any(each.roles or each.other for each in told)
    return roles if telling and all(roles) and len(set(roles)) > 1 else []


def reach_told(items: Sequence[Any], path: Sequence[str]) -> list[Any]:
    """Return the addresses or numbers in a list under *path* with what tells which is the first.

    `{"type": "home", "address": …, "primary": false}` becomes a kind and a value.
    """
    field = meaning(path[-1]).field if path else ""
    if field not in _REACH or not all(isinstance(item, dict) for item in items):
        return list(items)
    told = [_reach(item, field) for item in items[:MOST_ITEMS]]
    if not all(told):
        return list(items)
    flagged = any(map(_main, items))
    if not flagged and not any(_kind(item) for item in items):
        return list(items)
    found = []
    for item, value in zip(items, told, strict=False):
        kind = "primary" if flagged and _main(item) else _kind(item)
        kind = f"other {kind}" if flagged and not _main(item) and kind != "fax" else kind
        found.append({"type": kind or "primary", "value": value})
    return sorted(found, key=lambda each: each["type"] != "primary") if flagged else found


def in_columns(items: Sequence[Any]) -> list[tuple[str, Any]]:
    """Return questions and answers of a list of objects that all have the same few names.

    [] unless the texts under one of these are labels, and under one other are not.
    """
    if not 2 <= len(items) <= MOST_ITEMS or not all(isinstance(item, dict) for item in items):
        return []
    names = list(items[0])
    if not 2 <= len(names) <= 6 or any(list(item) != names for item in items):
        return []
    if any(map(paired, items)) or any(meaning(name).field in _PEOPLE - {"name"} for name in names):
        return []
    asked = next((name for name in names if _labels(items, name)), "")
    rest = [n for n in names if n != asked and bare(n) not in _ASIDE]
    said = next((n for n in rest if bare(n) in VALUES), rest[0] if len(rest) == 1 else "")
    return [(item[asked], item[said]) for item in items] if asked and said else []


def _labels(items: Sequence[Mapping[str, Any]], name: str) -> bool:
    texts = [item[name] for item in items]
    if not all(isinstance(text, str) and "@" not in text for text in texts):
        return False
    return len(set(texts)) == len(texts) and labels_told(texts)


def _person(item: Mapping[str, Any]) -> bool:
    return any(meaning(name).field in _PEOPLE for name in item)


def _role(item: Mapping[str, Any]) -> str:
    said = (inner for name, inner in item.items() if bare(name) in ROLES)
    return next((s for s in said if isinstance(s, str) and 0 < len(s) <= LONGEST_ROLE), "")


def _main(item: Mapping[str, Any]) -> bool:
    if any(bare(name) in MAIN and inner is True for name, inner in item.items()):
        return True
    return bare(_kind(item)) in MAIN


def _kind(item: Mapping[str, Any]) -> str:
    names = {bare(name): inner for name, inner in item.items()}
    kinds = (names[each] for each in KINDS if isinstance(names.get(each), str))
    return next((kind for kind in kinds if kind and "@" not in kind), "")


def _reach(item: Mapping[str, Any], field: str) -> str:
    """Return the one address or number that an object in such a list holds; empty for others."""
    texts = [
        inner
        for name, inner in item.items()
        if isinstance(inner, str) and inner and bare(name) not in KINDS
    ]
    fitting = [each for each in texts if (mails(each) if field == "email" else _digits(each))]
    return fitting[0] if len(fitting) == 1 and len(texts) <= 2 else ""


def _digits(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= 6 and sum(map(str.isalpha, text)) <= 3


_ASIDE = frozenset(KEYS) | BESIDE
"""What stands beside question and answer and is neither."""
