"""One lead with what is known about it, over HTTP."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest

import leadfly.app
from shared.privacy.modes import MODES
from tests.services.leads.account import ADA, Account


@pytest.fixture
def mine(app, user_id):
    return Account(app, user_id)


def test_a_lead_is_read_with_its_note_history_and_consent(mine):
    lead_id = mine.lead(notes="Call after six.", consent=["contact"])
    mine.ask("PUT", f"/leads/{lead_id}", status="contacted")
    found = mine.ask("GET", f"/leads/{lead_id}")

    assert found["lead"]["id"] == lead_id and found["lead"]["status"] == "contacted"
    assert [note["text"] for note in found["notes"]] == ["Call after six."]
    assert [(entry["before"], entry["after"]) for entry in found["history"]] == [
        ("new", "contacted")
    ]
    assert found["consent"]["purposes"] == ["lead_processing"]
    assert found["signals"] == found["behaviors"] == []


def test_signals_are_the_strongest_first(mine):
    signals = [
        {"signal_type": "growth", "strength": strength, "confidence": 0.5, "content": "Hiring!"}
        for strength in (20, 80)
    ]
    lead_id = mine.ask("POST", "/leads", 201, **ADA, signals=signals)["lead"]["id"]
    found = mine.ask("GET", f"/leads/{lead_id}")

    assert [signal["strength"] for signal in found["signals"]] == [80, 20]
    assert found["lead"]["signal_strength"] == 80


def test_records_of_one_person_name_each_other(mine):
    first, second = mine.lead(), mine.lead(last_name="King")

    assert mine.ask("GET", f"/leads/{first}")["duplicates"] == [second]
    found = mine.ask("GET", f"/leads/{second}")
    assert (found["duplicates"], found["lead"]["duplicate_of"]) == ([first], first)


def test_another_accounts_lead_is_as_unknown_as_none(app, mine):
    theirs = Account(app, f"tenant-{uuid4().hex}").lead()

    for unknown in (theirs, str(uuid4())):
        assert mine.ask("GET", f"/leads/{unknown}", 404)["error"]["code"] == "NOT_FOUND"
    mine.ask("GET", "/leads/seven", 400)


# Where the privacy mode keeps what names a person encrypted --------------------------------------


@pytest.fixture
def strict(local_settings, user_id):
    """This test's account on an installation in the strictest mode."""
    app = leadfly.app.create_app(replace(local_settings, mode=MODES["gdpr_strict"]))
    yield Account(app, user_id)
    app.extensions["leadfly"].database.close()


def test_a_sealed_lead_is_read_opened(strict):
    lead_id = strict.lead(notes="Call after six.", location="Austin, TX", consent=["contact"])
    found = strict.ask("GET", f"/leads/{lead_id}")

    assert found["lead"]["name"] == "Ada Lovelace" and found["lead"]["location"] == "Austin, TX"
    assert found["notes"][0]["text"] == "Call after six."
    assert found["lead"]["place"]["name"] == "Austin"


def test_sealed_names_are_found_by_whole_words_alone(strict):
    strict.lead(company="Analytical Engines", consent=["contact"])

    for search in ("ada", "Lovelace", "ada@analytical.example", "engin", "ada eng"):
        assert strict.listed(search=search) == 1, search
    for search in ("lovel", "adam", "ada@analytical"):
        assert strict.listed(search=search) == 0, search


def test_nothing_that_names_a_person_stands_in_clear(strict, database, user_id):
    strict.lead(notes="Call Ada", location="12.34567,76.54321", consent=["contact"])
    strict.listed()

    with database.transaction(user_id) as conn:
        listed = conn.execute("SELECT listing::text FROM leads.listing").fetchall()
        words = conn.execute("SELECT word FROM leads.words").fetchall()
        notes = conn.execute("SELECT text FROM leads.notes").fetchall()
    said = str((listed, words, notes)).lower()
    assert not re.search(r"\bada\b|lovelace|analytical|12\.345", said)
