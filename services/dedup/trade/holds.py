"""Holds in a check: whose identity is held, and what a lead that asks for a hold is given."""

from dataclasses import replace

from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared
from services.dedup.trade.deal import Hold
from services.dedup.trade.lookbacks import certain
from services.dedup.trade.past import Past
from services.dedup.trade.standing import Taken
from services.dedup.trade.terms import EMAIL, PERSON, PHONE
from shared.ids import uuid7

IDENTITY = frozenset({PERSON, EMAIL, PHONE})
"""What a hold keeps others from: the person by the model's verdict, and their address and number
as they stand. Who may only be the person is for a reviewer."""


class Holds:
    """The holds of earlier leads that the leads of one transaction meet, and their own."""

    def __init__(self, past: Past) -> None:
        """*past* is what is known of earlier leads."""
        self._past, self._giving = past, True

    def read(self, giving: bool) -> None:
        """Give holds to whatever follows, or none: a dry run keeps nothing."""
        self._giving = giving

    def of(self, lead: Prepared, outcome: Outcome) -> Taken | None:
        """Return the hold that *lead* meets, judged as *outcome* says before the terms."""
        if self._past.silent:
            return None
        sure = certain(outcome)
        ends = [
            earlier.held_until
            for earlier in self._past.met(lead, sure)
            if earlier.held_until and IDENTITY & self._past.agreed(lead, sure, earlier)
        ]
        return Taken(max(ends)) if ends else None

    def given(self, lead: Prepared, outcome: Outcome) -> Outcome:
        """Return *outcome* with a hold of its own, if it asked for one and is let through."""
        ends = self._past.hold_ends(lead, outcome) if self._giving else None
        seconds = lead.submission.deal.hold_seconds
        if ends is None or seconds is None:
            return outcome
        return replace(outcome, hold=Hold(uuid7(), seconds), held_until=ends)
