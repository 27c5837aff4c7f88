"""Suppression lists over HTTP, on a real PostgreSQL: who is found on which list, and who is not."""

import hashlib
from uuid import uuid4

import pytest

from tests.services.suppression.conftest import Suppressing

HOW = ("md5", "sha1", "sha256")


def hashed(text, how="md5"):
    return hashlib.new(how, text.encode()).hexdigest()


def test_a_number_that_was_imported_is_found_in_another_form(mine):
    mine.send(mine.listed(), "phone\n(212) 555-1212\n")

    assert mine.found(phone="+12125551212")
    assert mine.found(phone="212.555.1212 ext. 9")
    assert not mine.found(phone="+12125551213")


@pytest.mark.parametrize("how", HOW)
def test_the_hash_of_an_address_is_found_by_the_address(mine, how):
    mine.send(mine.listed(), hashed(" Ann@X.com".strip().lower(), how) + "\n")

    assert mine.found(email="ann@x.com")
    assert mine.found(email=" Ann@X.com")
    assert not mine.found(email="anne@x.com")


def test_a_hash_in_capitals_is_the_same(mine):
    mine.enter(mine.listed(), {"email_md5": hashed("ann@x.com").upper()})

    assert mine.found(email="ANN@x.com")
    assert mine.found(hash=hashed("ann@x.com"))


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(
    "spelling", ["+12125551212", "12125551212", "2125551212", "(212) 555-1212", "212-555-1212"]
)
def test_the_hash_of_a_number_is_found_by_the_number(mine, how, spelling):
    mine.enter(mine.listed(), {f"phone_{how}": hashed(spelling, how)})

    assert mine.found(phone="(212) 555 1212")


def test_the_hash_of_a_number_with_its_trunk_digit_is_found(mine):
    mine.enter(mine.listed(), {"hash": hashed("02079460958", "sha256")})

    assert mine.found(phone="+44 20 7946 0958")


def test_one_mailbox_is_found_however_it_is_spelt(mine):
    mine.enter(mine.listed(), {"email": "ann.lee+x@gmail.com"})

    assert mine.found(email="annlee@gmail.com")
    assert mine.found(email="Ann.Lee@googlemail.com")


def test_the_hash_of_a_mailbox_is_found_by_its_tagged_spelling(mine):
    mine.enter(mine.listed(), {"email_md5": hashed("annlee@gmail.com")})

    assert mine.found(email="ann.lee+news@gmail.com")


def test_a_hash_of_dots_cannot_be_found_without_them(mine):
    mine.enter(mine.listed(), {"email_md5": hashed("ann.lee@gmail.com")})

    assert not mine.found(email="annlee@gmail.com")


def test_the_answer_names_every_list_and_when_the_person_came_on_it(mine):
    first, second = mine.listed(), mine.listed("customer")
    mine.enter(first, {"email": "ann@x.com"})
    mine.enter(second, {"email_sha1": hashed("ann@x.com", "sha1")}, {"phone": "2125551212"})

    answer = mine.asked(email="ann@x.com", phone="2125551212")

    hits = answer["found_in"]
    assert [(hit["list_id"], hit["kind"], hit["on_hit"]) for hit in hits] == [
        (first, "do_not_contact", "reject"),
        (second, "customer", "flag"),
    ]
    assert answer["added_at"] == min(hit["added_at"] for hit in hits)
    assert set(hits[0]) == {"list_id", "name", "kind", "on_hit", "added_at"}


def test_nobody_is_found_where_there_is_no_list(mine):
    answer = mine.asked(email="ann@x.com")

    assert (answer["found"], answer["found_in"], answer["added_at"]) == (False, [], None)


def test_only_the_lists_that_are_asked_for_are_looked_at(mine):
    first, second = mine.listed(), mine.listed("customer")
    mine.enter(first, {"email": "ann@x.com"})

    assert mine.found(email="ann@x.com", lists=[first, second])
    assert not mine.found(email="ann@x.com", lists=[second])


def test_a_list_of_one_source_is_not_asked_about_leads_of_another(mine):
    mine.enter(mine.listed(sources=["ads"]), {"email": "ann@x.com"})

    assert mine.found(email="ann@x.com", source_id="ads")
    assert not mine.found(email="ann@x.com", source_id="fair")
    assert mine.found(email="ann@x.com")


def test_lists_of_another_account_name_nobody(mine, app):
    list_id = mine.listed()
    mine.enter(list_id, {"email": "ann@x.com", "email_md5": hashed("ann@x.com")})
    other = Suppressing(app, f"tenant-{uuid4().hex}")

    assert not other.found(email="ann@x.com")
    assert not other.found(email="ann@x.com", lists=[list_id])
    body = {"entries": [{"email": "bob@x.com"}]}
    other.ask("POST", f"/lists/{list_id}/entries", 404, json=body)
    other.ask("POST", "/unique", 404, json={"list_id": list_id, "email": "bob@x.com"})


