"""Deals in a check: what is remembered of a lead's trade."""

from datetime import datetime

from psycopg import Connection

from services.dedup.decision import ALLOW, REVIEW
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared
from services.dedup.trade import deal, deal_store
from services.dedup.trade.deal_store import Dealt
from services.dedup.trade.standing import NOTHING
from services.dedup.trade.terms import NO_BOOK, Book


class Deals:
    """The deals of the leads of one transaction."""

    def __init__(self, now: datetime) -> None:
        """*now* is when the transaction began."""
        self._now = now
        self._book: Book = NO_BOOK
        self._made: list[Dealt] = []

    def read(self, book: Book) -> None:
        """Remember the deals of whatever follows if the account has terms."""
        self._book = book

    def add(self, lead: Prepared, outcome: Outcome) -> None:
        """Remember the deal of a decided lead, where it or the account's terms say anything."""
        if not dealt(lead, outcome, self._book):
            return
        offered, hold = lead.submission.deal, outcome.hold
        self._made.append(
            Dealt(
                outcome.lead_id,
                offered.buyer_id,
                offered.campaign_id,
                _state(outcome),
                hold.id if hold else None,
                outcome.held_until,
                lead.submission.submitted_at,
            )
        )

    def save(self, conn: Connection, tenant_id: str) -> None:
        """Store the deals; their leads must be stored."""
        if self._made:
            deal_store.save(conn, tenant_id, self._made)


def dealt(lead: Prepared, outcome: Outcome, book: Book) -> bool:
    """Return whether the deal of a decided lead is remembered: if anything was said of it."""
    said = lead.submission.deal.says_something or bool(book.by_scope)
    return not outcome.skipped and (said or outcome.standing != NOTHING)


def _state(outcome: Outcome) -> str:
    action = outcome.verdict.decision.action
    if outcome.hold:
        return deal.HELD
    if action is ALLOW:
        return deal.ACCEPTED
    return deal.FLAGGED if action is REVIEW else deal.REJECTED
