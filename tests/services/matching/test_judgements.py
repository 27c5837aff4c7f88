"""The order of services is near that of a broker who never saw the scorer."""

from statistics import mean

import pytest

from bench.matching.judgements import DATA, judged


@pytest.fixture(scope="module")
def known():
    """Leads that rules may be looked at with; those set aside stay unseen."""
    return list(judged(DATA / "known.json"))


def test_services_stand_nearly_in_the_order_of_a_broker(known):
    assert mean(one.gain for one in known if any(one.grades.values())) >= 0.95


def test_nothing_that_a_broker_would_offer_is_refused(known):
    lost = [(one.lead, name) for one in known for name in one.refused if one.grades[name] > 0]

    assert lost == []
