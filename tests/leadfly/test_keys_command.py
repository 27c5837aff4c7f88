"""`leadfly keys`, on a real installation."""

import re

import pytest

from leadfly.__main__ import main
from shared import issuing, keys
from shared.api_key import digest


@pytest.fixture
def run(server, monkeypatch, capsys):
    """Run the command; return its exit code and what it printed."""
    monkeypatch.setenv("LEADFLY_HOME", str(server.home))

    def run(*words):
        code = main(["keys", *words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def last_word(text):
    return text.split()[-1]


def found(database, user_id, prefix):
    with database.transaction(user_id) as conn:
        return issuing.found(conn, user_id, prefix)


def test_a_secret_key_stands_last_on_its_line(run, database, user_id):
    code, said = run("create", "--tenant", user_id, "--scopes", "read:leads, write:leads")

    assert code == 0
    text = last_word(said)
    assert found(database, user_id, keys.SHAPE.fullmatch(text)[1]).digest == digest(text)


def test_a_publishable_key_has_its_source_and_origins(run, database, user_id):
    code, said = run(
        "create", "--publishable", "--tenant", user_id, "--source", "form",
        "--origins", "https://a.example, https://b.example",
    )  # fmt: skip

    assert code == 0 and last_word(said).startswith("lfp_")
    key = found(database, user_id, keys.SHAPE.fullmatch(last_word(said))[1])
    assert (key.source_id, key.origins) == ("form", {"https://a.example", "https://b.example"})
    assert key.scopes == frozenset()


def test_a_signing_key_is_printed_with_its_prefix(run, database, user_id, gate):
    code, said = run("create", "--signing", "--tenant", user_id, "--scopes", "write:leads")

    assert code == 0
    key = found(database, user_id, re.search(r"prefix (\w{8})", said)[1])
    assert issuing.secret(gate.keyring, key) == last_word(said)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--publishable", "--source", "s", "--origins", "*"], "origins"),
        (["--publishable", "--source", "s"], "origins"),
        (["--publishable", "--origins", "https://a.example"], "source_id"),
        (["--signing", "--scopes", "admin:account"], "scopes"),
        (["--scopes", "everything"], "scopes"),
        (["--scopes", "read:leads", "--source", "s"], "source_id"),
        ([], "scopes"),
    ],
)
def test_what_no_key_can_be_is_named(run, user_id, words, named):
    code, said = run("create", "--tenant", user_id, *words)

    assert code == 1
    assert named in said


def test_a_rotation_prints_the_successor_and_lets_the_old_key_end(run, database, user_id):
    _, said = run("create", "--tenant", user_id, "--scopes", "read:leads", "--name", "n8n")
    old = keys.SHAPE.fullmatch(last_word(said))[1]

    code, said = run("rotate", "--tenant", user_id, "--prefix", old, "--overlap-hours", "2")

    new = found(database, user_id, keys.SHAPE.fullmatch(last_word(said))[1])
    assert (code, new.name, new.scopes) == (0, "n8n", {"read:leads"})
    assert found(database, user_id, old).expires_at is not None
    assert run("rotate", "--tenant", f"{user_id}-rival", "--prefix", old)[0] == 1
    assert run("rotate", "--tenant", user_id, "--prefix", old, "--overlap-hours", "721")[0] == 1


def test_a_list_shows_every_kind_and_no_key(run, user_id):
    texts = [
        last_word(run("create", "--tenant", user_id, *words)[1])
        for words in (
            ["--scopes", "read:leads"],
            ["--publishable", "--source", "form", "--origins", "https://a.example"],
            ["--signing", "--scopes", "write:leads"],
        )
    ]

    code, said = run("list", "--tenant", user_id)

    assert code == 0
    assert [line.split()[2] for line in said.splitlines()] == ["signing", "publishable", "secret"]
    assert not any(text.rpartition("_")[2] in said for text in texts)
    prefix = said.split()[0]
    assert run("revoke", "--tenant", user_id, "--prefix", prefix)[0] == 0
    assert run("revoke", "--tenant", user_id, "--prefix", prefix)[0] == 1
