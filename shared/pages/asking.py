"""Asking a host for a page: the door's answer or its refusal, in the words of pages."""

import math
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from shared.destination import read
from shared.outbound import Answer, Door, Forbidding, Refused, TooSlow, Unreachable
from shared.pages import addresses
from shared.pages.faults import (
    BadUrl,
    HostUnreachable,
    PageRefused,
    PageTooSlow,
    PrivateAddress,
    RefusedByStatus,
    UnavailableByStatus,
)

AGENT = "LeadFly"
"""Our product token: what a robots.txt calls us (RFC 9309, section 2.2.1)."""

REDIRECTS = (301, 302, 303, 307, 308)

PASSING = (408, 425, 429)
"""4xx that pass by themselves, as 5xx do."""

LONGEST_WAIT_SECONDS = 3600
"""The longest Retry-After that is believed."""


class Visitor:
    """Asks hosts for pages, under our own name."""

    def __init__(self, door: Door, about: str | None = None):
        """*about* is the address of a page that tells hosts who visits them, if there is one."""
        self.door = door
        self._headers = {
            "User-Agent": f"{AGENT}/1 (+{about})" if about else f"{AGENT}/1",
            "Accept": "text/html, application/xhtml+xml, text/plain;q=0.5",
            "Accept-Encoding": "identity",
        }

    def ask(self, url: str, ends_at: float, most_bytes: int, accept: str | None = None) -> Answer:
        """Return what the host of *url* answers, one byte more than *most_bytes* at most.

        *accept* names what is wanted in place of a page.
        Raises BadUrl, PrivateAddress, HostUnreachable or PageTooSlow, that after *ends_at*
        (`time.monotonic`).
        """
        seconds = ends_at - time.monotonic()
        if seconds <= 0:
            raise PageTooSlow
        headers = self._headers | ({"Accept": accept} if accept else {})
        try:
            answer = self.door.send("GET", url, headers, b"", seconds, most_bytes + 1)
        except Refused as error:
            raise _refusal(url, error) from None
        except Forbidding:
            raise PrivateAddress from None
        except TooSlow:
            raise PageTooSlow from None
        except Unreachable as error:
            raise HostUnreachable(error.message) from None
        if not answer.whole and len(answer.body) <= most_bytes:
            raise PageTooSlow if time.monotonic() >= ends_at else HostUnreachable("broke off")
        return answer


def refused_by_status(answer: Answer) -> Exception:
    """Return what to raise for an answer that is neither a page nor a redirect."""
    if answer.status in PASSING or answer.status >= 500:
        wait = retry_seconds(answer.retry_after, datetime.now(UTC))
        if wait is None:
            return UnavailableByStatus(status=answer.status)
        return UnavailableByStatus(retry_seconds=wait, status=answer.status)
    return RefusedByStatus(status=answer.status)


def retry_seconds(retry_after: str | None, now: datetime) -> int | None:
    """Return for how long a host wants to be left alone (RFC 9110, section 10.2.3)."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(max(1, int(text[:9])), LONGEST_WAIT_SECONDS)
    try:
        wait = (parsedate_to_datetime(text).astimezone(UTC) - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(1, math.ceil(wait)), LONGEST_WAIT_SECONDS)


def _refusal(url: str, error: Refused) -> PageRefused:
    """Return why the strict reading refused *url*: for where it leads, or for how it is written."""
    try:
        read(f"https://{addresses.host(url)}/")
    except Refused as narrower:
        if "not public" in str(narrower.details["url"]):
            return PrivateAddress()
    return BadUrl(str(error.details["url"]))
