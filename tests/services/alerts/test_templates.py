"""Titles and messages are filled with facts and with nothing else."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.templates import (
    LONGEST_MESSAGE,
    LONGEST_TITLE,
    message,
    read_message,
    read_title,
    title,
)
from shared.errors import Malformed

BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


def filled(template, **facts):
    return read_message(template).filled(facts)


def fault(template, read=read_title):
    with pytest.raises(Malformed) as refused:
        read(template)
    (reason,) = refused.value.details.values()
    return reason


def test_facts_stand_where_they_are_named():
    assert filled("{match_score} for {place}", match_score=91, place="Bonn") == "91 for Bonn"


def test_numbers_may_have_a_form():
    assert filled("{match_score:.0f}/{match_score:.2f}", match_score=91.456) == "91/91.46"
    assert filled("{data.amount:,}", **{"data.amount": 1234567}) == "1,234,567"


def test_what_is_unknown_is_said_so_or_as_the_template_says():
    assert filled("{place}, {industry|any trade}, {tags|}") == "unknown, any trade, "


def test_lists_flags_and_trades_are_written_for_people():
    told = filled("{needs} {duplicate} {industry}", needs=("a", "b"), duplicate=True, industry="52")

    assert told == "a, b yes Finance and insurance"


def test_a_brace_is_written_twice():
    assert filled("{{intent_score}} is {intent_score}", intent_score=5) == "{intent_score} is 5"


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("Lead {intent_scor}", "at character 6: is no fact; did you mean intent_score?"),
        ("Lead {", "at character 6: a brace by itself; write it twice for a brace"),
        ("Lead }", "at character 6: a brace by itself; write it twice for a brace"),
        ("{}", "at character 1: is no name of a fact"),
        ("{event.__class__}", "at character 1: is no fact"),
        ("{event[0]}", "at character 1: is no name of a fact"),
        ("{event!r}", "at character 1: is no name of a fact"),
        ("{0}", "at character 1: is no fact"),
        ("{email}", "at character 1: is no fact"),
        ("{match_score:>99999}", "at character 1: has no such form; one of .0f, .1f, .2f, ,"),
        ("{place:.0f}", "at character 1: is no number, and has no form"),
        ("{match_score:{place}}", "at character 1: a brace by itself; write it twice for a brace"),
    ],
)
def test_a_broken_template_is_refused_at_the_place(template, reason):
    assert fault(template) == reason


@pytest.mark.parametrize("mark", [*BREAKS, "\0", "\u202e", "\u200b", "\ud800"])
def test_a_title_that_is_more_than_one_plain_line_is_refused(mark):
    assert "at character 4" in fault(f"abc{mark}def")


@pytest.mark.parametrize("template", ["", "  ", "x" * (LONGEST_TITLE + 1)])
def test_a_title_has_something_to_say_and_is_short(template):
    assert "characters" in fault(template)


def test_a_message_is_longer_and_has_lines():
    read_message("one\ntwo" * 100)

    assert "characters" in fault("x" * (LONGEST_MESSAGE + 1), read_message)


@pytest.mark.parametrize("mark", BREAKS)
def test_no_fact_adds_a_line_to_a_title(mark):
    told = title(read_title("Lead of {place}").filled({"place": f"Bonn{mark}Bcc: x@example.org"}))

    assert told == "Lead of Bonn Bcc: x@example.org"


def test_the_lines_of_a_message_end_in_one_way():
    assert message("one\r\ntwo\u2028three\0\u202e\n\n\n\nfour  ") == "one\ntwo\nthree\n\nfour"


def test_a_long_fact_is_cut():
    assert len(filled("{place}", place="x" * 500)) == 200


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=30), st.text(alphabet="{}|:.abplace_", max_size=30))
def test_whatever_is_a_template_fills_to_one_plain_line(said, template):
    try:
        told = title(read_title(template).filled({"place": said, "data.x": said}))
    except Malformed:
        return
    assert len(told) <= LONGEST_TITLE
    assert len(told.splitlines()) <= 1
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in told)
    assert title(told) == told


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60))
def test_a_message_is_cleaned_once(said):
    told = message(said)

    assert message(told) == told
    assert not any(unicodedata.category(char) == "Cc" for char in told if char != "\n")
