"""`leadfly sources`, on a real installation; `try` on none."""

import io
import json
from types import SimpleNamespace

import pytest

from leadfly.__main__ import main
from services.dedup.intake import source_store
from services.dedup.intake.registry import SENDERS
from shared import issuing
from shared.api_key import SHAPE, digest

SIGNING = next(sender.name for sender in SENDERS if sender.verify)


@pytest.fixture
def run(server, monkeypatch, capsys, user_id):
    """Run the command for this test's account; return its exit code and what it printed."""
    monkeypatch.setenv("LEADFLY_HOME", str(server.home))

    def run(act, *words, stdin=b""):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        account = [] if act == "try" else ["--tenant", user_id]
        code = main(["sources", act, *account, *words])
        said = capsys.readouterr()
        return SimpleNamespace(code=code, said=said.out, complained=said.err)

    return run


@pytest.fixture
def stored(database, gate, user_id):
    def stored(source_id="contact"):
        with database.transaction(user_id) as conn:
            found = source_store.find(conn, gate, user_id, source_id)
        return found and found.source

    return stored


def token(said):
    """Return the token of the address that stands last."""
    return SHAPE.fullmatch(said.split()[-1].removeprefix("/in/"))


def test_an_adapter_may_be_called_as_other_programs_call_it(run, stored, tmp_path):
    sample = tmp_path / "sample.json"
    sample.write_text('{"email": "ada@analytical.example"}')

    made = run("create", "--source", "contact", "--adapter", "gravity")
    tried = run("try", str(sample), "--adapter", "google")

    assert (made.code, stored().adapter) == (0, "gravity_forms")
    assert (tried.code, "(google_ads)" in tried.said) == (0, True)


def test_an_address_stands_last_on_its_line(run, database, user_id):
    made = run("create", "--source", "contact")

    assert made.code == 0
    with database.transaction(user_id) as conn:
        key = issuing.found(conn, user_id, token(made.said)[1])
    assert (key.kind, key.source_id, key.digest) == (
        "intake",
        "contact",
        digest(token(made.said)[0]),
    )


def test_everything_can_be_set_and_unset(run, stored, tmp_path):
    (tmp_path / "map").write_text('{"Ihre Firma": "company"}')
    settings = ["--adapter", "generic", "--profile", "google", "--country", "DE"]
    consent = ["--purposes", "contact, marketing", "--consent-field", "I agree"]
    made = run("create", "--source", "contact", *settings, *consent, "--map", f"{tmp_path}/map")
    assert made.code == 0, made.complained
    source = stored()
    assert (source.adapter, source.profile, source.country) == ("generic", "google", "DE")
    assert source.field_map == {"Ihre Firma": "company"}
    assert source.consent.purposes == ("contact", "marketing")

    changed = run("change", "--source", "contact", "--adapter", "", "--purposes", "")

    assert changed.code == 0, changed.complained
    assert (stored().adapter, stored().consent, stored().country) == (None, None, "DE")
    assert json.loads(changed.said)["country"] == "DE"


def test_a_secret_comes_from_a_file_or_from_stdin_and_is_not_shown(run, stored, tmp_path):
    file = tmp_path / "secret"
    file.write_text("s3cret-7f3a\n")
    made = run("create", "--source", "contact", "--adapter", SIGNING, "--secret-file", str(file))
    assert made.code == 0, made.complained
    assert stored().secrets == {"secret": "s3cret-7f3a"}

    changed = run("change", "--source", "contact", "--secret-file", "-", stdin=b"an0ther-7f3a")
    assert stored().secrets == {"secret": "an0ther-7f3a"}
    shown = run("show", "--source", "contact")

    assert json.loads(shown.said)["has_secret"] is True
    assert all("7f3a" not in one.said + one.complained for one in (made, changed, shown))
    assert run("change", "--source", "contact", "--secret-file", "-").code == 0
    assert stored().secrets == {}


def test_an_empty_secret_makes_no_source_that_nothing_is_verified_at(run, stored):
    made = run("create", "--source", "contact", "--adapter", SIGNING, "--secret-file", "-")

    assert made.code == 1
    assert "--secret-file: is empty" in made.complained
    assert stored() is None


@pytest.mark.parametrize("tenant", ["", "a\nb", "x" * 129])
def test_an_account_is_one_that_callers_can_name(run, capsys, tenant):
    run("list")  # the installation is there

    assert main(["sources", "create", "--tenant", tenant, "--source", "contact"]) == 1
    assert "--tenant: must have 1 to 128 printable characters" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{bad", "--map: is not valid JSON at line 1"),
        ("[1]", "--map: must be a JSON object"),
        ('{"a": "email", "a": "phone"}', "--map a: was sent more than once"),
        ('{"a": 5}', "--map: must lead from names to email, phone"),
        ('{"a": "emale"}', "--map: must lead from names to email, phone"),
    ],
)
def test_what_is_wrong_with_a_map_is_said_of_the_map(run, tmp_path, text, fault):
    (tmp_path / "map").write_text(text)

    tried = run("try", "-", "--map", f"{tmp_path}/map", stdin=b'{"a": "ada@analytical.example"}')

    assert (tried.code, fault in tried.complained) == (1, True)


