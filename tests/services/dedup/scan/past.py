"""An account that imported leads unchecked, and its scans, worked off when the test says so."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.dedup.importing import Plan, load
from services.dedup.scan import scanning
from shared.columns import mapped
from shared.lead_fields import FIELDS

API = "/api/v1/lead-discovery"

HEADER = [*FIELDS, "submitted_at"]

NOW = datetime(2027, 1, 1, tzinfo=UTC)

LARA = {
    "first_name": "Lara",
    "last_name": "Quistberg",
    "email": "lara.quistberg@harbour.example",
    "phone": "+44 20 7946 0321",
    "company": "Harbour Tools Ltd",
}

PIECES = (
    LARA,
    {**LARA, "email": "lara@quistberg.example"},
    {**LARA, "phone": "+44 20 7946 0555", "last_name": "Quistborg"},
    {"first_name": "L.", "last_name": "Quistberg", "phone": LARA["phone"]},
    {"first_name": "Lara", "last_name": "Quistberg", "email": LARA["email"]},
)
"""One person five times."""

STRANGERS = tuple(
    {
        "first_name": given,
        "last_name": family,
        "email": f"{given}.{family}@{family}.example".lower(),
        "phone": f"+44 20 7946 07{number:02}",
    }
    for number, (given, family) in enumerate(
        [("Petra", "Owusu"), ("Ismail", "Varga"), ("Noor", "Lindqvist"), ("Tomas", "Abara")]
    )
)


def never():
    return False


class Past:
    """What a test does with stored leads and scans of one account."""

    def __init__(self, app, database, gate, desk, user_id):
        self.client, self.database, self.gate = app.test_client(), database, gate
        self.desk, self.user_id = desk, user_id

    def bring(self, *leads, source="crm", at=NOW):
        """Import leads that nobody checks; each is its fields, or those and when it was sent."""
        told = [one if isinstance(one, tuple) else (one, None) for one in leads]
        rows = [
            (number, [*(said.get(name, "") for name in FIELDS), sent.isoformat() if sent else ""])
            for number, (said, sent) in enumerate(told, 2)
        ]
        plan = Plan(self.user_id, source, "US", mapped(HEADER, {}), at)
        tally = load(self.database, self.gate, plan, rows)
        assert tally.refused == []
        return tally

    def ask(self, method, path, expect=200, query=None, **body):
        said = {"json": {**body, "user_id": self.user_id}} if method != "GET" else {}
        asked = {**(query or {}), "user_id": self.user_id}
        answer = self.client.open(f"{API}{path}", method=method, query_string=asked, **said)
        assert answer.status_code == expect, answer.text
        return answer.json

    def scan(self, **said):
        """Ask for a scan and work it off; return how it ended."""
        asked = self.ask("POST", "/scans", 202, **said)["scan"]["id"]
        self.work()
        return self.ask("GET", f"/scans/{asked}")["scan"]

    def work(self, at_a_time=scanning.AT_A_TIME):
        while scanning.advance(self.desk, self.user_id, never, at_a_time):
            pass

    def night(self, days=1):
        """Let the night come; return the scan that began."""
        later = datetime.now(UTC) + timedelta(days=days)
        scan = scanning.look_at(self.desk.database, self.user_id, later)
        self.work()
        return scan

    def reviews(self, **query):
        query = {"limit": 100, "status": "all"} | query
        return self.ask("GET", "/reviews", query=query)["reviews"]

    def judge(self, review, verdict):
        return self.ask("POST", f"/reviews/{review['review_id']}/verdict", verdict=verdict)

    def pairs(self, **query):
        """Return the two leads of every review."""
        return {pair(review) for review in self.reviews(**query)}


def pair(review):
    return frozenset((UUID(review["lead_id"]), UUID(review["known_lead"]["lead_id"])))
