"""Conditions that nothing can meet: a least above the most, two statuses at once.

Pure. Looks at what must hold together; what stands under `any` or `not` is looked at by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.alerts.vocabulary import known

Leaf = Mapping[str, Any]

Placed = tuple[str, Leaf]
"""A leaf, and where its owner wrote it."""


def contradictions(leaves: Sequence[Placed]) -> dict[str, str]:
    """Return what is wrong with *leaves*, all of which must hold, by where they stand."""
    found: dict[str, str] = {}
    facts = {leaf["fact"] for _, leaf in leaves if "fact" in leaf}
    for fact in sorted(facts):
        of_it = [(path, leaf) for path, leaf in leaves if leaf.get("fact") == fact]
        found |= _bounds(fact, of_it) or _values(fact, of_it)
    return found


def _bounds(fact: str, leaves: Sequence[Placed]) -> dict[str, str]:
    least = [(leaf["value"], path) for path, leaf in leaves if leaf["is"] == "least"]
    most = [(leaf["value"], path) for path, leaf in leaves if leaf["is"] == "most"]
    if not least or not most or max(least)[0] <= min(most)[0]:
        return {}
    path = max(least)[1]
    return {path: f"is above the {min(most)[0]:,g} that {fact} may be at most"}


def _values(fact: str, leaves: Sequence[Placed]) -> dict[str, str]:
    one = known(fact)
    if one is None or one.sort in ("list", "any"):
        return {}  # a list may hold both
    among = [(path, leaf["values"]) for path, leaf in leaves if leaf["is"] == "among"]
    left: set[Any] | None = None
    for path, values in among:
        keys = {value.casefold() if isinstance(value, str) else value for value in values}
        left = keys if left is None else left & keys
        if not left:
            return {path: f"contradicts another condition on {fact}"}
    for path, values in among:
        if one.sort == "number" and not any(_within(value, leaves) for value in values):
            return {path: f"is outside the bounds that are set to {fact}"}
    return {}


def _within(value: float, leaves: Iterable[Placed]) -> bool:
    return all(
        (leaf["is"] != "least" or value >= leaf["value"])
        and (leaf["is"] != "most" or value <= leaf["value"])
        for _, leaf in leaves
    )
