"""Settling: what was kept is confirmed once its item went through, or released if it did not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from services.seen import store
from services.seen.claim import (
    ANOTHERS,
    CONFIRMED,
    NOT_HELD,
    OVER,
    RELEASED,
    UNKNOWN,
    Place,
    Standing,
    confirmed,
    released,
)
from services.seen.desk import Desk
from shared.errors import Conflict, NotFound, ServiceError


@dataclass(frozen=True, slots=True)
class Settled:
    """A key that is to be confirmed or released."""

    place: Place
    claim_id: UUID | None = None


class HoldOver(Conflict):
    """This hold is over: the key was free again, and its item may have come a second time."""


FAULTS: dict[str, tuple[type[ServiceError], str]] = {
    UNKNOWN: (NotFound, "has no such key"),
    OVER: (HoldOver, "ended before it was confirmed"),
    ANOTHERS: (HoldOver, "has this key no more: another claim has it"),
}
"""By the word of `claim.confirmed`, what is raised and what is said of `claim_id`."""


def confirm(
    desk: Desk, tenant_id: str, wanted: Sequence[Settled], now: datetime
) -> list[Standing | ServiceError]:
    """End the holds of *wanted*; return how each key stands now, or NotFound or HoldOver.

    In the order sent, in one transaction. What the same claim has confirmed before is confirmed.
    """
    places = _places(wanted)
    with desk.database.transaction(tenant_id) as conn:
        found = store.locked(conn, tenant_id, places) if places else {}
        words = [confirmed(found.get(one.place), _claim(one), now) for one in wanted]
        good = [one for one, word in zip(wanted, words, strict=True) if word == CONFIRMED]
        for scope in _by_scope(_places(good)):
            store.confirm(conn, tenant_id, scope, {_claim(one) for one in good})
    return [
        _lasting(found[one.place]) if word == CONFIRMED else _fault(word)
        for one, word in zip(wanted, words, strict=True)
    ]


def release(desk: Desk, tenant_id: str, wanted: Sequence[Settled], now: datetime) -> list[str]:
    """Free the keys of *wanted*, in one transaction; return RELEASED or NOT_HELD of each."""
    places = _places(wanted)
    with desk.database.transaction(tenant_id) as conn:
        found = store.locked(conn, tenant_id, places) if places else {}
        words = [released(found.get(one.place), one.claim_id, now) for one in wanted]
        gone = [one for one, word in zip(wanted, words, strict=True) if word == RELEASED]
        for scope in _by_scope(_places(gone)):
            store.release(conn, tenant_id, scope)
    return words


def release_everywhere(desk: Desk, tenant_id: str, mark: UUID) -> int:
    """Forget a key in every scope of the account, whoever has it; return in how many it was."""
    with desk.database.transaction(tenant_id) as conn:
        return store.release_everywhere(conn, tenant_id, mark)


def everywhere_word(scopes: int) -> str:
    """Return what forgetting a key in *scopes* scopes comes to."""
    return RELEASED if scopes else NOT_HELD


def _places(wanted: Sequence[Settled]) -> list[Place]:
    """Return each place once, in their order: nobody waits for one who waits for them."""
    return sorted({one.place for one in wanted})


def _by_scope(places: Sequence[Place]) -> list[list[Place]]:
    return [list(each) for _, each in groupby(places, lambda place: place.scope)]


def _claim(one: Settled) -> UUID:
    assert one.claim_id is not None  # the schema requires it
    return one.claim_id


def _lasting(standing: Standing) -> Standing:
    return standing._replace(expires_at=standing.lasts_until, is_held=False)


def _fault(word: str) -> ServiceError:
    kind, said = FAULTS[word]
    return kind(details={"claim_id": said})
