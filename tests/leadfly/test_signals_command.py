"""`leadfly signals`: a text read, a model judged, one trained on texts of one's own."""

import argparse
import io
import json
from dataclasses import replace
from itertools import product

import pytest

from leadfly import signals_command
from services.signals import model as models
from services.signals.kinds import KINDS
from shared.errors import Malformed
from tests.services.signals.wanting import Asking

LOAN = "We need a loan of 80,000 for a new oven in our bakery."

SAYINGS = {
    "loan_need": "We need a loan of 20,000 for",
    "consulting_need": "We are looking for a consultant for",
    "financial_distress": "We cannot pay the wages for",
    "growth": "Our sales doubled with",
    "expansion": "We open a second shop with",
    "none": "The weather was fine near",
}
THINGS = ("the bakery", "the garage", "the mill", "our oven", "the vans")


@pytest.fixture
def signals(local_settings, capfd):
    """Run `leadfly signals` with these words; return what was said."""

    def signals(*words, **changes):
        parser = argparse.ArgumentParser()
        signals_command.arguments(parser)
        chosen = parser.parse_args([str(word) for word in words])
        signals_command.call(chosen, replace(local_settings, **changes))
        return capfd.readouterr().out

    return signals


@pytest.fixture
def texts(tmp_path):
    """Files of two authors, thirty made-up texts each."""
    for author, after in (("ann", "in Leeds"), ("bo", "at sea")):
        lines = [
            {
                "text": f"{saying} {thing} {after}.",
                "labels": [kind] if kind in KINDS else [],
                "lang": "en",
                "individual": thing == "our oven",
            }
            for (kind, saying), thing in product(SAYINGS.items(), THINGS)
        ]
        (tmp_path / f"{author}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return tmp_path / "ann.jsonl", tmp_path / "bo.jsonl"


@pytest.fixture
def trained(signals, texts, tmp_path):
    """Train on the two files alone; return the model's file and what was said."""
    out = tmp_path / "own.bin"
    return out, signals("train", "--only-texts", "--texts", *texts, "--out", out)


def refused(signals, *words, **changes):
    with pytest.raises(Malformed) as error:
        signals(*words, **changes)
    return error.value.details


def test_a_text_is_read_with_its_signals_and_the_words_that_prove_them(signals):
    said = signals("read", LOAN).splitlines()

    assert said[0] == "language en"
    assert said[1].startswith("loan_need ")
    assert said[1].endswith(f": {LOAN}")


def test_what_was_suppressed_is_told_with_the_reason(signals):
    said = signals("read", "We do not need a loan")

    assert "no loan_need: need a loan (negated by *" in said


def test_a_text_in_another_language_is_said_not_to_be_read(signals):
    assert signals("read", "Cerco un finanziamento per il mio laboratorio di ceramica.") == (
        "language it, not read\n"
    )


def test_a_text_is_taken_from_standard_input(signals, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(LOAN))

    assert "loan_need " in signals("read")


def test_training_writes_a_model_that_services_read(trained):
    out, said = trained

    model = models.read(out)

    assert model.version.endswith("-60")
    assert said.splitlines()[0].startswith("60 texts, 60 windows, ")
    assert said.splitlines()[-1].startswith(f"{out}: {len(model.weights)} features")


def test_training_leaves_nothing_beside_its_file(trained, tmp_path):
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ann.jsonl", "bo.jsonl", "own.bin"]


def test_a_model_of_ones_own_is_read_by(signals, trained):
    out, _ = trained

    by_option = signals("read", "--model", out, "The weather was fine near the mill.")
    by_setting = signals("read", "The weather was fine near the mill.", signals_model=out)

    assert by_option == by_setting == "language en\n"


def test_a_model_is_judged_by_texts(signals, trained, texts):
    out, _ = trained

    said = signals("check", "--model", out, "--texts", texts[0])

    assert said.startswith(f"model {models.read(out).version}\n")
    for name in ("all", *KINDS, "en", "texts without a label kept clean", "calibration error"):
        assert any(line.startswith(name) for line in said.splitlines())


def test_texts_that_an_account_reviewed_are_learned_from(signals, texts, tmp_path, app, user_id):
    asking = Asking(app, user_id)
    lead_id = asking.lead()
    for thing in THINGS:
        kept = asking.detect(content=f"We want dosh from you for {thing}.", lead_id=lead_id)
        path = f"/detections/{kept['detection_id']}/feedback"
        asking.ask("POST", path, 201, labels=["loan_need"])
    out = tmp_path / "own.bin"

    signals("train", "--only-texts", "--texts", *texts, "--tenant", user_id, "--out", out)

    assert models.read(out).version.endswith("-65")
    assert models.read(out).weigh("dosh", 0) > 0


@pytest.mark.parametrize("act", [["check"], ["train", "--only-texts", "--out", "never.bin"]])
@pytest.mark.parametrize(
    ("line", "where"),
    [("{", "own.jsonl:2"), ('{"text": "a", "labels": ["tomatoes"]}', "own.jsonl:2 labels")],
)
def test_a_line_that_cannot_be_read_is_named_by_file_and_number(
    signals, tmp_path, act, line, where
):
    own = tmp_path / "own.jsonl"
    own.write_text('{"text": "a", "labels": []}\n' + line)

    assert list(refused(signals, *act, "--texts", own)) == [where]


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(signals, tmp_path, content):
    own = tmp_path / "own.jsonl"
    if content:
        own.write_bytes(content)

    details = refused(signals, "check", "--texts", own)

    assert details[str(own)].startswith("cannot be read")


def test_a_model_is_not_judged_by_nothing(signals, tmp_path):
    own = tmp_path / "own.jsonl"
    own.write_text("\n")

    assert refused(signals, "check", "--texts", own) == {"--texts": "holds no text"}


def test_too_few_texts_are_refused_and_nothing_is_written(signals, tmp_path):
    own, out = tmp_path / "own.jsonl", tmp_path / "own.bin"
    own.write_text('{"text": "We hire.", "labels": ["growth"]}\n')

    details = refused(signals, "train", "--only-texts", "--texts", own, "--out", out)

    assert details == {"--texts": "each type needs texts with it and texts without"}
    assert not out.exists()


def test_no_text_at_all_is_refused(signals, tmp_path):
    assert refused(signals, "train", "--only-texts", "--out", tmp_path / "own.bin")


@pytest.mark.parametrize("content", [None, b"", b"LeadFly signals 2\n", b"LeadFly signals 1\n"])
def test_a_file_that_is_no_model_is_named(signals, tmp_path, content):
    path = tmp_path / "own.bin"
    if content is not None:
        path.write_bytes(content)

    assert refused(signals, "read", "--model", path, LOAN)[str(path)].startswith("is no model")
    assert refused(signals, "read", LOAN, signals_model=path)[str(path)].startswith("is no model")
