"""Changes: what people want to be otherwise about leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

FIELDS = ("status", "assigned_to", "tags", "investigation_id")
"""What people change about a lead; what it said itself stays as it was said."""

MOST_TAGS = 50
"""Tags of one lead: words to find it by, not notes."""

LONGEST_TAG = 64
"""Characters."""

LONGEST_ASSIGNEE = 200
"""Characters: a name, or an address of the CRM's."""

INVALID = "invalid"
"""The status of what is no lead. Only who says that they know makes one of it again."""

TOLD = ("qualified", "converted")
"""The statuses that others are told of, each time a lead gets there (contract, section 2)."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise; only the fields that are named in *fields* count."""

    fields: frozenset[str]
    """Any of FIELDS."""
    status: str | None = None
    assigned_to: str | None = None
    """None: nobody."""
    investigation_id: UUID | None = None
    """None: no investigation."""
    tags: Sequence[str] | None = None
    """All that there shall be; None: as there are, with these added and those taken away."""
    add_tags: Sequence[str] = ()
    remove_tags: Sequence[str] = ()

    def answer(self) -> dict[str, object]:
        """Return it as callers say it."""
        said: dict[str, object] = {
            name: getattr(self, name) for name in FIELDS if name in self.fields and name != "tags"
        }
        if self.tags is not None:
            said["tags"] = list(self.tags)
        if self.add_tags:
            said["add_tags"] = list(self.add_tags)
        if self.remove_tags:
            said["remove_tags"] = list(self.remove_tags)
        return said


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants of one lead."""

    change: Change
    expected_status: str | None = None
    """The status that they saw; None: whatever it is."""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A lead that came to a status of TOLD."""

    lead_id: UUID
    source_id: str
    status: str
    before: str
