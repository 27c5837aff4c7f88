"""Services are added, changed, ended, exported and imported by their owner alone."""

from time import monotonic
from uuid import uuid4

import pytest

from tests.services.leads.account import API
from tests.services.matching.account import LOAN, Matched

OPEN_IN_BERLIN = {"active_hours": {"timezone": "Europe/Berlin", "from": "09:00", "to": "17:00"}}


@pytest.fixture
def mine(app, user_id):
    return Matched(app, user_id)


@pytest.fixture
def others(app):
    return Matched(app, f"tenant-{uuid4().hex}")


def named(faults):
    return sorted(faults["error"]["details"])


def test_a_service_is_answered_as_it_was_said(mine):
    made = mine.ask("POST", "/services", 201, **LOAN)["service"]

    assert {name: made[name] for name in LOAN} == LOAN | {"target_locations": [{"place": "Texas"}]}
    assert (made["version"], made["is_active"], made["currency"]) == (1, True, "USD")
    assert mine.get(f"/services/{made['id']}")["service"] == made


def test_what_is_not_said_is_any(mine):
    made = mine.ask("POST", "/services", 201, service_name="Advice", service_type="consulting")

    service = made["service"]
    assert (service["target_audience"], service["needs_purpose"]) == ("both", "sharing")
    for field in ("target_industries", "target_locations", "target_company_sizes"):
        assert service[field] == []
    assert service["min_loan_amount"] is service["max_loan_amount"] is None


def test_places_and_industries_are_answered_as_they_were_understood(mine):
    places = ["Texas", {"place": "Denver, CO", "radius_km": 80}, "nationwide", "30.27,-97.74"]
    more = {"target_locations": places, "target_industries": ["bakery", "technology", "72"]}

    read = mine.ask("POST", "/services", 201, **(LOAN | more))["service"]["understood"]

    areas = [(one["kind"], one["admin1"], one["radius_km"]) for one in read["target_locations"]]
    assert areas == [
        ("admin1", "TX", None),
        ("city", "CO", 80.0),
        ("country", None, None),
        ("coordinates", "TX", None),
    ]
    assert [one["name"] for one in read["target_industries"]][1] == "Technology"
    assert [one["code"] for one in read["target_industries"]][1:] == [None, "72"]


def test_a_country_is_nationwide_there(mine):
    canada = {"nationwide": True, "country": "Canada"}

    service = mine.ask("POST", "/services", 201, **(LOAN | {"target_locations": [canada]}))

    (area,) = service["service"]["understood"]["target_locations"]
    assert (area["kind"], area["country"]) == ("country", "CA")


REFUSED = {
    # what is sent: the fields that are named, and the status
    "nothing": (
        {"service_name": None, "service_type": None},
        ["service_name", "service_type"],
        400,
    ),
    "no name": ({"service_name": " "}, ["service_name"], 400),
    "a long name": ({"service_name": "n" * 201}, ["service_name"], 400),
    "an audience": ({"target_audience": "dogs"}, ["target_audience"], 400),
    "a size": ({"target_company_sizes": ["tiny"]}, ["target_company_sizes[0]"], 400),
    "a negative amount": ({"min_loan_amount": -1}, ["min_loan_amount"], 400),
    "no number": ({"max_loan_amount": "much"}, ["max_loan_amount"], 400),
    "a boolean": ({"max_loan_amount": True}, ["max_loan_amount"], 400),
    "bounds": ({"min_loan_amount": 10, "max_loan_amount": 5}, ["min_loan_amount"], 422),
    "no currency": ({"currency": None}, ["currency"], 400),
    "an empty currency": ({"currency": ""}, ["currency"], 400),
    "an unknown currency": ({"currency": "ZZQ"}, ["currency"], 400),
    "a place": ({"target_locations": ["Texas", "Qzxwvkj"]}, ["target_locations[1]"], 422),
    "an industry": ({"target_industries": ["qzxwvkj"]}, ["target_industries[0]"], 422),
    "a radius": (
        {"target_locations": [{"radius_km": 5}]},
        ["target_locations[0].radius_km"],
        400,
    ),
    "a country's radius": (
        {"target_locations": [{"nationwide": True, "radius_km": 5}]},
        ["target_locations[0].radius_km"],
        422,
    ),
    "a negative radius": (
        {"target_locations": [{"place": "Austin", "radius_km": -5}]},
        ["target_locations[0].radius_km"],
        400,
    ),
    "a number for a place": ({"target_locations": [7]}, ["target_locations[0]"], 400),
    "no country": (
        {"target_locations": [{"nationwide": True, "country": "Austin"}]},
        ["target_locations[0].country"],
        422,
    ),
    "a required text": (
        {"requirements": {"min_revenue": "much"}},
        ["requirements.min_revenue"],
        400,
    ),
    "required bounds": (
        {"requirements": {"min_revenue": 2, "max_revenue": 1}},
        ["requirements.min_revenue"],
        422,
    ),
    "a great object": ({"terms": {"n": "x" * 30_000}}, ["terms"], 400),
    "a purpose": ({"needs_purpose": "fun"}, ["needs_purpose"], 400),
    "no capacity": ({"daily_capacity": 0}, ["daily_capacity"], 400),
    "an hour": ({"active_hours": {"from": "25:00"}}, ["active_hours.from"], 400),
    "a time zone": ({"active_hours": {"timezone": "Mars"}}, ["active_hours.timezone"], 400),
    "a machine's zone": (
        {"active_hours": {"timezone": "localtime"}},
        ["active_hours.timezone"],
        400,
    ),
    "a truth in words": ({"is_active": "yes"}, ["is_active"], 400),
}


