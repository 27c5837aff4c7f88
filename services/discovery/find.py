"""A find: somebody that a source knows of, with where that comes from. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a find comes from: whoever asks hears it (GDPR Art. 14(2)(f), Art. 15(1)(g))."""

    source: str
    """The source's type, as `openstreetmap`."""
    url: str
    """Where it can be seen: a page, an element of a map; empty where there is none."""
    licence: str
    """Its terms, as `ODbL 1.0`, or who vouches for it, as `the account's own`."""
    attribution: str
    """What must be shown wherever the find is, as `© OpenStreetMap contributors`; may be empty."""
    found_at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Find:
    """Somebody that a source knows of."""

    key: str
    """What the source calls it, the same at every run: an element's id, a page's address. Within a
    source it is unique. 1 to 500 characters."""
    fields: Mapping[str, str]
    """What is known, by `shared.lead_fields.FIELDS`; nothing empty."""
    provenance: Provenance
    consent: Mapping[str, Any] | None = None
    """What the person agreed to, as the duplicate check reads it, where a source knows."""
    lead_id: UUID | None = None
    """The lead, where it is the account's already: then nothing is created."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that a source looked at and that is no find."""

    reason: str
    """In words of ours, without what it says: `names no email and no phone`."""
