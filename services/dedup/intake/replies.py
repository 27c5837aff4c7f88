"""Reply profiles: what became of a post, in the words that its sender reads.

Senders read answers in different ways (docs/decisions/0029). Of one rule no profile makes an
exception: once something is stored the status is 200, and one that makes a sender come back (503)
is said only where nothing was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import orjson

from shared.errors import ServiceError

PROFILES = (
    "standard",
    "always_200",
    "google",
    "hubspot",
    "leadconduit",
    "leadbyte",
    "boberdoo_xml",
)
"""What a source may be answered in; `standard` is the duplicate check's own answer."""

JSON, XML = "application/json", "application/xml"

COME_BACK_SECONDS = 5
"""After a 503 that does not say it itself: as long as a restart of the database takes."""

UNAVAILABLE = 503

(
    ALLOWED,
    FLAGGED,
    DUPLICATE,
    TURNED_AWAY,
    PASSED,
    TEST,
    FETCHING,
    MOVED,
    WITHDRAWN,
    IGNORED,
    FAULTY,
) = FATES = (
    "allowed",
    "flagged",
    "duplicate",
    "turned_away",
    "passed",
    "test",
    "fetching",
    "moved",
    "withdrawn",
    "ignored",
    "faulty",
)
"""What may become of one item of a post: of a lead that was stored, its verdict, or that it passed
unchecked; that it was a test, is being fetched, is an appointment that was moved, was taken back,
is no lead at all, or is one that could not be stored beside others of the same post."""

Encode = Callable[[Mapping[str, Any]], bytes]
"""Writes the standard answer as JSON."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one item."""

    fate: str
    """One of FATES."""
    answer: Mapping[str, Any] = field(repr=False)
    """In the words of the standard profile."""
    lead_id: str | None = None
    reason: str | None = None
    """Why it was not taken as it came, for a person; it quotes nothing that was sent."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in HTTP's terms."""

    status: int
    media_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def words(profile: str, told: Told, encode: Encode) -> bytes:
    """Return what the profile says of one item; of a stored lead, it is kept for its replays."""
    return _WORDS[profile](told, encode)


def accepted(profile: str, said: Sequence[bytes]) -> Reply:
    """Return the answer to a post of whose items *said* holds the profile's words, in order."""
    if len(said) == 1:
        return Reply(200, _media_type(profile), said[0])
    return Reply(200, _media_type(profile), _together(profile, said))


def refused(profile: str, error: ServiceError, status: int, encode: Encode) -> Reply:
    """Return the answer to a post of which nothing was stored, for *error* with *status*."""
    if profile == "always_200":
        return _refused_silently(error, status)
    body = _ERRORS[profile](error, encode)
    headers = {"Retry-After": _retry_after(profile, error)} if status == UNAVAILABLE else {}
    return Reply(status, _media_type(profile), body, headers)


def _refused_silently(error: ServiceError, status: int) -> Reply:
    """Return 200 for whatever trying again would not change, but for a wrong address or key."""
    if status not in (401, 404, UNAVAILABLE):
        return Reply(200, JSON, _SAYS_NOTHING["always_200"])
    headers = {"Retry-After": _retry_after("always_200", error)} if status == UNAVAILABLE else {}
    return Reply(status, JSON, b'{"success":false}', headers)


def _media_type(profile: str) -> str:
    return XML if profile == "boberdoo_xml" else JSON


def _retry_after(profile: str, error: ServiceError) -> str:
    """Return when to come back: in seconds (RFC 9110), which HubSpot reads as milliseconds."""
    wished = error.details.get("retry_after_seconds")
    seconds = wished if isinstance(wished, int) else COME_BACK_SECONDS
    return str(seconds * 1000 if profile == "hubspot" else seconds)


def _together(profile: str, said: Sequence[bytes]) -> bytes:
    """Return one body for several items: a replay of all of them has the same bytes again."""
    if profile in ("google", "always_200"):
        return _SAYS_NOTHING[profile]
    if profile == "boberdoo_xml":
        return (
            b"<responses>" + b"".join(one.removeprefix(_PROLOGUE) for one in said) + b"</responses>"
        )
    return b'{"success":true,"results":[' + b",".join(said) + b"]}"


# One item ----------------------------------------------------------------------------------------


def _standard(told: Told, encode: Encode) -> bytes:
    return encode(told.answer)


def _leadconduit(told: Told, encode: Encode) -> bytes:
    outcome, reason = _LEADCONDUIT[told.fate]
    answer: dict[str, Any] = {"outcome": outcome, "reason": told.reason or reason}
    if told.lead_id:
        answer["lead"] = {"id": told.lead_id}
    return orjson.dumps(answer)


