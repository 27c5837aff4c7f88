"""Who may be asked about a person: consent, objection, and the basis that is on record.

Enrichment is a purpose of its own (GDPR Art. 5(1)(b)). What a company or a mailbox is may be looked
up for a legitimate interest (Art. 6(1)(f)) where the privacy mode asks for no consent; a look-up of
the person themselves needs a basis that somebody put on record. Whoever withdrew or objected
(Art. 7(3), 21) is not asked about, in any mode.
"""

from dataclasses import dataclass

from shared.privacy.consent import Consent, allows
from shared.privacy.modes import Mode

PURPOSE = "enrichment"
"""As `shared.privacy.purposes` has it."""

CONSENT = "consent"

BASES = (
    CONSENT,
    "contract",
    "legal_obligation",
    "vital_interests",
    "public_task",
    "legitimate_interests",
)
"""The lawful bases of GDPR Art. 6(1), a to f."""

WITHDRAWN = "The person withdrew their consent."
OBJECTED = "The person objected to the use of their data."
NO_CONSENT = "This privacy mode asks for the person's consent to enrichment, and there is none."
NO_BASIS = (
    "It looks up a person: say the `lawful_basis` that you have for it, or record their consent "
    "to enrichment."
)
NO_SUCH_CONSENT = "The basis named is consent, and no consent to enrichment is on record."


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person agreed to and objected to, by their latest word."""

    consent: Consent | None = None
    withdrawn: bool = False
    objected: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """The lawful basis that a caller put on record for one run."""

    basis: str
    """One of BASES."""
    note: str | None = None
    """Why it holds, in the caller's words."""


def refusal(mode: Mode, standing: Standing) -> str | None:
    """Return why nobody may be asked about this person, nor anything shown; None if they may."""
    if standing.withdrawn:
        return WITHDRAWN
    if standing.objected:
        return OBJECTED
    return None if allows(mode, PURPOSE, standing.consent) else NO_CONSENT


def refusal_of_person(mode: Mode, standing: Standing, basis: Basis | None) -> str | None:
    """Return why the person themselves may not be looked up; None if they may."""
    refused = refusal(mode, standing)
    agreed = standing.consent is not None and standing.consent.covers(PURPOSE)
    if refused or agreed:
        return refused
    if basis is None:
        return NO_BASIS
    return NO_SUCH_CONSENT if basis.basis == CONSENT else None
