"""Sending: real servers that refuse, hang and break off; headers that hold nothing but ours."""

import io
import logging
import ssl
import time
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from services.alerts import channels
from services.alerts.channels import CHANNELS, Outlets
from services.alerts.channels.channel import Target
from services.alerts.channels.email import letter
from services.alerts.channels.mailing import Mailing
from shared.destination import hosts
from shared.mail_server import MailServer
from shared.outbound import Door
from shared.signature import new_secret
from tests.services.alerts.messages import AT, said, shown
from tests.services.alerts.sinks import MailSink, WebSink, certificate

SENDER = Address("LeadFly", "alerts", "leads.example.com")

SECONDS = 2.0

BREAKS = ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")


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


def outlets(mail=None, trust=None, **server):
    door = Door(hosts("127.0.0.1"))
    if mail is None:
        return Outlets(door, None)
    known = {"host": "127.0.0.1", "port": mail.port, "security": "none"}
    return Outlets(door, Mailing(MailServer(**known | server), SENDER, trust))


def sent(outlets, channel, address, message=None, secret=None, unsubscribe=None, seconds=SECONDS):
    target = Target(address, secret, unsubscribe)
    now = datetime.now(UTC)
    return channels.sent(outlets, channel, target, message or said(), now, seconds)


# Webhooks ----------------------------------------------------------------------------------------


def test_a_webhook_is_signed_so_that_the_standards_own_library_accepts_it(web):
    secret, message = new_secret(), said()

    assert sent(outlets(), "webhook", web.url(), message, secret).result == "sent"

    (received,) = web.received
    assert Webhook(secret).verify(received.body, received.headers)["event"]
    assert received.id == str(message.id)


def test_n8n_may_check_a_header_in_place_of_the_signature(web):
    secret = new_secret()

    sent(outlets(), "n8n", web.url(), secret=secret)

    (received,) = web.received
    assert received.headers["authorization"] == f"Bearer {secret}"
    assert Webhook(secret).verify(received.body, received.headers)


@pytest.mark.parametrize(
    ("act", "result", "status"),
    [
        ("ok", "sent", 200),
        ("500", "failed", 500),
        ("503", "failed", 503),
        ("302", "failed", 302),
        ("404", "refused", 404),
        ("410", "gone", 410),
        ("drop", "failed", None),
        ("hang", "failed", None),
    ],
)
def test_what_a_host_does_with_a_webhook_has_a_name(web, act, result, status):
    web.acts = [act]

    found = sent(outlets(), "webhook", web.url())

    assert (found.result, found.answered) == (result, status)
    assert len(web.received) == 1


def test_a_host_that_asks_for_time_is_heard(web):
    web.acts = ["429:7"]

    assert sent(outlets(), "webhook", web.url()).retry_after == timedelta(seconds=7)


def test_n8n_answers_404_while_a_workflow_is_edited(web):
    web.acts = ["404"]

    assert sent(outlets(), "n8n", web.url()).result == "failed"


def test_a_host_that_hangs_keeps_a_thread_no_longer_than_agreed(web):
    web.acts, begun = ["hang"], time.monotonic()

    sent(outlets(), "webhook", web.url())

    assert time.monotonic() - begun < SECONDS + 0.5


def test_a_private_host_that_is_listed_no_more_is_not_reached(web):
    found = sent(Outlets(Door(), None), "webhook", web.url())

    assert (found.result, web.received) == ("failed", [])


# Mail --------------------------------------------------------------------------------------------


