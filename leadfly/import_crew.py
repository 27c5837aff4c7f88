"""The processes of imports: reading rows and judging them is work for processors, and not here.

For each account that has an import to go on with, a foreman: a process that reads its file and, of
an import, hands the rows to three that take them in (`import_members`), so that what becomes of a
row is what would have become of it had the rows been posted one by one. Whoever loses its parent
reads the end of its pipe and ends; what was under way then is no part of the database.
"""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from time import sleep
from uuid import UUID

from leadfly.erasing import desk as eraser_desk
from leadfly.import_deaths import Deaths
from leadfly.import_members import PAUSE_SECONDS, PROCESSES, CrewDied, begin, crew, end
from services.dedup.imports import job_store, row_store, running
from services.dedup.imports.job import Import
from services.dedup.imports.sheet import SheetRow
from services.dedup.imports.undoing import Beside
from services.privacy.erasure import Desk, erase_many
from shared import db
from shared.columns import Columns
from shared.db import WORKER, Database
from shared.errors import Unavailable
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings
from shared.spool import Spool

AT_ONCE = 2
"""Accounts whose imports go on at a time; the others wait for their turn."""

CONNECTIONS = AT_ONCE * (PROCESSES + 2)
"""To the database, beside the worker's own: each foreman's, its eraser's and its people's."""

LOOK_SECONDS = 0.1
"""Pause between two looks whether the worker is to stop or a foreman has ended."""

BY = "import"
"""Who stands in the audit of erasures."""

Stop = Callable[[], bool]

log = logging.getLogger(__name__)


class Elsewhere(Unavailable):
    """Another worker goes on with this account's imports."""


def follow(settings: Settings, database: Database, stop: Stop) -> None:
    """Have all accounts' imports gone on with until none is left or *stop*; the worker's part."""
    foremen: dict[str, _Foreman] = {}
    deaths = Deaths(database)
    try:
        while not stop():
            with database.lookup() as conn:
                waiting = job_store.tenants(conn, AT_ONCE + len(foremen) + deaths.accounts)
            for tenant_id in waiting:
                free = tenant_id not in foremen and not deaths.resting(tenant_id)
                if free and len(foremen) < AT_ONCE:
                    foremen[tenant_id] = _Foreman(settings, tenant_id)
            if not waiting and not foremen:
                return
            sleep(LOOK_SECONDS)
            for tenant_id in [each for each, one in foremen.items() if not one.working]:
                ended = foremen.pop(tenant_id)
                (deaths.note if ended.died else deaths.forget)(tenant_id)
                ended.end()
    finally:
        for foreman in foremen.values():
            foreman.end()


class _Foreman:
    """The process that goes on with one account's imports."""

    def __init__(self, settings: Settings, tenant_id: str):
        context = get_context("spawn")
        self._ours, theirs = context.Pipe()
        # No daemon: those may have no processes of their own. It ends with our end of the pipe.
        self._process = context.Process(target=_conduct, args=(theirs, settings, tenant_id))
        self._process.start()
        theirs.close()

    @property
    def working(self) -> bool:
        """True until it has nothing more to do."""
        return self._process.is_alive()

    @property
    def died(self) -> bool:
        """True once it has ended otherwise than by itself."""
        return self._process.exitcode not in (None, 0)

    def end(self) -> None:
        """End it: what is under way is cut off, and the database forgets it."""
        end(self._ours, self._process)


def _conduct(pipe: Connection, settings: Settings, tenant_id: str) -> None:
    """Go on with an account's imports until none is left."""
    begin()
    Thread(target=_end_with_parent, args=(pipe,), daemon=True).start()
    keys = keyring(settings)
    one = replace(settings, threads=1)
    gate = Gate(settings.mode, keys)
    with (
        closing(db.connect(one, keys.fingerprint, WORKER)) as database,
        closing(_Eraser(one, gate)) as erase,
    ):
        try:
            while job := _turn(database, gate, tenant_id):
                running.run(database, gate, job, _take_all(settings), erase)
        except CrewDied as error:
            log.error("an import breaks off: %s", error.message)
            raise SystemExit(1) from None
        except Unavailable as error:  # the worker's loop starts us again
            log.warning("an import waits: %s", error.message)
            sleep(PAUSE_SECONDS)


def _end_with_parent(pipe: Connection) -> None:
    with suppress(EOFError, OSError):
        pipe.recv()
    os._exit(1)


def _turn(database: Database, gate: Gate, tenant_id: str) -> Import | None:
    """Return the import whose turn it is; None if there is none.

    Raises Elsewhere where another worker goes on with the account's imports.
    """
    key = gate.keyring.pseudonym(tenant_id, "imports", "")
    with database.transaction(tenant_id) as conn:
        if not row_store.alone(conn, key):
            raise Elsewhere
        return job_store.turn(conn, tenant_id)


class _Eraser:
    """Erases leads with the login that may, connected when there is something to erase."""

    def __init__(self, settings: Settings, gate: Gate):
        self._settings, self._gate = settings, gate
        self._spool = Spool(settings.spool_folder)
        self._desk: Desk | None = None

    def __call__(self, tenant_id: str, lead_ids: Sequence[UUID], beside: Beside) -> int:
        """Erase leads of an account; return how many went. Raises Unavailable."""
        if self._desk is None:
            self._desk = eraser_desk(self._settings, self._gate, self._spool)
        return erase_many(self._desk, tenant_id, lead_ids, BY, beside)

    def close(self) -> None:
        """Give the connection back."""
        if self._desk is not None:
            self._desk.database.close()
        self._spool.close()


def _take_all(settings: Settings) -> running.Take:
    """Return what takes rows in with processes of this one's own."""

    def take_all(job: Import, columns: Columns, rows: Iterator[list[SheetRow]]) -> Import:
        with crew(settings, job, columns) as members:
            return members.take(job, rows)

    return take_all
