"""What one attempt came to."""

from dataclasses import dataclass
from typing import Literal

Result = Literal["delivered", "gone", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an endpoint took a message."""

    result: Result
    answered: int | None
    """The HTTP status, if there was an answer."""
    failure: str | None
    """Why it failed, in words for the endpoint's owner."""


def outcome(status: int) -> Outcome:
    """Return what an answer's *status* means: 2xx is success, 410 the end, all else a failure.

    A redirect is a failure, too: the address that it names was not registered (Standard Webhooks).
    """
    if 200 <= status < 300:
        return Outcome("delivered", status, None)
    if status == 410:
        return Outcome("gone", status, "The endpoint answered 410: it wants no more.")
    kind = "a redirect, which is not followed" if 300 <= status < 400 else "no success"
    return Outcome("failed", status, f"The endpoint answered {status}: {kind}.")
