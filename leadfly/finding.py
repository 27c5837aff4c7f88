"""What `leadfly doctor` looks at, and what it finds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import psycopg

from shared.embedded import Server
from shared.errors import ServiceError
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and the command or change that mends it."""

    what: str
    well: bool | None = True
    """None where there is nothing to look at yet."""
    mend: str = ""

    def line(self) -> str:
        """Return the finding as it is printed."""
        mark = {True: "✓", False: "✗", None: "–"}[self.well]
        return f"{mark} {self.what}" + (f": {self.mend}" if self.mend else "")


@dataclass(slots=True)
class Patient:
    """What is looked at: the environment, and as much of the rest as it describes."""

    environ: Mapping[str, str]
    settings: Settings
    conn: psycopg.Connection | None = None
    no_conn: Finding | None = None
    """Why there is no connection."""
    faults: dict[str, object] = field(default_factory=dict)

    @property
    def server(self) -> Server:
        """The embedded PostgreSQL, whether or not it is used."""
        return Server(self.settings.home)


Check = Callable[[Patient], Iterator[Finding]]


def said(error: Exception) -> str:
    """Return what went wrong without what the error may quote."""
    if isinstance(error, ServiceError):
        return error.message
    if isinstance(error, psycopg.Error):
        return f"SQLSTATE {error.sqlstate}"
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
