"""Cursors: what PostgreSQL wrote is read, anything else is refused before it gets there."""

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.live.cursor import cursor, later, oldest
from shared.errors import Malformed

NUMBERS = st.integers(1, 2**62)


@st.composite
def snapshots(draw):
    """A snapshot as PostgreSQL writes it."""
    lowest, *others = sorted(draw(st.sets(NUMBERS, min_size=1, max_size=6)))
    running = sorted({lowest, *others}) if draw(st.booleans()) else []
    highest = max(lowest, *running, *others, lowest) + draw(st.integers(1, 9))
    return f"{lowest}:{highest}:{','.join(map(str, running))}"


@given(snapshots())
def test_every_snapshot_is_a_cursor(text):
    assert cursor(text) == text


@given(st.text(max_size=60))
def test_other_texts_are_refused(text):
    with pytest.raises(Malformed):
        cursor(text)


@pytest.mark.parametrize(
    "text",
    ["", "1", "1:2", "2:1:", "1:3:3", "1:3:2,2", "1:3:2,1", "0:1:", "1:2:\n", "9" * 19 + ":1:"],
)
def test_what_only_looks_like_one_is_refused(text):
    with pytest.raises(Malformed):
        cursor(text)


def test_what_passes_is_what_postgresql_reads(owner_conninfo):
    with psycopg.connect(owner_conninfo) as conn:
        for text in ("1:1:", "5:9:5,7", "9223372036854775806:9223372036854775807:"):
            (read,) = conn.execute("SELECT %s::pg_snapshot::text", [cursor(text)]).fetchone()
            assert read == text


def test_a_later_cursor_knows_of_more():
    assert later("5:9:", "5:8:")
    assert not later("5:9:", "7:9:")


def test_the_oldest_is_what_had_not_ended_for_somebody():
    assert oldest(["5:9:", "3:12:3", "8:8:"]) == "3"
