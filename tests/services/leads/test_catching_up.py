"""Catching up: what was stored is listed, once, whatever happens beside it."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psycopg
import pytest
from psycopg import sql

from services.leads.catching_up import _list, catch_up, keep_up
from shared.db import Database
from tests.services.leads.account import Account


@pytest.fixture
def mine(app, user_id):
    return Account(app, user_id)


@pytest.fixture
def rows(database, user_id):
    """Return what a query over this test's account finds."""

    def rows(query, *values):
        with database.transaction(user_id) as conn:
            return conn.execute(query, values).fetchall()

    return rows


def unlisted(rows):
    return len(rows("SELECT FROM leads.unlisted"))


def test_a_lead_waits_until_somebody_reads(mine, rows, database, gate, user_id):
    mine.lead(notes="Hello.")
    assert (unlisted(rows), len(rows("SELECT FROM leads.listing"))) == (1, 0)

    assert catch_up(database, gate, "US", user_id) == 0

    assert (unlisted(rows), len(rows("SELECT FROM leads.listing"))) == (0, 1)
    assert len(rows("SELECT FROM leads.notes")) == 1


def test_the_newest_are_listed_first_and_the_rest_is_counted(mine, rows, database, gate, user_id):
    made = mine.leads(5)

    assert catch_up(database, gate, "US", user_id, most=2) == 3
    listed = {str(lead_id) for (lead_id,) in rows("SELECT lead_id FROM leads.listing")}
    assert listed == set(made[-2:])


def test_many_readers_at_once_list_each_lead_once(mine, rows, busy_database, gate, user_id):
    mine.leads(30)
    reading = partial(catch_up, busy_database, gate, "US", user_id)
    with ThreadPoolExecutor(8) as pool:
        waiting = list(pool.map(lambda _: reading(), range(8)))

    assert set(waiting) == {0}
    assert len(rows("SELECT FROM leads.listing")) == 30


def test_the_worker_lists_what_nobody_reads(mine, rows, worker_database, gate):
    mine.lead(notes="Hello.")

    keep_up(worker_database, gate, "US", lambda: False)

    assert (unlisted(rows), len(rows("SELECT FROM leads.notes"))) == (0, 1)


def test_the_worker_passes_over_what_a_reader_is_listing(
    mine, rows, database, worker_database, gate, user_id
):
    mine.lead()
    with database.transaction(user_id) as conn:
        conn.execute("SELECT FROM leads.unlisted FOR UPDATE").fetchall()
        keep_up(worker_database, gate, "US", lambda: False)

    assert unlisted(rows) == 1


def test_listing_again_changes_nothing(mine, rows, database, gate, user_id):
    lead_id = mine.lead(notes="Hello.")
    catch_up(database, gate, "US", user_id)
    before = rows("SELECT listing::text FROM leads.listing")
    rows("INSERT INTO leads.unlisted VALUES (%s, %s) RETURNING 1", user_id, lead_id)

    catch_up(database, gate, "US", user_id)

    assert rows("SELECT listing::text FROM leads.listing") == before
    assert len(rows("SELECT FROM leads.notes")) == 1


def test_a_lead_that_cannot_be_read_is_listed_bare_and_holds_nobody_up(
    mine, rows, database, gate, user_id, owner_conninfo
):
    broken = mine.lead(city="Austin", state="TX")
    whole = mine.lead(email="bo@bo.example", first_name="Bo", city="Austin", state="TX")
    with psycopg.connect(owner_conninfo) as owner:
        owner.execute("UPDATE public.leads SET sealed = 'x' WHERE id = %s", [broken])

    catch_up(database, gate, "US", user_id)

    places = {str(i): place for i, place in rows("SELECT lead_id, place FROM leads.listing")}
    assert places == {broken: None, whole: "Austin"}


def test_a_merge_after_listing_shows_at_once(mine, rows):
    first = mine.lead()
    assert mine.listed() == 1
    other = mine.lead(email="bo@bo.example", first_name="Bo", last_name="Derek")
    assert mine.listed() == 2

    rows("UPDATE public.leads SET duplicate_of = %s WHERE id = %s RETURNING 1", first, other)

    assert (mine.listed(), mine.listed(duplicates="true")) == (1, 2)


def test_a_change_while_a_lead_is_being_listed_is_not_lost(mine, rows, app_conninfo, gate, user_id):
    """The change waits for the listing and then follows in it."""
    lead_id = mine.lead()
    one, other = Database(app_conninfo, most=1), Database(app_conninfo, most=1)

    def change():
        with other.transaction(user_id) as conn:
            conn.execute("UPDATE public.leads SET status = 'lost' WHERE id = %s", [lead_id])

    with ThreadPoolExecutor(1) as pool:
        with one.transaction(user_id) as conn:
            _list(conn, gate, "US", user_id, 10, True)
            conn.execute("SELECT 1").fetchone()
            changing = pool.submit(change)
        changing.result()
    one.close()
    other.close()

    assert rows("SELECT status FROM leads.listing") == [("lost",)]


def test_an_erased_lead_takes_its_listing_and_its_words_along(mine, rows, gate, database, user_id):
    lead_id = mine.lead(notes="Hello.")
    mine.ask("PUT", f"/leads/{lead_id}", tags=["vip"])
    assert ("#vip",) in rows("SELECT word FROM leads.words")

    mine.client.delete(f"/api/v1/lead-discovery/leads/{lead_id}", query_string={"user_id": user_id})

    for table in ("listing", "words", "notes", "unlisted", "changes"):
        query = sql.SQL("SELECT 1 FROM {}").format(sql.Identifier("leads", table))
        assert rows(query) == [], table
