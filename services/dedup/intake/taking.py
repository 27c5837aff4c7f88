"""Taking: from a post to a source's address to its answer, with everything kept in between.

All of a post is read before any of it is stored, so most errors mean that nothing was. Where one
rises later the sender comes back, and what was stored is known by its key.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

import orjson

from services.dedup.admission import Keeping
from services.dedup.check import Answered
from services.dedup.intake import news, replies, telling
from services.dedup.intake.detection import detected
from services.dedup.intake.post import Post
from services.dedup.intake.replies import Encode, Reply, Told
from services.dedup.intake.sender import SECRET, Forged, Sender
from services.dedup.intake.sent import Ignored, Item, Notice, Sent, Withdrawn
from services.dedup.intake.source import Source
from services.dedup.intake.submitting import name_of, nameless, read
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared, prepare
from shared.errors import ServiceError, TooLarge
from shared.web.metrics import counter

MOST_LEADS = 100
"""Leads in one post: those of one transaction (`check.MOST_PER_TRANSACTION`)."""

REPLAYED = {"Idempotent-Replayed": "true"}
"""The header of an answer that was given before, as the duplicate check's own has it."""

EMPTY = Ignored("There is nothing in this post.")

PROMISES = (replies.FETCHING, replies.WITHDRAWN)
"""What is answered now and done later."""

Redacted = Callable[[Any], Any]
"""A payload without what must not be kept (`Sender.redacted`)."""

Limited = Callable[[int], bool]
"""Counts a post with so many leads; True if they are to be kept for a later check."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A lead of a post as it was read, or why it is none."""

    sent: Sent
    mapping: Mapping[str, Any]
    lead: Prepared | None = None
    fault: ServiceError | None = None

    @property
    def fresh(self) -> bool:
        """True if it is a lead to keep."""
        return self.lead is not None and not self.sent.test


@dataclass(frozen=True, slots=True)
class Desk:
    """What a post is taken with: whose it is, where it came to, and what keeps its leads."""

    source: Source
    sender: Sender
    profile: str
    """In which the post is answered."""
    keeping: Keeping
    country: str
    """How a national number is read where the source names no country."""
    encode: Encode
    """Writes the standard answer of this request."""
    limited: Limited


def whose(source: Source, post: Post, now: datetime) -> Sender:
    """Return whose *post* it is, verified on its raw bytes where the source has a secret.

    Raises Forged, with nothing read; and as `detection.detected` does.
    """
    sender, secret = detected(post, source.adapter), source.secrets.get(SECRET)
    if secret is None:
        return sender
    if sender.verify is None:
        raise Forged  # a secret that nothing is verified with protects nothing
    sender.verify(post, secret, now)
    return sender


def taken(desk: Desk, post: Post, now: datetime) -> Reply:
    """Take *post*, which came at *now*, and return its answer.

    Raises Malformed, UnsupportedMediaType, Unreachable, TooLarge or ConsentMissing with nothing
    stored; Unavailable if something could not be kept.
    """
    desk, items = contents(desk, post)
    arrived = _arrived(desk, post, items, now)
    later = desk.limited(sum(one.fresh for one in arrived.values()))
    told = [_told(desk, item, arrived.get(n)) for n, item in enumerate(items)]
    _note(desk, items, told)
    kept = iter(_admitted(desk, [arrived[n] for n, one in enumerate(told) if one is None], later))
    became = [one or next(kept) for one in told]
    _count(desk.sender, became)
    repeated = len(became) == 1 and isinstance(became[0], Answered) and not became[0].outcome
    reply = replies.accepted(desk.profile, [_said(desk, one) for one in became])
    return replace(reply, headers=REPLAYED if repeated else {})


# Reading -----------------------------------------------------------------------------------------


def contents(desk: Desk, post: Post) -> tuple[Desk, Sequence[Item]]:
    """Return what is in *post*, and the desk with the sender that understood it.

    What the source's own sender does not recognise, a new version of it perhaps, is better read
    by its words than lost. Of that only leads are believed: secrets are for their own platform.
    """
    sender = desk.sender
    items = sender.items(post.payload) or [EMPTY]
    known = not all(isinstance(item, Ignored) for item in items)
    if known or sender.recognises(post.payload, post.headers):
        return desk, items
    other = detected(post, None)
    payload = sender.redacted(post.payload) if sender.redacted else post.payload
    leads = [item for item in other.items(payload) if isinstance(item, Sent)]
    other = replace(other, redacted=_both(other.redacted, sender.redacted))
    return (replace(desk, sender=other), leads) if leads else (desk, items)


def _both(first: Redacted | None, then: Redacted | None) -> Redacted | None:
    """Return what takes out of a payload what either takes out."""
    if first and then:
        return lambda payload: then(first(payload))
    return first or then


def _arrived(desk: Desk, post: Post, items: Sequence[Item], now: datetime) -> dict[int, Arrived]:
    """Return the leads of *post* by position.

    Raises what is wrong with the first if nothing is in the post but faulty leads.
    """
    sent = {n: item for n, item in enumerate(items) if isinstance(item, Sent)}
    if len(sent) > MOST_LEADS:
        raise TooLarge("These are too many leads for one post.", {"leads": f"at most {MOST_LEADS}"})
    content = _Content(desk.sender, post, alone=len(items) == 1)
    arrived = {n: _read(desk, item, content, n, now) for n, item in sent.items()}
    faults = [one.fault for one in arrived.values() if one.fault and not one.sent.test]
    if faults and len(faults) == len(items):
        raise faults[0]
    return arrived


