"""Choosing: which sources a request means, by type, by name, by id, or described on the spot."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.discovery import source_store
from services.discovery.configured import Configured
from services.discovery.configuring import checked, kind
from services.discovery.desk import Desk
from services.discovery.job import Asked
from services.discovery.sources.registry import named
from shared.connection import Connection
from shared.errors import Malformed

Reference = str | Mapping[str, Any]
"""A type, a name or an id; or `{type, …settings}`."""


def chosen(
    conn: Connection, desk: Desk, tenant_id: str, references: Sequence[Reference]
) -> tuple[Asked, ...]:
    """Return the sources that *references* name, each once; without any, all that are builtin.

    Raises Malformed by their places, for settings that are wrong and names that nobody has.
    """
    if not references:
        return tuple(
            Asked(source.type, source.type, source.checked({}))
            for source in desk.sources
            if source.builtin
        )
    found: list[Asked] = []
    for place, reference in enumerate(references):
        field = f"sources[{place}]"
        if isinstance(reference, str):
            one = _named(conn, desk, tenant_id, reference, field)
        else:
            one = _described(desk, reference, field)
        if one not in found:
            found.append(one)
    return tuple(found)


def _named(conn: Connection, desk: Desk, tenant_id: str, reference: str, field: str) -> Asked:
    source = named(desk.sources, reference)
    if source is not None and source.builtin:
        return Asked(source.type, source.type, checked(source, {}, field))
    if source is not None:
        raise Malformed(details={field: "needs settings: send an object, or set up a source"})
    known = _configured(conn, desk, tenant_id, reference)
    if known is None:
        raise Malformed(details={field: "is no type, name or id of a source"})
    kept = kind(desk, known.type, field)
    return Asked(known.type, known.name, checked(kept, known.settings, field), known.id)


def _configured(conn: Connection, desk: Desk, tenant_id: str, reference: str) -> Configured | None:
    try:
        return source_store.one(conn, desk.gate, tenant_id, UUID(reference))
    except ValueError:
        return source_store.called(conn, desk.gate, tenant_id, reference)


def _described(desk: Desk, reference: Mapping[str, Any], field: str) -> Asked:
    type = reference.get("type")
    if not isinstance(type, str):
        raise Malformed(details={f"{field}.type": "is required"})
    source = kind(desk, type, f"{field}.type")
    settings = {name: value for name, value in reference.items() if name != "type"}
    return Asked(source.type, source.type, checked(source, settings, field))
