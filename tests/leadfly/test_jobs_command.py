"""`leadfly jobs`: dead letters are seen and replayed, one or all, of one tenant or all."""

from uuid import uuid4

import psycopg
import pytest

from leadfly.__main__ import main
from shared.ids import uuid7


@pytest.fixture
def home(server, monkeypatch):
    monkeypatch.setenv("LEADFLY_HOME", str(server.home))


@pytest.fixture
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as owner:
        owner.execute("DELETE FROM public.jobs")
        yield owner


@pytest.fixture
def dead_letter(owner, user_id):
    """Store a dead letter and return its id."""

    def dead_letter(tenant_id=user_id):
        names = {"tenant": tenant_id, "id": uuid7()}
        for statement in (
            "INSERT INTO public.subjects VALUES (%(tenant)s, %(id)s, now())",
            "INSERT INTO public.leads (tenant_id, id, subject_id, source_id, fields, received_at, "
            "submitted_at) VALUES (%(tenant)s, %(id)s, %(id)s, 'test', '{}', now(), now())",
            "INSERT INTO public.jobs (tenant_id, id, kind, lead_id, arguments, due_at, tries, "
            "failure, dead_at) VALUES (%(tenant)s, %(id)s, 'recheck', %(id)s, '{}', now(), 12, "
            "'builtins.ValueError', now())",
        ):
            owner.execute(statement, names)
        return names["id"]

    return dead_letter


def due(owner):
    """Return the ids of the jobs that are due with all their tries before them."""
    rows = owner.execute("SELECT id FROM public.jobs WHERE dead_at IS NULL AND tries = 0")
    return {row[0] for row in rows}


def test_dead_letters_of_all_tenants_are_listed(home, dead_letter, user_id, capsys):
    ids = [dead_letter(), dead_letter(), dead_letter(f"other-{uuid4().hex}")]

    assert main(["jobs", "list"]) == 0

    said = capsys.readouterr().out
    assert all(str(job_id) in said for job_id in ids)
    assert f"tenant {user_id}, 2 dead" in said
    assert "recheck" in said and "builtins.ValueError" in said


def test_one_tenants_dead_letters_can_be_listed_alone(home, dead_letter, user_id, capsys):
    mine, other = dead_letter(), dead_letter(f"other-{uuid4().hex}")

    main(["jobs", "list", "--tenant", user_id])

    said = capsys.readouterr().out
    assert str(mine) in said and str(other) not in said


def test_one_dead_letter_is_replayed_by_its_id(home, owner, dead_letter):
    wanted, _ = dead_letter(), dead_letter()

    assert main(["jobs", "replay", "--id", str(wanted)]) == 0

    assert due(owner) == {wanted}


def test_all_dead_letters_are_replayed(home, owner, dead_letter):
    ids = {dead_letter(), dead_letter(f"other-{uuid4().hex}")}

    assert main(["jobs", "replay", "--all"]) == 0

    assert due(owner) == ids


def test_an_id_that_is_no_dead_letter_is_told(home, owner, dead_letter, capsys):
    dead_letter()

    assert main(["jobs", "replay", "--id", str(uuid4())]) == 1

    assert "no dead letter" in capsys.readouterr().err
    assert due(owner) == set()
