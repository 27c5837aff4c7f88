"""Counting against limits, together with all processes of this host, or alone where it must be.

Whoever is limited is known by a keyed hash: neither addresses nor accounts stand in a file. All
that a request costs is charged or none of it: what is refused costs nothing, so that whoever waits
as long as they are told is admitted, if nobody else was first.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from shared.rate_limit import Limit, charged, wait
from shared.rate_table import OwnTable, Table, TableUnavailable

ALONE_SECONDS = 1.0
"""How long a process counts alone before it tries the shared table again, whose faults may take
their time."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Charge:
    """What a request costs one of those who are limited."""

    limit: Limit
    who: str
    """Told apart within the limit's name."""
    cost: int = 1


@dataclass(frozen=True, slots=True)
class Refused:
    """A charge that nobody could pay yet."""

    charge: Charge
    wait_ns: int


class RateLimits:
    """Counts for this process; safe for threads."""

    def __init__(
        self,
        shared: Table,
        key: bytes,
        processes: int,
        alone: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ):
        """*key*, up to 64 bytes, keys the hashes in the *shared* table.

        Where that fails, each of *processes* admits its part in a table of its own, so that
        together they admit no more, and *alone* is called for each look at it.
        """
        self._shared, self._own = shared, OwnTable()
        self._key, self._processes, self._alone = key, processes, alone
        self._clock = clock
        self._alone_until = _NEVER

    def take(self, charges: Sequence[Charge]) -> Refused | None:
        """Charge all of *charges*; or none, and return the first that is refused.

        Raises ValueError if one costs more than its limit ever admits at once.
        """
        if any(charge.cost > charge.limit.amount for charge in charges):
            raise ValueError("nobody can pay this")
        for number, charge in enumerate(charges):
            if waits := self._counted(charge, _paid):
                for earlier in charges[:number]:
                    self.give_back(earlier)
                return Refused(charge, waits)
        return None

    def give_back(self, charge: Charge) -> None:
        """Undo a charge that was paid."""
        self._counted(charge, _undone)

    def refusal(self, charge: Charge) -> Refused | None:
        """Return why *charge* would be refused now, None if it would not; nothing is charged."""
        waits = self._counted(charge, _asked)
        return Refused(charge, waits) if waits else None

    def _counted(self, charge: Charge, act: "_Act") -> int:
        """Act on the TAT of who is charged, in the shared table if that answers."""
        who, limit, cost = self._name(charge), charge.limit, charge.cost
        if self._clock() >= self._alone_until:
            try:
                waits = act(self._shared, who, limit, cost)
            except TableUnavailable as error:
                self._count_alone(error)
            else:
                self._alone_until = _NEVER
                return waits
        self._alone()
        part = limit.share(self._processes)
        # A batch that the whole limit has room for must not fail for good by a broken disk.
        return act(self._own, who, part, min(cost, part.amount))

    def _count_alone(self, error: TableUnavailable) -> None:
        if self._alone_until == _NEVER:
            log.error("each process counts limits alone", exc_info=error)
        self._alone_until = self._clock() + ALONE_SECONDS

    def _name(self, charge: Charge) -> int:
        """Return the keyed hash of who is charged (BLAKE2b as a MAC, RFC 7693, section 2.9)."""
        text = f"{charge.limit.name}:{charge.who}".encode("utf-8", "surrogatepass")
        # 0 is what an empty slot says.
        return int.from_bytes(blake2b(text, digest_size=8, key=self._key).digest(), "little") or 1


def _paid(table: Table, who: int, limit: Limit, cost: int) -> int:
    if waits := _asked(table, who, limit, cost):
        return waits  # nobody locked anything: a flood hinders only itself

    def pay(tat_ns: int, now_ns: int) -> tuple[int | None, int]:
        waits = wait(limit, tat_ns, now_ns, cost)
        return (None, waits) if waits else (charged(limit, tat_ns, now_ns, cost), 0)

    return table.change(who, pay)


def _undone(table: Table, who: int, limit: Limit, cost: int) -> int:
    return table.change(who, lambda tat, now: (charged(limit, tat, now, -cost), 0))


def _asked(table: Table, who: int, limit: Limit, cost: int) -> int:
    tat_ns, now_ns = table.tat(who)
    return wait(limit, tat_ns, now_ns, cost)


_Act = Callable[[Table, int, Limit, int], int]
"""Do something about what somebody owes in a table; return how many nanoseconds to wait."""

_NEVER = float("-inf")
