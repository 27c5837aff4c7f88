"""Undoing an import: the leads it made are erased, but for those that somebody worked on.

Each goes as any erased lead does: it alone, and its person if no other lead is about them. Who
came by another door later and was judged a record of such a person stays, as that person's first.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.dedup.imports import row_store
from services.dedup.imports.job import Import
from services.dedup.imports.taking import Overtaken
from shared.db import Database

AT_A_TIME = 100
"""Leads erased in one transaction: some 0.1 s, in which the keys of their people are held."""

Beside = Callable[[Connection[Any], int], None]
"""Stores how far the undoing is, given how many leads went."""

Erase = Callable[[str, Sequence[UUID], Beside], int]
"""Erases leads of an account, and calls what it is given in the same transaction."""


def undo_some(database: Database, erase: Erase, job: Import) -> Import | None:
    """Erase the next leads of an import; return it after that, None if there are no more.

    Raises Overtaken, Unavailable.
    """
    with database.transaction(job.tenant_id) as conn:
        made = row_store.made(conn, job.tenant_id, job.id, job.done_until, AT_A_TIME)
        leads = [lead_id for _, lead_id in made]
        kept: set[UUID] = set()
        if made and not job.including_changed:
            kept = row_store.worked_on(conn, job.tenant_id, leads)
            stay = [number for number, lead_id in made if lead_id in kept]
            row_store.keep(conn, job.tenant_id, job.id, stay)
    if not made:
        return None
    until, gone = made[-1][0], [lead_id for lead_id in leads if lead_id not in kept]

    def note(conn: Connection[Any], erased: int) -> None:
        if not row_store.put_back(conn, job.tenant_id, job, until, erased, len(kept)):
            raise Overtaken

    erased = erase(job.tenant_id, gone, note)
    undone, stayed = job.undone + erased, job.kept + len(kept)
    return replace(job, done_until=until, undone=undone, kept=stayed)
