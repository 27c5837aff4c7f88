"""What further records of a person say that the lead which is shown does not. Pure.

A lead stays as it was received: what comes later, from a form or a file, is a record of its own.
Here stands what those add, so that nobody has to open each. See docs/decisions/0057.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.lead_fields import FIELDS, OTHERS
from shared.normalize import email, phone
from shared.normalize.text import fold

MOST = 100
"""Values that are named beside a lead; a person's few records say fewer."""


@dataclass(frozen=True, slots=True)
class Said:
    """One record of the person."""

    lead_id: UUID
    source_id: str
    at: datetime
    """When it came."""
    fields: Mapping[str, str]


def also_known(
    shown: Mapping[str, str], records: Sequence[Said], country: str
) -> list[dict[str, Any]]:
    """Return what *records* say and *shown*, the lead's own fields, do not; the latest first.

    Each value once, however it is spelt; *country* reads national numbers.
    """
    known = {key for _, _, key in _values(shown, country)}
    found = []
    for record in sorted(records, key=lambda one: (one.at, one.lead_id), reverse=True):
        for name, value, key in _values(record.fields, country):
            if key not in known:
                known.add(key)
                about = {"lead_id": record.lead_id, "source_id": record.source_id}
                found.append({"field": name, "value": value, **about, "at": record.at})
    return found[:MOST]


def _values(fields: Mapping[str, str], country: str) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Yield the field, the value and what it has in common with its other spellings."""
    for name, key in _MEANT.items():
        text = fields.get(name, "")
        for value in text.split("; ") if name in OTHERS else (text,):
            if meant := _canonical(key, value, country):
                yield name, value, (key, meant)
    parts = [part for part in (fields.get("first_name"), fields.get("last_name")) if part]
    full = fields.get("name") or " ".join(parts)
    if letters := _letters(full):
        yield "name", full, ("name", letters)


def _canonical(kind: str, value: str, country: str) -> str:
    if kind == "email" and (mail := email.parse(value)):
        return mail.canonical
    if kind == "phone" and (number := phone.parse(value, None, country)):
        return number.e164
    return _letters(value)


def _letters(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


_NAMES = ("name", "first_name", "last_name")

_MEANT = {
    name: {"other_email": "email", "other_phone": "phone"}.get(name, name)
    for name in FIELDS
    if name not in (*_NAMES, "investigation_id")
}
"""What each field holds: a further address is an address. Names are compared as a whole."""
