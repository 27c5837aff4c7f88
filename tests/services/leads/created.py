"""Leads that tests create, and what is stored of them."""

API = "/api/v1/lead-discovery"

ADA = {"name": "Ada Lovelace", "email": "ada@analytical.example", "company": "Analytical Engines"}

SIGNALS = [
    {"signal_type": "loan_need", "strength": 60, "content": "Ada asks for a loan."},
    {"type": "growth", "category": "keyword", "strength": 80, "confidence": 0.5},
]


def creating(app, user_id):
    """Return what creates a lead of *user_id* and returns the answer; safe to call from threads."""

    def create(expect=201, key=None, account=user_id, **lead):
        headers = {"Idempotency-Key": key} if key else {}
        body = {"user_id": account} | lead
        answer = app.test_client().post(f"{API}/leads", json=body, headers=headers)
        assert expect in (None, answer.status_code), answer.json
        return answer

    return create


def stored(owner, user_id):
    """Return id, first lead and status of all leads, in the order they came."""
    return owner.execute(
        "SELECT id::text, duplicate_of::text, status FROM public.leads "
        "WHERE tenant_id = %s ORDER BY id",
        [user_id],
    ).fetchall()


def signals(owner, user_id):
    """Return all signals, the weakest first."""
    return owner.execute(
        "SELECT signal_type, signal_category, source, strength, confidence, content "
        "FROM leads.signals WHERE tenant_id = %s ORDER BY strength",
        [user_id],
    ).fetchall()
