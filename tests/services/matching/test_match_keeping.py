"""The matches of a lead are kept once, scored anew, told when they are news, and stay its own."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from services.matching import keeping
from services.matching.catalogue_cache import Catalogues
from services.matching.matchmaking import Desk
from shared.privacy.gate import ConsentMissing, Gate
from shared.privacy.modes import MODES
from tests.services.leads.account import API, told
from tests.services.matching.account import BAKERY, LOAN, Matched

NEEDS = [{"signal_type": "loan_need", "strength": 90}]

WHOLE = BAKERY | {"signals": NEEDS}


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


def created(mine, n=0, **fields):
    """Create a lead by POST /leads; return its id."""
    lead = WHOLE | {"email": f"x{n}@corp{n}.example"} | fields
    return mine.ask("POST", "/leads", 201, **lead)["lead"]["id"]


def high(mine, database, user_id):
    return [data for name, _, data in told(database, user_id) if name == "high_score_match"]


def test_matches_are_answered_and_kept(mine):
    service_id, lead_id = mine.service(), mine.lead(**BAKERY)

    answered = mine.match(lead_id)

    (match,) = answered["matches"]
    (kept,) = mine.get(f"/leads/{lead_id}/matches")["matches"]
    assert (answered["lead_id"], answered["matches_count"]) == (lead_id, 1)
    assert (kept["service_id"], kept["status"], kept["eligible"]) == (service_id, "pending", True)
    today = {"capacity_left", "available"}
    assert {name: kept[name] for name in match.keys() - today} == {
        name: match[name] for name in match.keys() - today
    }


def test_the_account_may_be_named_in_the_body(mine, app, user_id):
    mine.service()
    lead_id = mine.lead(**BAKERY)

    answered = app.test_client().post(f"{API}/leads/{lead_id}/match", json={"user_id": user_id})

    assert (answered.status_code, answered.get_json()["matches_count"]) == (200, 1)


def test_matched_again_it_is_the_same_match(mine):
    mine.service()
    lead_id = mine.lead(**BAKERY)

    first, second = (mine.match(lead_id)["matches"][0]["match_id"] for _ in "ab")

    assert first == second
    assert len(mine.get(f"/matches/{first}")["score_history"]) == 1


def test_a_service_that_changed_scores_anew_and_the_former_score_stays(mine):
    service_id, lead_id = mine.service(), mine.lead(**BAKERY)
    before = mine.match(lead_id)["matches"][0]
    mine.ask("PUT", f"/services/{service_id}", target_industries=["software"])
    (outdated,) = mine.get(f"/leads/{lead_id}/matches")["matches"]

    after = mine.match(lead_id)["matches"][0]

    assert outdated["outdated"] and outdated["match_score"] == before["match_score"]
    assert after["match_score"] < before["match_score"]
    history = mine.get(f"/matches/{after['match_id']}")["score_history"]
    assert [one["service_version"] for one in history] == [2, 1]
    assert [one["match_score"] for one in history] == [after["match_score"], before["match_score"]]


def test_a_match_that_is_no_longer_possible_ends_and_may_come_back(mine):
    service_id, lead_id = mine.service(), mine.lead(**BAKERY)
    match_id = mine.match(lead_id)["matches"][0]["match_id"]
    mine.ask("DELETE", f"/services/{service_id}")
    mine.match(lead_id)

    assert mine.get(f"/leads/{lead_id}/matches")["matches"] == []
    (ended,) = mine.get(f"/leads/{lead_id}/matches", ended="true")["matches"]
    assert (ended["match_id"], ended["eligible"]) == (match_id, False)

    mine.ask("PUT", f"/services/{service_id}", is_active=True)
    assert mine.match(lead_id)["matches"][0]["match_id"] == match_id
    scores = [one["match_score"] for one in mine.get(f"/matches/{match_id}")["score_history"]]
    assert [score is None for score in scores] == [False, True, False]


def test_what_was_kept_before_is_scored_anew_beyond_the_limit(mine):
    lead_id = mine.lead(**BAKERY)
    weak = mine.service(service_name="Weak", target_industries=["software"])
    mine.match(lead_id)
    mine.service()
    mine.ask("PUT", f"/services/{weak}", target_company_sizes=["large"])

    mine.match(lead_id, limit=1)

    (kept,) = mine.get(f"/leads/{lead_id}/matches")["matches"]
    assert kept["service_name"] == LOAN["service_name"]


def test_the_best_comes_first(mine):
    lead_id = mine.lead(**BAKERY)
    mine.service(service_name="Weak", target_industries=["software"])
    mine.service(service_name="Strong")

    mine.match(lead_id)

    shown = mine.get(f"/leads/{lead_id}/matches")["matches"]
    assert [one["service_name"] for one in shown] == ["Strong", "Weak"]
    assert mine.get(f"/leads/{lead_id}/matches", limit=1)["count"] == 1


# What is told ------------------------------------------------------------------------------------


def test_a_high_score_is_told_once(mine, database, user_id):
    service_id = mine.service(answers_needs=["business_loan"])
    lead_id = created(mine)

    score = mine.match(lead_id)["matches"][0]["match_score"]
    mine.match(lead_id)

    assert score >= 75
    (data,) = high(mine, database, user_id)
    assert data["service_id"] == service_id
    assert data["match_score"] == pytest.approx(score, abs=0.06)
    assert set(data) == {"service_id", "match_score", "priority"}


def test_a_lower_score_is_not_told(mine, database, user_id):
    mine.service(target_industries=["software"])

    assert mine.match(created(mine))["matches"][0]["match_score"] < 75
    assert high(mine, database, user_id) == []


@pytest.mark.parametrize(
    ("score", "before", "told"),
    [
        (74.9, None, False),
        (75.0, None, True),
        (79.9, 75.0, False),
        (80.0, 75.0, True),
        (60.0, 90.0, False),
        (90.0, 90.0, False),
    ],
)
def test_what_is_worth_telling(score, before, told):
    assert keeping.worth_telling(score, before) is told


def test_nothing_is_told_of_what_was_not_kept(mine, database, gate, user_id):
    mine.service(answers_needs=["business_loan"])
    lead_id = created(mine)
    strict = Desk(database, Gate(MODES["gdpr_strict"], gate.keyring), "US", Catalogues())

    with pytest.raises(ConsentMissing):
        keeping.keep(strict, user_id, UUID(lead_id), 10, datetime.now(UTC))

    assert high(mine, database, user_id) == []
    assert mine.get(f"/leads/{lead_id}/matches", ended="true")["matches"] == []


def test_a_webhook_may_hear_of_it(mine):
    url = "https://crm.example.com/hooks"

    mine.ask("POST", "/webhooks", 201, url=url, events=["high_score_match"])


# What becomes of it ------------------------------------------------------------------------------


def test_a_status_is_changed_with_its_history(mine):
    mine.service()
    match_id = mine.match(mine.lead(**BAKERY))["matches"][0]["match_id"]

    mine.ask("PUT", f"/matches/{match_id}/status", status="contacted", notes=" By phone. ")
    answered = mine.ask("PUT", f"/matches/{match_id}/status", status="interested")

    assert (answered["match_id"], answered["status"]) == (match_id, "interested")
    history = mine.get(f"/matches/{match_id}")["status_history"]
    assert [(one["before"], one["after"], one["notes"]) for one in history] == [
        ("contacted", "interested", None),
        ("pending", "contacted", "By phone."),
    ]
    assert {one["changed_by"] for one in history} == {"local"}


def test_a_status_stays_when_it_is_scored_anew(mine):
    mine.service()
    lead_id = mine.lead(**BAKERY)
    match_id = mine.match(lead_id)["matches"][0]["match_id"]
    mine.ask("PUT", f"/matches/{match_id}/status", status="converted")

    mine.match(lead_id)

    assert mine.get(f"/leads/{lead_id}/matches")["matches"][0]["status"] == "converted"


def test_the_same_status_again_is_no_change_unless_something_is_said(mine):
    mine.service()
    match_id = mine.match(mine.lead(**BAKERY))["matches"][0]["match_id"]

    said = [
        mine.ask("PUT", f"/matches/{match_id}/status", status="pending", **more)["changed"]
        for more in ({}, {"notes": ""}, {"notes": "Nobody answered."})
    ]

    assert said == [False, False, True]
    assert len(mine.get(f"/matches/{match_id}")["status_history"]) == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "status"),
        ({"status": "lost"}, "status"),
        ({"status": None}, "status"),
        ({"status": "contacted", "notes": "n" * 5001}, "notes"),
        ({"status": "contacted", "notes": 7}, "notes"),
    ],
)
def test_a_status_that_is_none_is_refused(mine, sent, field):
    mine.service()
    match_id = mine.match(mine.lead(**BAKERY))["matches"][0]["match_id"]

    error = mine.ask("PUT", f"/matches/{match_id}/status", 400, **sent)

    assert list(error["error"]["details"]) == [field]
    assert mine.get(f"/matches/{match_id}")["match"]["status"] == "pending"


def test_another_accounts_is_answered_as_nobodys(mine, app):
    mine.service()
    lead_id = mine.lead(**BAKERY)
    match_id = mine.match(lead_id)["matches"][0]["match_id"]
    other = Matched(app, f"tenant-{uuid4().hex}")

    for method, path in (
        ("POST", "/leads/{}/match"),
        ("GET", "/leads/{}/matches"),
        ("GET", "/matches/{}"),
        ("PUT", "/matches/{}/status"),
    ):
        body = {"status": "contacted"} if method == "PUT" else {}
        of = lead_id if "leads" in path else match_id
        errors = [
            other.ask(method, path.format(one), 404, **body)["error"] for one in (of, uuid4())
        ]
        assert errors[0] == errors[1]


NOBODYS = UUID(int=7)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/leads/seven/matches?", "lead_id"),
        ("/matches/seven?", "match_id"),
        (f"/leads/{NOBODYS}/matches?limit=0", "limit"),
        (f"/services/{NOBODYS}/leads?limit=501", "limit"),
        (f"/services/{NOBODYS}/leads?min_match_score=101", "min_match_score"),
        (f"/services/{NOBODYS}/leads?after=x", "after"),
        (f"/services/{NOBODYS}/leads?after=nan~{NOBODYS}", "after"),
    ],
)
def test_an_address_that_cannot_be_read_is_named(mine, path, field):
    answer = mine.client.get(f"{API}{path}&user_id={mine.user_id}")

    assert (answer.status_code, list(answer.json["error"]["details"])) == (400, [field])


# At once -----------------------------------------------------------------------------------------


def test_a_lead_that_is_matched_many_times_at_once_has_each_match_once(
    mine, busy_database, desk, database, user_id
):
    for n in range(3):
        mine.service(service_name=f"Loan {n}", answers_needs=["business_loan"])
    lead_id, busy = UUID(created(mine)), replace(desk, database=busy_database)

    with ThreadPoolExecutor(8) as pool:
        kept = list(
            pool.map(
                lambda _: keeping.keep(busy, user_id, lead_id, 10, datetime.now(UTC)), range(16)
            )
        )

    assert len({frozenset(one.ids.items()) for one in kept}) == 1
    assert len(high(mine, database, user_id)) == 3


def test_of_changes_at_once_that_read_one_version_one_is_stored(mine, app):
    service_id = mine.service()

    def change(number):
        body = {"user_id": mine.user_id, "version": 1, "service_name": f"Name {number}"}
        return app.test_client().put(f"{API}/services/{service_id}", json=body).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(change, range(8)))

    assert statuses == [200] + [409] * 7
    assert mine.get(f"/services/{service_id}")["service"]["version"] == 2


# What is kept of it ------------------------------------------------------------------------------


def test_reasons_and_notes_are_sealed(mine, owner, user_id):
    service_id, lead_id = mine.service(), mine.lead(**BAKERY)
    match_id = mine.match(lead_id)["matches"][0]["match_id"]
    mine.ask("PUT", f"/matches/{match_id}/status", status="contacted", notes="Austin calls back")
    mine.ask("PUT", f"/services/{service_id}", target_industries=["software"])
    mine.match(lead_id)

    for table in ("matches", "status_changes", "scorings"):
        rows = owner.execute(
            psycopg.sql.SQL("SELECT r::text FROM matching.{} AS r WHERE tenant_id = %s").format(
                psycopg.sql.Identifier(table)
            ),
            [user_id],
        ).fetchall()
        assert rows and not any("Austin" in text for (text,) in rows)


def test_matches_go_with_their_lead(mine, owner, user_id):
    mine.service()
    lead_id = mine.lead(**BAKERY)
    match_id = mine.match(lead_id)["matches"][0]["match_id"]
    mine.ask("PUT", f"/matches/{match_id}/status", status="contacted", notes="Called.")

    owner.execute("DELETE FROM public.leads WHERE tenant_id = %s", [user_id])

    for table in ("matches", "status_changes", "scorings"):
        count = psycopg.sql.SQL("SELECT count(*) FROM matching.{} WHERE tenant_id = %s").format(
            psycopg.sql.Identifier(table)
        )
        assert owner.execute(count, [user_id]).fetchone() == (0,)
    assert mine.get("/services")["count"] == 1


def test_what_a_match_scored_fades_without_a_line_a_day(mine, desk):
    mine.service()
    lead_id = UUID(mine.lead(**BAKERY))
    now = datetime.now(UTC)

    for hours in range(4):
        kept = keeping.keep(desk, mine.user_id, lead_id, 10, now + timedelta(hours=hours))

    (match_id,) = kept.ids.values()
    assert len(mine.get(f"/matches/{match_id}")["score_history"]) == 1
