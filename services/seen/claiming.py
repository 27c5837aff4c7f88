"""Claiming: of all who bring one key, the first has it.

The database decides, in one statement: whoever is second waits for the first's transaction and then
finds its row. So nothing is answered without the database, not even "probably new".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.seen import answer_store, scope_store, store
from services.seen.claim import Answer, Place, Standing, Wanted, answers, distinct
from services.seen.desk import Desk
from services.seen.marking import Again, again
from services.seen.scope import MOST_SCOPES, Scope
from shared.connection import Connection
from shared.idempotency import KEPT_FOR, KeyReused
from shared.ids import uuid7


@dataclass(frozen=True, slots=True)
class Claimed:
    """What became of the keys of one request."""

    answers: Sequence[Answer | None]
    """In the order sent; None: the account has too many scopes to open this one."""
    again: bool = False
    """True if this is the answer to an earlier request of the same Idempotency-Key."""


def claim(
    desk: Desk, tenant_id: str, wanted: Sequence[Wanted], now: datetime, key: str | None = None
) -> Claimed:
    """Take for one request those of *wanted* that nobody has at *now*, in one transaction.

    *key* is its Idempotency-Key: sent again, the first answer is given again for
    `shared.idempotency.KEPT_FOR`. Raises KeyReused, and Unavailable without the database.
    """
    known = again(desk.keyring, tenant_id, key, wanted) if key else None
    # Held to the end: a retry that overtakes its first request waits for that one's answer.
    with desk.database.transaction(tenant_id, [known.key] if known else []) as conn:
        said = _said_before(conn, tenant_id, known, now) if known else None
        first = said or [None] * len(wanted)
        # What had no room then is decided now: a scope may have been deleted meanwhile.
        open_ = [one for one, answer in zip(wanted, first, strict=True) if answer is None]
        taken = iter(_taken(conn, tenant_id, open_, now))
        found = [answer or next(taken) for answer in first]
        if known and open_:
            told = [one and _written(one) for one in found]
            answer_store.save(conn, tenant_id, known, told, now + KEPT_FOR)
    return Claimed(found, any(first))


def _said_before(
    conn: Connection, tenant_id: str, known: Again, now: datetime
) -> list[Answer | None] | None:
    earlier = answer_store.answer(conn, tenant_id, known.key, now)
    if earlier is None:
        return None
    request, said = earlier
    if request != known.request:
        raise KeyReused("This idempotency key came before with other keys; use a new one.")
    return [one and _read(one) for one in said]


def _taken(
    conn: Connection, tenant_id: str, wanted: Sequence[Wanted], now: datetime
) -> list[Answer | None]:
    first = distinct(wanted)
    others = store.standing(conn, tenant_id, first.keys(), now) if first else {}
    free = [one for place, one in first.items() if place not in others]
    if not free:
        return answers(wanted, {}, others)
    scopes = _scopes(conn, tenant_id, sorted({one.place.scope for one in free}), now)
    open_to = [one for one in free if one.place.scope in scopes]
    kept = _kept(conn, tenant_id, open_to, scopes, now)
    # Taken by somebody between our look and our try: nearly never.
    late = [one.place for one in open_to if one.place not in kept]
    others |= store.standing(conn, tenant_id, late, now) if late else {}
    return answers(wanted, kept, others)


def _kept(
    conn: Connection,
    tenant_id: str,
    wanted: Sequence[Wanted],
    scopes: dict[str, UUID],
    now: datetime,
) -> dict[Place, Standing]:
    return store.keep(conn, tenant_id, wanted, scopes, uuid7(), now) if wanted else {}


def _scopes(
    conn: Connection, tenant_id: str, names: Sequence[str], now: datetime
) -> dict[str, UUID]:
    """Return the ids of the scopes *names*, opened where they are new, as far as they may be."""
    found = scope_store.held(conn, tenant_id, names)
    new = [Scope(uuid7(), name, now) for name in names if name not in found]
    if new:
        scope_store.add(conn, tenant_id, new, MOST_SCOPES)
        found = scope_store.held(conn, tenant_id, names)
    return found


def _written(one: Answer) -> list[Any]:
    return [one.result, *one.standing]


def _read(said: list[Any]) -> Answer:
    result, claim_id, first_seen_at, expires_at, ttl_days, is_held = said
    times = (datetime.fromisoformat(first_seen_at), datetime.fromisoformat(expires_at))
    return Answer(result, Standing(UUID(claim_id), *times, ttl_days, is_held))
