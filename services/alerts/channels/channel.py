"""What channels have in common: an address that was checked, and how an attempt to send ended.

Pure. An address is refused where a receiver is made, never when something is sent. What becomes of
an attempt is an `Outcome`; nothing is raised, whatever the other end does.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from shared.errors import Malformed

Result = Literal["sent", "failed", "refused", "gone"]
"""`failed` is tried again. `refused` is not: the same message would be refused again. `gone` says
that the address wants no more of anything."""

LONGEST_WAIT = timedelta(hours=1)
"""How much of a Retry-After is believed: no host puts an alert off for as long as it likes."""

FINAL = frozenset({400, 401, 403, 404, 405, 406, 410, 411, 413, 414, 415, 422, 431, 451, 501})
"""HTTP statuses that the same request gets again (RFC 9110, section 15.5; RFC 6585, 7725)."""


class BadAddress(Malformed):
    """This channel cannot send to this address; see details."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended."""

    result: Result
    answered: int | None = None
    """The status of HTTP or SMTP, if there was an answer."""
    failure: str | None = None
    """Why it was not sent, in words for the receiver's owner; quotes nothing that was answered."""
    retry_after: timedelta | None = None
    """How long the other end wants to be left alone; at most LONGEST_WAIT."""
    is_ours: bool = False
    """True if not the address is at fault but what we send through: it is not held against it."""


SENT = Outcome("sent")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes."""

    address: str
    secret: str | None
    """What its messages are signed with, where the channel signs."""
    unsubscribe: str | None = None
    """A link by which whoever reads it ends it (RFC 8058); None where there is none."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An address that a channel can send to."""

    address: str
    """In the form that is stored."""
    shown: str
    """Enough of it to tell receivers apart, and no secret."""


def outcome(
    status: int,
    retry_after: str | None,
    now: datetime,
    final: frozenset[int] = FINAL,
) -> Outcome:
    """Return what the HTTP *status* of an answer means; *retry_after* is its header.

    2xx is success and 410 the end. A redirect is tried again, and never followed: the address that
    it names was not checked.
    """
    if 200 <= status < 300:
        return Outcome("sent", status)
    if status == 410:
        return Outcome("gone", status, "It answered 410: it wants no more.")
    if 300 <= status < 400:
        said = f"It answered {status}: a redirect, which is not followed."
        return Outcome("failed", status, said)
    if status in final:
        return Outcome("refused", status, f"It answered {status}: trying again would not help.")
    wait = waiting(retry_after, now)
    return Outcome("failed", status, f"It answered {status}: no success.", wait)


def waiting(retry_after: str | None, now: datetime) -> timedelta | None:
    """Return what a Retry-After header asks for: seconds or a date (RFC 9110, section 10.2.3).

    None for a header that is absent or cannot be read; never more than LONGEST_WAIT.
    """
    text = (retry_after or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(timedelta(seconds=int(text)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
        wait = until.replace(tzinfo=until.tzinfo or UTC) - now
    except (ValueError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def one_line(text: str, longest: int) -> str:
    """Return *text* stripped. Raises BadAddress unless it is one printable line of an address."""
    text = text.strip(" ")
    if not 1 <= len(text) <= longest:
        raise refused(f"must have 1 to {longest} characters")
    if not text.isprintable() or " " in text:
        raise refused("may hold neither spaces, line breaks nor control characters")
    return text


def refused(problem: str) -> BadAddress:
    """Return the error that says what is wrong with an address, without repeating it."""
    return BadAddress(details={"address": problem})
