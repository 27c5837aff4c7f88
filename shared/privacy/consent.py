"""Consent: one lawful basis among six, and it must be demonstrable (GDPR Art. 6(1)(a), 7(1))."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.privacy.modes import Mode
from shared.privacy.purposes import named


@dataclass(frozen=True, slots=True)
class Consent:
    """What the data subject agreed to, when, to which text, and how that can be shown."""

    purposes: frozenset[str]
    given_at: datetime
    """Aware; when the data subject agreed, as the caller reports it."""
    text_version: str | None = None
    """Which wording of the consent text was shown."""
    proof: str | None = None
    """A certificate's address or another trace that demonstrates the consent."""

    def covers(self, purpose: str) -> bool:
        """True if the data subject agreed to *purpose*."""
        return purpose in self.purposes


def given(
    purposes: Iterable[str],
    given_at: datetime,
    text_version: str | None = None,
    proof: str | None = None,
) -> Consent:
    """Return the consent with its purposes in our words."""
    return Consent(frozenset(map(named, purposes)), given_at, text_version, proof)


def allows(mode: Mode, purpose: str, consent: Consent | None) -> bool:
    """True if *mode* lets us pursue *purpose*, given what the data subject agreed to."""
    return not mode.needs_consent(purpose) or (consent is not None and consent.covers(purpose))
