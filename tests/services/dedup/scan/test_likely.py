"""What a scan says would have to be otherwise is what a check says of the same leads."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.dedup.compared import Known, Submission
from services.dedup.policy import DEFAULT, Policy
from services.dedup.record import read
from services.dedup.scan.likely import likely
from services.dedup.verdict import verdict

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

ADA = {"name": "Ada Lovelace", "email": "ada@analytical.example", "phone": "+44 20 7946 0958"}
LEBEDEV = {"company": "Frolov Engineering", "phone": "+380 44 121 5122"}

CASES = {
    "one known lead": ([ADA], ADA),
    "a further lead that says the same": ([ADA, ADA | {"name": "A. Lovelace"}], ADA),
    "another person who would be found without the first": (
        [{"email": "ada@analytical.example"}, {"phone": "+44 7700 900123"}],
        {"email": "ada@analytical.example", "phone": "+44 7700 900123"},
    ),
    "a number that told the country": (
        [LEBEDEV | {"name": "Alexander Lebedev", "email": "lebedev@frolov.example"}],
        LEBEDEV | {"name": "Oleksandr Lebedev", "email": "office@frolov.example"},
    ),
    "a name that is known by another lead": (
        [{"phone": "+44 7700 900456"}, {"phone": "+44 7700 900456", "name": "Grace Hopper"}],
        {"phone": "+44 7700 900456", "name": "Grace Hoper"},
    ),
}  # fmt: skip
"""Known leads, each of a person of its own unless it says the same as the first, and a new one."""


def known(number, person, said, days=1):
    """Return lead *number* of a *person*, *days* before noon."""
    ids = UUID(int=number), UUID(int=person), UUID(int=person)
    return Known(*ids, "form", NOON - timedelta(days=days), read(said).record)


def scanned(said, others, policy=DEFAULT):
    """Return what a scan tells of the lead that *said* this, the likeliest person first."""
    return likely(known(99, 99, said, days=0), others, policy)


def checked(said, others, policy=DEFAULT):
    """Return what a check tells of the same lead."""
    submission = Submission("form", said, NOON)
    counted = likely(known(99, 99, said, days=0), others, policy)[0].carriers
    return verdict(submission, read(said), others, (), policy=policy, carriers=counted)


@pytest.mark.parametrize(("before", "said"), CASES.values(), ids=CASES)
def test_the_likeliest_person_is_told_with_the_counterfactual_of_a_check(before, said):
    one_person = {number for number, lead in enumerate(before) if lead.items() & before[0].items()}
    others = [
        known(number + 1, 1 if number in one_person else number + 1, lead)
        for number, lead in enumerate(before)
    ]

    best = scanned(said, others)[0]

    told, wanted = best.counterfactual(), checked(said, others)
    assert told == wanted.counterfactual()
    assert told is not None
    assert best.best == wanted.best


def test_of_a_person_who_came_back_no_change_is_told_for_they_pass_as_they_are():
    policy = Policy(reengage_after_days=30)
    others = [known(1, 1, ADA, days=400)]

    (told,) = scanned(ADA, others, policy)

    assert checked(ADA, others, policy).decision.reengagement
    assert told.counterfactual() is None


def test_beside_a_likelier_person_it_is_told_what_would_make_this_one_another():
    by_mail, by_phone = {"email": ADA["email"]}, {"phone": ADA["phone"]}
    policy = Policy(flag=0.6, block=0.99)
    others = [
        known(1, 1, ADA),
        known(2, 2, by_phone | {"name": "A. Lovelace"}),
        known(3, 3, by_mail),
    ]

    first, *rest = scanned(ADA, others, policy)

    assert first.best.known.subject_id == UUID(int=1)
    assert rest
    for one in rest:
        change = one.counterfactual()
        assert change is None or change.probability < one.match_probability
