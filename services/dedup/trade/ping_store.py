"""The SQL of pings, of which only the number is kept, on a connection it is handed."""

from datetime import date

from psycopg import Connection

from services.dedup.trade.terms import Scope


def count(conn: Connection, tenant_id: str, scope: Scope, day: date, outcome: str) -> None:
    """Count one ping of a *day* (in UTC) with its *outcome*.

    It need not survive a crash of the database, and waits for no disk: a ping is asked while
    somebody waits.
    """
    conn.execute("SELECT set_config('synchronous_commit', 'off', true)")
    conn.execute(
        """
        INSERT INTO dedup.pings (tenant_id, source_id, buyer_id, day, outcome, pings)
        VALUES (%(tenant)s, %(source)s, %(buyer)s, %(day)s, %(outcome)s, 1)
        ON CONFLICT (tenant_id, day, source_id, buyer_id, outcome)
            DO UPDATE SET pings = dedup.pings.pings + 1
        """,
        {
            "tenant": tenant_id,
            "source": scope.source_id,
            "buyer": scope.buyer_id,
            "day": day,
            "outcome": outcome,
        },
    )
