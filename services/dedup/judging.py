"""Judging one lead among its neighbours: in time, or not at all.

A fault of ours must not cost anybody a lead: one that cannot be compared passes, and its outcome
says that the check was skipped.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from time import perf_counter, thread_time
from uuid import UUID

from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome
from services.dedup.policy import DEFAULT, Policy
from services.dedup.preparation import Prepared
from services.dedup.verdict import NOBODY, Known, Verdict, unjudged, verdict
from shared.errors import ServiceError
from shared.ids import uuid7

SCORING_SECONDS = 1.0
"""CPU time that comparing one lead may take: waiting for a busy machine is no fault of the lead's.
It has 1,350 candidates at most (27 keys of 50), and usually under ten. Half of `db.LOCK_SECONDS`,
and ten full garbage collections, whichever thread they happen to fall to."""

COMPARED_A_LOOK = 8
"""Known leads compared between two looks at that clock: a look is a system call, a tenth of a
comparison, and eight comparisons take under a millisecond."""

Judge = Callable[..., Verdict]
"""What `verdict.verdict` does."""

log = logging.getLogger(__name__)


class TooSlow(ServiceError):
    """Comparing one lead took longer than it may."""


def judged(
    lead: Prepared,
    around: Neighbourhood | None,
    waited_ms: float = 0.0,
    judge: Judge = verdict,
    policy: Policy = DEFAULT,
    last_leads: Mapping[UUID, datetime] = NOBODY,
) -> Outcome:
    """Return what becomes of *lead*; *around* is None if its neighbours could not be read.

    *last_leads* is what `verdict` asks for.
    """
    started = perf_counter()
    reached = _reached(lead, around, judge, policy, last_leads)
    skipped = reached is None
    reached = reached or unjudged(lead.submission, lead.reading)
    return Outcome(
        lead_id=lead.arrival.lead_id,
        decision_id=uuid7(),
        review_id=uuid7() if reached.decision.needs_review else None,
        submission=lead.submission,
        verdict=reached,
        took_ms=lead.took_ms + waited_ms + (perf_counter() - started) * 1000,
        skipped=skipped,
    )


def _reached(
    lead: Prepared,
    around: Neighbourhood | None,
    judge: Judge,
    policy: Policy,
    last_leads: Mapping[UUID, datetime],
) -> Verdict | None:
    """Return the verdict, or None if it could not be reached in time or at all."""
    if around is None or not lead.readable:
        return None
    try:
        known = around.of(lead)
        reached = judge(
            lead.submission,
            lead.reading,
            _Watched(known, thread_time() + SCORING_SECONDS),
            around.sightings(lead),
            around.colleagues(lead),
            policy,
            last_leads,
            around.carriers(lead, known),
            lead.ip_key,
        )
    except Exception as error:
        log.error("a check was skipped", exc_info=error)
        return None
    reached.counterfactual.forgive(_unexplained)  # what explains a decision must not undo it
    return reached


def _unexplained(error: Exception) -> None:
    log.error("a decision could not be explained", exc_info=error)


class _Watched:
    """Known leads that may be gone through while this thread's CPU time is not at its end."""

    def __init__(self, known: Collection[Known], end: float):
        self._known, self._end = known, end

    def __iter__(self) -> Iterator[Known]:
        """Yield each. Raises TooSlow once the time is over."""
        for place, one in enumerate(self._known):
            if place % COMPARED_A_LOOK == 0 and thread_time() > self._end:
                raise TooSlow
            yield one
