"""`leadfly erase`: it says whom it found, asks, and erases those and nobody else."""

import io
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest

import leadfly.app
from leadfly.__main__ import main
from services.dedup.admission import Keeping
from services.dedup.passing import entry
from shared.db import Database
from shared.privacy.modes import MODES
from shared.spool import Spool
from tests.services.dedup.arrivals import lead, said, with_database

ADA = {
    "email": "ada@analytical.example",
    "phone": "+44 20 7946 0958",
    "first_name": "Ada",
    "last_name": "Lovelace",
}
COLLEAGUE = {
    "email": "charles@analytical.example",
    "phone": "+44 20 7946 0958",
    "first_name": "Charles",
    "last_name": "Babbage",
}


@pytest.fixture
def home(server, monkeypatch):
    monkeypatch.setenv("LEADFLY_HOME", str(server.home))


@pytest.fixture
def command(home, user_id, monkeypatch, capsys):
    """Run the command; return its exit code and what it said."""

    def command(*arguments, answer=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        code = main(["erase", "--tenant", user_id, *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out + said.err

    return command


@pytest.fixture
def left(owner_conninfo, user_id):
    """Return the ids of the leads that are stored."""

    def left():
        with psycopg.connect(owner_conninfo) as owner:
            query = "SELECT id::text FROM public.leads WHERE tenant_id = %s"
            return {row[0] for row in owner.execute(query, [user_id])}

    return left


def test_a_lead_is_erased_by_its_id(command, post, left):
    first, second = post(**ADA)["lead_id"], post(**ADA)["lead_id"]

    code, said = command("--lead", second, "--yes")

    assert code == 0 and "1 records erased" in said
    assert left() == {first}
    assert command("--lead", second, "--yes")[0] == 1


def test_a_person_is_erased_by_one_of_their_leads(command, post, left):
    post(**ADA)
    second = post(**ADA)["lead_id"]

    assert command("--lead", second, "--person", "--yes")[0] == 0
    assert left() == set()


@pytest.mark.parametrize(
    "named", [["--email", "Ada@Analytical.example"], ["--phone", "0044 20 7946-0958"]]
)
def test_a_person_is_found_by_another_spelling(command, post, left, named):
    post(**ADA)
    post(**ADA | {"email": "ada.l@other.example"})

    code, said = command(*named, "--yes")

    assert code == 0, said
    assert "kept_for_check" in said
    assert left() == set()


@pytest.mark.parametrize(
    "named", [["--email", "Ada.L@home.example"], ["--phone", "0044 7911 123456"]]
)
def test_a_person_is_found_by_what_they_gave_further(command, post, left, named):
    post(**ADA, other_email="x@y.example, ada.l@home.example", other_phone="+44 7911 123456")
    charles = post(**COLLEAGUE)["lead_id"]

    code, said = command(*named, "--yes")

    assert code == 0, said
    assert left() == {charles}


def test_who_shares_the_number_is_found_too_and_asked_about(command, post, left):
    ada, charles = post(**ADA)["lead_id"], post(**COLLEAGUE)["lead_id"]

    code, said = command("--phone", ADA["phone"], "--yes")

    assert code == 1 and ada in said and charles in said
    assert left() == {ada, charles}


def test_address_and_number_together_name_who_gave_both(command, post, left):
    post(**ADA)
    charles = post(**COLLEAGUE)["lead_id"]

    assert command("--phone", ADA["phone"], "--email", ADA["email"], "--yes")[0] == 0
    assert left() == {charles}


@pytest.mark.parametrize("answer", ["", "no\n", "y\n"])
def test_without_a_yes_nobody_is_erased(command, post, left, answer):
    lead_id = post(**ADA)["lead_id"]

    code, said = command("--email", ADA["email"], answer=answer)

    assert code == 1 and lead_id in said
    assert left() == {lead_id}


def test_a_yes_at_the_terminal_erases(command, post, left):
    post(**ADA)

    assert command("--email", ADA["email"], answer="yes\n")[0] == 0
    assert left() == set()


def test_an_address_like_it_is_nobodys(command, post, left):
    lead_id = post(**ADA)["lead_id"]

    code, said = command("--email", "ada@analytical.test", "--yes")

    assert code == 1 and "Nobody" in said
    assert left() == {lead_id}


@pytest.mark.parametrize(
    "arguments",
    [[], ["--email", "none"], ["--phone", "x"], ["--lead", uuid4(), "--email", "a@b.c"]],
)
def test_what_names_nobody_is_refused(command, arguments):
    assert command(*arguments, "--yes")[0] == 1


PLACEHOLDER = {"email": "nobody@firma.example", "first_name": "Ida", "last_name": "Rhodes"}


@pytest.mark.parametrize("named", ["nobody@firma.example", "Nobody <NOBODY@firma.example>"])
def test_who_gave_a_placeholder_is_found_by_it(command, post, left, named):
    post(**PLACEHOLDER)
    ada = post(**ADA)["lead_id"]

    code, said = command("--email", named, "--yes")

    assert code == 0, said
    assert left() == {ada}


def test_a_placeholder_of_several_people_is_asked_about(command, post, left):
    ida = post(**PLACEHOLDER)["lead_id"]
    grace = post(email=PLACEHOLDER["email"], first_name="Grace", last_name="Hopper")["lead_id"]

    code, said = command("--email", PLACEHOLDER["email"], "--yes")

    assert code == 1 and ida in said and grace in said
    assert left() == {ida, grace}


def test_a_placeholder_beside_a_number_names_who_gave_both(command, post, left):
    post(**PLACEHOLDER, phone=ADA["phone"])
    others = {post(**PLACEHOLDER)["lead_id"], post(**COLLEAGUE)["lead_id"]}

    assert command("--phone", ADA["phone"], "--email", PLACEHOLDER["email"], "--yes")[0] == 0
    assert left() == others


def test_a_further_address_that_is_never_compared_is_found(command, post, left):
    several = "; ".join(f"ada{number}@home{number}.example" for number in range(6))
    post(**ADA, other_email=several)

    assert command("--email", "ada5@home5.example", "--yes")[0] == 0
    assert left() == set()


def test_what_is_sealed_is_looked_through_too(command, local_settings, user_id, left):
    strict = leadfly.app.create_app(replace(local_settings, mode=MODES["gdpr_strict"]))
    body = {"user_id": user_id, "source_id": "s", "lead_data": PLACEHOLDER}
    body["consent"] = {"purposes": ["lead_processing"]}
    answer = strict.test_client().post("/webhook/leadfly/duplicate-prevention", json=body)
    strict.extensions["leadfly"].database.close()
    assert answer.status_code == 200, answer.text

    code, said = command("--email", PLACEHOLDER["email"], "--yes")

    assert code == 0, said
    assert left() == set()


def test_another_accounts_placeholder_is_nobodys(command, client, left, user_id):
    other = {"user_id": f"{user_id}-other", "source_id": "s", "lead_data": PLACEHOLDER}
    assert client.post("/webhook/leadfly/duplicate-prevention", json=other).status_code == 200

    code, said = command("--email", PLACEHOLDER["email"], "--yes")

    assert code == 1 and "Nobody" in said


def test_what_cannot_be_read_is_told_how_to_go_on(command):
    assert "--lead" in command("--email", "none", "--yes")[1]


def test_what_waits_on_this_host_is_found_and_erased(
    command, database, gate, local_settings, tmp_path, user_id, left
):
    spool = Spool(local_settings.spool_folder)
    nowhere = Database(f"host={tmp_path} dbname=none user=nobody")
    away = with_database(Keeping(database, gate, spool), nowhere)
    try:
        said(away, user_id, ADA)
        dead = lead(gate, user_id, ADA)
        spool.put(entry(dead, b"{}"))
        while not spool.failed(dead.receipt_id, "test", dead.arrival.received_at):
            pass

        code, told = command("--email", ADA["email"], answer="yes\n")

        assert code == 0, told
        assert str(dead.arrival.lead_id) in told
        assert left() == set()
        assert not spool.waiting(user_id) and not spool.find(dead.receipt_id)
    finally:
        spool.close()
        nowhere.close()


# What is kept of an objection --------------------------------------------------------------------


@pytest.fixture
def objects(client, user_id):
    """Let whoever has an address withdraw."""

    def objects(email):
        body = {"user_id": user_id, "identifiers": {"email": email}}
        answer = client.post("/api/v1/lead-discovery/privacy/withdrawals", json=body)
        assert answer.json["recorded"], answer.text

    return objects


@pytest.fixture
def kept(owner_conninfo, user_id):
    """Return how many withdrawals are kept by an address."""

    def kept():
        with psycopg.connect(owner_conninfo) as owner:
            query = "SELECT count(*) FROM public.withdrawn_addresses WHERE tenant_id = %s"
            return owner.execute(query, [user_id]).fetchone()[0]

    return kept


def test_an_objection_is_named_and_stays(command, post, left, objects, kept):
    post(**ADA)
    objects(ADA["email"])

    code, said = command("--email", ADA["email"], "--yes")

    assert code == 0 and "--forget-objection" in said
    assert (left(), kept()) == (set(), 1)


def test_an_objection_is_forgotten_where_that_is_said(command, post, left, objects, kept):
    post(**ADA)
    objects(ADA["email"])

    code, said = command("--email", ADA["email"], "--forget-objection", "--yes")

    assert code == 0 and "1 objections or withdrawals forgotten" in said
    assert (left(), kept()) == (set(), 0)


def test_an_objection_of_nobody_known_is_named_and_forgotten_by_its_address(command, objects, kept):
    objects(ADA["email"])

    assert command("--email", ADA["email"], "--yes")[0] == 0
    assert kept() == 1
    assert command("--email", ADA["email"], "--forget-objection", answer="no\n")[0] == 1
    assert kept() == 1
    assert command("--email", ADA["email"], "--forget-objection", answer="yes\n")[0] == 0
    assert kept() == 0
    assert command("--email", ADA["email"], "--forget-objection", "--yes")[0] == 1


def test_a_person_named_by_a_lead_has_their_objection_forgotten(command, post, objects, kept):
    lead_id = post(**ADA)["lead_id"]
    objects(ADA["email"])

    assert command("--lead", lead_id, "--forget-objection", "--yes")[0] == 1
    assert command("--lead", lead_id, "--person", "--forget-objection", "--yes")[0] == 0
    assert kept() == 0
