"""OpenStreetMap: what is asked of Overpass and Nominatim, and what their answers become."""

import json
import threading
import time
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest

from services.discovery.criteria import Circle
from services.discovery.sources.openstreetmap import OpenStreetMap
from services.discovery.sources.source import NotAsked, Progress, SourceUnavailable
from shared.errors import Malformed
from shared.normalize.industry import industry
from shared.pages.fetcher import Time
from tests.services.discovery.sources.reaching import BERLIN, criteria, reach, replaying, told
from tests.shared.pages.site import Clock, answer

BAKERY = {
    "type": "node",
    "id": 4711,
    "lat": 52.5200066,
    "lon": 13.404954,
    "tags": {
        "name": "Backhaus Muster",
        "shop": "bakery",
        "contact:email": "info@backhaus.example; laden@backhaus.example",
        "phone": "+49 30 901820;+49 30 901821",
        "website": "https://backhaus.example",
        "addr:street": "Beispielweg",
        "addr:housenumber": "1a",
        "addr:city": "Berlin",
        "addr:postcode": "10115",
        "addr:country": "DE",
        "opening_hours": "Mo-Sa 06:00-18:00",
    },
}
SALON = {
    "type": "way",
    "id": 815,
    "center": {"lat": 52.51, "lon": 13.41},
    "nodes": [1, 2, 3, 1],
    "tags": {"brand": "Schnitt", "shop": "hairdresser", "contact:mobile": "+49 151 23456789"},
}


def overpass(*elements, **more):
    """Return an answer as Overpass gives it."""
    document = {
        "version": 0.6,
        "generator": "Overpass API 0.7.62.5 1bd436f1",
        "osm3s": {
            "timestamp_osm_base": "2026-11-01T00:00:00Z",
            "copyright": "The data included in this document is from www.openstreetmap.org.",
        },
        "elements": list(elements),
    }
    return answer(body=json.dumps(document | more).encode(), kind="application/json")


def nominatim(south="52.3", north="52.7", west="13.0", east="13.8"):
    place = {
        "place_id": 1,
        "licence": "Data © OpenStreetMap contributors, ODbL 1.0.",
        "osm_type": "relation",
        "osm_id": 62422,
        "lat": "52.5",
        "lon": "13.4",
        "category": "boundary",
        "boundingbox": [south, north, west, east],
    }
    return answer(body=json.dumps([place]).encode(), kind="application/json; charset=utf-8")


def finds(api, wanted, source=None, **environ):
    clock = Clock()
    source = source or OpenStreetMap(Time(clock, clock.sleep))
    environ = {"OVERPASS_URL": api.url("/api"), "NOMINATIM_URL": api.url("/nominatim")} | environ
    return told(source.find("t", {}, wanted, reach(clock=clock, **environ)))


def questions(api):
    """Return the questions in Overpass QL that were asked."""
    posts = [body for method, _, _, body in api.asked if method == "POST"]
    return [parse_qs(body.decode())["data"][0] for body in posts]


def test_a_node_becomes_a_find_with_its_licence():
    with replaying(lambda path, body: overpass(BAKERY)) as api:
        (found,), _ = finds(api, criteria(circle=BERLIN, industry="bakery"))

    assert found.key == "node/4711"
    assert found.fields == {
        "company": "Backhaus Muster",
        "email": "info@backhaus.example",
        "other_email": "laden@backhaus.example",
        "phone": "+49 30 901820",
        "other_phone": "+49 30 901821",
        "website": "https://backhaus.example",
        "street": "Beispielweg 1a",
        "city": "Berlin",
        "postal_code": "10115",
        "country": "DE",
        "industry": found.fields["industry"],
    }
    assert industry(found.fields["industry"]).code == "311811"
    told_of = found.provenance
    assert told_of.url == "https://www.openstreetmap.org/node/4711"
    assert (told_of.licence, told_of.attribution) == ("ODbL 1.0", "© OpenStreetMap contributors")


