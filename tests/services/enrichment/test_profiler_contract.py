"""The profiler's contract is what docs/profiler.md says, and reading an answer never breaks."""

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import orjson
from hypothesis import given
from hypothesis import strategies as st

from services.enrichment.profiling import KINDS, Unreadable, findings, request

GUIDE = Path(__file__).resolve().parents[3] / "docs/profiler.md"
NOW = datetime(2026, 11, 22, tzinfo=UTC)

ASKED, ANSWERED = re.findall(
    r"^```json\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
)


def test_the_question_is_what_the_guide_shows():
    shown = orjson.loads(ASKED)

    assert orjson.loads(request(shown, UUID(shown["request_id"]))) == shown


def test_the_answer_that_the_guide_shows_is_read():
    assert [one.field for one in findings(ANSWERED.encode(), NOW)] == [
        "social_profile",
        "job_title",
    ]


def test_the_guide_lists_the_kinds_that_are_kept():
    listed = re.search(r"\| `kind` \| (.*?);", GUIDE.read_text(encoding="utf-8"))

    assert re.findall(r"`(\w+)`", listed[1]) == list(KINDS)


json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
items = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["forge", "a b", ""]) | json,
        "kind": st.sampled_from([*KINDS, "religion"]) | json,
        "value": st.text(min_size=1) | json,
    },
    optional={
        "url": st.sampled_from(["https://forge.example/a", "http://[", "x"]) | json,
        "confidence": st.floats(0, 1) | json,
        "found_at": st.datetimes().map(str) | st.sampled_from(["9999-12-31T23:59:59-23:59"]) | json,
    },
)


@given(st.lists(items, max_size=4) | json)
def test_any_json_is_read_or_refused_with_words(said):
    try:
        body = orjson.dumps({"findings": said})
    except (TypeError, orjson.JSONEncodeError):
        return  # lone surrogates, which no JSON holds
    try:
        found = findings(body, NOW)
    except Unreadable as error:
        assert str(error).startswith(("has ", "is "))
    else:
        assert all(one.field in KINDS.values() and one.value and one.personal for one in found)
        assert all(one.found_at <= NOW for one in found)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_words(body):
    try:
        findings(body, NOW)
    except Unreadable as error:
        assert str(error)
