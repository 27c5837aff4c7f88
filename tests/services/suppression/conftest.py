"""What the tests of suppression lists share: an account's lists over HTTP, and by the flows."""

import pytest

from services.suppression.desk import Desk

PATH = "/api/v1/lead-discovery/suppression"


class Suppressing:
    """One account with lists, over HTTP."""

    def __init__(self, app, user_id):
        self._client, self.user_id = app.test_client(), user_id

    def ask(self, method, path, expect=200, query=None, **sent):
        answer = self._client.open(
            f"{PATH}{path}",
            method=method,
            query_string={"user_id": self.user_id} | (query or {}),
            **sent,
        )
        assert answer.status_code == expect, answer.text
        return answer.json

    def listed(self, kind="do_not_contact", expect=201, **said):
        """Keep a list and return its id, or what is wrong with it."""
        body = {"name": f"{kind} {said}", "kind": kind} | said
        answer = self.ask("POST", "/lists", expect, json=body)
        return answer["list"]["id"] if expect == 201 else answer["error"]

    def enter(self, list_id, *entries, expect=200):
        body = {"entries": list(entries)}
        return self.ask("POST", f"/lists/{list_id}/entries", expect, json=body)

    def remove(self, list_id, *entries):
        body = {"entries": list(entries)}
        return self.ask("POST", f"/lists/{list_id}/entries/remove", json=body)["removed"]

    def send(self, list_id, text, expect=200, **query):
        """Import the text, or the bytes, of a file."""
        data = text.encode() if isinstance(text, str) else text
        path = f"/lists/{list_id}/import"
        return self.ask("POST", path, expect, query, data=data, content_type="text/csv")

    def refused(self, list_id, text, **query):
        """Return why a file is refused, by row, once it is sure that nothing was stored."""
        error = self.send(list_id, text, expect=400, **query)["error"]
        assert self.size(list_id) == 0
        return error["details"]

    def size(self, list_id):
        return self.ask("GET", f"/lists/{list_id}")["entries"]

    def asked(self, expect=200, **said):
        return self.ask("POST", "/query", expect, json=said)

    def found(self, **said):
        return self.asked(**said)["found"]

    def unique(self, list_id, **said):
        return self.ask("POST", "/unique", json={"list_id": list_id, **said})["is_unique"]


@pytest.fixture
def mine(app, user_id):
    return Suppressing(app, user_id)


@pytest.fixture
def desk(database, gate):
    return Desk(database, gate.keyring, "US")
