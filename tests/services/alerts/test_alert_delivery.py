"""Delivery: every notification arrives at least once or is a dead letter, and delays no other."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from functools import partial

import psycopg
import pytest

from leadfly.alert_lanes import ALL, MOST_OF_TENANT, THREADS
from leadfly.queues import Queue
from leadfly.worker import run_next, work
from services.alerts import delivery_store, notification_store, receiver_store, receiving
from services.alerts.channels import CHANNELS, LANES, Outlets
from services.alerts.channels.mailing import Mailing
from services.alerts.delivery import KINDS, Deliveries, hand_over
from services.alerts.desk import Desk
from services.alerts.happening import Happening
from services.alerts.raising import Raiser
from services.alerts.receiver import Receiver
from services.alerts.receiver_store import Stored
from shared import jobs
from shared.destination import hosts
from shared.ids import uuid7
from shared.jobs import LEASE, MOST_TRIES
from shared.mail_server import MailServer
from shared.outbound import Door
from shared.retries import FAILING
from shared.signature import new_secret
from tests.services.alerts.sinks import MailSink, WebSink

SENDER = Address("LeadFly", "alerts", "leads.example.com")


@pytest.fixture
def web():
    sink = WebSink()
    yield sink
    sink.close()


@pytest.fixture
def mail():
    sink = MailSink()
    yield sink
    sink.close()


@pytest.fixture
def owner(owner_conninfo):
    """A claim takes whoever's job is due, so what other tests left must go."""
    with psycopg.connect(owner_conninfo, autocommit=True) as owner:
        owner.execute("DELETE FROM public.jobs")
        yield owner


class Stage:
    """An account with receivers, and a worker that delivers to them at any time one likes."""

    def __init__(self, database, worker, gate, tenant_id, outlets):
        self.database, self.worker, self.gate = database, worker, gate
        self.tenant_id, self.raiser = tenant_id, Raiser(gate)
        self.later, self.outlets = timedelta(0), outlets
        self.deliveries = self.doing(outlets)

    def doing(self, outlets, **options):
        return Deliveries(
            outlets,
            self.raiser.raise_as_it_is,
            "https://leads.example.com",
            clock=lambda: datetime.now(UTC) + self.later,
            **{"seconds": 1.0} | options,
        )

    def receiver(self, channel, address, name=None):
        made = Receiver(uuid7(), name or f"receiver {uuid7()}", channel)
        secret = new_secret() if CHANNELS[channel].is_signed else None
        now = datetime.now(UTC)
        stored = Stored(made, address, "…", secret, {}, None, now, "local", now, "local")
        with self.database.transaction(self.tenant_id) as conn:
            receiver_store.save(conn, self.gate, self.tenant_id, stored)
        return stored

    def alert(self, title="A lead came", fingerprint=None):
        """Raise an alert; return its id."""
        now, key = datetime.now(UTC), fingerprint or str(uuid7())
        facts = {"data.title": title, "data.message": "See the list."}
        happening = Happening(uuid7(), "x.happened", None, now, facts, key)
        with self.database.transaction(self.tenant_id) as conn:
            self.raiser.raise_as_it_is(conn, self.gate, self.tenant_id, happening)
            return conn.execute(
                "SELECT id FROM alerts.alerts WHERE tenant_id = %(tenant)s ORDER BY id DESC",
                {"tenant": self.tenant_id},
            ).fetchone()[0]

    def tell(self, receiver, *alerts, reason="first"):
        """Put a notification on its way; return its id."""
        id, now = uuid7(), datetime.now(UTC)
        alerts = alerts or (self.alert(),)
        with self.worker.transaction(self.tenant_id) as conn:
            notification_store.save(
                conn, self.tenant_id, id, receiver.id, reason, ["g"], alerts, now
            )
            hand_over(conn, self.tenant_id, id, receiver.id, receiver.receiver.channel)
        return id

    def run(self, later=timedelta(0), most=1000, deliveries=None):
        """Do what is due by then, in every lane; return how many jobs that were."""
        self.later, ran = later, 0
        by_kind = dict.fromkeys(ALL, deliveries or self.deliveries)
        now = datetime.now(UTC) + later if later else None
        for kind in ALL:
            queue = Queue(kind=kind)
            while ran < most and run_next(self.worker, self.gate, by_kind, now, queue):
                ran += 1
        return ran

    def rows(self, statement, **more):
        with self.database.transaction(self.tenant_id) as conn:
            return conn.execute(statement, {"tenant": self.tenant_id, **more}).fetchall()

    def status(self, id):
        ((*found,),) = self.rows(
            """
            SELECT status, attempts, last_status, last_error, next_try_at
            FROM alerts.notifications WHERE tenant_id = %(tenant)s AND id = %(id)s
            """,
            id=id,
        )
        return dict(zip(("status", "attempts", "answered", "why", "next"), found, strict=True))

    def of(self, receiver):
        with self.database.transaction(self.tenant_id) as conn:
            return receiver_store.one(conn, self.gate, self.tenant_id, receiver.id)

    def dead(self):
        with self.worker.transaction(self.tenant_id) as conn:
            return jobs.dead(conn, self.tenant_id)

    def replay(self, receiver, ids=None):
        """Do what the route does."""
        desk = Desk(self.database, self.gate, "US", hosts("127.0.0.1"), self.raiser)
        return receiving.replay(desk, self.tenant_id, receiver.id, ids)

    def titles(self):
        rows = self.rows(
            "SELECT event, facts FROM alerts.alerts WHERE tenant_id = %(tenant)s ORDER BY id"
        )
        return [event for event, _ in rows]


