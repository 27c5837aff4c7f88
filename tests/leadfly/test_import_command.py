"""`leadfly import` on a real PostgreSQL: who is in, who is not and why, and what a stop leaves."""

import csv
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from leadfly.__main__ import main
from services.dedup import importing, schema
from services.dedup.importing import Plan
from shared.columns import mapped
from shared.csv_table import LONGEST_ROW, Table, opened
from shared.errors import Malformed, ServiceError
from shared.privacy.gate import Gate
from shared.privacy.modes import MODES

ROOT = Path(__file__).resolve().parents[2]
HEADER = "First Name,Last Name,E-Mail,Phone Number,Company,Account Owner"
ADA = "Ada,Lovelace,ada.lovelace@analytical.example,+44 20 7946 0958,Analytical Engines Ltd,VIP"
ALAN = "Alan,Turing,alan@bletchley.example,+44 20 7946 0111,Bletchley Park,"


@pytest.fixture(autouse=True)
def home(server, monkeypatch, tmp_path):
    """The installation of the test run, and a folder to work in."""
    monkeypatch.setenv("LEADFLY_HOME", str(server.home))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn


@pytest.fixture
def import_(user_id, capfd):
    """Import the text of a CSV file for this test's tenant; return exit code, output, errors."""

    def import_(text, *options, encoding="utf-8"):
        Path("crm.csv").write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        words = ["import", "crm.csv", "--tenant", user_id, "--source", "crm", "--processes", "1"]
        code = main([*words, *options])
        return code, *capfd.readouterr()

    return import_


def rejected(path="crm.csv.rejected.csv"):
    with open(path, encoding="utf-8", newline="") as file:
        return [row[:2] for row in csv.reader(file)][1:]


def count(owner, user_id, table="public.leads"):
    query = psycopg.sql.SQL("SELECT count(*) FROM {} WHERE tenant_id = %s")
    name = psycopg.sql.Identifier(*table.split("."))
    return owner.execute(query.format(name), [user_id]).fetchone()[0]


def lines(*rows):
    return "\n".join((HEADER, *rows)) + "\n"


def person(number):
    return f"Pat{number},Doe{number},pat{number}@firm{number}.example,,Firm {number} Ltd,"


# Who is known afterwards --------------------------------------------------------------------------


def test_an_imported_person_who_comes_again_is_a_duplicate_of_the_imported_lead(
    import_, post, owner, user_id
):
    code, out, _ = import_(lines(ADA, ALAN))

    answer = post(email="Ada.Lovelace@analytical.example", phone="020 7946 0958", country="GB")

    assert code == 0
    assert "2 leads imported" in out
    assert answer["action_taken"] == "reject_duplicate"
    (imported,) = owner.execute(
        "SELECT id FROM public.leads WHERE tenant_id = %s AND fields ->> 'first_name' = 'Ada'",
        [user_id],
    ).fetchone()
    assert answer["duplicate_of"] == str(imported)


def test_a_second_email_and_a_second_phone_of_a_table_are_kept_and_found(
    import_, post, owner, user_id
):
    table = (
        "Name,E-Mail,Other email,Phone,Mobile\n"
        "Ada Lovelace,ada@analytical.example,ada@home.example; al@post.example,"
        "+44 20 7946 0958,+44 7911 123456\n"
        "Alan Turing,,alan@bletchley.example,,\n"
    )

    code, out, _ = import_(table)

    assert (code, "2 leads imported" in out) == (0, True)
    for known in ("al@post.example", "alan@bletchley.example"):
        assert post(email=known)["action_taken"] == "reject_duplicate"
    assert post(phone="07911 123456", country="GB")["duplicate_found"]
    kept = owner.execute(
        "SELECT fields ->> 'email', fields ->> 'other_phone' FROM public.leads "
        "WHERE tenant_id = %s AND fields ->> 'name' IS NOT NULL ORDER BY 2",
        [user_id],
    ).fetchall()
    assert kept == [("ada@analytical.example", "+44 7911 123456"), ("alan@bletchley.example", None)]


