"""Suppression lists in a check: who is on one is turned away, and the list is named."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from services.dedup.dry_run import dry_run
from services.dedup.policy_cache import PolicyCache
from tests.services.dedup.arrivals import ADA, BOB, admitted, lead, said
from tests.services.dedup.trade.listing import a_list, add

CALLED = {"phone": "(212) 555-0142", "first_name": "Ada", "last_name": "Lovelace"}

HOUR = timedelta(hours=1)


@pytest.fixture
def listed(owner, gate, user_id):
    """Put somebody on a list of this test's account; return the list's id."""

    def listed(value, expires_at=None, **of):
        list_id = a_list(owner, user_id, **of)
        add(owner, gate, user_id, list_id, value, expires_at)
        return list_id

    return listed


def verdict(answer):
    return answer["action_taken"], answer["blocking_reason"]


def test_who_is_on_a_list_is_turned_away_and_the_list_is_named(keeping, user_id, listed, stored):
    list_id = listed(ADA["email"])

    answer = said(keeping, user_id)

    assert verdict(answer) == ("reject_duplicate", "suppressed")
    assert answer["prevention_action"] == "block_processing"
    assert answer["trade"]["found_in"] == [
        {"list_id": str(list_id), "name": "Do not contact", "kind": "do_not_contact"}
    ]
    assert answer["duplicate_found"] is False
    assert stored.events() == []


def test_nobody_else_is(keeping, user_id, listed):
    listed(ADA["email"])

    assert verdict(said(keeping, user_id, BOB)) == ("allow_processing", None)


def test_a_list_that_flags_has_a_person_look_at_the_lead(keeping, user_id, listed):
    listed(ADA["email"], kind="customer", on_hit="flag")

    answer = said(keeping, user_id)

    assert verdict(answer) == ("flag_for_review", "suppressed")
    assert answer["review_id"]


def test_a_known_person_on_a_list_is_turned_away_as_suppressed(keeping, user_id, listed):
    said(keeping, user_id)
    listed(ADA["email"])
    keeping.policies.forget(user_id)

    answer = said(keeping, user_id)

    assert verdict(answer) == ("reject_duplicate", "suppressed")
    assert answer["duplicate_found"] is True


@pytest.mark.parametrize(
    "value",
    [
        "+12125550142",
        "212 555 0142",
        hashlib.md5(b"2125550142").hexdigest(),
        hashlib.sha256(b"+12125550142").hexdigest().upper(),
    ],
)
def test_a_number_is_found_however_the_list_has_it(keeping, user_id, listed, value):
    listed(value)

    assert verdict(said(keeping, user_id, CALLED)) == ("reject_duplicate", "suppressed")


@pytest.mark.parametrize(
    "fields",
    [
        BOB | {"email": " ADA@Analytical.example "},
        BOB | {"email": "Ada <ada@analytical.example>"},
        BOB | {"other_email": "work@builder.example; ada@analytical.example"},
        BOB | {"other_phone": "+1 212 555 0143, (212) 555-0142"},
    ],
)
def test_every_address_and_number_of_a_lead_is_asked_about(keeping, user_id, listed, fields):
    listed(hashlib.md5(b"ada@analytical.example").hexdigest())
    listed(CALLED["phone"], name="Numbers")

    assert verdict(said(keeping, user_id, fields)) == ("reject_duplicate", "suppressed")


@pytest.mark.parametrize(
    "fields",
    [
        BOB | {"email": "ann.lee@gmial.com"},
        BOB | {"email": "annlee@gmailcom"},
        BOB | {"other_email": "annlee@gmail.con"},
    ],
)
def test_a_misspelt_address_is_asked_about_as_the_one_it_means(keeping, user_id, listed, fields):
    listed("annlee@gmail.com")

    assert verdict(said(keeping, user_id, fields)) == ("reject_duplicate", "suppressed")


def test_a_number_that_exists_is_asked_about_whatever_it_looks_like(keeping, user_id, listed):
    listed("+33612345678")

    answer = said(keeping, user_id, BOB | {"phone": "06 12 34 56 78", "country": "FR"})

    assert verdict(answer) == ("reject_duplicate", "suppressed")


def test_a_number_that_is_nobodys_names_nobody(keeping, user_id, listed):
    listed("+10000000000")

    answer = said(keeping, user_id, ADA | {"phone": "+1-000-000-0000"})

    assert answer["blocking_reason"] != "suppressed"


def test_a_list_of_some_sources_is_asked_about_their_leads_alone(keeping, user_id, listed):
    listed(ADA["email"], sources=["another"])
    assert verdict(said(keeping, user_id)) == ("allow_processing", None)

    listed(ADA["email"], name="Of forms", sources=["another", "form"])
    answer = said(keeping, user_id, ADA | {"phone": "+442079460018"})

    assert [each["name"] for each in answer["trade"]["found_in"]] == ["Of forms"]


def test_an_entry_that_has_expired_names_nobody(keeping, user_id, listed):
    listed(ADA["email"], expires_at=datetime.now(UTC) - HOUR)
    listed(BOB["email"], expires_at=datetime.now(UTC) + HOUR, name="Others")

    assert verdict(said(keeping, user_id)) == ("allow_processing", None)
    assert verdict(said(keeping, user_id, BOB)) == ("reject_duplicate", "suppressed")


def test_each_list_is_named_once_in_the_order_in_which_they_came_to_it(
    keeping, user_id, listed, owner, gate
):
    later = listed(ADA["email"], name="Later")
    add(owner, gate, user_id, later, hashlib.md5(ADA["email"].encode()).hexdigest())
    first = a_list(owner, user_id, name="First")
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    add(owner, gate, user_id, first, ADA["email"], added_at=long_ago)

    answer = said(keeping, user_id)

    assert [each["name"] for each in answer["trade"]["found_in"]] == ["First", "Later"]


def test_a_deleted_list_names_nobody(keeping, user_id, listed, owner):
    listed(ADA["email"])
    owner.execute("UPDATE suppression.lists SET deleted_at = now() WHERE tenant_id = %s", [user_id])

    assert verdict(said(keeping, user_id)) == ("allow_processing", None)


def test_the_lists_of_another_account_name_nobody(keeping, user_id, owner, gate):
    other = f"other-{user_id}"
    add(owner, gate, other, a_list(owner, other), ADA["email"])

    assert verdict(said(keeping, user_id)) == ("allow_processing", None)


def test_leads_that_come_together_are_asked_about_together(keeping, user_id, listed, gate):
    listed(ADA["email"])
    leads = [lead(gate, user_id, fields) for fields in (BOB, ADA, ADA)]

    bodies = admitted(keeping, user_id, *leads)

    assert [b"suppressed" in body for body in bodies] == [False, True, True]


def test_a_dry_run_names_the_lists(keeping, user_id, listed, gate):
    listed(ADA["email"])

    (outcome,) = dry_run(keeping.database, gate, user_id, [lead(gate, user_id)], keeping.policies)

    assert outcome.verdict.decision.reason == "suppressed"


def test_an_account_without_lists_is_asked_for_none(database, user_id, owner, gate):
    policies = PolicyCache()
    with database.transaction(user_id) as conn:
        assert policies.ask(conn, user_id)().book.silent
    assert policies.lists(user_id) is False
    a_list(owner, user_id)
    policies.forget(user_id)

    with database.transaction(user_id) as conn:
        assert policies.ask(conn, user_id)().book.lists
    assert policies.lists(user_id) is True
