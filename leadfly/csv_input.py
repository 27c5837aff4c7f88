"""What the commands that read CSV share: their options, what they say of a table, its rejects."""

import argparse
import csv
import io
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from shared.account_name import ANONYMOUS, LONGEST_USER_ID
from shared.columns import TARGETS, Columns, mapped
from shared.csv_table import Table
from shared.errors import Malformed, Unavailable
from shared.labels import headings
from shared.settings import Settings

REASONS_SAID = 5
"""Rejected rows named on the terminal; the file beside has them all."""

LISTED = 20
"""Unread columns named on the terminal."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe how a table may be read."""
    parser.add_argument("--tenant", help="the account, a lead's user_id (default: anonymous)")
    parser.add_argument("--source", help="where the leads come from, a lead's source_id")
    parser.add_argument("--country", help="reads phone numbers of leads that name none, as US")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="'COLUMN=FIELD'",
        help=f"what a column holds: {', '.join(TARGETS)}; 'COLUMN=' leaves it out",
    )
    parser.add_argument("--encoding", help="of the CSV file, as cp1252 (default: it is told)")


def tenant(chosen: argparse.Namespace, settings: Settings, sent: object = None) -> str:
    """Return the account to work for. Raises Malformed if none is named where one must be."""
    name = chosen.tenant or sent or (ANONYMOUS if settings.local else None)
    if name is None:
        raise Malformed("Name the account: --tenant is required with AUTH_MODE=keys.")
    if not isinstance(name, str) or len(name) > LONGEST_USER_ID or not name.isprintable():
        raise Malformed(
            f"--tenant must be text of 1 to {LONGEST_USER_ID} characters, none of them invisible."
        )
    return name


def country(chosen: argparse.Namespace, settings: Settings) -> str:
    """Return the country that reads national phone numbers. Raises Malformed."""
    code: str = chosen.country or settings.default_country
    if not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise Malformed("--country must be an ISO 3166-1 alpha-2 code such as US.")
    return code.upper()


def columns(table: Table, pairs: Sequence[str]) -> Columns:
    """Return the columns of *table*; *pairs* are `COLUMN=FIELD`. Says what is not read, once."""
    named = {}
    for pair in pairs:
        heading, equals, target = pair.rpartition("=")
        if not equals:
            raise Malformed("--map takes 'COLUMN=FIELD', as in --map 'Contact=email'.")
        named[heading.strip()] = target.strip()
    found = mapped(table.header, headings.meant(table.header) | named)
    if table.encoding not in ("utf-8", "utf-8-sig"):
        note(f"encoding {table.encoding}")
    for target, places in found.places.items():
        if len(places) > 1:
            names = ", ".join(table.header[place] for place in places)
            note(f"{target} is the first of these that says something: {names}")
    if found.unread:
        more = f" and {len(found.unread) - LISTED} more" if len(found.unread) > LISTED else ""
        note(f"columns not read: {', '.join(found.unread[:LISTED])}{more}")
    return found


def note(text: str) -> None:
    """Say *text* on standard error, beside what the command puts out."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


class Rejects:
    """The file that takes rows which were refused, each with number and reason; made at need."""

    def __init__(self, path: Path, header: Sequence[str], resumed: bool = False):
        """*resumed* keeps what an earlier run put there; otherwise its file is removed."""
        self.path, self.count = path, 0
        self._header = header
        self._file: io.TextIOWrapper | None = None
        if not resumed:
            path.unlink(missing_ok=True)

    def add(self, number: int, reason: str, cells: Iterable[str]) -> None:
        """Set a row aside. Raises Unavailable if the file cannot be written."""
        self.count += 1
        if self.count <= REASONS_SAID:
            note(f"row {number:,} {reason}")
        try:
            self._writer().writerow([number, reason, *cells])
        except OSError as error:
            raise Unavailable(f"{self.path} cannot be written: {error.strerror}.") from None

    def close(self) -> None:
        """Say where the rejected rows are, if there are any."""
        if self._file:
            self._file.close()
            note(f"{self.count:,} rows rejected: {self.path}")

    def _writer(self) -> "csv.Writer":  # type: ignore[name-defined] # the C type has no name
        if self._file is None:
            # Personal data: for the person who runs the command alone.
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            self._file = os.fdopen(descriptor, "a", encoding="utf-8", newline="")
            if self._file.tell() == 0:
                csv.writer(self._file).writerow(["row", "reason", *self._header])
        return csv.writer(self._file)
