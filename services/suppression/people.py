"""People of one body: each is read, and what is wrong with any of them is told of all."""

from collections.abc import Mapping, Sequence

from services.suppression.identity import Identity, identity
from shared.errors import Malformed

MOST_FAULTS = 50
"""Entries that are named."""


def people(entries: Sequence[Mapping[str, str | None]], country: str) -> list[Identity]:
    """Return who is meant by *entries*; *country* reads national numbers.

    Raises Malformed with what is wrong, by entry and field, of the first entries that are.
    """
    found: list[Identity] = []
    faults: dict[str, object] = {}
    for position, entry in enumerate(entries):
        try:
            found.append(identity(entry, country))
        except Malformed as error:
            named = {f"entries.{position}.{name}": fault for name, fault in error.details.items()}
            faults |= named if len(faults) < MOST_FAULTS else {}
    if faults:
        raise Malformed("Some entries cannot be read, so nothing was stored.", faults)
    return found
