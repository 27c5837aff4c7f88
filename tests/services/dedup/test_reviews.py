"""Clerical review: what people judge of flagged leads holds, is audited, and can be taken back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest

import leadfly.app
from shared import keys
from shared.clusters import turn
from shared.privacy.modes import MODES
from tests.services.dedup.arrivals import lead
from tests.services.dedup.flagged import ADA, KING, REVIEWS, flagged
from tests.services.dedup.test_privacy import everything
from tests.services.leads.account import told as all_told

THROWAWAY = {"email": "test@tempmail.com", "phone": "+1-000-000-0000", "company": "Test Corp"}
"""Nobody we know, and nobody to trust."""


@pytest.fixture
def flag(database, gate, user_id):
    """Store a lead of this test's tenant that is flagged; return its answer."""
    return lambda fields=KING, **said: flagged(database, gate, user_id, fields, **said)


@pytest.fixture
def ask(app, user_id):
    """Ask for reviews; safe to call from threads."""

    def ask(path="", expect=200, **query):
        response = app.test_client().get(
            f"{REVIEWS}{path}", query_string={"user_id": user_id} | query
        )
        assert response.status_code == expect, response.json
        return response.json

    return ask


@pytest.fixture
def tell(app, user_id):
    """Say something of a review; safe to call from threads."""

    def tell(review_id, verdict=None, expect=200, **said):
        path = "verdict" if verdict else "reopen"
        body = {"user_id": user_id} | ({"verdict": verdict} if verdict else {}) | said
        response = app.test_client().post(f"{REVIEWS}/{review_id}/{path}", json=body)
        assert expect in (None, response.status_code), response.json
        return response.json

    return tell


def test_a_review_that_is_opened_is_told_with_ids_and_verdicts_alone(post, flag, database, user_id):
    post(**ADA)
    answer = flag()

    waits = [one for one in all_told(database, user_id) if one[0] == "review.waiting"]
    assert waits == [
        (
            "review.waiting",
            answer["lead_id"],
            {
                "review_id": answer["review_id"],
                "decision_id": answer["decision_id"],
                "confidence_score": answer["confidence_score"],
                "risk_level": answer["risk_level"],
            },
        )
    ]


def belonging(owner, user_id):
    """Return whose record each lead is, and of which lead it is a duplicate, in text."""
    rows = owner.execute(
        "SELECT id::text, subject_id::text, duplicate_of::text FROM public.leads "
        "WHERE tenant_id = %s",
        [user_id],
    )
    return {lead: (subject, original) for lead, subject, original in rows}


def labels(owner, user_id):
    return owner.execute(
        "SELECT lead_id::text, known_lead_id::text, same_person FROM dedup.labels "
        "WHERE tenant_id = %s ORDER BY review_id",
        [user_id],
    ).fetchall()


# Looking ---------------------------------------------------------------------------------------


def test_an_open_review_shows_both_leads_side_by_side_and_why(post, flag, ask):
    known = post(**ADA)
    answer = flag()

    (review,) = ask()["reviews"]

    assert review["review_id"] == answer["review_id"]
    assert (review["status"], review["verdict"]) == ("open", None)
    assert review["lead"]["fields"] == KING
    assert review["known_lead"]["fields"] == ADA
    assert review["known_lead"]["lead_id"] == known["lead_id"]
    assert review["match_probability"] == answer["match_details"]["match_probability"]
    assert "phone" in [one["comparison"] for one in review["evidence"]]
    assert review["decision_id"] == answer["decision_id"]


def test_one_review_shows_the_message_and_the_history(post, flag, ask, tell):
    post(**ADA)
    review_id = flag(KING | {"message": "It's me"})["review_id"]
    tell(review_id, "unsure", reason="two Adas?")

    review = ask(f"/{review_id}")["review"]

    assert review["lead"]["fields"]["message"] == "It's me"
    assert "message" not in ask()["reviews"][0]["lead"]["fields"]
    assert [(e["verdict"], e["reason"], e["judged_by"]) for e in review["history"]] == [
        ("unsure", "two Adas?", "local")
    ]