def _leadbyte(told: Told, encode: Encode) -> bytes:
    code, response = _LEADBYTE[told.fate]
    return _leadbyte_body(code, told.reason or response, told.lead_id)


def _boberdoo(told: Told, encode: Encode) -> bytes:
    return _boberdoo_body(_BOBERDOO[told.fate], told.lead_id, told.reason)


_LEADCONDUIT = {
    ALLOWED: ("success", ""),
    FLAGGED: ("success", "held for review"),
    DUPLICATE: ("failure", "duplicate lead"),
    TURNED_AWAY: ("failure", "not a genuine lead"),
    PASSED: ("success", ""),
    TEST: ("success", "test"),
    FETCHING: ("success", ""),
    MOVED: ("success", "appointment moved"),
    WITHDRAWN: ("success", "withdrawn"),
    IGNORED: ("failure", "not a lead"),
    FAULTY: ("error", "not a usable lead"),
}
"""Outcome and reason. A held lead is in the buyer's hands, so it counts as taken."""

_LEADBYTE = {
    ALLOWED: (1, "OK"),
    FLAGGED: (1, "OK"),
    DUPLICATE: (-2, "Duplicate"),
    TURNED_AWAY: (-5, "Validation error"),
    PASSED: (1, "OK"),
    TEST: (1, "OK"),
    FETCHING: (1, "OK"),
    MOVED: (1, "OK"),
    WITHDRAWN: (1, "OK"),
    IGNORED: (-5, "Not a lead"),
    FAULTY: (-5, "Validation error"),
}
"""Code and response as LeadByte's own intake has them: 1 is success, -2 a duplicate, -5 a lead
that cannot be used (helpcentre.leadbyte.com, "integration")."""

_BOBERDOO = {
    ALLOWED: "Matched",
    FLAGGED: "Matched",
    DUPLICATE: "Unmatched",
    TURNED_AWAY: "Unmatched",
    PASSED: "Matched",
    TEST: "Matched",
    FETCHING: "Matched",
    MOVED: "Matched",
    WITHDRAWN: "Matched",
    IGNORED: "Error",
    FAULTY: "Error",
}
"""The status of boberdoo's short response (boberdoo.com, "Lead Posting Responses")."""


# Nothing stored ----------------------------------------------------------------------------------


def _standard_error(error: ServiceError, encode: Encode) -> bytes:
    fault = {"code": error.code, "message": error.message, "details": error.details}
    return encode({"success": False, "error": fault})


def _google_error(error: ServiceError, encode: Encode) -> bytes:
    return orjson.dumps({"message": error.message})


def _leadconduit_error(error: ServiceError, encode: Encode) -> bytes:
    return orjson.dumps({"outcome": "error", "reason": error.message})


def _leadbyte_error(error: ServiceError, encode: Encode) -> bytes:
    known = {"INVALID_DATA_FORMAT": -5, "INVALID_API_KEY": -7}
    return _leadbyte_body(known.get(error.code, -100), error.message, None)


def _boberdoo_error(error: ServiceError, encode: Encode) -> bytes:
    return _boberdoo_body("Error", None, error.message)


def _leadbyte_body(code: int, response: str, lead_id: str | None) -> bytes:
    return orjson.dumps({"code": code, "response": response, "leadId": lead_id})


def _boberdoo_body(status: str, lead_id: str | None, error: str | None) -> bytes:
    parts = [("status", status), ("lead_id", lead_id), ("error", error)]
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts if text)
    return _PROLOGUE + f"<response>{inner}</response>".encode()


def _silent(profile: str) -> Callable[[object, Encode], bytes]:
    return lambda anything, encode: _SAYS_NOTHING[profile]


_PROLOGUE = b'<?xml version="1.0" encoding="UTF-8"?>'

_SAYS_NOTHING = {"google": b"{}", "always_200": b'{"success":true}'}
"""Whatever became of a lead: who reads it may be anybody."""

_WORDS: Mapping[str, Callable[[Told, Encode], bytes]] = {
    "standard": _standard,
    "always_200": _silent("always_200"),
    "google": _silent("google"),
    "hubspot": _standard,
    "leadconduit": _leadconduit,
    "leadbyte": _leadbyte,
    "boberdoo_xml": _boberdoo,
}

_ERRORS: Mapping[str, Callable[[ServiceError, Encode], bytes]] = {
    "standard": _standard_error,
    "google": _google_error,
    "hubspot": _standard_error,
    "leadconduit": _leadconduit_error,
    "leadbyte": _leadbyte_error,
    "boberdoo_xml": _boberdoo_error,
}
