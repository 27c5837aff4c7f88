"""Of all who bring one key the first has it, until its time is over or it is released."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.seen import listing
from services.seen.claim import DISCARDED, KEPT, NOT_HELD, RELEASED, Place, Wanted, distinct
from services.seen.claiming import claim
from services.seen.desk import Desk
from services.seen.purge_store import MOST, purge_expired
from services.seen.scope import MOST_SCOPES
from services.seen.settling import HoldOver, confirm, release_everywhere
from shared.errors import NotFound
from shared.idempotency import KEPT_FOR, KeyReused
from tests.services.seen.conftest import NOW, Bringing

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def results(answers):
    return [answer.result for answer in answers]


def test_a_key_is_kept_once(bring):
    assert [bring.one("a").result, bring.one("a").result] == [KEPT, DISCARDED]


def test_one_key_in_two_scopes_is_two(bring):
    assert bring.one("a", scope="one").result == bring.one("a", scope="two").result == KEPT


def test_accounts_never_meet(desk):
    one, other = (Bringing(desk, f"tenant-{uuid4().hex}") for _ in range(2))

    assert one.one("a").result == other.one("a").result == KEPT


def test_a_key_says_since_when_and_until_when_it_counts(bring):
    bring.one("a", ttl_days=30)
    late = bring.one("a", now=NOW + DAY, ttl_days=400)

    assert late.standing.first_seen_at == NOW
    assert late.standing.lasts_until == NOW + 30 * DAY


@pytest.mark.parametrize(("after", "result"), [(30 * DAY - SECOND, DISCARDED), (30 * DAY, KEPT)])
def test_a_key_is_new_again_once_its_days_are_over(bring, after, result):
    bring.one("a", ttl_days=30)

    assert bring.one("a", now=NOW + after).result == result


def test_being_seen_again_does_not_make_a_key_last(bring):
    bring.one("a", ttl_days=2)
    bring.one("a", now=NOW + DAY, ttl_days=2)

    assert bring.one("a", now=NOW + 2 * DAY).result == KEPT


def test_of_equal_keys_in_a_batch_the_first_is_kept(bring):
    wanted = [bring.wanted(key) for key in ("a", "b", "a", "c", "b", "a")]

    assert results(bring.many(*wanted)) == [KEPT, KEPT, DISCARDED, KEPT, DISCARDED, DISCARDED]


def test_a_batch_of_a_thousand_is_kept_whole(bring):
    wanted = [bring.wanted(f"row-{number}") for number in range(1000)]

    assert set(results(bring.many(*wanted))) == {KEPT}
    assert set(results(bring.many(*wanted))) == {DISCARDED}


def test_fifty_at_once_keep_a_key_once(busy_database, gate, user_id):
    desk = Desk(busy_database, gate.keyring)
    bring = Bringing(desk, user_id)
    with ThreadPoolExecutor(50) as threads:
        found = list(threads.map(lambda _: bring.one("a").result, range(50)))

    assert found.count(KEPT) == 1


def test_fifty_at_once_keep_an_expired_key_once(busy_database, gate, user_id):
    bring = Bringing(Desk(busy_database, gate.keyring), user_id)
    bring.one("a", ttl_days=1)
    with ThreadPoolExecutor(50) as threads:
        found = list(threads.map(lambda _: bring.one("a", now=NOW + DAY).result, range(50)))

    assert found.count(KEPT) == 1


def test_batches_in_any_order_at_once_keep_each_key_once(busy_database, gate, user_id):
    bring = Bringing(Desk(busy_database, gate.keyring), user_id)
    rows = [bring.wanted(f"row-{n}", scope=f"scope-{n % 3}") for n in range(200)]

    def turned(number):
        return [rows[(place * 7 + number * 13) % 200] for place in range(200)]

    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(lambda n: results(bring.many(*turned(n))), range(20)))

    assert sum(each.count(KEPT) for each in found) == 200


def test_a_hold_that_nobody_confirms_frees_itself(bring):
    held = bring.one("a", hold_seconds=60)

    assert held.standing.is_held
    assert bring.one("a", now=NOW + 59 * SECOND).result == DISCARDED
    assert bring.one("a", now=NOW + 60 * SECOND).result == KEPT


def test_a_hold_that_is_confirmed_counts_to_its_end(bring):
    held = bring.one("a", hold_seconds=60, ttl_days=30)
    done = bring.confirm("a", held.standing.claim_id, NOW + 59 * SECOND)

    assert done.expires_at == NOW + 30 * DAY
    assert bring.one("a", now=NOW + 30 * DAY - SECOND).result == DISCARDED
    assert bring.one("a", now=NOW + 30 * DAY).result == KEPT


def test_a_hold_is_confirmed_as_often_as_it_is_asked(bring):
    held = bring.one("a", hold_seconds=60)
    claim_id = held.standing.claim_id

    assert bring.confirm("a", claim_id) == bring.confirm("a", claim_id, NOW + 90 * SECOND)


def test_a_hold_that_is_over_is_not_confirmed(bring):
    held = bring.one("a", hold_seconds=60)

    assert isinstance(bring.confirm("a", held.standing.claim_id, NOW + 60 * SECOND), HoldOver)
    assert bring.one("a", now=NOW + 60 * SECOND).result == KEPT


def test_a_hold_that_another_has_by_now_is_not_confirmed(bring):
    first = bring.one("a", hold_seconds=60).standing.claim_id
    second = bring.one("a", now=NOW + 60 * SECOND, hold_seconds=60).standing.claim_id

    assert isinstance(bring.confirm("a", first, NOW + 61 * SECOND), HoldOver)
    assert bring.confirm("a", second, NOW + 61 * SECOND).claim_id == second


def test_a_hold_that_there_never_was_is_not_confirmed(bring):
    assert isinstance(bring.confirm("a", uuid4()), NotFound)


def test_a_fault_among_holds_confirms_the_others(bring):
    held = [bring.one(key, hold_seconds=60).standing.claim_id for key in "abc"]
    wanted = [bring.settled(key, claim_id) for key, claim_id in zip("axc", held, strict=True)]

    found = confirm(bring.desk, bring.tenant_id, wanted, NOW)

    assert [isinstance(one, NotFound) for one in found] == [False, True, False]
    later = NOW + DAY
    assert [bring.one(key, now=later).result for key in "abc"] == [DISCARDED, KEPT, DISCARDED]


def test_what_is_released_comes_again(bring):
    held = bring.one("a", hold_seconds=60).standing.claim_id

    assert bring.release("a", held) == RELEASED
    assert bring.one("a").result == KEPT


def test_a_late_release_frees_nobody_elses_key(bring):
    first = bring.one("a", hold_seconds=60).standing.claim_id
    bring.one("a", now=NOW + 60 * SECOND)

    assert bring.release("a", first, NOW + 61 * SECOND) == NOT_HELD
    assert bring.one("a", now=NOW + 61 * SECOND).result == DISCARDED


def test_a_release_without_a_claim_frees_whatever_counts(bring):
    bring.one("a")

    assert [bring.release("a"), bring.release("a")] == [RELEASED, NOT_HELD]


def test_a_release_in_one_scope_leaves_the_others(bring):
    bring.one("a", scope="one")
    bring.one("a", scope="two")
    bring.release("a", scope="one")

    assert bring.one("a", scope="two").result == DISCARDED


def test_a_key_is_forgotten_in_every_scope_at_once(bring):
    bring.one("Ann@Corp.example", scope="one", normalize="email")
    bring.one("ann@corp.example", scope="two", normalize="email")
    mark = bring.wanted("ann@corp.example", normalize="email").place.mark

    assert release_everywhere(bring.desk, bring.tenant_id, mark) == 2
    assert bring.one("ann@corp.example", scope="two", normalize="email").result == KEPT


def test_a_request_that_comes_again_gets_its_first_answer(bring):
    first = bring.one("a", request="r-1")

    assert bring.one("a", now=NOW + SECOND, request="r-1") == first


def test_a_batch_that_comes_again_gets_its_first_answers(bring):
    bring.one("b")
    wanted = [bring.wanted(key) for key in "aba"]
    first = bring.many(*wanted, key="r-1")

    assert results(first) == [KEPT, DISCARDED, DISCARDED]
    assert bring.many(*wanted, now=NOW + SECOND, key="r-1") == first


def test_a_request_key_with_other_keys_is_refused(bring):
    bring.one("a", request="r-1")

    with pytest.raises(KeyReused):
        bring.one("b", request="r-1")
    assert bring.one("b").result == KEPT


def test_a_request_key_begins_again_when_its_time_is_over(bring):
    bring.one("a", request="r-1")

    assert bring.one("a", now=NOW + KEPT_FOR, request="r-1").result == DISCARDED


def test_a_request_sent_fifty_times_at_once_has_one_answer(busy_database, gate, user_id):
    bring = Bringing(Desk(busy_database, gate.keyring), user_id)
    with ThreadPoolExecutor(50) as threads:
        found = set(threads.map(lambda _: bring.one("a", request="r-1"), range(50)))

    assert [one.result for one in found] == [KEPT]


def test_an_account_opens_no_scope_beyond_its_thousand(bring):
    wanted = [bring.wanted("a", scope=f"scope-{number:04}") for number in range(MOST_SCOPES + 1)]

    found = bring.many(*wanted)

    assert found[-1] is None
    assert set(results(found[:-1])) == {KEPT}


def test_what_had_no_room_is_decided_when_its_request_comes_again(bring):
    wanted = [bring.wanted("a", scope=f"scope-{number:04}") for number in range(MOST_SCOPES + 1)]
    first = bring.many(*wanted, key="r-1")
    (scope, _), *_ = listing.page(bring.desk, bring.tenant_id, {"after": None, "limit": 1})[0]
    listing.delete(bring.desk, bring.tenant_id, scope.id, NOW)

    found = bring.many(*wanted, key="r-1")

    assert (found[:-1], found[-1].result) == (first[:-1], KEPT)


def test_the_purge_takes_what_counts_no_longer_and_nothing_else(
    bring, worker_database, owner_conninfo
):
    bring.one("over", ttl_days=1)
    bring.one("held", hold_seconds=60)
    bring.one("lasting", ttl_days=30)
    purged(worker_database, NOW + DAY)

    assert kept_marks(owner_conninfo, bring) == {bring.wanted("lasting").place.mark}


def test_a_clock_that_runs_ahead_purges_nothing(bring, worker_database, owner_conninfo):
    far = NOW + timedelta(days=3650)
    bring.one("lasting", now=far)
    purged(worker_database, far + 100 * DAY)

    assert len(kept_marks(owner_conninfo, bring)) == 1


def test_a_purge_does_no_more_than_its_part(bring, worker_database):
    with worker_database.lookup() as conn:
        assert purge_expired(conn, NOW) <= 4 * MOST


def test_a_scope_without_keys_goes_and_comes_again(bring, worker_database, owner_conninfo):
    bring.one("a", ttl_days=1)
    purged(worker_database, NOW + DAY)

    assert not kept_marks(owner_conninfo, bring)
    assert bring.one("a", now=NOW + 2 * DAY).result == KEPT


@given(st.lists(st.tuples(st.sampled_from("ab"), st.uuids()), max_size=20))
def test_places_are_taken_in_one_order_each_once(pairs):
    wanted = [Wanted(Place(*pair)) for pair in pairs]

    assert list(distinct(wanted)) == sorted({Place(*pair) for pair in pairs})


def test_nothing_is_brought_by_an_empty_batch(desk, user_id):
    assert claim(desk, user_id, [], NOW).answers == []


def purged(database, now):
    for _ in range(20):
        with database.lookup() as conn:
            if purge_expired(conn, now) < MOST:
                return


def kept_marks(conninfo, bring):
    with psycopg.connect(conninfo) as conn:
        rows = conn.execute("SELECT mark FROM seen.keys WHERE tenant_id = %s", [bring.tenant_id])
        return {mark for (mark,) in rows}
