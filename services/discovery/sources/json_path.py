"""Paths into a JSON document: how an account says where an API has what. Pure.

`data.items` goes into objects, `phones[0]` into a list by position (from 0, `[-1]` is the last),
`contacts[*].email` into every element. A name with other signs stands in double quotes:
`"e-mail address"`, `"a.b"`. An empty path is the document itself.
"""

import re
from dataclasses import dataclass
from typing import Any

LONGEST = 200
"""Characters of a path."""

MOST_STEPS = 20

MOST_VALUES = 10_000
"""Values that one path leads to; the rest is not looked at."""

Step = str | int | None
"""A name in an object, a position in a list, or None for every element."""

_STEP = re.compile(
    r"""(?P<dot>\.)?(?:(?P<name>[^\s."'\[\]*]{1,100})|"(?P<quoted>[^"]{1,100})")"""
    r"""|\[(?:(?P<at>-?\d{1,6})|(?P<all>\*))\]"""
)


@dataclass(frozen=True, slots=True)
class Path:
    """A path, read."""

    steps: tuple[Step, ...]

    def values(self, document: Any) -> list[Any]:
        """Return what the path leads to in *document*, as it comes; empty if to nothing."""
        found = [document]
        for step in self.steps:
            found = [one for value in found for one in _inside(value, step)][:MOST_VALUES]
        return found

    def text(self, document: Any) -> str:
        """Return the first text or number that the path leads to; empty if there is none."""
        return next((said for one in self.values(document) if (said := _text(one))), "")


def path(written: str) -> Path:
    """Return the path *written*. Raises ValueError, with what is wrong with it."""
    if len(written) > LONGEST:
        raise ValueError(f"must be a path with at most {LONGEST} characters")
    steps: list[Step] = []
    position = 0
    while position < len(written):
        found = _STEP.match(written, position)
        named = found is not None and not found["at"] and not found["all"]
        # A dot stands between names, and nowhere else.
        if found is None or (named and bool(found["dot"]) != bool(steps)):
            raise ValueError("must be a path such as data.items, phones[0] or contacts[*].email")
        steps.append(_step(found))
        position = found.end()
    if len(steps) > MOST_STEPS:
        raise ValueError(f"must be a path of at most {MOST_STEPS} steps")
    return Path(tuple(steps))


def _step(found: re.Match[str]) -> Step:
    if found["all"]:
        return None
    return int(found["at"]) if found["at"] else found["name"] or found["quoted"]


def _inside(value: Any, step: Step) -> list[Any]:
    if isinstance(step, str):
        return [value[step]] if isinstance(value, dict) and step in value else []
    if not isinstance(value, list):
        return []
    if step is None:
        return value
    return [value[step]] if -len(value) <= step < len(value) else []


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""
