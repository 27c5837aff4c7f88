"""Feedback over HTTP, on a real PostgreSQL: what a return or a conversion does, and what not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from services.dedup.trade.feedback import CONVERSION, RETURN, OutOfTime, Said
from services.dedup.trade.feedback_giving import Desk, give
from shared import leads

API = "/api/v1/lead-discovery"

RETURNED = {"type": "return", "reason": "wrong_number"}

CONVERTED = {"type": "conversion", "value": 1250.5, "currency": "EUR"}


@pytest.fixture
def ask(client, user_id):
    """Call a route for this test's account; return the answer."""

    def ask(method, path, expect=200, body=None, headers=None, **query):
        sent = {"json": body} if body is not None else {}
        response = client.open(
            API + path,
            method=method,
            query_string={"user_id": user_id} | query,
            headers=headers,
            **sent,
        )
        assert response.status_code == expect, response.json
        return response.json

    return ask


@pytest.fixture
def say(ask):
    """Say something of a lead; return the answer."""

    def say(lead_id, said, expect=200, **options):
        return ask("POST", f"/leads/{lead_id}/feedback", expect, said, **options)

    return say


@pytest.fixture
def lead(post):
    """A lead that was let through; *context* is the trade's."""

    def lead(source_id="form", **context):
        fields = {"email": f"{uuid4().hex}@corp.example", "name": f"{uuid4().hex[:8].title()} Doe"}
        answer = post(source_id=source_id, context=context or None, **fields)
        assert answer["action_taken"] == "allow_processing", answer
        return answer["lead_id"]

    return lead


@pytest.fixture
def rows(owner, user_id):
    """Rows of this test's account, as the owner of the tables sees them."""

    def rows(statement):
        return owner.execute(statement, {"tenant": user_id}).fetchall()

    return rows


def state(rows):
    return rows("SELECT buyer_id, state FROM dedup.deals WHERE tenant_id = %(tenant)s")


def everything(rows):
    """Return what feedback could have changed."""
    tables = (
        rows("SELECT * FROM dedup.feedback WHERE tenant_id = %(tenant)s"),
        rows("SELECT * FROM dedup.feedback_labels WHERE tenant_id = %(tenant)s"),
        rows("SELECT * FROM dedup.days_of_feedback WHERE tenant_id = %(tenant)s"),
        rows("SELECT * FROM dedup.deals WHERE tenant_id = %(tenant)s"),
        rows("SELECT status FROM public.leads WHERE tenant_id = %(tenant)s"),
        rows("SELECT id FROM public.events WHERE tenant_id = %(tenant)s"),
    )
    return [sorted(map(repr, table)) for table in tables]


def test_a_return_ends_the_deal_of_its_lead(say, lead, rows):
    answer = say(lead(buyer_id="a"), RETURNED)

    assert answer["changed"] and answer["feedback"]["buyer_id"] == "a"
    assert state(rows) == [("a", "returned")]


def test_a_lead_without_a_deal_gets_one_that_is_returned(say, lead, rows):
    answer = say(lead(), RETURNED | {"buyer": "b"})

    assert answer["feedback"]["buyer_id"] == "b"
    assert state(rows) == [("", "returned")]


def test_the_same_return_again_changes_nothing(say, lead, rows):
    named = lead()
    first = say(named, RETURNED | {"note": "A bakery."})
    before = everything(rows)

    again = say(named, RETURNED | {"note": "A bakery."})

    assert not again["changed"] and again["feedback"] == first["feedback"]
    assert everything(rows) == before


def test_another_return_of_the_lead_is_refused(say, lead):
    named = lead()
    first = say(named, RETURNED)

    error = say(named, RETURNED | {"reason": "fake"}, expect=409)["error"]

    assert error["details"]["feedback_id"] == first["feedback"]["id"]


@pytest.mark.parametrize(("first", "then"), [(RETURNED, CONVERTED), (CONVERTED, RETURNED)])
def test_a_lead_is_not_both_returned_and_converted(say, lead, rows, first, then):
    named = lead()
    say(named, first)
    before = everything(rows)

    say(named, then, expect=409)

    assert everything(rows) == before


