"""The leads of accounts as columns, as a process remembers them.

An account's columns are read once, a second for a million leads, and brought up to date before
each answer by what changed since. The least recently used go first where all of them need more
memory than they may; an account that is too large by itself is read anew each time, in parts.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from services.matching import lead_columns_store as store
from services.matching.best_leads import identified
from services.matching.columns import ASPECTS, NEVER, NUMBERS, Aspect, Columns, narrow
from services.matching.lead_columns_store import HASHES, RECORD, Stamp
from services.matching.profile import Profile
from shared.connection import Connection
from shared.db import Database

AT_A_TIME = 100_000
"""Leads that one statement reads: a tenth of a second, 10 MB."""

USUAL_MB = 256
"""Memory of all columns, unless LEADFLY_MATCHING_MEMORY_MB says something else: three million
leads."""

GOOD_SECONDS = 12 * 3600.0
"""After so long columns are read from the beginning: removals are known for a day."""

IDLE_SECONDS = 3600.0
"""After so long without use an account is forgotten, and with it what was erased meanwhile."""

SINCE_2000 = 946_684_800_000_000
"""Microseconds from 1970 to 2000, PostgreSQL's epoch."""

UNKNOWN_TIME = np.iinfo(np.int64).min
"""PostgreSQL's -infinity."""

BEFORE_ALL = UUID(int=0)


@dataclass(slots=True)
class Values:
    """The distinct values of one aspect, as they were met; a value keeps its number."""

    distinct: list[Profile] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    """Where the value of a hash stands."""

    def add(self, found: dict[int, Profile]) -> None:
        """Take up values by their hashes, all of them new."""
        for code, value in found.items():
            self.numbers[code] = len(self.distinct)
            self.distinct.append(value)


@dataclass(frozen=True, slots=True)
class Leads:
    """Leads in the order of their ids."""

    ids: NDArray[Any]
    """16 bytes each, as UUIDs are sorted."""
    columns: Columns

    def memory(self) -> int:
        """Return the bytes of all arrays."""
        return self.ids.nbytes + self.columns.memory()


