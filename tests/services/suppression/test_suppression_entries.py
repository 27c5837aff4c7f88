"""Entries by the flows: races, times that are passed in, and what outlives a person's erasure."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from services.suppression import asking, entering, entry_store, keeping, purge_store
from services.suppression.column import Reading
from services.suppression.desk import Desk
from services.suppression.entry_store import MOST_AT_ONCE
from services.suppression.identity import identity
from shared import suppression
from shared.errors import Conflict, NotFound
from shared.normalize import phone

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

DAY = timedelta(days=1)


class Killed(Exception):
    """The process is gone in the midst of a transaction."""


class Keeper:
    """One account's lists, at times that are given."""

    def __init__(self, desk, tenant_id):
        self.desk, self.tenant_id = desk, tenant_id

    def listed(self, **said):
        said = {"name": "Objections", "kind": "do_not_contact"} | said
        return keeping.add(self.desk, self.tenant_id, said, "local", NOW).id

    def enter(self, list_id, now=NOW, **said):
        return entering.add(self.desk, self.tenant_id, list_id, [identity(said, "US")], now)

    def send(self, list_id, text, now=NOW):
        chunks = [text.encode()]
        sheet = entering.read(self.desk, self.tenant_id, chunks, Reading("US"))
        return entering.enter(self.desk, self.tenant_id, list_id, sheet, False, now)

    def hits(self, now=NOW, **said):
        return asking.naming(self.desk, self.tenant_id, identity(said, "US"), now)

    def unique(self, list_id, now=NOW, **said):
        found = entering.unique(self.desk, self.tenant_id, list_id, identity(said, "US"), now)
        return found.is_unique

    def size(self, list_id):
        return keeping.size(self.desk, self.tenant_id, list_id)


@pytest.fixture
def keeper(desk, user_id):
    return Keeper(desk, user_id)


@pytest.fixture
def busy(busy_database, gate, user_id):
    return Keeper(Desk(busy_database, gate.keyring, "US"), user_id)


def at_once(calls):
    with ThreadPoolExecutor(20) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def test_of_fifty_who_ask_at_once_one_is_told_that_a_person_is_new(busy):
    list_id = busy.listed()
    ways = ("ann@x.com", " ANN@X.com", "ann+news@x.com")

    told = at_once([lambda way=ways[n % 3]: busy.unique(list_id, email=way) for n in range(50)])

    assert sum(told) == 1
    assert busy.size(list_id) == 1


def test_an_address_that_is_asked_about_beside_its_hash_is_not_lost(busy):
    list_id, digest = busy.listed(), suppression.of_email("ann@x.com")[1].text

    ways = [{"email": "ann@x.com"}, {"hash": digest}]
    at_once([lambda way=ways[n % 2]: busy.unique(list_id, **way) for n in range(20)])

    assert busy.hits(email="ann@x.com")


def test_one_file_that_is_sent_many_times_at_once_is_added_once(busy):
    list_id = busy.listed()
    text = "".join(f"person-{n}@x.example\n" for n in range(500))

    done = at_once([lambda: busy.send(list_id, text)] * 8)

    assert sum(each.added for each in done) == 500
    assert busy.size(list_id) == 500


def test_people_come_on_a_list_while_others_go_off_it(busy):
    list_id = busy.listed(expires_after_days=30)
    people = [identity({"email": f"person-{at}@x.example"}, "US") for at in range(1500)]
    of = (busy.desk, busy.tenant_id, list_id)

    def come(later):
        return entering.add(*of, people[later % 3 :: 2], NOW + timedelta(seconds=later))

    def go(later):
        return entering.remove(*of, people[later % 3 :: 2])

    # A deadlock would raise.
    at_once([lambda at=at, done=(come, go)[at % 2]: done(at) for at in range(40)])


def test_lists_of_one_name_that_are_made_at_once_are_one(busy):
    def made():
        try:
            return busy.listed()
        except Conflict:
            return None

    assert sum(one is not None for one in at_once([made] * 8)) == 1


def test_an_entry_counts_until_its_days_are_over(keeper):
    list_id = keeper.listed(expires_after_days=30)
    keeper.enter(list_id, email="ann@x.com")

    assert keeper.hits(NOW + 30 * DAY - timedelta(seconds=1), email="ann@x.com")
    assert not keeper.hits(NOW + 30 * DAY, email="ann@x.com")


