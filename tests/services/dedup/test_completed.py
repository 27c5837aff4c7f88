"""What a person said in one lead counts in all of theirs."""

from datetime import UTC, datetime
from uuid import UUID

from services.dedup import comparisons
from services.dedup.compared import Known, completed, names_given
from services.dedup.record import Record, read

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

AT_WORK = "knut.berg2@fjord.example"


def record(email: str = "", name: str = "Knut Berg") -> Record:
    return read({"name": name, "email": email, "phone": "+4722000000"}).record


def known(number: int, person: int, **said: str) -> Known:
    """Return lead *number* of a *person*."""
    ids = (UUID(int=number), UUID(int=person), UUID(int=person))
    return Known(*ids, "form", NOON, record(**said))


def mailbox_level(own: Record, one: Known, *others: Known) -> str | None:
    """Return how *own* agrees with the mailbox of *one*, whose person also sent the *others*."""
    everybody = [one, *others]
    whole = completed(one, names_given(everybody), own)
    return comparisons.email(own, whole.record)


def test_who_once_wrote_from_the_next_desk_is_a_namesake_whatever_they_write_from() -> None:
    own = record("knut.berg7@fjord.example")
    at_work = known(1, 1, email=AT_WORK)
    for elsewhere in ("eagle259@gmail.com", "office@fjord.example", ""):
        found = mailbox_level(own, known(2, 1, email=elsewhere), at_work)
        assert found == "other_mailbox_same_organisation"


def test_a_desk_of_somebody_else_says_nothing_of_this_person() -> None:
    own = record("knut.berg7@fjord.example")
    found = mailbox_level(own, known(2, 2, email="eagle259@gmail.com"), known(1, 1, email=AT_WORK))
    assert found == "different"


def test_a_person_who_once_wrote_from_this_mailbox_is_not_contradicted() -> None:
    one = known(2, 1, email="eagle259@gmail.com")
    assert mailbox_level(record(AT_WORK), one, known(1, 1, email=AT_WORK)) == "different"
