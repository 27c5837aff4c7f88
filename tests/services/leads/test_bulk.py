"""Bulk actions over HTTP, on a real PostgreSQL: seen first, done at once, taken back."""

from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest

from leadfly.app import create_app
from services.leads.bulk import MOST, SAMPLE
from services.leads.bulk_openapi import BULK_OPERATIONS
from services.leads.change import MOST_TAGS
from shared.privacy.modes import MODES
from shared.web.openapi import openapi_path
from tests.leadfly.test_openapi import holds
from tests.services.leads.account import Account, told


@pytest.fixture
def account(app, user_id):
    return Account(app, user_id)


@pytest.fixture
def act(account):
    def act(change, expect=200, **order):
        return account.ask("POST", "/leads/bulk", expect, change=change, **order)

    return act


def undo(account, done):
    return account.ask("POST", f"/bulk/{done['bulk']['id']}/undo")


# Seen first --------------------------------------------------------------------------------------


def test_a_preview_tells_what_would_change_and_changes_nothing(account, act):
    ids = account.leads(13)
    account.ask("PUT", f"/leads/{ids[0]}", status="contacted")

    seen = act({"status": "contacted", "add_tags": ["x"]}, lead_ids=ids[:12], preview=True)

    preview = seen["preview"]
    assert (preview["leads"], preview["would_change"], preview["already_so"]) == (12, 12, 0)
    assert preview["fields"] == {"status": 11, "tags": 12}
    assert [one["lead"]["id"] for one in preview["sample"]] == ids[:SAMPLE]
    assert preview["sample"][0]["changes"] == [{"field": "tags", "before": [], "after": ["x"]}]
    assert "bulk" not in seen
    assert account.of(ids[1]) == ("new", None, [])
    assert account.ask("GET", "/bulk")["count"] == 0


def test_leads_that_are_so_already_are_counted_apart(account, act):
    ids = account.leads(3)
    account.ask("PUT", f"/leads/{ids[0]}", assigned_to="sam")

    preview = act({"assigned_to": "sam"}, filter={}, preview=True)["preview"]

    assert (preview["leads"], preview["would_change"], preview["already_so"]) == (3, 2, 1)


def test_what_a_preview_said_is_what_is_done(account, act):
    account.leads(5)
    change, means = {"assigned_to": "sam"}, {"filter": {"status": "new"}}

    preview = act(change, **means, preview=True)["preview"]
    seen = {"expected_count": preview["would_change"], "selection": preview["selection"]}

    assert act(change, **means, **seen)["bulk"]["leads"] == 5


def test_if_it_is_another_number_by_now_nothing_is_changed(account, act):
    ids = account.leads(3)
    account.ask("PUT", f"/leads/{ids[0]}", assigned_to="sam")

    error = act({"assigned_to": "sam"}, 409, filter={}, expected_count=3)["error"]

    assert list(error["details"]) == ["expected_count"]
    assert account.of(ids[1])[1] is None
    assert account.history(ids[1]) == []
    assert account.ask("GET", "/bulk")["count"] == 0


def test_if_these_are_other_leads_by_now_nothing_is_changed(account, act):
    ids = account.leads(3)
    change, means = {"assigned_to": "sam"}, {"filter": {"status": "new"}, "limit": 2}
    selection = act(change, **means, preview=True)["preview"]["selection"]
    account.ask("PUT", f"/leads/{ids[0]}", status="lost")

    error = act(change, 409, **means, selection=selection)["error"]

    assert list(error["details"]) == ["selection"]
    assert account.of(ids[1])[1] is None


# Done at once ------------------------------------------------------------------------------------


def test_an_action_changes_the_leads_that_a_filter_means_and_no_others(account, act):
    fair, web = account.leads(3), account.leads(2, "web")

    done = act({"status": "contacted", "assigned_to": "sam"}, filter={"source_id": "fair"})

    assert done["bulk"]["leads"] == 3
    assert done["counts"]["fields"] == {"status": 3, "assigned_to": 3}
    assert {account.of(one)[:2] for one in fair} == {("contacted", "sam")}
    assert {account.of(one)[:2] for one in web} == {("new", None)}


def test_where_nothing_is_to_be_changed_there_is_no_action(account, act):
    account.leads(2)
    act({"status": "contacted"}, filter={})

    again = act({"status": "contacted"}, filter={})

    assert again["bulk"] is None
    assert again["counts"]["already_so"] == 2
    assert account.ask("GET", "/bulk")["count"] == 1


def test_with_a_limit_the_longest_known_leads_are_taken(account, act):
    ids = account.leads(4)

    assert act({"status": "contacted"}, filter={"status": "new"}, limit=3)["bulk"]["leads"] == 3
    assert [account.of(one)[0] for one in ids] == ["contacted"] * 3 + ["new"]


