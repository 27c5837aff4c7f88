"""A suppression list: why it is kept, and what becomes of a lead that it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

REJECT, FLAG = "reject", "flag"
"""A lead that a list names is turned away, or somebody looks at it."""

CUSTOMER, DO_NOT_CONTACT, LITIGATOR, CUSTOM = "customer", "do_not_contact", "litigator", "custom"

ON_HIT: Mapping[str, str] = MappingProxyType(
    {CUSTOMER: FLAG, DO_NOT_CONTACT: REJECT, LITIGATOR: REJECT, CUSTOM: FLAG}
)
"""What becomes of a lead where a list does not say, by its kind: who objected or goes to court is
never let through; a customer who asks again may well be welcome."""

KINDS, OUTCOMES = tuple(ON_HIT), (REJECT, FLAG)

MOST_LISTS = 200
"""Lists of one account: a lead may be on all of them, and its answer names each."""

MOST_ENTRIES = 1000
"""Entries of one JSON body; more come as CSV."""


@dataclass(frozen=True, slots=True)
class Roll:
    """A list as it is stored."""

    id: UUID
    name: str
    kind: str
    on_hit: str
    sources: tuple[str, ...]
    """Whose leads it is asked about; none named: all."""
    expires_after_days: int | None
    """How long an entry counts that is added from now on; None: for ever."""
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str

    def expiry(self, added_at: datetime) -> datetime | None:
        """Return when an entry added at *added_at* counts no longer; None: never."""
        days = self.expires_after_days
        return None if days is None else added_at + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Hit:
    """A list that names somebody."""

    list_id: UUID
    name: str
    kind: str
    on_hit: str
    added_at: datetime
    """When the first of its entries about them was added."""
