"""A lead whose check was skipped is judged later, once, and what was decided is put right."""

from datetime import timedelta
from uuid import uuid4

import orjson
import pytest

from services.dedup.admission import Keeping
from services.dedup.check import RECHECK, check
from services.dedup.recheck import Unreadable, recheck
from shared.jobs import Job, Overtaken
from shared.keyfile import keyring
from shared.privacy.consent import Consent
from shared.privacy.gate import Gate
from shared.privacy.modes import MODES
from shared.privacy.pseudonym import Unsealable
from tests.services.dedup.arrivals import (
    ADA,
    BOB,
    NOON,
    admitted,
    claimed,
    lead,
    rendered,
    said,
)

THROWAWAY = {"email": "test@tempmail.com", "phone": "+1-000-000-0000", "company": "Test Corp"}


@pytest.fixture
def database(worker_database):
    """A recheck is the worker's."""
    return worker_database


def failing(*arguments):
    raise ZeroDivisionError


def skipped(keeping, one):
    """Store a lead that cannot be compared now; return what is answered."""
    tenant_id = one.permit.tenant_id
    (answered,) = check(keeping.database, keeping.gate, tenant_id, [one], rendered, judge=failing)
    assert answered.outcome.skipped
    return orjson.loads(answered.body)


def rechecked(keeping, tenant_id):
    """Do the tenant's jobs; return them."""
    jobs = claimed(keeping.database, tenant_id)
    for job in jobs:
        recheck(keeping.database, keeping.gate, job)
    return jobs


def test_a_duplicate_is_joined_to_its_person_and_told_of(keeping, gate, user_id, stored):
    known = said(keeping, user_id)
    answer = skipped(keeping, lead(gate, user_id))

    rechecked(keeping, user_id)

    assert len(set(stored.subjects())) == 1
    assert stored.events("lead.late_duplicate") == [("lead.late_duplicate", answer["lead_id"])]
    duplicates = (
        "SELECT id::text, duplicate_of::text FROM public.leads WHERE tenant_id = %(tenant)s"
    )
    assert (answer["lead_id"], known["lead_id"]) in stored.rows(duplicates)
    assert stored.rows("SELECT 1 FROM public.subjects WHERE tenant_id = %(tenant)s") == [(1,)]


def test_a_new_person_stays_one_and_nothing_is_told(keeping, gate, user_id, stored):
    said(keeping, user_id)
    answer = skipped(keeping, lead(gate, user_id, BOB))

    rechecked(keeping, user_id)

    assert len(set(stored.subjects())) == 2
    assert stored.events("lead.late_duplicate") == []
    assert stored.events()[-1] == ("lead.created", answer["lead_id"])
    assert claimed(keeping.database, user_id) == []


@pytest.mark.parametrize("skips", [True, False], ids=["rechecked", "checked at once"])
def test_a_number_that_several_people_have_proves_as_little_later_as_at_once(
    keeping, gate, user_id, stored, skips
):
    line = {"phone": "+49 30 23125014"}
    for name in ("Anton Bozkurt", "Birgit Czerny", "Emre Dvorak", "Goran Eichhorn"):
        email = f"{name.split()[0]}@{name.split()[1]}.example"
        said(keeping, user_id, {"name": name, "email": email} | line)
    if skips:
        skipped(keeping, lead(gate, user_id, line))
        rechecked(keeping, user_id)
    else:
        said(keeping, user_id, line)

    assert stored.actions()[-1] == "allow_processing"
    assert len(set(stored.subjects())) == 5


@pytest.mark.parametrize("skips", [True, False], ids=["rechecked", "checked at once"])
def test_where_a_lead_came_from_counts_later_as_at_once(keeping, gate, user_id, stored, skips):
    said(keeping, user_id, ip="203.0.113.7")
    if skips:
        skipped(keeping, lead(gate, user_id, ip="203.0.113.7"))
        rechecked(keeping, user_id)
    else:
        said(keeping, user_id, ip="203.0.113.7")

    (told,) = stored.rows(
        "SELECT evidence -> 'levels' -> 'ip' ->> 0 FROM dedup.decisions "
        "WHERE tenant_id = %(tenant)s ORDER BY decided_at DESC LIMIT 1"
    )
    assert told == ("same",)


