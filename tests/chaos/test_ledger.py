"""The ledger finds every broken promise, and finds none where all were kept."""

import json

import pytest

from tests.chaos.ledger import ALLOW, CHECKS, Answer, Ledger, Row, Sent

REJECT = "reject_duplicate"


def lead(name="ada", key="k", identity=None):
    return Sent("t", {"email": f"{name}@example.org"}, key, identity)


def answer(action=ALLOW, lead_id="1", status=200, retry_after=None, **more):
    said = {"action_taken": action, "lead_id": lead_id, "check_skipped": False, "degraded": False}
    return Answer(status, json.dumps(said | more).encode(), retry_after)


def degraded(action=ALLOW, lead_id="1", receipt_id="r"):
    return answer(action, lead_id, check_skipped=True, degraded=True, receipt_id=receipt_id)


def row(name="ada", lead_id="1", action=ALLOW):
    return Row(f"t/{name}@example.org", lead_id, action)


def ledger(*attempts):
    """Return the ledger of (lead, answer or None) pairs."""
    kept = Ledger()
    for one, said in attempts:
        kept.sent(one)
        if said is not None:
            kept.answered(one, said)
    return kept


ONE, OTHER = lead("one", "1", "person"), lead("other", "2", "person")

UNBROKEN = {
    "a lead is stored": ([(lead(), answer())], [row()]),
    "a retry gets the first answer": ([(lead(), answer()), (lead(), answer())], [row()]),
    "a lead waits in the spool and is stored later": ([(lead(), degraded())], [row()]),
    "nobody heard the answer, and it is stored": ([(lead(), None)], [row()]),
    "all attempts were told to come again": ([(lead(), answer(status=503, retry_after="1"))], []),
    "without a key a second answer is another one": (
        [(lead(key=None), answer()), (lead(key=None), answer(REJECT))],
        [row()],
    ),
    "a skipped allow of a person beside a checked one": (
        [(ONE, degraded()), (OTHER, answer(lead_id="2"))],
        [row("one", action=REJECT), row("other", "2")],
    ),
}

BROKEN = {
    "acknowledged_and_missing": ([(lead(), answer())], []),
    "stored_twice": ([(lead(), answer())], [row(), row(lead_id="2")]),
    "stored_unsent": ([(lead(), answer())], [row(), row("stranger", "2")]),
    "changed_answers": ([(lead(), degraded()), (lead(), answer())], [row()]),
    "allowed_twice": (
        [(ONE, answer()), (OTHER, answer(lead_id="2"))],
        [row("one"), row("other", "2", REJECT)],
    ),
    "judged_wrongly": (
        [(ONE, degraded()), (OTHER, degraded(lead_id="2"))],
        [row("one"), row("other", "2")],
    ),
    "unjudged": ([(lead(), degraded())], [row(action=None)]),
    "rejected_while_degraded": ([(lead(), degraded(REJECT))], [row(action=REJECT)]),
    "degraded_without_receipt": ([(lead(), degraded(receipt_id=None))], [row()]),
    "misnamed": ([(lead(), answer(lead_id="2"))], [row()]),
    "unlawful_answers": ([(lead(), Answer(500, b"oops"))], []),
    "not_conserved": ([(lead(), answer())], [row(), row(lead_id="2")]),
}
"""The smallest storm that breaks each promise, by the name of the check that must see it."""


@pytest.mark.parametrize("story", UNBROKEN)
def test_a_kept_promise_is_no_violation(story):
    attempts, rows = UNBROKEN[story]

    assert ledger(*attempts).violations(rows) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_planted_violation_is_found(name):
    attempts, rows = BROKEN[name]

    found = ledger(*attempts).violations(rows)

    assert name in {violation.partition(":")[0] for violation in found}


def test_every_check_has_a_planted_violation():
    assert {check.__name__ for check in CHECKS} == BROKEN.keys()


@pytest.mark.parametrize("said", [Answer(503, b"{}"), Answer(422, b"{}", "1"), Answer(504, b"")])
def test_only_a_503_that_says_when_may_refuse_a_good_lead(said):
    assert ledger((lead(), said)).violations([])


def test_a_person_of_whom_nobody_is_allowed_is_found():
    found = ledger((ONE, answer(REJECT))).violations([row("one", action=REJECT)])

    assert found == ["judged_wrongly: person has 0 allows of 1 leads []"]


def test_a_dead_letter_is_neither_missing_nor_forgotten_by_the_conservation_law():
    assert ledger((lead(), degraded())).violations([], dead=[lead().marker]) == []


def test_a_dead_letter_that_is_also_stored_breaks_the_conservation_law():
    (found,) = ledger((lead(), degraded())).violations([row()], dead=[lead().marker])

    assert found == "not_conserved: received 1, stored 1, dead 1, told 0"


def test_two_leads_under_one_marker_are_a_mistake_of_the_harness():
    kept = ledger((lead(key="a"), None))

    with pytest.raises(ValueError, match="two leads"):
        kept.sent(lead(key="b"))