def test_somebody_is_new_to_a_list_once(mine):
    list_id = mine.listed()

    said = [mine.unique(list_id, email=text) for text in ("ann@x.com", "ANN@x.com", "bob@x.com")]

    assert said == [True, False, True]
    assert mine.size(list_id) == 2


def test_somebody_whose_hash_is_on_a_list_is_not_new_to_it(mine):
    list_id = mine.listed()
    mine.enter(list_id, {"email_md5": hashed("ann@x.com")})

    assert not mine.unique(list_id, email="ann@x.com")
    assert mine.size(list_id) == 1


def test_whoever_is_taken_off_a_list_is_off_it_in_every_form(mine):
    list_id = mine.listed()
    mine.enter(list_id, {"email": "ann@x.com", "email_md5": hashed("ann@x.com")})

    assert mine.remove(list_id, {"email": "Ann@x.com"}, {"email": "bob@x.com"}) == 1
    assert not mine.found(email="ann@x.com")
    assert mine.size(list_id) == 0


def test_entries_that_are_there_are_counted_apart(mine):
    list_id = mine.listed()
    mine.enter(list_id, {"email": "ann@x.com"})

    answer = mine.enter(list_id, {"email": "ANN@x.com"}, {"email": "bob@x.com"})

    assert (answer["added"], answer["already_listed"]) == (1, 1)


def test_one_entry_that_cannot_be_read_keeps_all_out_and_is_named(mine):
    list_id = mine.listed()

    error = mine.enter(
        list_id,
        {"email": "ann@x.com"},
        {"email": "nobody", "phone": "12"},
        {"email_md5": hashed("x", "sha1")},
        {},
        expect=400,
    )["error"]

    assert set(error["details"]) == {
        *("entries.1.email", "entries.1.phone", "entries.2.email_md5", "entries.3.email")
    }
    assert "nobody" not in str(error)
    assert mine.size(list_id) == 0


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"kind": "friends"}, "kind"),
        ({"name": ""}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"on_hit": "allow"}, "on_hit"),
        ({"expires_after_days": 0}, "expires_after_days"),
        ({"sources": "ads"}, "sources"),
    ],
)
def test_what_is_wrong_with_a_list_is_named(mine, said, place):
    assert list(mine.listed(expect=400, **said)["details"]) == [place]


@pytest.mark.parametrize(
    ("kind", "on_hit"),
    [("do_not_contact", "reject"), ("litigator", "reject"), ("customer", "flag")],
)
def test_what_becomes_of_a_lead_follows_from_the_kind_unless_it_is_said(mine, kind, on_hit):
    silent, other = mine.listed(kind), {"reject": "flag", "flag": "reject"}[on_hit]
    said = mine.listed(kind, on_hit=other)

    hits = [mine.ask("GET", f"/lists/{one}")["list"]["on_hit"] for one in (silent, said)]

    assert hits == [on_hit, other]


def test_two_lists_have_two_names(mine):
    one, two = mine.listed(name="One"), mine.listed(name="Two")

    mine.listed(name="One", expect=409)
    mine.ask("PUT", f"/lists/{two}", 409, json={"name": "One"})
    mine.ask("DELETE", f"/lists/{one}")
    mine.ask("PUT", f"/lists/{two}", json={"name": "One"})


def test_a_change_leaves_what_is_not_said(mine):
    list_id = mine.listed(sources=["ads"], expires_after_days=30)

    changed = mine.ask("PUT", f"/lists/{list_id}", json={"expires_after_days": None})["list"]

    assert (changed["sources"], changed["expires_after_days"]) == (["ads"], None)
    assert changed["kind"] == "do_not_contact"


def test_a_deleted_list_names_nobody(mine):
    list_id = mine.listed()
    mine.enter(list_id, {"email": "ann@x.com"})

    mine.ask("DELETE", f"/lists/{list_id}")

    assert not mine.found(email="ann@x.com")
    mine.ask("GET", f"/lists/{list_id}", 404)
    assert mine.ask("GET", "/lists")["lists"] == []


def test_lists_come_in_pages(mine):
    made = [mine.listed(name=f"List {n}") for n in range(3)]

    first = mine.ask("GET", "/lists", query={"limit": 2})
    rest = mine.ask("GET", "/lists", query={"limit": 2, "after": first["next_after"]})

    assert [one["id"] for one in (*first["lists"], *rest["lists"])] == made
    assert rest["next_after"] is None
