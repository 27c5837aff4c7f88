"""The values of conditions, read: numbers, words, trades, hours; and what is wrong with them.

Pure. A trade is looked up here, once, and never again, as a place is (`condition_places`).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from services.alerts.vocabulary import Known, meant
from services.alerts.where_and_when import DAYS
from shared.normalize.industry import industries
from shared.normalize.place import places

Leaf = dict[str, Any]

MOST_VALUES = 100
"""Values of a list."""

LONGEST_TEXT = 200
"""Characters, as of a fact."""

LARGEST = 1e15
"""As of a fact."""

MOST_COUNTED, LONGEST_COUNT_MINUTES = 10_000, 1_440
"""What happened is counted for a day, after which its notes are purged."""

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


class Wrong(NamedTuple):
    """One thing that is wrong with a value."""

    path: str
    """Where within the value: `.place`, `[2]`; empty: all of it."""
    reason: str
    is_meaning: bool
    """True: its form is right, and what it says cannot be."""


class Fault(ValueError):
    """A value that cannot be read."""

    def __init__(self, reason: str, is_meaning: bool = False):
        super().__init__(reason)
        self.wrong = [Wrong("", reason, is_meaning)]


def each(parts: Iterable[tuple[str, Callable[..., Any], tuple[Any, ...]]]) -> list[Any]:
    """Return what each reader makes of its arguments, by the path that a fault of it is given.

    Raises one Fault with all that is wrong.
    """
    found, wrong = [], list[Wrong]()
    for path, read, arguments in parts:
        try:
            found.append(read(*arguments))
        except Fault as fault:
            wrong += [one._replace(path=path + one.path) for one in fault.wrong]
    if wrong:
        faults = Fault("several")
        faults.wrong = wrong
        raise faults
    return found


def at(path: str, read: Callable[..., Any], *arguments: Any) -> Any:
    """Return what *read* makes of its arguments; a fault of it is one of *path*."""
    return each([(path, read, arguments)])[0]


def every(value: Any, read: Callable[..., Any], *more: Any) -> list[Any]:
    """Return each of the values of a list, or the one that is none, read."""
    if not isinstance(value, list | tuple):
        return [read(value, *more)]
    if not 1 <= len(value) <= MOST_VALUES:
        raise Fault(f"must list 1 to {MOST_VALUES} values")
    return each((f"[{number}]", read, (one, *more)) for number, one in enumerate(value))


def number(value: Any, least: float = -LARGEST, most: float = LARGEST) -> float:
    """Return *value*. Raises Fault for what is no number from *least* to *most*."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Fault("must be a number")
    if not least <= value <= most:  # NaN neither
        raise Fault(f"must be from {least:,g} to {most:,g}")
    return value


def bound(one: Known, value: Any) -> float:
    """Return a least or a most of *one*. Raises Fault, too, for a number that it never is."""
    read = number(value)
    if one.bounds and not one.bounds[0] <= read <= one.bounds[1]:
        least, most = one.bounds
        raise Fault(f"is from {least:g} to {most:g}, never that", is_meaning=True)
    return read


def text(value: Any) -> str:
    """Return *value*, stripped. Raises Fault for what is no text, empty or too long."""
    read = value.strip() if isinstance(value, str) else ""
    if not 1 <= len(read) <= LONGEST_TEXT:
        raise Fault(f"must be a text of 1 to {LONGEST_TEXT} characters")
    return read


def equal(one: Known, value: Any) -> Any:
    """Return one value that the fact *one* may equal. Raises Fault for one it never can."""
    if value is None:
        raise Fault('must not be null; write {"not": {"exists": "…"}}')
    return _EQUAL[one.sort](one, value)


def _word(one: Known, value: Any) -> str:
    read = "_".join(text(value).lower().replace("-", " ").split())
    if read not in one.values:
        question = meant(read, one.values) or f"; it is one of {', '.join(one.values)}"
        raise Fault(f"is no {one.name.replace('_', ' ')}{question}", is_meaning=True)
    return read


def _flag(one: Known, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Fault("must be true or false")
    return value


def _country(one: Known, value: Any) -> str:
    for place in places(text(value)).places:
        if place.kind == "country":
            return place.country
    raise Fault("is no country we know", is_meaning=True)


def _any(one: Known, value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return number(value) if isinstance(value, int | float) else text(value)


def trade(value: Any) -> dict[str, Any]:
    """Return name and prefixes (NAICS) of the trade that *value* names. Raises Fault for none."""
    found = industries(text(value), 1)
    if not found:
        reason = "is no industry we know; try a plainer word or a NAICS code"
        raise Fault(reason, is_meaning=True)
    return {"name": found[0].name, "prefixes": list(found[0].prefixes)}


def during(value: Any) -> Leaf:
    """Return the leaf that it happens on `days`, `from` a time `to` another, in a `timezone`."""
    if not isinstance(value, Mapping):
        raise Fault("must be an object")
    no_others(value, ("from", "to", "timezone", "days"))
    if "days" not in value and "from" not in value and "to" not in value:
        raise Fault("says neither days nor from and to")
    start, end = (at(f".{name}", _clock, value.get(name, "00:00")) for name in ("from", "to"))
    if start == end and start != "00:00":
        raise Fault("begins and ends at once", is_meaning=True)
    zone = at(".timezone", _zone, value.get("timezone"))
    days = at(".days", every, value.get("days", DAYS), _day)
    span = {"from": start, "to": end, "timezone": zone, "days": sorted(set(days))}
    return {"is": "during", **span}


def count(value: Any, named: Sequence[str] = ()) -> dict[str, Any]:
    """Return that it happens `at_least` so often in `minutes`; *named* are its `by`, read."""
    if not isinstance(value, Mapping):
        raise Fault("must be an object")
    no_others(value, ("at_least", "minutes", "by"))
    at_least = at(".at_least", _whole, value.get("at_least"), 2, MOST_COUNTED)
    minutes = at(".minutes", number, value.get("minutes"), 1, LONGEST_COUNT_MINUTES)
    return {"at_least": at_least, "minutes": minutes, "by": list(named)}


def _whole(value: Any, least: int, most: int) -> int:
    read = number(value, least, most)
    if read != int(read):
        raise Fault("must be a whole number")
    return int(read)


def _zone(value: Any) -> str:
    name = text(value)
    if name not in _zones():
        raise Fault("is no time zone of IANA", is_meaning=True)
    return name


@cache
def _zones() -> set[str]:
    return available_timezones()  # it reads the whole folder


def _clock(value: Any) -> str:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise Fault("must be a time as 09:00")
    return value


def _day(value: Any) -> int:
    if not isinstance(value, str) or value.lower()[:3] not in DAYS:
        raise Fault(f"must list days: {', '.join(DAYS)}")
    return DAYS.index(value.lower()[:3])


def no_others(said: Mapping[str, Any], names: Sequence[str]) -> None:
    """Raise Fault where *said* names something else than *names*."""
    for name in said:
        if name not in names:
            raise Fault(f"says something else than {', '.join(names)}")


_EQUAL = {
    "number": bound,
    "text": lambda one, value: text(value),
    "word": _word,
    "list": lambda one, value: text(value),
    "flag": _flag,
    "country": _country,
    "any": _any,
}
"""What a value must be, by the sort of the fact that it is compared with."""
