"""Payloads that no sender means: any JSON value, and sound payloads with some of it broken."""

import copy

from hypothesis import strategies as st

from services.dedup.intake.sent import Ignored, Notice, Sent, Withdrawn

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def broken(draw, sound):
    """Return one of *sound* with one to four of its values dropped or put in another's place."""
    payload = copy.deepcopy(draw(st.sampled_from(sound)))
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(payload))
        if not places:
            break
        holder, name = draw(st.sampled_from(places))
        if isinstance(holder, dict) and draw(st.booleans()):
            del holder[name]
        else:
            holder[name] = draw(ANYTHING)
    return payload


def _places(value):
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in list(entries):
        yield value, name
        if isinstance(inner, dict | list):
            yield from _places(inner)


def endured(sender, payload):
    """Assert that *sender* takes the payload without complaint, and says only what it may."""
    assert sender.recognises(payload, {}) in (True, False)
    found = [*sender.items(payload)]
    if sender.fetched:
        found += sender.fetched(payload, "1")
    if sender.redacted:
        sender.redacted(payload)
    for item in found:
        assert isinstance(item, Sent | Notice | Withdrawn | Ignored)
        if isinstance(item, Sent):
            assert item.key is None or isinstance(item.key, str)
            assert all(isinstance(one.name, str) and one.value is not None for one in item.answers)
            assert item.around.submitted_at is None or item.around.submitted_at.tzinfo
