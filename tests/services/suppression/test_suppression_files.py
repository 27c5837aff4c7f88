"""Files of those who are to be left alone: all their rows, or none and why."""

import hashlib
import io

import pytest

from services.suppression.column import Reading
from services.suppression.sheet import Sheet
from shared.errors import Malformed


def hashed(number, how="md5"):
    return hashlib.new(how, f"person-{number}@x.example".encode()).hexdigest()


def test_a_file_tells_what_became_of_it(mine):
    list_id = mine.listed()
    mine.enter(list_id, {"email": "ann@x.com"})

    answer = mine.send(list_id, "Name,E-Mail,Phone\nAnn,ann@x.com,212-555-1212\nBob,bob@x.com,\n")

    told = {name: answer[name] for name in ("rows", "added", "already_listed", "faulty_rows")}
    assert told == {"rows": 2, "added": 2, "already_listed": 1, "faulty_rows": 0}
    assert answer["columns"] == [
        {"column": 2, "read_as": "email", "unplaced": 0},
        {"column": 3, "read_as": "phone", "unplaced": 0},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "ann@x.com\nbob@x.com\n",
        "ann@x.com\r\nbob@x.com",
        "ann@x.com\rbob@x.com\r",
        "\ufeffemail\nann@x.com\n\n\nbob@x.com\n",
        "id;Email Address\n1;ann@x.com\n2;bob@x.com\n",
        "id\temail\n1\tann@x.com\n2\tbob@x.com\n",
        'notes,email\n"two\nlines, and ""more""",ann@x.com\n,bob@x.com\n',
        "1,ann@x.com\n2,bob@x.com\n",
        "'ann@x.com\n'bob@x.com\n",
    ],
)
def test_files_are_read_as_they_are_written(mine, text):
    mine.send(mine.listed(), text)

    assert mine.found(email="ann@x.com")
    assert mine.found(email="bob@x.com")


@pytest.mark.parametrize(
    ("header", "read_as"),
    [
        ("email_md5\n", "email_md5"),
        ("MD5(email)\n", "email_md5"),
        ("md5\n", "md5"),
        ("hash\n", "md5"),
        ("Hashed Email\n", "email_md5"),
        ("email\n", "email_md5"),
        ("", "md5"),
    ],
)
def test_the_kind_of_hash_follows_from_the_name_or_the_length(mine, header, read_as):
    answer = mine.send(mine.listed(), f"{header}{hashed(1)}\n{hashed(2)}\n")

    assert [column["read_as"] for column in answer["columns"]] == [read_as]
    assert mine.found(email="person-2@x.example")


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        (f"{hashed(1)}\n{hashed(2, 'sha1')}\n", 2, "has the length of SHA-1, not of MD5"),
        (f"email_sha256\n{hashed(1)}\n", 2, "has the length of MD5, not of SHA-256"),
        (f"hash\n{hashed(1)}\n{hashed(2)[:-1]}\n", 3, "is no MD5, SHA-1 or SHA-256"),
        (f"hash\n{'$2b$12$' + 'x' * 53}\n", 2, "is no MD5, SHA-1 or SHA-256"),
        (f"email\nann@x.com\n{hashed(1)}\n", 3, "is a hash, and those before it are in clear"),
        (f"email\n{hashed(1)}\nann@x.com\n", 3, "is in clear, and those before it are hashes"),
        ("email\nann@x.com\nnobody\n", 3, "is no email address"),
        ("phone\n212-555-1212\n2.12555E+09\n", 3, "was rounded by a spreadsheet"),
        ("phone\n212-555-1212\n12345\n", 3, "is no telephone number"),
        ("name,email\nAnn,ann@x.com\nBob\n", 3, "has 1 cells, and the first row 2"),
        ("name,email\nAnn,ann@x.com\nBob,,\n", 3, "has 3 cells, and the first row 2"),
        ("name,email\nAnn,ann@x.com\nBob,\n", 3, "says nothing in the columns that are read"),
        ("name,town\nAnn,Ulm\n", 1, "names no column to read"),
        ("Contacts\nann@x.com\n", 1, "names no column to read"),
        (b"email,name\nann@x.com,Ann\nbob@x.com,Bj\xf6rn\n", 3, "is not UTF-8"),
        ("email\nann@x.com\n".encode("utf-16"), 1, "is UTF-16"),
        ('email\nann@x.com\n"bob@x.com" x\n', 3, "has a quotation mark in the wrong place"),
        ('email\nann@x.com\n"bob@x.com\n' + "c@x.com\n" * 5, 3, "is never closed"),
        ('email\nann@x.com\n"bob@x.com\n' + "c@x.com\n" * 500, 3, "is never closed"),
    ],
)
def test_a_faulty_row_keeps_all_out_and_is_named(mine, text, row, reason):
    details = mine.refused(mine.listed(), text)

    assert reason in details[f"rows.{row}"], details


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "file"),
        ("email\n", "file"),
        (b"email\nann\0@x.com\n", "file"),
        ("email\n" + "x" * 20_000 + "\n", "file"),
    ],
)
def test_what_is_no_list_is_refused(mine, text, place):
    assert place in mine.refused(mine.listed(), text)


