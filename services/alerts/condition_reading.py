"""Conditions as people write them, read into a tree; every fault is named by where it stands.

Pure. `{"min_intent_score": 80, "any": [{"location": "Texas"}, {"industry": ["retail", "52"]}]}`:
the keys of an object must all hold. Numbers, texts and times are checked here, places and trades
looked up, so that nothing is found out when something happens.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from services.alerts.condition_values import Fault
from services.alerts.condition_words import JOINING, count, leaf
from services.alerts.conditions import Conditions, Tree, compiled
from services.alerts.contradictions import Placed, contradictions
from shared.errors import Malformed, Meaningless
from shared.field_names import shown

DEEPEST = 8
"""Levels of `all`, `any` and `not` within each other."""

MOST_CONDITIONS = 100

MOST_FAULTS = 50
"""Faults that are named at once."""

Node = dict[str, Any]

Part = tuple[Node, list[Placed]]
"""A node, and those of its leaves that must hold whenever it does."""

NOTHING: Node = {"all": []}


def reading(conditions: Any, rule_type: str, country: str = "US") -> Conditions:
    """Return *conditions* ready to be asked. Raises as `understood` does."""
    return compiled(understood(conditions, rule_type, country))


def understood(conditions: Any, rule_type: str, country: str = "US") -> Tree:
    """Return *conditions*, JSON that their owner wrote, as a tree of plain JSON.

    *country* is the installation's, ISO 3166-1 alpha-2: it settles where an ambiguous place is.
    Raises Malformed for what is no condition (an unknown field, a text for a number), Meaningless
    for what can mean nothing (no such place, contradictory bounds); `details` names every place.
    """
    reader = _Reader(country)
    tree = reader.whole(conditions)
    if not reader.unread and not reader.meaningless:
        reader.check_type(rule_type, tree)
    if reader.unread:
        details = reader.unread | reader.meaningless
        raise Malformed("These conditions cannot be read; see details.", _first(details))
    if reader.meaningless:
        message = "These conditions cannot be met as they are; see details."
        raise Meaningless(message, _first(reader.meaningless))
    return tree


def _first(details: Mapping[str, str]) -> dict[str, str]:
    return dict(list(details.items())[:MOST_FAULTS])


class _Reader:
    """One reading: what was found, and all that is wrong with it."""

    def __init__(self, country: str):
        self.unread: dict[str, str] = {}
        self.meaningless: dict[str, str] = {}
        self._country = country
        self._conditions = 0

    def whole(self, said: Any) -> Tree:
        counted = None
        if isinstance(said, Mapping) and "count" in said:
            counted = self._try("conditions.count", count, said["count"])
            said = {name: value for name, value in said.items() if name != "count"}
        return {"conditions": self._alone(said, "conditions", 0), "count": counted}

    def check_type(self, rule_type: str, tree: Tree) -> None:
        needed, reason = NEEDED.get(rule_type, (None, ""))
        if needed and not any(needed(one) for one in _leaves(tree["conditions"])):
            self.meaningless["conditions"] = reason

    def _alone(self, said: Any, path: str, depth: int) -> Node:
        """Return the node of an object that stands by itself: contradictions are its own."""
        node, leaves = self._object(said, path, depth)
        self.meaningless |= contradictions(leaves)
        return node

    def _object(self, said: Any, path: str, depth: int) -> Part:
        wrong = _shape(said, depth)
        if wrong:
            self.unread[path] = wrong
            return NOTHING, []
        parts = []
        # In one order, so that the order in which somebody wrote them changes nothing.
        for position, name in enumerate(sorted(said, key=str), 1):
            self._conditions += 1
            if self._conditions > MOST_CONDITIONS:
                self.unread["conditions"] = f"must be at most {MOST_CONDITIONS}"
                break
            at = f"{path}.{shown(str(name), position)}"
            parts.append(self._part(str(name), said[name], at, depth))
        return {"all": [node for node, _ in parts]}, [one for _, its in parts for one in its]

    def _part(self, name: str, value: Any, path: str, depth: int) -> Part:
        if name == "not":
            return {"not": self._alone(value, path, depth + 1)}, []
        if name in JOINING:
            return self._joined(name, value, path, depth + 1)
        node = self._try(path, leaf, name, value, self._country)
        if node is None:
            return NOTHING, []
        return node, [(path, one) for one in (node.get("all", ()) if "all" in node else [node])]

    def _joined(self, word: str, value: Any, path: str, depth: int) -> Part:
        if not isinstance(value, list | tuple) or not 1 <= len(value) <= MOST_CONDITIONS:
            self.unread[path] = f"must list 1 to {MOST_CONDITIONS} conditions"
            return NOTHING, []
        each = [(one, f"{path}[{number}]", depth) for number, one in enumerate(value)]
        if word == "any":
            return {"any": [self._alone(*one) for one in each]}, []
        parts = [self._object(*one) for one in each]
        return {"all": [node for node, _ in parts]}, [one for _, its in parts for one in its]

    def _try(self, path: str, read: Callable[..., Any], *arguments: Any) -> Any:
        """Return what *read* makes of its arguments; None, and the faults noted, if nothing."""
        try:
            return read(*arguments)
        except Fault as fault:
            for one in fault.wrong:
                faults = self.meaningless if one.is_meaning else self.unread
                faults[path + one.path] = one.reason
            return None


def _shape(said: Any, depth: int) -> str | None:
    """Return what is wrong with the shape of an object of conditions, if anything."""
    if not isinstance(said, Mapping):
        return "must be an object"
    if depth > DEEPEST:
        return f"lies deeper than {DEEPEST} levels"
    return "must say something" if depth and not said else None


def _leaves(node: Node) -> Iterable[Node]:
    if "is" in node:
        yield node
    within: Sequence[Node] = (*node.get("all", ()), *node.get("any", ()))
    for one in (*within, node["not"]) if "not" in node else within:
        yield from _leaves(one)


def _is_place(one: Node) -> bool:
    where = ("country", "admin1", "place", "latitude", "longitude")
    return one["is"] in ("near", "area") or one.get("fact") in where


NEEDED: Mapping[str, tuple[Callable[[Node], bool], str]] = {
    "geographic": (_is_place, "name no place: near, location, region or country"),
    "industry": (lambda one: one["is"] == "trade", "name no industry"),
}
"""What the conditions of a type must look at, and what is said where they do not."""
