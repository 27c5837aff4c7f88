"""A JSON API by its description: what is asked, what is read, how lists go on, and how it ends."""

import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from services.discovery.criteria import Circle
from services.discovery.find import Find
from services.discovery.sources.json_api import JsonApi
from services.discovery.sources.source import NotAsked, SourceUnavailable
from shared.errors import Malformed
from shared.pages.fetcher import Time
from tests.services.discovery.sources.reaching import BERLIN, criteria, reach, replaying, told
from tests.shared.pages.site import Clock, answer

FIELDS = {"company": "name", "email": "contact.emails[0]", "phone": "contact.phone"}


def company(number, **more):
    contact = {"emails": [f"office@company{number}.example"], "phone": 30901820 + number}
    return {"id": number, "name": f"Company {number}", "contact": contact} | more


def said(document, **headers):
    return answer(body=json.dumps(document).encode(), kind="application/json", **headers)


def settings(api, path="/v1/companies", **more):
    return {"url": api.url(path), "items": "data.items", "key": "id", "fields": FIELDS} | more


def finds(given, wanted=None, clock=None, allowed="127.0.0.1"):
    clock = clock or Clock()
    source = JsonApi(Time(clock, clock.sleep))
    reached = reach(clock=clock, allowed=allowed)
    return told(source.find("t", source.checked(given), wanted or criteria(), reached))


def test_elements_become_finds_by_their_description():
    document = {"data": {"items": [company(1, page="https://a.example/1")]}}
    with replaying(lambda path, body: said(document)) as api:
        given = settings(api, link="page", licence="CC0 1.0", attribution="A register")
        (found,), _ = finds(given)

    assert found.key == "1"
    assert found.fields == {
        "company": "Company 1",
        "email": "office@company1.example",
        "phone": "30901821",
    }
    of = found.provenance
    assert (of.source, of.url) == ("json_api", "https://a.example/1")
    assert (of.licence, of.attribution) == ("CC0 1.0", "A register")


def test_criteria_and_headers_are_sent():
    with replaying(lambda path, body: said([])) as api:
        path = "/?at={latitude},{longitude}&km={radius_km}&q={keywords}&trade={industry}"
        given = settings(api, path, items="", headers={"Authorization": "Bearer sesame"})
        wanted = criteria(circle=BERLIN, keywords=("bio & fair", "ökö"), industry="bakery")
        finds(given, wanted)

    _, asked, headers, _ = api.asked[0]
    assert headers["Authorization"] == "Bearer sesame"
    assert parse_qs(urlsplit(asked).query) == {
        "at": ["52.520000,13.405000"],
        "km": ["10"],
        "q": ["bio & fair ökö"],
        "trade": ["bakery"],
    }


def test_a_body_is_posted_with_its_places_filled():
    with replaying(lambda path, body: said([])) as api:
        body = {"query": {"text": "{keywords}", "size": "{limit}"}, "fixed": 1}
        finds(settings(api, items="", method="POST", body=body), criteria(keywords=('a"b',)))

    method, _, headers, sent = api.asked[0]
    assert (method, headers["Content-Type"]) == ("POST", "application/json")
    assert json.loads(sent) == {"query": {"text": 'a"b', "size": "100"}, "fixed": 1}