def test_a_request_that_comes_again_under_its_key_is_answered_as_before(say, ask, lead):
    named, key = lead(), {"Idempotency-Key": uuid4().hex}
    first = say(named, RETURNED, headers=key)["feedback"]
    ask("DELETE", f"/leads/{named}/feedback/{first['id']}")

    again = say(named, RETURNED, headers=key)

    assert not again["changed"] and again["feedback"]["id"] == first["id"]
    assert again["feedback"]["undone_at"]


def test_a_key_is_of_one_request(say, lead):
    key = {"Idempotency-Key": uuid4().hex}
    say(lead(), RETURNED, headers=key)

    say(lead(), RETURNED, expect=422, headers=key)


def test_a_late_return_is_refused_with_the_end_of_its_window_and_changes_nothing(say, lead, rows):
    sent = datetime.now(UTC) - timedelta(days=8)
    named = lead(submitted_at=sent.isoformat(), buyer_id="a")
    before = everything(rows)

    error = say(named, RETURNED, expect=409)["error"]

    ended = (sent + timedelta(days=7)).isoformat(timespec="seconds").replace("+00:00", "Z")
    assert error["details"]["return_window_ended_at"] == ended
    assert everything(rows) == before


def test_the_window_is_judged_by_the_moment_that_is_passed_in(database, gate, user_id, lead):
    named, said = lead(), Said(RETURN, "fake")
    desk, later = Desk(database, gate), datetime.now(UTC) + timedelta(days=7)

    with pytest.raises(OutOfTime):
        give(desk, user_id, named, said, "local", later)


def test_terms_of_a_buyer_give_window_and_reasons(say, ask, lead, rows):
    set_to = {"buyer_id": "a", "return_days": 30, "return_reasons": ["bad_credit"]}
    ask("PUT", "/terms", body=set_to)
    sent = (datetime.now(UTC) - timedelta(days=20)).isoformat()
    named = lead(submitted_at=sent, buyer_id="a")
    before = everything(rows)

    error = say(named, RETURNED, expect=422)["error"]

    assert error["details"]["return_reasons"] == ["bad_credit"]
    assert everything(rows) == before
    assert say(named, {"type": "return", "reason": "bad_credit"})["changed"]


def test_another_buyer_is_refused(say, lead, rows):
    named = lead(buyer_id="a")
    before = everything(rows)

    say(named, RETURNED | {"buyer_id": "b"}, expect=409)

    assert everything(rows) == before


def test_a_rejected_lead_cannot_be_returned(say, post, rows):
    known = {"email": "twice@corp.example", "name": "Grace Hopper"}
    post(**known)
    rejected = post(**known)["lead_id"]
    before = everything(rows)

    say(rejected, RETURNED, expect=409)

    assert everything(rows) == before


def test_a_held_lead_is_released_and_not_returned(say, lead):
    say(lead(hold_seconds=60), RETURNED, expect=409)


def test_a_conversion_moves_the_lead_and_is_told_once(say, lead, rows):
    named = lead()

    say(named, CONVERTED)
    say(named, CONVERTED)

    told = rows(
        "SELECT data ->> 'status_before' FROM public.events WHERE tenant_id = %(tenant)s "
        "AND event = 'lead.converted'"
    )
    assert told == [("new",)]
    assert rows("SELECT status FROM public.leads WHERE tenant_id = %(tenant)s") == [("converted",)]


def test_a_lead_that_was_said_to_have_converted_is_not_told_of_again(say, ask, lead, rows):
    named = lead()
    ask("PUT", f"/leads/{named}", body={"status": "converted"})

    say(named, CONVERTED)

    told = rows(
        "SELECT id FROM public.events WHERE tenant_id = %(tenant)s AND event = 'lead.converted'"
    )
    assert len(told) == 1


