"""What the tests of enrichment share: providers that do as they are told, and a DNS of our own."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest

from services.enrichment import enriching, looking
from services.enrichment.desk import Desk
from services.enrichment.enriching import Wish
from services.enrichment.finding import Finding
from services.enrichment.means import Means
from services.enrichment.providers.provider import Asked, Reach
from services.enrichment.resolving import Resolver
from shared.privacy.gate import Gate
from shared.privacy.modes import MODES
from tests.services.enrichment.dns_server import DnsServer

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

AGREED = {"purposes": ["lead_processing", "enrichment"], "given_at": "2026-02-01T00:00:00Z"}


def finding(**changes):
    said = {
        "field": "company",
        "value": "Acme",
        "provider": "directory",
        "source_url": None,
        "found_at": NOW,
        "note": None,
        "personal": False,
    }
    return Finding(**said | changes)


class Directory:
    """A provider that finds what it is told to, by default with nothing to say."""

    title, purpose = "Directory", "Say what a test wants."

    def __init__(self, *found, name="directory", personal=False, needs=("email",), act=None):
        self.found, self.name, self.personal, self.needs = found, name, personal, needs
        self.act, self.asked = act, []

    def find(self, asked, reach):
        self.asked.append(asked)
        if self.act:
            self.act()
        return self.found


class Enriching:
    """One account whose leads are enriched, in a privacy mode, by providers of the test's."""

    def __init__(self, database, gate, means, tenant_id, mode):
        self.gate = Gate(MODES[mode], gate.keyring)
        self.database, self.means, self.tenant_id = database, means, tenant_id

    def desk(self, *providers):
        return Desk(self.database, self.gate, "US", self.means, providers)

    def run(self, lead_id, *providers, now=NOW, **wish):
        desk = self.desk(*providers)
        lead_id = UUID(str(lead_id))
        return enriching.enrich(desk, self.tenant_id, lead_id, Wish(**wish), "local", now)

    def look(self, lead_id, *providers, now=NOW):
        return looking.look(self.desk(*providers), self.tenant_id, UUID(str(lead_id)), now)

    def values(self, lead_id, now=NOW):
        return [one.finding.value for one in self.look(lead_id, now=now).held]


@pytest.fixture(scope="session")
def means(local_settings):
    means = Means(local_settings)
    yield means
    means.close()


@pytest.fixture
def enriching_in(database, gate, means, user_id):
    """Return an account in a privacy mode."""
    return lambda mode="standard": Enriching(database, gate, means, user_id, mode)


@pytest.fixture
def mine(enriching_in):
    return enriching_in()


@pytest.fixture
def lead(post):
    """Return the id of a new lead that says something."""

    def made(**said):
        said = {"email": f"ann-{uuid4().hex[:8]}@corp.example", "name": "Ann Lee"} | said
        return UUID(post(**said)["lead_id"])

    return made


@pytest.fixture
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


@pytest.fixture
def agreeing(app, user_id):
    """Return the id of a new lead whose person agreed to enrichment."""

    def made(**said):
        body = {
            "user_id": user_id,
            "source_id": "form",
            "lead_data": {"email": f"bea-{uuid4().hex[:8]}@corp.example", "name": "Bea Cole"}
            | said,
            "consent": AGREED,
        }
        answer = app.test_client().post("/webhook/leadfly/duplicate-prevention", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json["lead_id"]

    return made


@pytest.fixture
def dns_server():
    server = DnsServer()
    yield server
    server.close()


@pytest.fixture
def resolver(dns_server):
    return Resolver([dns_server.at], seconds=1.0)


@pytest.fixture
def reach(resolver, means):
    """What a provider gets out by: our DNS, and nothing else that it would find anything at."""
    return replace(means.reach(NOW, time.monotonic() + 5), resolver=resolver)


def asked(**fields):
    return Asked(fields, "US", False, uuid4())


def found(provider, reach: Reach, **fields):
    """Return by field what a provider says: a value, or a list of them."""
    by_field: dict = {}
    for one in provider.find(asked(**fields), reach):
        by_field.setdefault(one.field, []).append(one.value)
    return {name: values if len(values) > 1 else values[0] for name, values in by_field.items()}
