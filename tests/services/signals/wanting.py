"""Made-up detections, and a lead that they are about."""

from services.signals.scoring import assessed
from services.signals.signal import Detection, Language, Signal, Span

API = "/api/v1/lead-discovery"
PATH = "/webhook/leadfly/signal-detection"
CHECK = "/webhook/leadfly/duplicate-prevention"

ENGLISH = Language("en", True)

ADA = {"email": "ada@analytical.example", "first_name": "Ada", "last_name": "Lovelace"}

RATES = [
    {"type": "page_view", "url": "https://bank.example/loans/rates"},
    {"type": "form_submit", "url": "https://bank.example/loans/apply"},
]


def signal(kind="loan_need", strength=80, **changes):
    said = {
        "type": kind,
        "category": "keyword",
        "source": "content_analysis",
        "content": f"words of {kind}",
        "strength": strength,
        "confidence": 0.9,
        "rule": "WANT+FINANCE",
        "span": Span(0, 5),
    }
    return Signal(**said | changes)


def says(*signals, individual=False, behaviour=()):
    """Return what is made of a text that says *signals*."""
    return assessed(Detection(ENGLISH, signals, (), individual), behaviour)


class Asking:
    """What one account asks of the services."""

    def __init__(self, app, user_id):
        self.client, self.user_id = app.test_client(), user_id

    def detect(self, expect=200, path=PATH, **body):
        answer = self.client.post(path, json={"user_id": self.user_id} | body)
        assert answer.status_code == expect, answer.text
        return answer.json

    def ask(self, method, path, expect=200, query=None, **body):
        sent = {"json": body} if method == "POST" else {}
        asked = {"user_id": self.user_id} | (query or {})
        answer = self.client.open(f"{API}{path}", method=method, query_string=asked, **sent)
        assert answer.status_code == expect, answer.text
        return answer.json

    def lead(self, consent=None, **fields):
        body = {"user_id": self.user_id, "source_id": "form", "lead_data": ADA | fields}
        if consent is not None:
            body["consent"] = {"purposes": consent}
        answer = self.client.post(CHECK, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json["lead_id"]

    def shown(self, lead_id):
        """Return strength, intent and needs of a lead as `GET /leads/{id}` says them."""
        lead = self.ask("GET", f"/leads/{lead_id}")["lead"]
        return lead["signal_strength"], lead["intent_score"], lead["needs_identified"]

    def history(self, lead_id, **query):
        return self.ask("GET", f"/leads/{lead_id}/signals", query=query)