def test_taking_a_return_back_restores_the_deal(say, ask, lead, rows):
    named = lead(buyer_id="a")
    told = say(named, RETURNED)["feedback"]

    undone = ask("DELETE", f"/leads/{named}/feedback/{told['id']}")

    assert undone["changed"] and undone["feedback"]["undone_by"] == "local"
    assert state(rows) == [("a", "accepted")]
    assert rows("SELECT * FROM dedup.feedback_labels WHERE tenant_id = %(tenant)s") == []
    assert say(named, CONVERTED)["changed"]


def test_taking_a_conversion_back_restores_the_status(say, ask, lead, rows):
    named = lead()
    told = say(named, CONVERTED)["feedback"]

    ask("DELETE", f"/leads/{named}/feedback/{told['id']}")

    assert rows("SELECT status FROM public.leads WHERE tenant_id = %(tenant)s") == [("new",)]


def test_taking_a_conversion_back_leaves_a_status_that_was_given_since(say, ask, lead, rows):
    named = lead()
    told = say(named, CONVERTED)["feedback"]
    ask("PUT", f"/leads/{named}", body={"status": "lost"})

    ask("DELETE", f"/leads/{named}/feedback/{told['id']}")

    assert rows("SELECT status FROM public.leads WHERE tenant_id = %(tenant)s") == [("lost",)]


def test_what_was_taken_back_is_not_taken_back_again(say, ask, lead):
    named = lead()
    path = f"/leads/{named}/feedback/{say(named, RETURNED)['feedback']['id']}"
    first = ask("DELETE", path)

    again = ask("DELETE", path)

    assert not again["changed"] and again["feedback"] == first["feedback"]


def test_feedback_of_another_lead_is_not_found(say, ask, lead):
    told = say(lead(), RETURNED)["feedback"]

    ask("DELETE", f"/leads/{lead()}/feedback/{told['id']}", expect=404)


def test_all_that_was_said_of_a_lead_is_listed_the_latest_first(say, ask, lead):
    named = lead()
    first = say(named, RETURNED | {"note": "A bakery."})["feedback"]
    ask("DELETE", f"/leads/{named}/feedback/{first['id']}")
    second = say(named, CONVERTED)["feedback"]

    page = ask("GET", f"/leads/{named}/feedback", limit=1)
    rest = ask("GET", f"/leads/{named}/feedback", limit=1, after=page["next_after"])

    assert page["feedback"] == [second] and second["value"] == 1250.5
    assert [(each["id"], each["note"]) for each in rest["feedback"]] == [(first["id"], "A bakery.")]
    assert rest["next_after"] is None


def test_notes_are_sealed(say, lead, rows):
    say(lead(), RETURNED | {"note": "Mrs Babbage answers."})

    ((note,),) = rows("SELECT note FROM dedup.feedback WHERE tenant_id = %(tenant)s")
    assert b"Babbage" not in bytes(note)


def test_a_duplicate_that_names_no_lead_is_a_label_without_a_pair(say, lead, rows):
    say(lead(), {"type": "return", "reason": "duplicate"})

    ((label, known, same, levels),) = rows(
        "SELECT label, known_lead_id, same_person, levels FROM dedup.feedback_labels "
        "WHERE tenant_id = %(tenant)s"
    )
    assert (label, known, same, levels) == ("duplicate", None, True, None)


def test_a_duplicate_that_names_its_lead_is_a_pair_with_what_was_compared(say, post, rows):
    # Flagged beside the other one, and sold all the same.
    first = post(email="mj@one.example", first_name="Mike", last_name="Johnson", phone="2125551212")
    second = post(email="mj@two.example", first_name="Michael", last_name="Johnson", company="Acme")
    ((compared,),) = rows(
        "SELECT compared_with FROM dedup.decisions WHERE tenant_id = %(tenant)s "
        "ORDER BY decided_at DESC LIMIT 1"
    )
    said = {"type": "return", "reason": "duplicate", "duplicate_of": first["lead_id"]}

    answer = say(second["lead_id"], said)

    assert answer["feedback"]["duplicate_of"] == first["lead_id"]
    ((known, same, levels, version),) = rows(
        "SELECT known_lead_id, same_person, levels, model_version FROM dedup.feedback_labels "
        "WHERE tenant_id = %(tenant)s"
    )
    assert (str(known), same) == (first["lead_id"], True) and version
    assert compared == known and levels


