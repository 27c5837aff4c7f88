"""Posting: what workflows tell of becomes alerts at once, and a post that comes again does nothing.

A post is known again by its key (`Idempotency-Key`, `submission_id`) for as long as
`alerts.seen` is kept, a day: then the answer is the first one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from services.alerts import posting_store, traits_store
from services.alerts.awaiting import await_listing
from services.alerts.desk import Desk
from services.alerts.facts import happening
from services.alerts.happening import Happening
from services.alerts.posting_store import Answered
from services.alerts.raised import Raised
from shared.connection import Connection
from shared.errors import NotFound, ServiceError
from shared.idempotency import KeyReused
from shared.ids import uuid7
from shared.privacy.gate import Gate

DIRECT = "alert"
"""The event that is an alert as it is."""

UNKNOWN_LEAD = {"lead_id": "is no lead of this account"}
"""What is said of an id that names none, and of another account's just the same."""

_UNSIGNED = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Posted:
    """Something that happened, as a workflow tells it."""

    name: str
    lead_id: UUID | None
    data: Mapping[str, Any]
    occurred_at: datetime
    key: str | None = None
    """Its sender's own name for it."""
    id: UUID = field(default_factory=uuid7)


def post(desk: Desk, tenant_id: str, posted: Posted) -> Raised:
    """Raise what *posted* is worth. Raises NotFound for a lead, KeyReused."""
    (found,) = post_all(desk, tenant_id, [posted])
    if isinstance(found, ServiceError):
        raise found
    return found


def post_all(desk: Desk, tenant_id: str, posts: Sequence[Posted]) -> list[Raised | ServiceError]:
    """Raise what *posts* are worth, in one transaction; one that cannot be costs no other.

    In the order sent: what came of each, NotFound for a lead that is not there, KeyReused.
    """
    now = datetime.now(UTC)
    ids = [_id(desk.gate, tenant_id, one) for one in posts]
    await_listing(desk.database, tenant_id, [one.lead_id for one in posts if one.lead_id])
    with desk.database.transaction(tenant_id) as conn:
        leads = sorted({one.lead_id for one in posts if one.lead_id})
        held = traits_store.held(conn, tenant_id, leads) if leads else set[UUID]()
        known = _Known(desk, tenant_id, posts, ids)
        fit = [at for at, one in enumerate(posts) if one.lead_id is None or one.lead_id in held]
        raised = dict(zip(fit, _raised(desk, conn, tenant_id, known, fit, now), strict=True))
        return [raised.get(at, NotFound(details=UNKNOWN_LEAD)) for at in range(len(posts))]


@dataclass(frozen=True, slots=True)
class _Known:
    """Posts, with the ids by which they are known again."""

    desk: Desk
    tenant_id: str
    posts: Sequence[Posted]
    ids: Sequence[UUID]

    def request(self, at: int) -> int:
        """Return what stands for all that a post says: another one under its key is a mistake."""
        one = self.posts[at]
        said = orjson.dumps(
            [one.name, one.lead_id, one.data], option=orjson.OPT_SORT_KEYS, default=str
        ).decode()
        return self.desk.gate.keyring.pseudonym(self.tenant_id, "alerts.request", said)


def _raised(
    desk: Desk, conn: Connection, tenant_id: str, known: _Known, fit: Sequence[int], now: datetime
) -> list[Raised | ServiceError]:
    keyed = {known.ids[at]: at for at in reversed(fit) if known.posts[at].key is not None}
    happenings = _happenings(desk, conn, tenant_id, known, fit)
    found = desk.raiser.raise_alerts(conn, tenant_id, happenings, now, posted=True)
    by_id = dict(zip((known.ids[at] for at in fit), found, strict=True))
    if keyed:
        new = {
            id: Answered(known.request(at), by_id[id].alert_ids, by_id[id].suppressed_by)
            for id, at in keyed.items()
        }
        # Theirs who came first stays: what is answered already is never written over.
        posting_store.note(conn, tenant_id, new)
        stored = posting_store.answered(conn, tenant_id, list(keyed))
        return [_again(known, at, by_id, stored) for at in fit]
    return list(found)


def _again(
    known: _Known, at: int, raised: Mapping[UUID, Raised], stored: Mapping[UUID, Answered]
) -> Raised | ServiceError:
    """Return the first answer to a post's key, if it is the same post."""
    first = stored.get(known.ids[at])
    if first is None:
        return raised[known.ids[at]]
    if first.request != known.request(at):
        return KeyReused("This idempotency key came before with another event; use a new one.")
    return Raised(first.alert_ids, first.suppressed_by)


def _happenings(
    desk: Desk, conn: Connection, tenant_id: str, known: _Known, fit: Sequence[int]
) -> list[Happening]:
    leads = sorted({lead for at in fit if (lead := known.posts[at].lead_id)})
    traits = traits_store.traits(conn, tenant_id, leads) if leads else {}
    return [
        happening(_event(known, at), traits.get(lead) if lead else None, desk.country)
        for at in fit
        for lead in (known.posts[at].lead_id,)
    ]


def _event(known: _Known, at: int) -> Posted:
    one = known.posts[at]
    return Posted(one.name, one.lead_id, one.data, one.occurred_at, one.key, known.ids[at])


def _id(gate: Gate, tenant_id: str, one: Posted) -> UUID:
    """Return the id by which a post is known again: made of its key, if it has one."""
    if one.key is None:
        return one.id
    kinds = ("alerts.posted", "alerts.posted.more")
    high, low = (gate.keyring.pseudonym(tenant_id, kind, one.key) & _UNSIGNED for kind in kinds)
    return UUID(int=high << 64 | low)
