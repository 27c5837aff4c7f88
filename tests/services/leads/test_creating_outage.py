"""A lead that is created while the database is away is kept, and completed by a retry."""

import time
from dataclasses import replace

import psycopg
import pytest

from leadfly.lead_admission import LeadAdmission
from services.dedup.admission import Keeping
from services.dedup.reconcile import reconcile
from services.leads.creating import Desk, New, create
from services.leads.signal_store import Signal
from shared.db import Database
from shared.errors import Unavailable
from shared.idempotency import KeyReused
from shared.privacy.gate import ConsentMissing, Gate
from shared.privacy.modes import MODES
from shared.spool import Spool

ADA = New(
    "trade-fair",
    {"name": "Ada Lovelace", "email": "ada@analytical.example", "city": "London"},
    signals=(Signal("growth", "content", "content_analysis", "They hire.", 70, 0.9),),
    tags=("vip",),
)


@pytest.fixture(scope="module")
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


@pytest.fixture
def spool(tmp_path):
    spool = Spool(tmp_path / "spool")
    yield spool
    spool.close()


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory):
    """A database that nobody serves, and that is known to be away."""
    database = Database(f"host={tmp_path_factory.mktemp('nowhere')} dbname=none user=nobody")
    database.watch()
    give_up = time.monotonic() + 10
    while not database.away and time.monotonic() < give_up:
        time.sleep(0.01)
    yield database
    database.close()


def desk(database, gate, spool):
    keeping = Keeping(database, gate, spool)
    return Desk(database, gate, "US", LeadAdmission(lambda: keeping, "US"))


@pytest.fixture
def here(database, gate, spool):
    """All is well."""
    return desk(database, gate, spool)


@pytest.fixture
def away(nowhere, gate, spool):
    """The same host while its database is away."""
    return desk(nowhere, gate, spool)


def ids(owner, user_id):
    found = owner.execute("SELECT id FROM public.leads WHERE tenant_id = %s", [user_id])
    return [row[0] for row in found]


def test_a_lead_waits_under_the_id_that_it_will_have(away, here, spool, owner, user_id):
    made = create(away, user_id, ADA, "k")

    reconcile(here.database, here.gate, spool, user_id, 5)

    assert ids(owner, user_id) == [made.lead["id"]]


def test_while_it_waits_it_is_shown_by_what_it_said(away, user_id):
    made = create(away, user_id, ADA, "k")

    assert made.lead["name"] == "Ada Lovelace"
    assert (made.lead["location"], made.lead["place"]) == ("London", None)
    assert (made.admitted.check["degraded"], made.admitted.check["check_skipped"]) == (True, True)
    assert list(made.incomplete) == ["signals", "tags"]


def test_a_retry_completes_what_an_outage_left_out(away, here, spool, user_id):
    first = create(away, user_id, ADA, "k")
    reconcile(here.database, here.gate, spool, user_id, 5)

    again = create(here, user_id, ADA, "k")

    assert again.admitted.repeated
    assert again.lead["id"] == first.lead["id"]
    assert (again.lead["tags"], again.lead["signal_strength"]) == (["vip"], 70)
    assert list(again.incomplete) == []


def test_a_lead_that_was_stored_is_answered_though_the_rest_failed(here, away, owner, user_id):
    """The database goes away right after the check."""
    broken = replace(here, database=away.database)

    made = create(broken, user_id, ADA, "k")

    assert ids(owner, user_id) == [made.lead["id"]]
    assert list(made.incomplete) == ["signals", "tags"]
    assert list(create(here, user_id, ADA, "k").incomplete) == []


def test_an_investigation_that_nobody_can_look_up_costs_no_lead(away, here, spool, user_id):
    lost = "00000000-0000-7000-8000-000000000000"
    new = replace(ADA, investigation_id=lost, fields=ADA.fields | {"investigation_id": lost})

    made = create(away, user_id, new, "k")
    reconcile(here.database, here.gate, spool, user_id, 5)

    again = create(here, user_id, new, "k")
    assert again.lead["id"] == made.lead["id"]
    assert again.lead["investigation_id"] is None


def test_another_lead_under_the_key_of_one_that_waits_is_refused(away, user_id):
    create(away, user_id, ADA, "k")

    with pytest.raises(KeyReused):
        create(away, user_id, replace(ADA, tags=()), "k")


def test_where_nothing_can_be_kept_nothing_is_promised(nowhere, gate, tmp_path, user_id):
    (tmp_path / "file").write_text("in the way")
    broken = desk(nowhere, gate, Spool(tmp_path / "file"))

    with pytest.raises(Unavailable):
        create(broken, user_id, ADA, "k")


def test_a_mode_that_asks_for_consent_takes_no_lead_without(here, spool, owner, user_id):
    strict = Gate(MODES["gdpr_strict"], here.gate.keyring)

    with pytest.raises(ConsentMissing):
        create(desk(here.database, strict, spool), user_id, ADA)

    assert ids(owner, user_id) == []


def test_with_consent_a_strict_mode_seals_and_shows(here, spool, owner, user_id):
    strict = desk(here.database, Gate(MODES["gdpr_strict"], here.gate.keyring), spool)
    new = replace(
        ADA,
        fields=ADA.fields | {"notes": "Knows Grace."},
        consent={"purposes": ["lead_processing"], "text_version": "2026-01"},
    )

    made = create(strict, user_id, new)

    (clear,) = owner.execute(
        "SELECT fields::text FROM public.leads WHERE tenant_id = %s", [user_id]
    ).fetchone()
    assert "Lovelace" not in clear
    assert "Grace" not in clear
    assert (made.lead["name"], made.lead["signal_strength"]) == ("Ada Lovelace", 70)
