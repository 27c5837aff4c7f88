"""Files of leads over HTTP: sent, read as somebody says, confirmed, looked at, gone again."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import openpyxl
import psycopg
import pytest

import leadfly.app
from leadfly.purge import purge
from services.dedup.imports import asking, job_store, row_store, uploading
from services.dedup.imports.job import Counts, Options
from services.dedup.imports.openapi import ALSO_CALLED
from services.dedup.imports.row import Row
from shared.errors import Conflict, Malformed
from shared.web.service import KEY_SNAPSHOT

PATH = "/api/v1/lead-discovery/imports"

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

TABLE = "Email,Phone,Shoe size\nann@corp.example,(212) 555-0142,42\nbob@corp.example,,41\n"


class Importing:
    """One account that imports, over HTTP."""

    def __init__(self, app, user_id):
        self.client, self.user_id = app.test_client(), user_id

    def ask(self, method, path="", expect=200, query=None, **sent):
        answer = self.client.open(
            f"{PATH}{path}",
            method=method,
            query_string={"user_id": self.user_id} | (query or {}),
            **sent,
        )
        assert answer.status_code == expect, answer.text
        return answer.json if answer.is_json else answer.text

    def send(self, content, expect=201, media_type=CSV, **query):
        data = content.encode() if isinstance(content, str) else content
        return self.ask("POST", "", expect, query, data=data, content_type=media_type)

    def sent(self, content=TABLE, **query):
        """Send a file and return its import's id."""
        return self.send(content, **query)["import"]["id"]

    def refused(self, content, **query):
        """Return why a file is refused, once it is sure that nothing is left of it."""
        before = self.ask("GET")["count"]
        error = self.send(content, expect=400, **query)["error"]
        assert self.ask("GET")["count"] == before
        return " ".join([error["message"], *map(str, error["details"].values())])


@pytest.fixture
def mine(app, user_id):
    return Importing(app, user_id)


def workbook(rows, title="Leads"):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def brought(database, user_id, import_id, **changes):
    """Bring an import where its worker would, and return it."""
    with database.transaction(user_id) as conn:
        job = job_store.one(conn, user_id, UUID(import_id), locked=True)
        job = replace(job, **changes)
        job_store.save(conn, user_id, job)
    return job


def fields(answer):
    return {column["column"]: (column["field"], column["why"]) for column in answer["columns"]}


# Sending -----------------------------------------------------------------------------------------


def test_a_file_tells_what_its_columns_are_taken_for_and_its_first_rows(mine):
    answer = mine.send(TABLE, name="leads.csv")

    about = answer["import"]
    assert (about["status"], about["kind"], about["size"]) == ("uploaded", "csv", len(TABLE))
    assert (about["rows_total"], about["name"], about["waiting"]) == (None, "leads.csv", False)
    assert fields(answer) == {
        "Email": ("email", "heading"),
        "Phone": ("phone", "heading"),
        "Shoe size": (None, None),
    }
    assert answer["unread"] == ["Shoe size"]
    assert [row["row"] for row in answer["sample"]] == [2, 3]
    assert answer["problem"] is None


def test_cells_tell_what_a_heading_does_not(mine):
    rows = "\n".join(f"p{n}@corp.example,+1 212 555 01{n:02},DE,x{n}.example" for n in range(9))

    answer = mine.send(f"Kontakt,Rückruf,Herkunft,Notiz\n{rows}\n")

    assert fields(answer) == {
        "Kontakt": ("email", "values"),
        "Rückruf": ("phone", "values"),
        "Herkunft": ("country", "values"),
        "Notiz": (None, None),
    }


def test_what_was_guessed_by_cells_is_what_is_read(mine, database, user_id):
    answer = mine.send("Kontakt,Was\na@corp.example,x\nb@corp.example,y\n")

    again = mine.ask("GET", f"/{answer['import']['id']}/columns")
    assert fields(again)["Kontakt"] == ("email", "values")
    assert again["problem"] is None


def test_columns_that_claim_one_field_are_shown(mine):
    answer = mine.send("Email,Work email,First name,Forename\na@corp.example,b@corp.example,A,B\n")

    clashes = {clash["field"]: clash for clash in answer["conflicts"]}
    assert clashes["email"]["columns"] == ["Email", "Work email"]
    assert clashes["email"]["further"] == "other_email"
    assert clashes["first_name"]["further"] is None


