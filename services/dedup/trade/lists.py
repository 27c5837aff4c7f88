"""Suppression lists in a check: which of an account's lists name a lead's address or number."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from services.dedup import contact
from services.dedup.contact import Mailbox
from services.dedup.preparation import Prepared
from services.dedup.record import Record
from services.dedup.trade import lists_store
from services.dedup.trade.lists_store import Listed
from services.dedup.trade.standing import ListHit
from services.dedup.trade.terms import Book
from shared import suppression
from shared.normalize import address
from shared.normalize.phone import Phone
from shared.privacy.gate import Pseudonym


class Lists:
    """By lead, the lists that name it."""

    def __init__(self, now: datetime) -> None:
        """*now* is when the transaction began: what has expired by then names nobody."""
        self._now = now
        self._keys: dict[UUID, list[Pseudonym]] = {}
        self._listed: dict[int, list[Listed]] = defaultdict(list)

    def read(
        self, conn: Connection, tenant_id: str, prepared: Sequence[Prepared], book: Book
    ) -> None:
        """Ask which lists name the addresses and numbers of *prepared*, if there are any lists."""
        if not book.lists:
            return
        self._keys |= {lead.arrival.lead_id: keys(lead) for lead in prepared}
        asked = {key for lead in prepared for key in self._keys[lead.arrival.lead_id]}
        for entry in lists_store.listed(conn, tenant_id, asked, self._now) if asked else ():
            self._listed[entry.key].append(entry)

    def of(self, lead: Prepared) -> tuple[ListHit, ...]:
        """Return the lists that name *lead*, each once, in the order in which they came to."""
        if not self._listed:
            return ()
        found = [
            entry
            for key in self._keys.get(lead.arrival.lead_id, ())
            for entry in self._listed.get(key, ())
            if not entry.sources or lead.submission.source_id in entry.sources
        ]
        first: dict[UUID, Listed] = {}
        for entry in sorted(found, key=lambda entry: entry.added_at):
            first.setdefault(entry.list_id, entry)
        return tuple(map(_hit, first.values()))


def keys(lead: Prepared) -> list[Pseudonym]:
    """Return the keys of every address and number that *lead* gives, each once."""
    return suppression.keys_of(lead.permit.pseudonym, addresses(lead), numbers(lead))


def addresses(lead: Prepared) -> Iterator[str]:
    """Yield the lead's addresses as they were sent, and those that misspelt ones mean."""
    fields, record = lead.submission.fields, lead.reading.record
    if sent := fields.get("email"):
        yield sent
    yield from contact.addresses(fields.get("other_email", ""))[: contact.MOST_READ]
    read: list[Record | Mailbox] = [record, *record.other_mailboxes]
    yield from (each.mailbox for each in read if each.mailbox != each.email)


def numbers(lead: Prepared) -> Iterator[Phone]:
    """Yield the lead's numbers but for those that are nobody's.

    One that is typed to get past a form and exists all the same (06 12 34 56 78) is somebody's.
    """
    fields, reading = lead.submission.fields, lead.reading
    country = address.country_code(fields.get("country", "")) or ""
    texts = contact.numbers(fields.get("other_phone", ""))[: contact.MOST_READ]
    others = [contact.number(text, country, reading.mail, lead.country) for text in texts]
    for number in (reading.number, *others):
        if number is not None and (number.valid or not number.placeholder):
            yield number


def _hit(entry: Listed) -> ListHit:
    return ListHit(entry.list_id, entry.name, entry.kind, entry.on_hit, entry.added_at)