def test_named_leads_may_be_narrowed_down_by_a_filter(account, act):
    ids = account.leads(3)
    account.ask("PUT", f"/leads/{ids[0]}", status="lost")

    done = act({"assigned_to": "sam"}, lead_ids=ids[:2], filter={"status": "new"})

    assert done["bulk"]["leads"] == 1
    assert [account.of(one)[1] for one in ids] == [None, "sam", None]


def test_named_leads_that_are_not_there_are_counted(account, act, app):
    (own,), (foreign,) = account.leads(1), Account(app, uuid4().hex).leads(1)

    done = act({"assigned_to": "sam"}, lead_ids=[own, foreign, str(uuid4()), own])

    assert (done["bulk"]["leads"], done["counts"]["missing"]) == (1, 2)


def test_if_none_of_the_named_leads_is_there_it_is_a_404(account, act, app):
    (foreign,) = Account(app, uuid4().hex).leads(1)

    assert list(act({"assigned_to": "sam"}, 404, lead_ids=[foreign])["error"]["details"]) == [
        "lead_ids"
    ]


def test_duplicates_are_changed_only_if_that_is_said(account, act):
    first, second = account.lead(), account.lead(source_id="again")

    assert act({"status": "lost"}, filter={})["bulk"]["leads"] == 1
    assert account.of(second)[0] == "new"
    assert act({"status": "contacted"}, filter={"duplicates": True})["bulk"]["leads"] == 2
    assert act({"status": "lost"}, lead_ids=[first, second])["bulk"]["leads"] == 2


def test_invalid_leads_stay_invalid_unless_the_filter_means_them(account, act):
    ids = account.leads(2)
    account.ask("PUT", f"/leads/{ids[0]}", status="invalid")

    done = act({"status": "contacted", "assigned_to": "sam"}, lead_ids=ids)

    assert done["counts"]["left_invalid"] == 1
    assert done["counts"]["fields"] == {"status": 1, "assigned_to": 2}
    assert account.of(ids[0])[:2] == ("invalid", "sam")
    act({"status": "new"}, lead_ids=ids, filter={"status": "invalid"})
    assert [account.of(one)[0] for one in ids] == ["new", "contacted"]


@pytest.mark.parametrize("status", ["qualified", "converted"])
def test_leads_that_get_there_are_told_each_once_and_never_by_an_undoing(
    account, act, database, user_id, status
):
    ids = account.leads(4)
    account.ask("PUT", f"/leads/{ids[0]}", status=status)

    undo(account, act({"status": status}, filter={}))
    undo(account, act({"status": "lost"}, filter={}))

    happened = told(database, user_id)
    assert account.of(ids[0])[0] == status
    assert {name for name, _, _ in happened} == {f"lead.{status}"}
    assert sorted(lead_id for _, lead_id, _ in happened) == ids
    assert [data.get("bulk_id") is None for _, _, data in happened].count(True) == 1


def test_leads_join_an_investigation_together(account, act):
    account.leads(3)
    made = account.ask("POST", "/investigations", 201, name="Bakeries")["investigation"]["id"]

    done = act({"investigation_id": made}, filter={})

    assert account.ask("GET", f"/investigations/{made}")["investigation"]["leads"] == 3
    undo(account, done)
    assert account.ask("GET", f"/investigations/{made}")["investigation"]["leads"] == 0


def test_if_one_lead_got_too_many_tags_none_gets_any(account, act):
    ids = account.leads(2)
    account.ask("PUT", f"/leads/{ids[1]}", tags=[f"t{n}" for n in range(MOST_TAGS)])

    for preview in (True, False):
        error = act({"add_tags": ["one more"]}, 422, filter={}, preview=preview)["error"]
        assert list(error["details"]) == ["tags"]
    assert account.of(ids[0])[2] == []


def test_without_a_consent_that_the_mode_asks_for_leads_are_left(local_settings, user_id):
    app = create_app(replace(local_settings, mode=MODES["gdpr_strict"]))
    account = Account(app, user_id)
    agreed = account.lead(consent=["lead_processing"])
    other = Account(create_app(local_settings), user_id)
    silent = other.lead(email="grace@cobol.example", first_name="Grace", last_name="Hopper")

    body = {"lead_ids": [agreed, silent], "change": {"assigned_to": "sam"}}
    done = account.ask("POST", "/leads/bulk", **body)

    assert (done["bulk"]["leads"], done["counts"]["without_consent"]) == (1, 1)
    assert other.of(silent)[1] is None
    for one in (account, other):
        one.client.application.extensions["leadfly"].database.close()


# What cannot be ----------------------------------------------------------------------------------

SOME = "00000000-0000-7000-8000-000000000001"

