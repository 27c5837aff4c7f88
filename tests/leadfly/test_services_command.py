"""`leadfly services`, on a real installation, with the sample catalogue."""

import json
from pathlib import Path

import pytest

from leadfly.__main__ import main
from tests.services.matching.account import BAKERY, LOAN, Matched

SAMPLE = Path(__file__).resolve().parents[2] / "data/sample_services.json"


@pytest.fixture
def run(server, monkeypatch, capsys, user_id):
    """Run the command for this test's account; return its exit code and what it printed."""
    monkeypatch.setenv("LEADFLY_HOME", str(server.home))

    def run(act, *words):
        code = main(["services", act, "--tenant", user_id, *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def mine(app, user_id):
    return Matched(app, user_id)


def test_the_sample_catalogue_comes_in_once(run, mine):
    assert run("import", SAMPLE)[:2] == (0, "8 new, 0 changed, 0 as before\n")
    assert run("import", SAMPLE)[:2] == (0, "0 new, 0 changed, 8 as before\n")
    assert mine.get("/services")["count"] == 8


def test_the_sample_catalogue_has_services_for_a_bakery(run, mine):
    run("import", SAMPLE)

    told = mine.seek(BAKERY | {"loan_amount": 45000, "needs_identified": ["business_loan"]})

    assert told["matches"][0]["service_name"] == "Small business loan"


def test_what_goes_out_comes_in(run, mine, tmp_path):
    run("import", SAMPLE)
    file = tmp_path / "catalogue.json"

    file.write_text(run("export")[1])

    assert run("import", file) == (0, "0 new, 0 changed, 8 as before\n", "")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("{", "body"),
        ("{}", "services"),
        (json.dumps({"services": [LOAN, LOAN | {"max_loan_amount": 1}]}), "services[1]"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(run, mine, tmp_path, content, named):
    file = tmp_path / "catalogue.json"
    file.write_text(content)

    code, _, complaint = run("import", file)

    assert code == 1 and named in complaint
    assert mine.get("/services")["count"] == 0


def test_a_file_that_is_not_there_is_named(run, tmp_path):
    code, _, complaint = run("import", tmp_path / "none.json")

    assert (code, "FILE: cannot be read" in complaint) == (1, True)