def test_a_table_that_reaches_nobody_is_kept_and_says_so(mine):
    answer = mine.send("Name,Town\nAnn,Ulm\nBob,Bonn\n")

    assert "name it in `columns`" in answer["problem"]
    import_id = answer["import"]["id"]
    assert "email or a phone" in mine.ask("POST", f"/{import_id}/preview", 400)["error"]["message"]


def test_a_workbook_is_sent_as_it_is_or_in_a_form(mine):
    content = workbook([["Email"], ["ann@corp.example"]])

    plain = mine.send(content, media_type=XLSX)
    form = mine.ask(
        "POST",
        expect=201,
        data={"file": (io.BytesIO(content), "leads.xlsx")},
        content_type="multipart/form-data",
    )

    assert plain["import"]["kind"] == form["import"]["kind"] == "xlsx"
    assert plain["sheets"] == ["Leads"]


def test_a_workbook_that_is_called_csv_is_read_all_the_same(mine):
    assert mine.send(workbook([["Email"], ["a@b.example"]]))["import"]["kind"] == "xlsx"


def test_the_charset_of_the_request_says_how_a_file_is_encoded(mine):
    content = "Email,Name\nann@corp.example,Jörg Žižka\n".encode("iso-8859-2")

    answer = mine.send(content, media_type="text/csv; charset=iso-8859-2")

    assert answer["sample"][0]["cells"][1] == "Jörg Žižka"