@pytest.fixture
def stage(database, worker_database, gate, user_id, owner, mail):
    server = MailServer("127.0.0.1", mail.port, "none")
    outlets = Outlets(Door(hosts("127.0.0.1")), Mailing(server, SENDER))
    return Stage(database, worker_database, gate, user_id, outlets)


def test_a_notification_arrives_once_under_its_own_id(stage, web):
    hook = stage.receiver("webhook", web.url())
    id = stage.tell(hook)

    assert stage.run() == 1
    assert stage.run(timedelta(days=4)) == 0

    assert [received.id for received in web.received] == [str(id)]
    assert stage.status(id) == {
        "status": "sent",
        "attempts": 1,
        "answered": 200,
        "why": None,
        "next": None,
    }


@pytest.mark.parametrize("channel", ["email", "webhook", "n8n", "ntfy"])
def test_every_kind_of_channel_is_delivered_to(stage, web, mail, channel):
    addresses = {"email": "sales@example.org", "ntfy": f"ntfy://127.0.0.1:{web.port}/sales"}
    id = stage.tell(stage.receiver(channel, addresses.get(channel, web.url())))

    stage.run()

    assert stage.status(id)["status"] == "sent"
    assert len(web.received) + len(mail.received) == 1


def test_several_alerts_are_one_message(stage, mail):
    sales = stage.receiver("email", "sales@example.org")
    stage.tell(sales, *(stage.alert(f"Alert number {n}") for n in range(3)), reason="digest")

    stage.run()

    (received,) = mail.received
    text = received.mail.get_body(("plain",)).get_content()
    assert all(f"Alert number {n}" in text for n in range(3))
    assert received.mail["List-Unsubscribe"].startswith("<https://leads.example.com/unsubscribe/")


def test_only_what_failed_is_tried_again_and_under_the_same_id(stage, web, mail):
    web.acts, alert = ["500", "drop", "ok"], stage.alert()
    hook = stage.tell(stage.receiver("webhook", web.url()), alert)
    stage.tell(stage.receiver("email", "sales@example.org"), alert)

    for seconds in (0, 2, 10, 40):
        stage.run(timedelta(seconds=seconds))

    assert len(mail.received) == 1
    assert web.ids == {str(hook)} and len(web.received) == 3
    assert stage.status(hook)["attempts"] == 3


def test_the_pauses_are_about_1_4_and_15_seconds(stage, web):
    web.acts = ["500"] * 4
    id = stage.tell(stage.receiver("webhook", web.url()))
    pauses, later = [], timedelta(0)

    for _ in range(4):
        assert stage.run(later) == 1
        due = stage.status(id)["next"] - datetime.now(UTC)
        pauses.append((due - later).total_seconds())
        later = due + timedelta(seconds=1)

    assert pauses == pytest.approx([1, 4, 15, 60], rel=0.35)


