"""Sentences are all of a text, windows all of its sentences, and no more than they may be long."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals.segmentation import MOST, WINDOW, clause_ends, sentences, trimmed, windows
from services.signals.signal import Span
from tests.services.signals.any_text import STRANGE, WILD

LONG = st.lists(st.sampled_from((*STRANGE, "Wort ", "Satz. ", "x" * 300, "\n", "a, "))).map("".join)


def pieces(text):
    return [text[span.start : span.end] for span in sentences(text)]


@settings(deadline=None)
@given(WILD | LONG)
def test_sentences_are_all_of_the_text_in_order(text):
    assert "".join(pieces(text)) == text


@settings(deadline=None)
@given(WILD | LONG)
def test_no_sentence_is_empty_or_longer_than_a_window(text):
    assert all(1 <= len(piece) <= WINDOW for piece in pieces(text))


@settings(deadline=None)
@given(WILD | LONG)
def test_every_sentence_is_in_a_window(text):
    spans = sentences(text)

    inside = {number for window in windows(spans) for number in range(*window)}

    assert inside == set(range(len(spans)))


@settings(deadline=None)
@given(LONG)
def test_windows_go_forward_and_leave_nothing_between(text):
    found = windows(sentences(text))

    for (first, last), (next_first, next_last) in pairwise(found):
        assert first < next_first <= last <= next_last


@settings(deadline=None)
@given(LONG)
def test_a_window_of_several_sentences_is_no_longer_than_it_may_be(text):
    spans = sentences(text)

    for first, last in windows(spans):
        assert last == first + 1 or spans[last - 1].end - spans[first].start <= WINDOW


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", []),
        (" ", [" "]),
        ("We need money. We cannot pay.", ["We need money.", " We cannot pay."]),
        ("Hi. We need money.", ["Hi.", " We need money."]),
        ("We need money. Yes.", ["We need money. Yes."]),
        ("Sold 5.000 items to acme.example today", ["Sold 5.000 items to acme.example today"]),
        ("Opening times\nfrom Monday on", ["Opening times\n", "from Monday on"]),
        (
            "我们需要贷款。公司账上已经没有一分钱了。",
            ["我们需要贷款。", "公司账上已经没有一分钱了。"],
        ),
    ],
)
def test_a_sentence_ends_with_its_mark_or_line(text, said):
    assert pieces(text) == said


@settings(deadline=None)
@given(WILD)
def test_clauses_end_in_order_and_with_the_sentence(text):
    ends = clause_ends(text)

    assert ends == sorted(ends)
    assert ends[-1] == len(text)


def test_a_clause_ends_with_its_comma_but_not_within_a_number():
    assert clause_ends("Not 1,5 but 2, not 3") == [15, 20]


@settings(deadline=None)
@given(WILD, st.integers(0, 9), st.integers(0, 9))
def test_trimming_takes_away_space_alone(text, start, length):
    span = Span(min(start, len(text)), min(start + length, len(text)))

    inside = trimmed(text, span)

    assert span.start <= inside.start <= inside.end <= span.end
    assert text[inside.start : inside.end] == text[span.start : span.end].strip()


@pytest.mark.parametrize("run", [" ", "\t", ".", "\n", ",", " \n", " |", "a\n", "….", "。"])
def test_no_run_of_signs_takes_long(run):
    text = "Loan" + (run * MOST)[:MOST] + "a"
    began = time.process_time()

    sentences(text)
    clause_ends(text)

    assert time.process_time() - began < 2  # of CPU; a hundred times what it takes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Our baskets • Our breads and rolls", ["Our baskets • ", "Our breads and rolls"]),
        ("Our baskets\n • Our breads and rolls", ["Our baskets\n • ", "Our breads and rolls"]),
        ("Our baskets \n • Our breads and rolls", ["Our baskets \n • ", "Our breads and rolls"]),
        ("Wait for us... Then we will come", ["Wait for us...", " Then we will come"]),
        ("Wait for us...then we will come", ["Wait for us...then we will come"]),
    ],
)
def test_bullets_and_dots_end_a_sentence_with_space_after_them(text, said):
    assert pieces(text) == said
