"""Conditions: whether a happening meets a rule, and why, in sentences that cite its values.

Pure. What people wrote is read once (`condition_reading`) into a tree of plain JSON, which is
stored; here the tree becomes functions. Unknown stays unknown through `not`, `all` and `any`
(Kleene 1952, strong), so that a fact which nobody knows meets neither a condition nor its contrary.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.alerts.comparison import Verdict
from services.alerts.comparisons import compared
from services.alerts.fingerprint import Hashed, counted_by, digest
from services.alerts.happening import Happening

Tree = Mapping[str, Any]
"""As `condition_reading.understood` writes it: `conditions`, a node, and `count` or None."""

Told = tuple[Verdict, list[str]]


@dataclass(frozen=True, slots=True)
class Node:
    """A condition, or several joined."""

    verdict: Callable[[Happening], Verdict]
    told: Callable[[Happening], Told]
    """The verdict with the sentences that made it so."""


@dataclass(frozen=True, slots=True)
class Count:
    """That it happens so often within a time, counted apart by the facts named."""

    at_least: int
    within: timedelta
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of one rule, ready to be asked of many happenings."""

    node: Node
    count: Count | None

    def hold(self, happening: Happening) -> bool:
        """True if *happening* meets them; with a `count`, that it is one to be counted."""
        return self.node.verdict(happening) is True

    def verdict(self, happening: Happening) -> Verdict:
        """Return whether they are met; None: not known."""
        return self.node.verdict(happening)

    def why(self, happening: Happening) -> list[str]:
        """Return what made the verdict, each value cited: seal it, or show it to its owner alone.

        Where they hold, what holds; where not, what does not; else what is not known.
        """
        return self.node.told(happening)[1]

    def counted_by(self, happening: Happening, hashed: Hashed = digest) -> str | None:
        """Return the key under which *happening* is counted; None: not, for a fact is unknown."""
        return counted_by(self.count.by if self.count else (), happening, hashed)


def compiled(tree: Tree) -> Conditions:
    """Return the conditions that *tree* says. Raises ValueError for what is no such tree."""
    try:
        count = tree["count"]
        return Conditions(_node(tree["conditions"]), _count(count) if count else None)
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError("these are no conditions that were read") from fault


def _count(said: Mapping[str, Any]) -> Count:
    return Count(said["at_least"], timedelta(minutes=said["minutes"]), tuple(said["by"]))


def _node(said: Mapping[str, Any]) -> Node:
    if "all" in said:
        return _all([_node(one) for one in said["all"]])
    if "any" in said:
        return _any([_node(one) for one in said["any"]])
    if "not" in said:
        return _not(_node(said["not"]))
    verdict, sentence = compared(said)
    return Node(verdict, lambda happening: (verdict(happening), [sentence(happening)]))


def _all(nodes: Sequence[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    verdicts = tuple(node.verdict for node in nodes)

    def verdict(happening: Happening) -> Verdict:
        found: Verdict = True
        for one in verdicts:
            known = one(happening)
            if known is False:
                return False
            if known is None:
                found = None
        return found

    def told(happening: Happening) -> Told:
        return _those(verdict(happening), [node.told(happening) for node in nodes])

    return Node(verdict, told)


def _any(nodes: Sequence[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    verdicts = tuple(node.verdict for node in nodes)

    def verdict(happening: Happening) -> Verdict:
        found: Verdict = False
        for one in verdicts:
            known = one(happening)
            if known is True:
                return True
            if known is None:
                found = None
        return found

    def told(happening: Happening) -> Told:
        return _those(verdict(happening), [node.told(happening) for node in nodes])

    return Node(verdict, told)


def _not(node: Node) -> Node:
    def verdict(happening: Happening) -> Verdict:
        known = node.verdict(happening)
        return None if known is None else not known

    def told(happening: Happening) -> Told:
        known, sentences = node.told(happening)
        return (None if known is None else not known), sentences

    return Node(verdict, told)


def _those(verdict: Verdict, parts: Sequence[Told]) -> Told:
    """Return the sentences of the parts that found what the whole found."""
    return verdict, [one for found, told in parts if found is verdict for one in told]