def test_a_host_that_asks_for_time_gets_it(stage, web):
    web.acts = ["429:30"]
    hook = stage.receiver("webhook", web.url())
    id, other = stage.tell(hook), stage.tell(hook)

    stage.run()

    assert stage.run(timedelta(seconds=20)) == 0
    assert stage.run(timedelta(seconds=35)) == 2
    assert {stage.status(one)["status"] for one in (id, other)} == {"sent"}


# Dead letters ------------------------------------------------------------------------------------


def test_what_cannot_succeed_is_a_dead_letter_at_once_and_says_why(stage, web):
    web.acts = ["404"]
    id = stage.tell(stage.receiver("webhook", web.url()))

    stage.run()

    told = stage.status(id)
    assert (told["status"], told["answered"]) == ("failed", 404)
    assert "trying again would not help" in told["why"]
    assert [job.failure for job in stage.dead()] == ["alerts.refused"]
    assert stage.run(timedelta(days=4)) == 0


def test_a_mailbox_that_is_refused_for_good_is_a_dead_letter(stage, mail):
    mail.acts = ["552"]
    id = stage.tell(stage.receiver("email", "sales@example.org"))

    stage.run()

    assert stage.status(id)["status"] == "failed" and len(stage.dead()) == 1


def test_a_replayed_dead_letter_is_delivered_under_the_same_id(stage, web):
    web.acts = ["404"]
    hook = stage.receiver("webhook", web.url())
    id = stage.tell(hook)
    stage.run()

    assert stage.replay(hook, [id]) == 1
    assert stage.status(id)["status"] == "pending"
    stage.run()

    assert stage.status(id)["status"] == "sent"
    assert web.ids == {str(id)} and stage.dead() == []


def test_the_operators_replay_of_a_dead_letter_delivers_it_too(stage, web):
    web.acts = ["404"]
    id = stage.tell(stage.receiver("webhook", web.url()))
    stage.run()

    with stage.worker.transaction(stage.tenant_id) as conn:
        assert jobs.replay(conn, stage.tenant_id) == 1
    stage.run()

    assert stage.status(id)["status"] == "sent"
    assert web.ids == {str(id)} and stage.dead() == []


def test_only_the_chosen_dead_letters_are_replayed(stage, web):
    web.acts = ["404", "404"]
    hook = stage.receiver("webhook", web.url())
    first, second = stage.tell(hook), stage.tell(hook)
    stage.run()

    stage.replay(hook, [second])

    assert stage.status(first)["status"] == "failed"
    assert stage.status(second)["status"] == "pending"


def test_a_receiver_that_wants_no_more_is_switched_off_and_that_is_an_alert(stage, web):
    web.acts = ["410"]
    hook = stage.receiver("webhook", web.url(), "CRM")
    stage.tell(hook), stage.tell(hook)

    stage.run()

    found = stage.of(hook)
    assert (found.receiver.is_active, found.inactive_because) == (False, "gone")
    assert len(web.received) == 1
    assert stage.titles()[-1] == "receiver.failing"


def test_after_three_days_of_failures_a_receiver_is_switched_off_and_that_is_an_alert(stage, web):
    web.always = lambda received: 500
    hook = stage.receiver("webhook", web.url(), "CRM")
    id, later = stage.tell(hook), timedelta(0)

    for _ in range(MOST_TRIES):
        if not stage.of(hook).receiver.is_active:
            break
        stage.run(later)
        due = stage.status(id)["next"]
        later = due - datetime.now(UTC) + timedelta(seconds=1) if due else later

    assert later >= FAILING
    assert stage.of(hook).inactive_because == "failing"
    assert stage.titles()[-1] == "receiver.failing"
    assert stage.status(id)["status"] == "failed" and len(stage.dead()) == 1


def test_a_mail_server_that_is_down_switches_no_receiver_off(stage, mail):
    mail.close()
    sales = stage.receiver("email", "sales@example.org")
    id, later = stage.tell(sales), timedelta(0)

    for _ in range(MOST_TRIES + 5):
        due = stage.status(id)["next"]
        if due is None:
            break
        later = max(later, due - datetime.now(UTC) + timedelta(seconds=1))
        stage.run(later)

    assert stage.of(sales).receiver.is_active
    assert stage.status(id)["status"] == "failed" and len(stage.dead()) == 1


