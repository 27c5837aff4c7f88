"""A ticket: opens one stream, once, within a minute.

Pure. A browser's EventSource sends no headers, and a key in an address would be logged on its way.
What is logged of a ticket opens nothing any more. It is sealed, not stored: it says for which
account it is, until when, and which one it is.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import orjson

from shared.errors import Unauthenticated
from shared.privacy.pseudonym import Keyring, Unsealable

GOOD_FOR = timedelta(seconds=60)
"""The page uses it at once; a minute forgives a slow line and two clocks."""

LONGEST = 1024
"""Characters; an account's name has 128 at most."""

_BOUND_TO = "alerts/stream-ticket"


class BadTicket(Unauthenticated):
    """This ticket is not good, or not any more: ask for a new one."""


class Ticket(NamedTuple):
    """What a ticket says."""

    tenant_id: str
    id: str
    made_at: datetime


def written(keyring: Keyring, ticket: Ticket) -> str:
    """Return *ticket* as it travels in an address."""
    said = [ticket.tenant_id, ticket.id, ticket.made_at.timestamp()]
    return urlsafe_b64encode(keyring.seal(orjson.dumps(said), _BOUND_TO)).decode().rstrip("=")


def read(keyring: Keyring, text: str, now: datetime) -> Ticket:
    """Return what *text* says. Raises BadTicket for what we did not write, or not lately."""
    try:
        if len(text) > LONGEST or not text.isascii():
            raise BadTicket
        sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        tenant_id, id, made_at = orjson.loads(keyring.unseal(sealed, _BOUND_TO))
    except (Unsealable, ValueError):
        raise BadTicket from None
    ticket = Ticket(tenant_id, id, datetime.fromtimestamp(made_at, UTC))
    if not -GOOD_FOR < now - ticket.made_at < GOOD_FOR:
        raise BadTicket
    return ticket