FAULTS = [
    (400, {"change": {"status": "lost"}}, "filter"),
    (400, {"filter": {}}, "change"),
    (400, {"filter": {}, "change": {}}, "change"),
    (400, {"filter": {}, "change": {"status": "won"}}, "change.status"),
    (400, {"filter": {"statsu": "new"}, "change": {"status": "lost"}}, "filter.statsu"),
    (400, {"filter": {"radius_km": 501}, "change": {"status": "lost"}}, "filter.radius_km"),
    (422, {"filter": {"radius_km": 5}, "change": {"status": "lost"}}, "filter.radius_km"),
    (400, {"filter": {"status": "won"}, "change": {"status": "lost"}}, "filter.status"),
    (422, {"filter": {"near": "Xyzzyplugh"}, "change": {"status": "lost"}}, "filter.near"),
    (404, {"filter": {"investigation_id": SOME}, "change": {"status": "lost"}}, "investigation_id"),
    (400, {"lead_ids": [], "change": {"status": "lost"}}, "lead_ids"),
    (400, {"lead_ids": ["7"], "change": {"status": "lost"}}, "lead_ids"),
    (400, {"filter": {}, "change": {"status": "lost"}, "limit": 0}, "limit"),
    (400, {"filter": {}, "change": {"status": "lost"}, "limit": MOST + 1}, "limit"),
    (400, {"filter": {}, "change": {"status": "lost"}, "expected_count": -1}, "expected_count"),
    (400, {"filter": {}, "change": {"status": "lost"}, "preview": "yes"}, "preview"),
    (404, {"filter": {}, "change": {"investigation_id": SOME}}, "investigation_id"),
]


@pytest.mark.parametrize(("status", "order", "field"), FAULTS, ids=str)
def test_what_cannot_be_is_refused_by_its_field(account, status, order, field):
    (one,) = account.leads(1)

    error = account.ask("POST", "/leads/bulk", status, **order)["error"]

    named = {name.partition("[")[0] for name in error["details"]}
    assert named - {"nearest_names"} == {field}
    assert account.of(one) == ("new", None, [])


def test_more_leads_than_one_action_may_change_are_refused(account, act, owner_conninfo, user_id):
    (one,) = account.leads(1)
    account.of(one)
    with psycopg.connect(owner_conninfo) as owner:
        seeded(owner, user_id, MOST)

    error = act({"status": "lost"}, 422, filter={})["error"]

    assert list(error["details"]) == ["filter"]
    assert account.of(one)[0] == "new"


def seeded(owner, tenant_id, number):
    """Store so many leads that say nothing, listed."""
    owner.execute(
        """
        WITH new AS MATERIALIZED (
            SELECT gen_random_uuid() AS id FROM generate_series(1, %(number)s)
        ), subject AS (
            INSERT INTO public.subjects (tenant_id, id, created_at)
            SELECT %(tenant)s, id, now() FROM new
        )
        INSERT INTO public.leads (tenant_id, id, subject_id, source_id, fields, received_at,
                                  submitted_at)
        SELECT %(tenant)s, id, id, 'seed', '{}', now(), now() FROM new
        """,
        {"tenant": tenant_id, "number": number},
    )
    owner.execute("DELETE FROM leads.unlisted WHERE tenant_id = %s", [tenant_id])
    owner.execute(
        """
        INSERT INTO leads.listing (tenant_id, lead_id, source_id, status, duplicate, received_at,
                                   words)
        SELECT tenant_id, id, source_id, status, false, received_at, '{}'
        FROM public.leads WHERE tenant_id = %s AND source_id = 'seed'
        """,
        [tenant_id],
    )


def test_actions_of_another_account_are_none(account, act, app):
    account.leads(1)
    bulk_id = act({"status": "lost"}, filter={})["bulk"]["id"]
    stranger = Account(app, uuid4().hex)

    for named in (bulk_id, str(uuid4())):
        stranger.ask("GET", f"/bulk/{named}", 404)
        stranger.ask("POST", f"/bulk/{named}/undo", 404)
    assert stranger.ask("GET", "/bulk")["count"] == 0
    assert account.ask("GET", f"/bulk/{bulk_id}")["bulk"]["undone_at"] is None


def test_actions_come_newest_first_and_in_pages(account, act):
    account.leads(1)
    for number in range(5):
        act({"assigned_to": f"p{number}"}, filter={})
    first = account.ask("GET", "/bulk")["bulk"]

    assert [one["change"]["assigned_to"] for one in first] == ["p4", "p3", "p2", "p1", "p0"]
    page = account.client.get(
        "/api/v1/lead-discovery/bulk",
        query_string={"user_id": account.user_id, "limit": 2, "after": first[1]["id"]},
    ).json
    assert (page["bulk"], page["next_after"]) == (first[2:4], first[3]["id"])


def test_every_answer_is_as_described(client, account, act):
    document = client.get("/openapi.json").json
    account.leads(3)
    bulk_id = act({"status": "contacted"}, filter={})["bulk"]["id"]

    for operation in BULK_OPERATIONS:
        about = document["paths"][openapi_path(operation.path)][operation.method.lower()]
        for example in operation.examples or (None,):
            path = operation.path.removeprefix("/api/v1/lead-discovery")
            body = dict(example.body) if example else {}
            answer = account.ask(operation.method, path.replace("<bulk_id>", bulk_id), **body)
            assert holds(document, about, 200, answer) == []
