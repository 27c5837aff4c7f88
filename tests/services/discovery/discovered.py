"""An account that discovers: over HTTP, with sources of the test's own."""

from dataclasses import replace
from datetime import UTC, datetime

from services.discovery import discovering
from services.discovery.find import Find, Passed, Provenance
from services.discovery.sources.source import Progress

API = "/api/v1/lead-discovery"

FOUND_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Listed:
    """A source that names what it is told to."""

    title, builtin, licence, attribution = "A list", True, "CC0 1.0", "the listers"

    def __init__(self, type, *said, builtin=True):
        self.type, self.said, self.builtin, self.asked = type, said, builtin, 0

    def checked(self, settings):
        return settings

    def find(self, tenant_id, settings, criteria, reach):
        self.asked += 1
        for one in self.said:
            if isinstance(one, Exception):
                raise one
            if callable(one):
                one = one(reach)
            if one is not None:
                yield one


def find(number, source="listed", consent=None, **fields):
    """Return somebody that a source knows of; two of one number are the same find."""
    said = {"email": f"p{number}@firm{number}.example", "name": f"Nr{number} Of{number}"}
    said |= {"company": f"Firm {number} Ltd"} | fields
    provenance = Provenance(source, f"https://list.example/{number}", "CC0 1.0", "it", FOUND_AT)
    return Find(f"n/{number}", {k: v for k, v in said.items() if v}, provenance, consent)


def finds(count, **fields):
    return [find(number, **fields) for number in range(count)]


class Account:
    """One account, whose discoveries are worked off when the test says so."""

    def __init__(self, app, user_id, shop):
        self.client, self.user_id, self.shop = app.test_client(), user_id, shop
        self._database = app.extensions["leadfly"].database

    @property
    def desk(self):
        """Where one asks: as the services' role, with the sources of the workshop."""
        return replace(self.shop.desk, database=self._database)

    def with_sources(self, *sources):
        desk = replace(self.shop.desk, sources=sources)
        self.shop = replace(self.shop, desk=desk)
        return self

    def post(self, path, expect=None, headers=None, **body):
        sent = {"user_id": self.user_id} | body
        answer = self.client.post(API + path, json=sent, headers=headers)
        assert expect is None or answer.status_code == expect, answer.text
        return answer

    def get(self, path, expect=200, **query):
        query = {"user_id": self.user_id} | query
        answer = self.client.get(API + path, query_string=query)
        assert answer.status_code == expect, answer.text
        return answer.json

    def investigation(self):
        return self.post("/investigations", 201, name="Bakers").json["investigation"]["id"]

    def work(self, job_id, stop=lambda: False):
        return discovering.run(self.shop, self.user_id, job_id, stop)


__all__ = ["API", "FOUND_AT", "Account", "Listed", "Passed", "Progress", "find", "finds"]
