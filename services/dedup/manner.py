"""The manner in which leads go through the check: as any other, or as rows of a file.

Whoever posts a lead wants an answer and has others told. Rows of a file are told about as a whole,
and what became of each is written down beside the leads, in the same transaction.
"""

from typing import Protocol

from psycopg import Connection

from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared


class Manner(Protocol):
    """How the leads of one transaction are dealt with, beside being checked."""

    @property
    def tells(self) -> bool:
        """False if nobody hears of these leads: no event is stored."""

    def amended(self, lead: Prepared, outcome: Outcome, around: Neighbourhood | None) -> Outcome:
        """Return what is decided of *lead* in the end, terms and lists considered."""

    def keeps(self, outcome: Outcome) -> bool:
        """Return whether the lead is stored."""

    def settle(self, conn: Connection) -> None:
        """Store what belongs to the leads, which are stored; the transaction ends after it."""


class _AsAny:
    """What requests want: all is kept as it was decided, and told."""

    tells = True

    def amended(self, lead: Prepared, outcome: Outcome, around: Neighbourhood | None) -> Outcome:
        return outcome

    def keeps(self, outcome: Outcome) -> bool:
        return True

    def settle(self, conn: Connection) -> None:
        return None


AS_ANY: Manner = _AsAny()