def test_a_lead_flagged_for_its_risk_alone_says_so(post, ask):
    review_id = post(**THROWAWAY)["review_id"]

    review = ask(f"/{review_id}")["review"]

    assert (review["blocking_reason"], review["known_lead"]) == ("high_risk", None)
    assert review["risk"]["risk_level"] == "high"


def test_pages_follow_each_other_oldest_first_and_lose_nobody(post, flag, ask):
    post(**ADA)
    flags = [flag(KING | {"email": f"k{n}@king.example"})["review_id"] for n in range(5)]

    pages, after = [], {}
    while True:
        page = ask(limit=2, **after)
        pages.append([review["review_id"] for review in page["reviews"]])
        if page["next_after"] is None:
            break
        after = {"after": page["next_after"]}

    assert pages == [flags[:2], flags[2:4], flags[4:]]


def test_settled_reviews_are_shown_where_they_are_asked_for(post, flag, ask, tell):
    post(**ADA)
    first, second, third = (
        flag(KING | {"email": f"k{n}@king.example"})["review_id"] for n in range(3)
    )
    tell(first, "different")
    tell(second, "unsure")

    def shown(**query):
        return [review["review_id"] for review in ask(**query)["reviews"]]

    assert shown() == [second, third]
    assert shown(status="settled") == [first]
    assert shown(status="all") == [first, second, third]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"limit": [1, 2]}, "limit"),
        ({"after": "7"}, "after"),
        ({"status": "closed"}, "status"),
    ],
)
def test_a_query_that_means_nothing_is_refused_by_name(ask, query, field):
    assert list(ask(expect=400, **query)["error"]["details"]) == [field]


# Settling --------------------------------------------------------------------------------------


def test_a_duplicate_becomes_a_record_of_the_known_person(post, flag, tell, owner, user_id):
    known, answer = post(**ADA), flag()

    settled = tell(answer["review_id"], "duplicate", reason="same line")

    assert settled["changed"] is True
    assert settled["review"]["status"] == "settled"
    assert settled["review"]["lead"]["duplicate_of"] == known["lead_id"]
    assert belonging(owner, user_id)[answer["lead_id"]] == (known["lead_id"], known["lead_id"])
    assert labels(owner, user_id) == [(answer["lead_id"], known["lead_id"], True)]
    subjects = owner.execute("SELECT 1 FROM public.subjects WHERE tenant_id = %s", [user_id])
    assert len(subjects.fetchall()) == 1


def test_later_leads_match_the_merged_person(post, flag, tell):
    known, answer = post(**ADA), flag()
    tell(answer["review_id"], "duplicate")

    later = post(email=KING["email"])

    assert later["action_taken"] == "reject_duplicate"
    assert later["duplicate_of"] == known["lead_id"]


def test_every_record_of_the_person_moves_along(post, flag, tell, owner, user_id):
    known, answer = post(**ADA), flag()
    again = post(email=KING["email"])

    tell(answer["review_id"], "duplicate")

    assert belonging(owner, user_id)[again["lead_id"]] == (known["lead_id"], known["lead_id"])


def test_a_merge_is_told_where_the_lead_was_told_as_new(post, flag, tell, stored, owner, user_id):
    known, answer = post(**ADA), flag()

    tell(answer["review_id"], "duplicate")

    assert stored.events("lead.late_duplicate") == [("lead.late_duplicate", answer["lead_id"])]
    data = owner.execute(
        "SELECT data FROM public.events WHERE tenant_id = %s AND event = 'lead.late_duplicate'",
        [user_id],
    ).fetchone()[0]
    assert data["duplicate_of"] == known["lead_id"]
    assert data["review_id"] == answer["review_id"]


