"""Holds: an identity is held for one lead until that is confirmed or released, or time is over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import orjson
import pytest

from services.dedup.check import check
from services.dedup.dry_run import dry_run
from services.dedup.reconcile import reconcile
from services.dedup.trade import holding
from services.dedup.trade.deal import Deal
from services.dedup.trade.lookback_store import LOOKED_AT_PER_VALUE
from services.dedup.trade.terms import Lookback
from shared.errors import Conflict, NotFound, Unavailable
from tests.services.dedup.arrivals import Dying, admitted, rendered
from tests.services.dedup.trade.bargains import (
    ADA,
    BOB,
    NO_TERMS_AT_ALL,
    NOON,
    Trader,
    days,
    held_for,
    looking_back,
    offered,
)

HOLDS = "/api/v1/lead-discovery/holds"

PHONED = ADA | {"phone": "+1 212 555 1212"}

PARTNER = {"first_name": "William", "last_name": "King", "phone": "(212) 555-1212"}
"""Somebody else under the same number."""


@pytest.fixture
def trader(database, gate, user_id):
    """Offers leads of an account without terms."""
    return Trader(database, gate, user_id)


@pytest.fixture
def settle(app, user_id):
    """Confirm or release a hold over HTTP, or look at it; safe to call from threads."""

    def settle(hold_id, how=None, expect=200):
        client, query = app.test_client(), {"user_id": user_id}
        path = f"{HOLDS}/{hold_id}" + (f"/{how}" if how else "")
        answer = (client.post if how else client.get)(path, query_string=query)
        assert expect in (None, answer.status_code), answer.json
        return answer.json

    return settle


@pytest.fixture
def states(owner, user_id):
    """What the deals of this test's tenant say, in the order they came."""

    def states():
        rows = owner.execute(
            "SELECT state FROM dedup.deals WHERE tenant_id = %s ORDER BY lead_id", [user_id]
        )
        return [state for (state,) in rows]

    return states


@pytest.fixture
def over(owner, user_id):
    """Let the time of every hold be over."""
    return lambda: owner.execute(
        "UPDATE dedup.deals SET held_until = held_until - interval '1 day' "
        "WHERE tenant_id = %s AND hold_id IS NOT NULL",
        [user_id],
    )


def hold_of(answer):
    return UUID(answer["trade"]["hold"]["hold_id"])


def held(answer):
    return answer["blocking_reason"] == "held" and answer["action_taken"] == "reject_duplicate"


def at(seconds):
    """Return a clock that is *seconds* ahead."""
    return lambda: datetime.now(UTC) + timedelta(seconds=seconds)


# Given and met -----------------------------------------------------------------------------------


def test_a_lead_that_is_let_through_gets_its_hold_and_others_hear_until_when(trader):
    first = trader.offer(deal=held_for(60))

    second = trader.offer()

    assert first["action_taken"] == "allow_processing"
    assert held(second)
    assert second["trade"]["held_until"] == first["trade"]["hold"]["expires_at"]
    assert second["trade"]["hold"] is None
    assert second["duplicate_of"] == first["lead_id"]


def test_a_hold_ends_after_its_seconds(trader):
    before = datetime.now(UTC)

    ends = datetime.fromisoformat(trader.offer(deal=held_for(90))["trade"]["hold"]["expires_at"])

    assert timedelta(seconds=90) <= ends - before < timedelta(seconds=95)


def test_a_rejected_lead_gets_no_hold(trader):
    trader.offer()

    assert trader.offer(deal=held_for(60))["trade"] is None


def test_somebody_else_under_the_same_number_waits_too(trader):
    trader.offer(PHONED, deal=held_for(60))

    assert held(trader.offer(PARTNER))


def test_somebody_else_under_another_number_does_not_wait(trader):
    trader.offer(PHONED, deal=held_for(60))

    assert trader.offer(PARTNER | {"phone": "+1 312 555 1212"})["trade"] is None


