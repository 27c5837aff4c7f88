"""Effects: what ends when somebody takes a purpose back, in sentences. Pure."""

from collections.abc import Sequence

from shared.privacy.modes import Mode
from shared.privacy.purposes import LEAD_PROCESSING, PURPOSES

EVERY = "*"
"""Stands for all purposes."""

EFFECTS = {
    "marketing": "Exports for marketing leave them out, and nothing of their mails is kept.",
    "sharing": "No service that needs this is matched with them, or given their lead.",
    "enrichment": "No provider is asked about them, and what was found is not shown.",
    "analytics": "Exports for analytics leave them out.",
    "behavioural_tracking": "Nothing is kept of their mails; nor of what they do on a site, where "
    "the privacy mode asks for consent.",
    "cross_site_tracking": "Exports for this purpose leave them out.",
    "fingerprinting": "Exports for this purpose leave them out.",
}

WHOLLY = (
    "Exports leave them out, for whatever purpose.",
    "No service is matched with them, or given their lead.",
    "No provider is asked about them, and what was found is not shown.",
    "Nothing is kept of their mails.",
    "Alerts do not say who they are.",
)

WHERE_CONSENT_IS_NEEDED = (
    "Lists by place and industry do not find them, and nothing is written about them any more: "
    "this privacy mode asks for consent."
)
WHERE_IT_IS_NOT = (
    "Their record stays, to be read by who has its id: this privacy mode asks for no consent to "
    "keep an enquiry. Erase it if it is not needed for anything else."
)


def stopped(mode: Mode, purposes: Sequence[str]) -> list[dict[str, str]]:
    """Return what stops with *purposes* (none: all), each effect by its purpose, EVERY of all."""
    needed = mode.needs_consent(LEAD_PROCESSING)
    processing = WHERE_CONSENT_IS_NEEDED if needed else WHERE_IT_IS_NOT
    if not purposes:
        return [{"purpose": EVERY, "effect": effect} for effect in (*WHOLLY, processing)]
    effects = {**EFFECTS, LEAD_PROCESSING: processing}
    return [{"purpose": name, "effect": effects[name]} for name in PURPOSES if name in purposes]
