"""Leads as they arrive, what became of them, and databases whose answers get lost."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import orjson

from services.dedup.admission import Keeping
from services.dedup.answer import answer
from services.dedup.preparation import prepare
from services.dedup.verdict import Submission
from shared import jobs
from shared.db import Database
from shared.errors import Unavailable

ADA = {"email": "ada@analytical.example", "first_name": "Ada", "last_name": "Lovelace"}
BOB = {"email": "bob@builder.example", "first_name": "Bob", "last_name": "Builderman"}

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

_days = count(1)


def no_lists(tenant_id):
    """Say that no account keeps suppression lists, as a host knows while its database is away."""
    return False


def lead(gate, tenant_id, fields=ADA, key=None, at=NOON, **said):
    """Return a lead that comes now and says it was sent *at*."""
    submission = Submission("form", fields, at, raw=b"{}", idempotency_key=key, **said)
    return prepare(gate, tenant_id, submission, "US")


def rendered(outcome):
    return orjson.dumps(answer(outcome))


def admitted(keeping, tenant_id, *leads):
    """Return the answers to *leads*, all of which must get one."""
    answers = keeping.admit(tenant_id, leads, rendered)
    assert [one.error for one in answers] == [None] * len(leads)
    return [one.body for one in answers]


def said(keeping, *arriving, **more):
    """Return what one lead is answered; its arguments are those of `lead`."""
    one = lead(keeping.gate, *arriving, **more)
    return orjson.loads(admitted(keeping, one.permit.tenant_id, one)[0])


@dataclass
class Stored:
    """What the database holds of one tenant, read by the owner of its tables."""

    owner: object
    tenant_id: str

    def rows(self, query):
        return self.owner.execute(query, {"tenant": self.tenant_id}).fetchall()

    def count(self):
        """Return how many leads, records, decisions, answers and events there are."""
        return self.rows(
            """
            SELECT (SELECT count(*) FROM public.leads WHERE tenant_id = %(tenant)s),
                   (SELECT count(*) FROM dedup.records WHERE tenant_id = %(tenant)s),
                   (SELECT count(*) FROM dedup.decisions WHERE tenant_id = %(tenant)s),
                   (SELECT count(*) FROM public.idempotent_answers WHERE tenant_id = %(tenant)s),
                   (SELECT count(*) FROM public.events WHERE tenant_id = %(tenant)s)
            """
        )[0]

    def leads(self):
        """Return the ids of all leads, in the order they came."""
        query = "SELECT id::text FROM public.leads WHERE tenant_id = %(tenant)s ORDER BY id"
        return [row[0] for row in self.rows(query)]

    def actions(self):
        """Return what was decided last of each lead, in the order they came."""
        return [
            row[0]
            for row in self.rows(
                """
                SELECT DISTINCT ON (lead_id) action FROM dedup.decisions
                WHERE tenant_id = %(tenant)s ORDER BY lead_id, decided_at DESC
                """
            )
        ]

    def events(self, name=None):
        """Return each event and the lead it is about, in the order they happened."""
        events = self.rows(
            "SELECT event, lead_id::text FROM public.events "
            "WHERE tenant_id = %(tenant)s ORDER BY id"
        )
        return [event for event in events if name in (None, event[0])]

    def subjects(self):
        """Return whom each lead is about, in the order they came."""
        query = "SELECT subject_id FROM public.leads WHERE tenant_id = %(tenant)s ORDER BY id"
        return [row[0] for row in self.rows(query)]

    def reviews(self):
        """Return the leads that a person has to look at."""
        query = "SELECT lead_id::text FROM dedup.reviews WHERE tenant_id = %(tenant)s ORDER BY id"
        return [row[0] for row in self.rows(query)]


def claimed(database, tenant_id):
    """Return the tenant's due jobs, claimed."""
    # Every claim comes a day later, when no job is paused or claimed any more.
    now = datetime.now(UTC) + timedelta(days=next(_days))
    with database.lookup() as conn:
        due = jobs.claim(conn, most=10_000, now=now)  # those of other tests, too
    return [job for job in due if job.tenant_id == tenant_id]


class Silent(Database):
    """A database that goes away after it has committed, before it can say so."""

    @contextmanager
    def transaction(self, *arguments, **options):
        with super().transaction(*arguments, **options) as conn:
            yield conn
        raise Unavailable


class Dying(Database):
    """A database that goes away before it has committed."""

    @contextmanager
    def transaction(self, *arguments, **options):
        with super().transaction(*arguments, **options) as conn:
            yield conn
            raise Unavailable


def with_database(keeping, database):
    """Return the same gate and spool in front of another database."""
    return Keeping(database, keeping.gate, keeping.spool, keeps_lists=keeping.keeps_lists)