def test_leads_of_one_request_meet_the_hold_of_those_before_them(trader):
    first, second, other = trader.together(
        {"deal": held_for(60)}, {"deal": held_for(60)}, {"fields": BOB, "deal": held_for(60)}
    )

    assert hold_of(first) != hold_of(other)
    assert held(second)


def test_sixty_repeats_do_not_hide_a_hold(trader, settle):
    first = trader.offer(deal=held_for(600))
    for _ in range(60):
        trader.offer()

    assert held(trader.offer())
    settle(hold_of(first), "release")
    assert trader.offer()["action_taken"] == "allow_processing"


def test_hundreds_who_were_turned_away_under_its_number_do_not_hide_a_hold(trader):
    number = {"phone": PHONED["phone"]}
    trader.offer(number | ADA, deal=held_for(600))
    names = [chr(97 + n // 26) + chr(97 + n % 26) for n in range(LOOKED_AT_PER_VALUE + 5)]
    trader.together(
        *({"fields": number | {"first_name": f"Q{n}o", "last_name": f"Z{n}u"}} for n in names)
    )

    assert held(trader.offer(PARTNER))


def test_another_account_meets_no_hold(trader, database, gate, user_id):
    trader.offer(deal=held_for(60))

    assert Trader(database, gate, f"{user_id}-2").offer()["trade"] is None


def test_a_dry_run_shows_a_hold_and_gives_none(trader, gate, database, user_id, states):
    def dry(fields, deal):
        lead = offered(gate, user_id, fields, deal=deal)
        return dry_run(database, gate, user_id, [lead], NO_TERMS_AT_ALL)[0]

    first = trader.offer(deal=held_for(60))

    met, free = dry(ADA, held_for(60)), dry(BOB, held_for(60))

    assert met.standing.held.until == datetime.fromisoformat(first["trade"]["hold"]["expires_at"])
    assert (free.hold, states()) == (None, ["held"])


def test_over_http_a_hold_is_asked_for_in_the_context(post, settle, user_id):
    answer = post(context={"hold_seconds": 60, "buyer_id": "b1", "campaign_id": "c1"}, **ADA)

    assert settle(hold_of(answer))["hold"] == {
        "hold_id": str(hold_of(answer)),
        "lead_id": answer["lead_id"],
        "state": "held",
        "expires_at": answer["trade"]["hold"]["expires_at"],
        "settled_at": None,
        "buyer_id": "b1",
        "campaign_id": "c1",
    }


def test_a_retry_under_its_key_gets_the_same_hold(client, user_id, states):
    def ask():
        return client.post(
            "/webhook/leadfly/duplicate-prevention",
            json={"user_id": user_id, "lead_data": ADA, "context": {"hold_seconds": 60}},
            headers={"Idempotency-Key": "one"},
        ).json

    assert hold_of(ask()) == hold_of(ask())
    assert states() == ["held"]


@pytest.mark.parametrize("seconds", [0, -1, 86_401, "60", 1.5, True])
def test_seconds_that_cannot_be_are_named_and_nothing_is_kept(post, seconds, states):
    refused = post(expect=400, context={"hold_seconds": seconds}, **ADA)

    assert list(refused["error"]["details"]) == ["context.hold_seconds"]
    assert states() == []


def test_a_lead_that_passes_unchecked_gets_no_hold_and_none_later(
    away, keeping, gate, user_id, states
):
    lead = offered(gate, user_id, deal=held_for(60))

    answer = orjson.loads(admitted(away, user_id, lead)[0])
    reconcile(keeping.database, gate, keeping.spool, user_id, 5.0)

    assert (answer["check_skipped"], answer["trade"]) == (True, None)
    assert states() == ["accepted"]


def test_a_check_that_dies_leaves_no_hold(app_conninfo, gate, user_id, trader):
    dying = Dying(app_conninfo, gate.keyring.fingerprint, most=1)
    with pytest.raises(Unavailable):
        Trader(dying, gate, user_id).offer(deal=held_for(60))
    dying.close()

    assert trader.offer(deal=held_for(60))["trade"]["hold"]


# Settled -----------------------------------------------------------------------------------------


def test_a_confirmed_lead_is_taken_for_good(trader, settle, over):
    hold_id = hold_of(trader.offer(deal=held_for(60)))

    first, again = settle(hold_id, "confirm"), settle(hold_id, "confirm")
    over()

    assert (first["changed"], again["changed"]) == (True, False)
    assert first["hold"] == again["hold"]
    assert first["hold"]["state"] == "confirmed"
    assert trader.offer()["blocking_reason"] == "duplicate"


def test_a_released_lead_is_allowed_again_and_once(trader, settle):
    first = trader.offer(deal=held_for(60))

    assert settle(hold_of(first), "release")["changed"]
    assert not settle(hold_of(first), "release")["changed"]

    again = trader.offer(deal=held_for(60))
    assert (again["action_taken"], again["trade"]["forgiven"]) == (
        "allow_processing",
        "not_accepted",
    )
    assert again["duplicate_of"] == first["lead_id"]
    assert held(trader.offer())


def test_an_expired_hold_frees_itself(trader, over, settle):
    first = trader.offer(deal=held_for(60))
    over()

    again = trader.offer(deal=held_for(60))

    assert again["action_taken"] == "allow_processing"
    assert hold_of(again) != hold_of(first)
    assert settle(hold_of(first))["hold"]["state"] == "expired"


def test_who_met_a_hold_is_welcome_once_it_is_released(trader, settle):
    first = trader.offer(PHONED, deal=held_for(60))
    trader.offer(PARTNER)
    settle(hold_of(first), "release")

    assert trader.offer(PARTNER)["action_taken"] == "allow_processing"


def test_a_released_lead_is_no_hit_of_a_look_back_and_a_confirmed_one_is(trader, settle):
    looking = trader.under(looking_back(Lookback(30)))
    settle(hold_of(looking.offer(at=NOON, deal=held_for(60))), "release")

    second = looking.offer(at=NOON + days(1), deal=held_for(60))
    settle(hold_of(second), "confirm")
    third = looking.offer(at=NOON + days(2))

    assert second["trade"]["forgiven"] == "not_accepted"
    assert third["trade"]["lookback"]["lead_id"] == second["lead_id"]


@pytest.mark.parametrize(
    ("before", "then", "says"),
    [("release", "confirm", "was released at 20"), ("confirm", "release", "was confirmed at 20")],
)
def test_a_settled_hold_is_not_settled_otherwise(trader, settle, before, then, says):
    hold_id = hold_of(trader.offer(deal=held_for(60)))
    settle(hold_id, before)

    refused = settle(hold_id, then, expect=409)

    assert refused["error"]["details"]["hold"].startswith(says)


def test_a_hold_is_confirmed_within_its_time_alone(trader, database, user_id):
    hold_id = hold_of(trader.offer(deal=held_for(60)))

    with pytest.raises(Conflict) as refused:
        holding.confirm(database, user_id, hold_id, at(61))

    assert refused.value.details["hold"].startswith("was over at 20")
    assert holding.confirm(database, user_id, hold_id, at(58))[1]
    assert not holding.confirm(database, user_id, hold_id, at(61))[1]


def test_an_expired_hold_may_be_released_and_then_stays_so(trader, database, user_id):
    hold_id = hold_of(trader.offer(deal=held_for(60)))

    kept, changed = holding.release(database, user_id, hold_id, at(61))

    assert (kept.state, changed) == ("released", True)
    assert not holding.release(database, user_id, hold_id, at(62))[1]


@pytest.mark.parametrize("how", [None, "confirm", "release"])
def test_an_unknown_hold_is_not_found(settle, how):
    settle(uuid4(), how, expect=404)


def test_the_hold_of_another_account_is_not_found(trader, database, user_id):
    hold_id = hold_of(trader.offer(deal=held_for(60)))

    with pytest.raises(NotFound):
        holding.release(database, f"{user_id}-2", hold_id)


def test_a_hold_without_an_id_is_a_fault_of_its_place(settle):
    assert "hold_id" in settle("abc", "confirm", expect=400)["error"]["details"]


# At the same moment ------------------------------------------------------------------------------


AT_ONCE = 20
"""Connections that really overlap; the rest wait in line right behind them."""


def at_once(number, work):
    """Return what *work* says, done *number* times at the same moment."""
    overlapping = min(number, AT_ONCE)
    barrier = Barrier(overlapping)

    def one(place):
        if place < overlapping:
            barrier.wait()
        return work(place)

    with ThreadPoolExecutor(overlapping) as pool:
        return list(pool.map(one, range(number)))


def identical(place):
    return ADA


def one_number(place):
    return {"email": f"box{place}@provider{place}.example", "phone": "+1 212 555 1212"}


@pytest.mark.parametrize("lead", [identical, one_number])
def test_of_50_simultaneous_checks_one_gets_a_hold(busy_database, gate, user_id, lead, settle):
    trader = Trader(busy_database, gate, user_id)

    def ask(place):
        return trader.offer(lead(place), at=datetime.now(UTC), deal=held_for(600))

    answers = at_once(50, ask)

    (winner,) = [answer for answer in answers if answer["trade"]["hold"]]
    assert sum(map(held, answers)) == 49
    settle(hold_of(winner), "release")
    assert sum(answer["trade"]["hold"] is not None for answer in at_once(20, ask)) == 1


def test_a_check_in_flight_is_decided_before_a_release_or_after_it(
    busy_database, gate, user_id, settle
):
    trader = Trader(busy_database, gate, user_id)
    for _ in range(5):
        hold_id = hold_of(trader.offer(deal=held_for(600)))

        def ask(place, hold_id=hold_id):
            if place == 5:
                return settle(hold_id, "release")
            return trader.offer(deal=held_for(600))

        answers = at_once(12, ask)

        given = [one for one in answers if (one.get("trade") or {}).get("hold")]
        assert len(given) <= 1
        assert sum(map(held, [one for one in answers if "trade" in one])) == 11 - len(given)
        for one in given:
            settle(hold_of(one), "release")


def test_of_confirm_and_release_at_the_same_moment_one_wins(trader, busy_database, user_id):
    hold_id = hold_of(trader.offer(deal=held_for(600)))

    def ask(place):
        settling = holding.confirm if place % 2 else holding.release
        try:
            kept, changed = settling(busy_database, user_id, hold_id)
        except Conflict:
            return None
        return kept.state, changed

    said = at_once(10, ask)

    assert said.count(None) == 5
    assert sum(one[1] for one in said if one) == 1
    assert len({one[0] for one in said if one}) == 1


def test_one_address_gives_one_lead_whoever_they_are(busy_database, gate, user_id):
    policies = looking_back(Lookback(1, keys=("ip",)))
    trader = Trader(busy_database, gate, user_id, policies)

    def ask(place):
        lead = {"email": f"box{place}@provider{place}.example"}
        return trader.offer(lead, at=datetime.now(UTC), ip="203.0.113.9")

    answers = at_once(20, ask)

    assert sum(one["action_taken"] == "allow_processing" for one in answers) == 1


def test_the_deal_of_a_hold_goes_with_its_lead(trader, owner, user_id, states):
    trader.offer(deal=Deal("b1", "", 60))

    owner.execute("DELETE FROM public.leads WHERE tenant_id = %s", [user_id])

    assert states() == []


def test_checks_still_pass_without_a_policy_cache(database, gate, user_id):
    lead = offered(gate, user_id, deal=held_for(60))

    (answered,) = check(database, gate, user_id, [lead], rendered)

    assert orjson.loads(answered.body)["trade"]["hold"]
