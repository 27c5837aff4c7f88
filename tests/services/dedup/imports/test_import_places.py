"""Where rows of a CSV file begin: what is far down is found without all that is above."""

import io
from types import SimpleNamespace

import pytest

from services.dedup.imports import places, reading
from services.dedup.imports.places import Places
from services.dedup.imports.row_cells import Cells
from services.dedup.imports.sheet import Sheet
from shared.db import ERASER, WORKER, Database
from shared.keyfile import keyring
from tests.services.dedup.imports.engine import Engine, lines

ROWS = [f'Zoë{n},Doe,zoe{n}@firm.example,,,"Saint\nÉtienne {n}"' for n in range(40)]


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


def sheet(content, encoding=None):
    return Sheet(io.BufferedReader(io.BytesIO(content)), encoding=encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_rows_below_a_mark_are_the_rows_below_it(encoding, ending):
    content = lines(*ROWS).replace("\n", ending).encode(encoding)
    named = None if encoding in ("utf-8-sig", "utf-16") else encoding
    first = sheet(content, named)
    marks = [(row.number, first.mark()) for row in first.rows()]
    every = list(sheet(content, named).rows())

    for place, (number, mark) in enumerate(marks):
        again = sheet(content, named)
        again.go_on(number, mark)
        assert list(again.rows()) == every[place + 1 :]


def test_below_a_row_that_broke_nothing_is_marked_until_its_lines_are_read():
    first = sheet(
        lines('"Ada,Lovelace', *("Alan,Turing,alan@x.example,,," for _ in range(3))).encode()
    )
    rows = first.rows()

    assert next(rows).fault
    assert first.mark() is None


def test_the_place_above_a_row_is_the_last_that_is_noted():
    found = Places("utf-8")
    found.note(10, 100)
    found.note(20, 1 << 80)

    again = places.unpacked(found.pack())

    assert [again.before(number) for number in (10, 11, 20, 21)] == [
        None,
        (10, 100),
        (10, 100),
        (20, 1 << 80),
    ]


def test_cells_are_read_from_the_place_above_them(engine):
    job = engine.previewed(lines(*ROWS))
    database, gate = engine.worker.one, engine.gate
    read = reading.opened(database, gate, engine.tenant, job)
    found = Places("utf-8")
    for row in read.rows():
        if row.number == 30:
            found.note(row.number, read.mark())
    reading.note_places(database, gate, engine.tenant, job, found)

    below = reading.opened(database, gate, engine.tenant, job, wanted=35)
    cells = Cells(engine.worker.app, gate, engine.tenant, job)

    assert next(below.rows()).number == 31
    assert cells.of(35)[0] == "Zoë33"


def test_places_of_another_encoding_lead_nowhere(engine):
    job = engine.previewed(lines(*ROWS))
    database, gate = engine.worker.one, engine.gate
    found = Places("utf-16")
    found.note(30, 7)
    reading.note_places(database, gate, engine.tenant, job, found)

    assert next(reading.opened(database, gate, engine.tenant, job, wanted=35).rows()).number == 2


def test_a_preview_notes_places_as_far_apart_as_it_should():
    found = Places()
    noted = [number for number in range(2, 50_000, 500) if found.due(number) or None]
    assert noted[0] >= places.APART
    found.note(10_002, 1)
    assert not found.due(20_001)
    assert found.due(20_002)
