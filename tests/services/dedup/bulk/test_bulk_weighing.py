"""Pairs compared by what was found before, held against comparing each by itself as online."""

import random
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from bench.leads.generator import arrivals
from services.dedup import blocking, comparisons
from services.dedup.beside import NOBODY
from services.dedup.bulk.people import Row
from services.dedup.bulk.rows import UNDATED, ready
from services.dedup.bulk.weighing import Side, Weighing
from services.dedup.compared import Known, Submission, compare
from services.dedup.model import STANDARD, Model
from services.dedup.policy import DEFAULT
from services.dedup.record import NAME, Record, unpack
from services.dedup.relation import RELATIONS, relation
from tests.services.dedup.arrivals import NOON
from tests.services.dedup.bulk.bulk_tables import manner

SEED, PEOPLE, AT_RANDOM = 6107, 900, 10_000

ODD = (
    {"name": "李小明", "email": "li.xiaoming@163.com", "country": "CN"},
    {"name": "Xiaoming Li", "email": "li.xiaoming@gmail.com"},
    {"name": "Александр Иванов", "phone": "+7 912 345-67-89"},
    {"name": "Ivanov Aleksandr", "phone": "8 912 345 67 89", "country": "RU"},
    {"name": "محمد علي", "phone": "+20 10 1234 5678"},
    {"name": "Mohamed Aly", "email": "m.aly@nile.example", "phone": "010 1234 5678"},
    {"name": "N. Desai", "email": "naveen.desai@harbour.example", "company": "Harbour Ltd"},
    {"name": "Nisha Desai", "email": "nisha@harbour.example", "company": "Harbour Ltd"},
    {"name": "Naveen Desai", "email": "naveen@harbour.example", "company": "Harbor Limited"},
    {"email": "info@harbour.example", "company": "Harbour Ltd", "phone": "+1 212 736 5000"},
    {"name": "Reception", "email": "info@harbour.example", "phone": "+1 212 736 5000 x12"},
    {"name": "J Smith", "email": "test@test.com", "phone": "000-0000"},
    {"name": "John Smith Jr.", "email": "john.smith@gmail.com", "date_of_birth": "1990-02-03"},
    {"name": "John Smith Sr.", "email": "johnsmith@gmail.com", "date_of_birth": "1960-03-02"},
    {"name": "Smith", "phone": "+1 212 736 5001"},
    {"name": "Anna", "email": "anna.schmidt1961@web.d", "city": "Köln", "country": "DE"},
    {"name": "Anne Schmidt", "email": "anna.schmidt1962@web.de", "city": "Cologne"},
    {"name": "Juan García López", "other_email": "jgl@casa.example; jgl@mar.example"},
    {"name": "Juan García", "email": "jgl@mar.example", "other_phone": "+34 612 345 678"},
    {"name": "Kim Jong Un", "postal_code": "03045", "country": "KR"},
    {"name": "김종운", "postal_code": "03045", "country": "KR"},
    {"company": "Fairwell & Sons", "job_title": "Managing Director"},
    {"message": "hello"},
)


def weights(shift):
    """Return weights as an account may have trained them: every level another than ours."""
    return {
        comparison: {level: worth * 0.9 + shift for level, worth in levels.items()}
        for comparison, levels in STANDARD.weights.items()
    }


POLICIES = {
    "default": DEFAULT,
    "of an account": replace(
        DEFAULT,
        off=frozenset({"title", "birth"}),
        half_life_days=90,
        model=Model("account-1", -6.3, weights(0.05)),
    ),
}


@pytest.fixture(scope="module")
def rows():
    """Generated leads, odd ones, and some of both that do not say when they came."""
    said = [(dict(each.lead), each.submitted_at) for each in arrivals(SEED, PEOPLE)]
    said += [(fields, NOON + timedelta(hours=31 * n)) for n, fields in enumerate(ODD)]
    return [
        Row(place, made.at if place % 17 else UNDATED, unpack(made.packed))
        for place, (fields, at) in enumerate(said)
        for made in (ready(fields, at, "US"),)
    ]


@pytest.fixture(scope="module")
def pairs(rows):
    """The pairs that share a key, all of odd leads, and thousands at random: own, known."""
    sharing, found = {}, set()
    for row in rows:
        for key in blocking.keys(row.record):
            found |= {(row.place, other) for other in sharing.get(key, ())}
            sharing.setdefault(key, []).append(row.place)
    first = len(rows) - len(ODD)
    found |= {(a, b) for a in range(first, len(rows)) for b in range(first, a)}
    chance = random.Random(SEED)
    found |= {tuple(sorted(chance.sample(range(len(rows)), 2))[::-1]) for _ in range(AT_RANDOM)}
    return [(rows[own], rows[known]) for own, known in sorted(found)]


def online(own, known, policy):
    """Return what the live check gives for two leads of which nobody else is known."""
    dated = UNDATED not in (own.at, known.at)
    if not dated:
        policy = replace(policy, off=policy.off | {"time"}, half_life_days=None)
    at = NOON + timedelta(seconds=own.at - known.at if dated else 0.0)
    nobody = UUID(int=0)
    before = Known(nobody, nobody, nobody, "", NOON, known.record)
    return compare(Submission("", {}, at), own.record, before, NOBODY, None, policy).match


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_what_is_remembered_gives_the_online_probability(rows, pairs, policy):
    weighing, sides = Weighing(manner(policy=policy)), [Side.of(row) for row in rows]
    assert len(pairs) >= AT_RANDOM

    differing = []
    for own, known in pairs:
        told, match = (
            weighing.told(sides[own.place], sides[known.place]),
            online(own, known, policy),
        )
        same = abs(told.match.probability - match.probability) <= 1e-9
        if not (same and RELATIONS[told.relation] == relation(match, 0.8)):
            differing.append((own, known))

    assert differing == []


def test_evidence_that_is_remembered_is_the_evidence_of_the_pair(rows, pairs):
    weighing, sides = Weighing(manner()), [Side.of(row) for row in rows]

    assert all(
        weighing.told(sides[own.place], sides[known.place]).match.evidence
        == online(own, known, DEFAULT).evidence
        for own, known in pairs
    )


def test_comparing_names_reads_nothing_but_names(pairs):
    def bare(record):
        return Record(**{name: getattr(record, name) for name in NAME})

    assert all(
        comparisons.name(a.record, b.record) == comparisons.name(bare(a.record), bare(b.record))
        for a, b in pairs
    )


def test_comparing_employers_reads_nothing_but_employers(pairs):
    def bare(record):
        return Record(organisation=record.organisation, company=record.company)

    assert all(
        comparisons.organisation(a.record, b.record)
        == comparisons.organisation(bare(a.record), bare(b.record))
        for a, b in pairs
    )
