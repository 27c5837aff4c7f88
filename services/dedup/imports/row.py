"""A row of a file and what it does or would do, in our words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from services.dedup.decision import ALLOW, REJECT, REVIEW, Decision
from services.dedup.imports.job import Counts
from services.dedup.imports.job import Outcome as Word
from shared.frozen import frozen

MOST_REASON = 500
"""Characters of a reason that are kept."""

DUPLICATE = "duplicate"
"""The decision's own word for a certain duplicate (`services.dedup.decision`)."""


@frozen
class Row:
    """What is noted of one row; no value of it."""

    number: int
    """As a spreadsheet numbers it: the header is 1."""
    outcome: Word
    reason: str | None = None
    lead_id: UUID | None = None
    """The lead that was made of it."""
    known_id: UUID | None = None
    """A lead of the person whom it is about, or may be about."""
    known_row: int | None = None
    """In a preview, the earlier row that is about this person."""
    differing: Sequence[str] = ()
    kept: bool = False
    """True if undoing left its lead, for somebody worked on it."""


def refused(number: int, reason: str) -> Row:
    """Return a row that becomes no lead."""
    return Row(number, "refused", reason[:MOST_REASON])


def word(decision: Decision, differing: Sequence[str]) -> Word:
    """Return what a row does of which the check decides so.

    *differing* are the fields in which it says what no record of the person says.
    """
    if decision.action is REVIEW and decision.duplicate_found:
        return "conflict"
    if decision.action is REJECT and decision.reason != DUPLICATE:
        return "refused"
    if decision.duplicate:
        return "update" if differing else "duplicate"
    return "new"


def stored(decision: Decision) -> bool:
    """Return whether a lead is made of a row of which the check decides so."""
    return word(decision, ()) != "refused"


def why(decision: Decision, contradicted: Sequence[str] = ()) -> str | None:
    """Return the reason of a row's outcome in words; None where the outcome says it all."""
    if contradicted:
        return f"says otherwise than what is known: {', '.join(contradicted)}"
    if decision.action is ALLOW or decision.reason in (None, DUPLICATE):
        return None
    return WORDS.get(decision.reason or "", decision.reason)


def contradicting(decision: Decision) -> Decision:
    """Return the decision on a certain duplicate that contradicts what is known of its person.

    It becomes a lead of its own with a review: whoever settles that says whether it is them.
    """
    return replace(
        decision, action=REVIEW, reason="possible_duplicate", duplicate=False, reengagement=False
    )


def counted(rows: Sequence[Row], before: Counts) -> Counts:
    """Return *before* with *rows* counted in."""
    more = dict.fromkeys(("new", "update", "duplicate", "conflict", "refused"), 0)
    for row in rows:
        more[row.outcome] += 1
    return Counts(**{name: getattr(before, name) + count for name, count in more.items()})


WORDS: Mapping[str, str] = {
    "possible_duplicate": "perhaps somebody known",
    "high_risk": "looks like spam or a test, and is to be looked at",
    "suppressed": "is named by a suppression list",
    "suppression_unknown": "could not be compared just now; its check follows",
    "held": "is held for another lead",
    "within_lookback": "comes too soon after another lead of the same person",
    "cap_reached": "one lead too many: a cap is reached",
    "closed": "its source or buyer takes no leads at this time",
}
"""What the check's reasons say in words; `suppressed` of who is refused and who is flagged."""
