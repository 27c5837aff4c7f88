"""Feedback: what a buyer says of a lead, and whether it may be said.

A word is a *return* (the lead was at fault) or a *conversion* (it was worth its price). They
exclude each other: whoever sold to a lead keeps it. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from services.dedup.trade import deal, returns
from services.dedup.trade.terms import Terms
from shared.errors import Conflict, Meaningless

RETURN, CONVERSION = "return", "conversion"

TYPES = (RETURN, CONVERSION)

TAKEN = (deal.ACCEPTED, deal.CONFIRMED, deal.FLAGGED)
"""States of deals whose lead a buyer can have: a person may have let a flagged one through."""

EARLY_ID = 7
"""The version of ids that tell when a lead came; leads with others were imported."""


class OutOfTime(Conflict):
    """The time to return this lead is over."""


class NotTaken(Conflict):
    """This lead was not taken, so nothing can be said of it."""


class SaidOtherwise(Conflict):
    """Something else was said of this lead; take that back first."""


class OfAnother(Conflict):
    """This lead is another buyer's."""


class OfInvalid(Conflict):
    """This lead is invalid; give it another status before it can convert."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a lead."""

    type: str
    """One of TYPES."""
    reason: str | None = None
    buyer_id: str = ""
    """Who says so; empty: the deal's buyer."""
    duplicate_of: UUID | None = None
    """The lead that the buyer had before; of a return as a duplicate alone."""
    note: str | None = None
    at: datetime | None = None
    """When it happened; None: now."""
    value: Decimal | None = None
    """What a conversion was worth, with its currency."""
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Concerned:
    """The lead of which something is said."""

    id: UUID
    source_id: str
    status: str
    submitted_at: datetime
    received_at: datetime
    action: str | None
    """What the latest decision was; None if none was taken."""
    compared_with: UUID | None
    levels: Mapping[str, object] | None
    model_version: str | None
    buyer_id: str = ""
    campaign_id: str = ""
    state: str | None = None
    """Of its deal; None if it has none."""
    settled_at: datetime | None = None

    @property
    def stands_as(self) -> str:
        """Return the state of its deal; where there is none, what one would say."""
        if self.state is not None:
            return self.state
        return WITHOUT_DEAL.get(self.action or ALLOWED, deal.REJECTED)

    @property
    def counted(self) -> bool:
        """True if the lead is among those whose rates are counted: the check itself let it through.

        Of flagged leads nobody is told which were taken: counting those alone of which something
        is said would make a rate of them.
        """
        return self.action == ALLOWED and self.id.version == EARLY_ID


ALLOWED = "allow_processing"

WITHOUT_DEAL: Mapping[str, str] = {ALLOWED: deal.ACCEPTED, "flag_for_review": deal.FLAGGED}
"""By the action of a decision, what became of a lead that has no deal."""


def buyer(said: Said, lead: Concerned) -> str:
    """Return whose word it is. Raises OfAnother if the lead is somebody else's."""
    if lead.buyer_id and said.buyer_id not in ("", lead.buyer_id):
        raise OfAnother(details={"buyer_id": "is not the buyer of this lead"})
    return lead.buyer_id or said.buyer_id


def check(said: Said, lead: Concerned, terms: Terms, now: datetime) -> None:
    """Return if *said* may be said of *lead* at *now*; *terms* are those of its buyer.

    Raises NotTaken; Meaningless for a reason that is none, or a moment before the lead; OutOfTime
    with the end of the window; OfInvalid.
    """
    if lead.stands_as not in TAKEN:
        raise NotTaken(details={"type": f"the lead is {lead.stands_as}"})
    if said.at is not None and said.at < lead.submitted_at:
        raise Meaningless(details={"at": "lies before the lead was sent"})
    if said.type == RETURN:
        _check_return(said, lead, terms, now)
    elif lead.status == "invalid":
        raise OfInvalid(details={"type": "the lead is invalid"})


def _check_return(said: Said, lead: Concerned, terms: Terms, now: datetime) -> None:
    allowed = returns.reasons(terms)
    if said.reason not in allowed:
        raise Meaningless(
            details={"reason": f"must be one of {', '.join(allowed)}", "return_reasons": allowed}
        )
    if said.duplicate_of is not None and said.reason != returns.DUPLICATE:
        raise Meaningless(details={"duplicate_of": "belongs to the reason duplicate"})
    if said.duplicate_of == lead.id:
        raise Meaningless(details={"duplicate_of": "is the lead itself"})
    ends_at = returns.window_ends_at(lead.submitted_at, terms)
    if now >= ends_at:
        ended = ends_at.isoformat(timespec="seconds").replace("+00:00", "Z")
        raise OutOfTime(
            details={"type": f"could be returned until {ended}", "return_window_ended_at": ended}
        )


def same(said: Said, before: Said, buyer_id: str) -> bool:
    """Return True if *said*, by *buyer_id*, says what was said *before*.

    Without a moment it means the moment of then.
    """
    return (
        (said.type, said.reason, buyer_id) == (before.type, before.reason, before.buyer_id)
        and (said.duplicate_of, said.note) == (before.duplicate_of, before.note)
        and (said.value, said.currency) == (before.value, before.currency)
        and said.at in (None, before.at)
    )
