"""The plans that PostgreSQL really uses for a check, as the application role under its policies.

auto_explain reports them from inside: after psycopg has prepared the statements and
PostgreSQL has chosen between custom and generic plans, foreign keys' own queries included.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson
from psycopg import sql

from bench.cluster import Cluster
from bench.load import TENANT, body
from services.dedup import schema, store
from services.dedup.judging import judged
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import lead_row, remembered_row
from services.dedup.packed import packed
from services.dedup.preparation import prepare
from shared import leads
from shared.connection import Connection
from shared.db import ROLE, enter
from shared.keyfile import keyring
from shared.privacy.gate import Gate

CHECKS = 20
"""Leads checked in one session; psycopg prepares at the 6th, PostgreSQL may go generic 5 later."""

SETTINGS = {
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_buffers": "on",
    "auto_explain.log_triggers": "on",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_level": "notice",
}


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Print the plans of one check at each of *sizes*; *seconds* is not used."""
    for size in sizes:
        cluster = Cluster(home, size)
        cluster.start()
        try:
            print(f"\n=== {size:,} leads")
            print("\n\n".join(explained(cluster)))
        finally:
            cluster.stop()


def explained(cluster: Cluster) -> list[str]:
    """Return the plans of the last of CHECKS checks, in the order they ran; nothing is kept."""
    plans: list[str] = []
    gate = Gate(cluster.settings.mode, keyring(cluster.settings))
    with Connection.connect(cluster.owner, autocommit=True) as conn:
        conn.execute("LOAD 'auto_explain'")
        for name, value in SETTINGS.items():
            conn.execute("SELECT set_config(%s, %s, false)", [name, value])
        conn.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(ROLE)))
        first = cluster.unseen(CHECKS)
        for number in range(first, first + CHECKS):
            if number == first + CHECKS - 1:
                conn.add_notice_handler(lambda notice: plans.append(notice.message_primary or ""))
            _checked(conn, gate, body(cluster.people.lead(number)))
    return plans


def _checked(conn: Connection, gate: Gate, sent: dict[str, object]) -> None:
    lead = prepare(gate, TENANT, schema.submission(sent, raw=orjson.dumps(sent)), "US")
    now = datetime.now(UTC)
    with conn.transaction(force_rollback=True):
        enter(conn, TENANT, lead.locked)
        around = Neighbourhood()
        around.read(conn, gate, TENANT, [lead])
        outcome = judged(lead, around)
        row = lead, outcome, packed(lead)
        leads.save(conn, TENANT, [lead_row(*row)])
        store.remember(conn, TENANT, [remembered_row(*row, now)])