def test_done_twice_it_changes_nothing_twice(keeping, gate, user_id, stored):
    said(keeping, user_id)
    skipped(keeping, lead(gate, user_id))
    (job,) = rechecked(keeping, user_id)
    once = stored.count(), stored.events(), stored.subjects()

    with pytest.raises(Overtaken):
        recheck(keeping.database, keeping.gate, job)

    assert (stored.count(), stored.events(), stored.subjects()) == once


def test_an_erased_lead_stays_erased(keeping, gate, user_id, owner, stored):
    skipped(keeping, lead(gate, user_id))
    (job,) = claimed(keeping.database, user_id)
    owner.execute("DELETE FROM public.subjects WHERE tenant_id = %s", [user_id])

    recheck(keeping.database, keeping.gate, job)

    assert stored.count() == (0, 0, 0, 0, 0)


def test_a_lead_to_look_at_is_put_before_a_person(keeping, gate, user_id, stored):
    answer = skipped(keeping, lead(gate, user_id, THROWAWAY))

    rechecked(keeping, user_id)

    assert stored.reviews() == [answer["lead_id"]]
    assert stored.events("lead.late_duplicate") == [("lead.late_duplicate", answer["lead_id"])]
    assert len(set(stored.subjects())) == 1


def test_its_answer_stands(keeping, gate, user_id):
    said(keeping, user_id)
    first = skipped(keeping, lead(gate, user_id, key="k"))
    before = said(keeping, user_id, ADA, "k")

    rechecked(keeping, user_id)

    assert first == before == said(keeping, user_id, ADA, "k")


def test_a_lead_that_could_not_be_read_is_found_by_later_ones(keeping, user_id, owner):
    unread = unreadable(keeping, user_id)
    repair(owner, user_id)
    rechecked(keeping, user_id)

    assert said(keeping, user_id)["duplicate_of"] == unread["lead_id"]


def unreadable(keeping, tenant_id):
    """Store a lead that cannot be read; return what is answered."""
    # Fields that no schema would let pass stand for a reader that fails.
    answer = said(keeping, tenant_id, ADA | {"city": 7})
    assert answer["check_skipped"] and not answer["degraded"]
    return answer


def repair(owner, tenant_id):
    owner.execute(
        "UPDATE public.leads SET fields = fields - 'city' WHERE tenant_id = %s", [tenant_id]
    )


def test_a_lead_that_nobody_can_read_fails_and_waits(keeping, user_id, stored):
    unreadable(keeping, user_id)
    (job,) = claimed(keeping.database, user_id)
    before = stored.count()

    with pytest.raises(Unreadable):
        recheck(keeping.database, keeping.gate, job)

    assert stored.count() == before
    assert len(claimed(keeping.database, user_id)) == 1


def test_a_known_lead_that_cannot_be_opened_delays_and_undoes_nothing(
    keeping, gate, user_id, owner, stored
):
    said(keeping, user_id)
    (whole,) = owner.execute(
        "SELECT compared FROM dedup.records WHERE tenant_id = %s", [user_id]
    ).fetchone()
    owner.execute("UPDATE dedup.records SET compared = 'x' WHERE tenant_id = %s", [user_id])
    answers = [said(keeping, user_id) for _ in range(2)]
    before = stored.count()
    with pytest.raises(Unsealable):
        rechecked(keeping, user_id)
    assert stored.count() == before

    owner.execute(
        "UPDATE dedup.records SET compared = %s WHERE tenant_id = %s AND compared = 'x'",
        [whole, user_id],
    )
    rechecked(keeping, user_id)

    late = [lead_id for _, lead_id in stored.events("lead.late_duplicate")]
    assert sorted(late) == sorted(answer["lead_id"] for answer in answers)
    assert len(set(stored.subjects())) == 1


def test_a_lead_that_came_later_makes_no_duplicate_of_it(keeping, gate, user_id, stored):
    answer = skipped(keeping, lead(gate, user_id))
    assert said(keeping, user_id)["duplicate_of"] == answer["lead_id"]

    rechecked(keeping, user_id)

    assert stored.events() == [("lead.created", answer["lead_id"])]