@pytest.mark.parametrize(("sent", "fields", "status"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_named_and_nothing_is_stored(mine, sent, fields, status):
    error = mine.ask("POST", "/services", status, **(LOAN | sent))

    assert error["success"] is False
    assert [name for name in named(error) if name != "nearest_names"] == fields
    assert mine.get("/services")["services"] == []


def test_a_change_is_a_new_version_and_the_old_ones_stay(mine):
    service_id = mine.service()

    changed = mine.ask("PUT", f"/services/{service_id}", max_loan_amount=300000)["service"]

    assert (changed["version"], changed["max_loan_amount"]) == (2, 300000)
    assert changed["service_name"] == LOAN["service_name"]
    history = mine.get(f"/services/{service_id}/versions")["versions"]
    assert [(v["version"], v["max_loan_amount"]) for v in history] == [(2, 300000), (1, 250000)]


def test_a_change_that_changes_nothing_is_no_version(mine):
    service_id = mine.service()

    assert mine.ask("PUT", f"/services/{service_id}", **LOAN)["service"]["version"] == 1


def test_who_has_not_read_the_present_version_changes_nothing(mine):
    service_id = mine.service()
    mine.ask("PUT", f"/services/{service_id}", version=1, service_name="Second")

    error = mine.ask("PUT", f"/services/{service_id}", 409, version=1, service_name="Third")

    assert named(error) == ["version"]
    assert mine.get(f"/services/{service_id}")["service"]["service_name"] == "Second"


def test_a_change_that_makes_no_sense_is_refused_whole(mine):
    service_id = mine.service()

    mine.ask("PUT", f"/services/{service_id}", 422, service_name="New", min_loan_amount=900000)

    assert mine.get(f"/services/{service_id}")["service"]["version"] == 1


def test_null_means_what_is_usual(mine):
    service_id = mine.service()

    changed = mine.ask("PUT", f"/services/{service_id}", target_locations=None)["service"]

    assert changed["target_locations"] == []


def test_an_ended_service_stays_inactive_with_its_history(mine):
    service_id = mine.service()

    for _ in "twice":
        ended = mine.ask("DELETE", f"/services/{service_id}")["service"]

    assert (ended["is_active"], ended["version"]) == (False, 2)
    assert mine.ask("PUT", f"/services/{service_id}", is_active=True)["service"]["version"] == 3


def test_lists_are_filtered_and_pages_meet(mine):
    loans = [mine.service(service_name=f"Loan {n}") for n in range(3)]
    advice = mine.service(service_type="Business Consulting", service_category="growth")
    mine.ask("DELETE", f"/services/{loans[0]}")

    first = mine.get("/services", limit=3)
    rest = mine.get("/services", limit=3, after=first["next_after"])

    shown = [one["id"] for one in first["services"] + rest["services"]]
    assert (shown, rest["next_after"]) == ([advice, *loans[::-1]], None)
    typed = mine.get("/services", service_type="business_consulting")["services"]
    assert [one["id"] for one in typed] == [advice]
    assert mine.get("/services", service_category="growth")["count"] == 1
    assert mine.get("/services", is_active="true")["count"] == 3
    assert mine.get("/services", is_active="false")["count"] == 1


def test_the_history_comes_in_pages(mine):
    service_id = mine.service()
    for n in range(3):
        mine.ask("PUT", f"/services/{service_id}", service_name=f"Name {n}")

    first = mine.get(f"/services/{service_id}/versions", limit=3)
    rest = mine.get(f"/services/{service_id}/versions", before=first["next_before"])

    assert [one["version"] for one in first["versions"] + rest["versions"]] == [4, 3, 2, 1]
    assert rest["next_before"] is None


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("part", ["", "/versions", "/leads"])
def test_another_accounts_service_is_answered_as_one_that_nobody_has(mine, others, method, part):
    if part and method != "GET":
        return
    service_id = mine.service()

    foreign = others.ask(method, f"/services/{service_id}{part}", 404)
    nobodys = others.ask(method, f"/services/{uuid4()}{part}", 404)

    assert foreign["error"] == nobodys["error"]
    assert mine.get(f"/services/{service_id}")["service"]["version"] == 1
    assert others.get("/services")["services"] == []


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/services/seven", "service_id"),
        ("/services?limit=0", "limit"),
        ("/services?limit=1001", "limit"),
        ("/services?after=x", "after"),
        ("/services?is_active=perhaps", "is_active"),
    ],
)
def test_an_address_that_cannot_be_read_is_named(client, path, field):
    answer = client.get(f"{API}{path}")

    assert answer.status_code == 400
    assert list(answer.json["error"]["details"]) == [field]


