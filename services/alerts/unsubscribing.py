"""Unsubscribing: the link in a digest by which whoever reads it ends it, without an account.

The link names nobody: tenant and receiver are sealed in it, so nobody can make one, change one or
read one (RFC 8058, section 3.2, asks for an opaque part that is hard to forge). It is of one
address: who was sent it there ends nothing of whoever took the place.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import NamedTuple
from uuid import UUID

import orjson

from shared.errors import NotFound
from shared.privacy.gate import Gate
from shared.privacy.pseudonym import Unsealable

PATH = "/unsubscribe"

LONGEST = 1_000
"""Characters of a token: a tenant's name has 128 at most, of up to four bytes."""

_FOR = "alerts/unsubscribe"


class Ended(NamedTuple):
    """What a link ends."""

    tenant_id: str
    receiver_id: UUID
    address: int
    """What stands for the address that it was sent to."""

    def is_of(self, gate: Gate, address: str) -> bool:
        """True if the link was sent to *address*."""
        return self.address == _address(gate, self.tenant_id, address)


def link(gate: Gate, public_url: str, tenant_id: str, receiver_id: UUID, address: str) -> str:
    """Return the link that ends what *receiver_id* is sent at *address*, as long as it is."""
    said = orjson.dumps([tenant_id, str(receiver_id), _address(gate, tenant_id, address)])
    token = urlsafe_b64encode(gate.keyring.seal(said, _FOR)).decode().rstrip("=")
    return f"{public_url}{PATH}/{token}"


def read(gate: Gate, token: str) -> Ended:
    """Return what a link's *token* ends. Raises NotFound for any other."""
    if len(token) > LONGEST or not token.isascii():
        raise NotFound
    try:
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        tenant_id, receiver_id, address = orjson.loads(gate.keyring.unseal(sealed, _FOR))
    except (Error, ValueError, Unsealable):
        raise NotFound from None
    return Ended(tenant_id, UUID(receiver_id), address)


def _address(gate: Gate, tenant_id: str, address: str) -> int:
    return gate.keyring.pseudonym(tenant_id, _FOR, address)
