"""Which alerts are the same, and which are told together."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.fingerprint import fingerprint, group_key
from tests.services.alerts.happenings import happened, rule, told

ELSE = {"lead_id": UUID(int=8)}


def test_the_same_event_of_one_lead_is_one_alert():
    first = told({"intent_score": 80}, id=UUID(int=1))
    second = told({"intent_score": 95}, id=UUID(int=2))

    assert fingerprint(rule(), first) == fingerprint(rule(), second)


def test_another_lead_another_event_and_another_rule_are_other_alerts():
    one = told()

    prints = {
        fingerprint(rule(), one),
        fingerprint(rule(), told(**ELSE)),
        fingerprint(rule(), told(name="lead.qualified")),
        fingerprint(rule(id=UUID(int=4)), one),
        fingerprint(None, one),
    }

    assert len(prints) == 5


def test_a_lead_that_fits_two_services_is_two_alerts():
    def match(service):
        return told(name="high_score_match", data={"service_id": service, "match_score": 90})

    assert fingerprint(rule(), match("a")) != fingerprint(rule(), match("b"))


def test_what_the_sender_says_is_the_same_is_the_same_of_any_event_and_no_other_rule():
    one = told(data={"fingerprint": "x", "amount": 1})
    other = told(name="lead.qualified", data={"fingerprint": "x", "amount": 2})

    assert fingerprint(rule(), one) == fingerprint(rule(), other)
    assert fingerprint(rule(), one) != fingerprint(rule(id=UUID(int=4)), one)


def test_no_sender_makes_one_alert_of_two_leads_for_it_would_outlive_one_of_them():
    one, other = told(data={"fingerprint": "x"}), told(data={"fingerprint": "x"}, **ELSE)
    nobody = told(data={"fingerprint": "x"}, lead_id=None)

    assert len({fingerprint(rule(), said) for said in (one, other, nobody)}) == 3


def test_alerts_of_different_groups_are_different_alerts():
    one, other = happened(source_id="a"), happened(source_id="b")

    assert fingerprint(rule(group_by=("source_id",)), one) != fingerprint(
        rule(group_by=("source_id",)), other
    )
    assert fingerprint(rule(), one) == fingerprint(rule(), other)


def test_without_a_lead_what_was_posted_tells_alerts_apart():
    def posted(**data):
        return told(name="payment.failed", lead_id=None, data=data)

    assert fingerprint(rule(), posted(invoice=17)) == fingerprint(rule(), posted(invoice=17))
    assert fingerprint(rule(), posted(invoice=17)) != fingerprint(rule(), posted(invoice=18))


def test_without_a_lead_the_groups_facts_go_before_the_rest():
    def posted(cpu):
        return told(name="machine.busy", lead_id=None, data={"machine": "a", "cpu": cpu})

    by_machine = rule(group_by=("data.machine",))

    assert fingerprint(by_machine, posted(91)) == fingerprint(by_machine, posted(97))


def test_all_alerts_of_a_rule_are_one_group_unless_it_names_facts():
    one, other = happened(source_id="a"), replace(happened(source_id="b"), lead_id=UUID(int=8))

    assert group_key(rule(), one) == group_key(rule(), other)
    assert group_key(rule(group_by=("source_id",)), one) != group_key(
        rule(group_by=("source_id",)), other
    )


def test_what_is_unknown_is_a_group_as_well():
    assert group_key(rule(group_by=("place",)), happened()) != group_key(
        rule(group_by=("place",)), happened(place="Austin")
    )


def test_whoever_stores_it_hashes_it_with_a_key():
    assert fingerprint(rule(), told(), lambda text: f"keyed {len(text)}").startswith("keyed ")


def test_nothing_posted_stands_in_it():
    one = told(data={"fingerprint": "ada@example.org"})

    assert "ada" not in fingerprint(rule(), one)


@settings(deadline=None, max_examples=100)
@given(st.permutations(["source_id", "place", "status"]))
def test_the_order_of_the_groups_facts_changes_nothing(names):
    one = happened(source_id="a", place="Austin", status="new")
    usual = rule(group_by=("place", "source_id", "status"))

    assert group_key(rule(group_by=tuple(names)), one) == group_key(usual, one)
    assert fingerprint(rule(group_by=tuple(names)), one) == fingerprint(usual, one)
