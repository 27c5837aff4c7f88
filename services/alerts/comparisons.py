"""What a condition compares with a fact, and how it says what it found.

Pure. A fact of another sort than what it is compared with is as good as unknown.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from services.alerts.comparison import Comparison, Leaf, Verdict, is_number
from services.alerts.happening import Fact, Happening
from services.alerts.where_and_when import area, during, near
from shared.normalize.industry import industry

MOST_NAMED = 5
"""Values that a sentence names."""


def compared(leaf: Leaf) -> Comparison:
    """Return the comparison of *leaf*. Raises KeyError for one that nobody wrote."""
    return COMPARISONS[leaf["is"]](leaf)


def _least(leaf: Leaf) -> Comparison:
    name, bound = leaf["fact"], leaf["value"]

    def verdict(happening: Happening) -> Verdict:
        value = happening.facts.get(name)
        return value >= bound if is_number(value) else None

    return Comparison(verdict, _sentence(name, verdict, f"at least {bound:,g}"))


def _most(leaf: Leaf) -> Comparison:
    name, bound = leaf["fact"], leaf["value"]

    def verdict(happening: Happening) -> Verdict:
        value = happening.facts.get(name)
        return value <= bound if is_number(value) else None

    return Comparison(verdict, _sentence(name, verdict, f"at most {bound:,g}"))


def _among(leaf: Leaf) -> Comparison:
    """Any of the values is the fact, or one of its list."""
    name = leaf["fact"]
    values = frozenset(_key(value) for value in leaf["values"])

    def verdict(happening: Happening) -> Verdict:
        value = happening.facts.get(name)
        if value is None:
            return None
        if isinstance(value, tuple):
            return any(_key(one) in values for one in value)
        return _key(value) in values

    def sentence(happening: Happening) -> str:
        value, listed = happening.facts.get(name), _listed(leaf["values"], "or")
        if value is None:
            return f"{name} is not known"
        if isinstance(value, tuple):
            return f"{name} ({_shown(value)}) {'has' if verdict(happening) else 'has not'} {listed}"
        return f"{name} is {_shown(value)}" + ("" if verdict(happening) else f", not {listed}")

    return Comparison(verdict, sentence)


def _contains(leaf: Leaf) -> Comparison:
    """All of the values are in the fact's list."""
    name = leaf["fact"]
    values = frozenset(_key(value) for value in leaf["values"])

    def verdict(happening: Happening) -> Verdict:
        value = happening.facts.get(name)
        return values <= {_key(one) for one in value} if isinstance(value, tuple) else None

    def sentence(happening: Happening) -> str:
        value, found = happening.facts.get(name), verdict(happening)
        if not isinstance(value, tuple) or found is None:
            return f"{name} is not known"
        return f"{name} ({_shown(value)}) {'has' if found else 'has not'} all of {listed}"

    listed = _listed(leaf["values"], "and")
    return Comparison(verdict, sentence)


def _starts(leaf: Leaf) -> Comparison:
    name = leaf["fact"]
    starts = tuple(value.casefold() for value in leaf["values"])

    def verdict(happening: Happening) -> Verdict:
        value = happening.facts.get(name)
        return value.casefold().startswith(starts) if isinstance(value, str) else None

    told = f"a text that starts with {_listed(leaf['values'], 'or')}"
    return Comparison(verdict, _sentence(name, verdict, told))


def _exists(leaf: Leaf) -> Comparison:
    """The fact is known. This alone is never unknown."""
    name = leaf["fact"]

    def verdict(happening: Happening) -> Verdict:
        return happening.facts.get(name) is not None

    return Comparison(
        verdict, lambda happening: f"{name} is {'' if verdict(happening) else 'not '}known"
    )


def _trade(leaf: Leaf) -> Comparison:
    """The lead's trade is one of these, or part of one; unknown where it is wider than one."""
    wanted = tuple(prefix for trade in leaf["trades"] for prefix in trade["prefixes"])
    names = [trade["name"] for trade in leaf["trades"]]

    def verdict(happening: Happening) -> Verdict:
        said = happening.facts.get("industry")
        prefixes = _prefixes(said) if isinstance(said, str) else ()
        if not prefixes:
            return None
        if all(prefix.startswith(wanted) for prefix in prefixes):
            return True
        return None if any(_meets(prefix, wanted) for prefix in prefixes) else False

    def sentence(happening: Happening) -> str:
        said, found = happening.facts.get("industry"), verdict(happening)
        trade = industry(said) if isinstance(said, str) else None
        if trade is None:
            return "industry is not known"
        part = "may be, or not be, part" if found is None else "is part" if found else "is no part"
        return f"industry {trade.name} {part} of {_listed(names, 'or')}"

    return Comparison(verdict, sentence)


def _key(value: Any) -> Any:
    """Return what makes two values equal: texts whatever their case, flags apart from numbers."""
    return value.casefold() if isinstance(value, str) else (value.__class__ is bool, value)


@lru_cache(2048)
def _prefixes(said: str) -> tuple[str, ...]:
    found = industry(said)
    return found.prefixes if found else ()


def _meets(prefix: str, wanted: tuple[str, ...]) -> bool:
    """True if *prefix* lies in one of *wanted*, or one of them in it."""
    return prefix.startswith(wanted) or any(one.startswith(prefix) for one in wanted)


def _sentence(
    name: str, verdict: Callable[[Happening], Verdict], what: str
) -> Callable[[Happening], str]:
    """Return what says that the fact *name* is or is not *what*."""

    def sentence(happening: Happening) -> str:
        value, found = happening.facts.get(name), verdict(happening)
        if value is None:
            return f"{name} is not known"
        shown = _shown(value)
        if found is None:
            return f"{name} {shown} cannot be compared with {what}"
        return f"{name} {shown} is {'' if found else 'not '}{what}"

    return sentence


def _shown(value: Fact) -> str:
    """Return *value* for people."""
    if isinstance(value, tuple):
        return _listed(value, "and") if value else "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:,g}" if isinstance(value, int | float) else str(value)


def _listed(values: Any, last: str) -> str:
    texts = [_shown(value) for value in values[:MOST_NAMED]]
    if len(values) > MOST_NAMED:
        texts.append(f"{len(values) - MOST_NAMED} more")
    return f" {last} ".join([", ".join(texts[:-1]), texts[-1]]) if texts[1:] else "".join(texts)


COMPARISONS: Mapping[str, Callable[[Leaf], Comparison]] = {
    "least": _least,
    "most": _most,
    "among": _among,
    "contains": _contains,
    "starts": _starts,
    "exists": _exists,
    "trade": _trade,
    "near": near,
    "area": area,
    "during": during,
}
"""By what a leaf `is`."""
