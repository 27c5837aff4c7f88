"""A scan finds who is one person among stored leads, and asks; it decides nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from services.dedup.scan import scanning
from services.dedup.scan.scan import night
from tests.services.dedup.scan.past import LARA, PIECES, STRANGERS, pair


def test_one_person_in_five_pieces_is_one_group_of_reviews(past):
    past.bring(*PIECES, *STRANGERS)

    done = past.scan()

    reviews = past.reviews(scan_id=done["id"])
    assert (done["status"], done["leads_done"], done["leads_total"]) == ("done", 9, 9)
    assert done["reviews_opened"] == len(reviews) >= 4  # more where one comes that links two
    (group_id,) = {one["group_id"] for one in reviews}
    assert past.reviews(group_id=group_id) == reviews
    assert len(set().union(*map(pair, reviews))) == 5


def test_judging_the_reviews_of_a_group_makes_its_leads_one_person(past, owner):
    past.bring(*PIECES)
    past.scan()

    for review in past.reviews():
        past.judge(review, "duplicate")

    rows = owner.execute(
        "SELECT count(DISTINCT subject_id) FROM public.leads WHERE tenant_id = %s", [past.user_id]
    )
    assert rows.fetchone() == (1,)


def test_nothing_is_merged_before_somebody_says_so(past, owner):
    past.bring(*PIECES)

    past.scan()

    rows = owner.execute(
        "SELECT count(DISTINCT subject_id) FROM public.leads WHERE tenant_id = %s", [past.user_id]
    )
    assert rows.fetchone() == (5,)


def test_a_review_says_why_as_one_of_a_check_does(past):
    past.bring(LARA, PIECES[1])

    past.scan()

    (review,) = past.reviews()
    assert review["blocking_reason"] == "possible_duplicate"
    assert review["match_probability"] > 0.8
    levels = {one["comparison"]: one["level"] for one in review["evidence"]}
    assert levels["phone"].startswith("same")
    assert all(one["explanation"] for one in review["evidence"])
    assert review["relation"] == "same_person"


@pytest.mark.parametrize("verdict", ["different", "unsure"])
def test_nobody_is_asked_twice(past, verdict):
    past.bring(*PIECES[:2])
    past.scan()
    past.judge(past.reviews()[0], verdict)

    again = past.scan()

    assert (again["reviews_opened"], again["pairs_known"]) == (0, int(verdict == "different"))
    assert len(past.reviews()) == 1


def test_a_review_that_was_reopened_is_not_asked_beside_itself(past):
    past.bring(*PIECES[:2])
    past.scan()
    (review,) = past.reviews()
    past.judge(review, "duplicate")
    past.ask("POST", f"/reviews/{review['review_id']}/reopen")

    past.scan()

    assert len(past.reviews()) == 1


def test_a_full_scan_opens_no_review_again(past):
    past.bring(*PIECES)
    first = past.scan()

    again = past.scan()

    assert again["reviews_opened"] == 0
    assert len(past.reviews()) == first["reviews_opened"]


def test_a_lead_of_two_people_brings_their_groups_together(past):
    mail = {"first_name": "Lara", "last_name": "Quistberg", "email": LARA["email"]}
    line = {"first_name": "Lara", "last_name": "Quistberg", "phone": LARA["phone"]}
    past.bring(mail, line)
    past.scan()

    past.bring(LARA)
    past.scan(only_unchecked=True)

    reviews = past.reviews()
    assert len(reviews) >= 2
    assert len({one["group_id"] for one in reviews}) == 1


def test_a_checked_lead_is_no_part_of_a_nights_scan(past, post):
    first = post(**LARA)
    past.bring(*STRANGERS)

    done = past.scan(only_unchecked=True)

    assert first["action_taken"] == "allow_processing"
    assert (done["leads_done"], done["pairs_compared"], done["reviews_opened"]) == (5, 0, 0)


def test_an_imported_lead_is_compared_with_those_that_were_checked(past, post):
    known = post(**LARA)
    past.bring(PIECES[1])

    past.scan(only_unchecked=True)

    (review,) = past.reviews()
    assert review["known_lead"]["lead_id"] == known["lead_id"]


def test_a_nights_scan_begins_for_leads_that_nobody_compared_and_ends_there(past):
    past.bring(*PIECES[:2])

    first, second, third = past.night(1), past.night(2), past.night(3)

    assert first is None
    assert second.asked_by == "nightly" and second.only_unchecked
    assert third is None
    assert len(past.reviews()) == 1


def test_whoever_wants_no_nights_is_left_alone(past, worker_database):
    past.bring(*PIECES[:2])
    past.ask("PUT", "/nightly-scans", nightly=False)

    scanning.look(worker_database, datetime.now(UTC) + timedelta(days=1))
    scanning.look(worker_database, datetime.now(UTC) + timedelta(days=2))

    assert past.ask("GET", "/scans")["scans"] == []
    assert past.ask("GET", "/scans")["nightly"] is False


def test_the_schedule_looks_at_every_account_once_a_night(past, worker_database):
    past.bring(*PIECES[:2])
    later = datetime.now(UTC) + timedelta(days=10)
    scanning.look(worker_database, later)

    scanning.look(worker_database, later + timedelta(days=1))

    (scan,) = past.ask("GET", "/scans")["scans"]
    assert scan["asked_by"] == "nightly"
    past.ask("POST", f"/scans/{scan['id']}/cancel")


def test_a_night_begins_at_two():
    before, after = datetime(2026, 5, 2, 1, 59, tzinfo=UTC), datetime(2026, 5, 2, 2, tzinfo=UTC)

    assert night(before) == datetime(2026, 5, 1, 2, tzinfo=UTC)
    assert night(after) == after


def test_an_account_has_one_scan_at_a_time(past):
    first = past.ask("POST", "/scans", 202)["scan"]["id"]

    refused = past.ask("POST", "/scans", 409)

    assert refused["error"]["details"] == {"scan_id": first}


def test_a_cancelled_scan_goes_no_further(past):
    past.bring(*PIECES)
    asked = past.ask("POST", "/scans", 202)["scan"]["id"]
    past.ask("POST", f"/scans/{asked}/cancel")

    past.work()

    scan = past.ask("GET", f"/scans/{asked}")["scan"]
    assert (scan["status"], scan["leads_done"]) == ("cancelled", 0)
    assert past.ask("POST", f"/scans/{asked}/cancel")["changed"] is False
    assert past.reviews() == []


def test_leads_one_at_a_time_come_to_the_same_as_together(past):
    past.bring(*PIECES, *STRANGERS)
    asked = past.ask("POST", "/scans", 202)["scan"]["id"]

    past.work(at_a_time=1)

    scan = past.ask("GET", f"/scans/{asked}")["scan"]
    assert scan["leads_done"] == 9
    assert len(set().union(*past.pairs())) == 5
    assert len({one["group_id"] for one in past.reviews()}) == 1


def test_a_lead_that_cannot_be_opened_stops_nobody_else(past, owner):
    past.bring(*PIECES[:2], STRANGERS[0])
    owner.execute(
        "UPDATE dedup.records SET compared = 'torn' WHERE tenant_id = %s AND lead_id = ("
        "SELECT id FROM public.leads WHERE tenant_id = %s AND fields::text LIKE '%%Owusu%%')",
        [past.user_id, past.user_id],
    )

    done = past.scan()

    assert (done["status"], done["leads_done"], done["leads_failed"]) == ("done", 3, 1)
    assert "1 leads could not be compared; the log names them" in done["errors"]
    assert len(past.reviews()) == 1


def test_an_erased_lead_takes_its_place_in_the_group_along(past, owner):
    past.bring(*PIECES)
    past.scan()
    lead_id = past.reviews()[0]["lead_id"]

    past.ask("DELETE", f"/leads/{lead_id}")

    assert lead_id not in {one["lead_id"] for one in past.reviews()}
    rows = owner.execute(
        "SELECT count(*) FROM dedup.scan_members WHERE tenant_id = %s AND lead_id = %s",
        [past.user_id, lead_id],
    )
    assert rows.fetchone() == (0,)


def test_a_lead_that_was_turned_away_is_nobody(past, owner):
    past.bring(*PIECES[:2])
    owner.execute(
        "UPDATE public.leads SET status = 'invalid' WHERE tenant_id = %s AND id = ("
        "SELECT max(id::text)::uuid FROM public.leads WHERE tenant_id = %s)",
        [past.user_id, past.user_id],
    )

    past.scan()

    assert past.reviews() == []


def test_a_lead_that_was_let_through_stays_so(past, post):
    past.bring(LARA)
    known = post(first_name="Lara", email="lara@elsewhere.example")
    assert known["action_taken"] == "allow_processing"
    before = past.ask("GET", f"/decisions/{known['decision_id']}")["decision"]["action_taken"]

    past.scan()

    for review in past.reviews():
        found = past.ask("GET", f"/decisions/{review['decision_id']}")["decision"]
        assert found["action_taken"] == before
