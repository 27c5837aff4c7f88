"""Policies as their owner sees and changes them: all of an account's must make sense together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from services.dedup import model, policy, policy_store
from services.dedup.policy import ACCOUNT, MOST, Policy, Settings, resolved
from services.dedup.policy_store import Stored
from shared.db import Database
from shared.errors import Conflict, Meaningless
from shared.field_names import shown
from shared.privacy.gate import Gate


@dataclass(frozen=True, slots=True)
class Shown:
    """A policy as its owner sees it."""

    source_id: str
    stored: Stored | None
    """None where nothing is set."""
    effective: Policy

    def answer(self) -> dict[str, Any]:
        """Return it in the words of the API."""
        return {
            "source_id": self.source_id or None,
            "policy": dict(self.stored.settings) if self.stored else {},
            "effective": policy.settings(self.effective, model.WEIGHTS),
            "changed_at": self.stored and self.stored.changed_at,
            "changed_by": self.stored and self.stored.changed_by,
        }


def read(database: Database, tenant_id: str) -> dict[str, Stored]:
    """Return what is set, by source. Raises Unavailable."""
    with database.transaction(tenant_id) as conn:
        return {one.source_id: one for one in policy_store.listed(conn, tenant_id)}


def change(
    database: Database,
    gate: Gate,
    tenant_id: str,
    source_id: str,
    settings: Settings | None,
    by: str,
) -> dict[str, Stored]:
    """Set what holds for *source_id*, or unset it (None); return what is set then, by source.

    Raises Meaningless if the account's policies would contradict each other, Conflict if there
    are too many.
    """
    with database.transaction(tenant_id, [turn(gate, tenant_id)]) as conn:
        return changed(conn, tenant_id, source_id, settings, by)


def turn(gate: Gate, tenant_id: str) -> int:
    """Return the lock that a transaction with a change holds.

    Two changes that make sense alone may contradict each other: they come in turn.
    """
    return gate.keyring.pseudonym(tenant_id, "policies", "all")


def changed(
    conn: Connection, tenant_id: str, source_id: str, settings: Settings | None, by: str
) -> dict[str, Stored]:
    """As `change`, in a transaction of the tenant's that holds the `turn`."""
    known = {one.source_id: one for one in policy_store.listed(conn, tenant_id)}
    new = Stored(source_id, settings or {}, datetime.now(UTC), by)
    after = {name: one for name, one in known.items() if name != source_id}
    if settings is None:
        _check(source_id, after)
        policy_store.remove(conn, tenant_id, new)
        return after
    after[source_id] = new
    _check(source_id, after)
    policy_store.save(conn, tenant_id, new)
    return after


def one(known: Mapping[str, Stored], source_id: str) -> Shown:
    """Return the policy of *source_id*, whether or not something is set for it."""
    own = known[ACCOUNT].settings if ACCOUNT in known else {}
    stored = known.get(source_id)
    levels = (own,) if stored is None or source_id == ACCOUNT else (own, stored.settings)
    return Shown(source_id, stored, resolved(*levels))


def of_sources(
    known: Mapping[str, Stored], after: str, limit: int
) -> tuple[Sequence[Shown], str | None]:
    """Return the policies of *limit* sources that have one, and the name that the next come after.

    They are in the order of their names, from the first after *after*; None: there are no more.
    """
    names = sorted(name for name in known if name > after and name != ACCOUNT)
    shown = [one(known, name) for name in names[:limit]]
    return shown, names[limit - 1] if len(names) > limit else None


def _check(changed: str, after: Mapping[str, Stored]) -> None:
    if len(after) > MOST:
        raise Conflict(f"An account may have {MOST} policies; remove one that is not needed.")
    for position, source_id in enumerate(sorted({*after, changed}), 1):
        try:
            one(after, source_id)
        except Meaningless as error:
            if source_id == changed:
                raise
            own = after[changed].settings if changed in after else {}
            field = "flag" if "flag" in own else "block"
            why = f"contradicts the policy of {shown(source_id, position)}"
            raise Meaningless(details={f"policy.{field}": why}) from error