def test_somebody_different_stays_a_person_and_nothing_is_told(
    post, flag, tell, stored, owner, user_id
):
    known, answer = post(**ADA), flag()
    before = belonging(owner, user_id)

    tell(answer["review_id"], "different")

    assert belonging(owner, user_id) == before
    assert labels(owner, user_id) == [(answer["lead_id"], known["lead_id"], False)]
    assert stored.events("lead.late_duplicate") == []


def test_who_is_unsure_may_be_sure_later(post, flag, tell, ask):
    post(**ADA)
    review_id = flag()["review_id"]

    assert tell(review_id, "unsure")["review"]["status"] == "open"
    settled = tell(review_id, "duplicate")["review"]

    assert [entry["verdict"] for entry in settled["history"]] == ["unsure", "duplicate"]


@pytest.mark.parametrize("verdict", ["duplicate", "different"])
def test_the_same_verdict_again_changes_nothing(post, flag, tell, owner, user_id, verdict):
    post(**ADA)
    review_id = flag()["review_id"]
    tell(review_id, verdict)
    once = sorted(everything(owner, user_id))

    assert tell(review_id, verdict, reason="again")["changed"] is False

    assert sorted(everything(owner, user_id)) == once


@pytest.mark.parametrize(
    ("first", "then"),
    [("duplicate", "different"), ("different", "duplicate"), ("different", "unsure")],
)
def test_another_verdict_is_a_conflict(post, flag, tell, owner, user_id, first, then):
    post(**ADA)
    review_id = flag()["review_id"]
    tell(review_id, first)
    once = sorted(everything(owner, user_id))

    error = tell(review_id, then, expect=409)["error"]

    assert (error["code"], list(error["details"])) == ("CONFLICT", ["verdict"])
    assert sorted(everything(owner, user_id)) == once


def test_of_reviewers_at_once_one_wins(post, flag, tell, owner, user_id):
    post(**ADA)
    review_id = flag()["review_id"]
    verdicts = ["duplicate", "different"] * 4

    with ThreadPoolExecutor(len(verdicts)) as threads:
        answers = list(threads.map(lambda said: tell(review_id, said, expect=None), verdicts))

    winners = [answer for answer in answers if answer.get("changed")]
    assert len(winners) == 1
    won = winners[0]["review"]["verdict"]
    agreed = [said == won for said in verdicts]
    assert [answer["success"] for answer in answers] == agreed
    assert len(labels(owner, user_id)) == 1


def test_a_lead_that_is_like_nobody_can_be_accepted_but_not_merged(post, tell):
    review_id = post(**THROWAWAY)["review_id"]

    error = tell(review_id, "duplicate", expect=422)["error"]

    assert list(error["details"]) == ["verdict"]
    assert tell(review_id, "different")["review"]["status"] == "settled"


def test_nobody_is_merged_under_a_person_who_was_erased(post, flag, tell, ask, owner, user_id):
    known, answer = post(**ADA), flag()
    owner.execute("DELETE FROM public.subjects WHERE id = %s", [known["lead_id"]])

    assert ask(f"/{answer['review_id']}")["review"]["known_lead"] is None
    tell(answer["review_id"], "duplicate", expect=422)


# Taking back -----------------------------------------------------------------------------------


def test_a_merge_can_be_undone(post, flag, tell, owner, user_id):
    post(**ADA)
    answer = flag()
    post(email=KING["email"])
    before = belonging(owner, user_id)
    tell(answer["review_id"], "duplicate")

    reopened = tell(answer["review_id"], reason="two people after all")

    assert belonging(owner, user_id) == before
    assert (reopened["changed"], reopened["review"]["status"]) == (True, "open")
    history = reopened["review"]["history"]
    assert [entry["verdict"] for entry in history] == ["duplicate", "reopened"]
    assert labels(owner, user_id) == []
    assert tell(answer["review_id"], "different")["changed"] is True


