"""Making keys anew beside everybody else: nothing is lost, done twice or left behind."""

from concurrent.futures import ThreadPoolExecutor

import psycopg

from services.dedup import rekey_store, rekeying
from services.dedup.admission import Keeping
from services.dedup.blocking import KEYS_VERSION
from services.dedup.rekey_store import Remade
from tests.services.dedup.arrivals import ADA, BOB, lead, said
from tests.services.dedup.rekeyings import BEFORE, batch, stranger


def test_two_workers_share_the_leads_and_do_none_twice(keeping, user_id, upgrade):
    batch(keeping, user_id, *map(stranger, range(300)))
    wanted = upgrade.keys()
    upgrade.age()

    with ThreadPoolExecutor(2) as pool:
        ours, theirs = pool.map(lambda _: upgrade.go_through(), range(2))
    rest = upgrade.go_through()

    assert ours["remade"] + theirs["remade"] + rest["remade"] == 300
    assert (upgrade.keys(), upgrade.versions()) == (wanted, {KEYS_VERSION: 300})


def test_whoever_has_not_the_turn_does_nothing(keeping, gate, user_id, upgrade, busy_database):
    said(keeping, user_id, ADA)
    upgrade.age()
    turn = gate.keyring.pseudonym(user_id, "blocking keys", "")

    with busy_database.transaction(user_id) as conn:
        assert rekey_store.take_turn(conn, turn)
        assert upgrade.go_through() == {}

    assert upgrade.go_through() == {"remade": 1}


def test_a_lead_whose_keys_a_check_holds_is_left_for_the_next_time(
    keeping, gate, user_id, upgrade, busy_database
):
    batch(keeping, user_id, ADA, BOB)
    upgrade.age()

    with busy_database.transaction(user_id, lead(gate, user_id, ADA).locked) as conn:
        conn.execute("SELECT 1").fetchone()
        assert upgrade.go_through() == {"remade": 1, "postponed": 1}

    assert upgrade.go_through() == {"remade": 1}


def test_a_lead_that_was_erased_meanwhile_is_left_out(keeping, user_id, upgrade):
    said(keeping, user_id, ADA)
    upgrade.age()
    made = remade(upgrade)
    upgrade.owner.execute("DELETE FROM public.subjects WHERE tenant_id = %s", [user_id])

    with upgrade.desk.database.transaction(user_id) as conn:
        assert rekey_store.save(conn, [made]) == set()

    assert upgrade.keys() == ({}, {})


def remade(upgrade):
    """Return the account's one lead with a new key."""
    ((lead_id, before),) = upgrade.keys()[0].items()
    return Remade(lead_id, before, [7], None, None)


def test_a_lead_that_is_being_erased_is_not_waited_for(keeping, user_id, upgrade, owner_conninfo):
    said(keeping, user_id, ADA)
    upgrade.age()
    made = remade(upgrade)

    with psycopg.connect(owner_conninfo) as eraser:
        eraser.execute("DELETE FROM public.subjects WHERE tenant_id = %s", [user_id])
        with upgrade.desk.database.transaction(user_id) as conn:
            assert rekey_store.save(conn, [made]) == set()

    assert upgrade.keys() == ({}, {})


def test_an_erasure_that_waits_for_new_keys_takes_them_along(
    keeping, user_id, upgrade, owner_conninfo
):
    said(keeping, user_id, ADA)
    upgrade.age()
    made = remade(upgrade)

    with (
        psycopg.connect(owner_conninfo) as eraser,
        ThreadPoolExecutor(1) as pool,
        upgrade.desk.database.transaction(user_id) as conn,
    ):
        assert rekey_store.save(conn, [made]) == {made.lead_id}
        erased = pool.submit(erase, eraser, user_id)
        wait_until_it_waits(upgrade.owner, eraser)
    erased.result(30)

    assert upgrade.keys() == ({}, {})


def erase(conn, user_id):
    conn.execute("DELETE FROM public.subjects WHERE tenant_id = %s", [user_id])
    conn.commit()


def wait_until_it_waits(owner, conn):
    query = "SELECT cardinality(pg_blocking_pids(%s)) > 0"
    for _ in range(10_000):
        if owner.execute(query, [conn.info.backend_pid]).fetchone() == (True,):
            return
    raise AssertionError("it does not wait")


def test_a_record_that_was_written_anew_meanwhile_stays(keeping, user_id, upgrade):
    said(keeping, user_id, ADA)
    upgrade.age()
    made = remade(upgrade)
    upgrade.go_through()
    after = upgrade.keys()

    with upgrade.desk.database.transaction(user_id) as conn:
        assert rekey_store.save(conn, [made]) == set()

    assert upgrade.keys() == after


def test_checks_beside_it_lose_nothing_and_let_nobody_in_twice(
    busy_database, gate, spool, user_id, upgrade, keeping
):
    batch(keeping, user_id, *map(stranger, range(120)))
    wanted = upgrade.keys()[0]
    upgrade.age()
    beside = Keeping(busy_database, gate, spool, keeps_lists=keeping.keeps_lists)

    def twice(number):
        first, second = (said(beside, user_id, stranger(number)) for _ in range(2))
        return [first["action_taken"], second["action_taken"]]

    with ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(twice, number) for number in range(120)]
        while upgrade.versions().get(BEFORE):
            upgrade.go_through()
        actions = [one.result(60) for one in answers]

    assert all(second != "allow_processing" for _, second in actions)
    listed, stored = upgrade.keys()
    assert listed == stored
    assert len(listed) == 360
    assert {one: listed[one] for one in wanted} == wanted
    assert upgrade.versions() == {KEYS_VERSION: 360}


def test_all_are_done_when_it_says_so_though_others_hold_some(
    keeping, gate, user_id, upgrade, busy_database
):
    batch(keeping, user_id, ADA, BOB)
    upgrade.age()
    shown = []
    with ThreadPoolExecutor(1) as pool:
        with busy_database.transaction(user_id, lead(gate, user_id, ADA).locked) as conn:
            conn.execute("SELECT 1").fetchone()
            done = pool.submit(rekeying.finish, upgrade.desk, user_id, shown.append)
            while shown[-1:] != [1]:
                assert not done.done()
        tally = done.result(60)

    assert tally["remade"] == 2
    assert shown[0] == 2
