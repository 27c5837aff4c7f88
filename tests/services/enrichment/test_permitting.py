"""Who may be asked about whom: mode by provider by what the person said."""

import pytest

from services.enrichment.permitting import (
    NO_BASIS,
    NO_CONSENT,
    NO_SUCH_CONSENT,
    OBJECTED,
    WITHDRAWN,
    Basis,
    Standing,
    refusal,
    refusal_of_person,
)
from shared.privacy.consent import given
from shared.privacy.modes import MODES
from tests.services.enrichment.conftest import NOW

NOTHING = Standing()
OTHER = Standing(given(["lead_processing"], NOW))
AGREED = Standing(given(["lead_processing", "enrichment"], NOW))
TAKEN_BACK = Standing(withdrawn=True)
AGAINST = Standing(given(["enrichment"], NOW), objected=True)
INTEREST = Basis("legitimate_interests", "Balancing test 7")
CLAIMED = Basis("consent")

TABLE = [
    # mode, standing, basis, a company or a mailbox, a person
    ("gdpr_strict", NOTHING, None, NO_CONSENT, NO_CONSENT),
    ("gdpr_strict", NOTHING, INTEREST, NO_CONSENT, NO_CONSENT),
    ("gdpr_strict", OTHER, INTEREST, NO_CONSENT, NO_CONSENT),
    ("gdpr_strict", AGREED, None, None, None),
    ("gdpr_strict", TAKEN_BACK, INTEREST, WITHDRAWN, WITHDRAWN),
    ("gdpr_strict", AGAINST, INTEREST, OBJECTED, OBJECTED),
    ("standard", NOTHING, None, None, NO_BASIS),
    ("standard", OTHER, None, None, NO_BASIS),
    ("standard", NOTHING, INTEREST, None, None),
    ("standard", NOTHING, CLAIMED, None, NO_SUCH_CONSENT),
    ("standard", OTHER, CLAIMED, None, NO_SUCH_CONSENT),
    ("standard", AGREED, CLAIMED, None, None),
    ("standard", AGREED, None, None, None),
    ("standard", TAKEN_BACK, INTEREST, WITHDRAWN, WITHDRAWN),
    ("standard", AGAINST, INTEREST, OBJECTED, OBJECTED),
    ("testing", NOTHING, None, None, NO_BASIS),
    ("testing", NOTHING, INTEREST, None, None),
    ("testing", TAKEN_BACK, INTEREST, WITHDRAWN, WITHDRAWN),
    ("testing", AGAINST, None, OBJECTED, OBJECTED),
]


@pytest.mark.parametrize(("mode", "standing", "basis", "company", "person"), TABLE)
def test_the_mode_and_the_persons_word_decide(mode, standing, basis, company, person):
    assert refusal(MODES[mode], standing) == company
    assert refusal_of_person(MODES[mode], standing, basis) == person
