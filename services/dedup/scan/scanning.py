"""Scanning: the worker's part. Leads are gone through by their ids, some in each transaction.

How far a scan is stands in the transaction that stores what was found, so a worker that dies
leaves nothing half done and nothing is done twice. It holds no key that a check waits for, and it
pauses, so that checks go on beside it.
"""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from services.dedup.policy_cache import PolicyCache
from services.dedup.scan import find_store, lead_store, scan_store
from services.dedup.scan.around import Around
from services.dedup.scan.finding import Finding
from services.dedup.scan.lead_store import Walked
from services.dedup.scan.scan import NIGHTLY, Progress, Scan, night
from shared.connection import Connection
from shared.db import Database
from shared.errors import Unavailable
from shared.ids import uuid7
from shared.privacy.gate import Gate

AT_A_TIME = 100
"""Leads that one transaction compares: a tenth of a second."""

LOOKS = 5_000
"""Leads that one transaction looks at for some that nobody has checked: as long."""

SINGLY = 100
"""Leads that are taken one by one after a fault, to find whose it is."""

REST, REST_WHEN_BUSY = 0.25, 0.5
"""Pause after a transaction, as a share of what it took; the second where more programs want to run
than there are processors."""

MOST_TENANTS = 1_000
"""Tenants that the worker looks after in turn."""

Stop = Callable[[], bool]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a scan needs."""

    database: Database
    gate: Gate
    policies: PolicyCache = field(default_factory=PolicyCache)


def follow(desk: Desk, stop: Stop) -> None:
    """Go on with all accounts' scans until none is left or *stop*: a part of each in turn."""
    busy = True
    while busy and not stop():
        with desk.database.lookup() as conn:
            tenants = scan_store.tenants(conn, MOST_TENANTS)
        busy = False
        for tenant_id in tenants:
            busy = advance(desk, tenant_id, stop) or busy
            if stop():
                return


def look(database: Database, now: datetime | None = None) -> None:
    """Begin a scan for each account that has leads nobody has compared: the schedule's part.

    Once a night, and not in the first, so that whoever sets up can say otherwise. *now* is ours
    unless given.
    """
    at = now or datetime.now(UTC)
    after, most = "", MOST_TENANTS
    while True:
        with database.lookup() as conn:
            tenants = scan_store.tenants_to_look_at(conn, night(at), after, most)
        for tenant_id in tenants:
            look_at(database, tenant_id, at)
        if len(tenants) < most:
            return
        after = tenants[-1]


def look_at(database: Database, tenant_id: str, now: datetime) -> Scan | None:
    """Return the scan that was begun for an account; None if there is nothing to scan."""
    with database.transaction(tenant_id) as conn:
        if not scan_store.looked(conn, tenant_id, now):
            return None
    if not _any_unchecked(database, tenant_id):
        return None
    scan = Scan(uuid7(), True, "waiting", now, NIGHTLY)
    with database.transaction(tenant_id) as conn:
        return scan if scan_store.add(conn, tenant_id, scan) else None


def advance(desk: Desk, tenant_id: str, stop: Stop, at_a_time: int = AT_A_TIME) -> bool:
    """Go on with an account's scan by up to *at_a_time* leads; False if there is nothing to do."""
    begun = time.monotonic()
    try:
        more = _some(desk, tenant_id, at_a_time)
    except Unavailable:
        raise
    except Exception as error:
        fault = {"error": type(error).__name__}
        log.error("leads are scanned one by one after a fault", extra={"fields": fault})
        more = _singly(desk, tenant_id, stop)
    _rest(time.monotonic() - begun, stop)
    return more


def _some(desk: Desk, tenant_id: str, most: int) -> bool:
    with desk.database.transaction(tenant_id) as conn:
        scan = _begun(conn, tenant_id)
        if scan is None:
            return False
        walked = _walked(conn, tenant_id, scan, most)
        now = datetime.now(UTC)
        if walked.last is None:
            scan_store.save(conn, tenant_id, replace(scan, status="done", ended_at=now))
            return True
        came = Progress(leads=walked.looked_at)
        if walked.due:
            came = _compared(desk, conn, tenant_id, scan, walked, now)
        scan_store.save(conn, tenant_id, scan.done(walked.last, came))
    return True


def _begun(conn: Connection, tenant_id: str) -> Scan | None:
    """Return the account's scan, ours until the transaction ends; None if there is none for us."""
    scan = scan_store.taken(conn, tenant_id)
    if scan is None or scan.status == "running":
        return scan
    total = lead_store.count(conn, tenant_id)
    return replace(scan, status="running", started_at=datetime.now(UTC), leads_total=total)


def _walked(conn: Connection, tenant_id: str, scan: Scan, most: int) -> Walked:
    looks = LOOKS if scan.only_unchecked and most > 1 else most
    return lead_store.walk(conn, tenant_id, scan.after_lead, scan.only_unchecked, looks, most)


def _compared(
    desk: Desk, conn: Connection, tenant_id: str, scan: Scan, walked: Walked, now: datetime
) -> Progress:
    """Compare the leads that are due and store what was found."""
    policies = desk.policies.ask(conn, tenant_id)()
    stored = lead_store.stored(conn, tenant_id, walked.due)
    around = Around(desk.gate, tenant_id, scan.only_unchecked)
    around.read(conn, stored)
    finding = Finding(conn, tenant_id, around, policies)
    finding.find()
    # Before its reviews: a lead that has a decision counts as checked.
    unchecked = [one.lead_id for one in stored if one.unchecked]
    find_store.mark(conn, tenant_id, walked.due if scan.only_unchecked else unchecked)
    return finding.save(scan.id, now, walked.looked_at)


def _singly(desk: Desk, tenant_id: str, stop: Stop) -> bool:
    """Scan the next SINGLY leads one by one; one that cannot be is counted and passed over."""
    for _ in range(SINGLY):
        if stop():
            return False
        try:
            if not _some(desk, tenant_id, 1):
                return False
        except Unavailable:
            raise
        except Exception as error:
            if not _passed_over(desk, tenant_id, error):
                return False
    return True


def _passed_over(desk: Desk, tenant_id: str, error: Exception) -> bool:
    with desk.database.transaction(tenant_id) as conn:
        scan = _begun(conn, tenant_id)
        walked = scan and _walked(conn, tenant_id, scan, 1)
        if scan is None or not walked or walked.last is None:
            return False
        fault = {"lead_id": str(walked.last), "error": type(error).__name__}
        log.error("a lead cannot be scanned", extra={"fields": fault})
        if scan.only_unchecked:
            find_store.mark(conn, tenant_id, [walked.last])
        after = scan.failed_on(walked.last, datetime.now(UTC))
        scan_store.save(conn, tenant_id, after)
    return after.ended_at is None


def _any_unchecked(database: Database, tenant_id: str) -> bool:
    after = None
    while True:
        with database.transaction(tenant_id) as conn:
            walked = lead_store.walk(conn, tenant_id, after, True, LOOKS, 1)
        if walked.due or walked.last is None:
            return bool(walked.due)
        after = walked.last


def _rest(took: float, stop: Stop) -> None:
    """Let others have the machine for a while."""
    busy = os.getloadavg()[0] > 1.5 * (os.cpu_count() or 1)
    until = time.monotonic() + took * (REST_WHEN_BUSY if busy else REST)
    while not stop() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 0.1))
