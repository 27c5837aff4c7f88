"""Leads that change while they are scanned: nobody is asked about what is gone or taken back."""

from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest

from services.dedup.scan import scanning
from services.dedup.scan.scanning import Desk
from shared.privacy.gate import Gate
from shared.privacy.modes import MODES
from tests.services.dedup.scan.past import LARA, PIECES, STRANGERS, never

PAIR = PIECES[:2]
"""Two leads of one person."""

AGREE = """
    INSERT INTO public.consents (tenant_id, id, lead_id, purposes, given_at, recorded_at)
    SELECT tenant_id, gen_random_uuid(), id, '{lead_processing}', now(), now()
    FROM public.leads WHERE tenant_id = %s
    """

MERGE = """
    UPDATE public.leads SET subject_id = (
        SELECT subject_id FROM public.leads WHERE tenant_id = %(tenant)s AND id = %(known)s)
    WHERE tenant_id = %(tenant)s AND id = %(lead)s
    """


class Interrupted(Gate):
    """A gate through which something happens once, when a scan of PAIR has read all it compares."""

    def __init__(self, gate, happens):
        super().__init__(gate.mode, gate.keyring)
        self._happens, self._opened = happens, 0

    def unseal(self, *arguments):
        self._opened += 1
        if self._opened == len(PAIR) + 1:  # its own leads, and the first of those around them
            self._happens()
        return super().unseal(*arguments)


@pytest.fixture
def ids(owner, user_id):
    """Return the account's leads in the order a scan takes them."""

    def ids() -> list[UUID]:
        rows = owner.execute(
            "SELECT id FROM public.leads WHERE tenant_id = %s ORDER BY id", [user_id]
        )
        return [lead_id for (lead_id,) in rows]

    return ids


@pytest.fixture
def strict(past, worker_database, gate, owner):
    """The account under a mode that asks for consent, and everybody in it agreed."""
    past.bring(*PAIR)
    owner.execute(AGREE, [past.user_id])
    past.desk = Desk(worker_database, Gate(MODES["gdpr_strict"], gate.keyring))
    return past


def begun(past):
    """Ask for a scan that has gone through one lead; return its id."""
    asked = past.ask("POST", "/scans", 202)["scan"]["id"]
    assert scanning.advance(past.desk, past.user_id, never, 1)
    return asked


def ended(past, scan_id):
    """Let the scan end; return it, and assert that nothing failed."""
    past.work()
    scan = past.ask("GET", f"/scans/{scan_id}")["scan"]
    assert (scan["status"], scan["leads_failed"]) == ("done", 0)
    return scan


def interrupted(past, worker_database, gate, happens):
    """Scan all leads in one transaction, in the midst of which something *happens*; return it."""
    past.desk = Desk(worker_database, Interrupted(gate, happens))
    return ended(past, past.ask("POST", "/scans", 202)["scan"]["id"])


def test_whoever_agreed_is_scanned(strict):
    assert ended(strict, begun(strict))["reviews_opened"] == 1


@pytest.mark.parametrize("place", [0, 1], ids=["the known lead", "the lead to come"])
def test_consent_that_is_withdrawn_while_a_scan_runs_ends_the_comparing(strict, owner, ids, place):
    scan_id = begun(strict)

    owner.execute(
        "UPDATE public.consents SET withdrawn_at = now() WHERE tenant_id = %s AND lead_id = %s",
        [strict.user_id, ids()[place]],
    )

    assert ended(strict, scan_id)["pairs_compared"] == 0
    assert strict.reviews() == []


def test_an_older_consent_does_not_outlive_the_withdrawal_of_a_newer_one(strict, owner, ids):
    owner.execute(AGREE, [strict.user_id])
    scan_id = begun(strict)

    owner.execute(
        """
        UPDATE public.consents SET withdrawn_at = now() WHERE tenant_id = %(tenant)s AND id = (
            SELECT id FROM public.consents WHERE tenant_id = %(tenant)s AND lead_id = %(lead)s
            ORDER BY recorded_at DESC LIMIT 1)
        """,
        {"tenant": strict.user_id, "lead": ids()[0]},
    )

    assert ended(strict, scan_id)["pairs_compared"] == 0


