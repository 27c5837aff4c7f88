"""Grouping: leads that come while a transaction is under way share the next one.

What group commit does for the disk (DeWitt et al., 1984) this does for statements as well: under
load a lead pays a part of each, and where nobody else is there it waits for nobody. One of the
waiting threads leads: it does the work of the group, then hands over to the first who still waits.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

MOST = 16
"""Items of one group: one for each thread of a usual worker, so nobody is left over."""

T = TypeVar("T")
R = TypeVar("R")


class _Ticket(Generic[T, R]):
    """One thread's item, and where it waits for its turn or its result."""

    def __init__(self, item: T):
        self.item = item
        self.results: list[R] = []
        self.error: BaseException | None = None
        self._called = threading.Lock()
        self._called.acquire()

    def wait(self) -> None:
        self._called.acquire()

    def call(self) -> None:
        self._called.release()

    @property
    def done(self) -> bool:
        return bool(self.results) or self.error is not None


class Grouping(Generic[T, R]):
    """Has items of one tenant worked on together; safe for threads."""

    def __init__(self, work: Callable[[str, Sequence[T]], Sequence[R]]):
        """*work* returns one result for each item of a tenant, in order, or raises for all."""
        self._work = work
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[_Ticket[T, R]]] = {}
        """By tenant; there is an entry exactly while one of its threads leads."""

    def result(self, tenant_id: str, item: T) -> R:
        """Return what becomes of *item*, alone or with others. Raises what the work raised."""
        ticket: _Ticket[T, R] = _Ticket(item)
        with self._lock:
            leads = tenant_id not in self._waiting
            self._waiting.setdefault(tenant_id, deque()).append(ticket)
        if not leads:
            ticket.wait()
        if not ticket.done:
            self._lead(tenant_id)
        if ticket.error is not None:
            raise ticket.error
        return ticket.results[0]

    def _lead(self, tenant_id: str) -> None:
        """Do the work of those who wait, the first of whom we are."""
        with self._lock:
            waiting = self._waiting[tenant_id]
            group = [waiting.popleft() for _ in range(min(MOST, len(waiting)))]
        try:
            results = self._work(tenant_id, [ticket.item for ticket in group])
            for ticket, result in zip(group, results, strict=True):
                ticket.results.append(result)
        except BaseException as error:
            for ticket in group:
                ticket.error = error
        finally:
            self._hand_over(tenant_id, group)

    def _hand_over(self, tenant_id: str, group: Sequence[_Ticket[T, R]]) -> None:
        with self._lock:
            waiting = self._waiting[tenant_id]
            heir = waiting[0] if waiting else None
            if heir is None:
                del self._waiting[tenant_id]
        if heir is not None:
            heir.call()
        for ticket in group[1:]:  # the first is our own
            ticket.call()
