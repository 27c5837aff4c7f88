"""Arrays written as text, as PostgreSQL reads them."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from shared.array_text import array

ARRAYS = {
    "bigint[]": [0, -(2**63), 2**63 - 1],
    "uuid[]": [UUID(int=0), UUID(int=2**128 - 1)],
    "timestamptz[]": [
        datetime(2026, 1, 2, tzinfo=UTC),
        datetime(2026, 1, 2, 3, 4, 5, 678901, timezone(timedelta(hours=-9, minutes=-30))),
    ],
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_an_array_comes_back_as_it_was_written(database, kind):
    with database.transaction("somebody") as conn:
        (found,) = conn.execute(f"SELECT %(it)s::{kind}", {"it": array(ARRAYS[kind])}).fetchone()

    assert found == ARRAYS[kind]


def test_an_array_of_nothing_is_empty(database):
    with database.transaction("somebody") as conn:
        (found,) = conn.execute("SELECT %(it)s::bigint[]", {"it": array([])}).fetchone()

    assert found == []