def test_an_entry_that_is_over_is_new_again(keeper):
    list_id = keeper.listed(expires_after_days=30)
    keeper.enter(list_id, email="ann@x.com")

    assert not keeper.unique(list_id, NOW + 29 * DAY, email="ann@x.com")
    assert keeper.unique(list_id, NOW + 31 * DAY, email="ann@x.com")
    assert keeper.hits(NOW + 60 * DAY, email="ann@x.com")[0].added_at == NOW + 31 * DAY


def test_an_entry_that_is_added_again_counts_longer_and_keeps_its_day(keeper):
    list_id = keeper.listed(expires_after_days=30)
    keeper.enter(list_id, email="ann@x.com")

    again = keeper.enter(list_id, NOW + 20 * DAY, email="ann@x.com")

    assert (again.added, again.known) == (0, 1)
    assert keeper.hits(NOW + 45 * DAY, email="ann@x.com")[0].added_at == NOW


def test_an_entry_for_ever_is_not_shortened(keeper):
    list_id = keeper.listed()
    keeper.enter(list_id, email="ann@x.com")
    said = {"expires_after_days": 30}
    keeping.change(keeper.desk, keeper.tenant_id, list_id, said, "local", NOW)

    keeper.enter(list_id, email="ann@x.com")

    assert keeper.hits(NOW + 4000 * DAY, email="ann@x.com")


def test_what_is_over_is_purged_and_the_rest_stays(keeper, worker_database):
    # The database's own clock must agree that it is over.
    long_ago = datetime.now(UTC) - 40 * DAY
    list_id = keeper.listed(expires_after_days=30)
    keeper.enter(list_id, long_ago, email="ann@x.com")
    keeper.enter(list_id, long_ago + 20 * DAY, email="bob@x.com")

    with worker_database.lookup() as conn:
        purge_store.purge_expired(conn, datetime.now(UTC))

    assert keeper.size(list_id) == 1
    assert keeper.hits(datetime.now(UTC), email="bob@x.com")


def test_a_deleted_list_goes_with_its_entries(keeper, worker_database):
    list_id = keeper.listed()
    keeper.enter(list_id, email="ann@x.com")
    keeping.delete(keeper.desk, keeper.tenant_id, list_id, "local", NOW)

    with worker_database.lookup() as conn:
        purge_store.purge_expired(conn, datetime.now(UTC))

    assert keeper.size(list_id) == 0
    with pytest.raises(NotFound):
        keeper.enter(list_id, email="ann@x.com")


def test_a_file_of_several_parts_that_breaks_off_leaves_nothing(keeper):
    list_id = keeper.listed()
    text = "".join(f"person-{n}@x.example\n" for n in range(MOST_AT_ONCE + 1))
    sheet = entering.read(keeper.desk, keeper.tenant_id, [text.encode()], Reading("US"))

    with pytest.raises(Killed), keeper.desk.database.transaction(keeper.tenant_id) as conn:
        roll = keeping.held(conn, keeper.tenant_id, list_id)
        entry_store.add(conn, keeper.tenant_id, roll, sorted(sheet.keys)[:MOST_AT_ONCE], NOW)
        raise Killed

    assert keeper.size(list_id) == 0


def test_entries_outlive_the_erasure_of_the_lead(keeper, post, client, user_id):
    list_id = keeper.listed(on_hit="flag")
    keeper.enter(list_id, email="ann@x.com")
    lead = post(email="ann@x.com", name="Ann Lee")

    path = f"/api/v1/lead-discovery/leads/{lead['lead_id']}"
    assert client.delete(path, query_string={"user_id": user_id}).status_code == 200

    assert keeper.hits(email="ann@x.com")


def test_the_views_say_what_other_services_may_know(keeper):
    list_id = keeper.listed(sources=["ads"])
    keeper.enter(list_id, phone="(212) 555-1212")
    number = phone.parse("+12125551212")
    keys = [keeper.desk.key(keeper.tenant_id, value) for value in suppression.of_phone(number)]

    with keeper.desk.database.transaction(keeper.tenant_id) as conn:
        kept = conn.execute(
            "SELECT list_id, kind, on_hit, sources FROM suppression.kept WHERE tenant_id = %s",
            [keeper.tenant_id],
        ).fetchall()
        listed = conn.execute(
            """
            SELECT list_id, list_name, kind, on_hit, sources, added_at, expires_at
            FROM suppression.listed WHERE tenant_id = %s AND key = ANY (%s)
            """,
            [keeper.tenant_id, keys],
        ).fetchall()

    assert kept == [(list_id, "do_not_contact", "reject", ["ads"])]
    assert listed == [(list_id, "Objections", "do_not_contact", "reject", ["ads"], NOW, None)]
