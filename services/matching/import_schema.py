"""What callers may send as a catalogue; faults are named by item and field."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from services.matching.catalogue_schema import NewService, OfAccount
from shared.errors import Malformed
from shared.validation import MOST_FAULTS, loaded

MOST_IMPORTED = 10_000
"""Services of one import; the limit of a body is usually nearer."""


class ImportedService(NewService):
    """A service of an import."""

    id = fields.UUID(
        allow_none=True,
        metadata={"description": "As an export has it: a known one is changed, others are new."},
    )


class ServiceImport(OfAccount):
    """A catalogue, as an export has it."""

    services = fields.List(
        fields.Raw(),
        required=True,
        validate=validate.Length(
            min=1, max=MOST_IMPORTED, error=f"must list 1 to {MOST_IMPORTED} services"
        ),
        metadata={"description": "The services."},
    )


class DescribedImport(ServiceImport):
    """A catalogue, as an export has it."""

    services = fields.List(
        fields.Nested(ImportedService),
        required=True,
        validate=validate.Length(min=1, max=MOST_IMPORTED),
        metadata={"description": "The services; one that is wrong, and none is stored."},
    )


def imported(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the services of an import. Raises Malformed, naming item and field of each fault."""
    items = loaded(_IMPORT, data)["services"]
    services, faults = [], dict[str, object]()
    for number, item in enumerate(items):
        try:
            services.append(_imported(item))
        except Malformed as error:
            faults |= {f"services[{number}].{name}": what for name, what in error.details.items()}
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise Malformed("Nothing was imported; see details for item and field.", faults)
    return services


def _imported(item: Any) -> dict[str, Any]:
    if isinstance(item, Malformed):
        raise item
    if not isinstance(item, Mapping):
        raise Malformed(details={"service": "must be an object"})
    found: dict[str, Any] = loaded(_IMPORTED, item)
    return found


_IMPORT, _IMPORTED = ServiceImport(), ImportedService()