def test_leads_that_came_since_go_with_the_lead_that_they_were_like(
    post, flag, tell, owner, user_id
):
    known, answer = post(**ADA), flag()
    tell(answer["review_id"], "duplicate")
    like_her = post(email=KING["email"])
    like_ada = post(email=ADA["email"])

    tell(answer["review_id"])

    now = belonging(owner, user_id)
    assert now[like_her["lead_id"]] == (answer["lead_id"], answer["lead_id"])
    assert now[like_ada["lead_id"]] == (known["lead_id"], known["lead_id"])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("undone", [(0, 1), (1, 0)])
def test_a_chain_of_merges_can_be_undone_in_any_order(
    post, flag, tell, owner, user_id, order, undone
):
    post(**ADA)
    reviews = [flag()["review_id"]]
    third = {"email": KING["email"], "first_name": "Augusta", "last_name": "King"}
    reviews.append(flag(third)["review_id"])  # may be King, who may be Ada
    before = belonging(owner, user_id)
    assert len({subject for subject, _ in before.values()}) == 3

    for number in order:
        tell(reviews[number], "duplicate")
    assert len({subject for subject, _ in belonging(owner, user_id).values()}) == 1
    for number in undone:
        tell(reviews[number])

    assert belonging(owner, user_id) == before
    kept = owner.execute("SELECT 1 FROM dedup.merged_leads WHERE tenant_id = %s", [user_id])
    assert kept.fetchall() == []


def test_a_person_whose_last_lead_parts_is_kept_no_longer(post, flag, tell, client, owner, user_id):
    known, answer = post(**ADA), flag()
    tell(answer["review_id"], "duplicate")
    path = f"/api/v1/lead-discovery/leads/{known['lead_id']}"
    assert client.delete(path, query_string={"user_id": user_id}).status_code == 200

    tell(answer["review_id"])

    assert belonging(owner, user_id) == {answer["lead_id"]: (answer["lead_id"], None)}
    people = owner.execute("SELECT id::text FROM public.subjects WHERE tenant_id = %s", [user_id])
    assert people.fetchall() == [(answer["lead_id"],)]


def test_a_merge_that_was_undone_can_be_made_again(post, flag, tell, owner, user_id):
    known, answer = post(**ADA), flag()
    before = belonging(owner, user_id)

    for _ in range(2):
        tell(answer["review_id"], "duplicate")
        assert belonging(owner, user_id)[answer["lead_id"]][0] == known["lead_id"]
        tell(answer["review_id"])
        assert belonging(owner, user_id) == before


def test_reopening_what_is_open_changes_nothing(post, flag, tell, owner, user_id):
    post(**ADA)
    review_id = flag()["review_id"]
    once = sorted(everything(owner, user_id))

    assert tell(review_id)["changed"] is False

    assert sorted(everything(owner, user_id)) == once


def test_later_leads_meet_two_people_again(post, flag, tell):
    post(**ADA)
    answer = flag()
    tell(answer["review_id"], "duplicate")
    tell(answer["review_id"])

    assert post(email=KING["email"])["duplicate_of"] == answer["lead_id"]


# Races -----------------------------------------------------------------------------------------


def test_a_lead_that_is_being_stored_is_not_lost_by_a_merge(
    post, flag, tell, owner_conninfo, owner, user_id
):
    post(**ADA)
    answer = flag()
    arriving = uuid4()

    with psycopg.connect(owner_conninfo) as storing, ThreadPoolExecutor() as threads:
        storing.execute(
            """
            INSERT INTO public.leads (tenant_id, id, subject_id, source_id, fields, duplicate_of,
                                      received_at, submitted_at)
            VALUES (%(tenant)s, %(id)s, %(her)s, 's', '{}', %(her)s, now(), now())
            """,
            {"tenant": user_id, "id": arriving, "her": answer["lead_id"]},
        )
        settling = threads.submit(tell, answer["review_id"], "duplicate")
        with pytest.raises(TimeoutError):
            settling.result(timeout=0.3)
        storing.commit()
        settling.result(timeout=10)

    now = belonging(owner, user_id)
    assert now[str(arriving)][0] == now[answer["lead_id"]][0]


