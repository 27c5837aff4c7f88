"""Levels in context: what the mailbox says of the names where those cannot be compared."""

from services.dedup.beside import ALONE
from services.dedup.context import in_context
from services.dedup.record import Record


def context(**levels: str) -> dict[str, str]:
    """Return *levels* as they weigh between two leads that say nothing else."""
    return in_context(levels, Record(), Record(), ALONE)


def test_a_mailbox_of_somebody_else_counts_beside_names_in_two_scripts() -> None:
    found = context(name="other_script", mailbox="spelt_after_somebody_else")
    assert found["mailbox"] == "spelt_after_somebody_else"


def test_a_mailbox_of_somebody_else_counts_no_second_time_beside_two_names() -> None:
    found = context(name="other_given_name", mailbox="spelt_after_somebody_else")
    assert "mailbox" not in found


def test_a_mailbox_of_the_other_counts_beside_two_names() -> None:
    found = context(name="other_given_name", mailbox="spelt_after_the_other")
    assert found["mailbox"] == "spelt_after_the_other"
