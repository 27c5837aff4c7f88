"""One id per request, the caller's own if it is harmless: it joins answers, logs and events."""

import re

from shared.ids import random_hex
from shared.web.context import notes, running

HEADER = "X-Request-ID"

_HARMLESS = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)


def request_id() -> str:
    """Return the id of the running request: what X-Request-ID says, or 32 random hex digits."""
    noted = notes()
    named: str | None = noted.get("request_id")
    if named is None:
        sent = running().environ.get("HTTP_X_REQUEST_ID", "")
        named = noted.request_id = sent if _HARMLESS.fullmatch(sent) else random_hex(16)
    return named
