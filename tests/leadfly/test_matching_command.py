"""`leadfly matching`, on a real installation."""

import pytest

from leadfly.__main__ import main


@pytest.fixture
def run(server, monkeypatch, capsys, user_id):
    """Run the command for this test's account; return its exit code and what it printed."""
    monkeypatch.setenv("LEADFLY_HOME", str(server.home))

    def run(act, *words):
        code = main(["matching", act, "--tenant", user_id, *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_rematch_is_asked_for_once_and_its_progress_told(run):
    assert run("progress")[1] == "there was no rematch\n"
    code, said, _ = run("rematch")
    assert (code, said.startswith("asked for rematch ")) == (0, True)
    assert run("rematch")[1].startswith("joined rematch ")
    assert run("progress")[1] == "waiting: 0 of 0 leads, 0 matches kept, 0 ended\n"


def test_a_score_that_nobody_has_is_refused(run):
    code, _, said = run("rematch", "--least", 101)

    assert (code, "--least" in said) == (1, True)