def test_other_reasons_say_nothing_of_who_somebody_is(say, lead, rows):
    say(lead(), RETURNED)

    assert rows(
        "SELECT label, same_person FROM dedup.feedback_labels WHERE tenant_id = %(tenant)s"
    ) == [("wrong_number", None)]


@pytest.mark.parametrize(
    ("said", "status", "field"),
    [
        ({}, 400, "type"),
        ({"type": "refund"}, 400, "type"),
        ({"type": "return"}, 400, "reason"),
        ({"type": "return", "reason": "did_not_buy"}, 422, "reason"),
        (RETURNED | {"value": 1, "currency": "EUR"}, 400, "value"),
        (RETURNED | {"buyer": "a", "buyer_id": "b"}, 400, "buyer"),
        (RETURNED | {"at": "2001-01-01T00:00:00Z"}, 422, "at"),
        (RETURNED | {"duplicate_of": str(uuid4())}, 422, "duplicate_of"),
        ({"type": "return", "reason": "duplicate", "duplicate_of": str(uuid4())}, 422, None),
        ({"type": "conversion", "value": 1}, 400, "currency"),
        ({"type": "conversion", "value": -1, "currency": "EUR"}, 400, "value"),
        ({"type": "conversion", "value": "1e400", "currency": "EUR"}, 400, "value"),
        ({"type": "conversion", "value": True, "currency": "EUR"}, 400, "value"),
        ({"type": "conversion", "value": 0.0001, "currency": "EUR"}, 400, "value"),
        ({"type": "conversion", "value": 1, "currency": "euro"}, 400, "currency"),
        ({"type": "conversion", "reason": "Ann Miller bought"}, 400, "reason"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field_and_changes_nothing(
    say, lead, rows, said, status, field
):
    named = lead()
    before = everything(rows)

    error = say(named, said, expect=status)["error"]

    assert field is None or field in error["details"]
    assert everything(rows) == before


def test_of_an_unknown_lead_nothing_is_said(say):
    say(uuid4(), RETURNED, expect=404)


def test_an_amount_is_kept_to_the_thousandth(database, gate, user_id, lead, rows):
    said = Said(CONVERSION, value=Decimal("99999999999.999"), currency="KWD")

    give(Desk(database, gate), user_id, lead(), said, "local", datetime.now(UTC))

    assert rows("SELECT value FROM dedup.feedback WHERE tenant_id = %(tenant)s") == [
        (Decimal("99999999999.999"),)
    ]


def test_an_erased_lead_takes_its_feedback_along(say, ask, lead, rows):
    named = lead()
    say(named, RETURNED)

    ask("DELETE", f"/leads/{named}")

    assert rows("SELECT * FROM dedup.feedback WHERE tenant_id = %(tenant)s") == []
    assert rows("SELECT * FROM dedup.feedback_labels WHERE tenant_id = %(tenant)s") == []


def test_a_return_gives_a_place_under_a_cap_back(say, ask, post):
    ask("PUT", "/terms", body={"buyer_id": "a", "caps": [{"most": 1, "per": "total"}]})
    context = {"buyer_id": "a"}
    first = post(email="one@corp.example", name="Ann One", context=context)["lead_id"]
    full = post(email="two@corp.example", name="Bob Two", context=context)

    say(first, RETURNED)

    assert full["blocking_reason"] == "cap_reached"
    after = post(email="three@corp.example", name="Cy Three", context=context)
    assert after["action_taken"] == "allow_processing"


def test_a_status_moves_only_from_where_it_was_seen(database, user_id, lead):
    named = lead()
    with database.transaction(user_id) as conn:
        assert not leads.move(conn, user_id, named, "lost", "converted")
        assert leads.move(conn, user_id, named, "new", "converted")
