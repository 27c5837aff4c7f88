"""What matching knows of a lead follows whatever it is read from."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg import sql

from services.matching import profiling
from services.matching.lead_reading import stored
from services.matching.profile_store import known
from services.matching.profiling import catch_up, follow
from tests.services.matching.account import BAKERY, Matched

LOAN_NEED = [{"signal_type": "loan_need", "strength": 90}]


@pytest.fixture
def mine(app, user_id):
    return Matched(app, user_id)


@pytest.fixture
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


@pytest.fixture
def rows(owner, user_id):
    """Return what a query over this test's account finds."""

    def rows(query, *values):
        return owner.execute(query, [user_id, *values]).fetchall()

    return rows


@pytest.fixture
def followed(database, gate, user_id):
    """Follow the notes of this test's account."""
    return lambda: catch_up(database, gate, "US", user_id)


def created(mine, n=0, **fields):
    lead = BAKERY | {"email": f"x{n}@corp{n}.example"} | fields
    return mine.ask("POST", "/leads", 201, **lead)["lead"]["id"]


def unread(rows):
    return len(rows("SELECT FROM matching.unread WHERE tenant_id = %s"))


def profile(rows, lead_id, column="purposes"):
    query = sql.SQL("SELECT {} FROM matching.profiles WHERE tenant_id = %s AND lead_id = %s")
    ((found,),) = rows(query.format(sql.Identifier(column)), lead_id)
    return found


def agreed(owner, user_id, lead_id, purposes="{sharing}", withdrawn_at=None):
    owner.execute(
        """
        INSERT INTO public.consents (tenant_id, id, lead_id, purposes, given_at, recorded_at,
                                     withdrawn_at)
        VALUES (%s, gen_random_uuid(), %s, %s, now(), now(), %s)
        """,
        [user_id, lead_id, purposes, withdrawn_at],
    )


def test_a_listed_lead_has_the_profile_that_matching_it_reads(
    mine, rows, followed, database, gate, user_id
):
    lead_id = created(mine, signals=LOAN_NEED)
    followed()

    with database.transaction(user_id) as conn:
        alone = stored(known(conn, gate, user_id, lead_id)[0], "US")

    names = ("country", "admin1", "latitude", "industry", "company_size", "signal_strength")
    assert [profile(rows, lead_id, name) for name in names] == [
        getattr(alone, name) for name in names
    ]
    assert tuple(profile(rows, lead_id, "needs")) == alone.needs
    assert unread(rows) == 0


def test_the_worker_follows_until_nothing_is_left(mine, rows, worker_database, gate):
    lead_id = created(mine)

    follow(worker_database, gate, "US", lambda: False)

    assert unread(rows) == 0
    assert profile(rows, lead_id, "shown") is True


def test_a_consent_changes_all_leads_of_its_person(mine, rows, owner, user_id, followed):
    one, other = created(mine), created(mine, 1, name="Somebody Else")
    owner.execute(
        """
        UPDATE public.leads SET subject_id = (SELECT subject_id FROM public.leads WHERE id = %s)
        WHERE id = %s
        """,
        [one, other],
    )
    followed()
    agreed(owner, user_id, one)
    followed()

    assert (profile(rows, one), profile(rows, other)) == (["sharing"], ["sharing"])


def test_a_merge_undone_changes_who_stays_behind(mine, rows, owner, user_id, followed):
    one, other = created(mine), created(mine, 1)
    ((own,),) = rows("SELECT subject_id FROM public.leads WHERE tenant_id = %s AND id = %s", other)
    joined = """
        UPDATE public.leads SET subject_id = (SELECT subject_id FROM public.leads WHERE id = %s)
        WHERE id = %s
        """
    owner.execute(joined, [one, other])
    agreed(owner, user_id, other)
    followed()
    assert profile(rows, one) == ["sharing"]

    owner.execute("UPDATE public.leads SET subject_id = %s WHERE id = %s", [own, other])
    followed()

    assert (profile(rows, one), profile(rows, other)) == (None, ["sharing"])


def test_what_did_not_change_keeps_its_revision(mine, rows, owner, user_id, followed):
    lead_id = created(mine)
    followed()
    before = profile(rows, lead_id, "revision")
    owner.execute("INSERT INTO matching.unread (tenant_id, lead_id) VALUES (%s, %s)", [
        user_id, lead_id
    ])  # fmt: skip
    followed()

    assert (profile(rows, lead_id, "revision"), unread(rows)) == (before, 0)


def test_tags_and_assignments_are_no_reason_to_read_anew(mine, rows, followed):
    lead_id = created(mine)
    followed()

    mine.ask("POST", "/leads/bulk", lead_ids=[lead_id], change={"assigned_to": "Ada"})

    assert unread(rows) == 0


def test_behaviour_tells_when_a_lead_was_last_active(mine, rows, owner, user_id, followed):
    lead_id = created(mine)
    followed()
    owner.execute(
        """
        INSERT INTO signals.behaviours (tenant_id, lead_id, event_key, behavior_type, occurred_at,
                                        recorded_at, expires_at)
        VALUES (%s, %s, 1, 'page_view', '2190-01-01', now(), '2191-01-01')
        """,
        [user_id, lead_id],
    )
    followed()

    assert profile(rows, lead_id, "last_activity_at") == datetime(2190, 1, 1, tzinfo=UTC)


def test_a_lead_that_cannot_be_read_is_shown_nowhere_and_holds_up_no_other(
    mine, rows, owner, followed
):
    broken, sound = created(mine), created(mine, 1)
    owner.execute("UPDATE public.leads SET sealed = 'no seal' WHERE id = %s", [broken])
    followed()

    assert profile(rows, broken, "shown") is False
    assert profile(rows, sound, "shown") is True
    assert unread(rows) == 0


def test_a_lead_that_is_being_erased_waits_and_nobody_is_stuck(
    mine, rows, owner_conninfo, user_id, followed
):
    erased, other = created(mine), created(mine, 1)
    with psycopg.connect(owner_conninfo) as erasing:
        erasing.execute("DELETE FROM public.leads WHERE id = %s", [erased])
        followed()
        assert profile(rows, other, "shown") is True
        assert unread(rows) > 0

    followed()
    assert unread(rows) == 0
    assert len(rows("SELECT FROM matching.profiles WHERE tenant_id = %s")) == 1


def test_whoever_goes_is_remembered_for_a_day(mine, rows, owner, user_id, followed):
    lead_id = created(mine)
    followed()
    owner.execute("DELETE FROM public.leads WHERE tenant_id = %s", [user_id])
    ((gone,),) = rows("SELECT gone_id::text FROM matching.removed WHERE tenant_id = %s")
    assert gone == lead_id
    owner.execute(
        "UPDATE matching.removed SET removed_at = now() - interval '2 days' WHERE tenant_id = %s",
        [user_id],
    )

    created(mine, 1)
    followed()
    owner.execute("DELETE FROM public.leads WHERE tenant_id = %s", [user_id])

    assert len(rows("SELECT FROM matching.removed WHERE tenant_id = %s")) == 1


def test_many_followers_at_once_leave_revisions_in_order(mine, rows, busy_database, gate, user_id):
    for n in range(20):
        created(mine, n)

    with ThreadPoolExecutor(6) as pool:
        list(
            pool.map(
                lambda _: profiling._followed(busy_database, gate, "US", user_id, 4, True),
                range(12),
            )
        )

    revisions = rows("SELECT revision FROM matching.profiles WHERE tenant_id = %s")
    assert (unread(rows), len(set(revisions))) == (0, 20)
