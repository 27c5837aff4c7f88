"""Old alerts are forgotten, and what nobody looks at ends by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from services.alerts import purge_store
from shared.events import Event

DAY = timedelta(days=1)


@pytest.fixture
def purged(worker_database):
    """Purge as the worker does."""

    def purged(now):
        with worker_database.lookup() as conn:
            return purge_store.purge_expired(conn, now)

    return purged


@pytest.fixture
def now():
    """The database's clock says what is old."""
    return datetime.now(UTC)


def raised(mine, at):
    mine.rule()
    mine.raised(Event("lead.created", mine.lead(), at), now=at)


def ended(mine, at):
    mine.rows(
        "UPDATE alerts.alerts SET status = 'actioned', ended_at = %(at)s "
        "WHERE tenant_id = %(tenant)s RETURNING id",
        at=at,
    )


def test_an_alert_that_ended_long_ago_goes(mine, purged, now):
    raised(mine, now - 95 * DAY)
    ended(mine, now - 91 * DAY)

    purged(now)

    assert mine.alerts() == []


def test_an_alert_that_ended_lately_stays(mine, purged, now):
    raised(mine, now - 95 * DAY)
    ended(mine, now - 80 * DAY)

    purged(now)

    assert mine.alerts("status") == ["actioned"]


def test_an_open_alert_that_nobody_has_ends_after_a_month(mine, purged, now):
    mine.rule()
    for days in (31, 29):
        mine.raised(Event("lead.created", mine.lead(), now), now=now - days * DAY)

    purged(now)

    assert mine.alerts("status") == ["resolved", "new"]


def test_an_alert_that_somebody_has_stays_open(mine, purged, now):
    raised(mine, now - 60 * DAY)
    mine.rows(
        "UPDATE alerts.alerts SET acknowledged_at = now() WHERE tenant_id = %(tenant)s RETURNING id"
    )

    purged(now)

    assert mine.alerts("status") == ["new"]


def test_what_was_looked_at_is_forgotten_after_days(mine, purged, now):
    raised(mine, now - 3 * DAY)

    purged(now)

    assert mine.rows("SELECT FROM alerts.seen WHERE tenant_id = %(tenant)s") == []
