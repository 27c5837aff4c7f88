"""Masking: enough of a person to recognise a lead one knows, too little to reach a stranger.

Pure. What leaves by a channel goes to hosts of others. A field that the privacy mode never keeps
in clear does not leave at all (contract, privacy matrix); of the others initials, the first letter
of a mailbox and the last digits of a number do. Free text, which a workflow may have written, is
searched for addresses and numbers.
"""

import re
from collections.abc import Mapping

from services.alerts.happening import Fact
from services.alerts.notification import Contact
from shared.privacy.modes import Mode

LAST_DIGITS = 2
"""Digits of a phone number that are shown: one in a hundred numbers ends with them."""

SHORTEST_NUMBER = 9
"""Digits from which a run without separators is taken for a phone number, not for an amount."""

GONE = {"email": "[email]", "phone": "[phone]"}
"""What stands in a text for what does not leave at all."""

_EMAIL = re.compile(r"[^\s@<>\"'(),:;]+@[^\s@<>\"'(),:;]+\.[^\s@<>\"'(),:;.!?]+")
_PHONE = re.compile(
    r"(?:(?<![\w.:-])|(?<=[^\W\d_][.:]))"  # "Tel:", but within no time, version or id
    r"(?:\+|\()?\d[\d ()./\u00a0-]{5,24}\d(?:x\d{1,6})?(?![\w-])"
)
_DATE = re.compile(r"(?<!\d)(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)")
_ID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def masked_contact(contact: Contact | None, mode: Mode) -> dict[str, str]:
    """Return what may leave of *contact*: `name`, `email` and `phone`, as far as there is any."""
    if contact is None:
        return {}
    parts = {
        "name": initials(contact.name),
        "email": masked_email(contact.email) if contact.email else "",
        "phone": masked_phone(contact.phone) if contact.phone else "",
    }
    return {name: text for name, text in parts.items() if text and name not in mode.sealed_fields}


def masked_text(text: str, mode: Mode) -> str:
    """Return *text* with every email address and phone number in it masked, or taken out."""
    hidden = mode.sealed_fields

    def email(found: re.Match[str]) -> str:
        return GONE["email"] if "email" in hidden else masked_email(found[0])

    def phone(found: re.Match[str]) -> str:
        if not _is_phone(found[0]):
            return found[0]
        return GONE["phone"] if "phone" in hidden else masked_phone(found[0])

    return _PHONE.sub(phone, _EMAIL.sub(email, text))


def masked_facts(facts: Mapping[str, Fact], mode: Mode) -> dict[str, Fact]:
    """Return *facts* with their texts masked; ids, numbers and truth values as they are."""
    return {name: _masked(value, mode) for name, value in facts.items()}


def initials(name: str | None) -> str:
    """Return `A. L.` of `Ada Lovelace`."""
    return " ".join(f"{part[0].upper()}." for part in (name or "").split()[:3])


def masked_email(address: str) -> str:
    """Return `a***@example.org`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


def masked_phone(number: str) -> str:
    """Return `…58`."""
    return "…" + "".join(char for char in number if char.isdigit())[-LAST_DIGITS:]


def _masked(value: Fact, mode: Mode) -> Fact:
    if isinstance(value, str):
        return value if _ID.fullmatch(value) else masked_text(value, mode)
    if isinstance(value, tuple):
        return tuple(masked_text(one, mode) for one in value)
    return value


def _is_phone(text: str) -> bool:
    text = _DATE.sub("", text)
    digits = sum(char.isdigit() for char in text)
    if not 7 <= digits <= 15:
        return False
    return not text.isdigit() or digits >= SHORTEST_NUMBER
