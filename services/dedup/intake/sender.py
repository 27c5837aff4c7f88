"""A sender: whoever posts to a source, and all that we know of its ways."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.dedup.intake.post import Post
from services.dedup.intake.sent import Item
from shared.errors import Unauthenticated

SECRET, VERIFY_TOKEN, ACCESS_TOKEN = SECRETS = ("secret", "verify_token", "access_token")
"""What a source may hold for its sender: what signatures are made with (or the key that stands in
the body), what a handshake asks for, and what leads are fetched with."""

Secrets = Mapping[str, str]
"""By the names of SECRETS; those that were set."""


class Forged(Unauthenticated):
    """The signature or key of this post is missing, wrong or too old; nothing was stored."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """The answer to a handshake."""

    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """How a lead is fetched that was only announced: one GET."""

    path: str
    """With query, below the sender's own base address."""
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sender:
    """One sender's adapter. Nothing here raises, but `verify` (Forged), whatever JSON it is given.

    A payload is what JSON or a form can say: dicts, lists, texts, numbers, booleans, None.
    """

    name: str
    """In addresses, settings and answers: `google_ads`."""
    title: str
    """As people know it: `Google Ads lead forms`."""
    recognises: Callable[[Any, Mapping[str, str]], bool]
    """True if this payload, under these headers (names in lower case), is surely this sender's."""
    items: Callable[[Any], Sequence[Item]]
    """What a payload amounts to; Ignored where it is not this sender's."""
    verify: Callable[[Post, str, datetime], None] | None = None
    """Raises Forged unless the post (its raw bytes, before anything is read) was made with the
    secret, at about *now*. None for a sender who signs nothing."""
    greet: Callable[[Post, Secrets], Greeting | None] | None = None
    """The answer to a GET that is this sender's handshake, or None. Raises Forged."""
    redacted: Callable[[Any], Any] | None = None
    """A payload without what must not be kept: a key that stands in the body."""
    fetch: Callable[[str, Secrets], Fetch | None] | None = None
    """How the lead of a notice's reference is fetched; None if the secrets do not allow it."""
    fetched: Callable[[Any, str], Sequence[Item]] | None = None
    """What the answer to that amounts to; its second argument is the reference."""
    reply: str = "standard"
    """The reply profile that fits this sender (`replies.PROFILES`)."""
