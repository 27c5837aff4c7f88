"""A comparison: what one condition finds of a happening, and how it says so.

Pure. Three-valued (Kleene 1952, strong): true, false, or None where the fact is unknown or of
another sort than what it is compared with. A leaf is JSON that `condition_reading` wrote.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeGuard

from services.alerts.happening import Fact, Happening

Verdict = bool | None
Leaf = Mapping[str, Any]


class Comparison(NamedTuple):
    """One condition, ready."""

    verdict: Callable[[Happening], Verdict]
    sentence: Callable[[Happening], str]
    """What was compared, with its values: they may say where somebody is, so seal it."""


def is_number(value: Fact) -> TypeGuard[float]:
    """True for a number; a flag is none."""
    return isinstance(value, int | float) and value is not True and value is not False
