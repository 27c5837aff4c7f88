"""Whom a lead meets, and who is left of its candidates if it says something else."""

from datetime import UTC, datetime
from itertools import chain
from uuid import UUID

from services.dedup import blocking
from services.dedup.compared import Compared, Known
from services.dedup.crowd import Candidate, Meeting, crowd, met
from services.dedup.linkage import Match
from services.dedup.record import read
from tests.services.dedup.pair_tables import pairs

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def known(number, person, **said):
    """Return lead *number* of a *person*."""
    ids = UUID(int=number), UUID(int=person), UUID(int=person)
    return Known(*ids, "form", NOON, read(said).record)


def candidates(*leads):
    """Return *leads* as candidates, the first the likeliest."""
    likely = (Match(1.0 / (place + 1), (), False) for place in range(len(leads)))
    return [
        Candidate(lead, Compared(lead, match)) for lead, match in zip(leads, likely, strict=True)
    ]


def test_two_leads_meet_if_and_only_if_they_share_a_blocking_key():
    for each in chain(pairs("odd_pairs.txt", "="), pairs("world_pairs.txt", "!")):
        own, other = read(each.values[0]).record, known(1, 1, **each.values[1])
        share = bool({*blocking.keys(own)} & {*blocking.keys(other.record)})
        assert Meeting().of(own)(other) is share, each.id


def test_of_one_person_s_equal_leads_the_first_is_tried():
    ada = {"name": "Ada Lovelace", "phone": "+44 7700 900123"}
    everybody = candidates(known(1, 1, **ada), known(2, 1, **ada), known(3, 3, **ada))

    near = crowd(everybody, 2).near

    assert [one.known.lead_id.int for one in near] == [1, 3]


def test_what_a_person_said_where_a_lead_does_not_lead_any_more_is_not_known_of_them():
    by_mail, by_phone = {"email": "ada@engine.example"}, {"phone": "+44 7700 900123"}
    everybody = crowd(
        candidates(known(1, 1, **by_phone), known(2, 1, name="Ada Lovelace", **by_mail)), 10
    )
    meets = Meeting().of(read(by_phone).record)

    there = met(everybody, meets)

    assert [one.known.lead_id.int for one in there.near] == [1]
    assert (UUID(int=1), None) in everybody.named.written
    assert not there.named.written


def test_who_meets_everybody_as_before_finds_the_same_crowd():
    everybody = crowd(candidates(known(1, 1, phone="+44 7700 900123")), 10)
    meets = Meeting().of(read({"phone": "+44 7700 900123", "name": "Ada"}).record)

    assert met(everybody, meets) is everybody
