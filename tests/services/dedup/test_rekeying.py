"""After an upgrade stored leads get the keys of now, whatever goes on meanwhile."""

from dataclasses import replace

import pytest

from services.dedup import rekeying
from services.dedup.admission import Keeping
from services.dedup.blocking import KEYS_VERSION
from services.dedup.record import unpack
from services.dedup.rekeying import BEFORE_ALL, Follower
from shared.keyfile import keyring
from shared.privacy.consent import Consent
from shared.privacy.gate import Gate
from shared.privacy.modes import MODES
from tests.services.dedup.arrivals import ADA, BOB, NOON, said
from tests.services.dedup.rekeyings import BEFORE, batch, never, stranger

NEW = {KEYS_VERSION: 1}

FIRM = {"company": "Technology Solutions"}
MIKE = {"first_name": "Mike", "last_name": "Johnson", "email": "mj1@gmail.com", **FIRM}
MICHAEL = MIKE | {"first_name": "Michael", "email": "mj2@gmail.com"}


def test_a_duplicate_of_a_lead_of_before_is_found_once_its_keys_are_made_anew(
    keeping, user_id, upgrade
):
    said(keeping, user_id, MIKE)
    upgrade.age()

    upgrade.go_through()

    assert said(keeping, user_id, MICHAEL)["action_taken"] != "allow_processing"


def test_a_duplicate_of_a_lead_with_keys_of_before_is_missed(keeping, user_id, upgrade):
    # What the test above is measured against.
    said(keeping, user_id, MIKE)
    upgrade.age()

    assert said(keeping, user_id, MICHAEL)["action_taken"] == "allow_processing"


def test_keys_are_those_that_the_lead_would_get_now(keeping, user_id, upgrade):
    batch(keeping, user_id, MIKE, ADA, BOB)
    wanted = upgrade.keys()
    upgrade.age()

    done = upgrade.go_through()

    assert upgrade.keys() == wanted
    assert wanted[0] == wanted[1]
    assert (done, upgrade.versions()) == ({"remade": 3}, {KEYS_VERSION: 3})


def test_a_record_is_as_this_version_reads_the_lead(keeping, gate, user_id, upgrade):
    said(keeping, user_id, MIKE)
    (lead_id, sealed), place = record(upgrade), "UPDATE dedup.records SET compared = %s"
    now = unpack(gate.unseal(user_id, sealed, str(lead_id)))
    before = now._replace(roots=()).pack()
    old = gate.keyring.seal(before, f"{user_id}/{lead_id}")
    upgrade.owner.execute(f"{place} WHERE tenant_id = %s", [old, user_id])
    upgrade.age()

    upgrade.go_through()

    assert unpack(gate.unseal(user_id, record(upgrade)[1], str(lead_id))) == now


def test_the_key_of_an_address_that_is_read_otherwise_by_now_stays(keeping, gate, user_id, upgrade):
    said(keeping, user_id, ADA)
    ((lead_id, keys),) = upgrade.keys()[0].items()
    former = gate.keyring.pseudonym(user_id, "email", "former@analytical.example")
    upgrade.age()
    for _ in range(2):  # also at the next upgrade, when the record no longer says it
        if not upgrade.versions().get(KEYS_VERSION):
            read_as(upgrade, gate, former, mailbox="former@analytical.example")
        else:
            upgrade.owner.execute(
                "UPDATE dedup.records SET keys_version = 1 WHERE tenant_id = %s", [user_id]
            )

        upgrade.go_through()

        listed, stored = upgrade.keys()
        assert listed == stored == {lead_id: sorted([*keys, former])}


def read_as(upgrade, gate, key, **changes):
    """Make the account's one record what an earlier version read, found by *key*."""
    lead_id, sealed = record(upgrade)
    read = unpack(gate.unseal(upgrade.user_id, sealed, str(lead_id)))
    packed = read._replace(**changes).pack()
    names = {
        "tenant": upgrade.user_id,
        "compared": gate.keyring.seal(packed, f"{upgrade.user_id}/{lead_id}"),
        "key": key,
        "lead": lead_id,
    }
    for statement in (
        "UPDATE dedup.records SET compared = %(compared)s, blocking_keys = ARRAY[%(key)s::bigint] "
        "WHERE tenant_id = %(tenant)s",
        "DELETE FROM dedup.blocking_keys WHERE tenant_id = %(tenant)s",
        "INSERT INTO dedup.blocking_keys (tenant_id, blocking_key, lead_id) "
        "VALUES (%(tenant)s, %(key)s, %(lead)s)",
    ):
        upgrade.owner.execute(statement, names)


def record(upgrade):
    return upgrade.owner.execute(
        "SELECT lead_id, compared FROM dedup.records WHERE tenant_id = %s", [upgrade.user_id]
    ).fetchone()


