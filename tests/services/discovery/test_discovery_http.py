"""Discoveries and sources over HTTP: asked for, looked at, cancelled, and never begun twice."""

import threading
import time
from uuid import uuid4

import pytest

from leadfly.purge import purge
from tests.services.discovery.discovered import API, find

DISCOVER, WEBHOOK = "/discover", "/webhook/leadfly/lead-discovery"

OWN = ["own_leads"]


@pytest.fixture
def worker(mine):
    """A worker that works off this account's discoveries while the test goes on."""
    over = threading.Event()

    def work():
        while not over.wait(0.05):
            for job in mine.get(DISCOVER)["jobs"]:
                if job["ended_at"] is None:
                    mine.work(job["id"])

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join(10)


def test_leads_that_are_found_at_once_are_the_answer(mine, worker, post):
    lead_id = post(email="ada@bakery.example", name="Ada Lovelace", industry="bakery")["lead_id"]
    investigation = mine.investigation()

    answer = mine.post(
        DISCOVER, 200, investigation_id=investigation, industry="bakery", sources=OWN
    ).json

    assert (answer["success"], answer["leads_discovered"]) == (True, 1)
    assert (answer["lead_ids"], answer["next_after"]) == ([lead_id], None)
    assert answer["job"]["status"] == "done"


def test_a_discovery_that_takes_longer_is_a_job(mine):
    begun = time.monotonic()

    answer = mine.post(DISCOVER, 202, investigation_id=mine.investigation(), sources=OWN).json

    assert 1.5 < time.monotonic() - begun < 15
    job = answer["job"]
    assert (job["status"], job["progress"]["found"], job["leads_discovered"]) == ("waiting", 0, 0)
    assert mine.work(job["id"])
    assert mine.get(f"{DISCOVER}/{job['id']}")["job"]["status"] == "done"


def test_the_webhook_does_the_same(mine, worker, client):
    body = {"user_id": mine.user_id, "investigation_id": mine.investigation(), "sources": OWN}

    answer = client.post(WEBHOOK, json=body)

    assert (answer.status_code, answer.json["lead_ids"]) == (200, [])


def test_a_batch_is_answered_in_order_and_waits_once(mine, worker, client):
    investigation = mine.investigation()
    good = {"investigation_id": investigation, "sources": OWN}
    items = [good, {"investigation_id": str(uuid4())}, "no object", good | {"radius_km": 0}, good]
    begun = time.monotonic()

    answer = client.post(f"{WEBHOOK}/batch", json={"user_id": mine.user_id, "items": items})

    results = answer.json["results"]
    assert [one["success"] for one in results] == [True, False, False, False, True]
    codes = [one["error"]["code"] for one in results[1:4]]
    assert codes == ["NOT_FOUND", "INVALID_DATA_FORMAT", "INVALID_DATA_FORMAT"]
    assert time.monotonic() - begun < 15


def test_a_batch_is_not_another_accounts(mine, client):
    item = {"user_id": "somebody else", "investigation_id": mine.investigation()}

    answer = client.post(f"{WEBHOOK}/batch", json={"user_id": mine.user_id, "items": [item]})

    assert answer.json["results"][0]["error"]["code"] == "INSUFFICIENT_PERMISSIONS"


