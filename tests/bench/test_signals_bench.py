"""The benchmark of signals times what it says, on texts that are read."""

import pytest

from bench import __main__, signals
from bench.signal_memory import weighed
from bench.signal_texts import LONGEST_MESSAGE, OPENING, PAGE, hostile, messages, pages
from services.signals.language import language


def test_hostile_texts_are_as_long_as_asked_for():
    assert {len(text) for text in hostile(PAGE).values()} == {PAGE}


def test_hostile_texts_are_taken_for_a_language_that_is_read():
    assert language(OPENING).supported
    assert [name for name, text in hostile(PAGE).items() if not language(text).supported] == []


def test_messages_are_short_and_pages_long_and_both_the_same_each_time():
    assert max(map(len, messages())) <= LONGEST_MESSAGE
    assert {len(page) for page in pages(3)} == {PAGE}
    assert (messages(), pages(3)) == (messages(), pages(3))


def test_the_best_of_the_turns_counts_for_each_text():
    read = []

    took = signals.best(["a", "b"], read.append)

    assert len(took) == 2
    assert read == ["a", "b"] * signals.TURNS


def test_the_reference_finds_phrases():
    assert "loan" in signals.scanned("A LOAN, please")


def test_memory_is_weighed_before_and_after():
    assert [when for when, _ in weighed(["a", "b"])] == ["Python alone", "warm", "2 texts read"]


def test_texts_without_signals_are_counted_where_one_is_told(tmp_path, capsys):
    path = tmp_path / "ordinary.txt"
    path.write_text("What is the weather?\n\nWe need a loan of 80,000 for a new oven.\n")

    __main__.main(["signals", "--ordinary", str(path)])

    said = capsys.readouterr().out.splitlines()
    assert said[0] == "1 of 2 texts, 50.00%: {'loan_need': 1}"
    assert said[1].startswith("line 2: loan_need ")


def test_signals_are_a_benchmark_by_name():
    assert "signals" in __main__.COMMANDS


@pytest.mark.parametrize("said", ["", "words"])
def test_cpu_time_is_told_for_each_text(said):
    assert len(signals.spent([said] * 3, len)) == 3
