"""What people say of signals is stored, shown, and becomes the labels that training takes."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.signals import feedback_store, keeping
from services.signals.feedback import Said, labels
from services.signals.keeping import Order
from services.signals.kinds import KINDS
from services.signals.signal import Span
from tests.services.signals.wanting import Asking, says, signal

TEXT = "We need a loan. We hire."


@pytest.fixture
def asking(app, user_id):
    return Asking(app, user_id)


@pytest.fixture
def detected(asking, database, gate, user_id):
    """A text with two signals of a new lead; returns its names."""

    def detected(text=TEXT, *signals, individual=False):
        lead_id = UUID(asking.lead())
        found = signals or (signal("loan_need", 80), signal("growth", 50))
        order = Order(lead_id, "content", text, says(*found, individual=individual))
        return lead_id, keeping.keep(database, gate, user_id, order, datetime.now(UTC))

    return detected


@pytest.fixture
def labelled(database, gate, user_id):
    def labelled():
        with database.transaction(user_id) as conn:
            return list(feedback_store.labelled(conn, gate, user_id))

    return labelled


def judge(asking, kept, kind, expect=201, **said):
    signal_id = kept.signal_ids[f"content/{kind}"]
    return asking.ask("POST", f"/signals/{signal_id}/feedback", expect, **said)


def label(asking, kept, *names):
    path = f"/detections/{kept.detection_id}/feedback"
    return asking.ask("POST", path, 201, labels=list(names))


def test_a_text_that_nobody_looked_at_is_not_for_training(detected, labelled):
    detected()

    assert labelled() == []


def test_a_wrong_signal_is_no_label_and_the_others_stand(asking, detected, labelled):
    _, kept = detected()
    judge(asking, kept, "loan_need", verdict="wrong")

    (one,) = labelled()
    assert (one.text, one.labels, one.language) == (TEXT, {"growth"}, "en")
    assert one.individual is False


def test_a_signal_may_be_said_to_be_another(asking, detected, labelled):
    _, kept = detected()
    judge(asking, kept, "growth", verdict="wrong", labels=["expansion"])

    assert labelled()[0].labels == {"loan_need", "expansion"}


def test_the_latest_word_on_a_signal_counts(asking, detected, labelled):
    _, kept = detected()
    judge(asking, kept, "growth", verdict="wrong", labels=["expansion"])
    judge(asking, kept, "growth", verdict="right")

    assert labelled()[0].labels == {"loan_need", "growth"}


def test_what_was_missed_is_said_of_the_whole_text(asking, detected, labelled):
    _, kept = detected()
    label(asking, kept, "consulting_need")

    assert labelled()[0].labels == {"consulting_need"}


def test_a_text_may_say_nothing_at_all(asking, detected, labelled):
    _, kept = detected()
    label(asking, kept)

    assert labelled()[0].labels == frozenset()


def test_a_signal_beyond_what_is_kept_is_no_label(asking, detected, labelled):
    far = signal("growth", 50, span=Span(9000, 9005))
    _, kept = detected("word " * 2000, signal("loan_need"), far)
    judge(asking, kept, "loan_need", verdict="right")

    assert labelled()[0].labels == {"loan_need"}


def test_every_reviewed_text_is_yielded_once(asking, detected, labelled):
    for number in range(3):
        _, kept = detected(f"Text {number}.")
        judge(asking, kept, "loan_need", verdict="right")
        label(asking, kept, "growth")

    assert sorted(one.text for one in labelled()) == ["Text 0.", "Text 1.", "Text 2."]


def test_what_was_said_stands_in_the_history_with_who_and_when(asking, detected):
    lead_id, kept = detected()
    given = judge(asking, kept, "growth", verdict="wrong", note="They grow tomatoes.")["feedback"]

    (one,) = asking.history(lead_id)["detections"][0]["feedback"]
    assert one == {name: given[name] for name in one}
    assert (one["note"], one["given_by"]) == ("They grow tomatoes.", "local")


def test_nobody_judges_what_is_another_accounts(app, user_id, detected):
    _, kept = detected()
    other = Asking(app, f"{user_id}-other")

    judge(other, kept, "growth", expect=404, verdict="wrong")
    path = f"/detections/{kept.detection_id}/feedback"
    other.ask("POST", path, 404, labels=[])
    other.ask("POST", f"/signals/{uuid4()}/feedback", 404, verdict="wrong")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("verdict", {}),
        ("verdict", {"verdict": "maybe"}),
        ("verdict", {"verdict": 5}),
        ("labels", {"verdict": "wrong", "labels": "growth"}),
        ("labels[0]", {"verdict": "wrong", "labels": ["no such"]}),
        ("labels", {"verdict": "wrong", "labels": ["growth"] * 21}),
        ("note", {"verdict": "wrong", "note": "x" * 2001}),
        ("note", {"verdict": "wrong", "note": 5}),
    ],
)
def test_what_cannot_be_read_is_named_by_its_field(asking, detected, field, said):
    _, kept = detected()

    assert field in judge(asking, kept, "growth", expect=400, **said)["error"]["details"]


# Labels ------------------------------------------------------------------------------------------

kinds = st.sampled_from(sorted(KINDS))
IDS = {kind: UUID(int=n) for n, kind in enumerate(KINDS)}
words = st.builds(
    lambda kind, verdict, more: Said(IDS[kind], kind, verdict, more),
    kinds,
    st.sampled_from(["right", "wrong"]),
    st.lists(kinds, max_size=2),
) | st.builds(lambda more: Said(None, None, None, more), st.lists(kinds, max_size=3))


@settings(deadline=None)
@given(st.sets(kinds), st.lists(words, max_size=6))
def test_labels_are_types_and_a_last_word_on_the_text_is_final(found, said):
    assert labels(found, said) <= set(KINDS)
    assert labels(found, [*said, Said(None, None, None, ["growth"])]) == {"growth"}


@settings(deadline=None)
@given(st.sets(kinds), words)
def test_a_word_said_twice_says_no_more(found, said):
    assert labels(found, [said, said]) == labels(found, [said])