def test_an_import_judges_nobody(import_, owner, user_id):
    import_(lines(ADA, ADA.replace("VIP", "").replace("Ada,", "A.,"), ALAN))

    kept = {
        table: count(owner, user_id, table)
        for table in (
            "public.subjects",
            "public.leads",
            "public.raw_bodies",
            "public.consents",
            "dedup.records",
            "dedup.decisions",
            "dedup.reviews",
        )
    }

    assert list(kept.values()) == [3, 3, 0, 0, 3, 0, 0], kept


def test_columns_we_did_not_ask_for_are_named_once_and_not_kept(import_, owner, user_id):
    _, _, err = import_(lines(ADA, ALAN))

    row = owner.execute(
        "SELECT fields::text FROM public.leads"
        " WHERE tenant_id = %s AND fields ->> 'first_name' = 'Ada'",
        [user_id],
    ).fetchone()
    assert err.count("columns not read: Account Owner") == 1
    assert "VIP" not in row[0]


def test_notes_of_a_crm_come_along(import_, owner, user_id):
    import_("E-Mail,Notes\nada@engines.example,met at the fair\n")

    row = owner.execute(
        "SELECT fields ->> 'notes' FROM public.leads WHERE tenant_id = %s", [user_id]
    ).fetchone()
    assert row == ("met at the fair",)


def test_a_second_import_of_the_same_rows_adds_nobody(import_, owner, user_id):
    import_(lines(ADA, ALAN))

    code, out, _ = import_(lines(ADA, ALAN, person(3)))

    assert code == 0
    assert "1 leads imported" in out
    assert "2 were already there" in out
    assert count(owner, user_id) == count(owner, user_id, "public.subjects") == 3


def test_identical_rows_are_one_lead(import_, owner, user_id):
    _, out, _ = import_(lines(ADA, ALAN, ADA))

    assert "1 were already there" in out
    assert count(owner, user_id) == 2


def test_a_row_with_the_crms_own_key_is_the_same_lead_after_it_changed(import_, owner, user_id):
    text = f"Key,{HEADER}\n17,{ADA}\n"
    import_(text, "--id-column", "Key")

    _, out, _ = import_(text.replace("VIP", "").replace("Ada,", "Augusta,"), "--id-column", "key")

    assert "1 were already there" in out
    assert count(owner, user_id) == 1


def test_a_lead_of_another_subject_after_a_merge_stays_there_at_a_second_import(
    import_, owner, user_id
):
    import_(lines(ADA, ALAN))
    owner.execute(
        "UPDATE public.leads SET subject_id = (SELECT min(id::text)::uuid FROM public.subjects"
        " WHERE tenant_id = %(t)s) WHERE tenant_id = %(t)s",
        {"t": user_id},
    )
    owner.execute(
        "DELETE FROM public.subjects s WHERE tenant_id = %s AND NOT EXISTS"
        " (SELECT FROM public.leads l WHERE l.subject_id = s.id)",
        [user_id],
    )

    import_(lines(ADA, ALAN))

    assert count(owner, user_id, "public.subjects") == 1
    assert count(owner, user_id) == 2


def test_imported_leads_sort_before_received_ones_and_their_ids_hide_who_they_are(
    import_, post, owner, user_id, gate
):
    import_(lines(ADA))
    received = post(email="someone@else.example", name="Some One")

    imported = owner.execute(
        "SELECT min(id::text)::uuid FROM public.leads WHERE tenant_id = %s", [user_id]
    ).fetchone()[0]
    assert imported < UUID(received["lead_id"])
    assert imported.version == 8
    plan = Plan(user_id, "crm", "US", mapped(HEADER.split(","), {}), datetime.now(UTC))
    other = Gate(gate.mode, type(gate.keyring)(b"another root secret, also long enough"))
    tally = importing.Tally()
    lead_id = importing._read(gate, plan, ADA.split(","), tally)[1]
    assert lead_id == imported
    assert importing._read(other, plan, ADA.split(","), tally)[1] != imported


