"""An import: a file of leads on its way from a preview to known leads, and back if it must. Pure.

The file is kept sealed, in pieces, from its upload on. Nothing of it becomes a lead before somebody
confirms; a confirmed import can be undone as a whole. See docs/decisions/0057.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

Status = Literal[
    "uploading",  # its pieces arrive; one that never ends is purged
    "uploaded",  # complete; its columns wait to be confirmed, or a preview to be asked for
    "previewing",
    "previewed",  # what each row would do is known; nothing is stored as a lead
    "importing",
    "done",
    "undoing",
    "undone",
    "cancelled",
    "failed",  # `failure` says why; confirmed, it goes on where it was, or it can be undone
]

WORKING: tuple[Status, ...] = ("previewing", "importing", "undoing")
"""What a job of the worker's goes on with, after a restart too."""

Outcome = Literal["new", "update", "duplicate", "conflict", "refused"]

OUTCOMES: tuple[Outcome, ...] = ("new", "update", "duplicate", "conflict", "refused")
"""What a row does or would do:
new: nobody known; a lead is made of it. One that goes to the reviews for another reason than whose
    it is (its risk, a suppression list that flags) has that reason.
update: somebody known, of whom the row says something that no record of theirs says yet.
duplicate: somebody known, of whom it says nothing new.
conflict: somebody known of whom a record says otherwise in a field that has one truth, or perhaps
    somebody known (the check flags it): it goes to the reviews.
refused: no lead: it cannot be read, reaches nobody, lacks a consent, is turned away by a list or by
    terms; with its reason."""

KEPT_UNCONFIRMED = timedelta(days=1)
"""How long a file waits for somebody to confirm it; then it is purged."""

KEPT_CONFIRMED = timedelta(days=7)
"""How long the rows of an import can be looked at and it can be undone; then its file and what was
noted of each row go, and its counts stay."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the file is read and what it may do."""

    source_id: str
    country: str
    """ISO 3166-1 alpha-2: reads national numbers of rows that name no country."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Headings to targets (`shared.columns.TARGETS`); an empty target leaves a column unread. It
    outranks what is guessed."""
    sheet: str | None = None
    """The sheet of a workbook; None: its first."""
    encoding: str | None = None
    """Of a CSV file; None: its start tells."""
    consent_version: str | None = None
    """The consent text that everybody in the file agreed to, if so."""
    investigation_id: UUID | None = None
    """What its leads join."""
    tell: bool = False
    """True: webhooks and alerts hear of its new leads, as of any other; else of none."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there are of each outcome; their sum is the rows that were looked at."""

    new: int = 0
    update: int = 0
    duplicate: int = 0
    conflict: int = 0
    refused: int = 0

    @property
    def rows(self) -> int:
        """Return how many that is."""
        return self.new + self.update + self.duplicate + self.conflict + self.refused


@dataclass(frozen=True, slots=True)
class Import:
    """One import, as far as it is."""

    id: UUID
    tenant_id: str
    options: Options
    status: Status
    kind: Literal["csv", "xlsx"]
    size: int
    """Bytes of the file."""
    asked_at: datetime
    asked_by: str
    """The prefix of an API key, or `local`."""
    rows_total: int | None = None
    """Rows below the header; None while nobody has counted them."""
    previewed: Counts = Counts()
    imported: Counts = Counts()
    undone: int = 0
    """Leads that the undoing took back."""
    kept: int = 0
    """Leads that the undoing left because people worked on them since."""
    including_changed: bool = False
    """True: the undoing leaves none of those."""
    done_until: int = 0
    """All rows up to this number (as a spreadsheet numbers them) are dealt with in the present
    status; 0: none."""
    started_at: datetime | None = None
    """When the work of the present status began; None in WORKING: it waits for its turn. Whoever
    asks for the work anew, and not for a failed one to go on, puts it back to None."""
    ended_at: datetime | None = None
    expires_at: datetime | None = None
    """When its file is purged."""
    failure: str | None = None
    """In words, without what any row says."""

    @property
    def resumable(self) -> bool:
        """True if it failed while its rows were taken in: it can go on below the last of them.

        Rows that are in have moved `done_until`; an undoing, which also moves it, counts leads.
        """
        return (
            self.status == "failed"
            and bool(self.imported.rows and self.done_until)
            and not (self.undone or self.kept)
        )

    def same_work(self, other: "Import") -> bool:
        """True if *other* is the same work, asked for once, of a file read in the same way."""
        return (self.status, self.started_at, self.options) == (
            other.status,
            other.started_at,
            other.options,
        )