def test_what_the_mode_seals_is_opened(keeping, local_settings, user_id, upgrade):
    strict = Gate(MODES["gdpr_strict"], keyring(local_settings))
    sealing = Keeping(keeping.database, strict, keeping.spool)
    said(sealing, user_id, ADA, consent=Consent(frozenset({"lead_processing"}), NOON))
    wanted = upgrade.keys()
    upgrade.age()

    assert replaced(upgrade, strict).go_through() == {"remade": 1}
    assert upgrade.keys() == wanted


def replaced(upgrade, gate):
    return replace(upgrade, desk=replace(upgrade.desk, gate=gate))


def test_whoever_took_their_consent_back_is_passed_over(keeping, local_settings, user_id, upgrade):
    strict = Gate(MODES["gdpr_strict"], keyring(local_settings))
    sealing = Keeping(keeping.database, strict, keeping.spool)
    said(sealing, user_id, ADA, consent=Consent(frozenset({"lead_processing"}), NOON))
    upgrade.owner.execute(
        "UPDATE public.consents SET withdrawn_at = now() WHERE tenant_id = %s", [user_id]
    )
    upgrade.age()
    before = upgrade.keys()

    assert replaced(upgrade, strict).go_through() == {"passed_over": 1}
    assert upgrade.keys() == before


@pytest.mark.parametrize("column", ["compared", "fields"])
def test_a_lead_that_cannot_be_read_is_left_and_told_without_what_it_says(
    keeping, user_id, upgrade, caplog, column
):
    batch(keeping, user_id, ADA, MIKE)
    upgrade.age()
    before, torn = upgrade.keys()[0], TORN[column]
    (lead_id,) = upgrade.owner.execute(torn, [user_id]).fetchone()

    assert upgrade.go_through() == {"remade": 1, "passed_over": 1}

    assert upgrade.versions() == {KEYS_VERSION: 1, -KEYS_VERSION: 1}
    assert upgrade.keys()[0][lead_id] == before[lead_id]
    (told,) = [one for one in caplog.records if "anew" in one.message]
    assert told.fields.keys() == {"lead_id", "error"}
    assert told.fields["lead_id"] == str(lead_id)
    assert "lovelace" not in caplog.text.lower()
    assert upgrade.go_through() == {}


TORN = {
    "compared": "UPDATE dedup.records SET compared = 'x' WHERE tenant_id = %s AND lead_id = "
    "(SELECT id FROM public.leads WHERE fields->>'last_name' = 'Lovelace' "
    "AND tenant_id = dedup.records.tenant_id) RETURNING lead_id",
    "fields": """UPDATE public.leads SET fields = fields || '{"city": 7}' """
    "WHERE tenant_id = %s AND fields->>'last_name' = 'Lovelace' RETURNING id",
}


def test_of_another_account_nothing_is_touched(keeping, user_id, upgrade):
    other = replace(upgrade, user_id=f"{user_id}-other")
    for one in (upgrade, other):
        said(keeping, one.user_id, ADA)
        one.age()

    upgrade.go_through()

    assert (upgrade.versions(), other.versions()) == (NEW, {BEFORE: 1})
    assert other.keys()[0] == other.keys()[1]


def test_the_worker_finds_whose_leads_wait(keeping, user_id, upgrade):
    other = replace(upgrade, user_id=f"{user_id}-other")
    for one in (upgrade, other):
        said(keeping, one.user_id, ADA)
        one.age()
    assert rekeying.waiting(upgrade.desk, user_id) == 1

    Follower(upgrade.desk)(never)

    assert (upgrade.versions(), other.versions()) == (NEW, NEW)
    assert rekeying.waiting(upgrade.desk) == 0


def test_where_nothing_waits_nobody_is_asked_again_at_once(upgrade, nowhere):
    follower = Follower(upgrade.desk)
    follower(never)

    follower.desk = replace(upgrade.desk, database=nowhere)

    follower(never)  # or it would raise Unavailable


def test_a_step_is_no_more_than_it_is_asked_for(keeping, user_id, upgrade):
    batch(keeping, user_id, ADA, BOB, MIKE)
    upgrade.age()

    step = rekeying.advance(upgrade.desk, user_id, BEFORE_ALL, 2)

    assert upgrade.versions() == {KEYS_VERSION: 2, BEFORE: 1}
    rest = rekeying.advance(upgrade.desk, user_id, step.last, 2)
    assert (rest.done, rest.last) == ({"remade": 1}, None)


def test_a_stop_is_heard_between_two_steps(keeping, user_id, upgrade):
    batch(keeping, user_id, *map(stranger, range(120)))
    upgrade.age()
    asked = iter([False, True])

    rekeying.go_through(upgrade.desk, [user_id], lambda: next(asked, True))

    assert 0 < upgrade.versions()[BEFORE] < 120


def test_a_program_of_before_leaves_alone_what_a_later_one_calls_outdated(upgrade):
    """What it may make anew is older than its own version, whatever the view says."""
    with upgrade.desk.database.lookup() as conn:
        row = conn.execute("SELECT count(*) FROM dedup.tenants_to_rekey(1::smallint, 10)")
        assert row.fetchone() == (0,)
