"""All leads of an account are ranked for a service, as they stand when somebody asks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from services.matching import service_leads
from services.matching.catalogue_cache import Catalogues
from services.matching.lead_columns import LeadColumns
from services.matching.matchmaking import Desk
from shared.privacy.gate import Gate
from shared.privacy.modes import MODES
from tests.services.matching.account import BAKERY, Matched

FOOD = {"target_locations": ["nationwide"], "target_industries": ["food service"]}

PLACES = [("Austin, TX", "bakery"), ("Dallas, TX", "restaurant"), ("Denver, CO", "restaurant")]


@pytest.fixture
def mine(app, user_id):
    return Matched(app, user_id)


@pytest.fixture
def desk(database, gate):
    return Desk(database, gate, "US", Catalogues())


@pytest.fixture
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


@pytest.fixture
def three(mine):
    """A service for the whole country, and three leads that nobody matched with it."""
    return mine.service(**FOOD), [created(mine, n, *where) for n, where in enumerate(PLACES)]


def created(mine, n, location="Austin, TX", industry="bakery", **fields):
    """Create a lead by POST /leads; return its id."""
    where = {"location": location, "industry": industry, "email": f"x{n}@corp{n}.example"}
    return mine.ask("POST", "/leads", 201, **(BAKERY | where | fields))["lead"]["id"]


def shown(mine, service_id, **query):
    return [one["lead_id"] for one in mine.get(f"/services/{service_id}/leads", **query)["leads"]]


def agreed(owner, user_id, lead_id, purposes="{sharing}", withdrawn_at=None):
    owner.execute(
        """
        INSERT INTO public.consents (tenant_id, id, lead_id, purposes, given_at, recorded_at,
                                     withdrawn_at)
        VALUES (%s, gen_random_uuid(), %s, %s, now(), now(), %s)
        """,
        [user_id, lead_id, purposes, withdrawn_at],
    )


def test_leads_that_were_never_matched_are_ranked_the_best_first(mine, three):
    service_id, ids = three

    answered = mine.get(f"/services/{service_id}/leads")

    scores = [one["match_score"] for one in answered["leads"]]
    assert {one["lead_id"] for one in answered["leads"]} == set(ids)
    assert scores == sorted(scores, reverse=True)
    assert (answered["service_id"], answered["count"]) == (service_id, 3)
    assert {one["lead"]["country"] for one in answered["leads"]} == {"US"}
    assert {one["match_id"] for one in answered["leads"]} == {None}


def test_a_lead_scores_there_what_it_scores_alone(mine, three):
    service_id, (austin, *_) = three
    alone = mine.get(f"/leads/{austin}/recommended-services")["matches"][0]

    ranked = mine.get(f"/services/{service_id}/leads")["leads"]

    (same,) = (one for one in ranked if one["lead_id"] == austin)
    points = [name for name in alone if name.endswith(("_points", "_score"))]
    assert {name: same[name] for name in points} == {name: alone[name] for name in points}
    assert same["reasons"] == alone["reasons"]


def test_a_match_that_is_kept_is_named_with_its_status(mine, three):
    service_id, (austin, *_) = three
    match_id = mine.match(austin)["matches"][0]["match_id"]
    mine.ask("PUT", f"/matches/{match_id}/status", status="contacted")

    ranked = mine.get(f"/services/{service_id}/leads")["leads"]

    assert {one["match_id"]: one["status"] for one in ranked} == {match_id: "contacted", None: None}


def test_leads_are_filtered(mine, three):
    service_id, (austin, dallas, denver) = three

    assert set(shown(mine, service_id, location="Texas")) == {austin, dallas}
    assert shown(mine, service_id, location="Austin, TX") == [austin]
    assert shown(mine, service_id, location="Round Rock, TX") == []
    assert shown(mine, service_id, location="Round Rock, TX", radius_km=40) == [austin]
    assert set(shown(mine, service_id, industry="restaurants")) == {dallas, denver}
    assert shown(mine, service_id, location="Colorado", industry="bakery") == []
    assert shown(mine, service_id, min_match_score=100) == []


@pytest.mark.parametrize("field", ["location", "industry"])
def test_a_filter_that_nobody_knows_is_named(mine, three, field):
    error = mine.get(f"/services/{three[0]}/leads", 422, **{field: "Qzxwvkj"})

    assert field in error["error"]["details"]


@pytest.mark.parametrize("said", [{}, {"location": "Texas"}], ids=["nowhere", "a region"])
def test_a_radius_needs_a_middle(mine, three, said):
    error = mine.get(f"/services/{three[0]}/leads", 422, radius_km=40, **said)

    assert "radius_km" in error["error"]["details"]


def test_pages_meet_though_time_passes_between_them(mine, desk, user_id, three):
    service_id, now = UUID(three[0]), datetime.now(UTC)
    whole = service_leads.page(desk, user_id, service_id, {"limit": 10}, now)

    first = service_leads.page(desk, user_id, service_id, {"limit": 2}, now)
    rest = {"limit": 2, "after": first.next_after}
    last = service_leads.page(desk, user_id, service_id, rest, now + timedelta(days=30))

    assert [*first.leads, *last.leads] == whole.leads
    assert (whole.next_after, last.next_after) == (None, None)


def test_of_equal_leads_each_is_on_one_page(mine, desk, user_id):
    service_id = UUID(mine.service(**FOOD))
    ids = {created(mine, n) for n in range(5)}
    now, after, found = datetime.now(UTC) + timedelta(days=4000), None, []

    for _ in range(5):
        page = service_leads.page(desk, user_id, service_id, {"limit": 1, "after": after}, now)
        found += [str(one.listed.lead_id) for one in page.leads]
        after = page.next_after

    assert (set(found), len(found), after) == (ids, 5, None)


def test_a_service_that_changed_between_two_pages_is_told(mine, three):
    service_id, _ = three
    after = mine.get(f"/services/{service_id}/leads", limit=1)["next_after"]
    mine.ask("PUT", f"/services/{service_id}", service_name="Another name")

    error = mine.get(f"/services/{service_id}/leads", 409, after=after)["error"]

    assert "begin again" in error["message"]


@pytest.mark.parametrize("after", ["x", "1~2", "101~{0}~1~1", "nan~{0}~1~1", "1~{0}~9e9~1"])
def test_a_cursor_that_is_none_is_refused(mine, three, after):
    asked = after.format(three[1][0])

    error = mine.get(f"/services/{three[0]}/leads", 400, after=asked)

    assert "after" in error["error"]["details"]


def test_duplicates_and_invalid_leads_are_not_among_them(mine, owner, three):
    service_id, (austin, dallas, denver) = three
    assert len(shown(mine, service_id)) == 3
    owner.execute(
        "UPDATE public.leads SET status = 'invalid' WHERE tenant_id = %s AND id = %s",
        [mine.user_id, dallas],
    )
    owner.execute(
        "UPDATE public.leads SET duplicate_of = %s WHERE tenant_id = %s AND id = %s",
        [austin, mine.user_id, denver],
    )

    assert shown(mine, service_id) == [austin]


def test_who_withdrew_the_consent_is_not_among_them(mine, owner, three):
    service_id, (austin, *rest) = three
    assert len(shown(mine, service_id)) == 3
    agreed(owner, mine.user_id, austin, withdrawn_at=datetime.now(UTC))

    assert set(shown(mine, service_id)) == set(rest)


def test_a_mode_that_asks_for_consent_shows_only_who_gave_it(mine, owner, three, desk, gate):
    service_id, (austin, *_) = three
    agreed(owner, mine.user_id, austin)
    strict = replace(desk, gate=Gate(MODES["gdpr_strict"], gate.keyring))

    page = service_leads.page(strict, mine.user_id, UUID(service_id), {"limit": 10})

    assert [str(row.listed.lead_id) for row in page.leads] == [austin]


def test_rows_dispose_where_columns_are_behind(mine, owner, three, desk, user_id):
    service_id, (austin, *rest) = three
    service_leads.page(desk, user_id, UUID(service_id), {"limit": 10})
    agreed(owner, user_id, austin, withdrawn_at=datetime.now(UTC))
    owner.execute("DELETE FROM matching.unread WHERE tenant_id = %s", [user_id])

    page = service_leads.page(desk, user_id, UUID(service_id), {"limit": 2})

    assert {str(row.listed.lead_id) for row in page.leads} == set(rest)


def test_an_erased_lead_is_gone_from_memory(mine, owner, three, desk, user_id):
    service_id, (austin, *rest) = three
    service_leads.page(desk, user_id, UUID(service_id), {"limit": 10})
    owner.execute("DELETE FROM public.leads WHERE tenant_id = %s AND id = %s", [user_id, austin])

    (part,) = desk.leads.parts(desk.database, user_id)

    assert UUID(austin).bytes not in part.ids.tobytes()
    assert {UUID(one).bytes for one in rest} == {
        part.ids.tobytes()[at : at + 16] for at in range(0, 32, 16)
    }


def test_an_account_too_large_for_the_memory_is_ranked_without_being_kept(
    mine, three, database, gate, user_id
):
    small = Desk(database, gate, "US", Catalogues(), LeadColumns(1))

    pages = [
        service_leads.page(small, user_id, UUID(three[0]), {"limit": 10}).leads for _ in range(2)
    ]

    assert [len(page) for page in pages] == [3, 3]
    assert not any(account.leads for account in small.leads._accounts.values())


def test_leads_that_come_and_change_while_columns_are_kept_are_ranked(mine, three, desk, user_id):
    service_id, (austin, *_) = three
    service_leads.page(desk, user_id, UUID(service_id), {"limit": 10})
    fourth = created(mine, 4, "Boston, MA")
    mine.ask("POST", "/leads/bulk", lead_ids=[austin], change={"status": "invalid"})

    page = service_leads.page(desk, user_id, UUID(service_id), {"limit": 10})

    found = {str(row.listed.lead_id) for row in page.leads}
    assert fourth in found and austin not in found


def test_an_inactive_service_has_no_leads_to_show(mine, three):
    mine.ask("DELETE", f"/services/{three[0]}")

    assert mine.get(f"/services/{three[0]}/leads", 409)["error"]["code"] == "CONFLICT"


# Leads like one ----------------------------------------------------------------------------------


def test_the_most_alike_comes_first_and_says_why(mine, three):
    _, (austin, dallas, denver) = three
    near = created(mine, 7, "Round Rock, TX")

    answered = mine.get(f"/leads/{austin}/similar")

    assert [one["lead_id"] for one in answered["leads"]] == [near, dallas, denver]
    first = answered["leads"][0]
    assert first["similarity"] > answered["leads"][1]["similarity"] > 0
    assert any("km away, in Round Rock" in reason for reason in first["reasons"])


def test_other_records_of_the_person_are_not_alike_but_the_same(mine, three, owner):
    _, (austin, dallas, denver) = three
    owner.execute(
        """
        UPDATE public.leads SET subject_id = (SELECT subject_id FROM public.leads WHERE id = %s)
        WHERE id = %s
        """,
        [austin, dallas],
    )

    assert [one["lead_id"] for one in mine.get(f"/leads/{austin}/similar")["leads"]] == [denver]


def test_leads_like_another_accounts_are_nobodys(app, mine, three):
    stranger = Matched(app, f"{mine.user_id}-other")

    error = stranger.get(f"/leads/{three[1][0]}/similar", 404)

    assert error["error"]["code"] == "NOT_FOUND"


def test_recommended_services_keep_nothing(mine, three):
    service_id, (austin, *_) = three

    answered = mine.get(f"/leads/{austin}/recommended-services", limit=1)

    assert [one["service_id"] for one in answered["matches"]] == [service_id]
    assert mine.get(f"/leads/{austin}/matches")["count"] == 0
