"""An account whose leads a test works on, over HTTP."""

API = "/api/v1/lead-discovery"
CHECK = "/webhook/leadfly/duplicate-prevention"

ADA = {"email": "ada@analytical.example", "first_name": "Ada", "last_name": "Lovelace"}


class Account:
    """What one account asks of the services."""

    def __init__(self, app, user_id):
        self.client, self.user_id = app.test_client(), user_id

    def ask(self, method, path, expect=200, **body):
        """Call a route; return the answer's JSON."""
        return self.answer(method, path, expect, **body).json

    def answer(self, method, path, expect=200, **body):
        sent = {"json": body} if method in ("PUT", "POST") else {}
        answer = self.client.open(
            f"{API}{path}", method=method, query_string={"user_id": self.user_id}, **sent
        )
        assert answer.status_code == expect, answer.text
        return answer

    def lead(self, consent=None, source_id="form", **fields):
        """Store one lead; return its id."""
        body = {"user_id": self.user_id, "source_id": source_id, "lead_data": ADA | fields}
        if consent is not None:
            body["consent"] = {"purposes": consent}
        answer = self.client.post(CHECK, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json["lead_id"]

    def leads(self, number, source_id="fair"):
        """Store so many leads of different people; return their ids in the order of the ids."""
        batch = [
            {"lead_data": {"email": f"{source_id}{n}@firm{n}.example", "name": name(n)}}
            for n in range(number)
        ]
        body = {"user_id": self.user_id, "source_id": source_id, "leads": batch}
        results = self.client.post(f"{CHECK}/batch", json=body).json["results"]
        assert {result["action_taken"] for result in results} == {"allow_processing"}, results
        return sorted(result["lead_id"] for result in results)

    def of(self, lead_id):
        """Return status, assignee and tags of a lead."""
        lead = self.ask("GET", f"/leads/{lead_id}")["lead"]
        return lead["status"], lead["assigned_to"], lead["tags"]

    def listed(self, **query):
        """Return how many leads the list finds."""
        query |= {"user_id": self.user_id}
        return self.client.get(f"{API}/leads", query_string=query).json["count"]

    def history(self, lead_id):
        return self.ask("GET", f"/leads/{lead_id}/history")["history"]


def name(number):
    """Return a name that is like no other number's."""
    return f"{chr(65 + number % 26)}ora {chr(97 + number // 26)}oldenberg{number}"


def told(database, user_id):
    """Return what was told of an account's leads beside that they came."""
    with database.transaction(user_id) as conn:
        return conn.execute(
            "SELECT event, lead_id::text, data FROM public.events "
            "WHERE tenant_id = %s AND event <> 'lead.created' ORDER BY id",
            [user_id],
        ).fetchall()