def test_faulty_rows_can_be_left_out_and_are_reported(mine):
    text = "email\nann@x.com\nnobody\n" + '"x" y\n' + "bob@x.com\n"

    answer = mine.send(mine.listed(), text, skip_faulty="true")

    assert (answer["rows"], answer["added"], answer["faulty_rows"]) == (4, 2, 2)
    assert [fault["row"] for fault in answer["faults"]] == [3, 4]
    assert mine.found(email="bob@x.com")


def test_a_quotation_mark_that_swallows_rows_is_never_left_out(mine):
    text = 'email\nann@x.com\n"bob@x.com\n' + "c@x.com\n" * 500

    assert "rows.3" in mine.refused(mine.listed(), text, skip_faulty="true")


def test_a_hundred_faulty_rows_are_named_and_all_are_counted(mine):
    text = "email\n" + "nobody\n" * 250

    details = mine.refused(mine.listed(), text)
    answer = mine.send(mine.listed(kind="custom"), text, skip_faulty="true")

    assert details["faulty_rows"] == 250
    assert len(details) == 101
    assert (answer["faulty_rows"], len(answer["faults"]), answer["added"]) == (250, 100, 0)


def test_no_fault_repeats_what_was_sent(mine):
    text = "email,phone\nprivate-7f3a,private-7f3a\n"

    assert "private-7f3a" not in str(mine.refused(mine.listed(), text))


def test_national_numbers_are_read_in_the_country_that_is_named(mine):
    mine.send(mine.listed(), "phone\n020 7946 0958\n", country="gb")

    assert mine.found(phone="+442079460958")


@pytest.mark.parametrize("header", ["phone\n", ""])
def test_numbers_that_exist_nowhere_as_they_were_read_are_counted(mine, header):
    text = f"{header}020 7946 0958\n212 555 0142\n020 7946 0959\n"

    (column,) = mine.send(mine.listed(), text)["columns"]

    assert column == {"column": 1, "read_as": "phone", "unplaced": 2}


@pytest.mark.parametrize("country", ["XX", "EU", "GBR", "1", ""])
def test_a_country_that_is_none_refuses_the_file(mine, country):
    details = mine.refused(mine.listed(), "phone\n020 7946 0958\n", country=country)

    assert details == {"country": "must be two letters: ISO 3166-1"}


def test_a_file_of_line_ends_is_not_read_to_its_end(mine):
    text = "email\n" + "\n" * 2_000_000

    assert mine.refused(mine.listed(), text)["file"].endswith("blank ones too")


def test_a_file_of_many_columns_is_not_read_to_its_end():
    sheet = Sheet(lambda value: 0, Reading("US"), most=5)

    with pytest.raises(Malformed) as refused:
        sheet.read([f"{hashed(1)},{hashed(2)}\n".encode()] * 3)

    assert refused.value.details == {"file": "has more than 5 entries: send several"}


def test_the_kind_of_hash_may_be_said(mine):
    list_id = mine.listed()

    details = mine.refused(list_id, f"{hashed(1, 'sha1')}\n", hash="md5")
    mine.send(list_id, f"{hashed(1)}\n", hash="md5")

    assert details["rows.1"].endswith("has the length of SHA-1, not of MD5")
    assert mine.found(email="person-1@x.example")


def test_a_row_number_beside_addresses_is_no_telephone_number(mine):
    answer = mine.send(mine.listed(), "1000001,ann@x.com\n1000002,bob@x.com\n")

    assert answer["columns"] == [{"column": 2, "read_as": "email", "unplaced": 0}]


def test_a_form_with_one_file_is_read_too(mine):
    path = f"/lists/{mine.listed()}/import"
    file = (io.BytesIO(b"email\nann@x.com\n" + b"x@x.com\n" * 50_000), "list.csv")

    answer = mine.ask("POST", path, data={"comment": "ours", "file": file})

    assert (answer["rows"], answer["added"]) == (50_001, 2)
    assert mine.found(email="ann@x.com")


@pytest.mark.parametrize("files", [(), ("a", "b")])
def test_a_form_without_a_file_or_with_two_is_refused(mine, files):
    list_id = mine.listed()
    data = {name: (io.BytesIO(b"ann@x.com\n"), f"{name}.csv") for name in files}

    path, form = f"/lists/{list_id}/import", {"content_type": "multipart/form-data"}
    error = mine.ask("POST", path, 400, data=data | {"note": "x"}, **form)["error"]

    assert list(error["details"]) == ["file"]
    assert mine.size(list_id) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json"},
        {"Content-Type": "text/csv; charset=latin-1"},
        {"Content-Type": "text/csv", "Content-Encoding": "gzip"},
    ],
)
def test_another_kind_of_body_is_refused(mine, headers):
    path = f"/lists/{mine.listed()}/import"

    mine.ask("POST", path, 415, data=b"ann@x.com\n", headers=headers)


def test_a_file_for_no_list_is_not_found(mine):
    mine.send("01890000-0000-7000-8000-000000000000", "ann@x.com\n", expect=404)