def test_a_retry_under_its_key_begins_nothing(mine, worker):
    said = {"investigation_id": mine.investigation(), "sources": OWN}
    first = mine.post(DISCOVER, 200, {"Idempotency-Key": "k"}, **said)

    again = mine.post(DISCOVER, 200, {"Idempotency-Key": "k"}, **said)
    other = mine.post(DISCOVER, 422, {"Idempotency-Key": "k"}, **said | {"industry": "bakery"})

    assert again.json["job"]["id"] == first.json["job"]["id"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "another discovery" in other.json["error"]["message"]
    assert len(mine.get(DISCOVER)["jobs"]) == 1


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"geographic_area": "Nowhereville Qqq"}, 422, "geographic_area"),
        ({"radius_km": 501}, 400, "radius_km"),
        ({"radius_km": "50"}, 400, "radius_km"),
        ({"company_size": "huge"}, 400, "company_size"),
        ({"keywords": ["x"] * 21}, 400, "keywords"),
        ({"limit": 0}, 400, "limit"),
        ({"sources": ["no such"]}, 400, "sources[0]"),
        ({"sources": [{"active_within_days": 3}]}, 400, "sources[0].type"),
        (
            {"sources": [{"type": "own_leads", "active_within_days": 0}]},
            400,
            "sources[0].active_within_days",
        ),
        ({"sources": [7]}, 400, "sources[0]"),
        ({"investigation_id": "x"}, 400, "investigation_id"),
        ({"investigation_id": str(uuid4())}, 404, "investigation_id"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_begins(mine, wrong, status, field):
    said = {"investigation_id": mine.investigation()} | wrong

    answer = mine.post(DISCOVER, status, **said)

    assert field in answer.json["error"]["details"]
    assert mine.get(DISCOVER)["jobs"] == []


def test_a_closed_investigation_takes_no_discovery(mine):
    investigation = mine.investigation()
    path = f"{API}/investigations/{investigation}"
    mine.client.put(path, json={"user_id": mine.user_id, "status": "closed"})

    mine.post(DISCOVER, 409, investigation_id=investigation)


def test_a_whole_region_has_no_circle(mine):
    investigation = mine.investigation()
    jobs = {
        area: mine.post(
            DISCOVER, 202, investigation_id=investigation, geographic_area=area, sources=OWN
        ).json["job"]["criteria"]
        for area in ("Texas", "Austin, TX")
    }

    assert (jobs["Texas"]["radius_km"], jobs["Texas"]["country"]) == (None, "US")
    assert jobs["Austin, TX"]["radius_km"] == 50
    assert round(jobs["Austin, TX"]["latitude"]) == 30


def test_the_leads_of_a_discovery_come_in_pages(mine, worker, post):
    ids = {post(email=f"a{n}@b{n}.example", name=f"Nr{n} Of{n}")["lead_id"] for n in range(5)}
    said = mine.post(DISCOVER, 200, investigation_id=mine.investigation(), sources=OWN).json
    path, found, after = f"{DISCOVER}/{said['job']['id']}", [], {}
    while True:
        page = mine.get(path, limit=2, **after)
        found += page["lead_ids"]
        if page["next_after"] is None:
            break
        after = {"after": page["next_after"]}

    assert (len(found), set(found), page["leads_discovered"]) == (5, ids, 5)


def test_discoveries_are_listed_the_latest_first(mine, worker):
    investigation = mine.investigation()
    asked = [
        mine.post(DISCOVER, 200, investigation_id=investigation, sources=OWN).json["job"]["id"]
        for _ in range(3)
    ]

    first = mine.get(DISCOVER, limit=2)
    rest = mine.get(DISCOVER, limit=2, after=first["next_after"])

    assert [job["id"] for job in first["jobs"] + rest["jobs"]] == asked[::-1]
    assert rest["next_after"] is None


def test_what_is_cancelled_twice_was_cancelled_once(mine):
    job = mine.post(DISCOVER, 202, investigation_id=mine.investigation(), sources=OWN).json["job"]

    first = mine.post(f"{DISCOVER}/{job['id']}/cancel", 200).json
    again = mine.post(f"{DISCOVER}/{job['id']}/cancel", 200).json

    assert (first["changed"], again["changed"]) == (True, False)
    assert first["job"]["status"] == "cancelled"


def test_an_account_has_so_many_discoveries_under_way_at_most(mine, owner):
    mine.post(DISCOVER, 202, investigation_id=mine.investigation(), sources=OWN)
    owner.execute(
        """
        INSERT INTO discovery.jobs (tenant_id, id, investigation_id, wanted, status, asked_at,
                                    asked_by, changed_at)
        SELECT tenant_id, gen_random_uuid(), investigation_id, wanted, status, asked_at, asked_by,
               changed_at
        FROM discovery.jobs, generate_series(1, 99) WHERE tenant_id = %s
        """,
        [mine.user_id],
    )

    mine.post(DISCOVER, 409, investigation_id=mine.investigation(), sources=OWN)


# Sources that accounts set up ---------------------------------------------------------------------


def source(mine, expect=201, **said):
    wanted = {"name": "Visitors", "type": "own_leads", "settings": {"active_within_days": 30}}
    return mine.post("/discovery-sources", expect, **wanted | said).json


def test_a_source_is_asked_by_its_name_or_its_id(mine, worker):
    made = source(mine)["source"]
    investigation = mine.investigation()

    jobs = [
        mine.post(DISCOVER, 200, investigation_id=investigation, sources=[named]).json["job"]
        for named in (made["name"], made["id"])
    ]

    asked = [(one["sources"][0]["name"], one["sources"][0]["source_id"]) for one in jobs]
    assert asked == [("Visitors", made["id"])] * 2


def test_a_source_is_changed_and_deleted(mine):
    made = source(mine)["source"]
    path = f"{API}/discovery-sources/{made['id']}"

    changed = mine.client.put(path, json={"user_id": mine.user_id, "name": "Guests"}).json["source"]
    mine.client.delete(path, query_string={"user_id": mine.user_id})

    assert (changed["name"], changed["settings"]) == ("Guests", {"active_within_days": 30})
    assert mine.get("/discovery-sources")["sources"] == []
    mine.get(f"/discovery-sources/{made['id']}", 404)


@pytest.mark.parametrize(
    ("said", "status", "field"),
    [
        ({"name": "own_leads"}, 400, "name"),
        ({"name": str(uuid4())}, 400, "name"),
        ({"type": "none"}, 400, "type"),
        ({"settings": {"active_within_days": "x"}}, 400, "settings.active_within_days"),
        ({"settings": {"key": "s3cret"}}, 400, "settings.key"),
    ],
)
def test_a_source_that_cannot_be_is_not_kept(mine, said, status, field):
    answer = source(mine, status, **said)

    assert field in answer["error"]["details"]
    assert "s3cret" not in str(answer)


def test_two_sources_have_two_names(mine):
    source(mine)

    assert source(mine, 409)["error"]["details"] == {"name": "is another source's"}


def test_what_may_be_a_secret_is_kept_sealed_and_never_answered(mine, owner):
    api = {
        "name": "Partner",
        "type": "json_api",
        "settings": {
            "url": "https://api.partner.example/companies",
            "headers": {"Authorization": "Bearer s3cret-token"},
            "items": "companies",
            "fields": {"company": "name", "email": "email"},
            "key": "id",
        },
    }
    answer = mine.post("/discovery-sources", **api)
    if answer.status_code == 400:
        pytest.skip("json_api takes other settings")

    shown = [answer.text, str(mine.get("/discovery-sources"))]
    kept = owner.execute(
        "SELECT settings FROM discovery.sources WHERE tenant_id = %s", [mine.user_id]
    ).fetchone()[0]

    assert all("s3cret" not in text for text in shown)
    assert b"s3cret" not in bytes(kept)


def test_every_kind_of_source_says_its_terms(mine):
    kinds = {one["type"]: one for one in mine.get("/discovery-sources/types")["types"]}

    assert {"own_leads", "drop_folder"} <= kinds.keys()
    assert all(one["title"] and one["licence"] for one in kinds.values())
    assert "active_within_days" in kinds["own_leads"]["settings"]


def test_what_ended_long_ago_is_purged_and_its_leads_stay(mine, worker, owner, worker_database):
    mine.post("/leads", 201, **find(1).fields)
    job = mine.post(DISCOVER, 200, investigation_id=mine.investigation(), sources=OWN).json["job"]
    owner.execute(
        "UPDATE discovery.jobs SET ended_at = now() - interval '31 days' WHERE id = %s", [job["id"]]
    )

    purge(worker_database)

    mine.get(f"{DISCOVER}/{job['id']}", 404)
    (lead,) = mine.get("/leads")["leads"]
    assert len(mine.get(f"/leads/{lead['id']}")["provenance"]) == 1
