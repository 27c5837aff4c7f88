"""An account whose people withdraw, over HTTP, and who uses their leads."""

from tests.services.leads.account import ADA, API, Account

EVERYTHING = ["lead_processing", "marketing", "sharing", "enrichment", "behavioural_tracking"]

WITHDRAWALS = "/privacy/withdrawals"
ERASURES = "/privacy/erasures"

HOME = ADA | {"email": "ada@home.example"}
"""The same person by another address."""

BOB = {"email": "bob@builder.example", "first_name": "Bob", "last_name": "Builderman"}

__all__ = ["ADA", "API", "BOB", "EVERYTHING", "HOME", "WITHDRAWALS", "Withdrawing"]


class Withdrawing(Account):
    """What an account asks of the privacy desk."""

    def agreeing(self, purposes=EVERYTHING, **fields):
        """Store a lead that agrees to *purposes*; return its id."""
        return self.lead(purposes, **fields)

    def withdraw(self, expect=200, **said):
        return self.ask("POST", WITHDRAWALS, expect, **said)

    def of_lead(self, lead_id, *purposes, **said):
        return self.withdraw(lead_id=lead_id, purposes=list(purposes) or None, **said)

    def of_email(self, email, *purposes, **said):
        named = {"identifiers": {"email": email}, "purposes": list(purposes) or None}
        return self.withdraw(**named, **said)

    def consents(self, lead_id, expect=200):
        return self.ask("GET", f"/leads/{lead_id}/consents", expect)

    def exported(self, purpose):
        """Return the ids of the leads that a file for *purpose* has."""
        query = {"user_id": self.user_id, "purpose": purpose}
        answer = self.client.get(f"{API}/leads/export.csv", query_string=query)
        assert answer.status_code == 200, answer.text
        return {line.split(",", 1)[0] for line in answer.text.splitlines()[1:]}

    def erase(self, lead_id, expect=200, **query):
        query |= {"user_id": self.user_id}
        answer = self.client.delete(f"{API}/leads/{lead_id}", query_string=query)
        assert answer.status_code == expect, answer.text
        return answer.json

    def erase_by(self, expect=200, keep_objection=None, **identifiers):
        said = {} if keep_objection is None else {"keep_objection": keep_objection}
        return self.ask("POST", ERASURES, expect, identifiers=identifiers, **said)
