"""A whole table on one machine: compared as the live check compares, on a real PostgreSQL."""

from datetime import timedelta

import pytest

from bench.leads.generator import arrivals
from services.dedup.bulk import crew as crews
from services.dedup.check import MOST_PER_TRANSACTION, check
from services.dedup.policy_cache import PolicyCache
from services.dedup.preparation import prepare
from services.dedup.verdict import Submission
from tests.services.dedup.arrivals import NOON
from tests.services.dedup.bulk.bulk_tables import cells, clusters, linked, manner, pairs

ADA = {"email": "ada@gmail.com", "phone": "+44 20 7946 0958", "name": "Ada Lovelace"}

SEED, PEOPLE = 6101, 1_000


@pytest.fixture(scope="module")
def crew():
    with crews.crew(2) as one:
        yield one


@pytest.fixture
def found(crew, tmp_path):
    """What is found among rows of fields, each a minute after the one before."""

    def found(*rows, **changes):
        lines = [cells(each, NOON + timedelta(minutes=n)) for n, each in enumerate(rows)]
        blocks, _ = linked(
            crew, tmp_path / str(len(list(tmp_path.iterdir()))), lines, manner(**changes)
        )
        return blocks

    return found


def live(database, gate, tenant_id, rows, at_once=MOST_PER_TRANSACTION):
    """Return the match probability of every pair that the live check compares, by places."""
    places, compared, policies = {}, {}, PolicyCache()

    def noted(outcome):
        own = places[outcome.lead_id] = len(places)
        for one in outcome.verdict.compared:
            compared[own, places[one.known.lead_id]] = one.match.probability
        return b""

    for start in range(0, len(rows), at_once):
        some = [Submission("table", fields, at) for fields, at in rows[start : start + at_once]]
        leads = [prepare(gate, tenant_id, each, "US") for each in some]
        for answered in check(database, gate, tenant_id, leads, noted, policies=policies):
            assert answered.error is None
    return compared


def test_online_and_bulk_give_the_same_probability(crew, tmp_path, database, gate, user_id):
    rows = [(dict(each.lead), each.submitted_at) for each in arrivals(SEED, PEOPLE)]

    blocks, _ = linked(crew, tmp_path / "run", [cells(*each) for each in rows])
    bulk, online = pairs(blocks), live(database, gate, user_id, rows)

    assert len(online) > PEOPLE / 2
    assert bulk.keys() == online.keys()
    assert {pair: p for pair, p in bulk.items() if abs(p - online[pair]) > 1e-9} == {}


def test_a_number_of_many_people_says_as_little_as_it_does_online(
    crew, tmp_path, database, gate, user_id
):
    line = {"phone": "+44 20 7946 0958"}
    names = [f"{given} {family}" for family in FAMILIES for given in GIVEN]
    at = [NOON + timedelta(minutes=n) for n in range(len(names))]
    rows = [(line | {"name": name}, time) for name, time in zip(names, at, strict=True)]

    blocks, _ = linked(crew, tmp_path / "run", [cells(*each) for each in rows])

    bulk, online = pairs(blocks), live(database, gate, user_id, rows, at_once=1)
    assert bulk.keys() == online.keys()
    assert {pair: p for pair, p in bulk.items() if abs(p - online[pair]) > 1e-9} == {}


GIVEN = ("Anna", "Boris", "Carla", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Ines")
FAMILIES = ("Castellanos", "Okonkwo", "Lindqvist", "Fitzgerald", "Takahashi", "Novotny", "Moreau")


def test_rows_of_one_person_have_one_cluster(found):
    again = ADA | {"name": "Lovelace, Ada", "phone": "020 7946 0958"}

    assert clusters(found(ADA, {"email": "alan@bletchley.example"}, again)) == {0: 0, 1: 1, 2: 0}


def test_who_left_an_address_and_who_left_a_number_are_one_through_who_left_both(found):
    mail, line = {"email": ADA["email"]}, {"phone": ADA["phone"], "name": ADA["name"]}

    assert clusters(found(mail, ADA, line)) == {0: 0, 1: 0, 2: 0}


def test_colleagues_are_not_chained_together(found):
    desk = {"company": "Meridian Freight", "phone": "+1 212 736 5000"}
    people = [
        desk | {"name": name, "email": f"{name.split()[0].lower()}@meridianfreight.example"}
        for name in ("Laura Castellanos", "Oskar Lindqvist", "Priya Raman", "Tom Fitzgerald")
    ]

    assert len(set(clusters(found(*people)).values())) == 4


def test_a_row_that_says_nothing_stays_and_is_alone(found):
    assert clusters(found(ADA, {"message": "hello"}, ADA)) == {0: 0, 1: 1, 2: 0}


def test_a_table_of_one_row_is_one_person(found):
    assert clusters(found(ADA)) == {0: 0}


def test_an_empty_table_has_nobody(found):
    assert clusters(found()) == {}


def test_rows_without_a_time_are_compared_without_it(crew, tmp_path):
    blocks, _ = linked(crew, tmp_path / "run", [cells(ADA), cells(ADA)])

    (link,) = (link for some in blocks.links(0.0) for link in some)
    assert (link.row, link.other, link.evidence) == (3, 2, None)
    assert link.probability > 0.99


def test_evidence_is_told_if_it_is_asked_for(found):
    ((link,),) = found(ADA, ADA, explained=True).links(0.8)

    assert "Both leads give the same mailbox." in link.evidence


def test_of_a_key_that_many_share_the_newest_fifty_before_are_compared(found):
    at_home = {"city": "Springfield", "company": "", "country": "US"}
    rows = [
        at_home | {"name": f"J{'a' * (n % 3)} Smith", "email": f"x{n}@a{n}.example"}
        for n in range(130)
    ]

    compared = pairs(found(*rows))

    assert max(sum(own == each for own, _ in compared) for each in range(130)) <= 50
    assert all(own > known for own, known in compared)
