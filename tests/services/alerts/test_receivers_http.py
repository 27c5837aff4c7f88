"""Receivers over HTTP: addresses are checked first, secrets shown once, failures tried again."""

from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from tests.services.alerts.account import HOOK, SALES, Alerted


@pytest.fixture
def mine(app, user_id):
    return Alerted(app, user_id)


def test_a_webhook_has_a_secret_that_is_shown_once(mine):
    made = mine.receiver()

    shown = mine.get(f"/alerts/receivers/{made['id']}")["receiver"]
    assert made["secret"].startswith("whsec_")
    assert shown == {name: made[name] for name in made if name != "secret"}
    assert HOOK["url"] not in str(shown)


def test_a_mailbox_has_no_secret_and_its_address_is_not_shown(mine):
    made = mine.receiver(**SALES, url=None)

    assert (made["secret"], made["address"]) == (None, "s***@corp.example")
    mine.ask("POST", f"/alerts/receivers/{made['id']}/rotate", 409)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({"url": "http://127.0.0.1/hook"}, "url"),
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"url": "https://user:word@crm.example.com/"}, "url"),
        ({"url": "no url"}, "url"),
        ({"url": None}, "address"),
        ({"url": None, "address": "https://10.0.0.1/"}, "address"),
        ({"channel": "email", "url": None, "address": "a@b.example\r\nBcc: c@d.test"}, "address"),
        ({"channel": "email", "url": None, "address": "nobody"}, "address"),
        ({"channel": "slack", "url": "https://evil.example/hook"}, "url"),
        ({"address": "https://other.example/"}, "address"),
        ({"name": ""}, "name"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"quiet_hours": {"from": "25:00", "to": "07:00"}}, "quiet_hours.from"),
        ({"quiet_hours": {"from": "07:00", "to": "07:00"}}, "quiet_hours.to"),
        ({"quiet_hours": {"from": "20:00", "to": "07:00", "days": ["someday"]}},
         "quiet_hours.days[0]"),
        ({"digest_at": "08:00\n"}, "digest_at"),
        ({"digest": "weekly"}, "digest"),
        ({"most_an_hour": 0}, "most_an_hour"),
        ({"least_priority": "panic"}, "least_priority"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_receiver_is_named_and_nothing_is_stored(mine, said, place):
    error = mine.receiver(expect=400, **said)

    assert list(error["details"]) == [place], error
    assert mine.get("/alerts/receivers")["count"] == 0


def test_an_address_is_never_said_back(mine):
    error = mine.receiver(expect=400, url="http://10.1.2.3/secret-path")

    assert "secret-path" not in str(error)


def test_two_receivers_are_not_called_the_same(mine):
    mine.receiver()
    other = mine.receiver(name="Other")

    mine.receiver(expect=409)
    mine.ask("PUT", f"/alerts/receivers/{other['id']}", 409, name="CRM")


def test_two_accounts_may_call_theirs_the_same(mine, app):
    mine.receiver()

    assert Alerted(app, f"{mine.user_id}-2").receiver()["name"] == "CRM"


def test_quiet_hours_are_answered_as_they_were_said(mine):
    hours = {"from": "20:00", "to": "07:00", "days": ["sun", "mon"]}

    made = mine.receiver(quiet_hours=hours, timezone="Europe/Berlin", digest="daily")

    assert made["quiet_hours"] == hours | {
        "days": ["mon", "sun"],
        "timezone": "Europe/Berlin",
        "breaks_through": "urgent",
    }
    assert (made["digest"], made["digest_at"]) == ("daily", "08:00")


def test_what_a_change_leaves_out_stays(mine):
    made = mine.receiver(most_an_hour=5)

    changed = mine.ask("PUT", f"/alerts/receivers/{made['id']}", digest="hourly")["receiver"]

    assert (changed["digest"], changed["most_an_hour"], changed["version"]) == ("hourly", 5, 2)
    assert changed["address"] == made["address"]


def test_a_faulty_change_changes_nothing(mine):
    made = mine.receiver()
    path = f"/alerts/receivers/{made['id']}"

    mine.ask("PUT", path, 400, url="http://127.0.0.1/", digest="hourly")
    mine.ask("PUT", path, 409, digest="hourly", version=7)

    assert mine.get(path)["receiver"]["version"] == 1


def test_a_receiver_is_paused_and_switched_on(mine):
    path = f"/alerts/receivers/{mine.receiver()['id']}"

    paused = mine.ask("PUT", path, is_active=False)["receiver"]
    on = mine.ask("PUT", path, is_active=True)["receiver"]

    assert (paused["is_active"], paused["inactive_because"]) == (False, "paused")
    assert (on["is_active"], on["inactive_because"]) == (True, None)


def test_a_new_secret_is_another(mine):
    made = mine.receiver()

    rotated = mine.ask("POST", f"/alerts/receivers/{made['id']}/rotate")["receiver"]

    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != made["secret"]


def test_a_receiver_that_was_removed_is_not_there_and_its_rules_stay(mine):
    made = mine.receiver()
    rule = mine.rule(receivers=[made["id"]])

    mine.delete(f"/alerts/receivers/{made['id']}")

    mine.get(f"/alerts/receivers/{made['id']}", 404)
    mine.delete(f"/alerts/receivers/{made['id']}", 404)
    path = f"/alerts/rules/{rule['id']}"
    assert mine.ask("PUT", path, priority="low")["rule"]["receivers"] == [made["id"]]


def test_a_test_message_tells_what_became_of_it(mine):
    made = mine.receiver(**SALES, url=None)

    found = mine.ask("POST", f"/alerts/receivers/{made['id']}/test")["test"]

    assert found["delivered"] is False
    assert "SMTP_URL" in found["error"]


def failed(owner, tenant, receiver_id):
    """Store a notification that was given up; return its id."""
    notification_id = uuid4()
    owner.execute(
        """
        INSERT INTO alerts.notifications (tenant_id, id, receiver_id, reason, alert_count, status,
                                          attempts, last_status, created_at, ended_at)
        VALUES (%s, %s, %s, 'first', 1, 'failed', 12, 500, %s, %s)
        """,
        [tenant, notification_id, receiver_id, datetime.now(UTC), datetime.now(UTC)],
    )
    return str(notification_id)


@pytest.fixture
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as owner:
        yield owner


def test_what_failed_for_good_is_listed_and_tried_again(mine, owner):
    made = mine.receiver()
    path = f"/alerts/receivers/{made['id']}"
    wanted, other = (failed(owner, mine.user_id, made["id"]) for _ in range(2))

    replayed = mine.ask("POST", f"{path}/replay", notification_ids=[wanted])["replayed"]

    states = {
        one["notification_id"]: one["status"]
        for one in mine.get(f"{path}/deliveries")["deliveries"]
    }
    assert (replayed, states) == (1, {wanted: "pending", other: "failed"})
    jobs = owner.execute(
        "SELECT arguments ->> 'notification_id' FROM public.jobs WHERE tenant_id = %s",
        [mine.user_id],
    ).fetchall()
    assert jobs == [(wanted,)]


def test_nothing_is_tried_again_while_the_receiver_is_off(mine, owner):
    made = mine.receiver(is_active=False)
    failed(owner, mine.user_id, made["id"])

    mine.ask("POST", f"/alerts/receivers/{made['id']}/replay", 409)


def test_receivers_and_deliveries_come_in_pages(mine, owner):
    made = [mine.receiver(name=f"R{n}")["id"] for n in range(3)]
    told = {failed(owner, mine.user_id, made[0]) for _ in range(3)}

    first = mine.get("/alerts/receivers", limit=2)
    rest = mine.get("/alerts/receivers", limit=2, after=first["next_after"])
    assert [one["id"] for one in (*first["receivers"], *rest["receivers"])] == made

    path = f"/alerts/receivers/{made[0]}/deliveries"
    first = mine.get(path, limit=2)
    rest = mine.get(path, limit=2, after=first["next_after"])
    both = (*first["deliveries"], *rest["deliveries"])
    assert ({one["notification_id"] for one in both}, rest["next_after"]) == (told, None)
