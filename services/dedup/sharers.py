"""Sharers: how many people carry a value that more leads share than are read.

A key stands for the last digits of a number, which one of another country may have, too. Where the
leads that were read show such a one, the others are opened to count who gives this very number: a
thousand at most, at 13 µs each. Else nobody is opened.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.dedup import sharers_store, store
from services.dedup.compared import Known
from services.dedup.record import Record, unpack
from shared.privacy.gate import Gate

Values = Mapping[str, int]
"""The key of each value that a record gives, by the names of `beside.Carriers`."""


class Sharers:
    """People by what they share; of values that fewer leads share nothing is known here."""

    def __init__(self) -> None:
        self._by_key: dict[int, int] = {}
        """How many people share a key that stands for one value."""
        self._by_value: dict[int, dict[str, set[UUID]]] = {}
        """By a key that stands for several, who gives each of them."""

    def of(self, record: Record, values: Values) -> dict[str, int]:
        """Return how many people carry those *values* of *record* that many leads share."""
        if not (self._by_key or self._by_value):
            return {}
        found = {name: self._by_key[key] for name, key in values.items() if key in self._by_key}
        for name, key in values.items():
            if key in self._by_value:
                found[name] = len(self._by_value[key][_value(record, name)])
        return found

    def add(self, record: Record, values: Values, person: UUID, new: bool) -> None:
        """Count a *person* who gives *values* in *record*, and may be *new*."""
        for key in {*values.values()} & self._by_key.keys():
            self._by_key[key] += new
        for name, key in values.items():
            if key in self._by_value:
                self._by_value[key][_value(record, name)].add(person)

    def read(
        self,
        conn: Connection[Any],
        gate: Gate,
        tenant_id: str,
        given: Iterable[tuple[Record, Values]],
        blocks: Mapping[int, Mapping[UUID, Known]],
    ) -> None:
        """Count who shares what is *given*; *blocks* are the leads that were read, by key."""
        wanted: dict[int, set[str]] = defaultdict(set)
        for record, values in given:
            for name, key in values.items():
                if len(blocks.get(key, ())) >= store.CANDIDATES_PER_KEY:
                    wanted[key].add(_value(record, name))
        several = [key for key, said in wanted.items() if _several(said, blocks[key].values())]
        if one := [key for key in wanted if key not in several]:
            self._by_key = dict(store.people(conn, tenant_id, one))
        for sharer in sharers_store.sharers(conn, tenant_id, several) if several else ():
            opened = unpack(gate.unseal(tenant_id, sharer.compared, str(sharer.lead_id)))
            people = self._by_value.setdefault(sharer.key, defaultdict(set))
            for value in _contacts(opened):
                people[value].add(sharer.subject_id)


def _several(said: set[str], known: Iterable[Known]) -> bool:
    """True if one of *known* gives none of what was *said*, or several things were."""
    return len(said) > 1 or any(said.isdisjoint(_contacts(each.record)) for each in known)


def _contacts(record: Record) -> list[str]:
    return [record.mailbox, record.phone, *record.others]


def _value(record: Record, name: str) -> str:
    """Return what *record* gives under a *name* of `beside.Carriers`."""
    return {"email": record.mailbox, "phone": record.phone}.get(name, name)
