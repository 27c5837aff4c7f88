"""A ping: would a lead of this person be taken? Asked with a part of it, or a digest, and not kept.

A ping reserves nothing: between it and its lead a cap may be reached, and somebody else may bring
the same person. A lead that must find its place asks for a hold instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.dedup.decision import REJECT, Decision
from services.dedup.trade import standing
from shared.errors import Meaningless

SUCCESS, FAILURE = "success", "failure"

DUPLICATE, REFUSED = "duplicate", "refused"
"""Why a lead would not be taken, beside the words of `standing`: `refused` is what risk turns
away, spam say."""

REASONS = (
    DUPLICATE,
    standing.SUPPRESSED,
    standing.CAP_REACHED,
    standing.CLOSED,
    standing.HELD,
    REFUSED,
)

CAPS, SUPPRESSION, HOLDS, DUPLICATES = "caps", "suppression", "holds", "duplicates"

CHECKS = (CAPS, SUPPRESSION, HOLDS, DUPLICATES)
"""What a ping may be checked against; caps include the hours."""

PLACE = "context.ping_id"
"""Where a lead names the ping that it follows."""


class PingUnknown(Meaningless):
    """No ping of this account, source, buyer and campaign was answered with this ping_id."""

    def __init__(self) -> None:
        super().__init__(details={PLACE: "is of no ping for this source, buyer and campaign"})


class PingOver(Meaningless):
    """The answer to this ping is too old to be relied on; ping again."""

    def __init__(self) -> None:
        super().__init__(details={PLACE: "has expired"})


@dataclass(frozen=True, slots=True)
class Answered:
    """What a ping is answered."""

    reason: str | None
    """One of REASONS; None: a lead would be taken."""
    review: bool
    """True if a person would look at the lead first."""
    resumes_at: datetime | None
    """When leads are taken again, where a cap or the hours are the reason."""
    checked: tuple[str, ...]
    """Of CHECKS; what is missing could not be checked with what the ping says."""

    @property
    def outcome(self) -> str:
        """Return SUCCESS or FAILURE."""
        return FAILURE if self.reason else SUCCESS


def reason(decision: Decision) -> str | None:
    """Return why a lead that is decided so would not be taken; None if it would, or be reviewed."""
    if decision.action is not REJECT:
        return None
    if decision.reason in (DUPLICATE, standing.WITHIN_LOOKBACK):
        return DUPLICATE
    return decision.reason if decision.reason in REASONS else REFUSED


def joined(said: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a lead by which a ping is answered: what is *said*, and what is *known*.

    What is known of a digest stands beside another address or number that is said in clear, for
    both are asked about: a lead gives a second one as `other_email` or `other_phone`.
    """
    fields = {**known, **said}
    for name in ("email", "phone"):
        if name in said and name in known:
            others = (known[name], known.get(f"other_{name}"))
            fields[f"other_{name}"] = ", ".join(filter(None, others))
    return fields


def checked(readable: bool, hashed: bool, known_by_digest: bool) -> tuple[str, ...]:
    """Return what a ping could be checked against.

    *readable*: it names an address or number in clear that can be read; *hashed*: it names a
    digest; *known_by_digest*: all leads of the account are known by their digests.
    """
    person = readable or (hashed and known_by_digest)
    found = {CAPS: True, SUPPRESSION: readable or hashed, HOLDS: person, DUPLICATES: person}
    return tuple(name for name in CHECKS if found[name])
