"""The detector finds in Python what the webhook finds, under the documents' names."""

import asyncio

import pytest

from lead_discovery import LeadDiscoveryEngine, LeadSignalDetector, open_pool
from services.signals.kinds import KINDS

RATES = [{"type": "form_submit", "url": "https://bank.example/loans/apply"}]

GROUPS = {
    *("loan_signals", "consulting_signals", "financial_distress"),
    *("growth_signals", "expansion_signals"),
}


@pytest.fixture
def detector():
    return LeadSignalDetector()


def test_all_signals_come_under_the_documents_keys(detector):
    found = detector.detect_all_signals("We sell bread.", {"behavior": RATES})

    assert found.keys() == GROUPS == {kind.group for kind in KINDS.values()}
    assert [one["type"] for one in found["loan_signals"]] == ["loan_need"]


def test_each_method_answers_its_own_type(detector):
    assert detector.detect_loan_signals("", {"behavior": RATES})
    assert detector.detect_consulting_signals("", {"behavior": RATES}) == []
    for one in ("financial_distress", "growth_signals", "expansion_signals"):
        assert getattr(detector, f"detect_{one}")("We sell bread.") == []


def test_strength_is_the_same_of_one_list_and_of_several(detector):
    found = detector.detect_all_signals("", {"behavior": RATES})
    listed = [one for group in found.values() for one in group]

    assert detector.calculate_signal_strength(found) == listed[0]["strength"]
    assert detector.calculate_signal_strength(listed) == listed[0]["strength"]
    assert detector.calculate_signal_strength({}) == detector.calculate_signal_strength([]) == 0


def test_a_lead_is_created_with_what_was_detected(detector, local_settings, client, user_id):
    found = detector.detect_all_signals("We sell bread.", {"behavior": RATES})
    ada = {"name": "Ada Lovelace", "email": "ada@analytical.example"}

    with open_pool(local_settings) as pool:
        engine = LeadDiscoveryEngine(pool, user_id=user_id)
        lead_id = asyncio.run(engine.create_lead(None, ada, signals=found))

    path = f"/api/v1/lead-discovery/leads/{lead_id}"
    lead = client.get(path, query_string={"user_id": user_id}).json["lead"]
    assert lead["signal_strength"] == found["loan_signals"][0]["strength"]


@pytest.mark.parametrize("content", ["", "\ud800\0", "x" * 300_000])
@pytest.mark.parametrize("metadata", [None, {}, {"behavior": None}, {"behavior": "?"}])
def test_whatever_is_given_is_answered(detector, content, metadata):
    assert detector.detect_all_signals(content, metadata).keys() == GROUPS
