"""A deal: for whom a lead is offered, and what became of that."""

from dataclasses import dataclass
from uuid import UUID

ACCEPTED, FLAGGED, REJECTED = "accepted", "flagged", "rejected"
"""What the check said of a lead for which nothing was held."""

HELD, CONFIRMED, RELEASED = "held", "confirmed", "released"
"""A lead whose identity is, or was, held. A hold that nobody confirmed before its time is over is
as one released."""

RETURNED = "returned"
"""A lead that its buyer gave back."""

STATES = (ACCEPTED, FLAGGED, REJECTED, HELD, CONFIRMED, RELEASED, RETURNED)

COUNTING = (ACCEPTED, CONFIRMED)
"""States of leads that are accepted: against these alone others are held to be too early."""

LONGEST_NAME = 128
"""Characters in the name of a buyer or campaign."""

LONGEST_HOLD_SECONDS = 86_400
"""A day: whoever needs longer to accept a lead has accepted it."""


@dataclass(frozen=True, slots=True)
class Deal:
    """What a request says of the trade."""

    buyer_id: str = ""
    """Who is to have the lead; empty: nobody in particular."""
    campaign_id: str = ""
    hold_seconds: int | None = None
    """How long the lead's identity is to be held, 1 to LONGEST_HOLD_SECONDS; None: not at all."""
    ping_id: str | None = None
    """The answer to a ping that the lead follows."""

    @property
    def says_something(self) -> bool:
        """True if the deal is to be remembered."""
        return bool(self.buyer_id or self.campaign_id or self.hold_seconds)

    @property
    def lasting(self) -> dict[str, str]:
        """Return what still counts when the lead is checked later, by the names of fields."""
        return {"buyer_id": self.buyer_id, "campaign_id": self.campaign_id}


NO_DEAL = Deal()


@dataclass(frozen=True, slots=True)
class Hold:
    """The identity of a lead, held for a while."""

    id: UUID
    seconds: int
