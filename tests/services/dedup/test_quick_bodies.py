"""A lead is read the same whether marshmallow reads it or its quick reader does."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from services.dedup import schema
from services.dedup.verdict import Submission
from shared.errors import Malformed
from shared.lead_fields import FIELDS
from shared.quick_forms import reader
from shared.validation import flattened, loaded

LEADS = schema.LeadSubmission()

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.lists(st.text(max_size=4), max_size=3),
    st.just("x" * 501),
)
TEXTS = st.sampled_from(
    ["", " ", "ada@example.org", "+44 20 7946 0958", "Ada", " Ada ", "x" * 500, "12345"]
)
VALUES = st.one_of(TEXTS, TEXTS, ODD)


def forms(names, values=VALUES):
    """Return forms of *names*, a few of them with other names or no forms at all."""
    keys = st.sampled_from([*names, "more", "email", ""])
    return st.one_of(st.dictionaries(keys, values, max_size=6), ODD)


MOMENTS = st.one_of(st.sampled_from(["2026-03-01T09:30:00Z", "", "1969-01-01", "9999-01-01"]), ODD)
DIRECT = st.fixed_dictionaries(
    {"email": st.sampled_from(["ada@example.org", "no address"])},
    optional=dict.fromkeys(FIELDS[1:], TEXTS),
)
CONTEXTS = st.fixed_dictionaries(
    {},
    optional={
        "ip": st.one_of(st.sampled_from(["203.0.113.9, 10.0.0.1", "[::1]:80", "?"]), ODD),
        "submitted_at": MOMENTS,
        "form_fill_ms": st.one_of(st.sampled_from(["8400", 8400, -1, ""]), ODD),
        "honeypot": VALUES,
        "user_agent": VALUES,
    },
)
CONSENTS = st.fixed_dictionaries(
    {},
    optional={
        "purposes": st.one_of(st.sampled_from(["lead_processing", "a, b", ["a"], [], ""]), ODD),
        "given_at": MOMENTS,
        "text_version": VALUES,
        "proof": VALUES,
    },
)
BODIES = st.one_of(
    ODD,
    st.fixed_dictionaries(
        {},
        optional={
            "user_id": VALUES,
            "source_id": st.one_of(st.just("website"), VALUES),
            "lead_data": st.one_of(DIRECT, DIRECT, forms(FIELDS)),
            "context": st.one_of(CONTEXTS, forms(["ip", "submitted_at"])),
            "consent": st.one_of(CONSENTS, forms(["purposes", "given_at"])),
            "more": ODD,
        },
    ),
)


def timeless(found, body):
    """Return *found* without the times that are now because *body* says none."""
    if not isinstance(found, Submission):
        return found
    now = found.submitted_at
    agreed = found.consent
    if agreed and agreed.given_at == now:
        agreed = replace(agreed, given_at=None)
    said = isinstance(body.get("context"), dict) and body["context"].get("submitted_at")
    return replace(found, submitted_at=now if said else None, consent=agreed)


@settings(deadline=None, max_examples=1000)
@given(BODIES)
def test_a_body_gives_the_same_lead_or_the_same_faults(body):
    try:
        ours = loaded(LEADS, body)
    except Malformed as error:
        ours = error.details
    try:
        reference = LEADS.load(body)
    except ValidationError as error:
        reference = flattened(error.normalized_messages(), body)

    assert timeless(ours, body) == timeless(reference, body)


def test_a_usual_lead_is_read_quickly():
    body = {
        "source_id": "website",
        "lead_data": {"email": "ada@example.org", "message": None},
        "context": {"ip": "203.0.113.9"},
        "consent": {"purposes": "lead_processing"},
    }

    assert reader(LEADS)(body).fields == {"email": "ada@example.org"}
