"""OpenStreetMap: businesses of a trade in an area, asked of Overpass, areas of Nominatim.

Both are public servers of volunteers, or ones of the operator's own (OVERPASS_URL, NOMINATIM_URL).
Their usage policies: say who you are, one request at a time and a second apart, no question twice.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from services.discovery.criteria import Criteria
from services.discovery.find import Find, Passed, Provenance
from services.discovery.fitting import Looked
from services.discovery.sources import map_element
from services.discovery.sources.finding import finding
from services.discovery.sources.given import Given
from services.discovery.sources.json_host import JsonHost, Request
from services.discovery.sources.manners import Manners
from services.discovery.sources.map_tags import Tag, known_trade, tags
from services.discovery.sources.overpass_query import SERVER_SECONDS, Box, question
from services.discovery.sources.side_by_side import Stop, Told, side_by_side
from services.discovery.sources.source import NotAsked, Progress, Reach
from services.discovery.sources.visits import REAL_TIME, paused
from shared.pages.fetcher import Time

MOST_ELEMENTS = 10_000
"""Of one question."""

MOST_BYTES = 20_000_000
"""Of one answer of Overpass: 10,000 elements have 8 MB."""

MOST_RADIUS_KM = 100.0
MOST_DEGREES = 4.0
"""Of a region's height and width: larger ones are for a server and an extract of one's own."""

TOLD_EVERY = 500
"""Elements after which progress is told."""


class OpenStreetMap:
    """Finds businesses on the map."""

    type = "openstreetmap"
    title = "OpenStreetMap"
    builtin = True
    licence = "ODbL 1.0"
    attribution = "© OpenStreetMap contributors"
    limits = (
        "One request at a time and a second apart for the whole process, answers remembered for a "
        f"day; circles of up to {MOST_RADIUS_KM:.0f} km, {MOST_ELEMENTS} businesses, and those "
        "alone that publish an address or a number."
    )
    described: Mapping[str, str] = {}
    shown: tuple[str, ...] = ()

    def __init__(self, pacing: Time = REAL_TIME):
        """*pacing* keeps requests apart."""
        self._time = pacing
        self._overpass, self._nominatim = Manners(pacing=pacing), Manners(pacing=pacing)

    def checked(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return *settings*: there are none. Raises Malformed."""
        Given(settings).finished()
        return {}

    def find(
        self, tenant_id: str, settings: Mapping[str, Any], criteria: Criteria, reach: Reach
    ) -> Iterator[Told]:
        """Yield the businesses of the area, ordered by kind and number of their elements."""
        if criteria.circle is None and not criteria.geographic_area:
            raise NotAsked("OpenStreetMap needs a geographic_area.")
        if criteria.circle and criteria.circle.radius_km > MOST_RADIUS_KM:
            raise NotAsked(f"OpenStreetMap is asked for {MOST_RADIUS_KM:.0f} km around at most.")
        trade = known_trade(criteria.industry)
        wanted = tags(trade) if trade else ()
        if trade and not wanted:
            raise NotAsked("OpenStreetMap has no tags for this industry.")
        names = criteria.keywords or ((criteria.industry,) if criteria.industry else ())
        keywords = criteria.keywords if trade else names
        crawl = partial(self._crawl, criteria, wanted, tuple(filter(None, keywords)), reach)
        yield from side_by_side([crawl], reach.stop, criteria.most)

    def _crawl(
        self,
        criteria: Criteria,
        wanted: tuple[Tag, ...],
        keywords: tuple[str, ...],
        reach: Reach,
        stop: Stop,
    ) -> Iterator[Told]:
        area = criteria.circle or self._box(criteria, reach, stop)
        most = min(2 * criteria.most, MOST_ELEMENTS)
        elements = self._elements(question(area, wanted, keywords, most), reach, stop)
        for done, element in enumerate(elements, 1):
            if done % TOLD_EVERY == 1:
                yield Progress(done, len(elements))
            yield self._found(element, criteria, reach)
        yield Progress(len(elements), len(elements))

    def _found(self, element: Any, criteria: Criteria, reach: Reach) -> Find | Passed:
        key = map_element.key(element)
        if not key:
            return Passed("is no element of the map")
        said = map_element.fields(element, criteria.country)
        url = f"https://www.openstreetmap.org/{key}"
        provenance = Provenance(self.type, url, self.licence, self.attribution, datetime.now(UTC))
        return finding(key, said, provenance, Looked(), reach.settings.default_country)

    def _elements(self, asked: str, reach: Reach, stop: Stop) -> list[Any]:
        """Return the elements that answer the question *asked*. Raises SourceUnavailable."""
        url = reach.settings.overpass_url
        host = self._host("Overpass", reach, stop)
        request = Request(
            f"{url}/interpreter",
            "POST",
            {"Content-Type": "application/x-www-form-urlencoded"},
            urlencode({"data": asked}).encode(),
            SERVER_SECONDS + 10.0,
            MOST_BYTES,
        )

        def ask() -> tuple[list[Any], int]:
            answer = host.ask(request)
            document = answer.document if isinstance(answer.document, dict) else {}
            elements, remark = document.get("elements"), document.get("remark")
            if isinstance(remark, str) and "error" in remark.lower():
                raise host.fault("could not finish: ask for a smaller area or fewer industries")
            if not isinstance(elements, list):
                raise host.fault("answers with something else than elements")
            return elements[:MOST_ELEMENTS], answer.size

        found = self._overpass.answered(f"{url} {asked}", stop, ask)
        return found if isinstance(found, list) else []

    def _box(self, criteria: Criteria, reach: Reach, stop: Stop) -> Box:
        """Return what lies around a region that has no circle."""
        query = {"q": criteria.geographic_area, "format": "jsonv2", "limit": "1"}
        host = self._host("Nominatim", reach, stop)
        url = f"{reach.settings.nominatim_url}/search?{urlencode(query)}"

        def ask() -> tuple[Box, int]:
            answer = host.ask(Request(url, most_bytes=1_000_000))
            first = answer.document[:1] if isinstance(answer.document, list) else [None]
            if not first:
                raise NotAsked("OpenStreetMap knows no such geographic_area.")
            box = _box(first[0])
            if box is None:
                raise host.fault("answers with something else than a place")
            return box, answer.size

        south, west, north, east = found = _typed(self._nominatim.answered(url, stop, ask))
        if north - south > MOST_DEGREES or not 0 <= east - west <= MOST_DEGREES:
            raise NotAsked("OpenStreetMap is asked for smaller areas: name a city, or a radius.")
        return found

    def _host(self, what: str, reach: Reach, stop: Stop) -> JsonHost:
        def rest(seconds: float) -> None:
            paused(seconds, stop, self._time)

        return JsonHost(reach.door, what, reach.settings.about_url, rest)


def _box(place: Any) -> Box | None:
    """Return the box of a place of Nominatim: south, north, west and east, as texts."""
    written = place.get("boundingbox") if isinstance(place, dict) else None
    try:
        south, north, west, east = (float(text) for text in written or ())
    except (TypeError, ValueError):
        return None
    fit = -90 <= south <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180
    return (south, west, north, east) if fit else None


def _typed(found: Any) -> Box:
    south, west, north, east = found
    return south, west, north, east
