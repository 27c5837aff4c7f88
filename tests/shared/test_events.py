"""The outbox: an event is stored with what it tells of, and goes with it."""

from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from shared import events
from shared.events import Event
from shared.ids import uuid7

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def database(worker_database):
    """Who delivers is the worker."""
    return worker_database


@pytest.fixture
def lead_id(database, user_id):
    """A lead of this test's tenant."""
    lead_id = uuid7()
    with database.transaction(user_id) as conn:
        names = {"tenant": user_id, "id": lead_id, "now": NOW}
        conn.execute("INSERT INTO public.subjects VALUES (%(tenant)s, %(id)s, %(now)s)", names)
        conn.execute(
            "INSERT INTO public.leads (tenant_id, id, subject_id, source_id, fields, received_at, "
            "submitted_at) VALUES (%(tenant)s, %(id)s, %(id)s, 'test', '{}', %(now)s, %(now)s)",
            names,
        )
    return lead_id


def created(lead_id, **changes):
    return Event(**{"name": "lead.created", "lead_id": lead_id, "occurred_at": NOW} | changes)


def saved(database, tenant_id, *told):
    with database.transaction(tenant_id) as conn:
        events.save(conn, tenant_id, told)


def pending(database, tenant_id, **more):
    with database.transaction(tenant_id) as conn:
        return events.pending(conn, tenant_id, **more)


def test_a_saved_event_is_pending_as_it_was_told(database, user_id, lead_id):
    event = created(lead_id, data={"decision_id": str(uuid7()), "action": "allow", "score": 0.5})

    saved(database, user_id, event)

    assert pending(database, user_id) == [event]


def test_events_are_pending_in_the_order_they_happened_and_no_more_than_asked_for(
    database, user_id, lead_id
):
    first, second, third = [created(lead_id) for _ in range(3)]

    saved(database, user_id, third, first, second)

    assert pending(database, user_id, most=2) == [first, second]


def test_a_delivered_event_is_pending_no_more(database, user_id, lead_id):
    first, second = created(lead_id), created(lead_id, name="lead.qualified")
    saved(database, user_id, first, second)

    with database.transaction(user_id) as conn:
        events.delivered(conn, user_id, [first.id], NOW)

    assert pending(database, user_id) == [second]


def test_two_deliverers_never_have_one_event(database, user_id, lead_id):
    first, second = created(lead_id), created(lead_id)
    saved(database, user_id, first, second)

    with database.transaction(user_id) as one, database.transaction(user_id) as other:
        assert events.pending(one, user_id, most=1) == [first]
        assert events.pending(other, user_id) == [second]


def test_a_transaction_that_is_undone_told_nothing(database, user_id, lead_id):
    with pytest.raises(RuntimeError), database.transaction(user_id) as conn:
        events.save(conn, user_id, [created(lead_id)])
        raise RuntimeError

    assert pending(database, user_id) == []


def test_an_event_about_no_stored_lead_is_refused(database, user_id):
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        saved(database, user_id, created(uuid7()))


def test_another_tenants_events_are_unseen(database, user_id, lead_id):
    saved(database, user_id, created(lead_id))

    with database.transaction(f"other-{uuid4().hex}") as conn:
        assert events.pending(conn, user_id) == []
    with database.lookup() as conn:
        assert events.pending(conn, user_id) == []


def test_erasing_the_lead_erases_its_events(database, user_id, lead_id, owner_conninfo):
    saved(database, user_id, created(lead_id))

    with psycopg.connect(owner_conninfo) as owner:
        owner.execute("DELETE FROM public.leads WHERE tenant_id = %s", [user_id])
        left = owner.execute("SELECT count(*) FROM public.events WHERE tenant_id = %s", [user_id])
        assert left.fetchone() == (0,)


def test_an_event_cannot_be_rewritten(database, user_id, lead_id):
    saved(database, user_id, created(lead_id))

    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        database.transaction(user_id) as conn,
    ):
        conn.execute("UPDATE public.events SET data = '{}'")