def _read(desk: Desk, sent: Sent, content: "_Content", position: int, now: datetime) -> Arrived:
    source = desk.source
    if sent.key is not None:
        key = name_of(source.source_id, sent.key)
    else:
        key = nameless(source.source_id, content.hash, position)
    try:
        found = read(source, desk.sender.name, sent, key, content.of(sent), now)
        country = source.country or desk.country
        lead = prepare(desk.keeping.gate, source.tenant_id, found.submission, country)
        return Arrived(sent, found.mapping, lead)
    except ServiceError as error:
        return Arrived(sent, {}, fault=error)


class _Content:
    """What is kept of a post's body, and what stands for it where its sender names nothing."""

    def __init__(self, sender: Sender, post: Post, alone: bool):
        """*alone* says that there is one lead in it: of several each keeps its own answers."""
        self._sender, self._post, self._alone = sender, post, alone

    @cached_property
    def hash(self) -> str:
        """Return the digest of what was posted; of a GET, of its query.

        Of a multipart form, of its fields: each time it is sent it may have another boundary.
        """
        if self._multipart:
            return sha256(orjson.dumps(self._post.payload)).hexdigest()
        return sha256(self._post.raw or repr(sorted(self._post.query.items())).encode()).hexdigest()

    @property
    def _multipart(self) -> bool:
        return self._post.headers.get("content-type", "").lower().startswith("multipart/")

    def of(self, sent: Sent) -> bytes:
        """Return what is kept of *sent* for a short time: no key of ours, no file, nobody else."""
        if not self._alone:
            return orjson.dumps([[one.key or one.name, one.value] for one in sent.answers])
        redacted, post = self._sender.redacted, self._post
        if redacted:
            return orjson.dumps(redacted(post.payload))
        return post.raw if post.raw and not self._multipart else orjson.dumps(post.payload)


# Telling and keeping -----------------------------------------------------------------------------


def _told(desk: Desk, item: Item, arrived: Arrived | None) -> Told | None:
    """Return what became of an item, or None for a lead that is to be checked and kept."""
    if arrived:
        return _told_of(desk, arrived)
    if isinstance(item, Withdrawn):
        return telling.withdrawn()
    if isinstance(item, Notice):
        fetched = item.test or news.fetchable(desk.source, desk.sender, item)
        return telling.announced(item.test) if fetched else telling.ignored(telling.NEEDS_TOKEN)
    return telling.ignored(item.reason if isinstance(item, Ignored) else EMPTY.reason)


def _told_of(desk: Desk, arrived: Arrived) -> Told | None:
    sent, lead = arrived.sent, arrived.lead
    if lead is None:
        fault = arrived.fault or ServiceError()
        return telling.empty_test(fault) if sent.test else telling.faulty(fault)
    if sent.test:
        return telling.rehearsed(lead, arrived.mapping)
    earlier = sent.replaces if sent.replaces != sent.key else None
    known = news.moved(desk.keeping, lead, earlier) if earlier else None
    return telling.moved(known) if known else None


def _note(desk: Desk, items: Sequence[Item], told: Sequence[Told | None]) -> None:
    """Have done what was promised of *items* for later. Raises Unavailable."""
    promised = [
        item
        for item, one in zip(items, told, strict=True)
        if isinstance(item, Notice | Withdrawn) and one and one.fate in PROMISES
    ]
    if promised:
        news.note(desk.keeping, desk.source, desk.sender, promised)


def _admitted(desk: Desk, arrived: Sequence[Arrived], later: bool) -> list[Answered]:
    """Check and keep leads. Raises what kept one of them from being kept."""
    read = {one.lead.submission.idempotency_key: one for one in arrived if one.lead}

    def render(outcome: Outcome) -> bytes:
        mapping = read[outcome.submission.idempotency_key].mapping
        return replies.words(desk.profile, telling.stored(outcome, mapping), desk.encode)

    leads = [one.lead for one in arrived if one.lead]
    answered = desk.keeping.admit(desk.source.tenant_id, leads, render, later) if leads else []
    for one in answered:
        if one.error:
            raise one.error
    return answered


def _said(desk: Desk, became: Told | Answered) -> bytes:
    """Return what is answered of one item; only what a check says has the request's own id."""
    if isinstance(became, Answered):
        return became.body
    encode = desk.encode if became.fate == replies.TEST else orjson.dumps
    return replies.words(desk.profile, became, encode)


def _count(sender: Sender, became: Sequence[Told | Answered]) -> None:
    """Count what became of the items of a post; tests leave no trace."""
    for one in became:
        if isinstance(one, Told):
            fate = one.fate
        else:
            fate = telling.fate_of(one.outcome) if one.outcome else "replayed"
        if fate != replies.TEST:
            TAKEN.labels(sender.name, fate).inc()


TAKEN = counter(
    "leadfly_intake_items_total", "What senders posted to sources.", ("sender", "outcome")
)
"""By the sender's name and what became of it: `replies.FATES` but tests, and `replayed`."""

REFUSED = counter(
    "leadfly_intake_refused_total",
    "Posts to sources of which nothing was stored.",
    ("sender", "status"),
)
"""By the sender's name, `unknown` if nobody knows it yet, and what is wrong as an HTTP status,
whatever the profile made of it."""
