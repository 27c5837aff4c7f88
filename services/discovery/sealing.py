"""Sealing: what of discoveries is stored so that only this installation reads it.

Criteria may name people, and settings of sources hold keys. What is sealed opens only in its row.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from services.discovery.job import Wanted, packed, unpacked
from shared.privacy.gate import Gate


def sealed_wanted(gate: Gate, tenant_id: str, job_id: UUID, wanted: Wanted) -> bytes:
    """Return what a job is asked to do, as it is stored."""
    return gate.keyring.seal(orjson.dumps(packed(wanted)), _place(tenant_id, "jobs", job_id))


def opened_wanted(gate: Gate, tenant_id: str, job_id: UUID, sealed: bytes) -> Wanted:
    """Return what a job is asked to do. Raises Unsealable."""
    return unpacked(orjson.loads(gate.keyring.unseal(sealed, _place(tenant_id, "jobs", job_id))))


def sealed_settings(
    gate: Gate, tenant_id: str, source_id: UUID, settings: Mapping[str, Any]
) -> bytes:
    """Return a source's settings as they are stored."""
    return gate.keyring.seal(orjson.dumps(dict(settings)), _place(tenant_id, "sources", source_id))


def opened_settings(gate: Gate, tenant_id: str, source_id: UUID, sealed: bytes) -> dict[str, Any]:
    """Return a source's settings. Raises Unsealable."""
    opened = gate.keyring.unseal(sealed, _place(tenant_id, "sources", source_id))
    return dict(orjson.loads(opened))


def sealed_url(gate: Gate, tenant_id: str, lead_id: UUID, key: int, url: str) -> bytes | None:
    """Return where a find can be seen, as it is stored: as the view `provenances` says."""
    if not url:
        return None
    place = f"{tenant_id}/discovery/provenance/{lead_id}/{key}"
    return gate.keyring.seal(url.encode(), place)


def _place(tenant_id: str, table: str, id: UUID) -> str:
    return f"{tenant_id}/discovery/{table}/{id}"
