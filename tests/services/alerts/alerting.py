"""An account with rules, receivers and leads, as the stores and flows of alerts see it."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from psycopg import sql

from services.alerts import receiver_store, rule_store
from services.alerts.facts import happening
from services.alerts.raising import Raiser
from services.alerts.receiver_definition import as_receiver
from services.alerts.rule_reading import read_rule
from shared import events
from shared.events import Event
from shared.ids import uuid7

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday."""


class Alerting:
    """What one account has of alerts, stored by the app's role."""

    def __init__(self, database, gate, tenant_id):
        self.database, self.gate, self.tenant_id = database, gate, tenant_id
        self.raiser = Raiser(gate)

    def lead(self, *, listed=True, **traits):
        """Store a lead; return its id."""
        lead_id = uuid7()
        names = {"tenant": self.tenant_id, "id": lead_id}
        with self.database.transaction(self.tenant_id) as conn:
            conn.execute("INSERT INTO public.subjects VALUES (%(tenant)s, %(id)s, now())", names)
            conn.execute(
                "INSERT INTO public.leads (tenant_id, id, subject_id, source_id, fields, "
                "received_at, submitted_at) "
                "VALUES (%(tenant)s, %(id)s, %(id)s, 'test', '{}', now(), now())",
                names,
            )
            if listed:
                self._list(conn, names, traits)
        return lead_id

    def _list(self, conn, names, traits):
        columns = [sql.Identifier(name) for name in traits]
        values = [sql.Placeholder(name) for name in traits]
        statement = sql.SQL(
            "INSERT INTO leads.listing (tenant_id, lead_id, source_id, status, duplicate, "
            "received_at, words{more}) VALUES (%(tenant)s, %(id)s, 'test', 'new', false, now(), "
            "'{{}}'{values})"
        ).format(
            more=sql.SQL("").join(sql.SQL(", ") + one for one in columns),
            values=sql.SQL("").join(sql.SQL(", ") + one for one in values),
        )
        conn.execute(statement, names | traits)
        conn.execute(
            "DELETE FROM leads.unlisted WHERE tenant_id = %(tenant)s AND lead_id = %(id)s", names
        )

    def rule(self, rule_type="new_lead", receivers=(), **definition):
        """Store a rule; return its id."""
        definition = {
            "rule_name": "A rule",
            "rule_type": rule_type,
            "receivers": [str(id) for id in receivers],
            **definition,
        }
        stored = rule_store.Stored(
            id=uuid7(),
            version=1,
            is_active=True,
            definition=definition,
            understood=read_rule(definition),
            created_at=NOW,
            created_by="local",
            changed_at=NOW,
            changed_by="local",
        )
        self.store_rule(stored)
        return stored.id

    def store_rule(self, stored):
        with self.database.transaction(self.tenant_id) as conn:
            rule_store.save(conn, self.tenant_id, stored)

    def next_version(self, rule_id, **changes):
        """Store the version after the present one of a rule, with *changes* of its fields."""
        with self.database.transaction(self.tenant_id) as conn:
            stored = rule_store.one(conn, self.tenant_id, rule_id, locked=True)
            later = replace(stored, version=stored.version + 1, **changes)
            rule_store.save(conn, self.tenant_id, later)

    def receiver(self, name=None, channel="webhook", **definition):
        """Store a receiver; return its id."""
        id = uuid7()
        name = name or str(id)
        stored = receiver_store.Stored(
            receiver=as_receiver(id, name, channel, True, 1, definition),
            address="https://hooks.example.com/in",
            shown="hooks.example.com",
            secret="whsec_dGVzdA==",
            definition=definition,
            inactive_because=None,
            created_at=NOW,
            created_by="local",
            changed_at=NOW,
            changed_by="local",
        )
        with self.database.transaction(self.tenant_id) as conn:
            receiver_store.save(conn, self.gate, self.tenant_id, stored)
        return id

    def happens(self, lead_id, name="lead.created", at=NOW, **data):
        """Store an event of a lead; return it."""
        event = Event(name, lead_id, at, data)
        with self.database.transaction(self.tenant_id) as conn:
            events.save(conn, self.tenant_id, [event])
        return event

    def raised(self, *told, now=NOW, posted=False):
        """Raise what *told*, events or happenings, are worth; return what came of each."""
        happenings = [one if hasattr(one, "facts") else happening(one) for one in told]
        with self.database.transaction(self.tenant_id) as conn:
            return self.raiser.raise_alerts(conn, self.tenant_id, happenings, now, posted)

    def rows(self, query, **names):
        """Return what a query over the account finds; it names the tenant `tenant`."""
        with self.database.transaction(self.tenant_id) as conn:
            return conn.execute(query, {"tenant": self.tenant_id, **names}).fetchall()

    def alerts(self, column="times"):
        """Return a column of all alerts of the account, oldest first."""
        query = sql.SQL(
            "SELECT {} FROM alerts.alerts WHERE tenant_id = %(tenant)s ORDER BY id"
        ).format(sql.Identifier(column))
        return [row[0] for row in self.rows(query)]


def unknown():
    """Return an id that names nothing."""
    return UUID(int=7)
