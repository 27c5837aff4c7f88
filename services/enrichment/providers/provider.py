"""What a provider is: who is asked, what they are told, and how they decline."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.enrichment.finding import Finding
from services.enrichment.resolving import Resolver
from shared.outbound import Door
from shared.pages.fetcher import Fetcher


@dataclass(frozen=True, slots=True)
class Asked:
    """What a provider is told of a lead: the fields that it needs, and nothing else."""

    fields: Mapping[str, str]
    """Of its `needs` those that are known, as they were given, none of them empty."""
    country: str
    """ISO 3166-1 alpha-2; reads national numbers where no field says otherwise."""
    person_level: bool
    """True if findings about a person may be kept of this lead; others are left out of the run."""
    request_id: UUID
    """Of the run, new each time; says nothing of the lead."""


@dataclass(frozen=True, slots=True)
class ProfilerAt:
    """Where the external profiler is, and what it knows us by."""

    url: str
    key: str


@dataclass(frozen=True, slots=True)
class Reach:
    """By what a provider gets out of the process, and until when."""

    now: datetime
    """Aware; when the run began."""
    ends_at: float
    """By `time.monotonic`; nobody waits for a provider after it."""
    resolver: Resolver
    """Asks the DNS."""
    fetcher: Fetcher
    """Fetches pages politely."""
    door: Door
    """Leads to other servers, and nowhere inside."""
    profiler: ProfilerAt | None
    """None where none is configured."""

    def left(self) -> float:
        """Return the seconds that are left, at least 0."""
        return max(self.ends_at - time.monotonic(), 0.0)


class ProviderUnavailable(Exception):
    """A provider could not be asked, or did not answer; its words say why, and name no person."""


class NotApplicable(Exception):
    """A provider has nothing to ask about this lead; its words say why, and name no person."""


class Provider(Protocol):
    """One of PROVIDERS. Instances hold no state of a run: several threads ask them at once."""

    @property
    def name(self) -> str:
        """What callers call it: lower case, with underscores."""
        ...

    @property
    def title(self) -> str:
        """What people read."""
        ...

    @property
    def purpose(self) -> str:
        """What it is asked for, a sentence; what it does is bound to it (GDPR Art. 5(1)(b))."""
        ...

    @property
    def personal(self) -> bool:
        """True if it looks up a person; False if it asks about a company or a mailbox only."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """The fields it is told, of FIELDS and `username`; it is asked if any of them is known."""
        ...

    def find(self, asked: Asked, reach: Reach) -> Sequence[Finding]:
        """Return what it found, at most MOST_FINDINGS; nothing found is no fault.

        Raises ProviderUnavailable, or NotApplicable, with words.
        """
        ...
