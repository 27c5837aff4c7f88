"""An account with a catalogue, and leads that a test matches, over HTTP."""

from tests.services.leads.account import API, Account

MATCHMAKING = "/webhook/leadfly/matchmaking"

LOAN = {
    "service_name": "Small business loan",
    "service_type": "loan",
    "provider_name": "First Example Bank",
    "target_audience": "business",
    "target_industries": ["restaurants", "bakery"],
    "target_locations": ["Texas"],
    "target_company_sizes": ["small", "medium"],
    "min_loan_amount": 5000,
    "max_loan_amount": 250000,
}

BAKERY = {
    "location": "Austin, TX",
    "industry": "bakery",
    "company_size": "small",
    "lead_type": "business",
    "lead_category": "loan",
}


class Matched(Account):
    """What one account asks of matching."""

    def service(self, **changes):
        """Add a service; return its id."""
        return self.ask("POST", "/services", 201, **(LOAN | changes))["service"]["id"]

    def seek(self, lead=None, expect=200, path="", **more):
        """Ask the webhook for services; return the answer's JSON."""
        body = {"user_id": self.user_id} | ({} if lead is None else {"lead": lead}) | more
        answer = self.client.post(f"{MATCHMAKING}{path}", json=body)
        assert answer.status_code == expect, answer.text
        return answer.json

    def match(self, lead_id, expect=200, **query):
        """Match a stored lead; return the answer's JSON."""
        return self._asked("POST", f"{API}/leads/{lead_id}/match", expect, query)

    def get(self, path, expect=200, **query):
        """Read something; return the answer's JSON."""
        return self._asked("GET", f"{API}{path}", expect, query)

    def _asked(self, method, path, expect, query):
        query |= {"user_id": self.user_id}
        answer = self.client.open(path, method=method, query_string=query)
        assert answer.status_code == expect, answer.text
        return answer.json
