"""How often detection is right, counted by hand in small."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals.corpus import Labelled
from services.signals.kinds import KINDS
from services.signals.quality import (
    Judged,
    Quality,
    calibration_error,
    clean,
    judged,
    overall,
    report,
)
from services.signals.signal import Detection
from tests.services.signals.wanting import ENGLISH, signal


def text(*labels, told=(), language="en", confidence=0.9, individual=False):
    """Return a text with what is true of it, and what was told."""
    found = tuple(signal(kind, confidence=confidence) for kind in told)
    truth = Labelled("words", frozenset(labels), language, "own", individual)
    return Judged(truth, Detection(ENGLISH, found))


KIND = st.sampled_from(list(KINDS))
TEXTS = st.lists(
    st.builds(
        lambda labels, told, sure: text(*labels, told=told, confidence=sure),
        st.sets(KIND),
        st.sets(KIND),
        st.floats(0, 1),
    )
)


def test_every_type_of_every_text_counts_once():
    texts = [
        text("growth", "expansion", told=["growth", "loan_need"]),
        text("growth", told=["growth"]),
        text(told=["loan_need"]),
        text(),
    ]

    found = overall(texts)

    assert found == Quality(right=2, wrong=2, missed=1)
    assert (found.precision, found.recall) == (2 / 4, 2 / 3)
    assert found.f1 == pytest.approx(2 * 0.5 * (2 / 3) / (0.5 + 2 / 3))


def test_of_chosen_types_alone_the_others_do_not_count():
    texts = [text("growth", "expansion", told=["growth", "loan_need"])]

    assert overall(texts, ["growth"]) == Quality(1, 0, 0)
    assert overall(texts, ["loan_need"]) == Quality(0, 1, 0)
    assert overall(texts, ["expansion"]) == Quality(0, 0, 1)


def test_where_nothing_is_told_or_there_nothing_is_wrong_or_missed():
    nothing = overall([text()])

    assert (nothing.precision, nothing.recall) == (1, 1)
    assert overall([text("growth")]).f1 == 0


@settings(deadline=None)
@given(TEXTS)
def test_shares_are_between_nothing_and_all(texts):
    found = overall(texts)

    for share in (found.precision, found.recall, found.f1, clean(texts), calibration_error(texts)):
        assert 0 <= share <= 1


@settings(deadline=None)
@given(TEXTS)
def test_types_add_up_to_all(texts):
    parts = [overall(texts, [kind]) for kind in KINDS]

    assert overall(texts) == Quality(
        sum(part.right for part in parts),
        sum(part.wrong for part in parts),
        sum(part.missed for part in parts),
    )


def test_clean_texts_are_those_without_a_label_in_which_nothing_is_told():
    assert clean([text(), text(), text(told=["growth"]), text("growth")]) == 2 / 3
    assert clean([text("growth")]) == 1


def test_confidence_that_is_kept_is_no_error():
    right = [text("growth", told=["growth"], confidence=0.75)] * 3
    wrong = [text(told=["growth"], confidence=0.75)]

    assert calibration_error(right + wrong) == pytest.approx(0)


def test_confidence_that_is_not_kept_is_one():
    assert calibration_error([text(told=["growth"], confidence=0.9)]) == pytest.approx(0.9)
    assert calibration_error([]) == 0


def test_full_confidence_is_counted():
    assert calibration_error([text("growth", told=["growth"], confidence=1.0)]) == 0


def test_texts_are_judged_by_what_is_detected_in_them():
    labelled = Labelled("words", frozenset(["growth"]), "en", "own")

    (one,) = judged([labelled], lambda said: Detection(ENGLISH, (signal("growth", content=said),)))

    assert one.told == {"growth"}
    assert one.detection.signals[0].content == "words"


def test_the_report_has_a_line_for_all_each_type_and_each_language():
    texts = [text("growth", told=["growth"]), text(language="de")]

    lines = list(report(texts, tuple(KINDS)))

    assert [line.split()[0] for line in lines[1:9]] == ["all", *KINDS, "de", "en"]
    assert lines[-3:] == [
        "texts without a label kept clean: 100.0%",
        "calibration error: 0.100",
        "private finances marked right: 100.0%",
    ]
