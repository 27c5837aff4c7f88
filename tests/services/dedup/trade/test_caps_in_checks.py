"""Caps and hours in a check, on PostgreSQL: who is one too many, and who gives a place back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from threading import Barrier
from uuid import UUID

import pytest

from leadfly.purge import purge
from services.dedup import check as checking
from services.dedup.dry_run import dry_run
from services.dedup.outcome import Outcome
from services.dedup.trade import calendar, capping
from services.dedup.trade.caps import Caps, counted, given_back
from services.dedup.trade.deal import NO_DEAL, Deal
from services.dedup.trade.holding import confirm, release
from services.dedup.trade.terms import Book, Cap, Opening, Scope, Terms
from tests.services.dedup.arrivals import rendered
from tests.services.dedup.trade.bargains import ADA, KnownPolicies, Trader, answers, offered

AT_ONCE = 20

ACCOUNT = Scope()

ALLOWED, REJECTED = "allow_processing", "reject_duplicate"


def total(most):
    return Terms(caps=(Cap(most, "total"),))


def somebody(number):
    """Return a lead like no other."""
    return {
        "email": f"x{number}@mailbox{number}.example",
        "first_name": f"Given{number}",
        "last_name": f"Family{number}",
    }


class Known(KnownPolicies):
    """The policies of an account with terms for several scopes."""

    def __init__(self, by_scope):
        super().__init__()
        self.book = Book(by_scope)
        self._policies = type(self._policies)(book=self.book)


@pytest.fixture
def under(database, gate, user_id):
    """Offer leads under terms by scope."""
    return lambda by_scope: Trader(database, gate, user_id, Known(by_scope))


@pytest.fixture
def actions(under):
    """Return what becomes of so many leads under a cap, one after the other."""

    def actions(by_scope, leads, **said):
        trader = under(by_scope)
        return [trader.offer(somebody(n), **said)["action_taken"] for n in range(leads)]

    return actions


def standing(database, tenant_id, by_scope, scope=ACCOUNT):
    """Return how many leads count under the one cap of *scope*."""
    now = datetime.now(UTC)
    (limit,) = capping.limits_of(Book(by_scope), scope, now)
    with database.transaction(tenant_id) as conn:
        return counted(conn, tenant_id, [limit.count], now)[limit.count]


def test_one_lead_too_many_is_rejected_and_no_duplicate(under):
    trader = under({ACCOUNT: total(1)})
    trader.offer(somebody(1))

    answer = trader.offer(somebody(2))

    assert (answer["action_taken"], answer["blocking_reason"]) == (REJECTED, "cap_reached")
    assert answer["duplicate_found"] is False
    assert answer["trade"]["full"] == {"reason": "cap_reached", "of": "account", "resumes_at": None}


def test_a_cap_of_nothing_takes_nothing(actions):
    assert actions({ACCOUNT: total(0)}, 2) == [REJECTED] * 2


def test_only_successes_count(under):
    trader = under({ACCOUNT: total(2)})
    trader.offer(ADA)

    again = [trader.offer(ADA) for _ in range(3)]
    other = trader.offer(somebody(1))

    assert {answer["blocking_reason"] for answer in again} == {"duplicate"}
    assert other["action_taken"] == ALLOWED


def test_the_caps_of_source_and_buyer_count_side_by_side(under):
    trader = under({Scope(source_id="form"): total(3), Scope(buyer_id="solar"): total(1)})
    solar = Deal(buyer_id="solar")

    full = [trader.offer(somebody(n), deal=solar)["trade"] for n in range(2)][-1]["full"]
    others = [trader.offer(somebody(n))["action_taken"] for n in range(10, 13)]

    assert full["of"] == "buyer"
    assert others == [ALLOWED, ALLOWED, REJECTED]


def test_leads_of_one_request_meet_the_cap_too(under):
    together = under({ACCOUNT: total(2)}).together(*({"fields": somebody(n)} for n in range(4)))

    assert [each["action_taken"] for each in together] == [ALLOWED] * 2 + [REJECTED] * 2


def test_closed_hours_take_nothing_and_say_when_they_open(under):
    now = datetime.now(UTC)
    other = calendar.DAYS[(now + timedelta(days=3)).weekday()]
    schedule = (Opening(other, time(9), time(17)),)

    answer = under({ACCOUNT: Terms(schedule=schedule)}).offer(ADA)

    assert answer["blocking_reason"] == "closed"
    resumes_at = datetime.fromisoformat(answer["trade"]["full"]["resumes_at"])
    assert (resumes_at.hour, calendar.DAYS[resumes_at.weekday()]) == (9, other)


def test_fifty_leads_at_once_at_a_cap_of_ten_are_exactly_ten(busy_database, gate, user_id):
    policies = Known({ACCOUNT: total(10), Scope(source_id="form"): total(40)})
    leads = [offered(gate, user_id, somebody(n)) for n in range(50)]
    barrier = Barrier(AT_ONCE)

    def offer(numbered):
        number, lead = numbered
        if number < AT_ONCE:
            barrier.wait()
        return answers(busy_database, gate, user_id, [lead], policies)[0]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(offer, enumerate(leads)))

    assert [each["check_skipped"] for each in told] == [False] * 50
    assert sum(each["action_taken"] == ALLOWED for each in told) == 10
    assert standing(busy_database, user_id, {ACCOUNT: total(10)}) == 10


def test_batches_at_once_take_exactly_what_the_cap_allows(busy_database, gate, user_id):
    policies = Known({ACCOUNT: total(25)})
    batches = [[offered(gate, user_id, somebody(f"{b}-{n}")) for n in range(10)] for b in range(8)]

    def offer(batch):
        return answers(busy_database, gate, user_id, batch, policies)

    with ThreadPoolExecutor(len(batches)) as pool:
        told = [answer for batch in pool.map(offer, batches) for answer in batch]

    assert sum(each["action_taken"] == ALLOWED for each in told) == 25


def test_opposite_scopes_at_once_do_not_lock_each_other_out(busy_database, gate, user_id):
    terms = {Scope(source_id=name): total(50) for name in "abcd"}
    policies = Known(terms)

    def offer(number):
        names = "abcd" if number % 2 else "dcba"
        batch = [offered(gate, user_id, somebody(f"{number}{s}"), source=s) for s in names]
        return answers(busy_database, gate, user_id, batch, policies)

    with ThreadPoolExecutor(10) as pool:
        told = [answer for batch in pool.map(offer, range(20)) for answer in batch]

    assert {answer["action_taken"] for answer in told} == {ALLOWED}
    assert standing(busy_database, user_id, terms, Scope(source_id="a")) == 20


class Interrupted(Exception):
    """The transaction does not come to its end."""


def test_a_transaction_that_fails_counts_nothing(database, gate, user_id):
    terms = {ACCOUNT: total(5)}

    def failing(outcome: Outcome) -> bytes:
        raise Interrupted

    with pytest.raises(Interrupted):
        checking.check(
            database, gate, user_id, [offered(gate, user_id)], failing, policies=Known(terms)
        )

    assert standing(database, user_id, terms) == 0


def test_a_lead_that_was_let_pass_already_is_counted_over_the_cap(database, gate, user_id):
    policies, terms = Known({ACCOUNT: total(1)}), {ACCOUNT: total(1)}
    Trader(database, gate, user_id, policies).offer(somebody(1))
    lead = offered(gate, user_id, somebody(2))
    passed = replace(lead, arrival=replace(lead.arrival, passed=b"{}"))

    (found,) = checking.check(database, gate, user_id, [passed], rendered, policies=policies)

    assert found.outcome.verdict.decision.action.action_taken == ALLOWED
    assert standing(database, user_id, terms) == 2


def test_a_dry_run_says_that_the_cap_is_reached_and_counts_nothing(under, database, gate, user_id):
    terms = {ACCOUNT: total(1)}
    rehearsed = [offered(gate, user_id, somebody(n)) for n in (1, 2)]

    outcomes = dry_run(database, gate, user_id, rehearsed, Known(terms))

    assert [each.verdict.decision.reason for each in outcomes] == [None, "cap_reached"]
    assert standing(database, user_id, terms) == 0
    assert under(terms).offer(somebody(1))["action_taken"] == ALLOWED


# Places that are given back -----------------------------------------------------------------------


def test_a_place_that_is_given_back_is_anothers(under, database, user_id):
    trader = under({ACCOUNT: total(1)})
    lead_id = UUID(trader.offer(somebody(1))["lead_id"])

    with database.transaction(user_id) as conn:
        assert given_back(conn, user_id, lead_id, datetime.now(UTC))

    assert trader.offer(somebody(2))["action_taken"] == ALLOWED


def test_a_place_is_given_back_once(under, database, user_id):
    terms = {ACCOUNT: total(5)}
    trader = under(terms)
    first, *_ = [UUID(trader.offer(somebody(n))["lead_id"]) for n in range(3)]

    with database.transaction(user_id) as conn:
        given = [given_back(conn, user_id, first, datetime.now(UTC)) for _ in range(2)]

    assert given == [True, False]
    assert standing(database, user_id, terms) == 2


def test_spans_that_are_over_keep_their_count(under, database, user_id, stored):
    trader = under({ACCOUNT: Terms(caps=(Cap(5, "day"), Cap(9, "total")))})
    lead_id = UUID(trader.offer(somebody(1))["lead_id"])

    with database.transaction(user_id) as conn:
        given_back(conn, user_id, lead_id, datetime.now(UTC) + timedelta(days=2))

    left = stored.rows("SELECT per, leads FROM dedup.counts WHERE tenant_id = %(tenant)s")
    assert dict(left) == {"day": 1, "total": 0}


def test_a_released_hold_gives_its_place_back(under, database, user_id):
    trader = under({ACCOUNT: total(1)})
    held = trader.offer(somebody(1), deal=Deal(hold_seconds=600))["trade"]["hold"]

    release(database, user_id, UUID(held["hold_id"]))

    assert trader.offer(somebody(2))["action_taken"] == ALLOWED


def later(database, tenant_id, by_scope, gate, seconds, counting=True, deal=NO_DEAL):
    """Return whether a lead would be one too many in so many seconds."""
    book, now = Book(by_scope), datetime.now(UTC) + timedelta(seconds=seconds)
    lead, caps = offered(gate, tenant_id, somebody("later"), deal=deal), Caps(now)
    with database.transaction(tenant_id) as conn:
        caps.read(conn, tenant_id, [lead], book, counting)
        return caps.of(lead) is not None


@pytest.mark.parametrize("counting", [True, False], ids=["check", "dry run"])
def test_a_hold_that_is_over_frees_its_place_by_itself(under, database, gate, user_id, counting):
    terms = {ACCOUNT: total(1)}
    under(terms).offer(somebody(1), deal=Deal(hold_seconds=60))

    assert later(database, user_id, terms, gate, 59, counting)
    assert not later(database, user_id, terms, gate, 61, counting)


def test_hundreds_of_holds_that_are_over_elsewhere_keep_no_place_taken(
    under, database, gate, user_id
):
    terms = {Scope(buyer_id="crowd"): total(999), Scope(buyer_id="north"): total(1)}
    trader, crowd = under(terms), Deal("crowd", hold_seconds=50)
    trader.together(*({"fields": somebody(n), "deal": crowd} for n in range(150)))
    trader.offer(somebody("last"), deal=Deal("north", hold_seconds=60))

    assert not later(database, user_id, terms, gate, 61, deal=Deal("north"))


def test_a_confirmed_lead_keeps_its_place_when_its_hold_would_be_over(
    under, database, gate, user_id
):
    terms = {ACCOUNT: total(1)}
    held = under(terms).offer(somebody(1), deal=Deal(hold_seconds=60))["trade"]["hold"]
    confirm(database, user_id, UUID(held["hold_id"]))

    assert later(database, user_id, terms, gate, 61)
    assert later(database, user_id, terms, gate, 61)


# What is shown, and what is forgotten -------------------------------------------------------------

TERMS, CAPS = "/api/v1/lead-discovery/terms", "/api/v1/lead-discovery/caps"


@pytest.fixture
def capped(client, user_id):
    """A buyer with a cap of two a day, and the account with hours."""

    def put(**body):
        response = client.put(TERMS, json={"user_id": user_id} | body)
        assert response.status_code == 200, response.json

    put(buyer_id="solar", caps=[{"most": 2, "per": "day"}, {"most": 9, "per": "total"}])
    put(schedule=[{"day": day, "begins": "00:00", "ends": "24:00"} for day in calendar.DAYS])
    put(source_id="quiet", zone="Asia/Tokyo")


def shown(client, user_id, **query):
    response = client.get(CAPS, query_string={"user_id": user_id} | query)
    assert response.status_code == 200, response.json
    return response.json


def test_counts_are_shown_beside_caps(capped, client, user_id, post):
    for number in range(3):
        post(**somebody(number), context={"buyer_id": "solar"})

    (solar,) = shown(client, user_id, buyer_id="solar")["scopes"]

    assert [(cap["per"], cap["most"], cap["leads"], cap["left"]) for cap in solar["caps"]] == [
        ("day", 2, 2, 0),
        ("total", 9, 2, 7),
    ]
    assert (solar["open"], solar["taken"]) == (True, False)
    assert solar["resumes_at"] == solar["caps"][0]["ends_at"]


def test_only_scopes_that_bound_something_are_shown_page_by_page(capped, client, user_id):
    first = shown(client, user_id, limit=1)
    second = shown(client, user_id, limit=1, after=first["next_after"])

    assert [scope["buyer_id"] for scope in first["scopes"] + second["scopes"]] == [None, "solar"]
    assert second["next_after"] is None


def test_counts_that_no_cap_asks_for_are_forgotten(under, worker_database, owner, user_id, stored):
    trader = under({ACCOUNT: Terms(caps=(Cap(5, "day"), Cap(9, "total")))})
    trader.offer(somebody(1))
    trader.offer(somebody(2))
    owner.execute(
        "UPDATE dedup.counts SET begins_at = begins_at - interval '93 days'"
        " WHERE tenant_id = %s AND per = 'day'",
        [user_id],
    )

    purge(worker_database)

    assert stored.rows("SELECT per FROM dedup.counts WHERE tenant_id = %(tenant)s") == [("total",)]
