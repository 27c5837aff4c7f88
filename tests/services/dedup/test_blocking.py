"""Blocking: what two leads of one person share, and how few keys that takes."""

import pytest

from services.dedup import blocking
from services.dedup.record import read

PAIRS = (
    ({"name": "Wong Ling-hui"}, {"name": "王玲慧"}),
    ({"name": "To Mei Na"}, {"first_name": "Mei Na", "last_name": "To"}),
    ({"name": "Lee Jungmin"}, {"first_name": "Jeongmin", "last_name": "Rhee"}),
    ({"first_name": "Mayumi", "last_name": "Uchino"}, {"name": "内野真由美"}),
    ({"name": "Sarah Fairwe1l"}, {"name": "Sarah Fairwell"}),
)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_one_person_at_one_company_shares_a_key(a: dict[str, str], b: dict[str, str]) -> None:
    one, other = (read({**each, "company": "Norraco Capital"}).record for each in (a, b))
    assert not set(blocking.keys(one)).isdisjoint(blocking.keys(other))


def test_a_plain_american_lead_has_at_most_nine_keys() -> None:
    lead = {"name": "Kevin Miller", "email": "kevin.miller@gmail.com", "phone": "+1 312 555 0142"}
    record = read({**lead, "company": "Acme Tools", "city": "Chicago"}).record
    assert len(blocking.keys(record)) <= 9


TWO_SCRIPTS = (
    ({"name": "Ching Lee"}, {"name": "李静"}),
    ({"name": "Omer Abraham"}, {"name": "עומר אברהם"}),
    ({"name": "Fatimah Ebrahim"}, {"name": "فاطمة إبراهيم"}),
    ({"name": "Chanida Chaimongkhon"}, {"name": "ชนิดา ชัยมงคล"}),
    ({"name": "Sung Kuo-chun"}, {"name": "宋国俊"}),
    ({"name": "Ekaterina Orlova"}, {"name": "Yekaterina Orlova"}),
)


@pytest.mark.parametrize(("a", "b"), TWO_SCRIPTS)
def test_a_mistyped_mailbox_is_found_by_a_name_in_two_spellings(
    a: dict[str, str], b: dict[str, str]
) -> None:
    one = read({**a, "email": "lakeview71@gmail.com"}).record
    other = read({**b, "email": "lakeveiw71@gmail.com"}).record
    assert not set(blocking.keys(one)).isdisjoint(blocking.keys(other))


@pytest.mark.parametrize("initial", ["A.", "H", "V.", "W", "Y."])
def test_an_initial_begins_as_its_name_does(initial: str) -> None:
    whole = {"A.": "Anna", "H": "Hanna", "V.": "Vera", "W": "Walter", "Y.": "Yasmin"}[initial]
    one, other = (
        read({"first_name": first, "last_name": "Fairwell", "city": "Leeds"}).record
        for first in (initial, whole)
    )
    assert not set(blocking.keys(one)).isdisjoint(blocking.keys(other))


SLIPPED = (
    (
        {"name": "Radhika Hukkeri", "email": "hukkerir@mill.example"},
        {"name": "Hukeri Radhika", "email": "hukerir@mill.example"},
    ),
    (
        {"name": "Yoko Miura", "company": "大阪不動産"},
        {"name": "三浦陽子", "company": "大阪不動産"},
    ),
    (
        {"name": "Savannah Heath", "phone": "+1 208 230 4263"},
        {"name": "Savannah Hwath", "phone": "+1 209 230 4263"},
    ),
)


@pytest.mark.parametrize(("a", "b"), SLIPPED)
def test_slips_in_names_leave_a_key_in_common(a: dict[str, str], b: dict[str, str]) -> None:
    one, other = (read(each).record for each in (a, b))
    assert not set(blocking.keys(one)).isdisjoint(blocking.keys(other))
