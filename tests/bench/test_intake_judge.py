"""The judge of how payloads are understood can tell right from wrong, and counts every case."""

import pytest

from bench.intake.judge.verdicts import cases, half, told, verdicts

CASE = {
    "id": "one",
    "body": {},
    "is": {"email": "ann@a.test", "phone": "2025550143", "first_name": "Ann", "last_name": "Lee"},
    "never": [],
}


def judged(**fields):
    case = CASE | {"is": CASE["is"] | {"never": ["bob@b.test"]}}
    return verdicts(case, fields)


@pytest.mark.parametrize(
    ("field", "fields", "verdict"),
    [
        ("email", {"email": "ANN@a.test"}, "right"),
        ("email", {"email": "cy@a.test"}, "wrong"),
        ("email", {"email": "bob@b.test"}, "swapped"),
        ("email", {}, "missing"),
        ("phone", {"phone": "+1 (202) 555-0143"}, "right"),
        ("phone", {"phone": "+1 (202) 555-0144"}, "wrong"),
        ("name", {"name": "Lee, Ann"}, "right"),
        ("name", {"first_name": "Lee", "last_name": "Ann"}, "swapped"),
        ("name", {"first_name": "Ann"}, "wrong"),
        ("company", {"company": "Acme"}, "wrong"),
        ("others", {"other_email": "bob@b.test"}, "swapped"),
    ],
)
def test_every_verdict_is_given(field, fields, verdict):
    assert judged(**fields)[field] == verdict


def test_every_case_is_read_and_stands_once():
    found = cases()

    assert len({case["id"] for case in found}) == len(found) > 400
    assert {half(case) for case in found} == {"X", "Y"}
    assert all(isinstance(told(case), dict) for case in found[:20])
