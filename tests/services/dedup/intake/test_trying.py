"""A sample is shown as its post would be read, with what is odd about it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup.intake.detection import UnknownSender
from services.dedup.intake.registry import SENDERS
from services.dedup.intake.trying import NAMELESS, UNREACHABLE, sample, tried
from shared.errors import Malformed, ServiceError

LEAD = {"email": "ada@analytical.example", "name": "Ada Lovelace"}


@pytest.mark.parametrize(
    ("sent", "content_type"),
    [
        (LEAD, None),
        (json.dumps(LEAD), None),
        (json.dumps(LEAD), "application/json"),
        ("email=ada%40analytical.example&name=Ada+Lovelace", None),
        ("email=ada%40analytical.example&name=Ada+Lovelace", "application/x-www-form-urlencoded"),
    ],
)
def test_a_sample_is_json_or_a_body_as_it_came(sent, content_type):
    (item,) = tried(sample(sent, content_type))["items"]

    assert item["fields"] == LEAD


@pytest.mark.parametrize("sent", ["", "{bad", "a=1"])
def test_what_cannot_be_read_is_said_of_the_sample(sent):
    with pytest.raises(Malformed) as refused:
        tried(sample(sent, "multipart/form-data" if sent == "a=1" else None))

    assert set(refused.value.details) == {"sample"}


def test_a_number_of_64_bits_is_the_one_that_was_sent():
    assert sample({"form_id": 9007199254740993}).payload == {"form_id": 9007199254740993}


def test_a_lead_that_nobody_can_reach_is_warned_of():
    (item,) = tried(sample({"name": "Ada Lovelace"}))["items"]

    assert UNREACHABLE in item["warnings"]


def test_a_lead_without_a_name_of_its_own_is_warned_of():
    (item,) = tried(sample(LEAD))["items"]

    assert item["key"] is None
    assert NAMELESS in item["warnings"]


def test_the_saved_map_decides():
    (item,) = tried(sample(LEAD | {"x": "Engines Ltd"}), field_map={"x": "company"})["items"]

    assert item["fields"]["company"] == "Engines Ltd"


@pytest.mark.parametrize("sender", SENDERS, ids=lambda sender: sender.name)
def test_what_a_named_sender_would_not_claim_is_ignored_or_warned_of(sender):
    shown = tried(sample({"frobnicate": 1}), sender.name)

    assert shown["adapter"] == sender.name
    assert shown["claimed_by"] == []


def test_a_sender_that_does_not_exist_is_refused():
    with pytest.raises(UnknownSender):
        tried(sample(LEAD), "nobody")


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(documents)
def test_any_sample_is_shown_or_clearly_refused(document):
    try:
        shown = tried(sample(document))
    except ServiceError:
        return
    assert json.dumps(shown)
    assert shown["count"] == len(shown["items"])
