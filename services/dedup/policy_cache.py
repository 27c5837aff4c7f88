"""The policies of each account, as a process remembers them for a few seconds.

They are read in the transaction of a check, beside what it asks anyway, so that most leads pay
nothing. A policy that cannot be read costs nobody a lead: the last known one stands, or the
defaults.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

import psycopg
from psycopg import Connection

from services.dedup import policy_store
from services.dedup.model import STANDARD, Model
from services.dedup.policy import ACCOUNT, DEFAULT, Policies, Policy, Settings, resolved
from services.dedup.policy_store import Stored
from services.dedup.trade import hashed_store, lists_store, terms_store
from services.dedup.trade.book_reading import book
from services.dedup.training import model_store, reading
from shared.errors import Meaningless

SECONDS = 5.0
"""How long a change may go unnoticed by another process; the price of no look-up per lead."""

MOST = 1024
"""Accounts remembered by one process."""

T = TypeVar("T")

log = logging.getLogger(__name__)

Awaited = Callable[[], Policies]
"""Returns the policies that were asked for, once other questions have been asked."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of one account, and when it was last asked for."""

    policies: Policies
    asked_at: float
    pending: bool = False
    """True from a question until its answer."""


class PolicyCache:
    """The policies of accounts; safe for threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        """*clock* counts seconds."""
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def ask(self, conn: Connection, tenant_id: str) -> Awaited:
        """Return what gives the account's policies, asking for them if ours are too old.

        The transaction must have named the account. Five statements are queued at most.
        """
        known = self._known.get(tenant_id)
        now = self._clock()  # before the query: a change during it must count
        if known and not known.pending and now - known.asked_at < SECONDS:
            return lambda: known.policies
        earlier = known.policies if known else Policies()
        self._remember(tenant_id, _Known(earlier, now, pending=True))
        rows = policy_store.listed(conn, tenant_id)
        trained = model_store.deciding(conn, tenant_id)
        booked = terms_store.book(conn, tenant_id)

        kept = lists_store.kept(conn, tenant_id)
        hashed = hashed_store.switched(conn, tenant_id)

        def found() -> Policies:
            known = policies(rows, earlier)
            known = known.under(deciding(trained, earlier.account.model))
            terms = book(booked, earlier.book)
            terms = replace(terms, lists=any(kept), hashed_pings=any(hashed))
            return replace(known, book=terms)

        return lambda: self._answered(tenant_id, now, found())

    def spared(self, tenant_id: str, work: Callable[[], T]) -> T:
        """Return what *work* does in a transaction that asks; if it fails by asking, without."""
        try:
            return work()
        except psycopg.ProgrammingError as error:
            if not self._gave_up(tenant_id):
                raise
            log.error("policies could not be read; those before them stand", exc_info=error)
            return work()

    def _gave_up(self, tenant_id: str) -> bool:
        """Return True if a question was never answered; then what is known stands for a while."""
        known = self._known.get(tenant_id)
        if known is None or not known.pending:
            return False
        # Lists that are not known of would be passed over: they are asked.
        asking = replace(known.policies, book=replace(known.policies.book, lists=True))
        self._remember(tenant_id, _Known(asking, self._clock()))
        return True

    def lists(self, tenant_id: str) -> bool:
        """Return whether this process knows that the account keeps suppression lists."""
        known = self._known.get(tenant_id)
        return known is not None and known.policies.book.lists

    def terms(self, tenant_id: str) -> bool:
        """Return whether the account may have terms of the trade, as far as this process knows."""
        known = self._known.get(tenant_id)
        return known is None or bool(known.policies.book.by_scope)

    def forget(self, tenant_id: str) -> None:
        """Ask anew for the next lead of this account: its policies were changed here."""
        known = self._known.get(tenant_id)
        if known:
            self._remember(tenant_id, _Known(known.policies, self._clock(), pending=True))

    def _answered(self, tenant_id: str, asked_at: float, found: Policies) -> Policies:
        known = self._known.get(tenant_id)
        if known is None or known.asked_at <= asked_at:  # else it was changed, or asked anew
            self._remember(tenant_id, _Known(found, asked_at))
        return found

    def _remember(self, tenant_id: str, known: _Known) -> None:
        with self._lock:
            self._known.pop(tenant_id, None)
            self._known[tenant_id] = known
            if len(self._known) > MOST:
                del self._known[next(iter(self._known))]


def policies(rows: Iterable[Stored], earlier: Policies) -> Policies:
    """Return what *rows* say; for one that makes no sense, *earlier* stands."""
    by_source = {row.source_id: row.settings for row in rows}
    own = by_source.pop(ACCOUNT, {})
    account = _resolved(earlier.account, own)
    return Policies(
        account,
        {
            source_id: _resolved(earlier.by_source.get(source_id, account), own, settings)
            for source_id, settings in by_source.items()
        },
    )


def deciding(rows: Iterable[tuple[str, float, object]], earlier: Model) -> Model:
    """Return the model that *rows* say, the standard one if there is none.

    For one that cannot decide the *earlier* stands: one of another version of ours, mostly.
    """
    for version, prior, weights in rows:
        if version == earlier.version:
            return earlier
        try:
            return reading.checked(version, prior, weights)
        except Meaningless as error:
            log.error("a model cannot decide; the one before it stands: %s", error.details)
            return earlier
    return STANDARD


def _resolved(otherwise: Policy, *levels: Settings) -> Policy:
    try:
        return resolved(*levels)
    except Exception as error:
        log.error("a policy makes no sense; %s stands", _standing(otherwise), exc_info=error)
        return otherwise


def _standing(policy: Policy) -> str:
    return "the default" if policy == DEFAULT else "the one before it"
