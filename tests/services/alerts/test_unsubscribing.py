"""The link in a digest: whoever reads it ends it, and nobody else can."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts import receiver_store, unsubscribing
from services.alerts.receiver import Receiver
from services.alerts.receiver_store import Stored
from services.alerts.unsubscribe_openapi import OPERATIONS
from services.alerts.unsubscribe_routes import blueprint
from shared.errors import NotFound
from shared.ids import uuid7
from shared.web.service import assembled

ADDRESS = "https://leads.example.com"
MAILBOX = "sales@example.org"


@pytest.fixture(scope="module")
def page(local_settings) -> Flask:
    app = assembled("unsubscribe", [blueprint], OPERATIONS, local_settings)
    yield app.test_client()
    app.extensions["leadfly"].database.close()


@pytest.fixture
def reader(database, gate, user_id):
    """A receiver of digests."""
    now = datetime.now(UTC)
    made = Receiver(uuid7(), "Sales", "email", digest="daily")
    stored = Stored(made, MAILBOX, "…", None, {}, None, now, "local", now, "local")
    with database.transaction(user_id) as conn:
        receiver_store.save(conn, gate, user_id, stored)
    return made


@pytest.fixture
def path(gate, user_id, reader):
    return urlsplit(unsubscribing.link(gate, ADDRESS, user_id, reader.id, MAILBOX)).path


@pytest.fixture
def standing(database, gate, user_id, reader):
    def standing():
        with database.transaction(user_id) as conn:
            found = receiver_store.one(conn, gate, user_id, reader.id)
        return found.receiver.is_active, found.inactive_because

    return standing


def test_looking_at_the_link_changes_nothing(page, path, standing):
    answer = page.get(path)

    assert answer.status_code == 200 and "<button>" in answer.text
    assert standing() == (True, None)


def test_one_click_of_a_mail_reader_ends_it(page, path, standing):
    answer = page.post(path, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert standing() == (False, "unsubscribed")


def test_a_second_click_is_answered_like_the_first(page, path, standing):
    first, second = page.post(path), page.post(path)

    assert (first.status_code, first.text) == (second.status_code, second.text)


def test_the_page_runs_nothing_and_tells_no_other_site_where_it_was(page, path):
    headers = page.get(path).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_link_says_neither_tenant_nor_receiver(path, user_id, reader):
    assert user_id not in path and str(reader.id) not in path


def test_a_link_of_a_receiver_that_is_gone_is_answered_like_any(
    page, path, database, user_id, reader
):
    with database.transaction(user_id) as conn:
        receiver_store.remove(conn, user_id, reader.id)

    assert page.post(path).status_code == 200


def test_who_read_it_before_ends_nothing_of_whoever_reads_it_now(
    page, path, database, gate, user_id, reader, standing
):
    with database.transaction(user_id) as conn:
        stored = receiver_store.one(conn, gate, user_id, reader.id)
        moved = replace(stored, address="new@example.org")
        receiver_store.save(conn, gate, user_id, moved)

    assert page.post(path).status_code == 200
    assert standing() == (True, None)


BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_person_whose_link_is_cut_off_reads_a_page_that_says_so(page, path, method):
    answer = page.open(path[:-3], method=method, headers=BROWSER)

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "<h1>This link does not work.</h1>" in answer.text and "<form" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_program_whose_link_is_cut_off_is_answered_as_ever(page, path):
    answer = page.post(path[:-3], data={"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, answer.json["error"]["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("token", ["x", "A" * 200, "A" * 2000, "é", "%00", "=", "..", "AAAA-_"])
def test_a_token_that_nobody_made_opens_nothing(page, token):
    assert page.get(f"/unsubscribe/{token}").status_code == 404
    assert page.post(f"/unsubscribe/{token}").status_code == 404


def test_a_token_with_one_letter_changed_opens_nothing(page, path, standing):
    at = len(path) - 20
    other = "A" if path[at] != "A" else "B"

    assert page.post(path[:at] + other + path[at + 1 :]).status_code == 404
    assert standing() == (True, None)


@settings(deadline=None)
@given(tenant_id=st.text(min_size=1, max_size=128).filter(lambda text: text.isprintable()))
def test_every_tenant_comes_back_out_of_its_link(gate, tenant_id):
    receiver_id = uuid7()
    token = unsubscribing.link(gate, "", tenant_id, receiver_id, MAILBOX).rpartition("/")[2]

    assert unsubscribing.read(gate, token)[:2] == (tenant_id, receiver_id)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_is_a_token_by_chance(gate, token):
    with pytest.raises(NotFound):
        unsubscribing.read(gate, token)