# Import and export -------------------------------------------------------------------------------


def test_an_export_comes_in_elsewhere_as_it_went_out(mine, others):
    places = (["nationwide"], [{"nationwide": True, "country": "CA"}], ["Texas", "Denver, CO"])
    ids = [mine.service(target_locations=where) for where in places]
    taken = mine.get("/services/export")["services"]

    done = others.ask("POST", "/services/import", services=taken)

    assert done["created"] == ids
    assert others.get("/services/export")["services"] == taken


def test_an_import_again_changes_nothing(mine):
    mine.service()
    taken = mine.get("/services/export")["services"]

    done = mine.ask("POST", "/services/import", services=taken)

    assert (done["created"], done["changed"], len(done["unchanged"])) == ([], [], 1)


def test_an_import_makes_a_known_service_what_it_says(mine):
    service_id = mine.service()
    item = {"id": service_id, "service_name": "Other", "service_type": "loan"}

    done = mine.ask("POST", "/services/import", services=[item])

    service = mine.get(f"/services/{service_id}")["service"]
    assert done["changed"] == [service_id]
    assert (service["version"], service["target_locations"]) == (2, [])


@pytest.mark.parametrize(
    ("faulty", "field", "status"),
    [
        (LOAN | {"target_locations": ["Qzxwvkj"]}, "services[1].target_locations[0]", 422),
        (LOAN | {"max_loan_amount": -5}, "services[1].max_loan_amount", 400),
        ("a text", "services[1].service", 400),
        (LOAN | {"max_loan_amount": 1}, "services[1].min_loan_amount", 422),
    ],
)
def test_one_fault_and_nothing_comes_in(mine, faulty, field, status):
    error = mine.ask("POST", "/services/import", status, services=[LOAN, faulty, LOAN])

    assert field in named(error)
    assert mine.get("/services")["services"] == []


def test_a_catalogue_with_time_zones_comes_in_at_once(mine):
    """The zones of a machine are a folder of files: read once a service, minutes for 10,000."""
    begun = monotonic()

    mine.ask("POST", "/services/import", services=[LOAN | OPEN_IN_BERLIN] * 300)

    assert monotonic() - begun < 3


def test_an_import_that_names_a_service_twice_is_refused(mine):
    item = LOAN | {"id": str(uuid4())}

    assert named(mine.ask("POST", "/services/import", 422, services=[item, item])) == ["services"]


@pytest.mark.parametrize("services", [None, [], {}, "x"])
def test_an_import_of_nothing_is_refused(mine, services):
    assert named(mine.ask("POST", "/services/import", 400, services=services)) == ["services"]


def test_the_pages_of_an_export_meet(mine):
    ids = [mine.service(service_name=f"Loan {n}") for n in range(3)]

    first = mine.get("/services/export", limit=2)
    rest = mine.get("/services/export", limit=2, after=first["next_after"])

    assert [one["id"] for one in first["services"] + rest["services"]] == ids
    assert rest["next_after"] is None