def test_a_way_lies_where_its_middle_is():
    with replaying(lambda path, body: overpass(SALON)) as api:
        (found,), _ = finds(api, criteria(circle=BERLIN, industry="hair salon"))

    assert (found.key, found.fields["location"]) == ("way/815", "52.51000, 13.41000")
    assert (found.fields["company"], found.fields["phone"]) == ("Schnitt", "+49 151 23456789")


def test_the_question_names_area_tags_and_bounds():
    with replaying(lambda path, body: overpass()) as api:
        finds(api, criteria(circle=BERLIN, industry="bakery", keywords=('bio"hof',), most=100))

    (asked,) = questions(api)
    assert asked.startswith("[out:json][timeout:25][maxsize:67108864];(nwr[")
    assert '["shop"~"^(' in asked
    assert "bakery" in asked
    assert '["name"~"bio.hof",i]' in asked
    assert "(around:10000,52.520000,13.405000);" in asked
    assert asked.endswith(");out tags center 200;")


def test_we_say_who_we_are():
    with replaying(lambda path, body: overpass()) as api:
        wanted = criteria(circle=BERLIN, industry="bakery")
        finds(api, wanted, LEADFLY_ABOUT_URL="https://leadfly.example/visits")

    assert api.asked[0][2]["User-Agent"] == "LeadFly/1 (+https://leadfly.example/visits)"


def test_an_industry_that_nobody_knows_is_looked_for_in_names():
    with replaying(lambda path, body: overpass()) as api:
        finds(api, criteria(circle=BERLIN, industry="zzyzx"))

    assert '["name"~"zzyzx",i]' in questions(api)[0]


def test_without_an_industry_businesses_of_any_kind_are_asked_for():
    with replaying(lambda path, body: overpass()) as api:
        finds(api, criteria(circle=BERLIN))

    assert all(f'nwr["{key}"]' in questions(api)[0] for key in ("office", "craft", "shop"))


def test_a_region_is_asked_of_nominatim_and_becomes_a_box():
    def said(path, body):
        return nominatim() if path.startswith("/nominatim/search?") else overpass(BAKERY)

    with replaying(said) as api:
        found, _ = finds(api, criteria(geographic_area="Land Berlin", industry="bakery"))

    query = parse_qs(urlsplit(api.asked[0][1]).query)
    assert query == {"q": ["Land Berlin"], "format": ["jsonv2"], "limit": ["1"]}
    assert "(52.300000,13.000000,52.700000,13.800000);" in questions(api)[0]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (criteria(industry="bakery"), "needs a geographic_area"),
        (criteria(circle=Circle(0.0, 0.0, 101.0)), "100 km around at most"),
        (criteria(geographic_area="Land"), "smaller areas"),
    ],
)
def test_what_is_too_much_is_not_asked(wanted, words):
    with replaying(lambda path, body: nominatim(south="40", north="50")) as api:
        with pytest.raises(NotAsked, match=words):
            finds(api, wanted)

        assert questions(api) == []


def test_the_same_question_is_asked_once_a_day():
    clock = Clock()
    source = OpenStreetMap(Time(clock, clock.sleep))
    wanted = criteria(circle=BERLIN, industry="bakery")
    with replaying(lambda path, body: overpass(BAKERY)) as api:
        first, again = finds(api, wanted, source)[0], finds(api, wanted, source)[0]
        clock.now += 24 * 3600
        finds(api, wanted, source)

    assert [one.key for one in first] == [one.key for one in again]
    assert len(api.asked) == 2


