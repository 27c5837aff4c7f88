"""From the engine's steps to scored arrivals: what the measures count."""

from collections.abc import Iterator, Sequence

from bench.accuracy.engine import Step, run
from bench.accuracy.measures import Candidate, Scored
from bench.leads.arrival import Arrival
from services.dedup.linkage import Match


def scored(arrivals: Sequence[Arrival]) -> Iterator[Scored]:
    """Judge *arrivals* and set each beside the truth."""
    for step in run(arrivals):
        yield _scored(arrivals, step)


def _scored(arrivals: Sequence[Arrival], step: Step) -> Scored:
    if step.outcome is None:
        return Scored(step.position, step.arrival, 0.0, acted=False, refused=True)
    decision, best = step.outcome.verdict.decision, step.best
    person, compared = step.arrival.person, step.compared
    theirs = [found for found in compared if arrivals[found[0]].person == person]
    return Scored(
        step.position,
        step.arrival,
        best[1].probability if best else 0.0,
        acted=decision.duplicate_found,
        blocked=step.action == "reject_duplicate" and decision.duplicate_found,
        right=best is not None and arrivals[best[0]].person == person,
        risk_only=step.action != "allow_processing" and not decision.duplicate_found,
        skipped=step.outcome.skipped,
        candidates=tuple(other for other, _ in compared),
        best=candidate(best) if best else None,
        own=candidate(max(theirs, key=lambda found: found[1].probability)) if theirs else None,
    )


def candidate(found: tuple[int, Match]) -> Candidate:
    """Return a position and its match as the report keeps them."""
    position, match = found
    evidence = tuple((e.comparison, e.level, e.weight) for e in match.evidence)
    return Candidate(position, match.probability, evidence)
