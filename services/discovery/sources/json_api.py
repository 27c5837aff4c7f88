"""An API that answers in JSON, described by the account: its address, and where it has what."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson

from services.discovery.criteria import Criteria
from services.discovery.find import Find, Passed, Provenance
from services.discovery.fitting import Looked, looked
from services.discovery.sources.finding import finding
from services.discovery.sources.json_host import Json, JsonHost, Request
from services.discovery.sources.json_mapping import Mapped, mapped
from services.discovery.sources.json_paging import Place, first, following
from services.discovery.sources.json_request import CIRCULAR, filled, filled_url, said
from services.discovery.sources.side_by_side import Stop, Told, side_by_side
from services.discovery.sources.source import NotAsked, Progress, Reach
from services.discovery.sources.visits import REAL_TIME, paused
from shared.pages import addresses
from shared.pages.faults import PageRefused
from shared.pages.fetcher import Time

MOST_REQUESTS = 1000
"""Of one run."""

MOST_ITEMS = 10_000
"""Of one answer."""

REPEATED = "has the key of one before it"


class JsonApi:
    """Finds what an API of the account's choice lists."""

    type = "json_api"
    title = "A JSON API, by a description of it"
    builtin = False
    licence = "as agreed with whoever runs the API"
    attribution = ""
    limits = (
        f"60 requests a minute unless the account says otherwise; {MOST_REQUESTS} requests of 10 MB"
        " and 20 s each; never into a private network."
    )
    described: Mapping[str, str] = {
        "url": "The address, with places such as {latitude} or {page}. Required.",
        "method": "GET or POST; else GET.",
        "headers": "Header fields, keys among them; never shown again.",
        "body": "With POST: JSON whose texts may hold places.",
        "items": "The path to the list of elements; else the answer itself is the list.",
        "key": "The path in an element to what the API calls it. Required.",
        "link": "The path in an element to the page where it can be seen.",
        "fields": "Our fields, each with its path in an element. Required.",
        "consent": "purposes, text_version, given_at and proof, each with its path in an element.",
        "paging": "{type: none, page, offset, cursor or link; first; size; cursor}.",
        "requests_a_minute": "1 to 600, else 60.",
        "licence": "Under which terms what it says may be used.",
        "attribution": "What must be shown with it.",
    }
    shown = ("method", "items", "key", "link", "fields", "consent", "paging",
             "requests_a_minute", "licence", "attribution")  # fmt: skip
    """An address may carry a key, so it is shown as little as a header."""

    def __init__(self, pacing: Time = REAL_TIME):
        """*pacing* keeps requests apart."""
        self._time = pacing

    def checked(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return *settings* if an API can be asked by them. Raises Malformed (by field)."""
        mapped(settings)
        return dict(settings)

    def find(
        self, tenant_id: str, settings: Mapping[str, Any], criteria: Criteria, reach: Reach
    ) -> Iterator[Told]:
        """Yield what the API lists, in its order."""
        api = mapped(settings)
        if api.places & set(CIRCULAR) and criteria.circle is None:
            raise NotAsked("This API needs a geographic_area that is a place with a radius.")
        crawl = partial(self._crawl, api, criteria, reach)
        yield from side_by_side([crawl], reach.stop, criteria.most)

    def _crawl(self, api: Mapped, criteria: Criteria, reach: Reach, stop: Stop) -> Iterator[Told]:
        wanted, done = _wanted(api, criteria), 0
        keys: set[str] = set()
        for items in self._answers(api, criteria, reach, stop):
            for item in items:
                found = _found(item, api, wanted, reach)
                if isinstance(found, Find) and found.key in keys:
                    found = Passed(REPEATED)
                elif isinstance(found, Find):
                    keys.add(found.key)
                yield found
            done += len(items)
            yield Progress(done, None)

    def _answers(
        self, api: Mapped, criteria: Criteria, reach: Reach, stop: Stop
    ) -> Iterator[list[Any]]:
        """Yield the elements of each answer, until the list ends or says the same again."""
        host = JsonHost(
            reach.door, "The API", reach.settings.about_url, lambda s: paused(s, stop, self._time)
        )
        at: Place | None = first(api.paging)
        seen: set[str] = set()
        for _ in range(MOST_REQUESTS):
            if at is None or stop():
                return
            asked_at = time.monotonic()
            answer = host.ask(_request(api, criteria, at, reach, host))
            items = _items(answer, api, host)
            new = {key for item in items if (key := api.key.text(item))} - seen
            if items and not new:
                return  # pages beyond the last often repeat it
            seen |= new
            yield items
            at = following(api.paging, at, len(items), answer.document, answer.headers)
            if at is not None:
                apart = 60 / api.requests_a_minute - (time.monotonic() - asked_at)
                paused(apart, stop, self._time)


def _request(api: Mapped, criteria: Criteria, at: Place, reach: Reach, host: JsonHost) -> Request:
    values = said(criteria) | at.values(api.paging)
    url = filled_url(api.url, values)
    if at.link:
        url = _linked(url, at.link, reach, host)
    headers, body = dict(api.headers), b""
    if api.body is not None:
        body = orjson.dumps(filled(api.body, values))
        headers.setdefault("Content-Type", "application/json")
    return Request(url, api.method, headers, body)


def _linked(url: str, link: str, reach: Reach, host: JsonHost) -> str:
    """Return where a Link header leads from *url*: on the same site, as the headers are for it."""
    try:
        to = addresses.redirected(url, link, reach.door.allowed)
    except PageRefused:
        raise host.fault("names a next page that we do not follow") from None
    if addresses.site(to) != addresses.site(addresses.mended(url, reach.door.allowed)):
        raise host.fault("names a next page that we do not follow")
    return to


def _items(answer: Json, api: Mapped, host: JsonHost) -> list[Any]:
    """Return the elements of *answer*. Raises SourceUnavailable where there is no list."""
    found = api.items.values(answer.document)
    if len(found) == 1 and isinstance(found[0], list):
        found = found[0]
    elif not api.items.steps or not found or None not in api.items.steps:
        raise host.fault("answers without a list where its description has one")
    return found[:MOST_ITEMS]


def _found(item: Any, api: Mapped, wanted: Looked, reach: Reach) -> Find | Passed:
    key = api.key.text(item)
    if not key:
        return Passed("has no key where the description has one")
    fields = {name: path.text(item) for name, path in api.fields.items()}
    link = api.link.text(item) if api.link.steps else ""
    provenance = Provenance(
        JsonApi.type,
        link if link.startswith(("https://", "http://")) and len(link) <= 2000 else "",
        api.licence or JsonApi.licence,
        api.attribution,
        datetime.now(UTC),
    )
    country = reach.settings.default_country
    found = finding(key, fields, provenance, wanted, country, nameless=True)
    if isinstance(found, Passed) or not api.consent:
        return found
    return Find(found.key, found.fields, found.provenance, _consent(item, api))


def _consent(item: Any, api: Mapped) -> dict[str, Any] | None:
    """Return what the element says of a consent; None unless it names purposes."""
    told: dict[str, Any] = {
        name: text
        for name, path in api.consent.items()
        if name != "purposes" and (text := path.text(item)[:500])
    }
    purposes = api.consent["purposes"].values(item) if "purposes" in api.consent else []
    listed = purposes[0] if len(purposes) == 1 and isinstance(purposes[0], list) else purposes
    named = [one.strip()[:100] for one in listed if isinstance(one, str) and one.strip()]
    return {"purposes": named[:20]} | told if named else None


def _wanted(api: Mapped, criteria: Criteria) -> Looked:
    """Return what is left to look at here: the API was told the rest."""
    wanted, told = looked(criteria), api.places
    return Looked(
        circle=None if "latitude" in told else wanted.circle,
        region=None if told & {"country", "geographic_area"} else wanted.region,
        prefixes=() if "industry" in told else wanted.prefixes,
        words=() if told & {"keywords", "industry"} else wanted.words,
        size=wanted.size,
        category=wanted.category,
    )