def test_a_file_of_many_pieces_is_one_file(mine):
    rows = "".join(f"p{n}@corp.example,{'x' * 1000}\n" for n in range(3000))

    answer = mine.send(f"Email,Message\n{rows}")

    assert answer["import"]["size"] > 3_000_000
    assert answer["sample"][0]["cells"][0] == "p0@corp.example"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is empty"),
        ("Email\n", "no row below"),
        ("ann@corp.example\nbob@corp.example\n", "looks like a lead"),
        ("Ann Lee,212-555-0142\nBob Lee,212-555-0143\n", "looks like a lead"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<!DOCTYPE html><table>", "web page"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old spreadsheet"),
        (b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04rubbish", "damaged"),
        ('[{"email": "a@b.example"}]', "JSON"),
        ("a" * 300 + "\nx\n", "200 characters"),
        ("Email," * 20_000 + "x\na\n", "16,384 columns"),
        ("Em\0ail,x\na@b.example,y\n", "no text"),
        ('"Email\na@b.example\n', "quote"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(mine, content, why):
    assert why in mine.refused(content)


def test_a_wrong_encoding_is_refused_by_name(mine):
    assert "encoding" in mine.refused("Email\na@b.example\n", encoding="klingon")


@pytest.mark.parametrize("media_type", ALSO_CALLED)
def test_a_file_is_what_its_bytes_say_whatever_a_program_calls_it(mine, media_type):
    sent = mine.send("Email\tPhone\nann@corp.example\t\n", media_type=media_type)

    assert [column["field"] for column in sent["columns"]] == ["email", "phone"]


def test_a_body_of_another_media_type_is_refused(mine):
    mine.send("{}", expect=415, media_type="application/json")


def test_a_file_that_is_too_large_is_refused_and_nothing_is_left(local_settings, mine, user_id):
    small = leadfly.app.create_app(replace(local_settings, import_max_bytes=2048))
    try:
        other = Importing(small, user_id)
        other.send("Email\n" + "a@b.example\n" * 1000, expect=413)
    finally:
        small.extensions[KEY_SNAPSHOT].stop()
        small.extensions["leadfly"].database.close()
    assert mine.ask("GET")["count"] == 0


def test_an_account_has_ten_files_that_wait(mine):
    for _ in range(10):
        import_id = mine.sent()

    assert "confirm or cancel" in mine.send(TABLE, expect=409)["error"]["message"]
    mine.ask("POST", f"/{import_id}/cancel")
    mine.send(TABLE)


def test_nothing_of_a_file_lies_open_in_the_database(mine, owner_conninfo):
    import_id = mine.sent(name="secret-list.csv")

    with psycopg.connect(owner_conninfo) as conn:
        pieces = conn.execute(
            "SELECT p.content, i.header, i.name FROM dedup.import_pieces p JOIN dedup.imports i "
            "ON i.id = p.import_id WHERE i.id = %s",
            [import_id],
        ).fetchall()
    assert len(pieces) == 1
    assert not any(word in bytes(cell) for cell in pieces[0] for word in (b"corp", b"Em", b"list"))


def test_of_a_file_that_breaks_off_nothing_is_left(database, gate, mine, user_id):
    def broken():
        yield b"Email\n" + b"a@b.example\n" * 200_000
        raise Malformed(details={"body": "broke off"})

    ordered = (Options("import", "US"), None)
    with pytest.raises(Malformed):
        uploading.take(database, gate, user_id, ordered, broken(), "local", datetime.now(UTC))

    assert mine.ask("GET")["count"] == 0


def test_a_file_that_takes_too_long_is_refused(database, gate, mine, owner_conninfo, user_id):
    def slow():
        yield b"Email\n" + b"a@b.example\n" * 200_000
        expired(owner_conninfo, mine.ask("GET")["imports"][0]["id"])
        purge_all(owner_conninfo)
        yield b"a@b.example\n" * 200_000

    ordered = (Options("import", "US"), None)
    with pytest.raises(Malformed, match="too long"):
        uploading.take(database, gate, user_id, ordered, slow(), "local", datetime.now(UTC))


def purge_all(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        conn.execute("SELECT dedup.purge_imports(now(), 1000)")


# Saying how it is read ---------------------------------------------------------------------------


def test_columns_are_named_one_by_one(mine):
    import_id = mine.sent("Wer,Was\na,b\nc,d\n")

    answer = mine.ask("PUT", f"/{import_id}", json={"columns": {"Wer": "email"}})
    answer = mine.ask("PUT", f"/{import_id}", json={"columns": {"Was": "id"}})

    assert fields(answer) == {"Wer": ("email", "chosen"), "Was": ("id", "chosen")}


def test_a_column_that_is_known_can_be_left_unread(mine):
    answer = mine.ask("PUT", f"/{mine.sent()}", json={"columns": {"Phone": ""}})

    assert fields(answer)["Phone"] == (None, "chosen")


def test_a_column_or_a_field_that_is_not_there_is_refused(mine):
    import_id = mine.sent()

    wrong = mine.ask("PUT", f"/{import_id}", 400, json={"columns": {"Fax": "phone"}})
    worse = mine.ask("PUT", f"/{import_id}", 400, json={"columns": {"Phone": "fax"}})

    assert wrong["error"]["details"] == {"columns.Fax": "is no column of this table"}
    assert "must be one of" in str(worse["error"]["details"])


def test_another_sheet_has_other_columns(mine):
    book = openpyxl.Workbook()
    book.active.append(["Email"])
    book.active.append(["a@b.example"])
    other = book.create_sheet("Second")
    other.append(["Phone"])
    other.append(["+1 212 555 0142"])
    written = io.BytesIO()
    book.save(written)
    import_id = mine.sent(written.getvalue())

    answer = mine.ask("PUT", f"/{import_id}", json={"sheet": "Second"})

    assert [column["column"] for column in answer["columns"]] == ["Phone"]
    missing = mine.ask("PUT", f"/{import_id}", 400, json={"sheet": "Third"})
    assert missing["error"]["details"] == {"sheet": "is no sheet of this workbook"}


def test_a_preview_starts_anew_when_a_file_is_read_otherwise(mine, database, user_id):
    import_id = mine.sent()
    brought(database, user_id, import_id, status="previewed", done_until=3, rows_total=2)

    answer = mine.ask("PUT", f"/{import_id}", json={"columns": {"Phone": ""}})

    assert answer["import"]["status"] == "previewing"
    assert answer["import"]["rows_total"] is None


def test_saying_the_same_again_leaves_a_preview_alone(mine, database, user_id):
    import_id = mine.sent()
    brought(database, user_id, import_id, status="previewed")

    assert mine.ask("PUT", f"/{import_id}", json={})["import"]["status"] == "previewed"


def test_an_investigation_that_is_not_there_is_refused(mine):
    mine.send(TABLE, expect=404, investigation_id=str(uuid4()))


# State -------------------------------------------------------------------------------------------


def test_only_what_was_previewed_can_be_confirmed(mine):
    error = mine.ask("POST", f"/{mine.sent()}/confirm", 409)["error"]

    assert (error["code"], error["details"]) == ("CONFLICT", {"status": "uploaded"})


def test_what_is_confirmed_is_what_was_seen(mine, database, user_id):
    import_id = mine.sent()
    brought(database, user_id, import_id, status="previewed", previewed=Counts(new=2))

    wrong = mine.ask("POST", f"/{import_id}/confirm", 409, json={"counts": {"new": 3}})
    right = mine.ask("POST", f"/{import_id}/confirm", 202, json={"counts": {"new": 2}})

    assert wrong["error"]["details"] == {"counts.new": "is 2 by now"}
    assert right["import"]["status"] == "importing"


def test_an_import_waits_for_the_one_before_it(mine):
    first, second = mine.sent(), mine.sent()
    for import_id in (first, second):
        mine.ask("POST", f"/{import_id}/preview", 202)

    waiting = {one["id"]: one["waiting"] for one in mine.ask("GET")["imports"]}
    assert waiting == {first: False, second: True}
    assert mine.ask("GET", f"/{second}")["import"]["waiting"] is True


def test_a_cancelled_import_cannot_be_confirmed_and_cancelling_twice_changes_nothing(mine):
    import_id = mine.sent()

    assert mine.ask("POST", f"/{import_id}/cancel")["changed"] is True
    assert mine.ask("POST", f"/{import_id}/cancel")["changed"] is False
    mine.ask("POST", f"/{import_id}/confirm", 409)
    mine.ask("PUT", f"/{import_id}", 409, json={"tell": True})
    mine.ask("POST", f"/{import_id}/preview", 409)


def test_what_made_no_lead_cannot_be_undone(mine, database, user_id):
    import_id = mine.sent()
    mine.ask("POST", f"/{import_id}/undo", 409)

    brought(database, user_id, import_id, status="done", imported=Counts(new=2))
    undoing = mine.ask("POST", f"/{import_id}/undo", 202, json={"including_changed": True})
    assert undoing["import"]["status"] == "undoing"
    mine.ask("POST", f"/{import_id}/cancel", 409)


def test_what_expired_can_neither_be_confirmed_nor_undone(database, gate, mine, user_id):
    job = brought(database, user_id, mine.sent(), status="previewed", imported=Counts(new=1))
    late = datetime.now(UTC) + timedelta(days=2)

    with pytest.raises(Conflict, match="not kept"):
        asking.confirm(database, gate, user_id, job.id, {}, late)


def test_progress_tells_how_long_it_takes(mine, database, user_id):
    import_id = mine.sent()
    begun = datetime.now(UTC) - timedelta(seconds=10)
    changes = {"status": "importing", "imported": Counts(new=1000), "rows_total": 3000}
    brought(database, user_id, import_id, started_at=begun, **changes)

    about = mine.ask("GET", f"/{import_id}")["import"]
    assert (about["rows_done"], about["rows_total"]) == (1000, 3000)
    assert 80 < about["rows_per_second"] < 101
    assert 19 < about["seconds_left"] < 25


# Rows --------------------------------------------------------------------------------------------


def noted(worker_database, database, user_id, import_id, *rows):
    """Note rows of an import as its worker does."""
    job = brought(database, user_id, import_id, status="previewed", done_until=rows[-1].number)
    with worker_database.transaction(user_id) as conn:
        row_store.save(conn, user_id, job.id, rows)


def test_rows_come_with_their_cells_and_in_pages(mine, database, worker_database, user_id):
    import_id = mine.sent("Email,Name\na@b.example,Ann\nrubbish,=1+1\n\nc@b.example,Cid\n")
    rows = (Row(2, "new"), Row(3, "refused", "reaches nobody"), Row(5, "duplicate", known_row=2))
    noted(worker_database, database, user_id, import_id, *rows)

    first = mine.ask("GET", f"/{import_id}/rows", query={"limit": 2})
    rest = mine.ask("GET", f"/{import_id}/rows", query={"after": first["next_after"]})

    assert first["columns"] == ["Email", "Name"]
    assert [row["cells"] for row in first["rows"]] == [["a@b.example", "Ann"], ["rubbish", "=1+1"]]
    assert [(row["row"], row["known_row"], row["cells"]) for row in rest["rows"]] == [
        (5, 2, ["c@b.example", "Cid"])
    ]
    assert rest["next_after"] is None


def test_rows_come_without_their_cells_where_nobody_needs_them(
    mine, database, worker_database, user_id
):
    import_id = mine.sent()
    noted(worker_database, database, user_id, import_id, Row(2, "new"))

    (row,) = mine.ask("GET", f"/{import_id}/rows", query={"cells": "false"})["rows"]
    assert (row["outcome"], row["cells"]) == ("new", None)


def test_refused_rows_come_as_a_file_that_is_safe_to_open(mine, database, worker_database, user_id):
    import_id = mine.sent("Email,Name\na@b.example,Ann\nrubbish,=1+1\n@x,-2\n")
    rows = [Row(2, "new"), Row(3, "refused", "reaches nobody"), Row(4, "refused", "as well")]
    noted(worker_database, database, user_id, import_id, *rows)

    text = mine.ask("GET", f"/{import_id}/rows.csv")

    assert text.split("\r\n") == [
        "row,reason,Email,Name",
        "3,reaches nobody,rubbish,'=1+1",
        "4,as well,'@x,'-2",
        "",
    ]


def test_rows_of_an_earlier_preview_are_not_shown(mine, database, worker_database, user_id):
    import_id = mine.sent()
    noted(worker_database, database, user_id, import_id, Row(2, "new"), Row(3, "new"))
    mine.ask("POST", f"/{import_id}/preview", 202)

    assert mine.ask("GET", f"/{import_id}/rows")["rows"] == []


# The end -----------------------------------------------------------------------------------------


def expired(owner_conninfo, import_id, status=None):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        conn.execute(
            "UPDATE dedup.imports SET expires_at = now() - interval '1 s', "
            "status = coalesce(%s, status) WHERE id = %s",
            [status, import_id],
        )


def test_a_file_that_nobody_confirmed_goes_and_its_import_says_so(
    mine, worker_database, owner_conninfo
):
    import_id = mine.sent(name="leads.csv")
    expired(owner_conninfo, import_id)

    purge(worker_database)

    about = mine.ask("GET", f"/{import_id}")["import"]
    assert (about["status"], about["expires_at"], about["name"]) == ("cancelled", None, None)
    assert about["failure"] == "nobody confirmed it in time"
    assert mine.ask("GET", f"/{import_id}/columns", 409)["error"]["code"] == "CONFLICT"
    mine.ask("GET", f"/{import_id}/rows.csv", 409)


def test_rows_of_an_old_import_go_and_its_counts_stay(
    mine, database, worker_database, owner_conninfo, user_id
):
    import_id = mine.sent()
    noted(worker_database, database, user_id, import_id, Row(2, "new"), Row(3, "new"))
    brought(database, user_id, import_id, status="done", imported=Counts(new=2))
    expired(owner_conninfo, import_id)

    purge(worker_database)

    assert mine.ask("GET", f"/{import_id}")["import"]["imported"]["new"] == 2
    assert mine.ask("GET", f"/{import_id}/rows")["rows"] == []
    mine.ask("POST", f"/{import_id}/undo", 409)


def test_a_file_that_never_arrived_goes_whole(mine, worker_database, owner_conninfo):
    import_id = mine.sent()
    expired(owner_conninfo, import_id, "uploading")

    purge(worker_database)

    mine.ask("GET", f"/{import_id}", 404)


def test_what_is_under_way_is_not_purged(mine, worker_database, owner_conninfo):
    import_id = mine.sent()
    expired(owner_conninfo, import_id, "importing")

    purge(worker_database)

    assert mine.ask("GET", f"/{import_id}")["import"]["status"] == "importing"
    mine.ask("POST", f"/{import_id}/cancel")