def test_a_mail_arrives_as_text_and_html_under_the_notifications_id(mail):
    message = said(shown(title="Zürich: a lead", message="Straße, “quotes”"))

    assert sent(outlets(mail), "email", "sales@example.org", message).result == "sent"

    (received,) = mail.received
    assert received.recipients == ("sales@example.org",)
    assert received.mail["Subject"] == "Zürich: a lead"
    assert received.mail["Message-ID"] == f"<{message.id}@leads.example.com>"
    assert received.mail["Auto-Submitted"] == "auto-generated"
    assert received.mail["Date"].datetime == AT
    kinds = [part.get_content_type() for part in received.mail.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert "Straße" in received.mail.get_body(("plain",)).get_content()


def test_a_digest_is_ended_by_one_click_and_other_mail_says_nothing_of_it(mail):
    link = "https://leads.example.com/unsubscribe/" + "x" * 150
    sent(outlets(mail), "email", "sales@example.org", unsubscribe=link)
    sent(outlets(mail), "email", "sales@example.org")

    first, second = (received.mail for received in mail.received)
    assert first["List-Unsubscribe"] == f"<{link}>"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert second["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("act", "result", "is_ours"),
    [
        ("450", "failed", False),
        ("552", "refused", False),
        ("drop", "failed", True),
        ("hang", "failed", True),
    ],
)
def test_what_a_mail_server_does_has_a_name(mail, act, result, is_ours):
    mail.acts, mail.hang_seconds = [act], SECONDS + 0.5

    found = sent(outlets(mail), "email", "sales@example.org")

    assert (found.result, found.is_ours) == (result, is_ours)


def test_a_mail_server_that_is_down_is_not_the_receivers_fault(mail):
    reached = outlets(mail)
    mail.close()

    found = sent(reached, "email", "sales@example.org")

    assert (found.result, found.is_ours) == ("failed", True)


def test_without_a_mail_server_the_owner_hears_what_is_missing():
    found = sent(outlets(), "email", "sales@example.org")

    assert "SMTP_URL" in found.failure and found.is_ours


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def secure(pem):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    sink = MailSink(tls=context)
    yield sink
    sink.close()


def test_a_password_travels_under_starttls(secure, pem):
    trust = ssl.create_default_context(cafile=pem)
    known = {"security": "starttls", "user": "leadfly", "password": "right"}

    found = sent(outlets(secure, trust, **known), "email", "sales@example.org")

    assert found.result == "sent"
    assert secure.logins == [(b"leadfly", b"right")]


def test_a_server_whose_certificate_is_not_valid_hears_no_password(secure):
    known = {"security": "starttls", "user": "leadfly", "password": "right"}

    found = sent(outlets(secure, **known), "email", "sales@example.org")

    assert (found.result, secure.logins, secure.received) == ("failed", [], [])
    assert "certificate" in found.failure


def test_a_wrong_password_is_our_fault_and_named(secure, pem):
    trust = ssl.create_default_context(cafile=pem)
    known = {"security": "starttls", "user": "leadfly", "password": "wrong"}

    found = sent(outlets(secure, trust, **known), "email", "sales@example.org")

    assert (found.is_ours, secure.received) == (True, [])
    assert "login" in found.failure and "wrong" not in found.failure


HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
}  # fmt: skip


@pytest.mark.parametrize("at", BREAKS)
def test_line_breaks_of_every_script_add_no_header_and_no_recipient(mail, at):
    attack = f"Hello{at}Bcc: victim@example.org{at}{at}body"
    alert = shown(title=attack, message=attack, alert_type=attack, event=attack)

    sent(outlets(mail), "email", "sales@example.org", said(alert, receiver_name=attack))

    (received,) = mail.received
    assert received.recipients == ("sales@example.org",)
    assert set(received.mail.keys()) == HEADERS
    assert "victim" not in str(received.mail["To"])
    assert not set(BREAKS) & set(str(received.mail["Subject"]))


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_an_alert_says_the_headers_are_the_templates(title, text):
    message = said(shown(title=title or "x", message=text))

    made = letter(SENDER, Target("sales@example.org", None), message)
    head = made.as_bytes().partition(b"\r\n\r\n")[0].decode("ascii")

    names = {line.partition(":")[0] for line in head.split("\r\n") if not line[0].isspace()}
    assert names == HEADERS


def test_an_address_of_another_script_goes_to_a_server_that_takes_it(mail):
    found = sent(outlets(mail), "email", "jürgen@xn--exmple-cua.org")

    assert found.result in ("sent", "refused")
    assert [one.recipients for one in mail.received] in ([], [("jürgen@xn--exmple-cua.org",)])


# Chats -------------------------------------------------------------------------------------------


def chat(web, channel="ntfy", path="sales"):
    return f"{channel}://127.0.0.1:{web.port}/{path}"


@pytest.mark.parametrize(
    ("act", "result", "status"),
    [
        ("ok", "sent", None),
        ("500", "failed", 500),
        ("429:3", "failed", 429),
        ("403", "refused", 403),
        ("302", "failed", 302),
        ("drop", "failed", None),
    ],
)
def test_what_a_chat_does_has_a_name(web, act, result, status):
    web.acts = [act]

    found = sent(outlets(), "ntfy", chat(web))

    assert (found.result, found.answered) == (result, status)
    assert [received.path for received in web.received] == ["/"] or web.received


def test_a_chat_that_hangs_keeps_a_thread_no_longer_than_agreed(web):
    web.acts, begun = ["hang"], time.monotonic()

    assert sent(outlets(), "ntfy", chat(web)).result == "failed"

    assert time.monotonic() - begun < SECONDS + 1


def test_a_chat_on_a_host_that_is_listed_no_more_is_not_reached(web):
    found = sent(Outlets(Door(), None), "ntfy", chat(web))

    assert (found.result, web.received) == ("refused", [])


@pytest.fixture
def written():
    """What a root logger that lets everything through writes."""
    root, stream = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


def test_no_log_of_ours_says_what_a_chat_was_told(web, written):
    web.acts = ["500"]

    sent(outlets(), "ntfy", chat(web, path="secret-topic"))

    assert "secret-topic" not in written.getvalue()


def test_a_channel_that_is_there_no_more_is_named():
    assert sent(outlets(), "pigeon", "x").result == "refused"
    assert "pigeon" not in CHANNELS