def test_a_row_says_when_it_was_sent(import_, owner, user_id):
    header = "Email,Create Date\n"

    _, _, err = import_(
        f"{header}a@x.example,2019-05-04 10:11\nb@x.example,31.12.2020 8:00\n"
        "c@x.example,long ago\nd@x.example,\ne@x.example,2999-01-01\n"
    )

    times = owner.execute(
        "SELECT submitted_at FROM public.leads WHERE tenant_id = %s ORDER BY fields ->> 'email'",
        [user_id],
    ).fetchall()
    assert [at.year for (at,) in times[:2]] == [2019, 2020]
    assert all((datetime.now(UTC) - at).total_seconds() < 60 for (at,) in times[2:])
    assert "2 rows say no submitted_at" in err


# What is refused ----------------------------------------------------------------------------------


def test_faulty_rows_are_set_aside_with_number_and_reason_and_the_rest_is_in(
    import_, owner, user_id
):
    text = lines(
        ADA,
        "no,way,,,to reach,",
        "Bad,Mail,not an address,,,",
        "too,few",
        f"{ALAN},too,many",
        "",
        'Quote,"Open,open@quote.example,,,',
        person(9),
        "Nul,\0Byte,nul@byte.example,,,",
        f"Long,Name{'e' * 600},long@name.example,,,",
        f"Gigantic,{'x' * (LONGEST_ROW + 5)},giga@x.example,,,",
        person(13),
    )

    code, out, err = import_(text)

    assert code == 0
    assert "3 leads imported" in out and "8 rejected" in out
    assert rejected() == [
        ["3", "email give an email or a phone"],
        ["4", "email is not an email address"],
        ["5", "has 2 columns, and the header has 6"],
        ["6", "has 8 columns, and the header has 6"],
        ["8", "opens a quote that is not closed"],
        ["10", "last_name must not contain the NUL character"],
        ["11", "last_name must have at most 500 characters"],
        ["12", f"has more than {LONGEST_ROW:,} characters"],
    ]
    assert "Mail" not in err, "what a row says stays out of the terminal"
    assert stat.S_IMODE(os.stat("crm.csv.rejected.csv").st_mode) == 0o600
    assert count(owner, user_id) == 3


def test_a_rejected_file_can_be_mended_and_imported(import_, owner, user_id):
    import_(lines(ADA, "Alan,Turing,alan at bletchley,,,"))
    mended = Path("crm.csv.rejected.csv").read_text("utf-8").replace(" at ", "@") + "\n"

    _, out, _ = import_(mended.replace("bletchley", "bletchley.example"))

    assert "1 leads imported" in out
    assert count(owner, user_id) == 2
    assert not Path("crm.csv.rejected.csv").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_an_encoding_is_told(tmp_path, encoding, newline):
    path = tmp_path / "t.csv"
    path.write_bytes(f"Vorname;E-Mail{newline}Jürgen “J”;j@x.example{newline}".encode(encoding))

    with opened(str(path)) as file:
        table = Table(file)
        rows = [row.cells for row in table.rows()]

    assert table.header == ["Vorname", "E-Mail"]
    assert rows == [["Jürgen “J”", "j@x.example"]]


