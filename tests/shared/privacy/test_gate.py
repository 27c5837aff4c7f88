"""The one gate: consent first, then only sealed, clear or keyed as the mode allows."""

import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.privacy.consent import allows
from shared.privacy.consent import given as agreed
from shared.privacy.gate import ConsentMissing, Gate
from shared.privacy.modes import MODES
from shared.privacy.pseudonym import Keyring, Unsealable
from shared.privacy.purposes import LEAD_PROCESSING, named

KEYS = Keyring(b"k" * 32)
NOW = datetime(2026, 11, 21, tzinfo=UTC)
LEAD = {
    "email": "ada@example.org",
    "phone": "+442079460958",
    "first_name": "Ada",
    "company": "Analytical Engines",
}


def gate(mode):
    return Gate(MODES[mode], KEYS)


def test_the_strict_mode_keeps_nothing_without_consent():
    with pytest.raises(ConsentMissing) as refused:
        gate("gdpr_strict").admit("t", LEAD_PROCESSING, None)

    assert "consent.purposes" in refused.value.details


def test_consent_to_another_purpose_is_no_consent():
    with pytest.raises(ConsentMissing):
        gate("gdpr_strict").admit("t", LEAD_PROCESSING, agreed(["marketing"], NOW))


@pytest.mark.parametrize("word", ["lead_processing", "Contact", "lead management"])
def test_forms_may_call_the_purpose_by_another_word(word):
    assert gate("gdpr_strict").admit("t", LEAD_PROCESSING, agreed([word], NOW))


def test_the_strict_mode_seals_what_names_or_reaches_a_person():
    permit = gate("gdpr_strict").admit("t", LEAD_PROCESSING, agreed(["contact"], NOW))

    kept = permit.keep(LEAD, "lead-1")

    assert kept.clear == {"company": "Analytical Engines"}
    for text in ("ada@example.org", "+442079460958", "Ada"):
        assert text.encode() not in kept.sealed


def test_a_seal_opens_only_for_its_tenant_and_row():
    strict = gate("gdpr_strict")
    permit = strict.admit("t", LEAD_PROCESSING, agreed(["contact"], NOW))
    sealed = permit.seal(b"secret", "lead-1")

    assert strict.unseal("t", sealed, "lead-1") == b"secret"
    for tenant, row in (("other", "lead-1"), ("t", "lead-2")):
        with pytest.raises(Unsealable):
            strict.unseal(tenant, sealed, row)


def test_a_pseudonym_differs_by_tenant_kind_and_key():
    pseudonyms = {
        KEYS.pseudonym("t", "email", "a"),
        KEYS.pseudonym("u", "email", "a"),
        KEYS.pseudonym("t", "phone", "a"),
        KEYS.pseudonym("t", "emaila", ""),
        Keyring(b"x" * 32).pseudonym("t", "email", "a"),
    }

    assert len(pseudonyms) == 5


@given(st.text(), st.text(), st.text())
def test_a_pseudonym_is_a_signed_64_bit_number(tenant, kind, value):
    assert -(2**63) <= KEYS.pseudonym(tenant, kind, value) < 2**63


def test_a_pseudonym_stays_what_it_was_for_the_values_that_are_stored():
    keys = Keyring(bytes(range(32)))

    assert keys.pseudonym("acme", "email", "ada@example.org") == 2219852639651782748


@given(st.text(), st.text(), st.text())
def test_a_pseudonym_is_the_beginning_of_an_hmac(tenant, kind, value):
    key = hmac.digest(b"k" * 32, b"leadfly/v1/pseudonyms\x01", "sha256")
    message = f"{len(tenant)}:{tenant}{len(kind)}:{kind}{value}".encode()
    expected = int.from_bytes(hmac.digest(key, message, "sha256")[:8], "big", signed=True)

    assert KEYS.pseudonym(tenant, kind, value) == expected


@given(st.binary(max_size=200))
def test_what_nobody_sealed_does_not_open(data):
    with pytest.raises(Unsealable):
        KEYS.unseal(data, "t/row")


@given(st.text())
def test_naming_a_purpose_is_idempotent(word):
    assert named(named(word)) == named(word)


def test_flags_only_ever_tighten_a_mode():
    strict = MODES["gdpr_strict"].tightened(
        require_consent=False, anonymize=False, cross_site_tracking=True, fingerprinting=True
    )

    assert strict == MODES["gdpr_strict"]


@pytest.mark.parametrize("purpose", ["fingerprinting", "behavioural_tracking"])
def test_standard_asks_consent_for_tracking_and_testing_for_nothing(purpose):
    assert not allows(MODES["standard"], purpose, None)
    assert allows(MODES["testing"], purpose, None)
    assert allows(MODES["standard"], LEAD_PROCESSING, None)
