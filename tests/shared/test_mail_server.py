"""The mail server's address: read strictly, and its password told to nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import settings
from shared.errors import SettingsError
from shared.mail_server import MailServer, read, sender


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", MailServer("mail.example.org", 25, "none")),
        ("smtp://[::1]:2525", MailServer("::1", 2525, "none")),
        (
            "smtp+starttls://leadfly:p%40ss%2Fword@mail.example.org",
            MailServer("mail.example.org", 587, "starttls", "leadfly", "p@ss/word"),
        ),
        (
            "smtps://a%40example.org:secret@mail.example.org:4465/",
            MailServer("mail.example.org", 4465, "tls", "a@example.org", "secret"),
        ),
    ],
)
def test_a_server_is_read(url, server):
    assert read(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://mail.example.org:99999",
        "smtp://mail.example.org/path",
        "smtp://mail.example.org?x=y",
        "smtps://user@mail.example.org",
        "smtps://user:pass%0d%0aRCPT@mail.example.org",
        "smtp://user:secret@mail.example.org",
        "smtp://mail example",
    ],
)
def test_what_is_no_server_is_refused_without_repeating_it(url):
    with pytest.raises(ValueError, match="must") as refused:
        read(url)

    assert "secret" not in str(refused.value) and "user" not in str(refused.value).split(" ")[:2]


def test_a_server_in_a_log_has_no_password():
    assert "secret" not in repr(read("smtps://user:secret@mail.example.org"))


@given(st.text())
def test_any_text_is_a_server_or_refused(text):
    try:
        assert read(text).host
    except ValueError as error:
        assert str(error).startswith("must")


def test_a_sender_has_a_name_and_an_address():
    found = sender("LeadFly alerts <alerts@Example.org>")

    assert (found.display_name, found.addr_spec) == ("LeadFly alerts", "alerts@example.org")


@pytest.mark.parametrize(
    "text",
    ["", "alerts", "a@b", "a@example.org\r\nBcc: x@example.org", "<@example.org>", "a b@c.d"],
)
def test_what_is_no_sender_is_refused(text):
    with pytest.raises(ValueError, match="must"):
        sender(text)


def test_a_mail_server_wants_a_sender():
    with pytest.raises(SettingsError) as refused:
        settings.load({"SMTP_URL": "smtp://mail.example.org"})

    assert set(refused.value.details) == {"MAIL_FROM"}


def test_the_server_may_stand_in_a_file(tmp_path):
    path = tmp_path / "smtp"
    path.write_text("smtps://user:secret@mail.example.org\n")

    found = settings.load({"SMTP_URL_FILE": str(path), "MAIL_FROM": "alerts@example.org"})

    assert found.mail_server.password == "secret"


def test_a_faulty_server_is_named_and_not_repeated():
    with pytest.raises(SettingsError) as refused:
        settings.load({"SMTP_URL": "smtp://user:secret@x", "MAIL_FROM": "alerts@example.org"})

    assert "SMTP_URL" in refused.value.details and "secret" not in str(refused.value.message)
