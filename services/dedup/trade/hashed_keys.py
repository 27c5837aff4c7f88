"""Digests in a check: what lets a lead be found by the hash of its address or number.

Only for accounts that answer pings by digest. A digest of a number can be tried out in minutes, so
what is stored is a keyed pseudonym of it, as of every other value.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from psycopg import Connection

from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared
from services.dedup.trade import hashed_store
from services.dedup.trade.lists import addresses, numbers
from services.dedup.trade.terms import NO_BOOK, Book
from shared import suppression
from shared.privacy.gate import Permit, Pseudonym
from shared.suppression import Value


class HashedKeys:
    """The digests of the leads of one transaction."""

    def __init__(self) -> None:
        self._book: Book = NO_BOOK
        self._found: list[tuple[Pseudonym, UUID]] = []

    def read(self, book: Book) -> None:
        """Remember the digests of whatever follows if the account answers pings by them."""
        self._book = book

    def add(self, lead: Prepared, outcome: Outcome) -> None:
        """Remember the digests of a decided lead."""
        if self._book.hashed_pings:
            self._found += [(key, outcome.lead_id) for key in keys(lead)]

    def save(self, conn: Connection, tenant_id: str) -> None:
        """Store them; their leads must be stored."""
        if self._found:
            hashed_store.save(conn, tenant_id, self._found)


def keys(lead: Prepared) -> list[Pseudonym]:
    """Return the keys under which *lead* is known by digest: 3 to 12 an address, 12 to 18 a number.

    They are those of every spelling of which the trade makes digests (docs/decisions/0052).
    """
    said = [value for text in addresses(lead) for value in suppression.of_email(text)]
    said += [value for number in numbers(lead) for value in suppression.of_phone(number)]
    return of_values(lead.permit, said)


def of_values(permit: Permit, values: Iterable[Value]) -> list[Pseudonym]:
    """Return the keys of those of *values* that are digests, each once."""
    return list(
        dict.fromkeys(
            permit.pseudonym(f"hashed.{value.kind}", value.text)
            for value in values
            if value.kind in KINDS
        )
    )


KINDS: Sequence[str] = tuple(suppression.DIGITS.values())
