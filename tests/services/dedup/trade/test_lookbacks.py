"""Look-backs in a check, on PostgreSQL: too early, welcome again, and what does not count."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from services.dedup.settling import Said, settle
from services.dedup.trade.deal import Deal
from services.dedup.trade.terms import Lookback
from tests.services.dedup import flagged as flagging
from tests.services.dedup.flagged import KING, flagged
from tests.services.dedup.trade.bargains import (
    ADA,
    BOB,
    NO_TERMS_AT_ALL,
    NOON,
    Trader,
    days,
    looking_back,
)

MONTH = Lookback(within_days=30)

EMAIL_MONTH = Lookback(within_days=30, keys=("email",))

PARTNER = ADA | {"first_name": "William", "last_name": "King"}
"""Somebody else at the same address."""


@pytest.fixture
def under(database, gate, user_id):
    """Offer leads under these rules."""
    return lambda *rules: Trader(database, gate, user_id, looking_back(*rules))


@pytest.mark.parametrize("rule", [MONTH, EMAIL_MONTH], ids=["person", "email"])
def test_the_same_email_rejects_on_day_29_and_is_welcome_again_on_day_31(under, rule):
    trader = under(rule)
    first = trader.offer(at=NOON)

    early = trader.offer(at=NOON + days(29))
    again = trader.offer(at=NOON + days(31))

    assert first["trade"] is None
    assert (early["action_taken"], early["blocking_reason"]) == (
        "reject_duplicate",
        "within_lookback",
    )
    assert early["trade"]["lookback"] == {
        "lead_id": first["lead_id"],
        "keys": list(rule.keys),
        "days_ago": 29.0,
        "within_days": 30,
    }
    assert (again["action_taken"], again["reengagement"]) == ("allow_processing", True)
    assert again["trade"]["forgiven"] == "older"


def test_thirty_days_are_over_to_the_second(under):
    trader = under(MONTH)
    trader.offer(at=NOON)

    assert trader.offer(at=NOON + days(30) - timedelta(seconds=1))["trade"]["lookback"]
    assert trader.offer(at=NOON + days(30))["action_taken"] == "allow_processing"


def test_rejected_leads_cause_no_hit_unless_asked(under, database, gate, user_id):
    trader = under(MONTH)
    trader.offer(at=NOON)
    assert trader.offer(at=NOON + days(20))["action_taken"] == "reject_duplicate"

    strict = under(Lookback(within_days=30, against="all"))

    assert strict.offer(at=NOON + days(40))["trade"]["lookback"]["days_ago"] == 20.0
    assert trader.offer(at=NOON + days(41))["action_taken"] == "allow_processing"


def test_sixty_rejected_repeats_do_not_hide_the_accepted_lead(under):
    trader = under(EMAIL_MONTH)
    first = trader.offer(at=NOON)
    for minute in range(60):
        trader.offer(at=NOON + timedelta(hours=1, minutes=minute))

    last = trader.offer(at=NOON + days(2))

    assert last["trade"]["lookback"]["lead_id"] == first["lead_id"]


def test_sixty_rejected_repeats_do_not_make_the_accepted_lead_forgiven(under):
    trader = under(Lookback(within_days=30, keys=("phone",)))
    trader.offer(at=NOON)
    for minute in range(60):
        trader.offer(at=NOON + timedelta(hours=1, minutes=minute))

    last = trader.offer(at=NOON + days(2))

    assert (last["action_taken"], last["blocking_reason"]) == ("reject_duplicate", "duplicate")


@pytest.mark.parametrize(
    ("rule", "other", "forgiven"),
    [
        (Lookback(30, across="source"), {"source": "elsewhere"}, "elsewhere"),
        (Lookback(30, across="buyer"), {"deal": Deal(buyer_id="b2")}, "elsewhere"),
        (Lookback(30, across="campaign"), {"deal": Deal("b1", "c2")}, "elsewhere"),
        (Lookback(30, across="listed", sources=("partner",)), {}, "elsewhere"),
        (Lookback(30, across="listed", sources=("form", "partner")), {"source": "x"}, None),
        (Lookback(30, across="tenant"), {"source": "elsewhere"}, None),
    ],
)
def test_a_lead_counts_in_the_scope_of_the_rule_alone(under, rule, other, forgiven):
    trader = under(rule)
    said = {"source": "form", "deal": Deal("b1", "c1")}
    trader.offer(at=NOON, **said)

    answer = trader.offer(at=NOON + days(1), **(said | other))

    assert answer["trade"]["forgiven"] == forgiven
    assert answer["reengagement"] == bool(forgiven)
    assert bool(answer["trade"]["lookback"]) is not bool(forgiven)


def test_somebody_else_at_the_same_address_is_too_early_by_the_key(under):
    trader = under(EMAIL_MONTH)
    first = trader.offer(at=NOON)

    hit = trader.offer(PARTNER, at=NOON + days(1))

    assert hit["trade"]["lookback"]["lead_id"] == first["lead_id"]
    assert hit["blocking_reason"] == "within_lookback"


def test_all_keys_must_agree_where_the_rule_says_so(under):
    trader = under(Lookback(30, keys=("email", "phone"), match="all", on_hit="flag"))
    trader.offer(ADA | {"phone": "+1 212 555 1212"}, at=NOON)

    other = trader.offer(ADA | {"phone": "+1 312 555 1212"}, at=NOON + days(1))
    same = trader.offer(ADA | {"phone": "(212) 555-1212"}, at=NOON + days(2))

    assert other["blocking_reason"] == "duplicate", "the person counts, so the model decides"
    assert same["trade"]["lookback"]["keys"] == ["email", "phone"]
    assert (same["action_taken"], same["blocking_reason"]) == ("flag_for_review", "within_lookback")


def test_numbers_that_share_nine_digits_are_two_numbers(under):
    trader = under(Lookback(30, keys=("phone",)))
    trader.offer(ADA | {"phone": "+1 212 555 1212"}, at=NOON)

    assert trader.offer(BOB | {"phone": "+1 312 555 1212"}, at=NOON + days(1))["trade"] is None


def test_one_household_is_found_by_its_address(under):
    trader = under(Lookback(30, keys=("address",)))
    home = {"street": "12 Main St", "postal_code": "02139", "city": "Cambridge"}
    ann = {"email": "ann@one.example", "first_name": "Ann", "last_name": "Whitlock"}
    tom = {"email": "tom@two.example", "first_name": "Tom", "last_name": "Whitlock"}
    trader.offer(ann | home, at=NOON)

    beside = trader.offer(tom | home | {"street": "14 Main Street"}, at=NOON + days(1))
    hit = trader.offer(tom | home | {"street": "12 Main Street"}, at=NOON + days(1))

    assert not (beside["trade"] and beside["trade"]["lookback"])
    assert hit["trade"]["lookback"]["keys"] == ["address"]


def test_one_internet_address_is_one_lead_where_the_rule_says_so(under):
    trader = under(Lookback(1, keys=("ip",)))
    trader.offer(ADA, at=NOON, ip="203.0.113.9")

    assert trader.offer(BOB, at=NOON + timedelta(hours=1), ip="203.0.113.9")["trade"]["lookback"]
    later = trader.offer(BOB, at=NOON + timedelta(hours=25), ip="203.0.113.9")
    assert (later["action_taken"], later["trade"]["lookback"]) == ("allow_processing", None)


def test_the_first_rule_with_a_hit_decides(under):
    lenient = Lookback(10, across="source", on_hit="reengage")
    trader = under(lenient, Lookback(30, on_hit="reject"))
    trader.offer(at=NOON)

    assert trader.offer(at=NOON + days(5))["reengagement"] is True
    assert trader.offer(at=NOON + days(20))["blocking_reason"] == "within_lookback"


def test_a_flagged_lead_sent_again_does_not_get_past_its_review(under, database, gate, user_id):
    under(MONTH).offer(flagging.ADA, at=NOON - days(100))
    flagged(database, gate, user_id, KING, at=NOON)

    again = under(MONTH).offer(KING, at=NOON + days(1))

    assert (again["action_taken"], again["blocking_reason"]) == ("reject_duplicate", "duplicate")


def test_a_flagged_lead_counts_once_a_reviewer_says_it_is_somebody_else(
    under, database, gate, user_id
):
    under(MONTH).offer(flagging.ADA, at=NOON - days(100))
    review = flagged(database, gate, user_id, KING, at=NOON)
    settle(database, gate, user_id, UUID(review["review_id"]), Said("different", None, "local"))

    again = under(MONTH).offer(KING, at=NOON + days(1))

    assert again["trade"]["lookback"]["lead_id"] == review["lead_id"]


def test_a_lead_that_was_sent_later_lets_nobody_through(under):
    trader = under(MONTH)
    trader.offer(at=NOON)

    before = trader.offer(at=NOON - days(1))

    assert (before["action_taken"], before["blocking_reason"]) == ("reject_duplicate", "duplicate")


@pytest.mark.parametrize("minutes", [11, 15, 19, 25])
def test_a_lead_that_was_sent_later_does_not_hide_an_earlier_one(under, minutes):
    trader = under(Lookback(within_days=3, keys=("email",), on_hit="reengage"))
    early = trader.offer(at=NOON - days(2))
    trader.offer(at=NOON + timedelta(minutes=minutes))

    answer = trader.offer(PARTNER, at=NOON)

    assert answer["trade"]["lookback"]["lead_id"] == early["lead_id"]


def test_leads_of_one_request_meet_each_other(under):
    trader = under(Lookback(30, keys=("email",)))

    first, second, third = trader.together(
        {"at": NOON}, {"fields": PARTNER, "at": NOON}, {"at": NOON + days(31)}
    )

    assert second["trade"]["lookback"]["lead_id"] == first["lead_id"]
    assert third["trade"]["forgiven"] == "older"


def test_a_known_person_is_a_duplicate_for_an_account_without_terms(under):
    trader = under(MONTH).under(NO_TERMS_AT_ALL)
    trader.offer(at=NOON)

    late = trader.offer(at=NOON + days(400))

    assert (late["blocking_reason"], late["trade"]) == ("duplicate", None)


def test_another_account_is_never_looked_at(under, database, gate, user_id):
    under(EMAIL_MONTH).offer(at=NOON)

    other = Trader(database, gate, f"{user_id}-2", looking_back(EMAIL_MONTH))

    assert other.offer(at=NOON + days(1))["trade"] is None


def test_an_account_that_trades_nothing_asks_nothing_of_the_past(database, gate, user_id):
    listening = Listening(database)
    trader = Trader(listening, gate, user_id)
    trader.offer(at=NOON)

    trader.offer(at=NOON + days(1))

    assert any("record.compared" in asked for asked in listening.asked)
    assert not any("DISTINCT ON" in asked for asked in listening.asked)


class Listening:
    """A database that remembers the statements of its transactions."""

    def __init__(self, database):
        self._database, self.asked = database, []

    @contextmanager
    def transaction(self, *arguments, **options):
        with self._database.transaction(*arguments, **options) as conn:
            yield _Heard(conn, self.asked)


class _Heard:
    def __init__(self, conn, asked):
        self._conn, self._asked = conn, asked

    def execute(self, statement, *arguments, **options):
        self._asked.append(statement)
        return self._conn.execute(statement, *arguments, **options)

    def __getattr__(self, name):
        return getattr(self._conn, name)