@pytest.mark.parametrize("held", ["a lead like it is decided", "another verdict is given"])
def test_a_verdict_waits_for_what_it_would_cross(
    post, flag, tell, busy_database, gate, user_id, held
):
    post(**ADA)
    answer = flag()
    like_it = lead(gate, user_id, {"email": KING["email"]})
    locked = like_it.locked if held.startswith("a lead") else [turn(gate, user_id)]

    with ThreadPoolExecutor() as threads:
        with busy_database.transaction(user_id, locked) as conn:
            conn.execute("SELECT 1").fetchone()  # sends what waits in the pipeline
            settling = threads.submit(tell, answer["review_id"], "duplicate")
            with pytest.raises(TimeoutError):
                settling.result(timeout=0.3)

        assert settling.result(timeout=10)["changed"] is True


def test_leads_and_verdicts_at_once_leave_every_lead_with_its_person(
    post, flag, tell, owner, user_id
):
    post(**ADA)
    answer = flag()

    def merged_and_parted():
        for _ in range(5):
            tell(answer["review_id"], "duplicate")
            tell(answer["review_id"])

    with ThreadPoolExecutor(4) as threads:
        arriving = [threads.submit(post, email=KING["email"]) for _ in range(20)]
        threads.submit(merged_and_parted).result()
        later = [one.result() for one in arriving]

    assert {one["action_taken"] for one in later} == {"reject_duplicate"}
    now = belonging(owner, user_id)
    assert {now[one["lead_id"]][0] for one in later} == {answer["lead_id"]}


# Privacy and access ----------------------------------------------------------------------------


def test_who_is_erased_takes_verdicts_reasons_and_labels_along(post, flag, tell, owner, user_id):
    post(**ADA)
    first, second = flag(), flag(KING | {"email": "other@king.example"})
    tell(first["review_id"], "duplicate", reason="same line")
    tell(second["review_id"], "different")

    owner.execute("DELETE FROM public.subjects WHERE tenant_id = %s", [user_id])

    assert everything(owner, user_id) == []


def test_a_label_goes_with_either_of_its_leads(post, flag, tell, owner, user_id):
    known, answer = post(**ADA), flag()
    tell(answer["review_id"], "different")
    assert len(labels(owner, user_id)) == 1

    owner.execute("DELETE FROM public.subjects WHERE id = %s", [known["lead_id"]])

    assert labels(owner, user_id) == []


def test_a_reason_is_stored_sealed(post, flag, tell, owner, user_id):
    post(**ADA)
    review_id = flag()["review_id"]

    tell(review_id, "unsure", reason="Ask Lady Byron first")

    assert not any("byron" in row for row in everything(owner, user_id))


def test_the_audit_cannot_be_rewritten(post, flag, tell, database, user_id):
    post(**ADA)
    tell(flag()["review_id"], "different")

    for statement in (
        "UPDATE dedup.judgements SET judged_by = 'x'",
        "DELETE FROM dedup.judgements",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            database.transaction(user_id) as conn,
        ):
            conn.execute(statement).fetchall()


def test_another_tenant_finds_and_settles_nothing(post, flag, tell, ask):
    post(**ADA)
    review_id = flag()["review_id"]
    other = {"user_id": f"tenant-{uuid4().hex}"}

    ask(f"/{review_id}", expect=404, **other)
    assert ask(**other)["reviews"] == []
    tell(review_id, "duplicate", expect=404, **other)
    tell(review_id, expect=404, **other)
    assert ask(f"/{review_id}")["review"]["history"] == []


