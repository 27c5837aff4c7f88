"""Nobody on a suppression list is waved through because nobody could ask: such leads are held."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from services.dedup.admission import Keeping
from services.dedup.reconcile import reconcile
from services.dedup.trade.list_keepers import ListKeepers
from services.dedup.trade.terms_routes import LIST_KEEPERS
from shared.keyfile import keyring
from shared.privacy.pseudonym import Keyring
from shared.sealed_copy import VALID_FOR
from tests.services.dedup.arrivals import ADA, BOB, lead, said
from tests.services.dedup.test_recheck import rechecked, skipped
from tests.services.dedup.trade.listing import a_list, add

ALLOWED = ("allow_processing", "continue_workflow", None, False)

HELD = ("flag_for_review", "manual_review_queue", "suppression_unknown", True)


def outcome(answer):
    return (
        answer["action_taken"],
        answer["prevention_action"],
        answer["blocking_reason"],
        answer["manual_review_required"],
    )


@pytest.fixture
def keepers(database, gate, tmp_path):
    """What this host knows of who keeps lists."""
    return ListKeepers(database, gate.keyring, tmp_path)


@pytest.fixture
def host(nowhere, gate, spool, keepers):
    """A host whose database is away, and that knows what its copy says."""
    return Keeping(nowhere, gate, spool, keeps_lists=keepers.keeps)


@pytest.fixture
def ada_listed(owner, gate, user_id):
    add(owner, gate, user_id, a_list(owner, user_id), ADA["email"])


@pytest.fixture
def worker(worker_database, gate, spool):
    return Keeping(worker_database, gate, spool)


def reconciled(worker, tenant_id):
    assert reconcile(worker.database, worker.gate, worker.spool, tenant_id, 10) == 1


# The database is away -----------------------------------------------------------------------------


def test_who_is_known_to_have_no_lists_is_answered_as_ever(host, keepers, user_id):
    keepers.refresh()

    answer = said(host, user_id)

    assert outcome(answer) == ALLOWED
    assert answer["check_skipped"] and answer["degraded"]


def test_a_lead_of_who_keeps_lists_is_held_and_kept(host, keepers, user_id, ada_listed, spool):
    keepers.refresh()

    answer = said(host, user_id, BOB)

    assert outcome(answer) == HELD
    assert answer["check_skipped"] and answer["degraded"]
    assert (answer["review_id"], answer["duplicate_found"]) == (None, False)
    assert "Hold this lead" in answer["next_steps"][0]
    assert spool.waiting(user_id)


def test_a_lead_is_held_where_nobody_can_know_of_lists(host, user_id):
    assert outcome(said(host, user_id)) == HELD


def test_a_host_without_a_copy_holds_every_lead(nowhere, gate, spool, user_id):
    assert outcome(said(Keeping(nowhere, gate, spool), user_id)) == HELD


def test_a_process_that_read_of_lists_knows_better_than_the_copy(
    host, keepers, keeping, user_id, owner
):
    keepers.refresh()
    a_list(owner, user_id)
    said(keeping, user_id, BOB)
    host.policies = keeping.policies

    assert outcome(said(host, user_id)) == HELD


def test_a_retry_gets_the_first_answer(host, keepers, user_id, ada_listed):
    keepers.refresh()

    first = said(host, user_id, ADA, "k")

    assert said(host, user_id, ADA, "k") == first


def test_who_is_listed_is_turned_away_once_the_database_is_back(
    host, keepers, user_id, ada_listed, worker, stored
):
    keepers.refresh()
    answer = said(host, user_id)

    reconciled(worker, user_id)

    assert stored.actions() == ["reject_duplicate"]
    assert stored.events() == [("lead.late_duplicate", answer["lead_id"])]
    assert stored.rows("SELECT status FROM public.leads WHERE tenant_id = %(tenant)s") == [
        ("invalid",)
    ]


def test_who_is_not_is_told_as_a_new_person_then(
    host, keepers, user_id, ada_listed, worker, stored
):
    keepers.refresh()
    answer = said(host, user_id, BOB)

    reconciled(worker, user_id)

    assert stored.actions() == ["allow_processing"]
    assert stored.events() == [("lead.created", answer["lead_id"])]


# The comparison fails -----------------------------------------------------------------------------


def test_a_lead_that_cannot_be_compared_is_held_where_there_are_lists(
    worker, user_id, gate, ada_listed, stored
):
    answer = skipped(worker, lead(gate, user_id, BOB))

    assert outcome(answer) == HELD
    assert answer["check_skipped"] and not answer["degraded"]
    assert (stored.leads(), stored.events(), stored.reviews()) == ([answer["lead_id"]], [], [])


def test_it_passes_where_there_are_none(worker, user_id, gate):
    assert outcome(skipped(worker, lead(gate, user_id, BOB))) == ALLOWED


def test_its_recheck_turns_away_who_is_listed(worker, user_id, gate, ada_listed, stored):
    answer = skipped(worker, lead(gate, user_id))

    rechecked(worker, user_id)

    assert stored.actions() == ["reject_duplicate"]
    assert stored.events() == [("lead.late_duplicate", answer["lead_id"])]


def test_its_recheck_tells_of_who_is_not(worker, user_id, gate, ada_listed, stored):
    answer = skipped(worker, lead(gate, user_id, BOB))

    rechecked(worker, user_id)

    assert stored.actions() == ["allow_processing"]
    assert stored.events() == [("lead.created", answer["lead_id"])]


def test_a_lead_that_was_told_as_new_is_not_told_again(worker, user_id, gate, stored):
    answer = skipped(worker, lead(gate, user_id, BOB))
    assert stored.events() == [("lead.created", answer["lead_id"])]

    rechecked(worker, user_id)

    assert stored.events() == [("lead.created", answer["lead_id"])]


def test_lists_that_cannot_be_known_of_are_asked(keeping, owner, user_id, gate, ada_listed):
    owner.execute("REVOKE SELECT ON suppression.kept FROM leadfly_app")
    try:
        answer = said(keeping, user_id)
        other = said(keeping, user_id, BOB)
    finally:
        owner.execute("GRANT SELECT ON suppression.kept TO leadfly_app")

    assert (answer["blocking_reason"], answer["check_skipped"]) == ("suppressed", False)
    assert outcome(other) == ALLOWED


def test_lists_that_cannot_be_asked_hold_every_lead(keeping, owner, user_id, ada_listed):
    owner.execute("REVOKE SELECT ON suppression.listed FROM leadfly_app")
    try:
        answer = said(keeping, user_id, BOB)
    finally:
        owner.execute("GRANT SELECT ON suppression.listed TO leadfly_app")

    assert outcome(answer) == HELD
    assert answer["degraded"]


# What a host knows --------------------------------------------------------------------------------


def test_the_next_process_knows_what_this_one_did(
    keepers, database, gate, tmp_path, user_id, owner
):
    a_list(owner, user_id)
    keepers.refresh()

    again = ListKeepers(database, gate.keyring, tmp_path)

    assert again.keeps(user_id) is True
    assert again.keeps("nobody-else") is False


def test_a_copy_of_another_installation_says_nothing(keepers, database, tmp_path, user_id):
    keepers.refresh()

    assert ListKeepers(database, Keyring(b"x" * 32), tmp_path).keeps(user_id) is None


def test_a_copy_that_is_too_old_says_nothing(keepers, gate, database, tmp_path, user_id):
    keepers.refresh()
    content = orjson.loads(gate.keyring.unseal(keepers._path.read_bytes(), "list snapshot"))
    old = [datetime.now(UTC) - VALID_FOR - timedelta(seconds=1), content[1]]
    keepers._path.write_bytes(gate.keyring.seal(orjson.dumps(old), "list snapshot"))

    assert ListKeepers(database, gate.keyring, tmp_path).keeps(user_id) is None


def test_a_list_that_was_deleted_is_none(keepers, owner, user_id):
    a_list(owner, user_id)
    owner.execute("UPDATE suppression.lists SET deleted_at = now() WHERE tenant_id = %s", [user_id])
    keepers.refresh()

    assert keepers.keeps(user_id) is False


def test_the_running_app_knows_who_keeps_lists(app, local_settings):
    known = app.extensions[LIST_KEEPERS]

    assert isinstance(known, ListKeepers)
    assert known._keyring.fingerprint == keyring(local_settings).fingerprint
