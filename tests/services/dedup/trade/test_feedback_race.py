"""Of many words on one lead at the same moment one stands."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest

from services.dedup.trade.feedback import CONVERSION, RETURN, Said
from services.dedup.trade.feedback_giving import Desk, give, take_back
from shared.errors import Conflict

AT_ONCE = 20

WORDS = 50


def raced(work, things):
    """Do *work* for all *things*, AT_ONCE of them really at once; return what came of each."""
    barrier = Barrier(AT_ONCE)

    def begin(numbered):
        number, thing = numbered
        if number < AT_ONCE:
            barrier.wait()
        try:
            return work(thing)
        except Conflict as refused:
            return refused

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(begin, enumerate(things)))


@pytest.fixture
def lead_id(post):
    return post(email="race@corp.example", name="Ada Race", context={"buyer_id": "a"})["lead_id"]


@pytest.fixture
def desk(busy_database, gate):
    return Desk(busy_database, gate)


def standing(owner, user_id):
    return owner.execute(
        "SELECT count(*), count(*) FILTER (WHERE undone_at IS NULL) FROM dedup.feedback "
        "WHERE tenant_id = %s",
        [user_id],
    ).fetchone()


def counted(owner, user_id):
    return owner.execute(
        "SELECT type, sum(leads) FROM dedup.days_of_feedback WHERE tenant_id = %s "
        "AND leads > 0 GROUP BY type",
        [user_id],
    ).fetchall()


def test_50_parallel_identical_returns_are_one(desk, owner, user_id, lead_id):
    now, said = datetime.now(UTC), Said(RETURN, "fake", note="The same.")

    told = raced(lambda _: give(desk, user_id, lead_id, said, "local", now), range(WORDS))

    assert sum(one.changed for one in told) == 1
    assert len({one.given.id for one in told}) == 1
    assert standing(owner, user_id) == (1, 1)
    assert counted(owner, user_id) == [("return", 1)]


def test_of_returns_and_conversions_at_once_one_kind_stands(desk, owner, user_id, lead_id):
    now = datetime.now(UTC)
    words = [Said(RETURN, "fake"), Said(CONVERSION)] * (WORDS // 2)

    told = raced(lambda said: give(desk, user_id, lead_id, said, "local", now), words)

    assert sum(not isinstance(one, Conflict) and one.changed for one in told) == 1
    assert sum(isinstance(one, Conflict) for one in told) == WORDS // 2
    assert standing(owner, user_id) == (1, 1)


def test_one_request_on_two_leads_at_once_is_said_of_one(desk, owner, user_id, post, lead_id):
    other = post(email="other@corp.example", name="Bob Other")["lead_id"]
    now, said = datetime.now(UTC), Said(RETURN, "fake")

    def work(named):
        try:
            return give(desk, user_id, named, said, "local", now, "one key")
        except Exception as error:
            return error

    told = raced(work, [lead_id, other] * (WORDS // 2))

    assert {type(one).__name__ for one in told} == {"Told", "KeyReused"}
    assert standing(owner, user_id) == (1, 1)


def test_a_return_that_many_take_back_is_taken_back_once(desk, owner, user_id, lead_id):
    now = datetime.now(UTC)
    given = give(desk, user_id, lead_id, Said(RETURN, "fake"), "local", now).given

    told = raced(lambda _: take_back(desk, user_id, lead_id, given.id, "x", now), range(WORDS))

    assert sum(one.changed for one in told) == 1
    assert counted(owner, user_id) == []


def test_returns_of_many_leads_of_a_day_are_all_counted(desk, owner, user_id, post):
    leads = [
        post(email=f"n{number}@c{number}.example", context={"buyer_id": "a"})["lead_id"]
        for number in range(AT_ONCE)
    ]
    now, said = datetime.now(UTC), Said(RETURN, "fake")

    raced(lambda named: give(desk, user_id, named, said, "local", now), leads)

    assert counted(owner, user_id) == [("return", AT_ONCE)]
