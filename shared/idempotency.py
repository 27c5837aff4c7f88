"""Idempotency: a retry gets the first answer, byte for byte, and changes nothing.

A caller names its request by a key (the `Idempotency-Key` header of the IETF
HTTPAPI draft, or `submission_id`). The answer is stored in the transaction
that it reports on, so there is never one without the other.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from psycopg import Connection

from shared.array_text import array
from shared.errors import Malformed, Meaningless
from shared.frozen import frozen
from shared.privacy.gate import Pseudonym, Sealed

KEPT_FOR = timedelta(hours=48)
"""How long an answer is repeated: the contract's 24 h, and a day for a weekend's backlog."""

LONGEST_KEY = 255
"""Characters of a key, as payment interfaces commonly allow."""


class KeyReused(Meaningless):
    """This idempotency key came before with another lead; use a new key for a new lead."""


@frozen
class Retry:
    """How a request can be recognised when it comes again."""

    key: Pseudonym
    request: Pseudonym
    """What was asked: another request under the same key is a mistake of the caller's."""


@frozen
class Stored:
    """An answer given earlier; sealed."""

    request: int
    answer: bytes
    lead_id: UUID


@frozen
class New:
    """An answer to store."""

    retry: Retry
    answer: Sealed
    lead_id: UUID
    expires_at: datetime


def named_key(header: str | None, submission_id: object) -> str | None:
    """Return the key that a request carries; the header wins over the body's `submission_id`.

    Raises Malformed if either is no text of up to LONGEST_KEY printable characters.
    """
    named = _checked("submission_id", submission_id)
    return _checked("Idempotency-Key", header) or named


def apart(*names: str) -> str:
    """Return a key for those whose keys are a space of their own.

    It holds a character that no key may which a caller chooses, so it never meets one.
    """
    return "".join(f"\x1f{name}" for name in names)


def _checked(field: str, key: object) -> str | None:
    if key is None or key == "":
        return None
    if not isinstance(key, str):
        raise Malformed(details={field: "must be text"})
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Malformed(details={field: f"must have 1 to {LONGEST_KEY} printable characters"})
    return key


def answers(
    conn: Connection, tenant_id: str, keys: Sequence[Pseudonym], now: datetime
) -> Iterator[tuple[int, Stored]]:
    """Return the answers given earlier to *keys* that are still repeated at *now*, by key.

    In a pipeline they are awaited when the first is taken, so that other questions can follow.
    """
    cursor = conn.execute(
        """
        SELECT wanted.key, stored.request, stored.answer, stored.lead_id
        FROM unnest(%(keys)s::bigint[]) AS wanted (key)
        CROSS JOIN LATERAL (
            SELECT request, answer, lead_id, expires_at FROM public.idempotent_answers
            WHERE tenant_id = %(tenant)s AND idempotency_key = wanted.key LIMIT 1
        ) AS stored
        WHERE stored.expires_at > %(now)s
        """,
        {"tenant": tenant_id, "keys": array(keys), "now": str(now)},
        binary=True,
    )
    return ((key, Stored(*stored)) for key, *stored in cursor)


def save(conn: Connection, tenant_id: str, new: Sequence[New]) -> None:
    """Store the answers of *new*; a key whose time has passed begins again."""
    conn.execute(
        """
        INSERT INTO public.idempotent_answers AS earlier
            (tenant_id, idempotency_key, request, answer, lead_id, expires_at)
        SELECT %(tenant)s, key, request, decode(answer, 'base64'), lead_id, expires_at
        FROM unnest(%(keys)s::bigint[], %(requests)s::bigint[],
                    string_to_array(%(answers)s, ' '),
                    %(leads)s::uuid[], %(expiries)s::timestamptz[])
            AS new (key, request, answer, lead_id, expires_at)
        ON CONFLICT (tenant_id, idempotency_key) DO UPDATE
            SET request = excluded.request, answer = excluded.answer,
                lead_id = excluded.lead_id, expires_at = excluded.expires_at
        """,
        {
            "tenant": tenant_id,
            "keys": array(one.retry.key for one in new),
            "requests": array(one.retry.request for one in new),
            "answers": " ".join(b64encode(one.answer).decode() for one in new),
            "leads": array(one.lead_id for one in new),
            "expiries": array(one.expires_at for one in new),
        },
    )


def purge_expired(conn: Connection) -> int:
    """Delete every answer past its time, of all tenants; return how many.

    The connection must have named no tenant: then the policy `expired` is the only one that
    lets rows go, which is why no WHERE stands here.
    """
    return conn.execute("DELETE FROM public.idempotent_answers").rowcount
