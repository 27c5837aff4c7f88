"""A source: an address of its own for one sender, and what we were told of that sender."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.dedup.intake.registry import BY_NAME
from services.dedup.intake.replies import PROFILES
from services.dedup.intake.sender import (
    ACCESS_TOKEN,
    SECRET,
    SECRETS,
    VERIFY_TOKEN,
    Secrets,
    Sender,
)
from services.dedup.intake.senders.generic import GENERIC
from shared.api_key import LONGEST_SOURCE_ID
from shared.errors import Meaningless
from shared.lead_fields import FIELDS
from shared.normalize import address

IGNORE = "ignore"
"""What a saved map says of a field that is not to be read, whatever it looks like."""

TARGETS = (*FIELDS, IGNORE)
"""What a sender's field may be mapped to."""

MOST_MAPPED = 200
"""Fields in one saved map; no form that people fill in has as many."""

LONGEST_NAME = 200
"""Characters of what a sender calls a field: a whole question, say."""

LONGEST_SECRET = 4096
"""Characters; the longest access tokens, LinkedIn's, have about a thousand."""

MOST_PURPOSES = 20
"""Purposes of one declared consent, as of a lead's own."""


@dataclass(frozen=True, slots=True)
class Declared:
    """The consent that a sender's form asks for, as its owner declares it."""

    purposes: tuple[str, ...]
    text_version: str | None = None
    """Which wording the form shows."""
    field: str | None = None
    """The box to tick, by the sender's name; None if nobody can send the form without agreeing."""


@dataclass(frozen=True, slots=True)
class Source:
    """One sender's address, by the name that its leads carry."""

    tenant_id: str
    source_id: str
    adapter: str | None = None
    """A sender's name; None: the sender is found by what it posts."""
    profile: str | None = None
    """One of `replies.PROFILES`; None: the one that fits the sender (`reply_to`)."""
    field_map: Mapping[str, str] = field(default_factory=dict)
    """The sender's names of fields (label or key) to one of TARGETS."""
    country: str | None = None
    """ISO 3166-1 alpha-2, for numbers without a country code; None: the installation's."""
    consent: Declared | None = None
    """None: nothing but what the lead itself says."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By the names of `sender.SECRETS`."""

    def reply_to(self, sender: Sender) -> str:
        """Return the profile in which *sender* is answered here."""
        return self.profile or sender.reply


def adapter_called(name: str) -> str:
    """Return the adapter that *name* means, which may be another word for it."""
    return OTHER_ADAPTERS.get(name, name)


def changed(source: Source, changes: Mapping[str, Any]) -> Source:
    """Return *source* with *changes*: by the names of SETTINGS and `sender.SECRETS`.

    What is left out stays; a secret that is None goes.
    """
    secrets = {**source.secrets} | {name: changes[name] for name in SECRETS if name in changes}
    settings = {name: changes[name] for name in SETTINGS if name in changes}
    return replace(
        source,
        secrets={name: text for name, text in secrets.items() if text is not None},
        **settings,
    )


def checked(source: Source, senders: Iterable[Sender] = BY_NAME.values()) -> Source:
    """Return *source* if it makes sense, its country in capitals.

    Raises Meaningless with what is wrong by field; nothing of a secret is repeated.
    """
    known = {sender.name: sender for sender in (*senders, GENERIC)}
    faults = _own_faults(source) | _map_faults(source.field_map)
    if source.adapter is not None and source.adapter not in known:
        faults["adapter"] = f"must be one of {', '.join(known)}"
    elif source.profile is not None and source.profile not in PROFILES:
        faults["profile"] = f"must be one of {', '.join(PROFILES)}"
    else:
        sender = known[source.adapter] if source.adapter is not None else None
        faults |= _secret_faults(source.secrets, sender)
    if faults:
        raise Meaningless(details=faults)
    return source


def _own_faults(source: Source) -> dict[str, str]:
    faults, declared = {}, source.consent
    if not _plain(source.source_id, LONGEST_SOURCE_ID):
        faults["source_id"] = f"must have 1 to {LONGEST_SOURCE_ID} printable characters"
    elif "/" in source.source_id or source.source_id in (".", ".."):
        faults["source_id"] = "stands in addresses: it has no slash, and is neither . nor .."
    if source.country is not None and address.country_code(source.country) != source.country:
        faults["country"] = "must be an ISO 3166-1 alpha-2 code in capitals, such as US"
    if declared is not None and not 1 <= len(declared.purposes) <= MOST_PURPOSES:
        faults["consent.purposes"] = f"must list 1 to {MOST_PURPOSES} purposes"
    box = declared.field if declared else None
    if box is not None and not _plain(box, LONGEST_NAME):
        faults["consent.field"] = f"must have 1 to {LONGEST_NAME} printable characters"
    return faults


def _map_faults(field_map: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with a saved map; its names are the sender's, so places name them."""
    if len(field_map) > MOST_MAPPED:
        return {"field_map": f"must have at most {MOST_MAPPED} entries"}
    for place, (name, target) in enumerate(field_map.items(), 1):
        if not 1 <= len(name) <= LONGEST_NAME:
            return {
                "field_map": f"entry {place} must have a name of 1 to {LONGEST_NAME} characters"
            }
        if target not in TARGETS:
            return {"field_map": f"entry {place} must be one of {', '.join(TARGETS)}"}
    return {}


def _secret_faults(secrets: Secrets, sender: Sender | None) -> dict[str, str]:
    """Return what is wrong with *secrets* for *sender*, None if it is found by what it posts.

    A secret that nothing is verified with would look like protection and be none.
    """
    faults = {}
    uses = {
        SECRET: sender is not None and bool(sender.verify),
        VERIFY_TOKEN: sender is not None and bool(sender.greet),
        ACCESS_TOKEN: sender is not None and bool(sender.fetch),
    }
    for name in secrets:
        if name not in SECRETS:
            faults["secrets"] = f"must be of {', '.join(SECRETS)}"
        elif not uses[name]:
            faults[name] = "name the adapter that uses it" if sender is None else USELESS[name]
        elif not _plain(secrets[name], LONGEST_SECRET):
            faults[name] = f"must have 1 to {LONGEST_SECRET} printable characters"
        elif secrets[name] != secrets[name].strip():
            faults[name] = "has a space before or after it, which belongs to no secret"
        elif name == ACCESS_TOKEN and not _TOKEN.fullmatch(secrets[name]):
            faults[name] = "must be what a header can carry: ASCII without spaces"
    return faults


def _plain(text: str, longest: int) -> bool:
    return 1 <= len(text) <= longest and bool(text.strip()) and text.isprintable()


OTHER_ADAPTERS = {"gravity": "gravity_forms", "google": "google_ads", "n8n": "n8n_webhook"}
"""What else a sender may be called, and what it is here."""

_TOKEN = re.compile(r"[!-~]+")
"""What may stand behind `Bearer` (RFC 9110, section 5.5): another text cannot be sent."""

SETTINGS = ("adapter", "profile", "field_map", "country", "consent")
"""What its owner may set, the secrets apart."""

USELESS = {
    SECRET: "this sender signs nothing",
    VERIFY_TOKEN: "this sender asks for none",
    ACCESS_TOKEN: "this sender's leads need not be fetched",
}
"""By secret, why a sender has no use for it."""
