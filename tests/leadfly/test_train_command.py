"""`leadfly train` and `leadfly models`, on a real installation."""

import pytest

from leadfly.__main__ import main
from tests.services.dedup.training.pairs import namesakes, strangers, table


@pytest.fixture
def run(server, monkeypatch, capsys, user_id):
    """Run a command for this test's account; return its exit code and what it printed."""
    monkeypatch.setenv("LEADFLY_HOME", str(server.home))

    def run(*words):
        code = main([*map(str, words), "--tenant", user_id])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def pairs(tmp_path):
    """Write a file of pairs; return its path."""

    def pairs(rows):
        path = tmp_path / "pairs.csv"
        path.write_text(table(rows), encoding="utf-8")
        return path

    return pairs


@pytest.fixture
def teaching(pairs):
    """Pairs of an account whose namesakes in one town are one person."""
    return pairs([namesakes(n, "yes") for n in range(80)] + [strangers(n) for n in range(80)])


def test_a_better_model_decides_and_rolls_back(run, teaching):
    code, said, _ = run("train", "--pairs", teaching)

    assert code == 0
    assert "80 one person, 80 two people" in said
    assert "decides from now on" in said
    version = said.rpartition("\n")[0].rpartition("\n")[2].split()[0]
    assert run("models", "list")[1].startswith(f"{version} decides")
    assert "in the standard model" in run("models", "show", version)[1]
    assert run("models", "rollback")[1] == "standard decides again\n"
    assert run("models", "use", version)[0] == 0


def test_a_dry_run_says_what_would_change_and_keeps_nothing(run, teaching):
    code, said, _ = run("train", "--pairs", teaching, "--dry-run")

    assert code == 0
    assert "log loss in bits a pair" in said
    assert "name same_common: +" in said
    assert run("models", "list")[1].count("\n") == 1


def test_a_model_that_is_not_better_is_refused_and_the_running_one_stays(run, pairs):
    usual = [namesakes(n, "yes" if n % 4 == 0 else "no") for n in range(240)]

    code, _, why = run("train", "--pairs", pairs(usual))

    assert code == 1
    assert "stays: it is not shown to be better" in why
    assert "(difference " in why
    assert run("models", "list")[1].startswith("standard decides")


def test_a_model_goes_to_another_installation_as_a_file(run, teaching, tmp_path):
    file = tmp_path / "model.json"
    run("train", "--pairs", teaching, "--dry-run", "--out", file)

    code, said, _ = run("models", "import", file)

    assert (code, "lets it decide" in said) == (0, True)
    version = said.split()[0]
    again = tmp_path / "again.json"
    assert run("models", "show", version, "--out", again)[0] == 0
    assert run("models", "import", again)[0] == 0


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([namesakes(n, "yes") for n in range(9)] + [strangers(1)], "Too few pairs: 9 of one"),
        ([namesakes(n, "yes") for n in range(99)], "All 99 pairs are labelled as of one person"),
        (
            [namesakes(n, said) for n in range(99) for said in ("yes", "no")],
            "row 3: says the opposite of row 2",
        ),
    ],
    ids=["too few", "one class", "contradictory"],
)
def test_pairs_that_cannot_teach_are_refused_with_the_reason(run, pairs, rows, why):
    code, _, said = run("train", "--pairs", pairs(rows))

    assert (code, why in said) == (1, True)
    assert run("models", "list")[1].startswith("standard decides")


def test_a_model_file_of_another_version_is_refused(run, tmp_path):
    file = tmp_path / "model.json"
    file.write_text('{"format": "leadfly-model/9"}', encoding="utf-8")

    code, _, said = run("models", "import", file)

    assert (code, "of another version" in said) == (1, True)


def test_an_account_without_leads_does_not_teach(run):
    code, _, said = run("train", "--unlabelled")

    assert (code, "do not teach a model" in said) == (1, True)


def test_a_file_that_is_not_there_is_said(run, tmp_path):
    assert "--pairs: cannot be read" in run("train", "--pairs", tmp_path / "none.csv")[2]
    assert "FILE: cannot be read" in run("models", "import", tmp_path / "none.json")[2]


def test_a_version_that_is_not_there_is_said(run):
    assert run("models", "show", "own-1")[0] == 1
    assert run("models", "use", "own-1")[0] == 1
