"""What a post may amount to, in its sender's own words: leads, and news about leads."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that was filled in: a form's field, or a column of an ad's lead form."""

    name: str
    """What people call it: the label or title. Shown in the mapping, and looked up in words."""
    value: Any = field(repr=False)
    """As it was sent; texts, numbers, lists and small objects are read (`understanding`)."""
    key: str = ""
    """What the sender calls it, if that is stable: an id, a ref. A saved map may use either."""
    field: str = ""
    """The field of `shared.lead_fields` that it is by its sender's own type: then it is sure."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What surrounds a submission; none of it is needed."""

    submitted_at: datetime | None = None
    """Aware. One in the future counts as none."""
    ip: str | None = field(default=None, repr=False)
    """The visitor's, not the sender's."""
    user_agent: str | None = field(default=None, repr=False)
    form_id: str | None = None
    form_name: str | None = None
    page_url: str | None = field(default=None, repr=False)
    campaign: str | None = None
    """The campaign's or ad's name or id, whatever the sender has."""
    utm: dict[str, str] = field(default_factory=dict)
    """By names without `utm_`: source, medium, campaign, term, content."""
    consent_proof: str | None = field(default=None, repr=False)
    """A TrustedForm certificate's address, a Jornaya id."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission."""

    answers: Sequence[Answer]
    key: str | None = None
    """What the sender calls this submission, the same whenever it posts it; None if it has none."""
    around: Circumstances = Circumstances()
    test: bool = False
    """True for the sender's own test lead."""
    replaces: str | None = None
    """The key of an earlier submission that this one takes the place of: a moved appointment."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The news that there is a lead, to be fetched from the sender; nothing of it is here."""

    reference: str
    """What the sender is asked for; also the submission's key."""
    around: Circumstances = Circumstances()
    test: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The news that a lead was taken back: what is stored of it is to be erased."""

    key: str
    """The `Sent.key` or `Notice.reference` that it came under."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something that is no lead, and needs no more than an answer."""

    reason: str
    """In plain words, for whoever sets the sender up."""


Item = Sent | Notice | Withdrawn | Ignored
