"""The words of conditions: what one key of an object says, read into leaves.

Pure. A key is a fact, a fact with `min_` or `max_` before it, or one of WORDS, at the foot.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.alerts import condition_values as read
from services.alerts.condition_places import location, near, region
from services.alerts.condition_values import Fault, at, each, every
from services.alerts.vocabulary import ALSO, FACTS, Known, known, meant
from shared.field_names import shown

Node = dict[str, Any]

MOST_BY = 5
"""Facts by which a count is kept apart."""

JOINING = ("all", "any", "not")
"""Words that join conditions; `condition_reading` knows what they do."""


def leaf(name: str, value: Any, country: str) -> Node:
    """Return what the key *name* says with *value*: a leaf, or several joined.

    *country* is the installation's. Raises Fault for an unknown name or a value that is none.
    """
    if name in WORDS:
        return WORDS[name](value, country)
    for prefix, kind in BOUNDS.items():
        one = known(name.removeprefix(prefix)) if name.startswith(prefix) else None
        if one is not None and one.is_ordered:
            return {"is": kind, "fact": one.name, "value": read.bound(one, value)}
    one = fact(name)
    return {"is": "among", "fact": one.name, "values": every(value, _equal, one)}


def count(value: Any) -> dict[str, Any]:
    """Return what `count` says: `at_least` so often in `minutes`, kept apart `by` facts."""
    by = value.get("by") if isinstance(value, Mapping) else None
    named = [one.name for one in at(".by", every, by, fact)] if by else []
    if len(named) > MOST_BY:
        raise Fault(f"must name at most {MOST_BY} facts in by")
    return read.count(value, named)


def fact(name: Any) -> Known:
    """Return the fact that *name* names. Raises Fault, with the name that may be meant."""
    one = known(name) if isinstance(name, str) else None
    if one is not None:
        return one
    if not isinstance(name, str):
        raise Fault("must be the name of a fact")
    bounded = [prefix + one.name for one in FACTS.values() if one.is_ordered for prefix in BOUNDS]
    fields = (*FACTS, *ALSO, *bounded, *JOINING, *WORDS, "count")
    raise Fault("is no field" + meant(name, fields))


def _equal(value: Any, one: Known) -> Any:
    return read.equal(one, value)


def _exists(value: Any, country: str) -> Node:
    return _joined("all", [{"is": "exists", "fact": one.name} for one in every(value, fact)])


def _contains(value: Any, country: str) -> Node:
    return _of_facts(value, "contains", ("list", "any"), "is no list")


def _starts(value: Any, country: str) -> Node:
    return _of_facts(value, "starts", ("text", "any"), "is no text")


def _of_facts(value: Any, kind: str, sorts: Sequence[str], otherwise: str) -> Node:
    """Return a leaf of *kind* for each fact that *value* names; only *sorts* are meant."""

    def one_fact(name: str, texts: Any) -> Node:
        one = fact(name)
        if one.sort not in sorts:
            raise Fault(otherwise)
        return {"is": kind, "fact": one.name, "values": every(texts, read.text)}

    if not isinstance(value, Mapping) or not value:
        raise Fault("must be an object: a fact and its values")
    names = enumerate(sorted(value, key=str), 1)
    return _joined(
        "all",
        each((f".{shown(str(name), at)}", one_fact, (name, value[name])) for at, name in names),
    )


def _industry(value: Any, country: str) -> Node:
    return {"is": "trade", "trades": every(value, read.trade)}


def _any_of(one: Callable[[Any, str], Node]) -> Callable[[Any, str], Node]:
    """Return what reads one value of *one*, or a list of which any will do."""
    return lambda value, country: _joined("any", every(value, one, country))


def _joined(word: str, nodes: Sequence[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else {word: list(nodes)}


BOUNDS: Mapping[str, str] = {"min_": "least", "max_": "most"}
"""Before a fact's name: its least, its most, both included."""

WORDS: Mapping[str, Callable[[Any, str], Node]] = {
    "exists": _exists,
    "contains": _contains,
    "starts_with": _starts,
    "near": _any_of(near),
    "location": _any_of(location),
    "city": _any_of(location),
    "region": _any_of(region),
    "state": _any_of(region),
    "industry": _industry,
    "during": _any_of(lambda value, country: read.during(value)),
}
"""Words of the language that are no fact, or more than one."""
