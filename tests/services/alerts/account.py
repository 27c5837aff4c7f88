"""An account with rules and receivers, and events that a test posts, over HTTP."""

from tests.services.leads.account import Account

ALERTS = "/webhook/leadfly/alerts"

API = "/api/v1/lead-discovery"

INTENT = {
    "rule_name": "High intent leads",
    "rule_type": "new_lead",
    "conditions": {"min_intent_score": 80},
    "alert_channels": ["dashboard", "email"],
    "priority": "high",
}

CANCELLED = {
    "rule_name": "Cancelled orders",
    "rule_type": "custom",
    "events": ["order.cancelled"],
    "conditions": {"data.amount": 4200},
}

HOOK = {"name": "CRM", "channel": "webhook", "url": "https://crm.example.com/hooks/alerts"}

SALES = {"name": "Sales", "channel": "email", "address": "sales@corp.example"}


class Alerted(Account):
    """What one account asks of alerts."""

    def rule(self, expect=201, **changes):
        """Make a rule; return it, or what is wrong with it."""
        answer = self.ask("POST", "/alerts/rules", expect, **(INTENT | changes))
        return answer["rule"] if expect == 201 else answer["error"]

    def receiver(self, expect=201, **changes):
        """Add a receiver; return it, or what is wrong with it."""
        answer = self.ask("POST", "/alerts/receivers", expect, **(HOOK | changes))
        return answer["receiver"] if expect == 201 else answer["error"]

    def silence(self, expect=201, **said):
        """Ask for silence; return it, or what is wrong with it."""
        answer = self.ask("POST", "/alerts/silences", expect, **said)
        return answer["silence"] if expect == 201 else answer["error"]

    def post(self, event="alert", expect=200, headers=None, path="", **more):
        """Tell of something that happened; return the answer's JSON."""
        if event == "alert":
            more.setdefault("data", {"title": "High value match found"})
        body = {"user_id": self.user_id} | ({"event": event} if event else {}) | more
        answer = self.client.post(f"{ALERTS}{path}", json=body, headers=headers)
        assert answer.status_code == expect, answer.text
        return answer.json

    def alert(self, **data):
        """Raise an alert as it is; return its id."""
        said = {"title": f"Alert {data}"} | data
        (alert_id,) = self.post(data=said)["alert_ids"]
        return alert_id

    def act(self, alert_id, name, expect=200, **said):
        """Do something with an alert; return the answer's JSON."""
        return self.ask("PUT", f"/alerts/{alert_id}/{name}", expect, **said)

    def get(self, path, expect=200, **query):
        """Read something; return the answer's JSON."""
        answer = self.client.get(f"{API}{path}", query_string={"user_id": self.user_id} | query)
        assert answer.status_code == expect, answer.text
        return answer.json

    def delete(self, path, expect=200):
        """Remove something; return the answer's JSON."""
        answer = self.client.delete(f"{API}{path}", query_string={"user_id": self.user_id})
        assert answer.status_code == expect, answer.text
        return answer.json
