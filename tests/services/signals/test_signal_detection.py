"""What one text says: right where nobody doubts, and an answer whatever the text is."""

from concurrent.futures import ThreadPoolExecutor

import numpy
import pytest
from hypothesis import given, settings

from services.signals.detection import LONGEST_CONTENT, MOST_SUPPRESSED, detect
from services.signals.kinds import KINDS
from services.signals.model import INDIVIDUAL, Model, Output, Stored
from services.signals.segmentation import MOST, WINDOW
from services.signals.signal import CONTENT
from tests.services.signals.any_text import WRITTEN, table

READ = WRITTEN.map(
    lambda text: "We need to tell you all about our bakery in this town. " * 3 + text
)
"""Texts that are taken for English, so that they are read."""

LOAN = "We need a loan of 80,000 for a new oven in our bakery."


LOAN_ROW = numpy.array([[100, 0, 0, 0, 0, 0]], numpy.int8)


def told(text, model=None):
    return {signal.type for signal in detect(text, model).signals}


def eager(threshold=0.1):
    """Return a model that says yes to every type, whatever the text."""
    outputs = [Output(name, 0.0, 1.0, 0.0, threshold) for name in (*KINDS, INDIVIDUAL)]
    return Model("eager", outputs, 0.01, Stored(b"loan", LOAN_ROW))


def sound(text, detection):
    """Assert what holds of every answer."""
    kinds = [signal.type for signal in detection.signals]
    assert len(set(kinds)) == len(kinds)
    assert set(kinds) <= KINDS.keys()
    strengths = [signal.strength for signal in detection.signals]
    assert strengths == sorted(strengths, reverse=True)
    for signal in detection.signals:
        assert 0 <= signal.strength <= 100
        assert 0 <= signal.confidence <= 1
        assert signal.source == CONTENT
        assert signal.category in ("keyword", "content")
        assert signal.rule
        assert 0 <= signal.span.start <= signal.span.end <= len(text)
        assert signal.content == text[signal.span.start : signal.span.end]
        assert len(signal.content) <= LONGEST_CONTENT
    assert len(detection.suppressed) <= MOST_SUPPRESSED
    for one in detection.suppressed:
        assert one.content == text[one.span.start : one.span.end] != ""
        assert one.type in KINDS
        assert one.reason


CASES = [(text, *marks.split()) for text, marks in table("known_cases.tsv")]


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_what_nobody_doubts_is_told_and_nothing_else(case):
    text, *marks = case
    refused = {mark[1:] for mark in marks if mark.startswith("-")}
    wanted = {mark for mark in marks if mark in KINDS}

    found = detect(text)

    kinds = {signal.type for signal in found.signals}
    assert kinds & refused == set()
    assert wanted <= kinds if refused else wanted == kinds
    assert found.individual or "=" not in marks


def test_known_cases_name_types_that_exist():
    marks = {mark.lstrip("-") for _, *marks in CASES for mark in marks}

    assert marks <= {*KINDS, "="}


@pytest.mark.parametrize(("code", "text"), table("foreign.tsv"))
def test_of_other_languages_nothing_is_guessed(code, text):
    found = detect(text)

    assert (found.language.code, found.language.supported) == (code, False)
    assert (found.signals, found.suppressed, found.individual) == ((), (), False)


@settings(deadline=None)
@given(WRITTEN | READ)
def test_any_text_is_answered(text):
    sound(text, detect(text))


@pytest.mark.parametrize("half", ["\ud800", "\udfff"])
def test_half_of_a_pair_is_answered(half):
    sound(LOAN + half, detect(LOAN + half))


@settings(deadline=None)
@given(READ)
def test_any_text_is_answered_by_a_model_that_says_yes_to_all(text):
    sound(text, detect(text, eager()))


@settings(deadline=None)
@given(READ)
def test_any_text_is_answered_by_a_model_that_says_no_to_all(text):
    found = detect(text, eager(threshold=0.999))

    sound(text, found)
    assert found.signals == ()


@settings(deadline=None, max_examples=30)
@given(READ)
def test_a_text_is_always_answered_alike(text):
    assert detect(text) == detect(text)