def test_a_row_in_another_encoding_is_set_aside_and_an_encoding_can_be_named(import_):
    rows = [f"Jürgen{n},Groß,j{n}@x.example,,," for n in range(5)]
    text = lines(*rows).encode() + "Zoë,Ünal,zoe@x.example,,,\n".encode("cp1252")

    _, out, _ = import_(text)
    assert "5 leads imported" in out
    assert rejected() == [["7", "is not utf-8"]]

    _, out, _ = import_(text, "--encoding", "cp1252")
    assert "6 leads imported" in out


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("", (), "The file is empty"),
        ("\n\n", (), "The first row is empty"),
        ("ada@x.example,Ada\nalan@x.example,Alan\n", (), "looks like a lead"),
        ("Owner,Notes\na,b\n", (), "--map 'Contact=email'"),
        (lines(ADA), ("--map", "Nope=email"), "--map Nope: is no column"),
        (lines(ADA), ("--map", "Account Owner=shoe_size"), "--map Account Owner: must name one of"),
        (lines(ADA), ("--map", "Account Owner"), "COLUMN=FIELD"),
        (lines(ADA), ("--encoding", "klingon"), "There is no encoding klingon"),
        (lines(ADA), ("--encoding", "rot13"), "There is no encoding rot13"),
        (b"PK\x03\x04rest of a workbook", (), "save the sheet as CSV"),
        (b"\x1f\x8b\x08", (), "unpack it first"),
        (",".join(["x"] * 20_000), (), "more than 16,384 columns"),
        ("x," * 600_000, (), "more than 1,000,000 characters"),
        ('"Email,Phone\na@x.example,1\n', (), "opens a quote that is not closed"),
        (lines(ADA), ("--source", ""), "--source is required"),
        (lines(ADA), ("--country", "Germany"), "ISO 3166-1"),
        (lines(ADA), ("--tenant", "a\nb"), "--tenant: must have 1 to 128 printable"),
    ],
)
def test_a_file_or_option_that_cannot_be_used_is_refused_as_a_whole(
    import_, owner, user_id, text, options, said
):
    code, _, err = import_(text, *options)

    assert code == 1
    assert said in err
    assert "Traceback" not in err
    assert count(owner, user_id) == 0


def test_a_file_that_is_not_there_is_named(capfd):
    assert main(["import", "nowhere.csv", "--source", "s"]) == 1
    assert "nowhere.csv cannot be read" in capfd.readouterr().err


def test_columns_of_one_name_or_meaning_are_all_looked_at(import_, owner, user_id):
    _, _, err = import_("Phone,Phone,Mobile\n,,+44 20 7946 0958\n,+44 20 7946 0111,\n")

    assert count(owner, user_id) == 2
    assert "phone is the first of these that says something: Phone, Phone, Mobile" in err


def test_a_row_of_a_million_columns_costs_itself_alone(import_):
    _, out, _ = import_(lines("," * 999_990, ADA))

    assert "1 leads imported" in out, "empty cells beyond the header are what Excel leaves"

    _, out, _ = import_(lines("x," * 400_000, ALAN))

    assert "1 leads imported" in out and "1 rejected" in out


def test_reading_goes_on_where_a_quote_swallowed_rows(import_):
    swallowed = ['Q,"never closed,q@x.example,,,', person(1), 'R,"R. ""Bob""",r@x.example,,,']

    _, out, _ = import_(lines(*swallowed, person(2)))

    assert "3 leads imported" in out
    assert [number for number, _ in rejected()] == ["2"]


def test_a_field_may_go_over_lines(import_):
    _, out, _ = import_(lines('Ada,Lovelace,ada@x.example,,,"two\nlines"', person(2)))

    assert "2 leads imported" in out and "0 rejected" in out


ODD_ROWS = (
    ADA,
    ",,,,,",
    ",,a@b,,,",
    ",,a@x.example,,,",
    ",,,12,,",
    ",,,+44 20 7946 0958,,",
    ",,nonsense,+44 20 7946 0958,,",
    f"{'x' * 500},,a@x.example,,,",
    f"{'x' * 501},,a@x.example,,,",
    f",,{'x' * 500}@x.example,,,",
    ",,  a@x.example  ,,,",
    ",,a@x.example,,a\0b,",
)


