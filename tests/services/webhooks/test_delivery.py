"""Deliveries: every event to whoever wants it, signed, at least once, and nobody held up."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from leadfly.purge import purge
from leadfly.queues import Queue
from leadfly.worker import run_next, work
from services.webhooks import store
from services.webhooks.delivery import deliver
from services.webhooks.fan_out import DELIVER, fan_out, hand_over
from shared import events
from shared.destination import hosts
from shared.events import EVER, Event
from shared.ids import uuid7
from shared.jobs import LEASE, MOST_TRIES
from shared.outbound import Door
from shared.retries import FAILING, PAUSES

ROOT = Path(__file__).resolve().parents[3]


def happened(database, tenant_id, lead_id, name="lead.created", **more):
    """Store an event about a lead that is there; return it."""
    event = Event(name, UUID(str(lead_id)), datetime.now(UTC), **more)
    with database.transaction(tenant_id) as conn:
        events.save(conn, tenant_id, [event])
    return event


def deliveries(ask, made):
    return ask("GET", f"/{made['id']}/deliveries")["deliveries"]


def test_a_new_lead_is_told_signed_and_without_what_it_said(registered, post, rounds, sink, ask):
    made = registered()
    lead = post(email="ada@example.org", first_name="Ada", phone="+44 20 7946 0958")

    assert rounds() == 1

    (received,) = sink.received
    body = received.verified(made["secret"])
    assert set(body) == {"event", "timestamp", "data"}
    assert body["event"] == "lead.created"
    assert body["data"]["lead_id"] == lead["lead_id"]
    assert body["data"]["decision_id"] == lead["decision_id"]
    assert b"ada" not in received.body.lower() and b"7946" not in received.body
    assert received.headers["content-type"] == "application/json"
    assert received.headers["user-agent"].startswith("LeadFly")
    (told,) = deliveries(ask, made)
    assert (told["status"], told["attempts"], told["last_status"]) == ("delivered", 1, 200)
    assert told["event_id"] == received.headers["webhook-id"]
    assert ask("GET", f"/{made['id']}")["webhook"]["last_delivered_at"]


def test_nothing_is_told_twice_without_need(registered, post, rounds, sink):
    registered()
    post(email="ada@example.org")

    for _ in range(3):
        rounds()

    assert len(sink.received) == 1


def test_each_endpoint_hears_of_what_it_asked_for(
    registered, post, rounds, sink, worker_database, user_id
):
    registered("/created", ["lead.created"])
    registered("/late", ["lead.late_duplicate"])
    registered("/both", ["lead.created", "lead.late_duplicate"])
    lead = post(email="ada@example.org")
    happened(worker_database, user_id, lead["lead_id"], "lead.late_duplicate")
    happened(worker_database, user_id, lead["lead_id"], "lead.converted")

    rounds()

    heard = {path: len(sink.of(path)) for path in ("/created", "/late", "/both")}
    assert heard == {"/created": 1, "/late": 1, "/both": 2}


def test_what_happened_before_an_endpoint_was_there_is_not_told(registered, post, rounds, sink):
    post(email="early@example.org")
    registered()
    late = post(email="late@example.org")

    rounds()

    assert [received.body.count(late["lead_id"].encode()) for received in sink.received] == [1]


def test_another_accounts_events_are_not_told(registered, post, rounds, sink, app):
    registered()
    app.test_client().post(
        "/webhook/leadfly/duplicate-prevention",
        json={"user_id": "somebody-else", "source_id": "s", "email": "x@example.org"},
    )

    rounds()

    assert sink.received == []


def test_after_a_rotation_both_secrets_verify_for_a_day(registered, ask, post, rounds, sink):
    made = registered()
    rotated = ask("POST", f"/{made['id']}/rotate")["webhook"]
    post(email="ada@example.org")
    rounds()

    (received,) = sink.received
    assert len(received.headers["webhook-signature"].split(" ")) == 2
    assert received.verified(made["secret"]) == received.verified(rotated["secret"])


def test_a_day_after_a_rotation_the_new_secret_signs_alone(registered, ask, post, rounds, sink):
    made = registered()
    ask("POST", f"/{made['id']}/rotate")
    post(email="ada@example.org")
    rounds(later=timedelta(hours=24, seconds=1))

    (received,) = sink.received
    assert len(received.headers["webhook-signature"].split(" ")) == 1


# Failures ----------------------------------------------------------------------------------------


def test_a_failed_delivery_is_tried_again_after_1_4_and_15_seconds(
    registered, post, rounds, sink, owner, user_id
):
    registered()
    post(email="ada@example.org")
    sink.answers = [500, 404, 429, 503]
    pauses, later = [], timedelta(0)

    for _ in range(4):
        assert rounds(later) == 1
        due = owner.execute(
            "SELECT due_at - now() FROM public.jobs WHERE tenant_id = %s", [user_id]
        ).fetchone()[0]
        pauses.append((due - later).total_seconds())
        later = due + timedelta(seconds=1)

    assert [round(pause / 0.5) * 0.5 for pause in pauses] == pytest.approx([1, 4, 15, 60], rel=0.35)
    assert rounds(later) == 1
    assert len({received.headers["webhook-id"] for received in sink.received}) == 1
    assert len(sink.received) == 5


def test_it_really_takes_about_1_and_4_seconds_for_a_running_worker(
    registered, post, worker_database, gate, sink, owner
):
    registered()
    sink.answers = [500, 500]
    post(email="ada@example.org")
    kinds = {DELIVER: partial(deliver, Door(hosts("127.0.0.1")))}
    ends_at = time.monotonic() + 12

    while len(sink.received) < 3 and time.monotonic() < ends_at:
        fan_out(worker_database, bool)
        work(worker_database, gate, kinds, bool, Queue(kind=DELIVER))
        time.sleep(0.05)

    first, second, third = (received.at for received in sink.received)
    assert 0.9 < second - first < 2
    assert 3.9 < third - second < 6


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_not_followed(registered, post, rounds, sink, ask, status):
    made = registered()
    sink.answers = [status]
    post(email="ada@example.org")

    rounds()

    assert sink.of("/elsewhere") == []
    (told,) = deliveries(ask, made)
    assert (told["status"], told["last_status"]) == ("pending", status)
    assert "redirect" in told["last_error"]
    assert told["next_try_at"]


def test_an_endpoint_that_answers_410_is_deactivated_at_once(registered, post, rounds, sink, ask):
    made = registered()
    sink.answers = [410]
    for number in range(3):
        post(email=f"{number}@example.org")

    rounds()

    shown = ask("GET", f"/{made['id']}")["webhook"]
    assert (shown["active"], shown["inactive_because"]) == (False, "gone")
    assert shown["changed_at"] > made["changed_at"]
    assert len(sink.received) == 1
    assert sorted(told["status"] for told in deliveries(ask, made)) == [
        "dropped",
        "dropped",
        "failed",
    ]


def test_an_endpoint_that_failed_for_three_days_is_deactivated(
    registered, post, rounds, sink, ask, owner, user_id
):
    made = registered()
    post(email="ada@example.org")
    sink.answers = [500] * 50
    later = timedelta(0)

    for _ in range(MOST_TRIES):
        if not ask("GET", f"/{made['id']}")["webhook"]["active"]:
            break
        rounds(later)
        due = owner.execute(
            "SELECT due_at - now() FROM public.jobs WHERE tenant_id = %s", [user_id]
        ).fetchone()
        later = due[0] + timedelta(seconds=1) if due else later

    shown = ask("GET", f"/{made['id']}")["webhook"]
    assert (shown["active"], shown["inactive_because"]) == (False, "failing")
    assert later >= FAILING
    assert len(sink.received) == MOST_TRIES
    left = owner.execute("SELECT count(*) FROM public.jobs WHERE tenant_id = %s", [user_id])
    assert left.fetchone() == (0,)


def test_one_success_lets_the_endpoint_begin_anew(registered, post, rounds, sink, ask):
    made = registered()
    sink.answers = [500, 500]
    post(email="ada@example.org")
    rounds()
    assert ask("GET", f"/{made['id']}")["webhook"]["failing_since"]
    rounds(timedelta(seconds=2))
    rounds(timedelta(seconds=10))

    assert ask("GET", f"/{made['id']}")["webhook"]["failing_since"] is None


def test_an_endpoint_that_is_down_is_not_asked_for_every_event(registered, post, rounds, sink, ask):
    made = registered()
    sink.answers = [500] * 100
    for number in range(10):
        post(email=f"{number}@example.org")

    rounds()

    assert len(sink.received) == 3
    told = deliveries(ask, made)
    assert sorted(one["attempts"] for one in told) == [0] * 7 + [1] * 3
    assert all(one["status"] == "pending" and one["next_try_at"] for one in told)


def test_what_waited_for_an_endpoint_that_was_down_is_delivered_once_it_is_up(
    registered, post, rounds, sink, ask
):
    made = registered()
    sink.answers = [500] * 3
    for number in range(10):
        post(email=f"{number}@example.org")
    rounds()

    for minutes in (1, 2, 3):
        rounds(timedelta(minutes=minutes))

    assert {told["status"] for told in deliveries(ask, made)} == {"delivered"}


def test_an_endpoint_that_hangs_delays_no_other(
    registered, post, sink, worker_database, gate, owner
):
    """Its tenant's deliveries take half of the threads at most, so that others go on."""
    release = threading.Event()

    class Hanging(Door):
        def send(self, method, url, *arguments, **options):
            if url.endswith("/hangs"):
                release.wait(20)
            return super().send(method, url, *arguments, **options)

    registered("/hangs")
    registered("/works")
    for number in range(6):
        post(email=f"{number}@example.org")
    fan_out(worker_database, bool)
    kinds = {DELIVER: partial(deliver, Hanging(hosts("127.0.0.1")))}
    queue = Queue(kind=DELIVER)
    threads = [
        threading.Thread(target=work, args=(worker_database, gate, kinds, release.is_set, queue))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    ends_at = time.monotonic() + 5
    while len(sink.of("/works")) < 6 and time.monotonic() < ends_at:
        time.sleep(0.02)
    heard = len(sink.of("/works"))
    release.set()
    for thread in threads:
        thread.join()

    assert heard == 6


def test_of_one_tenant_no_more_is_under_way_than_allowed(
    registered, post, worker_database, owner, user_id
):
    registered()
    for number in range(5):
        post(email=f"{number}@example.org")
    fan_out(worker_database, bool)
    queue = Queue(kind=DELIVER, most=2)

    taken = [queue.claim(worker_database) for _ in range(4)]
    assert [len(jobs) for jobs in taken] == [1, 1, 0, 0]
    queue.done(taken[0][0])

    assert len(queue.claim(worker_database)) == 1


def test_an_ordinary_worker_leaves_deliveries_alone(registered, post, worker_database, gate, owner):
    registered()
    post(email="ada@example.org")
    fan_out(worker_database, bool)

    assert not run_next(worker_database, gate, {}, queue=Queue(without=(DELIVER,)))


def test_the_delivery_of_a_worker_that_died_is_done_again_under_the_same_id(
    registered, post, rounds, sink, worker_database, gate
):
    registered()
    post(email="ada@example.org")
    fan_out(worker_database, bool)
    kinds = {DELIVER: dying_after(partial(deliver, Door(hosts("127.0.0.1"))))}

    with pytest.raises(KeyboardInterrupt):
        run_next(worker_database, gate, kinds, queue=Queue(kind=DELIVER))
    assert rounds() == 0
    assert rounds(LEASE + timedelta(seconds=1)) == 1

    assert len(sink.received) == 2
    assert len({received.headers["webhook-id"] for received in sink.received}) == 1


def dying_after(act):
    """Send the message, and die before it is noted that it was sent."""

    def die(database, gate, job):
        class Dying(Door):
            def send(self, *arguments, **options):
                super().send(*arguments, **options)
                raise KeyboardInterrupt

        deliver(Dying(hosts("127.0.0.1")), database, gate, job)

    return die


def test_a_host_that_turns_private_is_not_reached_and_its_owner_told(
    registered, post, rounds, sink, ask
):
    made = registered()
    post(email="ada@example.org")

    rounds(door=Door())  # the operator lists this machine no more

    assert sink.received == []
    (told,) = deliveries(ask, made)
    assert told["status"] == "pending" and told["last_error"]


# What goes, goes along ---------------------------------------------------------------------------


def erase(owner, lead_id):
    owner.execute("DELETE FROM public.leads WHERE id = %s", [lead_id])


def test_an_erased_lead_takes_its_pending_deliveries_along(
    registered, post, rounds, sink, owner, ask, user_id
):
    made = registered()
    sink.answers = [500]
    lead = post(email="ada@example.org")
    rounds()
    owner.execute("SELECT set_config('leadfly.tenant_id', %s, false)", [user_id])

    erase(owner, lead["lead_id"])

    assert deliveries(ask, made) == []
    assert rounds(timedelta(minutes=5)) == 0
    assert len(sink.received) == 1


def test_the_route_that_erases_a_lead_takes_its_deliveries_along(
    registered, post, rounds, sink, ask, hooks_app, user_id, owner
):
    made = registered()
    lead = post(email="ada@example.org")
    rounds()
    assert len(deliveries(ask, made)) == 1

    erased = hooks_app.test_client().delete(
        f"/api/v1/lead-discovery/leads/{lead['lead_id']}", query_string={"user_id": user_id}
    )

    assert erased.status_code == 200, erased.json
    assert deliveries(ask, made) == []


def test_an_erasure_under_way_is_neither_waited_for_nor_told(
    registered, post, sink, worker_database, owner_conninfo, owner, user_id
):
    registered()
    lead = post(email="ada@example.org")
    with psycopg.connect(owner_conninfo) as eraser:
        eraser.execute("SELECT set_config('leadfly.tenant_id', %s, false)", [user_id])
        erase(eraser, lead["lead_id"])
        begun = time.monotonic()
        assert hand_over(worker_database, user_id, EVER) == 0
        assert time.monotonic() - begun < 4


def test_a_removed_endpoint_hears_nothing_of_what_was_on_its_way(
    registered, post, rounds, sink, ask, worker_database, owner
):
    made = registered()
    post(email="ada@example.org")
    fan_out(worker_database, bool)

    ask("DELETE", f"/{made['id']}")
    rounds()

    assert sink.received == []


def test_what_was_on_its_way_at_a_pause_is_dropped_and_shown_so(
    registered, post, rounds, sink, ask, worker_database, owner
):
    made = registered()
    post(email="ada@example.org")
    fan_out(worker_database, bool)

    ask("PUT", f"/{made['id']}", active=False)
    (paused,) = deliveries(ask, made)
    ask("PUT", f"/{made['id']}", active=True)
    rounds()

    (after,) = deliveries(ask, made)
    assert (paused["status"], after["status"]) == ("dropped", "dropped")
    assert sink.received == []


def test_what_happens_during_a_pause_is_not_told_afterwards(registered, post, rounds, sink, ask):
    made = registered()
    ask("PUT", f"/{made['id']}", active=False)
    post(email="paused@example.org")
    rounds()
    ask("PUT", f"/{made['id']}", active=True)
    after = post(email="after@example.org")
    rounds()

    assert [after["lead_id"].encode() in received.body for received in sink.received] == [True]


def test_old_events_are_purged_with_their_deliveries_and_no_others(
    registered, post, rounds, ask, owner, worker_database, user_id
):
    made = registered()
    old, new = post(email="old@example.org"), post(email="new@example.org")
    rounds()
    owner.execute(
        "UPDATE public.events SET occurred_at = now() - interval '91 days' WHERE lead_id = %s",
        [old["lead_id"]],
    )

    purge(worker_database)

    assert [told["lead_id"] for told in deliveries(ask, made)] == [new["lead_id"]]
    left = owner.execute("SELECT lead_id FROM public.events WHERE tenant_id = %s", [user_id])
    assert [str(lead_id) for (lead_id,) in left] == [new["lead_id"]]


# What it costs -----------------------------------------------------------------------------------


def test_events_of_tenants_without_an_endpoint_are_not_looked_at(
    post, worker_database, owner, user_id
):
    post(email="ada@example.org")

    fan_out(worker_database, bool)

    pending = owner.execute(
        "SELECT count(*) FROM public.events WHERE tenant_id = %s AND delivered_at IS NULL",
        [user_id],
    )
    assert pending.fetchone() == (1,)


def test_who_hears_is_found_by_indexes_however_much_happened_before(
    registered, post, worker_database, owner, user_id
):
    """Months of events that nobody heard of lie before the endpoint; none of them is read."""
    lead = post(email="ada@example.org")
    owner.execute(
        """
        INSERT INTO public.events (tenant_id, id, event, lead_id, data, occurred_at)
        SELECT %(tenant)s, ('0190' || substr(md5(n::text), 5))::uuid, 'lead.created', %(lead)s,
               '{}', now() - interval '1 month' FROM generate_series(1, 50000) AS n
        """,
        {"tenant": user_id, "lead": lead["lead_id"]},
    )
    owner.execute("ANALYZE public.events")
    registered()
    new = post(email="bo@example.com")

    with worker_database.lookup() as conn:
        before = reads(conn)
        hearers = store.hearers(conn)
        looked_at = reads(conn) - before
    with worker_database.transaction(user_id) as conn:
        before = reads(conn)
        waiting = events.pending(conn, user_id, since=dict(hearers)[user_id])
        handed_over = reads(conn) - before

    assert str(waiting[-1].lead_id) == new["lead_id"]
    assert looked_at < 100
    assert handed_over < 100


def reads(conn):
    """Return how many rows of events this transaction read so far, by any index or scan."""
    row = conn.execute(
        "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables "
        "WHERE schemaname = 'public' AND relname = 'events'"
    ).fetchone()
    return row[0]


def test_many_events_are_handed_over_in_parts_and_once(
    registered, post, rounds, sink, worker_database, user_id
):
    registered()
    lead = post(email="ada@example.org")
    for _ in range(250):
        happened(worker_database, user_id, lead["lead_id"], "lead.created", id=uuid7())

    rounds()

    assert len(sink.received) == 251
    assert len({received.headers["webhook-id"] for received in sink.received}) == 251


def test_the_pauses_reach_beyond_the_time_after_which_an_endpoint_is_given_up():
    assert len(PAUSES) == MOST_TRIES - 1
    assert sum(PAUSES, timedelta(0)) > FAILING


def test_a_running_worker_delivers(registered, post, sink, server, owner, ask):
    """The process itself, as the role it runs as."""
    made = registered()
    environ = {"LEADFLY_HOME": str(server.home), "LEADFLY_ALLOWED_PRIVATE_HOSTS": "127.0.0.1"}
    with process(environ, "-m", "leadfly", "worker") as running:
        sink.answers = [500]
        for number in range(20):
            post(email=f"{number}@example.org")
        ends_at = time.monotonic() + 20
        while time.monotonic() < ends_at and len(deliveries_done(ask, made)) < 20:
            time.sleep(0.1)
        running.send_signal(signal.SIGTERM)
        said = running.communicate(timeout=15)[0]

    assert len(deliveries_done(ask, made)) == 20
    assert len(sink.received) == 21
    assert "failed; trying again" not in said


def deliveries_done(ask, made):
    return [told for told in deliveries(ask, made) if told["status"] == "delivered"]


@contextmanager
def process(environ, *arguments):
    """Run Python on *arguments*, and leave nothing of it behind."""
    running = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()
