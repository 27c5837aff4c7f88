"""Privacy modes as data: what each mode stores, asks and forgets.

Source: the privacy matrix of the service contract. A flag of the environment
may tighten a mode; nothing loosens `gdpr_strict`.
"""

from dataclasses import dataclass, replace

DIRECT_IDENTIFIERS = frozenset(
    {
        "email",
        "phone",
        "other_email",
        "other_phone",
        "name",
        "first_name",
        "last_name",
        "date_of_birth",
        "street",
        "website",
        "message",
        "location",
        "notes",
    }
)
"""Lead fields that name or reach a person; `gdpr_strict` never keeps them in clear."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each kind of record is kept, in days."""

    cookies: int
    profiles: int
    leads: int
    tracking: int
    analytics: int


@dataclass(frozen=True, slots=True)
class CookiePolicy:
    """What a cookie of ours may be."""

    require_consent: bool
    third_party: bool
    max_age_days: int
    secure: bool
    same_site: str
    http_only: bool


@dataclass(frozen=True, slots=True)
class Mode:
    """One row of the privacy matrix."""

    name: str
    retention: Retention
    consent_for: frozenset[str]
    """Purposes that need consent; `{"*"}` means every purpose."""
    sealed_fields: frozenset[str]
    """Lead fields kept only encrypted, under a key that is not in the database."""
    cross_site_tracking: bool
    fingerprinting: bool
    cookies: CookiePolicy
    rights: tuple[str, ...]
    log_retention_days: int

    def needs_consent(self, purpose: str) -> bool:
        """True if *purpose* may be pursued only with the data subject's consent."""
        return "*" in self.consent_for or purpose in self.consent_for

    def tightened(
        self,
        require_consent: bool | None = None,
        anonymize: bool | None = None,
        cross_site_tracking: bool | None = None,
        fingerprinting: bool | None = None,
    ) -> "Mode":
        """Return this mode with the flags applied, each only towards more protection."""
        mode = self
        if require_consent:
            mode = replace(mode, consent_for=mode.consent_for | CONSENTABLE)
        if anonymize:
            mode = replace(mode, sealed_fields=mode.sealed_fields | ANONYMIZED)
        if cross_site_tracking is False:
            mode = replace(mode, cross_site_tracking=False)
        if fingerprinting is False:
            mode = replace(mode, fingerprinting=False)
        return mode


CONSENTABLE = frozenset({"fingerprinting", "cross_site_tracking", "behavioural_tracking"})
"""Purposes that REQUIRE_CONSENT=true puts under consent in every mode."""

ANONYMIZED = frozenset({"identifier"})
"""What ANONYMIZE_DATA=true seals in every mode beyond the mode's own list."""

RIGHTS = (
    "access",
    "deletion",
    "portability",
    "rectification",
    "restriction",
    "object",
    "automated_decision_info",
)
"""The rights of GDPR Articles 15 to 22 under the contract's names."""

MODES = {
    mode.name: mode
    for mode in (
        Mode(
            name="gdpr_strict",
            retention=Retention(cookies=30, profiles=90, leads=180, tracking=30, analytics=14),
            consent_for=frozenset({"*"}),
            sealed_fields=DIRECT_IDENTIFIERS | {"identifier"},
            cross_site_tracking=False,
            fingerprinting=False,
            cookies=CookiePolicy(True, False, 30, True, "Strict", True),
            rights=RIGHTS,
            log_retention_days=30,
        ),
        Mode(
            name="standard",
            retention=Retention(cookies=90, profiles=365, leads=730, tracking=180, analytics=90),
            consent_for=CONSENTABLE,
            sealed_fields=frozenset({"identifier"}),
            cross_site_tracking=False,
            fingerprinting=False,
            cookies=CookiePolicy(True, False, 90, True, "Lax", True),
            rights=("access", "deletion", "portability", "rectification", "object"),
            log_retention_days=90,
        ),
        Mode(
            name="testing",
            retention=Retention(cookies=365, profiles=730, leads=1825, tracking=365, analytics=365),
            consent_for=frozenset(),
            sealed_fields=frozenset(),
            cross_site_tracking=True,
            fingerprinting=True,
            cookies=CookiePolicy(False, False, 365, False, "None", True),
            rights=("access", "deletion"),
            log_retention_days=365,
        ),
    )
}
"""The matrix, by name. `gdpr` and `test` are aliases that callers may use."""

ALIASES = {"gdpr": "gdpr_strict", "test": "testing"}
"""Other names of the modes in the documents."""
MODES |= {alias: MODES[name] for alias, name in ALIASES.items()}