def pages(path, body):
    """Answer three pages of two companies, by page, offset or cursor, and a Link header."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    number = int(query.get("page") or int(query.get("offset", 0)) // 2 + 1)
    number = int(query["cursor"][1:]) if query.get("cursor") else number
    items = [company(2 * number), company(2 * number + 1)] if number <= 3 else []
    meta = {"next": f"c{number + 1}"} if number < 3 else {}
    headers = {"Link": f'</v1?page={number + 1}>; rel="next"'} if number < 3 else {}
    return said({"data": {"items": items}, "meta": meta}, **headers)


@pytest.mark.parametrize(
    ("path", "paging"),
    [
        ("/v1?page={page}", {"type": "page"}),
        ("/v1?offset={offset}&limit={limit}", {"type": "offset", "size": 2}),
        ("/v1?cursor={cursor}", {"type": "cursor", "cursor": "meta.next"}),
        ("/v1", {"type": "link"}),
    ],
)
def test_a_list_goes_on(path, paging):
    with replaying(pages) as api:
        found, _ = finds(settings(api, path, paging=paging))

    assert [one.key for one in found] == ["2", "3", "4", "5", "6", "7"]


def test_a_list_that_repeats_itself_without_end_ends():
    with replaying(lambda path, body: said({"data": {"items": [company(1)]}})) as api:
        found, _ = finds(settings(api, "/?page={page}", paging={"type": "page"}))

    assert (len(found), len(api.asked)) == (1, 2)


def test_an_endless_list_ends_with_what_was_wanted():
    def said_more(path, body):
        number = int(path.rpartition("=")[2])
        return said({"data": {"items": [company(number)]}})

    with replaying(said_more) as api:
        given = settings(api, "/?page={page}", paging={"type": "page"})
        found, _ = finds(given, criteria(most=5))

    assert len(found) == 5


def test_requests_are_as_far_apart_as_agreed():
    clock = Clock()
    with replaying(pages) as api:
        given = settings(api, "/?page={page}", paging={"type": "page"}, requests_a_minute=2)
        finds(given, clock=clock)

    assert sum(clock.slept) >= 3 * 29


def test_a_consent_is_passed_on_where_the_api_names_purposes():
    agreed = {"consent": {"for": ["lead_processing"], "at": "2026-01-02T03:04:05Z"}}
    items = [company(1, **agreed), company(2)]
    with replaying(lambda path, body: said(items)) as api:
        consent = {"purposes": "consent.for", "given_at": "consent.at"}
        found, _ = finds(settings(api, items="", consent=consent))

    given = {"purposes": ["lead_processing"], "given_at": "2026-01-02T03:04:05Z"}
    assert [one.consent for one in found] == [given, None]


def test_elements_without_key_or_contact_are_passed():
    items = [{"name": "x"}, {"id": 1, "name": "x"}, {"id": 2, "contact": {"phone": "1"}}, 7, None]
    with replaying(lambda path, body: said(items)) as api:
        found, passed = finds(settings(api, items=""))

    assert found == []
    assert set(passed) == {
        "has no key where the description has one",
        "names no email and no phone",
        "names nobody",
    }


def test_an_element_that_repeats_a_key_is_passed():
    items = [company(1), company(2), company(1)]
    with replaying(lambda path, body: said(items)) as api:
        found, passed = finds(settings(api, items=""))

    assert [one.key for one in found] == ["1", "2"]
    assert list(passed) == ["has the key of one before it"]


def test_an_email_without_a_name_is_somebody():
    items = [{"id": 1, "contact": {"emails": ["ann@one.example"]}}]
    with replaying(lambda path, body: said(items)) as api:
        (found,), _ = finds(settings(api, items=""))

    assert found.fields == {"email": "ann@one.example"}


def test_what_the_api_was_not_told_is_looked_at_here():
    items = [company(1, town="Munich"), company(2, town="Berlin"), company(3)]
    with replaying(lambda path, body: said(items)) as api:
        given = settings(api, items="", fields=FIELDS | {"city": "town"})
        found, _ = finds(given, criteria(circle=BERLIN))

    assert [one.key for one in found] == ["2", "3"]


def test_an_api_that_needs_a_circle_is_not_asked_without():
    with replaying(lambda path, body: said([])) as api, pytest.raises(NotAsked):
        finds(settings(api, "/?lat={latitude}"))


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        (answer(body=b"<html>Login", kind="text/html"), "a page in place of JSON"),
        (answer(body=b" <!doctype html>", kind="application/json"), "a page in place of JSON"),
        (answer(body=b"{}", kind="application/json"), "without a list"),
        (said({"data": {"items": {"a": 1}}}), "without a list"),
        (said({"data": [1]}), "without a list"),
        (answer(body=b'{"data":{"items":[NaN]}}', kind="application/json"), "no JSON"),
        (answer(body=b'{"a":' * 9000, kind="application/json"), "no JSON"),
        (answer(body=b"\xff\xfe", kind="application/json"), "no JSON"),
        (answer(body=b" " * 10_000_001, kind="application/json"), "more than 10 MB"),
        (answer(401, b'{"error": "sesame"}'), r"refuses the question \(HTTP 401\)"),
        (answer(503, b"", Retry_After="3600"), "left alone for 3600 seconds"),
        (answer(302, b"", Location="https://10.0.0.1/"), "redirects to where we do not follow"),
        (answer(302, b"", Location="https://other.example/"), "redirects to where"),
        (answer(302, b"", Location="/v1/companies"), "redirects too often"),
        (b"nonsense\r\n\r\n", "did not answer in HTTP"),
        (answer(body=b"[1", kind="application/json")[:-1], "no JSON"),
    ],
)
def test_what_is_no_answer_ends_in_words(answered, words):
    with (
        replaying(lambda path, body: answered) as api,
        pytest.raises(SourceUnavailable, match=words) as caught,
    ):
        finds(settings(api))

    assert "sesame" not in caught.value.message


def test_a_gigabyte_ends_in_bounded_time_and_memory():
    def endless(wire):
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        for _ in range(1024):
            wire.write(b" " * 1_048_576)

    begun = time.monotonic()
    with (
        replaying(lambda path, body: endless) as api,
        pytest.raises(SourceUnavailable, match="more than 10 MB"),
    ):
        finds(settings(api))

    assert time.monotonic() - begun < 10


def test_a_next_page_elsewhere_is_not_followed():
    link = '<https://other.example/?page=2>; rel="next"'
    with replaying(lambda path, body: said([company(1)], Link=link)) as api:
        clock, found = Clock(), []
        source = JsonApi(Time(clock, clock.sleep))
        given = source.checked(settings(api, items="", paging={"type": "link"}))
        with pytest.raises(SourceUnavailable, match="do not follow"):
            for one in source.find("t", given, criteria(), reach(clock=clock)):
                found.append(one)

    assert [one.key for one in found if isinstance(one, Find)] == ["1"]


def test_an_api_inside_the_network_is_not_asked():
    with pytest.raises(SourceUnavailable, match="not public"):
        finds({"url": "https://10.0.0.1/", "key": "id", "fields": FIELDS})


def test_with_the_network_closed_the_source_is_unavailable():
    with replaying(lambda path, body: b"") as gone:
        pass

    with pytest.raises(SourceUnavailable, match="cannot be reached"):
        finds(settings(gone))


def test_a_stopped_job_waits_for_nothing():
    clock, stopped = Clock(), []
    source = JsonApi(Time(clock, clock.sleep))
    with replaying(pages) as api:
        given = settings(api, "/?page={page}", paging={"type": "page"}, requests_a_minute=1)
        reached = reach(clock=clock, stop=lambda: bool(stopped))
        for _ in source.find("t", source.checked(given), criteria(), reached):
            stopped.append(True)

    assert len(api.asked) <= 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": "https://{keywords}.example/"}, "url"),
        ({"url": "https://a.example/{secret}"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"key": ""}, "key"),
        ({"key": "a..b"}, "key"),
        ({"items": "a["}, "items"),
        ({"fields": {"company": "name"}}, "fields"),
        ({"fields": FIELDS | {"iban": "x"}}, "fields.iban"),
        ({"fields": FIELDS | {"name": 7}}, "fields.name"),
        ({"headers": {"Host": "a.example"}}, "headers.Host"),
        ({"headers": {"X-Key": "a\r\nb"}}, "headers.X-Key"),
        ({"headers": {"X Key": "a"}}, "headers.field 1"),
        ({"headers": ["a"]}, "headers"),
        ({"body": {"a": 1}}, "body"),
        ({"method": "DELETE"}, "method"),
        ({"paging": {"type": "page"}}, "paging.type"),
        ({"paging": {"type": "cursor"}, "url": "https://a.example/{cursor}"}, "paging.cursor"),
        ({"paging": {"odd": 1}}, "paging.odd"),
        ({"paging": 7}, "paging"),
        ({"requests_a_minute": 601}, "requests_a_minute"),
        ({"consent": {"by": "x"}}, "consent.by"),
        ({"odd": 1}, "odd"),
    ],
)
def test_settings_are_read_strictly(change, field):
    given = {"url": "https://a.example/", "key": "id", "fields": FIELDS} | change

    with pytest.raises(Malformed) as caught:
        JsonApi().checked(given)

    assert list(caught.value.details) == [field]


def test_no_secret_is_among_what_is_shown():
    assert not {"headers", "body", "url"} & set(JsonApi.shown)


def test_a_circle_that_is_empty_is_still_one():
    with replaying(lambda path, body: said([])) as api:
        finds(settings(api, "/?lat={latitude}", items=""), criteria(circle=Circle(0.0, 0.0, 1.0)))

    assert api.asked[0][1] == "/?lat=0.000000"
