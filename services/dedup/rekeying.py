"""Rekeying: after an upgrade, leads that are stored get the blocking keys that they would get now.

A transaction takes some leads of one tenant; in turn, where several processes would. A lead that is
done is of this version, so nothing is done twice, and whoever dies leaves nothing half done. The
keys that a lead had and gets are locked as a check locks them, so no check reads half of them; but
none is waited for: a lead whose keys somebody holds is left for the next time.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import orjson

from services.dedup import blocking, rekey_store
from services.dedup.record import Record, unpack
from services.dedup.rekey_store import BEFORE_ALL, Outdated, Place, Remade
from services.dedup.rekeyed import read_anew
from shared import consents
from shared.connection import Connection
from shared.db import Database
from shared.privacy.consent import Consent
from shared.privacy.gate import ConsentMissing, Gate, Permit
from shared.privacy.purposes import LEAD_PROCESSING
from shared.resting import rest
from shared.web.metrics import counter

AT_A_TIME = 100
"""Leads of one transaction: a tenth of a second, of which their keys are held for some 25 ms."""

RESTS = (0.5, 2.0)
"""Pauses of the worker as shares of what a transaction took; the second on a busy machine. Nobody
waits for it, and with 0.5 there a check's p50 was a third longer on two cores."""

LOOK_SECONDS = 30.0
"""Pause of the worker before it looks again for leads of before, once it found none."""

AGAIN_SECONDS = 0.2
"""Pause of `finish` after a round in which others held all that was left."""

BETWEEN_COUNTS = 50
"""Transactions of `finish` between two counts of what waits, which takes up to a second."""

MOST_TENANTS = 1_000
"""Tenants that are looked after in turn."""

REMADE, PASSED_OVER, POSTPONED = "remade", "passed_over", "postponed"
"""What becomes of a lead; the last is tried again."""

Stop = Callable[[], bool]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """What rekeying needs."""

    database: Database
    """As the worker."""
    gate: Gate
    country: str
    """Reads national numbers of leads whose numbers tell no country."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one transaction did."""

    done: Counter[str]
    """Leads by what became of them."""
    last: Place | None = None
    """How far it came; None: there are no more, or another process has its turn."""


@dataclass(slots=True)
class Follower:
    """The worker's loop: makes keys anew as long as there are any of before, and looks seldom."""

    desk: Desk
    _rests_until: float = field(default=0.0, init=False)

    def __call__(self, stop: Stop) -> None:
        """Go through the leads that wait, if it is time to."""
        if time.monotonic() < self._rests_until:
            return
        go_through(self.desk, _tenants(self.desk), stop)
        self._rests_until = time.monotonic() + LOOK_SECONDS


def go_through(desk: Desk, tenants: Sequence[str], stop: Stop) -> Counter[str]:
    """Take every lead of *tenants* that waits once, some of each tenant in turn, until *stop*."""
    done: Counter[str] = Counter()
    places = dict.fromkeys(tenants, BEFORE_ALL)
    while places and not stop():
        for tenant_id, after in list(places.items()):
            begun = time.monotonic()
            step = advance(desk, tenant_id, after)
            done += step.done
            if step.last is None:
                del places[tenant_id]
            else:
                places[tenant_id] = step.last
            rest(time.monotonic() - begun, RESTS, stop)
            if stop():
                break
    return done


def finish(desk: Desk, tenant_id: str | None, show: Callable[[int], object]) -> Counter[str]:
    """Go through all that waits, of one tenant or of all, until nothing does.

    *show* hears now and then how many leads wait. Other processes may do part of it.
    """
    done: Counter[str] = Counter()
    while left := waiting(desk, tenant_id):
        show(left)
        for each in [tenant_id] if tenant_id else _tenants(desk):
            done += (came := _some(desk, each))
            if not came[REMADE] + came[PASSED_OVER]:
                time.sleep(AGAIN_SECONDS)
    return done


def waiting(desk: Desk, tenant_id: str | None = None) -> int:
    """Return how many leads wait for new keys, of one tenant or of all."""
    with desk.database.lookup() as conn:
        return rekey_store.waiting(conn, tenant_id)


