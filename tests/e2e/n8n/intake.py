"""An account that takes leads in: its services and rules, the leads, and what is kept of them."""

from contextlib import closing
from uuid import uuid4

import psycopg
import requests

from shared.embedded import Server
from tests.e2e.n8n.posts import LETTERS

REST = "/api/v1/lead-discovery"

LOAN = "We need a business loan of 80,000 dollars for a second oven."

ALPHABETS = {
    "greek": ("αβγδεζηθικλμνξοπρστυφχψω", "Χρειαζόμαστε δάνειο για νέο φούρνο."),
    "cyrillic": ("абвгдежзийклмнопрстуфхцчшщэюя", "Нам нужен кредит на новую печь."),
    "arabic": ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "نحتاج إلى قرض لشراء فرن جديد."),
    "chinese": ("王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗", "我们需要贷款购买新烤箱。"),
    "german": ("abcdefghiklmnoprstuvwäöüß", "Wir brauchen einen Kredit für einen zweiten Ofen."),
}
"""By its name, letters to make names of and what a lead writes with them."""

BANK = {
    "service_name": "Oven loans",
    "service_type": "loan",
    "target_locations": [{"nationwide": True, "country": "US"}],
    "min_loan_amount": 1000,
    "max_loan_amount": 500000,
}
ADVISERS = {"service_name": "Good advice", "service_type": "consulting", "target_locations": []}


class Account:
    """A new account of the services at *base_url*, with one rule that hears each new lead."""

    def __init__(self, base_url, *services):
        self.user_id, self._url = f"tenant-{uuid4().hex}", base_url + REST
        for service in services:
            self.make("/services", service)

    def make(self, path, body):
        """Make what *body* says, and return the answer."""
        sent = {"user_id": self.user_id} | body
        answer = requests.post(self._url + path, json=sent, timeout=10)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def rule(self, **changes):
        """Make a rule of alerts; return its id."""
        usual = {"rule_name": uuid4().hex, "rule_type": "new_lead", "conditions": {}}
        return self.make("/alerts/rules", usual | changes)["rule"]["id"]

    def lead(self, **changes):
        """Return somebody new who has written: a flat lead."""
        word = uuid4().hex.translate(LETTERS)
        return {
            "user_id": self.user_id,
            "source_id": "form",
            "email": f"{word[:7]}@{word[14:22]}.example",
            "first_name": word[:7].title(),
            "last_name": word[7:14].title(),
            "company": f"{word[22:30].title()} Works",
            "city": "Austin",
            "state": "TX",
            "country": "US",
            "message": LOAN,
        } | changes

    def foreigner(self, alphabet):
        """Return somebody new whose names and message are of *alphabet*."""
        letters, message = ALPHABETS[alphabet]
        name = "".join(letters[int(digit, 36) % len(letters)] for digit in uuid4().hex)
        named = {"first_name": name[:5], "last_name": name[5:12], "company": name[12:22]}
        return self.lead(message=message, **named)


def rows(home, query, tenant_id):
    """Return what *query* finds of `%(tenant)s` in the services' database."""
    with closing(psycopg.connect(Server(home).conninfo("leadfly"))) as conn:
        return conn.execute(query, {"tenant": tenant_id}).fetchall()


DECIDED = """
    SELECT lead.id::text, decision.action
    FROM public.leads AS lead LEFT JOIN dedup.decisions AS decision
        ON (decision.tenant_id, decision.lead_id) = (lead.tenant_id, lead.id)
    WHERE lead.tenant_id = %(tenant)s ORDER BY lead.id
    """
"""Leads, with what was decided."""

RAISED = """
    SELECT rule_id::text, lead_id::text FROM alerts.alerts
    WHERE tenant_id = %(tenant)s ORDER BY rule_id, lead_id, id
    """
"""Alerts, by rule and lead."""

READ = """
    SELECT lead_id::text FROM signals.detections
    WHERE tenant_id = %(tenant)s AND source = 'content' ORDER BY lead_id
    """
"""Detections of what leads wrote."""

MATCHED = """
    SELECT DISTINCT lead_id::text FROM matching.matches
    WHERE tenant_id = %(tenant)s AND ended_at IS NULL ORDER BY 1
    """
CREATED = """
    SELECT lead_id::text FROM public.events
    WHERE tenant_id = %(tenant)s AND event = 'lead.created' ORDER BY lead_id
    """
FITTED = """
    SELECT DISTINCT lead_id::text, data ->> 'service_id' FROM public.events
    WHERE tenant_id = %(tenant)s AND event = 'high_score_match' ORDER BY 1, 2
    """
"""Leads that a service fits well, with the service."""
