"""The rules of accounts made ready to be asked, as a process remembers them.

Every look asks how many versions there are, which only ever grows; only where that differs rules
are read and compiled anew.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import Connection

from services.alerts import rule_store as store
from services.alerts.rule_store import Stored
from services.alerts.rulebook import Ready, Rulebook

MOST_RULES = 20_000
"""Rules remembered by one process, of all accounts: some 5 kB each."""

log = logging.getLogger(__name__)


class Rulebooks:
    """The active rules of accounts; safe for threads."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[str, tuple[tuple[int, int], int, Rulebook]] = {}
        self._lock = threading.Lock()

    def of(self, conn: Connection[Any], tenant_id: str) -> Rulebook:
        """Return the active rules of the account that the transaction named."""
        stamp = store.stamp(conn, tenant_id)
        known = self._known.get(tenant_id)
        if known and known[0] == stamp:
            return known[2]
        # What is read may be newer than the stamp; then the next look reads it once more.
        rules = store.active(conn, tenant_id)
        book = Rulebook(_ready(rules))
        self._remember(tenant_id, stamp, len(rules), book)
        return book

    def _remember(
        self, tenant_id: str, stamp: tuple[int, int], number: int, book: Rulebook
    ) -> None:
        with self._lock:
            self._known.pop(tenant_id, None)
            self._known[tenant_id] = (stamp, number, book)
            while len(self._known) > 1 and self._rules() > MOST_RULES:
                del self._known[next(iter(self._known))]

    def _rules(self) -> int:
        return sum(max(1, number) for _, number, _ in self._known.values())


def _ready(rules: Sequence[Stored]) -> Iterator[Ready]:
    """Yield *rules* ready to be asked; one that cannot be read holds up no other."""
    for stored in rules:
        try:
            yield stored.ready
        except Exception as error:
            fields = {"rule_id": str(stored.id), "error": type(error).__name__}
            log.error("a rule is passed over", extra={"fields": fields})