@pytest.mark.parametrize("row", ODD_ROWS)
def test_an_import_refuses_exactly_what_the_service_refuses(gate, row):
    plan = Plan("t", "crm", "US", mapped(HEADER.split(","), {}), datetime.now(UTC))
    cells = row.split(",")

    def refusal(read):
        try:
            read()
        except ServiceError as error:
            return error.details
        return None

    imported = refusal(lambda: importing._read(gate, plan, cells, importing.Tally()))

    assert imported == refusal(lambda: importing.checked(plan, cells))
    if "\0" not in row:
        assert imported == refusal(lambda: schema.submission(importing.sent(plan, cells)[0]))


# Privacy ------------------------------------------------------------------------------------------


@pytest.fixture
def strict(monkeypatch):
    monkeypatch.setenv("PRIVACY_MODE", "gdpr_strict")


def test_the_strict_mode_refuses_rows_without_consent_with_the_reason(
    strict, import_, owner, user_id
):
    _, out, _ = import_(lines(ADA, ALAN))

    assert "0 leads imported" in out
    assert {reason for _, reason in rejected()} == {
        "consent.purposes must include lead_processing in mode gdpr_strict"
    }
    assert count(owner, user_id) == 0


def test_the_strict_mode_takes_rows_with_consent_and_keeps_nobody_in_clear(
    strict, import_, owner, user_id
):
    _, out, _ = import_(lines(ADA), "--consent-version", "terms of 2019")

    assert "1 leads imported" in out
    agreed = owner.execute(
        "SELECT purposes, text_version FROM public.consents WHERE tenant_id = %s", [user_id]
    ).fetchall()
    assert agreed == [(["lead_processing"], "terms of 2019")]
    for table in ("public.leads", "dedup.records", "public.consents"):
        query = psycopg.sql.SQL("SELECT t::text FROM {} t WHERE tenant_id = %s").format(
            psycopg.sql.Identifier(*table.split("."))
        )
        (row,) = owner.execute(query, [user_id]).fetchone()
        assert not [said for said in ("ovelace", "20 7946", "442079460958") if said in row]


def test_a_consent_column_counts_row_by_row(strict, import_, owner, user_id):
    text = (
        "Email,GDPR\nyes@x.example,Yes\nno@x.example,no\nnone@x.example,\nold@x.example,2018-05\n"
    )

    _, out, _ = import_(text, "--map", "GDPR=consent")

    assert "2 leads imported" in out
    versions = owner.execute(
        "SELECT text_version FROM public.consents WHERE tenant_id = %s", [user_id]
    ).fetchall()
    assert set(versions) == {(None,), ("2018-05",)}


def test_a_column_called_consent_is_not_taken_for_one_unasked(strict, import_):
    _, out, _ = import_("Email,Consent\na@x.example,yes\n")

    assert "0 leads imported" in out


# Stops, and others at the same time ---------------------------------------------------------------


def big_table(rows):
    Path("crm.csv").write_text(lines(*map(person, range(rows))), "utf-8")


class Run:
    """A `leadfly import` as a person would start it."""

    def __init__(self, user_id, *options):
        words = ["crm.csv", "--tenant", user_id, "--source", "crm", *options]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "leadfly", "import", *words],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def wait_for(self, words):
        for line in self.process.stderr:
            if words in line:
                return
        raise AssertionError("it ended before")

    def end(self):
        out, err = self.process.communicate(timeout=300)
        return self.process.returncode, out, err


def test_ctrl_c_leaves_whole_chunks_and_says_how_to_continue(owner, user_id):
    big_table(25_000)
    run = Run(user_id)
    run.wait_for("%")

    os.killpg(run.process.pid, signal.SIGINT)  # as a terminal does
    code, out, err = run.end()

    assert code == 1
    assert "Traceback" not in err
    stored = count(owner, user_id)
    assert 0 < stored < 25_000
    assert stored == count(owner, user_id, "dedup.records")
    assert stored == int(re.match(r"([\d,]+) leads", out)[1].replace(",", ""))
    assert stored % importing.MOST_ROWS == 0
    continued = re.search(r"Continue with: leadfly (import .*)", err)[1].split()
    assert 2 < int(continued[-1]) <= stored + 2

    assert main(continued) == 0
    assert count(owner, user_id) == count(owner, user_id, "public.subjects") == 25_000


