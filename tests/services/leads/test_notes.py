"""Notes on a lead: written, sealed, read in order."""

from uuid import uuid4

import psycopg
import pytest

from services.leads.notes import LONGEST_NOTE

LEADS = "/api/v1/lead-discovery/leads"
ADA = {"email": "ada@analytical.example", "first_name": "Ada", "last_name": "Lovelace"}


@pytest.fixture
def lead_id(post):
    return post(**ADA)["lead_id"]


@pytest.fixture
def write(client, user_id, lead_id):
    def write(text, expect=201):
        answer = client.post(f"{LEADS}/{lead_id}/notes", json={"user_id": user_id, "text": text})
        assert answer.status_code == expect, answer.text
        return answer.json

    return write


@pytest.fixture
def page(client, user_id, lead_id):
    def page(**query):
        answer = client.get(f"{LEADS}/{lead_id}/notes", query_string={"user_id": user_id} | query)
        assert answer.status_code == 200, answer.text
        return answer.json

    return page


def test_a_note_is_answered_as_it_was_written(write, page):
    text = "Call after four. «Ja, gern» 🙂\nהיא חזרה"

    made = write(text)["note"]

    assert (made["text"], made["written_by"]) == (text, "local")
    assert page()["notes"] == [made]


def test_notes_come_newest_first_and_in_pages(write, page):
    for number in range(5):
        write(f"note {number}")
    seen, after = [], {}
    while after is not None:
        found = page(limit=2, **after)
        seen += [note["text"] for note in found["notes"]]
        after = found["next_after"] and {"after": found["next_after"]}

    assert seen == [f"note {number}" for number in (4, 3, 2, 1, 0)]


def test_a_note_is_sealed_where_it_is_stored(write, owner_conninfo, user_id):
    write("Mrs Secret-Word wants a loan")

    with psycopg.connect(owner_conninfo) as owner:
        (row,) = owner.execute(
            "SELECT row_to_json(n)::text FROM leads.notes AS n WHERE tenant_id = %s", [user_id]
        ).fetchone()
    assert "Secret-Word" not in row
    assert b"Secret-Word".hex() not in row


@pytest.mark.parametrize("text", ["", "  \n", "x" * (LONGEST_NOTE + 1), 7, None, ["x"]])
def test_what_is_no_note_is_refused(write, page, text):
    error = write(text, 400)["error"]

    assert list(error["details"]) == ["text"]
    assert page()["count"] == 0


def test_notes_are_erased_with_their_lead(client, write, user_id, lead_id, owner_conninfo):
    write("x")

    client.delete(f"{LEADS}/{lead_id}?user_id={user_id}")

    with psycopg.connect(owner_conninfo) as owner:
        left = owner.execute("SELECT FROM leads.notes WHERE tenant_id = %s", [user_id]).fetchall()
    assert left == []


def test_an_after_that_names_no_note_is_an_empty_page(write, page):
    write("x")

    assert page(after=str(uuid4()))["count"] == 0