def test_leads_that_become_one_person_while_a_scan_runs_are_not_asked_about(past, owner, ids):
    past.bring(*PAIR)
    scan_id = begun(past)
    known, lead = ids()

    owner.execute(MERGE, {"tenant": past.user_id, "known": known, "lead": lead})

    assert ended(past, scan_id)["reviews_opened"] == 0
    assert past.reviews() == []


def test_leads_that_are_merged_while_they_are_compared_are_not_asked_about(
    past, worker_database, gate, owner, ids
):
    past.bring(*PAIR)
    known, lead = ids()

    def merge():
        owner.execute(MERGE, {"tenant": past.user_id, "known": known, "lead": lead})

    scan = interrupted(past, worker_database, gate, merge)

    assert (scan["pairs_compared"], scan["reviews_opened"]) == (1, 0)
    assert past.reviews() == []


def test_a_lead_that_is_erased_before_a_scan_comes_to_it_is_no_part_of_it(past, ids):
    past.bring(*PAIR)
    scan_id = begun(past)

    past.ask("DELETE", f"/leads/{ids()[1]}")

    assert ended(past, scan_id)["leads_done"] == 1
    assert past.reviews() == []


@pytest.mark.parametrize("place", [0, 1], ids=["the known lead", "the lead itself"])
def test_a_lead_that_is_erased_while_it_is_compared_leaves_nothing(
    past, worker_database, gate, owner, ids, place
):
    past.bring(*PAIR)
    gone = ids()[place]

    scan = interrupted(past, worker_database, gate, lambda: past.ask("DELETE", f"/leads/{gone}"))

    assert (scan["pairs_compared"], scan["reviews_opened"]) == (1, 0)
    rows = owner.execute(
        "SELECT lead_id FROM dedup.scan_members WHERE tenant_id = %s", [past.user_id]
    )
    assert (gone,) not in rows.fetchall()
    assert past.reviews() == []


@contextmanager
def erasing(conninfo, tenant_id, lead_id):
    """Erase a lead in a transaction that goes on; yield its connection."""
    with psycopg.connect(conninfo) as conn:
        conn.execute(
            "DELETE FROM public.leads WHERE tenant_id = %s AND id = %s", [tenant_id, lead_id]
        )
        yield conn


def test_a_scan_does_not_wait_for_an_erasure_and_writes_nothing_about_its_lead(
    past, owner_conninfo, ids
):
    past.bring(*PAIR)
    scan_id = past.ask("POST", "/scans", 202)["scan"]["id"]

    with erasing(owner_conninfo, past.user_id, ids()[0]):
        scan = ended(past, scan_id)

    assert scan["reviews_opened"] == 0
    assert past.reviews() == []


def test_whom_an_erasure_that_failed_kept_from_being_asked_about_is_found_at_night(
    past, owner_conninfo, ids
):
    past.bring(*PAIR)
    past.night(1)  # an account's first night is left out
    scan_id = past.ask("POST", "/scans", 202, only_unchecked=True)["scan"]["id"]
    with erasing(owner_conninfo, past.user_id, ids()[0]) as eraser:
        ended(past, scan_id)
        eraser.rollback()

    past.night(2)

    assert len(past.reviews()) == 1


def test_a_lead_that_comes_while_a_scan_runs_is_compared_by_its_own_check(past, post):
    past.bring(*STRANGERS)
    scan_id = begun(past)

    first, again = post(**LARA), post(**LARA)

    scan = ended(past, scan_id)
    assert again["match_details"]["lead_id"] == first["lead_id"]
    assert scan["reviews_opened"] == 0
