"""Leads that are offered on terms, decided at a moment that a test says."""

from datetime import UTC, datetime, timedelta

import orjson

from services.dedup import check as checking
from services.dedup.policy import Policies
from services.dedup.preparation import prepare
from services.dedup.trade.deal import NO_DEAL, Deal
from services.dedup.trade.terms import Book, Scope, Terms
from services.dedup.verdict import Submission
from shared.connection import Connection
from tests.services.dedup.arrivals import rendered

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)

ADA = {"email": "ada@analytical.example", "first_name": "Ada", "last_name": "Lovelace"}
"""Somebody we know."""

BOB = {"email": "bob@builder.example", "first_name": "Bob", "last_name": "Builderman"}
"""Somebody else."""


def days(number):
    return timedelta(days=number)


class KnownPolicies:
    """The policies of an account as they are known, with *terms* for all of its leads."""

    def __init__(self, terms=None):
        book = Book({Scope(): terms}) if terms else Book()
        self._policies = Policies(book=book)

    def ask(self, conn: Connection, tenant_id):
        return lambda: self._policies

    def spared(self, tenant_id, work):
        return work()


def looking_back(*rules, **more):
    """Return the policies of an account whose terms are *rules*."""
    return KnownPolicies(Terms(lookback=rules, **more))


NO_TERMS_AT_ALL = KnownPolicies()


def offered(gate, tenant_id, fields=ADA, at=NOON, source="form", deal=NO_DEAL, **said):
    """Return a lead that says it was sent *at*."""
    submission = Submission(source, fields, at, deal=deal, raw=b"{}", **said)
    return prepare(gate, tenant_id, submission, "US")


def answers(database, gate, tenant_id, leads, policies):
    """Return what *leads* are answered that are decided in one transaction."""
    found = checking.check(database, gate, tenant_id, leads, rendered, policies=policies)
    return [orjson.loads(one.body) for one in found]


class Trader:
    """Offers leads of one tenant, one after the other."""

    def __init__(self, database, gate, tenant_id, policies=NO_TERMS_AT_ALL):
        self.database, self.gate, self.tenant_id = database, gate, tenant_id
        self.policies = policies

    def offer(self, fields=ADA, **said):
        """Return the answer to a lead; *said* is what `offered` takes."""
        lead = offered(self.gate, self.tenant_id, fields, **said)
        return answers(self.database, self.gate, self.tenant_id, [lead], self.policies)[0]

    def together(self, *leads):
        """Return the answers to leads of one request, each as what `offered` takes."""
        made = [offered(self.gate, self.tenant_id, **lead) for lead in leads]
        return answers(self.database, self.gate, self.tenant_id, made, self.policies)

    def under(self, policies):
        """Return who offers leads of the same tenant under other terms."""
        return Trader(self.database, self.gate, self.tenant_id, policies)


def held_for(seconds, **more):
    return Deal(hold_seconds=seconds, **more)
