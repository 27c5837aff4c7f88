"""A finding: one thing that a provider says of a lead, with where and when it was found."""

from dataclasses import dataclass
from datetime import datetime

MOST_VALUE = 1_000
"""Characters of a value; a postal address or a description is shorter."""

MOST_NOTE = 300
"""Characters of a note, a sentence."""

MOST_URL = 2_000
"""Characters of an address, as far as browsers agree."""

MOST_FINDINGS = 100
"""Of one provider in one run; what it says beyond them is left out."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One value, of one field, from one provider.

    It stands beside what the person gave and never in its place.
    """

    field: str
    """The lead's own field where it has one (`shared.lead_fields.FIELDS`), so that what was given
    and what was found can be compared; else the provider's word in that spelling:
    `social_profile`, `username`, `mail_provider`."""
    value: str
    """As found, 1 to MOST_VALUE characters; yes and no are `true` and `false`."""
    provider: str
    """The provider's `name`."""
    source_url: str | None
    """Where it can be read, if it is from an address; MOST_URL characters."""
    found_at: datetime
    """Aware; when the provider learned it."""
    note: str | None
    """A sentence for whoever reads it, of MOST_NOTE characters; says nothing of a person that the
    value does not."""
    personal: bool
    """True if it is about a person rather than about a company or a mailbox."""
