"""What a source may be: a setting that would only look like protection is refused."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dedup.intake.replies import PROFILES
from services.dedup.intake.sender import SECRETS, Sender
from services.dedup.intake.source import (
    LONGEST_NAME,
    MOST_MAPPED,
    TARGETS,
    Declared,
    Source,
    changed,
    checked,
)
from shared.errors import Meaningless


def sender(name, **abilities):
    return Sender(name, name.title(), lambda *_: True, lambda _: [], **abilities)


SILENT = sender("silent", reply="google")
SIGNING = sender("signing", verify=lambda *_: None)
GREETING = sender("greeting", greet=lambda *_: None)
ANNOUNCING = sender("announcing", fetch=lambda *_: None)
SENDERS = (SILENT, SIGNING, GREETING, ANNOUNCING)


def source(**settings):
    return replace(Source("acme", "contact"), **settings)


def faults(**settings):
    try:
        checked(source(**settings), SENDERS)
    except Meaningless as error:
        return set(error.details)
    return set()


def test_a_name_is_all_that_a_source_needs():
    assert faults() == set()


@pytest.mark.parametrize("name", ["", " ", "x" * 129, "a\nb", "/a", "a/", "a/b", "/", ".", ".."])
def test_a_name_that_cannot_stand_in_an_address_is_refused(name):
    assert faults(source_id=name) == {"source_id"}


@pytest.mark.parametrize("name", ["contact", "Formulaire été", "a.b", "...", "x" * 128])
def test_other_names_are_fine(name):
    assert faults(source_id=name) == set()


@pytest.mark.parametrize(
    ("secret", "users"),
    [
        ("secret", {"signing"}),
        ("verify_token", {"greeting"}),
        ("access_token", {"announcing"}),
    ],
)
@pytest.mark.parametrize("adapter", [None, "generic", *(each.name for each in SENDERS)])
def test_a_secret_needs_a_sender_that_uses_it(secret, users, adapter):
    refused = set() if adapter in users else {secret}

    assert faults(adapter=adapter, secrets={secret: "s3cret"}) == refused


def test_a_secret_is_never_repeated():
    with pytest.raises(Meaningless) as refused:
        checked(source(secrets={"secret": "s3cret\n", "other": "s3cret"}), SENDERS)

    assert "s3cret" not in str(refused.value.details)
    assert "s3cret" not in repr(source(secrets={"secret": "s3cret"}))


@pytest.mark.parametrize("text", ["", " ", "line\nline", "x" * 4097, "s3cret ", "\u3000s3cret"])
def test_a_secret_is_a_line_of_text(text):
    assert faults(adapter="signing", secrets={"secret": text}) == {"secret"}


@pytest.mark.parametrize("text", ["s3cr\u00e9t", "s3\u20acret", "s3 cret"])
def test_an_access_token_is_one_that_a_header_can_carry(text):
    assert faults(adapter="announcing", secrets={"access_token": text}) == {"access_token"}
    assert faults(adapter="signing", secrets={"secret": text}) == set()


def test_an_adapter_and_a_profile_are_known_ones():
    assert faults(adapter="nobody") == {"adapter"}
    assert faults(profile="shouting") == {"profile"}


@pytest.mark.parametrize("country", ["de", "XX", "Germany", "", "DEU"])
def test_a_country_is_a_code_in_capitals(country):
    assert faults(country=country) == {"country"}


@pytest.mark.parametrize(
    "field_map",
    [
        {"Firma": "firm"},
        {"": "email"},
        {"x" * (LONGEST_NAME + 1): "email"},
        {str(n): "email" for n in range(MOST_MAPPED + 1)},
    ],
)
def test_a_field_map_leads_to_fields_of_ours(field_map):
    assert faults(field_map=field_map) == {"field_map"}


def test_a_field_may_be_ignored():
    assert faults(field_map={"Company size": "ignore", "Firma": "company"}) == set()


def test_a_declared_consent_has_a_purpose_and_a_box_that_has_a_name():
    assert faults(consent=Declared(())) == {"consent.purposes"}
    assert faults(consent=Declared(("contact",), field="")) == {"consent.field"}
    assert faults(consent=Declared(("contact",), "2026-01", "I agree")) == set()


def test_a_source_is_answered_as_its_sender_needs_unless_it_says_otherwise():
    assert source().reply_to(SILENT) == "google"
    assert source(profile="always_200").reply_to(SILENT) == "always_200"


def test_a_change_leaves_alone_what_it_does_not_name():
    before = source(adapter="signing", country="DE", secrets={"secret": "a", "access_token": "b"})

    after = changed(before, {"country": None, "secret": None, "user_id": "acme", "source_id": "x"})

    assert after == replace(before, country=None, secrets={"access_token": "b"})
    assert changed(before, {}) == before


texts = st.text(max_size=210)


@settings(deadline=None)
@given(
    st.builds(
        Source,
        texts,
        texts,
        st.none() | texts,
        st.none() | st.sampled_from(PROFILES) | texts,
        st.dictionaries(texts, st.sampled_from(TARGETS) | texts, max_size=3),
        st.none() | texts,
        st.none() | st.builds(Declared, st.lists(texts).map(tuple), st.none() | texts),
        st.dictionaries(st.sampled_from(SECRETS) | texts, texts, max_size=3),
    )
)
def test_nothing_but_a_refusal_comes_of_any_source(any_source):
    try:
        assert checked(any_source, SENDERS) == any_source
    except Meaningless as error:
        assert error.details
