"""An import that is read otherwise while rows of it are under way, and files that lie."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from services.dedup.imports import asking, reading
from services.dedup.imports.previewing import Preview
from services.dedup.imports.reading_rows import read
from services.dedup.imports.taking import Overtaken
from shared.db import ERASER, WORKER, Database
from shared.keyfile import keyring
from tests.services.dedup.imports.engine import Engine, lines

ADA = "Ada,Lovelace,ada@analytical.example,+1 212 555 0123,Analytical Engines Ltd,London"
SPAM = "Test,Test,test@tempmail.com,+1-000-000-0000,Test Corp,"

PATH = "/api/v1/lead-discovery/imports"


@pytest.fixture(scope="module")
def databases(server, local_settings, database):
    print_ = keyring(local_settings).fingerprint
    one = Database(server.conninfo(WORKER), print_, most=1, role=WORKER)
    eraser = Database(server.conninfo(ERASER), print_, most=1, role=ERASER)
    yield SimpleNamespace(one=one, app=database, eraser=eraser)
    one.close()
    eraser.close()


@pytest.fixture
def engine(databases, gate, user_id):
    return Engine(databases, databases.eraser, gate, user_id)


def under_way(engine):
    """Return an import whose preview began, that preview, and its first rows as it read them."""
    job = engine.put(lines(ADA))
    now = datetime.now(UTC)
    asking.preview(engine.worker.app, engine.gate, engine.tenant, job.id, now)
    job = engine.job(job.id)
    sheet = reading.opened(engine.worker.one, engine.gate, engine.tenant, job)
    rows = read(engine.gate, job, reading.columns(sheet, job), sheet.rows())
    return job, Preview(engine.worker.one, engine.gate, job), rows


def test_rows_read_with_the_old_columns_are_not_noted_once_a_file_is_read_otherwise(engine):
    job, preview, rows = under_way(engine)
    said = {"columns": {"Company": ""}}
    asking.change(engine.worker.app, engine.gate, engine.tenant, job.id, said, datetime.now(UTC))

    with pytest.raises(Overtaken):
        preview.judge(rows)

    assert engine.rows(job) == []


def test_a_change_that_comes_to_the_same_words_is_another_work_all_the_same(engine):
    job, _, _ = under_way(engine)

    assert job.same_work(engine.job(job.id))
    assert not job.same_work(replace(job, started_at=datetime.now(UTC)))


def test_who_looks_like_spam_and_is_nobody_known_is_new_with_a_reason(engine):
    (row,) = engine.rows(engine.previewed(lines(SPAM)))

    assert row.outcome == "new"
    assert row.reason == "looks like spam or a test, and is to be looked at"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "idna", "undefined"])
def test_an_encoding_that_the_file_is_not_in_is_said_and_nothing_breaks(client, user_id, encoding):
    answer = client.post(
        PATH,
        query_string={"user_id": user_id, "encoding": encoding},
        data=b"Email\n~ada@analytical.example\n",
        content_type="text/csv",
    )

    assert answer.status_code == 400, answer.text
    assert "The first row is not" in answer.json["error"]["message"]


@pytest.mark.parametrize("encoding", ["hz", "iso2022_jp", "utf-7", "cp1252"])
def test_a_row_that_is_not_in_the_encoding_costs_itself(engine, encoding):
    broken = {"utf-7": b"+AG\xff", "cp1252": b"\x81"}.get(encoding, b"~\xff")

    job = engine.previewed(
        b"Email\n" + broken + b"@x.example\nada@analytical.example\n", encoding=encoding
    )

    assert engine.outcomes(job) == ["refused", "new"]


def test_a_misspelt_count_confirms_nothing(engine, client, user_id):
    job = engine.previewed(lines(ADA))
    body = {"user_id": user_id, "counts": {"New": 7}}

    answer = client.post(f"{PATH}/{job.id}/confirm", json=body)

    assert (answer.status_code, engine.job(job.id).status) == (400, "previewed"), answer.text
