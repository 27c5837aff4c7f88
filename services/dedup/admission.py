"""Admission: check leads, or let them pass unchecked and never forget them.

Nothing is lost: a lead is answered once it is in the database or, while that is away, in the
spool. A retry gets the first answer wherever that lies, so attempts under one key come in turn
and the spool is asked before the database.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from typing import TypeVar
from uuid import UUID, uuid5

from services.dedup import passing
from services.dedup.check import Answered, Render, check
from services.dedup.grouping import Grouping
from services.dedup.policy_cache import PolicyCache
from services.dedup.preparation import Prepared
from services.dedup.reconcile import reconcile
from services.dedup.trade.ping import PingOver
from shared.attempts import NoLock, only_one
from shared.db import Database
from shared.errors import ServiceError, Unavailable
from shared.idempotency import Retry
from shared.privacy.gate import Gate
from shared.spool import Entry, Spool, SpoolUnavailable
from shared.web.metrics import counter

ATTEMPT_SECONDS = 3.0
"""How long a retry waits for an attempt under the same key: longer than that one may take."""

DRAIN_SECONDS = 0.05
"""What a lead waits for those of its tenant that passed unchecked before it."""

T = TypeVar("T")

KeepsLists = Callable[[str], bool | None]
"""Returns whether an account keeps suppression lists; None if that cannot be known just now."""

Asked = tuple[Prepared, Render]
"""A lead, and what writes the answer that its caller reads."""

log = logging.getLogger(__name__)


class Keeping:
    """Keeps leads in the database, or in this host's spool while that is away; one a process."""

    def __init__(
        self,
        database: Database,
        gate: Gate,
        spool: Spool,
        policies: PolicyCache | None = None,
        keeps_lists: KeepsLists = lambda tenant_id: None,
    ):
        """What is given is used, and closed by whoever gave it.

        *keeps_lists* is asked while the database cannot be; without one nobody knows.
        """
        self.database, self.gate, self.spool = database, gate, spool
        self.keeps_lists = keeps_lists
        self.policies = policies or PolicyCache()
        self._group: Grouping[Asked, Answered | Exception] = Grouping(self._checked)

    def admit(
        self, tenant_id: str, prepared: Sequence[Prepared], render: Render, later: bool = False
    ) -> list[Answered]:
        """Return the answers to *prepared*, in order; all are kept when this returns.

        They pass unchecked if they are to be checked *later*, being too many just now; not the
        retry of one that was checked, perhaps. Raises Unavailable if one could be kept nowhere:
        then its caller must come back.
        """
        with self._one_attempt_each(prepared) if _named(prepared) else nullcontext():
            told = [self._told(lead) for lead in prepared]
            fresh = [
                self._intended(lead)
                for lead, answer in zip(prepared, told, strict=True)
                if answer is None
            ]
            if later and not any(lead.arrival.attempted for lead in fresh):
                decided = iter([self._passed(lead, render, "limited") for lead in fresh])
            else:
                decided = iter(self._decided(tenant_id, fresh, render) if fresh else ())
            return [answer or next(decided) for answer in told]

    @contextmanager
    def _one_attempt_each(self, prepared: Sequence[Prepared]) -> Iterator[None]:
        """Let attempts under one key come in turn, on this host."""
        receipts = sorted({lead.receipt_id for lead in prepared if lead.retry})
        with ExitStack() as held:
            for receipt_id in receipts:
                try:
                    held.enter_context(only_one(self.spool.folder, receipt_id, ATTEMPT_SECONDS))
                except NoLock:
                    log.error("attempts cannot be locked: the spool's folder is not usable")
            yield

    def _told(self, lead: Prepared) -> Answered | None:
        """Return the answer that was given while the database was away, if one was."""
        if lead.retry is None:
            return None
        kept = _if_possible(lambda: self.spool.find(lead.receipt_id), None)
        return self._repeated(kept, lead) if kept else None

    def _repeated(self, kept: Entry, lead: Prepared) -> Answered:
        """Return the answer that *kept* was given, if *lead* is the same under the same key."""
        try:
            return Answered(passing.answer(self.gate, kept, lead))
        except ServiceError as error:
            return Answered(error=error)

    def _intended(self, lead: Prepared) -> Prepared:
        """Return *lead* under the id of its first attempt: that one may have been stored."""
        if lead.retry is None:
            return lead
        own = lead.arrival.lead_id
        attempt = _attempt(lead.receipt_id, lead.retry)
        first = _if_possible(lambda: self.spool.intend(attempt, own), own)
        arrival = replace(lead.arrival, lead_id=first, attempted=first != own)
        return replace(lead, arrival=arrival)

    def _decided(self, tenant_id: str, fresh: Sequence[Prepared], render: Render) -> list[Answered]:
        try:
            if len(fresh) == 1:
                return [self._in_a_group(tenant_id, fresh[0], render)]
            self._drain(tenant_id)
            return self._check(tenant_id, fresh, render)
        except Unavailable:
            reason = "database"
        except ServiceError:
            raise
        except Exception as error:
            log.error("a check failed", exc_info=error)
            if len(fresh) > 1:  # nothing was stored; find the one lead that nobody foresaw
                return [self._decided(tenant_id, [lead], render)[0] for lead in fresh]
            reason = "error"
        return [self._passed(lead, render, reason) for lead in fresh]

    def _in_a_group(self, tenant_id: str, lead: Prepared, render: Render) -> Answered:
        """Check *lead* with those that wait, too. Raises what kept it from being checked."""
        found = self._group.result(tenant_id, (lead, render))
        if isinstance(found, Exception):
            raise found
        return found

    def _checked(self, tenant_id: str, asked: Sequence[Asked]) -> Sequence[Answered | Exception]:
        """Check leads of several callers in one transaction; each answer is its caller's own."""
        renders = {lead.arrival.lead_id: render for lead, render in asked}
        leads = [lead for lead, _ in asked]
        self._drain(tenant_id)
        try:
            return self._check(tenant_id, leads, _each(renders))
        except Exception:
            # Nothing was stored. One may have spoilt it for all, by a fault or a long wait.
            if len(leads) == 1 or self.database.away:
                raise
            return [self._alone(tenant_id, *one) for one in asked]

    def _alone(self, tenant_id: str, lead: Prepared, render: Render) -> Answered | Exception:
        try:
            return self._check(tenant_id, [lead], render)[0]
        except Exception as error:
            return error

    def _check(self, tenant_id: str, leads: Sequence[Prepared], render: Render) -> list[Answered]:
        return check(self.database, self.gate, tenant_id, leads, render, policies=self.policies)

    def _drain(self, tenant_id: str) -> None:
        """Take a moment for the tenant's leads that came while the database was away.

        Raises Unavailable if it is again: a lead that did not meet them must not be checked.
        """
        if self.database.away or not _if_possible(lambda: self.spool.waiting(tenant_id), False):
            return
        with suppress(SpoolUnavailable, NoLock):
            reconcile(self.database, self.gate, self.spool, tenant_id, DRAIN_SECONDS)

    def _passed(self, lead: Prepared, render: Render, reason: str) -> Answered:
        """Keep *lead* in the spool and let it pass, unless a suppression list may name it.

        An earlier attempt may have been answered, out of the database that is away now. Then
        nothing can be said before it is back: another answer would be a second one.
        """
        if lead.arrival.attempted and not _if_possible(
            lambda: self.spool.find(lead.receipt_id), None
        ):
            SKIPPED.labels("refused").inc()
            return Answered(error=Unavailable("An earlier attempt cannot be read; try again."))
        if lead.ping_over:
            self._withdraw(lead)
            return Answered(error=PingOver())
        outcome = passing.passed(lead, self._lists(lead.permit.tenant_id))
        body = render(outcome)
        entry = passing.entry(lead, body)
        try:
            kept = self.spool.put(entry)
        except SpoolUnavailable as error:
            self._withdraw(lead)
            SKIPPED.labels("refused").inc()
            return Answered(error=error)
        if kept is not entry:  # a batch may repeat its keys
            return self._repeated(kept, lead)
        SKIPPED.labels(reason).inc()
        return Answered(body, outcome)

    def _lists(self, tenant_id: str) -> bool | None:
        """Return whether the account keeps suppression lists, as far as this host knows."""
        return self.policies.lists(tenant_id) or self.keeps_lists(tenant_id)

    def _withdraw(self, lead: Prepared) -> None:
        """Forget an attempt that promised nothing, so that the next one is a first one."""
        if lead.retry:
            attempt = _attempt(lead.receipt_id, lead.retry)
            _if_possible(lambda: self.spool.withdraw(attempt), None)


def _named(prepared: Sequence[Prepared]) -> bool:
    """Return whether any of *prepared* may be a retry."""
    return any(lead.retry for lead in prepared)


def _each(renders: Mapping[UUID, Render]) -> Render:
    """Return what writes every answer as the one who asked for it writes it."""
    return lambda outcome: renders[outcome.lead_id](outcome)


def _attempt(receipt_id: UUID, retry: Retry) -> UUID:
    """Return the name of one lead under one key: another lead under it must not take its id."""
    return uuid5(receipt_id, str(retry.request))


def _if_possible(ask: Callable[[], T], otherwise: T) -> T:
    """Return what the spool says, or *otherwise*: a broken disk stops no healthy database."""
    try:
        return ask()
    except SpoolUnavailable:
        log.error("the spool cannot be asked")
        return otherwise


SKIPPED = counter(
    "leadfly_checks_skipped_total", "Leads that could not be checked at once.", ("reason",)
)
"""By what kept them from it: the database, an error of ours or a rate limit (`limited`); `refused`
were told to retry."""
