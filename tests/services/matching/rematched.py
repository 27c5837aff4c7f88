"""What a test of rematches does: leads by the dozen, and the worker's part until it is done."""

from datetime import UTC, datetime, timedelta

from services.matching import profiling, rematching
from tests.services.matching.account import BAKERY, Matched


def never():
    return False


class Rematched(Matched):
    """An account whose worker runs when the test says so."""

    def __init__(self, app, user_id, desk):
        super().__init__(app, user_id)
        self.desk = desk

    def leads(self, number, **fields):
        """Store leads, have them read, and return their ids."""
        ids = [
            self.lead(**BAKERY | fields | {"email": f"l{n}-{id(fields)}@corp.example"})
            for n in range(number)
        ]
        self.read()
        return ids

    def read(self):
        """Have the worker read what changed."""
        self.get("/leads", limit=1)  # lists what waits
        profiling.follow(self.desk.database, self.desk.gate, self.desk.country, never)

    def rematch(self, expect=202, **said):
        """Ask for a rematch; return the answer."""
        return self.ask("POST", "/matches/rematch", expect, **said)

    def work(self, automatic=False):
        """Let the worker work off this account's jobs."""
        while rematching.advance(self.desk, self.user_id, never):
            pass
        if automatic:
            while rematching.rescore(self.desk, self.user_id):
                pass

    def job(self, answer):
        """Return how far a rematch is."""
        return self.get(f"/matches/rematch/{answer['rematch']['id']}")["rematch"]

    def kept(self, lead_id, **query):
        """Return the kept matches of a lead."""
        return self.get(f"/leads/{lead_id}/matches", **query)["matches"]

    def quiet(self):
        """Let the services have been quiet for long enough."""
        later = datetime.now(UTC) + timedelta(minutes=1)
        return rematching.ask_for_changed(self.desk, self.user_id, later)