HARD = {
    "empty": "",
    "spaces": " \t\n\u00a0",
    "one letter": "a" * 100_000,
    "letters": "a " * 50_000,
    "one sentence": "we need a loan " * 7_000,
    "sentences": "We need a loan. " * 7_000,
    "numbers": LOAN + " 1,1" * 30_000,
    "sums": LOAN + "$1" * 50_000,
    "new lines": LOAN + "\n" * 100_000,
    "commas": LOAN + ", " * 50_000,
    "negations": LOAN + " not nicht no pas não" * 5_000,
    "marks": LOAN + "\u0301" * 100_000,
    "emoji": LOAN + "\U0001f468\u200d\U0001f33e" * 30_000,
    "zero width": "\u200b".join(LOAN) * 100,
    "right to left": "\u202e" + LOAN + "אנחנו צריכים הלוואה " * 1_000,
    "binary": bytes(range(256)).decode("latin-1") * 400,
    "unreadable bytes": bytes(range(256)).decode("utf-8", "replace") * 400,
    "HTML": f"<html><body><script>var loan = 1;</script><p>{LOAN}</p>" + "<div>" * 10_000,
    "two scripts": LOAN + " 我们需要贷款 " + LOAN + " Нам нужен кредит.",
    "megabyte": LOAN + " Lorem ipsum dolor sit amet." * 40_000,
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_hostile_texts_are_answered(text):
    sound(text, detect(text))
    sound(text, detect(text, eager()))


@pytest.mark.parametrize("text", ["", " ", "\n" * 100, "12 345", "😀", "\x00"])
def test_a_text_without_words_says_nothing(text):
    found = detect(text)

    assert (found.language.code, found.signals, found.suppressed) == ("und", (), ())


def test_the_evidence_is_the_sentence_that_says_it():
    text = f"Good morning to all of you. {LOAN} The weather is fine here."

    (signal,) = detect(text, eager(threshold=0.6)).signals

    assert (signal.type, signal.content) == ("loan_need", LOAN)


def test_a_rule_is_named_where_one_fires():
    (signal,) = detect(LOAN, eager(threshold=0.6)).signals

    assert signal.category == "keyword"
    assert set(signal.rule.split("+")) <= {"WANT", "FINANCE", "MONEY", "ASSET"}


def test_the_word_that_weighs_most_is_named_where_no_rule_fires():
    (signal,) = detect("The weather is fine and loan is a word", eager(threshold=0.6)).signals

    assert (signal.category, signal.rule) == ("content", "model: loan")


def test_a_suppressed_candidate_tells_why_and_where():
    text = "Hello and good morning to you. We never want a loan"

    (one,) = detect(text, eager(threshold=0.999)).suppressed

    words, at = one.reason.removeprefix("negated by *").split("* at ")
    assert (int(at), words) == (text.index("never"), "never")
    assert one.content == text[one.span.start : one.span.end]


def test_a_long_sentence_is_quoted_in_part():
    text = "we want a loan and " * 60

    for signal in detect(text, eager()).signals:
        assert len(signal.content) <= min(LONGEST_CONTENT, WINDOW) < len(text)


def test_what_is_beyond_the_most_is_not_read():
    filler = "The weather is fine here. " * (MOST // 26 + 1)
    model = eager(threshold=0.6)

    assert told(filler[: MOST // 2] + LOAN, model) == {"loan_need"}
    assert told(filler + LOAN, model) == set()


def test_each_output_answers_by_its_own_threshold():
    likely, unlikely = eager(threshold=0.6), eager(threshold=0.4)

    assert told("We want a loan", likely) == {"loan_need"}
    assert told("We want a loan", unlikely) == set(KINDS)


def test_threads_get_the_answers_that_one_alone_gets():
    texts = [text for text, *_ in CASES] * 4
    alone = [detect(text) for text in texts]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(detect, texts)) == alone


def test_a_rule_that_fired_is_told_or_said_to_be_suppressed():
    text = "Wir haben die Halle nebenan gemietet. Bis Freitag reicht es, dann ist die Kasse leer."

    found = detect(text)

    spoken = {one.type for one in (*found.signals, *found.suppressed)}
    assert "financial_distress" in spoken