def test_a_mail_server_that_is_down_is_not_asked_for_every_mail(stage, mail):
    mail.acts = ["drop"] * 50
    sales = stage.receiver("email", "sales@example.org")
    for _ in range(10):
        stage.tell(sales)

    stage.run()

    assert len(mail.received) == 3


# What there is no need for -----------------------------------------------------------------------


def test_nobody_is_told_of_what_was_dealt_with_first(stage, web, owner):
    alert = stage.alert()
    id = stage.tell(stage.receiver("webhook", web.url()), alert)
    owner.execute(
        "UPDATE alerts.alerts SET status = 'actioned', ended_at = now() WHERE id = %s", [alert]
    )

    stage.run()

    assert web.received == []
    assert stage.status(id)["status"] == "dropped" and "first" in stage.status(id)["why"]


def test_a_receiver_that_is_paused_hears_nothing_of_what_was_on_its_way(stage, web, owner):
    hook = stage.receiver("webhook", web.url())
    id = stage.tell(hook)
    owner.execute("UPDATE alerts.receivers SET is_active = false WHERE id = %s", [hook.id])

    stage.run()

    assert (web.received, stage.status(id)["status"]) == ([], "dropped")


def test_a_removed_receiver_leaves_nothing_to_do(stage, web, owner):
    hook = stage.receiver("webhook", web.url())
    stage.tell(hook)
    with stage.database.transaction(stage.tenant_id) as conn:
        receiver_store.remove(conn, stage.tenant_id, hook.id)

    stage.run()

    assert web.received == [] and stage.dead() == []


def test_a_lead_is_named_by_its_initials_and_no_more(stage, web, post, owner):
    lead = post(email="ada@example.org", first_name="Ada", last_name="Lovelace")
    alert = stage.alert()
    owner.execute("UPDATE alerts.alerts SET lead_id = %s WHERE id = %s", [lead["lead_id"], alert])
    stage.tell(stage.receiver("webhook", web.url()), alert)

    stage.run()

    (received,) = web.received
    assert b'"name":"A. L."' in received.body and b"a***@example.org" in received.body
    assert b"Lovelace" not in received.body and b"ada@" not in received.body


def test_a_lead_whose_person_withdrew_is_not_named_at_all(stage, web, post, client, owner):
    lead = post(email="ada@example.org", first_name="Ada", last_name="Lovelace")
    alert = stage.alert()
    owner.execute("UPDATE alerts.alerts SET lead_id = %s WHERE id = %s", [lead["lead_id"], alert])
    stage.tell(stage.receiver("webhook", web.url()), alert)
    body = {"user_id": stage.tenant_id, "lead_id": lead["lead_id"]}
    withdrawn = client.post("/api/v1/lead-discovery/privacy/withdrawals", json=body)
    assert withdrawn.json["recorded"], withdrawn.text

    stage.run()

    (received,) = web.received
    assert b"A. L." not in received.body and b"@example.org" not in received.body


# Slow, dying, many -------------------------------------------------------------------------------


class Dying(Exception):
    """A worker that is killed."""


def test_a_worker_that_dies_after_sending_leaves_copies_under_one_id(stage, web):
    id = stage.tell(stage.receiver("webhook", web.url()))

    class Killed(Door):
        def send(self, *arguments, **options):
            super().send(*arguments, **options)
            raise KeyboardInterrupt

    dying = stage.doing(Outlets(Killed(hosts("127.0.0.1")), None))
    with pytest.raises(KeyboardInterrupt):
        stage.run(deliveries=dying)
    assert stage.run() == 0
    stage.run(LEASE + timedelta(seconds=1))

    assert len(web.received) == 2 and web.ids == {str(id)}
    assert stage.status(id)["status"] == "sent"


def test_a_receiver_that_is_down_is_not_asked_for_every_notification(stage, web):
    web.always = lambda received: 500
    hook = stage.receiver("webhook", web.url())
    for _ in range(10):
        stage.tell(hook)

    stage.run()

    assert len(web.received) == 3