@dataclass(slots=True)
class Account:
    """What is remembered of one account. Whoever changes it holds its lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    values: dict[str, Values] = field(default_factory=dict)
    leads: Leads | None = None
    """None: nothing is remembered."""
    stamp: Stamp = field(default_factory=lambda: Stamp(0, "0"))
    read_at: float = 0.0
    """Monotonic, as `used_at`."""
    used_at: float = 0.0


class LeadColumns:
    """The columns of accounts; safe for threads."""

    def __init__(self, most_bytes: int = USUAL_MB * 1024**2):
        """*most_bytes* is the memory that all columns together may take."""
        self.most_bytes = most_bytes
        self._accounts: dict[str, Account] = {}
        self._lock = threading.Lock()

    def parts(self, database: Database, tenant_id: str) -> Iterator[Leads]:
        """Yield all leads that lists show, in the order of their ids, in one part or in several.

        As of now at the latest; what is not remembered is read while the parts are taken.
        """
        account = self._account(tenant_id)
        with account.lock:
            if account.leads and time.monotonic() - account.read_at < GOOD_SECONDS:
                with database.transaction(tenant_id) as conn:
                    _bring_up_to_date(conn, tenant_id, account)
                found = account.leads
            else:
                yield from self._read(database, tenant_id, account)
                return
        self._make_room()
        yield found

    def _account(self, tenant_id: str) -> Account:
        with self._lock:
            account = self._accounts.pop(tenant_id, None) or Account()
            account.used_at = time.monotonic()
            self._accounts[tenant_id] = account
            for name, other in list(self._accounts.items()):
                if account.used_at - other.used_at > IDLE_SECONDS:
                    del self._accounts[name]
            return account

    def _read(self, database: Database, tenant_id: str, account: Account) -> Iterator[Leads]:
        """Yield all leads in parts, and remember them where there is room."""
        account.leads, account.values = None, {name: Values() for name in HASHES}
        parts: list[Leads] | None = []
        with database.transaction(tenant_id) as conn:
            stamp = store.stamp(conn, tenant_id)
        after = BEFORE_ALL
        while True:
            with database.transaction(tenant_id) as conn:
                records = store.shown_after(conn, tenant_id, after, AT_A_TIME)
                part = read_leads(conn, tenant_id, account.values, records)
            if len(records):
                after = identified(records["id"], -1)
            if parts is not None:
                parts.append(part)
                if sum(each.memory() for each in parts) > self.most_bytes:
                    parts = None
            yield part
            if len(records) < AT_A_TIME:
                break
        if parts is not None:
            account.leads, account.stamp = _joined(parts), stamp
            account.read_at = time.monotonic()
            self._make_room()

    def _make_room(self) -> None:
        """Forget the least recently used accounts until the rest fits."""
        with self._lock:
            sizes = {
                name: account.leads.memory() if account.leads else 0
                for name, account in self._accounts.items()
            }
            room = sum(sizes.values()) - self.most_bytes
            for name, size in list(sizes.items())[:-1]:
                if room > 0 or not size:
                    room -= size
                    del self._accounts[name]


def _bring_up_to_date(conn: Connection, tenant_id: str, account: Account) -> None:
    """Take up what changed since the account was last read."""
    assert account.leads is not None
    stamp = store.stamp(conn, tenant_id)
    gone = store.removed(conn, tenant_id, account.stamp)
    if len(gone):
        account.leads = _changed(account.leads, gone, None)
    revision = account.stamp.revision
    while revision < stamp.revision:
        records = store.changed_after(conn, tenant_id, revision, AT_A_TIME)
        if not len(records):
            break
        revision = int(records["revision"][-1])
        # Of a lead that is there twice the last counts.
        _, last = np.unique(records["id"][::-1], return_index=True)
        records = records[::-1][last]
        shown = read_leads(conn, tenant_id, account.values, records[records["shown"] == 1])
        account.leads = _changed(account.leads, records["id"], shown)
    account.stamp = Stamp(revision, stamp.horizon)


def read_leads(
    conn: Connection, tenant_id: str, values: dict[str, Values], records: NDArray[Any]
) -> Leads:
    """Return *records*, in the order of their ids, as leads.

    One whose value nobody has any more is left out: it changed meanwhile, which is read next.
    """
    codes, sound = {}, np.ones(len(records), np.bool_)
    for name in HASHES:
        codes[name] = _codes(conn, tenant_id, name, values[name], records)
        sound &= codes[name] >= 0
    records = records[sound]
    made: dict[str, Any] = {
        name: Aspect(values[name].distinct, narrow(codes[name][sound])) for name in ASPECTS
    }
    for name in NUMBERS:
        kind = records.dtype.fields[name][0] if records.dtype.fields else None
        made[name] = records[name].astype(kind.newbyteorder("=")) if kind else None
    active = made["last_activity_at"]
    made["last_activity_at"] = np.where(active == UNKNOWN_TIME, NEVER, active + SINCE_2000)
    return Leads(records["id"].copy(), Columns(**made))


def _codes(
    conn: Connection, tenant_id: str, name: str, values: Values, records: NDArray[Any]
) -> NDArray[np.int64]:
    """Return the numbers of the records' values, taking up those that are new; -1: none."""
    hashes, first, inverse = np.unique(
        records[name].astype(np.int64), return_index=True, return_inverse=True
    )
    wanted = {
        code: identified(records["id"], row)
        for code, row in zip(hashes.tolist(), first.tolist(), strict=True)
        if code not in values.numbers
    }
    if wanted:
        values.add(store.values(conn, tenant_id, name, wanted))
    numbers = np.array([values.numbers.get(code, -1) for code in hashes.tolist()], np.int64)
    return numbers[inverse] if len(numbers) else np.zeros(0, np.int64)


def _joined(parts: list[Leads]) -> Leads:
    """Return parts that follow each other as one."""
    made: dict[str, Any] = {}
    for one in fields(Columns):
        each = [getattr(part.columns, one.name) for part in parts]
        if one.name in ASPECTS:
            codes = np.concatenate([aspect.codes for aspect in each])
            made[one.name] = Aspect(each[0].distinct, codes)
        else:
            made[one.name] = np.concatenate(each)
    return Leads(np.concatenate([part.ids for part in parts]), Columns(**made))


def _changed(leads: Leads, ids: NDArray[Any], news: Leads | None) -> Leads:
    """Return *leads* without those of *ids*, and with *news*, whose ids are among them."""
    ids = np.unique(ids)
    at = np.searchsorted(leads.ids, ids)
    there = at < len(leads.ids)
    there[there] = leads.ids[at[there]] == ids[there]
    kept = np.ones(len(leads.ids), np.bool_)
    kept[at[there]] = False
    rows = np.flatnonzero(kept)
    if news is None or not len(news.ids):
        if len(rows) == len(kept):
            return leads
        return Leads(leads.ids[rows], leads.columns.rows(rows))
    # Rows of both, one after the other, in the order of their ids.
    both = _joined([leads, news])
    new = np.arange(len(leads.ids), len(both.ids))
    order = np.insert(rows, np.searchsorted(leads.ids[rows], news.ids), new)
    return replace(both, ids=both.ids[order], columns=both.columns.rows(order))


assert set(HASHES) == set(ASPECTS) and set(NUMBERS) <= set(RECORD.names or ())
