"""What the tests of seen keys share: a desk on a real database, and a short way to bring keys."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.seen.claim import Wanted
from services.seen.claiming import claim
from services.seen.desk import Desk
from services.seen.reading import Reader
from services.seen.settling import Settled, confirm, release

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@dataclass
class Bringing:
    """Brings keys for one account, at times that are given."""

    desk: Desk
    tenant_id: str

    def wanted(self, key, scope="crm", **said):
        return self.reader.wanted({"scope": scope, "key": key, **said})

    @property
    def reader(self):
        return Reader(self.desk.keyring, self.tenant_id, "US")

    def many(self, *wanted: Wanted, now=NOW, key=None):
        """Bring keys in one request; return their answers."""
        return claim(self.desk, self.tenant_id, wanted, now, key).answers

    def one(self, key, now=NOW, request=None, **said):
        (answer,) = self.many(self.wanted(key, **said), now=now, key=request)
        return answer

    def settled(self, key, claim_id: UUID | None, scope="crm"):
        return self.reader.settled({"scope": scope, "key": key, "claim_id": claim_id})

    def confirm(self, key, claim_id, now=NOW, scope="crm"):
        wanted: list[Settled] = [self.settled(key, claim_id, scope)]
        (found,) = confirm(self.desk, self.tenant_id, wanted, now)
        return found

    def release(self, key, claim_id=None, now=NOW, scope="crm"):
        (word,) = release(self.desk, self.tenant_id, [self.settled(key, claim_id, scope)], now)
        return word


@pytest.fixture
def desk(database, gate):
    return Desk(database, gate.keyring)


@pytest.fixture
def bring(desk, user_id):
    return Bringing(desk, user_id)