def test_a_killed_import_leaves_no_half_row_and_no_process(owner, user_id):
    big_table(20_000)
    run = Run(user_id)
    run.wait_for("%")
    children = Path(f"/proc/{run.process.pid}/task/{run.process.pid}/children").read_text().split()

    run.process.kill()
    run.process.communicate()

    give_up = time.monotonic() + 30
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < give_up
        time.sleep(0.1)
    assert count(owner, user_id) == count(owner, user_id, "dedup.records")
    assert count(owner, user_id) % importing.MOST_ROWS == 0


def test_a_worker_that_dies_is_reported_with_how_to_continue(user_id):
    big_table(20_000)
    run = Run(user_id, "--processes", "1")
    run.wait_for("%")
    pid = run.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    (worker,) = [c for c in children if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes()]

    os.kill(int(worker), signal.SIGKILL)
    code, _, err = run.end()

    assert code == 1
    assert "ended unexpectedly" in err and "--from-row" in err


def test_two_imports_of_one_table_at_once_neither_deadlock_nor_double(owner, user_id):
    big_table(8_000)
    reverse = lines(*map(person, reversed(range(8_000))))
    first = Run(user_id)
    Path("crm.csv").rename("first.csv")
    Path("crm.csv").write_text(reverse, "utf-8")
    second = Run(user_id)

    assert [first.end()[0], second.end()[0]] == [0, 0]
    assert count(owner, user_id) == count(owner, user_id, "public.subjects") == 8_000


def test_while_an_import_runs_nobody_is_allowed_twice(user_id, post):
    big_table(10_000)
    run = Run(user_id)
    answers = {}

    def visit(number):
        sent = {"email": f"pat{number}@firm{number}.example", "name": f"Pat{number} Doe{number}"}
        answers[number] = [post(**sent)["action_taken"] for _ in range(3)]

    threads = [threading.Thread(target=visit, args=(n,)) for n in range(0, 10_000, 500)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert run.end()[0] == 0
    assert len(answers) == len(threads)
    assert all(taken.count("allow_processing") <= 1 for taken in answers.values()), answers
    assert post(email="pat77@firm77.example")["action_taken"] == "reject_duplicate"


def test_a_table_from_standard_input_is_imported(owner, user_id):
    words = ["-", "--tenant", user_id, "--source", "crm"]
    done = subprocess.run(
        [sys.executable, "-m", "leadfly", "import", *words],
        input=lines(ADA, "x,y"),
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert count(owner, user_id) == 1
    assert rejected("stdin.rejected.csv")[0][0] == "3"


def test_headings_of_common_exports_are_known():
    header = ["FirstName", "Last_Name", "E-MAIL", "Mobile Phone Number", "Account Name", "PLZ"]
    places = mapped([*header, "Straße", "Prénom"], {}).places

    assert {target: header_of[0] for target, header_of in places.items()} == {
        "first_name": 0,
        "last_name": 1,
        "email": 2,
        "phone": 3,
        "company": 4,
        "postal_code": 5,
        "street": 6,
    }


def test_a_named_column_outranks_what_its_heading_says():
    places = mapped(
        ["Email", "Second", "Name"], {"second": "email", "EMAIL": "", "Name": "company"}
    )

    assert dict(places.places) == {"email": (1,), "company": (2,)}
    with pytest.raises(Malformed):
        mapped(["Email"], {"Email": ""})


def test_the_modes_that_ask_no_consent_record_one_that_is_given(import_, owner, user_id, gate):
    assert replace(gate.mode) == MODES["standard"]

    import_(lines(ADA), "--consent-version", "v1")

    assert count(owner, user_id, "public.consents") == 1
