"""Labelled texts are read from files, or the file and line that cannot be are named."""

import json

import pytest

from services.signals import corpus
from services.signals.corpus import SET_ASIDE, Labelled
from services.signals.kinds import KINDS
from services.signals.language import SUPPORTED
from shared.errors import Malformed

GOOD = {"text": "We need a loan.", "labels": ["loan_need"], "lang": "en"}


@pytest.fixture
def read(tmp_path):
    """Read a file of these lines: texts as they are, all else as JSON."""

    def read(*lines):
        path = tmp_path / "own.jsonl"
        said = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("\n".join(said), encoding="utf-8")
        return corpus.read(path)

    return read


def test_a_line_is_a_text_with_its_labels_and_its_file_for_an_author(read):
    individual = GOOD | {"individual": True, "evidence": {"loan_need": "a loan"}}

    (one,) = read(individual)

    assert one == Labelled(
        "We need a loan.", {"loan_need"}, "en", "own", True, {"loan_need": "a loan"}
    )


def test_texts_come_in_order_and_empty_lines_are_none(read):
    found = read("", GOOD, "  ", GOOD | {"text": "Second\u2028line"}, "")

    assert [one.text for one in found] == ["We need a loan.", "Second\u2028line"]


def test_evidence_that_is_not_in_the_text_is_none(read):
    (one,) = read(GOOD | {"evidence": {"loan_need": "a credit"}})

    assert one.evidence == {}


@pytest.mark.parametrize(
    ("line", "where", "why"),
    [
        ("{", "own.jsonl:2", "is not JSON"),
        ('{"text": "\\ud800", "labels": []}', "own.jsonl:2", "is not JSON"),
        ({"labels": []}, "own.jsonl:2 text", "must be a text"),
        (GOOD | {"text": " "}, "own.jsonl:2 text", "must be a text"),
        (GOOD | {"text": 5}, "own.jsonl:2 text", "must be a text"),
        ({"text": "a"}, "own.jsonl:2 labels", "must be a list of loan_need"),
        (GOOD | {"labels": "growth"}, "own.jsonl:2 labels", "must be a list of loan_need"),
        (GOOD | {"labels": ["tomatoes"]}, "own.jsonl:2 labels", "must be a list of loan_need"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(read, line, where, why):
    with pytest.raises(Malformed) as refused:
        read(GOOD, line)

    ((named, reason),) = refused.value.details.items()
    assert named == where
    assert reason.startswith(why)


@pytest.mark.parametrize(
    "line",
    [
        "[1]",
        "null",
        '"text"',
        GOOD | {"labels": [[]]},
        GOOD | {"evidence": []},
        GOOD | {"evidence": {"loan_need": 5}},
    ],
)
def test_a_line_of_another_shape_is_named(read, line):
    with pytest.raises(Malformed) as refused:
        read(GOOD, line)

    assert "own.jsonl:2" in next(iter(refused.value.details))


def test_a_refusal_repeats_nothing_of_the_text(read):
    with pytest.raises(Malformed) as refused:
        read({"text": "Ada owes 5,000", "labels": ["Ada"]})

    assert "Ada" not in str(refused.value.details)


def test_nothing_that_is_set_aside_is_learned_from():
    authors = {text.author for text in corpus.shipped()}

    assert authors
    assert SET_ASIDE == "set_aside"
    assert SET_ASIDE not in authors


def test_the_shipped_texts_are_as_many_and_as_various_as_promised():
    texts = corpus.shipped()

    assert len(texts) >= 1500
    assert {text.language for text in texts} >= set(SUPPORTED)
    for kind in KINDS:
        for language in SUPPORTED:
            assert sum(kind in t.labels and t.language == language for t in texts) >= 20
    assert sum(not text.labels for text in texts) >= 500


def test_texts_in_languages_that_are_not_read_have_no_label():
    assert not [t.text for t in corpus.shipped() if t.language not in SUPPORTED and t.labels]
