"""Where the privacy mode asks for a consent, whoever gave none is not kept in any way."""

from dataclasses import replace

import pytest

from leadfly.discovery_crew import workshop
from services.dedup.admission import Keeping
from shared.privacy.gate import Gate
from shared.privacy.modes import MODES
from shared.web.service import SPOOL
from tests.services.discovery.discovered import Listed, find
from tests.services.discovery.test_discovering import done, records

AGREED = {"purposes": ["lead_processing"], "text_version": "2026-01"}


@pytest.fixture
def strict(mine, app, gate, discovery_database, shop):
    mode = MODES["gdpr_strict"]
    strict = Gate(mode, gate.keyring)
    keeping = Keeping(discovery_database, strict, app.extensions[SPOOL])
    settings = replace(shop.settings, mode=mode)
    mine.shop = workshop(settings, discovery_database, strict, keeping, shop.fetcher)
    return mine


def test_a_find_without_consent_is_counted_and_not_kept(strict, owner):
    found = done(strict, Listed("listed", find(1), find(2, consent=AGREED)))

    assert (found.job.counts.without_consent, found.job.counts.new) == (1, 1)
    assert records(owner, strict.user_id) == 1
    kept = owner.execute(
        "SELECT (SELECT count(*) FROM discovery.met WHERE tenant_id = %(t)s), "
        "(SELECT count(*) FROM discovery.provenance WHERE tenant_id = %(t)s)",
        {"t": strict.user_id},
    ).fetchone()
    assert kept == (1, 1)


def test_a_known_lead_without_consent_does_not_join(strict, mine, post):
    post(email="p1@firm1.example", name="Nr1 Of1", company="Firm 1 Ltd")

    found = done(strict, Listed("listed", find(1)))

    assert (found.leads, found.job.counts.without_consent) == (0, 1)
