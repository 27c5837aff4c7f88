"""Sealing: what of receivers and alerts is stored so that only this installation reads it.

A sealed text opens only in the row and the column that it was sealed for.
"""

from uuid import UUID

import orjson

from services.alerts.words import Words
from shared.privacy.gate import Gate


def sealed_address(gate: Gate, tenant_id: str, receiver_id: UUID, address: str) -> bytes:
    """Return a receiver's address as it is stored."""
    return gate.keyring.seal(
        address.encode(), _place(tenant_id, "receivers", receiver_id, "address")
    )


def opened_address(gate: Gate, tenant_id: str, receiver_id: UUID, sealed: bytes) -> str:
    """Return a receiver's address. Raises Unsealable."""
    place = _place(tenant_id, "receivers", receiver_id, "address")
    return gate.keyring.unseal(bytes(sealed), place).decode()


def sealed_secret(
    gate: Gate, tenant_id: str, receiver_id: UUID, secret: str | None
) -> bytes | None:
    """Return what signs a receiver's messages as it is stored, or None if nothing does."""
    if secret is None:
        return None
    return gate.keyring.seal(secret.encode(), _place(tenant_id, "receivers", receiver_id, "secret"))


def opened_secret(
    gate: Gate, tenant_id: str, receiver_id: UUID, sealed: bytes | None
) -> str | None:
    """Return what signs a receiver's messages, or None if nothing does. Raises Unsealable."""
    if sealed is None:
        return None
    place = _place(tenant_id, "receivers", receiver_id, "secret")
    return gate.keyring.unseal(bytes(sealed), place).decode()


def sealed_words(gate: Gate, tenant_id: str, fingerprint: str, words: Words) -> bytes:
    """Return title and message of an alert as they are stored: they cite facts of a lead.

    For its fingerprint, not its id: when it happens again, its row gets the words of that.
    """
    said = orjson.dumps(words._asdict())
    return gate.keyring.seal(said, _place(tenant_id, "alerts", fingerprint, "words"))


def opened_words(gate: Gate, tenant_id: str, fingerprint: str, sealed: bytes) -> Words:
    """Return title and message of an alert. Raises Unsealable."""
    opened = gate.keyring.unseal(bytes(sealed), _place(tenant_id, "alerts", fingerprint, "words"))
    return Words(**orjson.loads(opened))


def _place(tenant_id: str, table: str, id: UUID | str, column: str) -> str:
    return f"{tenant_id}/alerts/{table}/{id}/{column}"
