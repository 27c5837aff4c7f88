"""A drop folder: CSV files that an operator, or a program of theirs, puts in for an account.

Each account has a folder of its own below DISCOVERY_DROP_FOLDER. What is in it is read and left as
it is. A file that is being written is left for the next time.
"""

import hashlib
import io
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.discovery.criteria import Criteria
from services.discovery.find import Find, Passed, Provenance
from services.discovery.fitting import Looked, looked, unfit
from services.discovery.sources.dropped_files import Dropped, NoFolder, dropped
from services.discovery.sources.dropped_row import Layout, Row, columns, read
from services.discovery.sources.source import NotAsked, Progress, Reach, SourceUnavailable
from shared import csv_table
from shared.csv_table import SAMPLE_BYTES, Table
from shared.errors import Malformed
from shared.normalize.text import fold

PROGRESS_SECONDS = 0.5
"""How often it is told how far a file is read."""

NO_CONTACT = "names no email and no phone"
NO_TABLE = "a file is no CSV with an email or a phone"
UNREADABLE = "a row cannot be read"


class DropFolder:
    """Finds the people in an account's dropped files."""

    type = "drop_folder"
    title = "CSV files in the account's drop folder"
    builtin = True
    licence = "as the file says, else the account's own"
    attribution = ""
    limits = "100 files of up to 100 MB, each left alone until it is 5 s old."
    described: Mapping[str, str] = {}
    shown: tuple[str, ...] = ()

    def checked(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return *settings*: there are none. Raises Malformed."""
        if settings:
            raise Malformed(details=dict.fromkeys(settings, "is no setting of this source"))
        return {}

    def find(
        self, tenant_id: str, settings: Mapping[str, Any], criteria: Criteria, reach: Reach
    ) -> Iterator[Find | Passed | Progress]:
        """Yield the people in the files that fit, by the names of the files."""
        root = reach.settings.discovery_drop_folder
        if root is None:
            raise NotAsked("There is no drop folder: set DISCOVERY_DROP_FOLDER.")
        wanted, found, begun = looked(criteria), 0, 0
        try:
            with dropped(root, tenant_id, time.time()) as files:
                total = sum(file.size for file in files)
                for file in files:
                    for each in _rows(file, wanted, reach, begun, total):
                        yield each
                        found += isinstance(each, Find)
                        if found >= criteria.most or reach.stop():
                            return
                    begun += file.size
                    yield Progress(begun, total)
        except NoFolder:
            raise NotAsked("This account has no folder in the drop folder.") from None
        except OSError:
            raise SourceUnavailable("The drop folder cannot be read.") from None


def _rows(
    file: Dropped, wanted: Looked, reach: Reach, begun: int, total: int
) -> Iterator[Find | Passed | Progress]:
    """Yield what one file says; *begun* bytes of *total* were read before."""
    with _buffered(file) as opened:
        try:
            table = Table(opened)
            known = columns(table.header)
        except Malformed:
            yield Passed(NO_TABLE)
            return
        told_at = time.monotonic()
        yield Progress(begun, total)
        for row in table.rows():
            if reach.stop():
                return
            yield _said(row, known, file, wanted, reach.settings.default_country)
            if time.monotonic() - told_at > PROGRESS_SECONDS:
                told_at = time.monotonic()
                yield Progress(min(total, begun + table.position), total)


def _buffered(file: Dropped) -> io.BufferedReader:
    return io.BufferedReader(file.raw, SAMPLE_BYTES)


def _said(
    row: csv_table.Row, known: Layout, file: Dropped, wanted: Looked, country: str
) -> Find | Passed:
    if row.fault or any("\0" in cell for cell in row.cells):
        return Passed(UNREADABLE)
    return _find(read(known, row.cells), file, wanted, country)


def _find(row: Row, file: Dropped, wanted: Looked, country: str) -> Find | Passed:
    key = _key(row.fields)
    if not key:
        return Passed(NO_CONTACT)
    if why := unfit(wanted, row.fields, country):
        return Passed(why)
    provenance = Provenance(
        DropFolder.type,
        row.url,
        row.licence or "the account's own",
        row.attribution,
        file.changed_at,
    )
    return Find(key, row.fields, provenance, row.consent)


def _key(fields: Mapping[str, str]) -> str:
    """Return what somebody is known by at every run, whatever file names them; empty: nothing."""
    said: Sequence[str] = [
        text for name in CONTACTS if (text := fold(fields.get(name, "")).replace(" ", ""))
    ]
    return hashlib.sha256("\0".join(said).encode()).hexdigest() if said else ""


CONTACTS = ("email", "phone", "other_email", "other_phone")