def test_no_argument_takes_a_secret(run):
    for name in ("secret", "verify-token", "access-token"):
        with pytest.raises(SystemExit):
            run("create", "--source", "contact", f"--{name}", "s3cret")


def test_sources_are_listed_with_what_opens_them(run):
    first = token(run("create", "--source", "a").said)[1]
    run("create", "--source", "b")
    run("revoke", "--source", "b")

    assert run("list").said.splitlines() == [
        f"a  any sender  open to {first}",
        "b  any sender  closed",
    ]


def test_a_rotated_source_has_two_addresses_for_a_while(run):
    first = token(run("create", "--source", "a").said)[1]
    second = token(run("rotate", "--source", "a", "--overlap-hours", "1").said)[1]

    assert run("list").said == f"a  any sender  open to {second}, {first}\n"
    assert run("rotate", "--source", "a", "--overlap-hours", "721").code == 1


def test_a_removed_source_is_gone(run, stored):
    run("create", "--source", "contact")

    assert run("remove", "--source", "contact").code == 0
    assert stored() is None
    assert run("remove", "--source", "contact").code == 1


def test_keys_lists_and_revokes_tokens_and_does_not_rotate_them(run, capsys, user_id):
    prefix = token(run("create", "--source", "contact").said)[1]
    named = ["--tenant", user_id, "--prefix", prefix]

    assert main(["keys", "list", "--tenant", user_id]) == 0
    assert f"{prefix}  usable    intake" in capsys.readouterr().out
    assert main(["keys", "rotate", *named]) == 1
    assert "leadfly sources rotate" in capsys.readouterr().err
    assert main(["keys", "revoke", *named]) == 0
    assert f"{prefix} is revoked" in capsys.readouterr().out
    assert run("list").said == "contact  any sender  closed\n"


@pytest.mark.parametrize(
    "words",
    [
        ["create", "--source", "contact", "--adapter", "nobody"],
        ["create", "--source", "contact", "--profile", "shouting"],
        ["create", "--source", "contact", "--country", "XX"],
        ["create", "--source", "contact", "--map", "/nowhere"],
        ["create", "--source", "contact", "--secret-file", "/nowhere"],
        ["create", "--source", "contact", "--consent-field", "I agree"],
        ["change", "--source", "nobody", "--country", "DE"],
        ["change", "--source", "nobody"],
        ["show", "--source", "nobody"],
        ["revoke", "--source", "nobody"],
    ],
)
def test_what_cannot_be_is_said_and_not_done(run, stored, words):
    refused = run(*words)

    assert refused.code == 1
    assert refused.complained.startswith("leadfly: ")
    assert stored() is None


# Tried --------------------------------------------------------------------------------------------

LEAD = {"email": "ada@analytical.example", "Engines": "Analytical Engines Ltd"}


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """No installation at all."""
    monkeypatch.setenv("LEADFLY_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")


def test_a_sample_is_tried_without_a_database(run, nowhere, tmp_path):
    sample, field_map = tmp_path / "sample.json", tmp_path / "map.json"
    sample.write_text(json.dumps(LEAD))
    field_map.write_text('{"Engines": "company"}')

    tried = run("try", str(sample), "--map", str(field_map))

    assert tried.code == 0, tried.complained
    assert "ada@analytical.example" in tried.said
    assert "Analytical Engines Ltd  (from Engines)" in tried.said
    assert not (tmp_path / "none").exists()


def test_what_was_sent_does_not_steer_the_terminal(run, nowhere):
    answer = {"type": "email", "email": "ada@analytical.example", "field": {"id": "A"}}
    form = {"token": "x\x1b[2Jy", "definition": {"fields": []}, "answers": [answer]}
    sent = json.dumps({"event_type": "form_response", "form_response": form})

    tried = run("try", "-", stdin=sent.encode())

    assert "lead x[2Jy" in tried.said
    assert "\x1b" not in tried.said


def test_a_sample_may_come_from_stdin_as_a_form_and_be_shown_whole(run, nowhere):
    tried = run("try", "-", "--json", stdin=b"email=ada%40analytical.example")

    assert json.loads(tried.said)["items"][0]["fields"] == {"email": "ada@analytical.example"}


@pytest.mark.parametrize("words", [["/nowhere"], ["-"], ["-", "--adapter", "nobody"]])
def test_what_is_no_sample_is_said(run, nowhere, words):
    assert run("try", *words).code == 1