@pytest.mark.parametrize("path", ["", "/verdict", "/reopen"])
def test_what_is_no_uuid_is_refused_by_name(client, user_id, path):
    call = client.post if path else client.get

    answer = call(
        f"{REVIEWS}/7{path}?user_id={user_id}", **({"json": {"verdict": "unsure"}} if path else {})
    )

    assert answer.status_code == 400
    assert answer.json["error"]["details"] == {"review_id": "must be a UUID"}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "verdict"),
        ({"verdict": "maybe"}, "verdict"),
        ({"verdict": ["duplicate"]}, "verdict"),
        ({"verdict": None}, "verdict"),
        ({"verdict": "duplicate", "reason": "x" * 2001}, "reason"),
        ({"verdict": "duplicate", "reason": 7}, "reason"),
    ],
)
def test_a_bad_verdict_is_refused_by_name(client, user_id, said, field):
    answer = client.post(f"{REVIEWS}/{uuid4()}/verdict", json=said | {"user_id": user_id})

    assert answer.status_code == 400
    assert list(answer.json["error"]["details"]) == [field]


def test_body_and_query_must_not_name_two_accounts(client, user_id):
    answer = client.post(
        f"{REVIEWS}/{uuid4()}/verdict?user_id=other",
        json={"user_id": user_id, "verdict": "unsure"},
    )

    assert answer.status_code == 400
    assert list(answer.json["error"]["details"]) == ["user_id"]


@pytest.fixture
def strict_client(local_settings):
    app = leadfly.app.create_app(replace(local_settings, mode=MODES["gdpr_strict"]))
    yield app.test_client()
    app.extensions["leadfly"].database.close()


def consenting(client, user_id):
    """Store a risky lead of somebody who agreed; return its review."""
    said = {"source_id": "s", "lead_data": THROWAWAY, "consent": {"purposes": ["contact"]}}
    answer = client.post("/webhook/leadfly/duplicate-prevention", json=said | {"user_id": user_id})
    return f"{REVIEWS}/{answer.json['review_id']}"


def test_what_the_privacy_mode_seals_is_named_and_not_shown(strict_client, user_id):
    path = consenting(strict_client, user_id)

    lead = strict_client.get(path, query_string={"user_id": user_id}).json["review"]["lead"]

    assert lead["fields"] == {"company": "Test Corp"}
    assert lead["withheld"] == ["email", "phone"]


def test_nothing_is_written_of_a_person_whose_consent_is_gone(strict_client, user_id, owner):
    path = consenting(strict_client, user_id)
    owner.execute("UPDATE public.consents SET withdrawn_at = now() WHERE tenant_id = %s", [user_id])
    said = {"user_id": user_id, "verdict": "different", "reason": "she called"}

    assert strict_client.post(f"{path}/verdict", json=said).status_code == 403

    owner.execute("UPDATE public.consents SET withdrawn_at = NULL WHERE tenant_id = %s", [user_id])
    assert strict_client.post(f"{path}/verdict", json=said).status_code == 200


def test_an_account_that_is_named_twice_is_refused(client, user_id):
    answer = client.get(f"{REVIEWS}?user_id={user_id}&user_id={user_id}")

    assert answer.status_code == 400
    assert list(answer.json["error"]["details"]) == ["user_id"]


def test_a_key_needs_its_scope_and_signs_with_its_prefix(
    keys_client, database, gate, user_id, post
):
    post(**ADA)
    review_id = flagged(database, gate, user_id)["review_id"]
    with database.transaction(user_id) as conn:
        _, reading = keys.create(conn, user_id, ["read:leads"])
        signer, writing = keys.create(conn, user_id, ["write:leads"])
    with database.transaction("stranger") as conn:
        _, strange = keys.create(conn, "stranger", ["read:leads", "write:leads"])

    def read(key, path=""):
        return keys_client.get(f"{REVIEWS}{path}", headers={"X-API-Key": key})

    def settle(key):
        return keys_client.post(
            f"{REVIEWS}/{review_id}/verdict",
            json={"verdict": "different"},
            headers={"X-API-Key": key},
        )

    assert [read(key).status_code for key in ("", writing, reading)] == [401, 403, 200]
    assert read(strange, f"/{review_id}").status_code == 404
    assert [settle(key).status_code for key in ("", reading, strange)] == [401, 403, 404]
    assert settle(writing).json["review"]["judged_by"] == signer.prefix