def working(stage, deliveries, stop):
    """Start the worker's own threads, as it has them; return them."""
    by_kind = dict.fromkeys(ALL, deliveries)
    threads = []
    for lane in LANES:
        queue = Queue(kind=KINDS[lane], most=MOST_OF_TENANT, rest=0.05)
        loop = partial(work, stage.worker, stage.gate, by_kind, stop.is_set, queue)
        threads += [threading.Thread(target=again, args=(loop, stop)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    return threads


def again(loop, stop):
    while not stop.is_set():
        loop()
        time.sleep(0.05)


def test_a_channel_that_hangs_delays_no_other(stage, web, mail):
    """p95 of the others stays under five seconds; here under three, with ten that hang."""
    web.always = lambda received: "hang" if received.path == "/hangs" else "ok"
    web.hang_seconds = 20
    hangs = stage.receiver("webhook", web.url("/hangs"))
    others = [
        stage.receiver("email", "sales@example.org"),
        stage.receiver("webhook", web.url("/works")),
        stage.receiver("ntfy", f"ntfy://127.0.0.1:{web.port}/sales"),
    ]
    for _ in range(10):
        stage.tell(hangs)
    told = [stage.tell(receiver) for _ in range(5) for receiver in others]
    stop, begun = threading.Event(), time.monotonic()
    threads = working(stage, stage.doing(stage.outlets, seconds=3.0), stop)

    while time.monotonic() - begun < 15 and any(
        stage.status(one)["status"] != "sent" for one in told
    ):
        time.sleep(0.1)
    took = time.monotonic() - begun
    stop.set()
    web.released.set()
    for thread in threads:
        thread.join()

    assert {stage.status(one)["status"] for one in told} == {"sent"}
    assert took < 5


@pytest.mark.parametrize("number", [300, pytest.param(10_000, marks=pytest.mark.alerts_long)])
def test_over_flapping_channels_nothing_is_lost(stage, web, mail, number):
    """Each arrives at least once or is a dead letter: what `make test-alerts` does with 10,000."""
    flap = Flapping()
    web.always = mail.always = flap
    receivers = [
        *(stage.receiver("webhook", web.url(f"/{n}")) for n in range(4)),
        *(stage.receiver("email", f"sales{n}@example.org") for n in range(4)),
    ]
    alerts = [stage.alert() for _ in range(10)]
    told = [stage.tell(receivers[n % 8], alerts[n % 10]) for n in range(number)]

    later = timedelta(0)
    for _ in range(100):
        stage.run(later, most=10 * number)
        ((due,),) = stage.rows(
            "SELECT max(next_try_at) FROM alerts.notifications WHERE tenant_id = %(tenant)s"
        )
        if due is None:
            break
        later = max(later, due - datetime.now(UTC) + timedelta(seconds=2))

    found = stage.rows("SELECT id, status FROM alerts.notifications WHERE tenant_id = %(tenant)s")
    ended = Counter(status for _, status in found)
    letters = stage.rows(
        "SELECT arguments ->> 'notification_id' FROM public.jobs WHERE tenant_id = %(tenant)s"
    )
    assert {id for id, _ in found} == set(told)
    assert {str(id) for id, status in found if status == "failed"} == {id for (id,) in letters}
    assert ended["sent"] + ended["failed"] == number
    assert {str(id) for id, status in found if status == "sent"} <= web.ids | mail.ids


class Flapping:
    """Bad for a while, good for a while, in an order that is the same every time."""

    def __init__(self):
        self.asked = 0

    def __call__(self, received):
        self.asked += 1
        return ACTS[self.asked % len(ACTS)]


ACTS = ("ok", "500", "ok", "ok", "drop", "ok", "450", "ok", "ok", "ok", "552", "ok", "ok")


def test_every_lane_has_jobs_of_its_own():
    assert len(set(ALL)) == len(LANES) == len(KINDS)


def test_a_status_of_delivery_is_one_that_the_table_takes(stage, web):
    assert set(delivery_store.Status.__args__) == {"pending", "sent", "failed", "dropped"}