def test_requests_are_a_second_apart_and_never_two_at_once():
    """With the real clock: three threads, one source, two seconds at least."""
    under_way, most, source = [], [], OpenStreetMap()

    def said(path, body):
        under_way.append(path)
        most.append(len(under_way))
        time.sleep(0.1)
        under_way.remove(path)
        return overpass()

    begun = time.monotonic()
    with replaying(said) as api:
        wanted = [criteria(circle=BERLIN, industry=one) for one in ("bakery", "bank", "hotel")]
        threads = [threading.Thread(target=finds, args=(api, one, source)) for one in wanted]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert (len(api.asked), max(most)) == (3, 1)
    assert time.monotonic() - begun >= 2.3


def test_a_busy_server_is_left_alone_for_as_long_as_it_says():
    answers = [answer(429, b"", Retry_After="17"), overpass(BAKERY)]
    clock = Clock()
    source = OpenStreetMap(Time(clock, clock.sleep))
    with replaying(lambda path, body: answers.pop(0)) as api:
        found, _ = finds(api, criteria(circle=BERLIN, industry="bakery"), source)

    assert len(found) == 1
    assert sum(clock.slept) >= 17


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (answer(429, b"", Retry_After="900"), "left alone for 900 seconds"),
        (answer(504, b"<html>timeout"), r"is busy \(HTTP 504\)"),
        (answer(400, b"parse error"), r"refuses the question \(HTTP 400\)"),
        (overpass(remark='runtime error: Query timed out in "query"'), "could not finish"),
        (answer(body=b"<html>Sorry", kind="text/html"), "a page in place of JSON"),
        (answer(body=b"<?xml?><osm>", kind="application/json"), "a page in place of JSON"),
        (answer(body=b'{"elements": NaN}', kind="application/json"), "no JSON"),
        (answer(body=b"[" * 5000 + b"]" * 5000, kind="application/json"), "no JSON"),
        (answer(body=b'{"elements": 7}', kind="application/json"), "something else than elements"),
        (answer(body=b"[1]", kind="application/json"), "something else than elements"),
        (answer(302, b"", Location="http://10.0.0.1/"), "redirects to where we do not follow"),
    ],
)
def test_what_is_no_answer_ends_in_words(said, words):
    with (
        replaying(lambda path, body: said) as api,
        pytest.raises(SourceUnavailable, match=words),
    ):
        finds(api, criteria(circle=BERLIN, industry="bakery"))


def test_elements_that_lie_about_their_types_are_passed():
    odd = [
        {"type": "area", "id": 1},
        {"type": "node", "id": "1"},
        {"type": "node", "id": 2, "tags": {"name": 3, "email": ["a"]}},
        {"type": "node", "id": 3, "tags": []},
        7,
    ]
    with replaying(lambda path, body: overpass(*odd)) as api:
        found, passed = finds(api, criteria(circle=BERLIN, industry="bakery"))

    assert (found, len(passed)) == ([], 5)


def test_with_the_network_closed_the_source_is_unavailable():
    with replaying(lambda path, body: b"") as gone:
        pass

    with pytest.raises(SourceUnavailable, match="Overpass cannot be reached"):
        finds(gone, criteria(circle=BERLIN, industry="bakery"))


def test_a_server_inside_the_network_is_not_asked():
    with pytest.raises(SourceUnavailable, match="not public"), replaying(lambda p, b: b"") as api:
        finds(api, criteria(circle=BERLIN), OVERPASS_URL="https://10.0.0.1/api")


def test_progress_is_told_while_the_server_thinks():
    def said(path, body):
        time.sleep(1.5)
        return overpass(BAKERY)

    with replaying(said) as api:
        source = OpenStreetMap()
        reached = reach(OVERPASS_URL=api.url("/api"))
        wanted = criteria(circle=BERLIN, industry="bakery")
        told_at = [time.monotonic()]
        for one in source.find("t", {}, wanted, reached):
            if isinstance(one, Progress):
                told_at.append(time.monotonic())

    assert max(later - sooner for sooner, later in pairwise(told_at)) < 1


def test_it_has_no_settings():
    with pytest.raises(Malformed):
        OpenStreetMap().checked({"url": "https://a.example"})