def advance(desk: Desk, tenant_id: str, after: Place, most: int = AT_A_TIME) -> Step:
    """Take up to *most* of a tenant's leads that wait, those after *after*."""
    turn = desk.gate.keyring.pseudonym(tenant_id, "blocking keys", "")
    with desk.database.transaction(tenant_id) as conn:
        if not rekey_store.take_turn(conn, turn):
            return Step(Counter())
        taken = rekey_store.outdated(conn, tenant_id, after, most)
        agreed = _agreed(desk, conn, tenant_id, taken)
        made = {one.lead_id: _made(desk, tenant_id, one, agreed) for one in taken}
        done = _saved(conn, taken, [one for one in made.values() if one])
    for what, count in done.items():
        REKEYED.labels(what).inc(count)
    return Step(done, taken[-1].place if len(taken) == most else None)


def _some(desk: Desk, tenant_id: str) -> Counter[str]:
    """Take the next leads of one tenant that wait, without a rest."""
    done: Counter[str] = Counter()
    last: Place | None = BEFORE_ALL
    for _ in range(BETWEEN_COUNTS):
        if last is None:
            break
        step = advance(desk, tenant_id, last)
        done, last = done + step.done, step.last
    return done


def _tenants(desk: Desk) -> list[str]:
    with desk.database.lookup() as conn:
        return rekey_store.tenants(conn, MOST_TENANTS)


def _agreed(
    desk: Desk, conn: Connection, tenant_id: str, taken: Sequence[Outdated]
) -> Mapping[UUID, Consent]:
    """Return what the people of those *taken* agreed to, where the mode asks for it."""
    if not desk.gate.mode.needs_consent(LEAD_PROCESSING):
        return {}
    return consents.latest_of_many(conn, tenant_id, [one.lead_id for one in taken])


def _made(
    desk: Desk, tenant_id: str, one: Outdated, agreed: Mapping[UUID, Consent]
) -> Remade | None:
    """Return a lead with its new keys; None if it cannot be read, or may not."""
    gate, bound_to = desk.gate, str(one.lead_id)
    try:
        permit = gate.admit(tenant_id, LEAD_PROCESSING, agreed.get(one.lead_id))
        known = unpack(gate.unseal(tenant_id, one.compared, bound_to))
        fields = one.fields
        if one.sealed is not None:
            fields = fields | orjson.loads(gate.unseal(tenant_id, one.sealed, bound_to))
        record = read_anew(fields, known, desk.country)
        keys, kept = _keys(permit, one, known, record)
        compared = None if record == known else permit.seal(record.pack(), bound_to)
    except ConsentMissing:
        return None
    except Exception as error:
        fault = {"lead_id": bound_to, "error": type(error).__name__}
        log.error("blocking keys of a lead cannot be made anew", extra={"fields": fault})
        return None
    return Remade(one.lead_id, one.blocking_keys, sorted({*keys, *kept}), kept or None, compared)


def _keys(
    permit: Permit, one: Outdated, known: Record, record: Record
) -> tuple[set[int], list[int]]:
    """Return the keys of *record*, and those of values that the lead had before and keeps."""
    named = [*blocking.keys(record), *blocking.relations(record)]
    keys = {int(permit.pseudonym(*key)) for key in named}
    values = (key for key in blocking.keys(known) if key[0] in blocking.VALUES)
    had = {int(permit.pseudonym(*key)) for key in values}.intersection(one.blocking_keys)
    return keys, sorted({*had, *(one.kept_keys or ())} - keys)


def _saved(conn: Connection, taken: Sequence[Outdated], made: Sequence[Remade]) -> Counter[str]:
    """Store what was *made* of those *taken*, as far as nobody holds their keys."""
    changed = [one for one in made if set(one.before) != set(one.blocking_keys)]
    keys = {key for one in changed for key in (*one.before, *one.blocking_keys)}
    held = rekey_store.held_by_others(conn, keys) if keys else set()
    busy = {
        one.lead_id for one in changed if not held.isdisjoint({*one.before, *one.blocking_keys})
    }
    ready = [one for one in made if one.lead_id not in busy]
    can = {one.lead_id for one in made}
    without = [
        Remade(one.lead_id, one.blocking_keys, one.blocking_keys, one.kept_keys, None)
        for one in taken
        if one.lead_id not in can
    ]
    remade = rekey_store.save(conn, ready) if ready else set()
    passed_over = rekey_store.pass_over(conn, without) if without else set()
    left = len(taken) - len(remade) - len(passed_over)
    return +Counter({REMADE: len(remade), PASSED_OVER: len(passed_over), POSTPONED: left})


REKEYED = counter(
    "leadfly_rekeyed_total", "Stored leads whose blocking keys were to be made anew.", ("outcome",)
)
"""By what became of them: `remade`; `passed_over`, which cannot be read or may not; `postponed`,
whose keys were held, and which are tried again."""
