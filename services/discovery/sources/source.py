"""A source, as a discovery asks it. The registry is `services/discovery/sources/registry.py`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from services.discovery.criteria import Criteria
from services.discovery.find import Find, Passed
from shared.db import Database
from shared.errors import ServiceError
from shared.outbound import Door
from shared.pages.fetcher import Fetcher
from shared.privacy.gate import Gate
from shared.settings import Settings


class SourceUnavailable(ServiceError):
    """This source cannot be asked just now."""


class NotAsked(ServiceError):
    """This source cannot be asked with these criteria; the message says what it needs."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a source may use."""

    settings: Settings
    door: Door
    fetcher: Fetcher
    """Pages, read with their hosts' leave."""
    database: Database
    gate: Gate
    stop: Callable[[], bool]
    """True once the job is cancelled, out of time or its process ends: a source looks often."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a source is; yielded between finds, at least once a second while it works."""

    done: int
    total: int | None
    """Pages, elements or rows; None while nobody knows."""


class Source(Protocol):
    """One kind of source."""

    type: str
    """Its name in the API, as `openstreetmap`."""
    title: str
    """What it is, for people."""
    builtin: bool
    """True: any account may name it without settings of its own."""
    licence: str
    attribution: str

    def checked(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return an account's *settings* for it, read strictly. Raises Malformed (by field)."""

    def find(
        self, tenant_id: str, settings: Mapping[str, Any], criteria: Criteria, reach: Reach
    ) -> Iterator[Find | Passed | Progress]:
        """Yield what it knows, `criteria.most` finds at most, in the same order at every run.

        Raises NotAsked before anything, and SourceUnavailable whenever it cannot go on: what was
        yielded before stays found. Every request it makes is bounded in bytes and time.
        """
