"""The guide to what stands for nothing lists what the tables hold, and its examples hold."""

import re
from pathlib import Path

import pytest

from shared.normalize import email, filler, phone
from shared.normalize.tables import kind

GUIDE = (Path(__file__).resolve().parents[3] / "docs/nothing.md").read_text(encoding="utf-8")

NAMED = {
    "absent": "in every field but names",
    "unnamed": "in names, too",
    "nameless": "as `first_name`",
    "mailbox": "at any domain:",
    "twin": "a provider's own name:",
    "dummy": "all of whose words are among:",
    "company": "no employer of its own name:",
    "around": "`Test Corp`):",
}
"""By kind of the table, what stands before its words."""


def quoted(text):
    return re.findall(r"`([^`]+)`", text)


@pytest.mark.parametrize("wanted", NAMED)
def test_the_guide_lists_every_word(wanted):
    (line,) = [line for line in GUIDE.splitlines() if NAMED[wanted] in line]
    listed = quoted(line.split(NAMED[wanted], 1)[1])

    assert {word for word in listed if word != "name"} >= kind("fillers.csv", wanted) - {"name"}
    assert set(listed) - kind("fillers.csv", wanted) <= {"name", "rossi@rossi.it"}


def examples():
    for line in GUIDE.splitlines():
        if line.startswith(("| signs", "| a template", "| what a program", "| a spreadsheet")):
            yield from (text.replace("\\|", "|") for text in quoted(line))


@pytest.mark.parametrize("text", list(examples()))
def test_an_example_says_nothing_in_any_field(text):
    fields = {"email": text, "phone": text, "name": text, "company": text, "city": text}

    assert filler.given(fields) == {}


@pytest.mark.parametrize("text", ["N/A", "n-a", "Keine Angabe", "not provided"])
def test_a_word_for_nothing_says_nothing_but_of_a_name(text):
    assert filler.given({"company": text, "phone": text}) == {}


def test_a_name_stays_a_name():
    said = {"first_name": "Jennifer", "last_name": "Null", "name": "N. A. Rao", "city": "🌹"}

    assert filler.given(said) == said


@pytest.mark.parametrize("text", ["noreply@firma.example", "test@test.com", "test2@gmail.com"])
def test_nobody_reads_the_addresses_of_the_guide(text):
    assert email.parse(text).filler


def test_a_small_firm_s_own_address_is_read():
    assert not email.parse("rossi@rossi.it").filler


@pytest.mark.parametrize("text", ["000-000-0000", "123456789", "9876543210", "123-123-1234"])
def test_nobody_answers_the_numbers_of_the_guide(text):
    assert phone.parse(text, "US").placeholder


def test_a_fictional_number_is_a_number():
    assert not phone.parse("+1 212 555 0100").placeholder
