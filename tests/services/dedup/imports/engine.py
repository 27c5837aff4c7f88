"""An import as tests run it: a file is put there, and its work is done in this process."""

from contextlib import nullcontext
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from services.dedup.imports import asking, job_store, row_store, running, uploading
from services.dedup.imports.job import Import, Options
from services.privacy.erasure import Desk, erase_many

HEADER = "First Name,Last Name,E-Mail,Phone,Company,City"


def lines(*rows: str, header: str = HEADER) -> str:
    return "\n".join((header, *rows)) + "\n"


class Unnoted:
    """A ledger of erasures that keeps nothing."""

    def noting(self, made):
        return nullcontext()


class Engine:
    """One account's imports."""

    def __init__(self, worker, eraser, gate, user_id):
        self.worker, self.eraser, self.gate, self.tenant = worker, eraser, gate, user_id

    def put(self, text: str | bytes, **options) -> Import:
        """Return the import of a file with this *text*."""
        said = {"source_id": "import", "country": "US"} | options
        chosen, name = Options(**said), "crm.csv"
        taken, _ = uploading.take(
            self.worker.app,
            self.gate,
            self.tenant,
            (chosen, name),
            [text if isinstance(text, bytes) else text.encode()],
            "local",
            datetime.now(UTC),
        )
        return taken

    def previewed(self, text: str | bytes, **options) -> Import:
        job = self.put(text, **options)
        asking.preview(self.worker.app, self.gate, self.tenant, job.id, datetime.now(UTC))
        return self.run(job.id)

    def imported(self, text: str, **options) -> Import:
        return self.confirmed(self.previewed(text, **options))

    def confirmed(self, job: Import) -> Import:
        asking.confirm(self.worker.app, self.gate, self.tenant, job.id, {}, datetime.now(UTC))
        return self.run(job.id)

    def undone(self, job: Import, including_changed: bool = False) -> Import:
        asking.undo(
            self.worker.app,
            self.gate,
            self.tenant,
            job.id,
            including_changed,
            datetime.now(UTC),
        )
        return self.run(job.id)

    def run(self, import_id: UUID) -> Import:
        """Do what is asked of an import, and return it."""
        take_all = running.take_in_turn(self.worker.one, self.gate)
        running.run(self.worker.one, self.gate, self.job(import_id), take_all, self.erase)
        return self.job(import_id)

    def erase(self, tenant_id, lead_ids, beside) -> int:
        desk = Desk(self.eraser, self.gate, None, Unnoted())
        return erase_many(desk, tenant_id, lead_ids, "import", beside)

    def job(self, import_id: UUID) -> Import:
        with self.worker.one.transaction(self.tenant) as conn:
            found = job_store.one(conn, self.tenant, import_id)
        assert found is not None
        return found

    def rows(self, job: Import, outcome: str | None = None) -> list[row_store.Row]:
        with self.worker.one.transaction(self.tenant) as conn:
            return row_store.page(conn, self.tenant, job.id, outcome, 0, 1000)

    def outcomes(self, job: Import) -> list[str]:
        return [row.outcome for row in self.rows(job)]


class Stored:
    """What the database holds of an account."""

    def __init__(self, owner: psycopg.Connection, user_id: str):
        self._owner, self._tenant = owner, user_id

    def count(self, table: str = "public.leads") -> int:
        name = psycopg.sql.Identifier(*table.split("."))
        query = psycopg.sql.SQL("SELECT count(*) FROM {} WHERE tenant_id = %s").format(name)
        row = self._owner.execute(query, [self._tenant]).fetchone()
        assert row is not None
        return row[0]
