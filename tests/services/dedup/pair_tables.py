"""Tables of pairs of leads that a careful human is sure of, and what a running check makes of them.

A line with a sign and what is odd about the pair, then its two leads, as the tables say.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.accuracy import engine
from bench.leads.arrival import Arrival

TABLES = ("odd_pairs.txt", "world_pairs.txt", "wide_world_pairs.txt")
"""Files beside this one."""

FIELDS = {
    **{"n": "name", "f": "first_name", "l": "last_name", "e": "email", "p": "phone"},
    **{"c": "company", "t": "job_title", "s": "street", "g": "city", "r": "state"},
    **{"z": "postal_code", "k": "country", "d": "date_of_birth"},
}


def lead(line):
    """Return the lead that a line of the table spells out."""
    parts = (part.partition(":") for part in line.split("|"))
    return {FIELDS[letter]: text for letter, _, text in parts}


def pairs(table, sign):
    """Return the pairs of *table*, beside this file, under *sign*, each named by its oddity."""
    lines = Path(__file__).with_name(table).read_text(encoding="utf-8").splitlines()
    found = [line for line in lines if not line.startswith("#")]
    rows = zip(found[::3], found[1::3], found[2::3], strict=True)
    return [
        pytest.param(lead(one), lead(other), id=title[2:])
        for title, one, other in rows
        if title[0] == sign
    ]


def found_again(known, new):
    """Return whether *new*, three weeks after *known*, is taken for a duplicate."""
    first = datetime(2026, 3, 2, 9, tzinfo=UTC)
    leads = [
        Arrival(each, first + days, None, "web", 1, False, "first", "", "")
        for each, days in ((known, timedelta()), (new, timedelta(weeks=3)))
    ]
    *_, last = engine.run(leads)
    return last.outcome.verdict.decision.duplicate_found
