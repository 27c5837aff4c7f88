"""What an account says of a JSON API: where to ask, and where its answers have what. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.discovery.sources.given import Given
from services.discovery.sources.json_paging import KINDS, Paging
from services.discovery.sources.json_path import Path, path
from services.discovery.sources.json_request import faulty, places
from shared.field_names import shown
from shared.lead_fields import FIELDS

METHODS = ("GET", "POST")

CONSENT = ("purposes", "text_version", "given_at", "proof")
"""What is known of a consent (the contract's `consent_given`)."""

NAMED = tuple(name for name in FIELDS if name != "investigation_id")

RESERVED = frozenset((
    "host", "content-length", "transfer-encoding", "connection", "accept-encoding", "expect", "te",
    "upgrade", "trailer", "user-agent",
))  # fmt: skip
"""Header fields that are ours to set: others would change where or how a request ends."""

_PATHS = {"none": (), "page": ("page",), "offset": ("offset",), "cursor": ("cursor",), "link": ()}


@dataclass(frozen=True, slots=True)
class Mapped:
    """An API's description, read."""

    url: str
    method: str
    headers: Mapping[str, str]
    body: Any
    items: Path
    key: Path
    link: Path
    fields: Mapping[str, Path]
    consent: Mapping[str, Path]
    paging: Paging
    requests_a_minute: int
    licence: str
    attribution: str

    @property
    def places(self) -> frozenset[str]:
        """What of the criteria the API is told."""
        return places(self.url) | places(self.body)


def mapped(settings: Mapping[str, Any]) -> Mapped:
    """Return what *settings* describe. Raises Malformed, by field."""
    given = Given(settings)
    url, method = given.text("url", longest=2000), given.choice("method", METHODS, "GET")
    body = _body(given, method)
    problem = faulty(url) if url else "is required"
    if problem:
        given.fault("url", problem)
    paging = _paging(given, places(url) | (places(body) if body is not None else frozenset()))
    read = Mapped(
        url=url,
        method=method,
        headers=_headers(given),
        body=body,
        items=_path(given, "items"),
        key=_path(given, "key"),
        link=_path(given, "link"),
        fields=_paths(given, "fields", NAMED, required=True),
        consent=_paths(given, "consent", CONSENT),
        paging=paging,
        requests_a_minute=given.number("requests_a_minute", 1, 600, 60),
        licence=given.text("licence"),
        attribution=given.text("attribution"),
    )
    if not read.key.steps:
        given.fault("key", "is required: where an element has what the API calls it")
    given.finished()
    return read


def _body(given: Given, method: str) -> Any:
    body = given.raw("body")
    if body is None:
        return None
    if method == "GET":
        given.fault("body", "needs the method POST")
    if not isinstance(body, dict | list):
        given.fault("body", "must be a JSON object or list")
        return None
    try:
        places(body)
    except ValueError as error:
        given.fault("body", str(error))
        return None
    return body


def _headers(given: Given) -> dict[str, str]:
    found = given.mapping("headers", 20, 4000)
    for position, (name, value) in enumerate(found.items(), 1):
        token = name.replace("-", "").replace("_", "")
        if not token.isascii() or not token.isalnum() or len(name) > 100:
            given.fault(f"headers.{shown(name, position)}", "is no name of a header field")
        elif name.lower() in RESERVED:
            given.fault(f"headers.{shown(name, position)}", "is a header field that we set")
        elif not value.isascii() or not value.isprintable():
            given.fault(f"headers.{shown(name, position)}", "must be printable ASCII")
    return found


def _path(given: Given, name: str) -> Path:
    return _read(given, name, given.text(name))


def _paths(
    given: Given, name: str, known: tuple[str, ...], required: bool = False
) -> dict[str, Path]:
    found = given.mapping(name, 50)
    for position, one in enumerate(found, 1):
        if one not in known:
            given.fault(f"{name}.{shown(one, position)}", f"is none of {', '.join(known)}")
    if required and not {"email", "phone"} & found.keys():
        given.fault(name, "must say where an email or a phone is")
    return {one: _read(given, f"{name}.{one}", text) for one, text in found.items() if one in known}


def _read(given: Given, name: str, written: str) -> Path:
    try:
        return path(written)
    except ValueError as error:
        given.fault(name, str(error))
        return Path(())


def _paging(given: Given, used: frozenset[str]) -> Paging:
    raw = given.raw("paging")
    if raw is not None and not isinstance(raw, dict):
        given.fault("paging", "must be an object")
    inner = Given(raw if isinstance(raw, dict) else {})
    kind = inner.choice("type", KINDS, "none")
    paging = Paging(
        kind,
        inner.number("first", 0, 1_000_000, 0 if kind == "offset" else 1),
        inner.number("size", 1, 10_000, 100),
        _path(inner, "cursor"),
    )
    if kind == "cursor" and not paging.cursor.steps:
        inner.fault("cursor", "is required: where an answer has the next cursor")
    for name in _PATHS[kind]:
        if name not in used:
            inner.fault("type", f"needs {{{name}}} in the url or the body")
    for name, problem in inner.faults().items():
        given.fault(f"paging.{name}", str(problem))
    return paging
