"""Rehearsing: what a rule would have done with events of the last days, and how its alerts did.

The leads are as they are known now: what they were when it happened is not kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.alerts import overview_store, past_store, ruling, traits_store
from services.alerts.desk import Desk
from services.alerts.dry_run import DryRun, dry_run
from services.alerts.facts import happening
from services.alerts.happening import Happening
from services.alerts.precision import (
    Judged,
    Precision,
    Suggestion,
    led_to_something,
    precision,
    suggestion,
)
from services.alerts.rule_store import Stored
from services.alerts.rulebook import events
from shared.connection import Connection

MOST_EVENTS = 20_000
"""Events that a dry run looks at, the latest: some two seconds."""

PAGE = 2_000
"""Leads that are read at a time."""

MOST_JUDGED = 1_000
"""Alerts that a precision looks at, the latest."""

BEFORE = timedelta(days=1)
"""A count of a rule reaches back so far at most."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a rule would have done."""

    run: DryRun
    is_cut: bool
    """True: there were more events than MOST_EVENTS."""


def rehearse(
    desk: Desk, tenant_id: str, stored: Stored, days: int, timezone: str | None
) -> Rehearsed:
    """Return what the rule *stored* would have done in the *days* that end now."""
    now = datetime.now(UTC)
    since = now - timedelta(days=days) - BEFORE
    with desk.database.transaction(tenant_id) as conn:
        names = events(stored.rule)
        rows = past_store.events(conn, tenant_id, names, since, MOST_EVENTS + 1)
        looked_at = _happenings(desk, conn, tenant_id, rows[:MOST_EVENTS])
    run = dry_run(stored.ready, looked_at, now, days, timezone or "UTC")
    return Rehearsed(run, len(rows) > MOST_EVENTS)


def judged(desk: Desk, tenant_id: str, rule_id: UUID) -> tuple[Precision, Suggestion | None]:
    """Return how many alerts of a rule led to something, and what would raise it. NotFound."""
    now = datetime.now(UTC)
    stored = ruling.found(desk, tenant_id, rule_id)
    with desk.database.transaction(tenant_id) as conn:
        rows = overview_store.outcomes(conn, tenant_id, rule_id, MOST_JUDGED)
    alerts = [
        Judged(led_to_something(row.status, row.first_at, row.statuses, now), row.facts)
        for row in rows
    ]
    return precision(alerts), suggestion(alerts, stored.definition["conditions"])


def _happenings(
    desk: Desk, conn: Connection, tenant_id: str, rows: Sequence[past_store.Event]
) -> list[Happening]:
    found = []
    for start in range(0, len(rows), PAGE):
        some = rows[start : start + PAGE]
        leads = sorted({event.lead_id for event in some})
        traits = traits_store.traits(conn, tenant_id, leads)
        found += [happening(event, traits.get(event.lead_id), desk.country) for event in some]
    return found
