"""A file imported comes to what its rows would have come to, posted one by one."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.db import ERASER, WORKER, Database
from shared.keyfile import keyring
from tests.services.dedup.imports.engine import Engine, lines

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["Ada", "Robert", "Bob", "Jon", ""]),
        st.sampled_from(["Lovelace", "Miller", "Miler", ""]),
        st.sampled_from(["ada@analytical.example", "bob.miller@firm.example", "info@firm.example"]),
        st.sampled_from(["+1 212 555 0123", "(212) 555-0123", "+1 312 555 0188", ""]),
        st.sampled_from(["Analytical Engines Ltd", "Analytical Engines", "Firm Inc", ""]),
        st.sampled_from(["London", ""]),
    ),
    min_size=2,
    max_size=10,
)

FIELDS = ("first_name", "last_name", "email", "phone", "company", "city")

ACTION = {
    "new": "allow_processing",
    "update": "reject_duplicate",
    "duplicate": "reject_duplicate",
    "conflict": "flag_for_review",
}


@pytest.fixture(scope="module")
def databases(server, local_settings, database):
    print_ = keyring(local_settings).fingerprint
    one = Database(server.conninfo(WORKER), print_, most=1, role=WORKER)
    eraser = Database(server.conninfo(ERASER), print_, most=1, role=ERASER)
    yield SimpleNamespace(one=one, app=database, eraser=eraser)
    one.close()
    eraser.close()


@given(ROWS)
@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_each_row_is_allowed_flagged_or_rejected_as_if_it_had_been_posted(
    databases, gate, client, rows
):
    """A contradiction is the one difference: a person looks at it, and what follows may differ."""
    engine = Engine(databases, databases.eraser, gate, f"tenant-{uuid4().hex}")
    posted = actions(client, f"tenant-{uuid4().hex}", rows)

    job = engine.imported(lines(*(",".join(row) for row in rows)))

    for row, expected in zip(engine.rows(job), posted, strict=True):
        if row.outcome == "conflict" and row.differing:
            assert expected == "reject_duplicate"
            break
        assert ACTION[row.outcome] == expected


def actions(client, tenant, rows):
    """Return what becomes of *rows*, posted one by one."""
    found = []
    for row in rows:
        lead = {name: text for name, text in zip(FIELDS, row, strict=True) if text}
        body = {"user_id": tenant, "source_id": "import", "lead_data": lead}
        answer = client.post("/webhook/leadfly/duplicate-prevention", json=body)
        found.append(answer.json["action_taken"])
    return found
