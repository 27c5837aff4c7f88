"""The external profiler, asked over HTTP: what it is told, what is believed, and how it fails."""

import json
import time
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.enrichment.providers.profiler import MOST_BYTES
from services.enrichment.providers.profiler import Profiler as ExternalProfiler
from services.enrichment.providers.provider import (
    Asked,
    NotApplicable,
    ProfilerAt,
    ProviderUnavailable,
    Reach,
)
from shared.outbound import Door
from tests.services.enrichment.profiler_server import KEY, Profiler
from tests.services.enrichment.stub import closed_port, saying
from tests.shared.pages.site import answer, moved

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUN = UUID(int=7)


@pytest.fixture
def profiler():
    server = Profiler().serve_aside()
    yield server
    server.shutdown()
    server.server_close()


def found(url, seconds=5.0, key=KEY, allowed=("127.0.0.1",), **fields):
    """Return what the profiler at *url* says of whoever *fields* name."""
    at = ProfilerAt(url, key) if url else None
    ends_at = time.monotonic() + seconds
    reach = Reach(NOW, ends_at, None, None, Door(frozenset(allowed)), at)
    asked = Asked(fields or {"username": "ada_l"}, "GB", True, RUN)
    return ExternalProfiler().find(asked, reach)


def says(*findings):
    return answer(body=json.dumps({"findings": findings}).encode(), kind="application/json")


def refused(said, seconds=5.0):
    """Return why a profiler that answers *said* is not believed."""
    with saying(said) as url, pytest.raises(ProviderUnavailable) as error:
        found(url, seconds)
    return str(error.value)


def item(**changes):
    return {"source": "forge", "kind": "username", "value": "ada"} | changes


def test_the_profiler_is_told_a_username_and_a_mail_address_and_nothing_else(profiler):
    found(profiler.url, username="ada_l", email="ada@analytical.example", company="Engines")

    assert profiler.asked == [
        {"username": "ada_l", "email": "ada@analytical.example", "request_id": str(RUN)}
    ]


def test_a_finding_says_what_where_when_and_how_sure(profiler):
    profile, _ = found(profiler.url)

    assert (profile.field, profile.value) == ("social_profile", "https://codeforge.example/ada_l")
    assert (profile.provider, profile.personal) == ("profiler", True)
    assert profile.source_url == "https://codeforge.example/ada_l"
    assert profile.found_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert profile.note == "Found at codeforge; it is 90% sure."


def test_what_nobody_asked_for_is_not_kept(profiler):
    assert {one.field for one in found(profiler.url)} == {"social_profile", "company"}


def test_nobody_known_is_no_fault(profiler):
    assert found(profiler.url, username="nobody") == []


def test_a_finding_without_a_time_was_found_now_and_none_in_the_future():
    later = item(value="b", found_at="2031-01-01T00:00:00+02:00")

    with saying(says(item(), later)) as url:
        assert [one.found_at for one in found(url)] == [NOW, NOW]


def test_a_value_counts_once_and_a_hundred_at_most():
    many = says(item(), item(source="other"), *(item(value=f"a{n}") for n in range(200)))

    with saying(many) as url:
        values = [one.value for one in found(url)]

    assert len(values) == len(set(values)) == 100


def test_without_a_profiler_it_does_not_apply():
    with pytest.raises(NotApplicable, match="no profiler is configured"):
        found(None)


def test_with_neither_username_nor_mail_address_nobody_is_asked(profiler):
    with pytest.raises(NotApplicable):
        found(profiler.url, company="Engines")

    assert profiler.asked == []


def test_a_wrong_key_is_said(profiler):
    with pytest.raises(ProviderUnavailable, match="does not accept our key"):
        found(profiler.url, key="another")


def test_a_private_address_is_not_asked_unless_the_operator_says_so(profiler):
    with pytest.raises(ProviderUnavailable):
        found(profiler.url, allowed=())

    assert profiler.asked == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (answer(body=b"<html>hello"), "not JSON"),
        (answer(body=b"<html>hello", kind="application/json"), "not JSON"),
        (answer(body=b'{"findings": [NaN]}', kind="application/json"), "not JSON"),
        (answer(body=b"[" * 100_000, kind="application/json"), "not JSON"),
        (answer(body=b"\xff\xfe{}", kind="application/json"), "not JSON"),
        (answer(body=b"[]", kind="application/json"), "no list of findings"),
        (answer(body=b'{"findings": {}}', kind="application/json"), "no list of findings"),
        (answer(body=b"{}", kind="application/json", Content_Encoding="gzip"), "packed"),
        (answer(503, b"{}", "application/json"), "503"),
        (answer(429, b"{}", "application/json"), "busy"),
        (answer(404, b"{}", "application/json"), "404"),
        (moved("http://127.0.0.1:1/inside"), "redirects"),
        (moved("http://169.254.169.254/latest/meta-data/"), "redirects"),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", "not reached"),
    ],
)
def test_a_bad_answer_is_unavailable_and_says_why(said, words):
    assert words in refused(said)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"value": 3}, "value"),
        ({"value": ""}, "value"),
        ({"value": "a\u0000b"}, "value"),
        ({"value": "x" * 1001}, "value"),
        ({"source": "<script>"}, "source"),
        ({"source": None}, "source"),
        ({"kind": ["username"]}, "kind"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://user:word@forge.example/"}, "url"),
        ({"url": "https://[bad"}, "url"),
        ({"confidence": 1.5}, "confidence"),
        ({"confidence": True}, "confidence"),
        ({"confidence": "high"}, "confidence"),
        ({"found_at": "yesterday"}, "found_at"),
        ({"found_at": "2026-01-02T03:04:05"}, "found_at"),
        ({"found_at": "0001-01-01T00:00:00+14:00"}, "found_at"),
        ({"found_at": 1767322800}, "found_at"),
    ],
    ids=str,
)
def test_one_item_that_is_not_as_agreed_spoils_the_answer(changes, where):
    assert f"findings[1].{where}" in refused(says(item(), item(**changes)))


def test_an_item_that_is_no_object_is_refused():
    assert "findings[0]" in refused(says("ada"))


def test_more_findings_than_anybody_reads_are_refused():
    assert "more than 1000" in refused(says(*(item(value=f"a{n}") for n in range(1001))))


def test_words_of_a_failure_quote_nothing_of_the_answer():
    assert "secret" not in refused(says(item(value={"secret": 1}), item(source="secret\u0000")))


def test_a_gigabyte_is_not_read():
    sent = [0]

    def flood(wire):
        wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            wire.sendall(b" " * 65536)
            sent[0] += 65536

    assert "more than 1 MB" in refused(flood)
    assert sent[0] < 20 * MOST_BYTES


def test_a_slow_answer_takes_no_longer_than_there_is_time():
    def drip(wire):
        wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{")
        for _ in range(200):
            wire.sendall(b" ")
            time.sleep(0.05)

    began = time.monotonic()

    assert "in time" in refused(drip, seconds=0.6)
    assert time.monotonic() - began < 8


def test_a_profiler_that_says_nothing_is_not_waited_for():
    began = time.monotonic()

    assert "too long" in refused(lambda wire: time.sleep(3), seconds=0.4)
    assert time.monotonic() - began < 2.9


def test_a_closed_port_is_unavailable():
    with pytest.raises(ProviderUnavailable, match="not reached"):
        found(closed_port())
