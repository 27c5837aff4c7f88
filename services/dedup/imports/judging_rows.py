"""Rows judged: what the check says of a row's lead, and what the row therefore does."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.dedup.imports import row
from services.dedup.imports.differing import Said, contradicted
from services.dedup.imports.row import Row
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared
from services.dedup.verdict import NOTHING_TELLS
from shared.frozen import frozen


@frozen
class Judged:
    """A row of which it is decided what becomes of it."""

    number: int
    lead: Prepared
    outcome: Outcome
    contradicts: Sequence[str] = ()
    """The fields of one truth in which it says otherwise than is known of its person."""

    @classmethod
    def of(
        cls, number: int, lead: Prepared, outcome: Outcome, around: Neighbourhood | None
    ) -> "Judged":
        """Return the row as decided; a certain duplicate that contradicts is to be reviewed."""
        best, decision = outcome.verdict.best, outcome.verdict.decision
        if around is None or best is None or decision.reason != row.DUPLICATE:
            return cls(number, lead, outcome)
        records = [
            each.record for each in around.of(lead) if each.subject_id == best.known.subject_id
        ]
        fields = contradicted(lead.reading.record, records)
        if not fields:
            return cls(number, lead, outcome)
        reached = replace(
            outcome.verdict,
            decision=row.contradicting(decision),
            counterfactual=NOTHING_TELLS,  # what else would have to differ was told of a rejection
        )
        return cls(number, lead, replace(outcome, verdict=reached).reviewed(), fields)

    @property
    def stored(self) -> bool:
        """True if a lead is made of it."""
        return row.stored(self.outcome.verdict.decision)

    @property
    def of_somebody_known(self) -> bool:
        """True if it is a further record of somebody known."""
        return self.stored and self.outcome.verdict.decision.duplicate

    @property
    def person(self) -> UUID:
        """Return whose record it is."""
        return self.outcome.person[0]

    @property
    def said(self) -> Said:
        """Return what it says."""
        return Said(self.lead.reading.record, self.lead.submission.fields)


def judged_row(found: Judged, differing: Sequence[str]) -> Row:
    """Return what is noted of a row; *differing* is what it says that nobody's records say."""
    decision, best = found.outcome.verdict.decision, found.outcome.verdict.best
    known = best.known.lead_id if best and decision.duplicate_found else None
    return Row(
        found.number,
        row.word(decision, differing),
        row.why(decision, found.contradicts),
        lead_id=found.outcome.lead_id if found.stored else None,
        known_id=known,
        differing=tuple(found.contradicts or differing),
    )
