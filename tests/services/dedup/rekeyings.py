"""An account whose leads have keys of before, and what makes them anew."""

from dataclasses import dataclass

from services.dedup import rekeying
from services.dedup.blocking import KEYS_VERSION
from services.dedup.rekeying import Desk
from tests.services.dedup.arrivals import admitted, lead

BEFORE = 1
"""The version of keys of before there were versions."""


def never():
    return False


def stranger(number):
    return {
        "first_name": f"Pat{number}",
        "last_name": f"Doe{number}",
        "email": f"pat{number}@firm{number}.example",
    }


def batch(keeping, user_id, *people):
    for start in range(0, len(people), 50):
        some = [lead(keeping.gate, user_id, each) for each in people[start : start + 50]]
        admitted(keeping, user_id, *some)


@dataclass
class Upgrade:
    """What a test does with the keys of one account."""

    owner: object
    desk: Desk
    user_id: str

    def age(self):
        """Give every lead one key that no version of now makes, as if it had come long before."""
        for statement in (
            "DELETE FROM dedup.blocking_keys WHERE tenant_id = %s",
            "UPDATE dedup.records SET keys_version = 1, blocking_keys = ARRAY["
            "hashtextextended(lead_id::text, 0)] WHERE tenant_id = %s",
            "INSERT INTO dedup.blocking_keys (tenant_id, blocking_key, lead_id) "
            "SELECT tenant_id, unnest(blocking_keys), lead_id FROM dedup.records "
            "WHERE tenant_id = %s",
        ):
            self.owner.execute(statement, [self.user_id])

    def keys(self):
        """Return the keys of each lead, by the list of its record and by the keys themselves."""
        listed = self.owner.execute(
            "SELECT lead_id, ARRAY(SELECT unnest(blocking_keys) ORDER BY 1) "
            "FROM dedup.records WHERE tenant_id = %s",
            [self.user_id],
        )
        stored = self.owner.execute(
            "SELECT lead_id, array_agg(blocking_key ORDER BY blocking_key) "
            "FROM dedup.blocking_keys WHERE tenant_id = %s GROUP BY lead_id",
            [self.user_id],
        )
        return dict(listed.fetchall()), dict(stored.fetchall())

    def go_through(self):
        """Take each lead that waits once; return what became of them."""
        return rekeying.go_through(self.desk, [self.user_id], never)

    def versions(self):
        """Return how many leads have keys of each version."""
        rows = self.owner.execute(
            "SELECT keys_version, count(*) FROM dedup.records WHERE tenant_id = %s GROUP BY 1",
            [self.user_id],
        )
        return dict(rows.fetchall())

    def leave_nothing_waiting(self):
        """Let no other test meet what this one left."""
        self.owner.execute(
            "UPDATE dedup.records SET keys_version = %s WHERE tenant_id LIKE %s",
            [KEYS_VERSION, f"{self.user_id}%"],
        )
