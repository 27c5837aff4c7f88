"""`leadfly check` on a real PostgreSQL: one lead from a terminal, and a CSV file annotated."""

import csv
import io
import json
from pathlib import Path

import psycopg
import pytest

from leadfly.__main__ import main
from leadfly.check_command import ADDED

HEADER = "Full Name,Mail,Telephone,Organisation,Owner"
ADA = "Ada Lovelace,ada.lovelace@gmail.com,+44 20 7946 0958,Analytical Engines Ltd,Jo"
ADA_AGAIN = "Lovelace Ada,AdaLovelace+news@googlemail.com,020 7946 0958,,Jo"
ALAN = "Alan Turing,alan@bletchley.example,+44 20 7946 0111,Bletchley Park,Jo"


@pytest.fixture(autouse=True)
def home(server, monkeypatch, tmp_path):
    """The installation of the test run, and a folder to work in."""
    monkeypatch.setenv("LEADFLY_HOME", str(server.home))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def check(user_id, capfd):
    """Run `leadfly check` for this test's tenant; return exit code, output, errors."""

    def check(*options):
        code = main(["check", *options, "--tenant", user_id])
        return code, *capfd.readouterr()

    return check


@pytest.fixture
def annotate(check):
    """Check the text of a CSV file; return its annotated rows as dicts, and what was said."""

    def annotate(text, *options, encoding="utf-8", delimiter=","):
        Path("leads.csv").write_bytes(text.encode(encoding))
        code, _, err = check("leads.csv", "-o", "annotated.csv", *options)
        assert code == 0, err
        with open("annotated.csv", encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, delimiter=delimiter)), err

    return annotate


def count(owner_conninfo, user_id):
    with psycopg.connect(owner_conninfo) as conn:
        query = "SELECT count(*) FROM public.leads WHERE tenant_id = %s"
        return conn.execute(query, [user_id]).fetchone()[0]


def lines(*rows, header=HEADER):
    return "\n".join((header, *rows)) + "\n"


# One lead -----------------------------------------------------------------------------------------


def test_a_lead_given_by_its_fields_gets_a_verdict_that_a_person_can_read(check):
    who = ("--email", "ada@example.org", "--phone", "+44 20 7946 0958", "--last-name", "Lovelace")
    code, first, _ = check(*who, "--first-name", "Ada")
    _, second, _ = check(*who, "--first-name", "Ada")

    assert code == 0
    assert first.startswith("allow_processing  (match probability 0.000)")
    assert "risk low" in first and "Continue the workflow" in first
    assert second.startswith("reject_duplicate  (match probability 1.000)\n  of lead ")
    assert "Both leads give the same mailbox." in second


def test_json_is_the_services_answer(check, post):
    _, out, _ = check("--email", "ada@example.org", "--json")

    told = json.loads(out)
    served = post(email="other@else.example")
    assert set(told) == set(served) - {"request_id", "timestamp"}
    assert post(email="ada@example.org")["duplicate_of"] == told["lead_id"]


@pytest.mark.parametrize(
    "body",
    [
        {"email": "ada@example.org", "name": "Ada"},
        {"lead_data": {"email": "ada@example.org"}, "context": {"ip": "203.0.113.9"}},
    ],
)
def test_a_lead_is_read_from_json_nested_or_flat(check, body):
    Path("lead.json").write_text(json.dumps(body), "utf-8")

    code, out, _ = check("--file", "lead.json")

    assert code == 0
    assert out.startswith("allow_processing")


def test_the_country_reads_national_numbers(check):
    check("--phone", "+44 20 7946 0958", "--name", "Ada Lovelace")

    _, out, _ = check("--phone", "020 7946 0958", "--name", "Ada Lovelace", "--country", "gb")

    assert out.startswith("reject_duplicate")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--email", "nonsense"), "lead_data.email: is not an email address"),
        (("--first-name", "Ada"), "give an email or a phone"),
        ((), "Give one lead by its fields"),
        (("--email", "a@x.example", "--file", "lead.json"), "Give one lead by its fields"),
        (("--file", "nowhere.json"), "cannot be read"),
        (("--file", "lead.json"), "is not valid JSON at line 1"),
        (("nowhere.csv",), "cannot be read"),
        (("leads.csv", "-o", "leads.csv"), "another file"),
        (("leads.csv", "-o", "no/such/folder.csv"), "cannot be written"),
    ],
)
def test_what_is_no_lead_is_refused_with_its_reason(check, owner_conninfo, user_id, options, said):
    Path("lead.json").write_text("{not json", "utf-8")
    Path("leads.csv").write_text(lines(ADA), "utf-8")

    code, _, err = check(*options)

    assert code == 1
    assert said in err
    assert "Traceback" not in err
    assert count(owner_conninfo, user_id) == 0


def test_where_keys_are_asked_for_the_account_must_be_named(monkeypatch, capfd):
    monkeypatch.setenv("AUTH_MODE", "keys")

    assert main(["check", "--email", "ada@example.org"]) == 1
    assert "--tenant is required" in capfd.readouterr().err


