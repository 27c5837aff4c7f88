"""What people read of an alert."""

import pytest

from services.alerts.rule import RULE_TYPES
from services.alerts.words import USUAL, alert_type, words
from tests.services.alerts.happenings import AUSTIN, happened, rule


def test_a_new_lead_is_told_in_plain_words():
    lead = happened(source_id="landing page", industry="7225", intent_score=85, **AUSTIN)

    told = words(rule(), lead, "high", ["intent_score 85 is at least 80"])

    assert told.title == "New lead from landing page"
    assert told.message == (
        "A lead came. It is in Austin, US; trade: Restaurants; needs: not known.\n"
        "Why: intent_score 85 is at least 80."
    )


def test_a_rule_has_words_of_its_own():
    own = rule(title="{rule_name}: {match_score:.0f} ({priority})", message="{place|somewhere}")

    assert words(own, happened(match_score=91.2), "urgent", ["x"]) == (
        "High intent: 91 (urgent)",
        "somewhere",
    )


def test_what_the_sender_says_goes_before_our_words():
    said = {"data.title": "Lead scored 95\r\nBcc: x", "data.message": "See {this}"}

    assert words(None, happened("alert", **said), "low") == ("Lead scored 95 Bcc: x", "See {this}")


def test_an_event_of_a_workflow_is_told_by_its_name():
    assert words(rule(), happened("payment.failed"), "low").title == "payment.failed"


def test_a_stored_template_that_no_longer_reads_does_not_cost_the_alert():
    assert words(rule(title="{gone}"), happened(), "low").title == "New lead from an unknown source"


def test_many_reasons_are_counted():
    told = words(None, happened(), "low", [f"reason {n}" for n in range(8)])

    assert told.message.endswith("reason 4; and 3 more.")


@pytest.mark.parametrize("event", sorted({name for names in RULE_TYPES.values() for name in names}))
def test_every_event_that_a_type_hears_has_words(event):
    assert event in USUAL


@pytest.mark.parametrize("event", USUAL)
def test_words_are_found_where_nothing_is_known(event):
    told = words(None, happened(event), "low")

    assert told.title
    assert told.message


def test_the_type_of_an_alert_is_its_rules_or_what_the_sender_says():
    sent = happened("alert", **{"data.alert_type": "high_score_match"})

    assert alert_type(rule(), happened()) == "new_lead"
    assert alert_type(None, sent) == "high_score_match"
    assert alert_type(rule(rule_type="custom", events=("x",)), happened("x")) == "x"
