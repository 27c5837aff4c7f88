"""The files in an account's folder, opened so that no name leads out of it.

Every part of a path is opened below the one before it and never through a link, so whoever may
write into one account's folder reads nothing else by it.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from urllib.parse import quote

MOST_FILES = 100

MOST_BYTES = 100_000_000
"""Of one file: a million rows."""

MOST_NAMES = 10_000
"""Names of a folder that are looked at."""

QUIET_SECONDS = 5.0
"""A file that changed less long ago may still be written."""

ENDINGS = (".csv", ".tsv", ".txt")

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_PLAIN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Without waiting: a named pipe would keep us for ever."""


class NoFolder(Exception):
    """There is no folder for this account."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """One file, open from its start."""

    raw: FileIO
    size: int
    """Bytes."""
    changed_at: datetime


def folder_name(tenant_id: str) -> str:
    """Return what the folder of an account is called: its name, with `%2F` and the like for signs.

    Letters, digits and `_-~` stay, and dots that do not begin it.
    """
    name = quote(tenant_id, safe="")
    return f"%2E{name[1:]}" if name.startswith(".") else name


@contextmanager
def dropped(root: Path, tenant_id: str, now: float) -> Iterator[list[Dropped]]:
    """Yield the files of an account that are whole at *now* (seconds since 1970), by name.

    Raises NoFolder, and OSError for a folder that cannot be read.
    """
    with ExitStack() as opened:
        try:
            top = os.open(root, _FOLDER)
        except FileNotFoundError:
            raise NoFolder from None
        opened.callback(os.close, top)
        try:
            own = os.open(folder_name(tenant_id), _FOLDER | os.O_NOFOLLOW, dir_fd=top)
        except (FileNotFoundError, NotADirectoryError):
            raise NoFolder from None
        opened.callback(os.close, own)
        found: list[Dropped] = []
        for name in _names(own):
            file = _opened(own, name, now)
            if file is not None:
                opened.callback(file.raw.close)
                found.append(file)
            if len(found) == MOST_FILES:
                break
        yield found


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        names = [entry.name for _, entry in zip(range(MOST_NAMES), entries, strict=False)]
    return sorted(
        name for name in names if not name.startswith(".") and name.lower().endswith(ENDINGS)
    )


def _opened(folder: int, name: str, now: float) -> Dropped | None:
    """Return the file of that name, or None if it is none that is to be read."""
    try:
        file = os.open(name, _PLAIN, dir_fd=folder)
    except OSError:
        return None  # a link, or gone by now
    about = os.fstat(file)
    # A second name may be that of a file elsewhere.
    plain = stat.S_ISREG(about.st_mode) and about.st_nlink == 1
    whole = now - about.st_mtime >= QUIET_SECONDS
    if not plain or not whole or not 0 < about.st_size <= MOST_BYTES:
        os.close(file)
        return None
    return Dropped(FileIO(file), about.st_size, datetime.fromtimestamp(about.st_mtime, UTC))