def test_a_rehearsal_decides_as_ever_and_stores_nothing(check, owner_conninfo, user_id):
    check("--email", "ada@example.org")

    _, known, _ = check("--email", "ada@example.org", "--dry-run")
    _, new, _ = check("--email", "someone@else.example", "--dry-run")

    assert known.startswith("reject_duplicate")
    assert new.startswith("allow_processing")
    assert count(owner_conninfo, user_id) == 1


def test_without_consent_the_strict_mode_checks_nobody(monkeypatch, check, owner_conninfo, user_id):
    monkeypatch.setenv("PRIVACY_MODE", "gdpr_strict")

    code, _, err = check("--email", "ada@example.org")
    assert (code, count(owner_conninfo, user_id)) == (1, 0)
    assert "consent.purposes" in err

    code, _, _ = check("--email", "ada@example.org", "--consent-version", "v1")
    assert (code, count(owner_conninfo, user_id)) == (0, 1)


# A file of leads ----------------------------------------------------------------------------------


def test_a_file_comes_back_with_its_columns_in_order_and_the_verdict_beside(annotate):
    rows, err = annotate(lines(ADA, ALAN, ADA_AGAIN), "--country", "GB")

    assert list(rows[0]) == [*HEADER.split(","), *ADDED]
    assert [row["Owner"] for row in rows] == ["Jo"] * 3
    actions = [row["leadfly_action"] for row in rows]
    assert actions == ["allow_processing", "allow_processing", "reject_duplicate"]
    assert rows[2]["leadfly_duplicate_row"] == "2", "as a spreadsheet counts"
    assert rows[2]["leadfly_duplicate_of"]
    assert float(rows[2]["leadfly_confidence"]) > 0.99
    assert rows[2]["leadfly_reason"].startswith("duplicate: Both leads give the same mailbox.")
    assert rows[0]["leadfly_risk"] == "low"
    assert err.count("columns not read: Owner") == 1


def test_a_duplicate_of_a_lead_from_elsewhere_has_its_id_and_no_row(annotate, post):
    known = post(email="ada.lovelace@gmail.com")

    rows, _ = annotate(lines(ADA))

    assert rows[0]["leadfly_duplicate_of"] == known["lead_id"]
    assert rows[0]["leadfly_duplicate_row"] == ""


def test_a_row_that_is_no_lead_stays_in_its_place_with_the_reason(annotate):
    rows, _ = annotate(lines("Nobody,,,,Jo", ADA, "Nul,n\0@x.example,,,"))

    assert [row["leadfly_action"] for row in rows] == [
        "not_checked",
        "allow_processing",
        "not_checked",
    ]
    assert rows[0]["leadfly_reason"] == "email give an email or a phone"


def test_a_row_that_is_no_row_is_set_aside_beside_the_output(annotate):
    rows, err = annotate(lines("too,few", ADA))

    assert len(rows) == 1
    assert "1 rows rejected: annotated.csv.rejected.csv" in err
    assert "too,few" in Path("annotated.csv.rejected.csv").read_text("utf-8")


def test_a_german_spreadsheet_comes_back_with_its_delimiter_in_an_encoding_excel_knows(annotate):
    text = "Vorname;E-Mail-Adresse\nJürgen;juergen@x.example\n"

    rows, err = annotate(text, encoding="cp1252", delimiter=";")

    assert rows[0]["Vorname"] == "Jürgen"
    assert Path("annotated.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "encoding cp1252" in err


def test_a_column_is_named_where_its_heading_is_not_known(annotate):
    text = lines("ada@x.example", "ada@x.example", header="Where to write")

    rows, _ = annotate(text, "--map", "Where to Write=email")

    assert rows[1]["leadfly_action"] == "reject_duplicate"


def test_a_rehearsed_file_is_compared_with_itself_throughout_and_not_stored(
    annotate, owner_conninfo, user_id
):
    people = [f"Pat{n} Doe{n},pat{n}@firm{n}.example,,," for n in range(130)]

    rows, _ = annotate(lines(*people, people[3]), "--dry-run")

    assert rows[-1]["leadfly_action"] == "reject_duplicate"
    assert rows[-1]["leadfly_duplicate_row"] == "5"
    assert count(owner_conninfo, user_id) == 0


def test_progress_is_a_line_each_tenth_where_nobody_watches(annotate):
    people = [f"Pat{n} Doe{n},pat{n}@firm{n}.example,,," for n in range(130)]

    _, err = annotate(lines(*people))

    assert "checking 100 %  100 rows" in err
    assert "130 rows checked: 130 allow_processing" in err
    assert "\r" not in err


def test_without_an_output_file_the_rows_go_to_standard_output(check):
    Path("leads.csv").write_text(lines(ADA), "utf-8")

    _, out, _ = check("leads.csv")

    (row,) = csv.DictReader(io.StringIO(out))
    assert row["leadfly_action"] == "allow_processing"
