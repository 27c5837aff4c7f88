"""Whom a source names though they want no mails of the account: no lead is made of them."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from services.discovery import objection_store
from services.discovery.find import Find
from shared.connection import Connection
from shared.normalize.mailbox import mailbox
from shared.privacy.pseudonym import Keyring

_ADDRESS = re.compile(r"[^\s,;<>]+@[^\s,;<>]+")


def unwilling(
    conn: Connection, keyring: Keyring, tenant_id: str, finds: Mapping[int, Find]
) -> set[int]:
    """Return the keys of those *finds* that no lead is known of, and whose address objected.

    Who agreed since, as the source says, is none of them.
    """
    keys = {
        at: {keyring.pseudonym(tenant_id, "email", each) for each in _mailboxes(find)}
        for at, find in finds.items()
    }
    every = set().union(*keys.values())
    objected = objection_store.strangers(conn, tenant_id, every) if every else {}
    return {
        at
        for at, find in finds.items()
        if (times := _times(objected, keys[at])) and not _agreed_since(find, max(times))
    }


def _times(objected: Mapping[int, datetime], keys: Collection[int]) -> list[datetime]:
    return [objected[key] for key in keys if key in objected]


def _mailboxes(find: Find) -> Iterable[str]:
    """Return the canonical addresses of a find, as records hold them."""
    text = f"{find.fields.get('email', '')}\n{find.fields.get('other_email', '')}"
    return {mail.canonical for each in _ADDRESS.findall(text) if (mail := mailbox(each))}


def _agreed_since(find: Find, objected_at: datetime) -> bool:
    """Return whether the source knows of a consent after *objected_at*; without a time it is now.

    A time that cannot be read is the duplicate check's to refuse.
    """
    if find.consent is None:
        return False
    given_at = find.consent.get("given_at")
    try:
        given_at = datetime.fromisoformat(given_at) if isinstance(given_at, str) else given_at
        return given_at is None or given_at > objected_at
    except (ValueError, TypeError):
        return True
