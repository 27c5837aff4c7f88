"""What the privacy mode of this installation asks and allows, in the documents' words."""

from dataclasses import dataclass

from shared import settings
from shared.privacy.modes import Mode
from shared.privacy.purposes import PURPOSES, named
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class PrivacyConfig:
    """One row of the privacy matrix, as the flags of the environment tighten it."""

    chosen: Mode

    @property
    def mode(self) -> str:
        """Return the mode's name: gdpr_strict, standard or testing."""
        return self.chosen.name

    def requires_consent(self, purpose: str) -> bool:
        """True if *purpose* needs the person's consent: `cookies`, or one of our purposes.

        What we do not know needs it wherever anything does.
        """
        if purpose == "cookies":
            return self.chosen.cookies.require_consent
        known = named(purpose)
        if known not in PURPOSES:
            return bool(self.chosen.consent_for)
        return self.chosen.needs_consent(known)

    def allows_fingerprinting(self) -> bool:
        """True if devices may be recognised by their properties."""
        return self.chosen.fingerprinting


def get_privacy_config(chosen: Settings | None = None) -> PrivacyConfig:
    """Return what PRIVACY_MODE and its flags say (default: of the process environment).

    Raises SettingsError for a configuration that is not usable.
    """
    return PrivacyConfig((chosen or settings.load()).mode)