def test_a_lead_that_was_overtaken_makes_no_duplicate_of_it(keeping, gate, user_id, stored):
    overtaken = lead(gate, user_id)  # it came before, and was decided after
    answer = skipped(keeping, lead(gate, user_id))
    (late,) = admitted(keeping, user_id, overtaken)
    assert orjson.loads(late)["duplicate_of"] == answer["lead_id"]

    rechecked(keeping, user_id)

    assert stored.events() == [("lead.created", answer["lead_id"])]


def test_of_two_leads_one_is_told_of_even_if_the_first_could_not_be_read(
    keeping, user_id, owner, stored
):
    unreadable(keeping, user_id)
    assert said(keeping, user_id)["action_taken"] == "allow_processing"
    repair(owner, user_id)

    rechecked(keeping, user_id)

    assert len(stored.events("lead.late_duplicate")) == 1
    assert len(set(stored.subjects())) == 1


def test_those_who_belong_to_it_come_along(keeping, gate, user_id, stored):
    phone = {"phone": "+44 20 7946 0958"}
    said(keeping, user_id)
    answer = skipped(keeping, lead(gate, user_id, ADA | phone))
    belonging = ADA | phone | {"email": "countess@lovelace.example"}
    assert said(keeping, user_id, belonging)["duplicate_of"] == answer["lead_id"]

    rechecked(keeping, user_id)

    assert len(stored.leads()) == 3
    assert len(set(stored.subjects())) == 1


def test_its_own_arrival_does_not_count_against_it(keeping, gate, user_id, stored):
    def visitor(number):
        fields = {"email": f"n{number}@each.example"}
        at = NOON + timedelta(seconds=number)
        return lead(gate, user_id, fields, at=at, ip="203.0.113.77")

    for number in range(9):
        admitted(keeping, user_id, visitor(number))
    skipped(keeping, visitor(9))

    rechecked(keeping, user_id)

    assert "reject_duplicate" not in stored.actions()
    (tenth,) = admitted(keeping, user_id, visitor(10))
    assert orjson.loads(tenth)["action_taken"] == "reject_duplicate"


def test_the_strict_mode_opens_what_it_sealed(keeping, local_settings, user_id, stored):
    gate = Gate(MODES["gdpr_strict"], keyring(local_settings))
    strict = Keeping(keeping.database, gate, keeping.spool)
    consent = Consent(frozenset({"lead_processing"}), NOON)
    said(strict, user_id, ADA, consent=consent)
    answer = skipped(strict, lead(gate, user_id, ADA, consent=consent))

    rechecked(strict, user_id)

    assert stored.events("lead.late_duplicate") == [("lead.late_duplicate", answer["lead_id"])]


def test_a_lead_whose_consent_was_withdrawn_is_left_alone(
    keeping, local_settings, user_id, owner, stored
):
    gate = Gate(MODES["gdpr_strict"], keyring(local_settings))
    strict = Keeping(keeping.database, gate, keeping.spool)
    skipped(strict, lead(gate, user_id, ADA, consent=Consent(frozenset({"lead_processing"}), NOON)))
    owner.execute("UPDATE public.consents SET withdrawn_at = now() WHERE tenant_id = %s", [user_id])
    before = stored.count()

    rechecked(strict, user_id)

    assert stored.count() == before


def test_a_lead_that_passed_twice_over_is_told_of_once(keeping, away, user_id, owner, stored):
    known = said(keeping, user_id)
    passed = said(away, user_id, ADA | {"city": 7}, "k")
    said(keeping, user_id, BOB)  # the spool drains before it
    repair(owner, user_id)

    rechecked(keeping, user_id)

    assert stored.events("lead.late_duplicate") == [("lead.late_duplicate", passed["lead_id"])]
    assert stored.leads()[:2] == [known["lead_id"], passed["lead_id"]]


def test_a_job_without_a_lead_is_nothing_to_do(keeping, user_id):
    recheck(
        keeping.database,
        keeping.gate,
        Job(user_id, uuid4(), RECHECK, None, {}, 1, None, None, None),
    )
