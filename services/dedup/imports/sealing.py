"""Sealing: what of an import's file is stored so that only this installation reads it.

A file is sealed as a whole, before anybody has read what its people agreed to; whether a row may
be kept as a lead the gate decides when the row is read. What is sealed opens in its place alone.
"""

from uuid import UUID

import orjson

from shared.privacy.gate import Gate


def sealed_piece(gate: Gate, tenant_id: str, import_id: UUID, number: int, content: bytes) -> bytes:
    """Return a piece of the file as it is stored."""
    return _sealed(gate, content, tenant_id, import_id, f"pieces/{number}")


def opened_piece(gate: Gate, tenant_id: str, import_id: UUID, number: int, sealed: bytes) -> bytes:
    """Return a piece of the file. Raises Unsealable."""
    return gate.keyring.unseal(sealed, _place(tenant_id, import_id, f"pieces/{number}"))


def sealed_header(gate: Gate, tenant_id: str, import_id: UUID, header: list[str]) -> bytes:
    """Return a first row as it is stored."""
    return _sealed(gate, orjson.dumps(header), tenant_id, import_id, "header")


def opened_header(gate: Gate, tenant_id: str, import_id: UUID, sealed: bytes) -> list[str]:
    """Return a first row. Raises Unsealable."""
    opened = gate.keyring.unseal(bytes(sealed), _place(tenant_id, import_id, "header"))
    header: list[str] = orjson.loads(opened)
    return header


def sealed_name(gate: Gate, tenant_id: str, import_id: UUID, name: str) -> bytes:
    """Return what a file is called as it is stored."""
    return _sealed(gate, name.encode(), tenant_id, import_id, "name")


def opened_name(gate: Gate, tenant_id: str, import_id: UUID, sealed: bytes) -> str:
    """Return what a file is called. Raises Unsealable."""
    return gate.keyring.unseal(bytes(sealed), _place(tenant_id, import_id, "name")).decode()


def _sealed(gate: Gate, content: bytes, tenant_id: str, import_id: UUID, what: str) -> bytes:
    return gate.keyring.seal(content, _place(tenant_id, import_id, what))


def _place(tenant_id: str, import_id: UUID, what: str) -> str:
    return f"{tenant_id}/imports/{import_id}/{what}"
