"""Which alerts a silence covers, and which ones another alert already says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.inhibiting import inhibiting
from services.alerts.silence import Inhibition, Silence
from services.alerts.silencing import covers, equal
from tests.services.alerts.story import HOUR, MINUTE, NOW, alert, an_id, group, stepped, told, word

FACTS = {"place": "Austin", "match_score": 90.0, "duplicate": False, "needs": ("loan", "advice")}

LEAD = an_id("lead")


def silence(start=NOW, end=NOW + HOUR, **matchers):
    return Silence(an_id("silence"), matchers, start, end, "", "")


def match(**changes):
    facts = {"event": "high_score_match"} | changes.pop("facts", {})
    made = alert("match", lead_id=LEAD, facts=facts, alert_type="high_score_match")
    return replace(made, **changes)


def duplicate(**changes):
    facts = {"event": "lead.late_duplicate"}
    made = alert("duplicate", lead_id=LEAD, facts=facts, alert_type="late_duplicate")
    return replace(made, **changes)


@pytest.mark.parametrize(
    "matchers",
    [
        {"place": "Austin"},
        {"place": "austin"},
        {"match_score": 90},
        {"duplicate": False},
        {"needs": ["loan", "advice"]},
        {"priority": "medium", "alert_type": "new_lead"},
        {"lead_id": str(LEAD)},
        {"rule_id": str(alert().rule_id)},
    ],
)
def test_a_silence_covers_what_equals_all_of_it(matchers):
    assert covers(silence(**matchers), alert(lead_id=LEAD, facts=FACTS))


@pytest.mark.parametrize(
    "matchers",
    [
        {},
        {"place": "Austin", "match_score": 91},
        {"place": None},
        {"unheard_of": None},
        {"unheard_of": "x"},
        {"match_score": True},
        {"duplicate": 0},
        {"needs": "loan"},
        {"id": str(alert().id)},
    ],
)
def test_a_silence_covers_nothing_else(matchers):
    assert not covers(silence(**matchers), alert(lead_id=LEAD, facts=FACTS))


values = st.one_of(
    st.none(), st.booleans(), st.floats(), st.text(max_size=3), st.tuples(st.text(max_size=2))
)


@given(values, values)
def test_being_equal_is_symmetric_and_never_of_what_is_unknown(one, other):
    assert equal(one, other) == equal(other, one)
    assert not equal(None, other)


def test_a_silence_holds_from_its_start_up_to_its_end():
    later = silence(NOW + MINUTE, NOW + HOUR, priority="medium")

    said = [word(alert(), NOW + n * MINUTE, silences=[later]) for n in (0, 1, 59, 60)]

    assert said == ["sent", "silenced", "silenced", "sent"]


def test_what_was_told_is_looked_at_when_a_silence_starts():
    found = stepped(told(group(alert())), silences=[silence(NOW + MINUTE, priority="medium")])

    assert found.again_at == NOW + MINUTE


def test_silences_that_overlap_hold_until_the_last_one_ends():
    both = [silence(priority="medium"), silence(end=NOW + 2 * HOUR, alert_type="new_lead")]

    assert word(alert(), NOW + HOUR, silences=both) == "silenced"


def test_a_match_of_a_lead_that_is_a_duplicate_is_not_told():
    assert word(match(facts={"duplicate": True})) == "inhibited"
    assert word(match(facts={"duplicate": False})) == "sent"


def test_a_match_is_not_told_while_an_open_alert_says_that_its_lead_is_a_duplicate():
    assert word(match(), others=[match(), duplicate()]) == "inhibited"
    assert word(duplicate(), others=[match(), duplicate()]) == "sent"


@pytest.mark.parametrize(
    "changes", [{"status": "dismissed"}, {"lead_id": an_id("another")}, {"lead_id": None}]
)
def test_an_alert_that_ended_or_is_of_another_lead_inhibits_nothing(changes):
    assert word(match(), others=[duplicate(**changes)]) == "sent"


def test_alerts_without_a_lead_never_inhibit_each_other():
    assert word(match(lead_id=None), others=[duplicate(lead_id=None)]) == "sent"


def test_two_alerts_that_could_inhibit_each_other_are_both_told():
    mutual = Inhibition({"event": "e"}, {"event": "e"}, ("place",))
    a, b = (alert(name, facts={"event": "e", "place": "Austin"}) for name in "ab")

    is_inhibited = inhibiting([mutual], [a, b])

    assert not is_inhibited(a)
    assert not is_inhibited(b)
