"""The desk: what the flows of discovery need of one installation."""

from dataclasses import dataclass, field

from services.discovery.sources.registry import SOURCES
from services.discovery.sources.source import Source
from shared.admission import Admission
from shared.db import Database
from shared.investigations import Investigations
from shared.outbound import Door
from shared.pages.fetcher import Fetcher
from shared.privacy.gate import Gate
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Desk:
    """What whoever asks for discoveries needs."""

    database: Database
    gate: Gate
    country: str
    """Of the installation, ISO 3166-1 alpha-2: reads bare place names."""
    investigations: Investigations
    sources: tuple[Source, ...] = SOURCES


@dataclass(frozen=True, slots=True)
class Patience:
    """How long sources are waited for, in seconds."""

    silent: float = 60.0
    """A source that says nothing for so long hangs: it is to say how far it is once a second, and
    no single request of it takes a minute."""
    whole: float = 3600.0
    """What one source may take in all: ten thousand results at three a second."""
    stored: float = 60.0
    """For leads to come out of the spool, once the database is there again."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What whoever works discoveries off needs beside the desk."""

    desk: Desk
    settings: Settings
    door: Door
    fetcher: Fetcher
    admission: Admission
    patience: Patience = field(default_factory=Patience)
