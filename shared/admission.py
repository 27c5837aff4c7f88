"""Admission: how a lead that a service found or made goes through the duplicate check, as all do.

Services never meet in imports, so what is asked and what is answered stands here; whoever puts the
services together says who does it (`leadfly/lead_admission.py`). See docs/decisions/0035.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast
from uuid import UUID

from flask import current_app

from shared.errors import ServiceError, Unavailable

ADMISSION = "leadfly.leads.admission"
"""Where it stands in `app.extensions`."""


class NoAdmission(Unavailable):
    """This service runs without the duplicate check and stores no leads; start all services."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A lead to be checked and stored."""

    source_id: str
    fields: Mapping[str, str]
    """What the lead says, by the names of the duplicate check's `lead_data`."""
    consent: Mapping[str, Any] | None
    """As it was sent: the check reads it."""
    key: str | None
    """The request's own name: a retry under it stores nothing."""
    asked: str
    """All that was asked for: a retry asks the same."""
    raw: bytes
    """The body as it came, to be kept sealed for a short time."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """What became of it. The lead is kept: in the database, or in this host's spool."""

    lead_id: UUID
    """The record that was made of it."""
    first_id: UUID | None
    """The first lead of its person, if that is somebody known; None if it is somebody new."""
    check: Mapping[str, Any]
    """What the duplicate check answers, as JSON."""
    repeated: bool
    """True if this is what an earlier request under the same key was answered."""


class Admission(Protocol):
    """Whoever checks and stores leads."""

    def admit(self, tenant_id: str, sent: Sent) -> Admitted:
        """Return what became of *sent*; it is kept when this returns.

        Raises Malformed for what is no lead (fields by their own names), ConsentMissing,
        KeyReused, and Unavailable if it could be kept nowhere.
        """

    def admit_all(self, tenant_id: str, sent: Sequence[Sent]) -> Sequence[Admitted | ServiceError]:
        """Return what became of each of *sent*, in their order, or what `admit` would raise of it.

        They are decided MOST_PER_TRANSACTION of the check at a time; within those each is also
        compared with the ones before it.
        """

    def answered(self, tenant_id: str, sent: Sent) -> bool:
        """True if a request under the key of *sent* was answered before."""


def admission() -> Admission:
    """Return the running app's. Raises NoAdmission where nobody put one in: nothing is stored."""
    found = current_app.extensions.get(ADMISSION)
    if found is None:
        raise NoAdmission
    return cast(Admission, found)
