"""The ledger of a storm: every lead sent, every answer received, and what must hold in the end.

Pure bookkeeping; the rows are handed in. A *marker* tells a lead from every other one: its
tenant and its address as sent. An *identity* is a person: its leads differ in key and
spelling. *Acknowledged* is a lead that was answered with a 2xx at least once. *Checked* is an
allow that a check stands behind; a skipped one (`check_skipped`) claims nothing.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

ALLOW = "allow_processing"


@dataclass(frozen=True, slots=True)
class Sent:
    """A lead as it was sent, however often."""

    tenant: str
    fields: dict[str, str]
    key: str | None = None
    identity: str | None = None
    context: dict[str, Any] | None = None

    @property
    def marker(self) -> str:
        """What no other lead has."""
        return f"{self.tenant}/{self.fields['email']}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that came over the wire, read to its end."""

    status: int
    body: bytes
    retry_after: str | None = None

    @property
    def acknowledges(self) -> bool:
        """True if the lead is the service's to keep from now on."""
        return 200 <= self.status < 300

    def says(self, name: str) -> Any:
        """Return what the body says under *name*; None if it is no JSON object or silent."""
        try:
            return json.loads(self.body).get(name)
        except (ValueError, AttributeError):
            return None

    @property
    def checked_allow(self) -> bool:
        """True if this allows the lead after a check."""
        allowed = self.acknowledges and self.says("action_taken") == ALLOW
        return allowed and not self.says("check_skipped")

    @property
    def degraded(self) -> bool:
        """True if this was given without the database or without the check."""
        return self.acknowledges and bool(self.says("degraded") or self.says("check_skipped"))


@dataclass(frozen=True, slots=True)
class Row:
    """A lead as PostgreSQL has it at the end."""

    marker: str
    lead_id: str
    action: str | None
    """What the newest decision about it says; None if there is none."""


@dataclass(slots=True)
class Ledger:
    """What was sent and answered; safe to write from many threads."""

    leads: dict[str, Sent] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    lost: Counter[str] = field(default_factory=Counter)
    """Attempts that saw no answer, by why: forgotten by us, or the connection broke."""
    _lock: Lock = field(default_factory=Lock)

    def sent(self, lead: Sent) -> None:
        """Note a lead before its first attempt."""
        with self._lock:
            if self.leads.setdefault(lead.marker, lead) != lead:
                raise ValueError(f"two leads are marked {lead.marker}")

    def answered(self, lead: Sent, answer: Answer) -> None:
        """Note one answer to *lead*, even one that the sender then forgets."""
        with self._lock:
            self.answers[lead.marker].append(answer)

    def unanswered(self, why: str) -> None:
        """Note an attempt without an answer."""
        with self._lock:
            self.lost[why] += 1

    def acknowledged(self) -> set[str]:
        """Return the markers of all leads that were answered with a 2xx."""
        with self._lock:
            return {m for m, said in self.answers.items() if any(a.acknowledges for a in said)}

    def violations(self, rows: Collection[Row], dead: Collection[str] = ()) -> list[str]:
        """Return every broken promise in words; *dead* are the markers of dead letters."""
        book = Book(self, rows, frozenset(dead))
        return [f"{check.__name__}: {what}" for check in CHECKS for what in check(book)]

    def summary(self) -> str:
        """Return the storm in one line: counts alone."""
        every = [answer for said in self.answers.values() for answer in said]
        statuses = dict(sorted(Counter(answer.status for answer in every).items()))
        degraded = sum(answer.degraded for answer in every)
        return (
            f"{len(self.leads)} leads, {len(self.acknowledged())} acknowledged, "
            f"answers by status {statuses}, {degraded} of them degraded, "
            f"attempts without answer {dict(sorted(self.lost.items()))}"
        )


class Book:
    """The closed ledger beside the rows that are there."""

    def __init__(self, ledger: Ledger, rows: Collection[Row], dead: frozenset[str]):
        self.leads, self.answers, self.dead = ledger.leads, ledger.answers, dead
        self.acknowledged = ledger.acknowledged()
        self.rows: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self.rows[row.marker].append(row)

    def acknowledgements(self) -> Iterator[tuple[str, Answer]]:
        """Return every 2xx with the marker of its lead."""
        for marker, said in self.answers.items():
            yield from ((marker, answer) for answer in said if answer.acknowledges)

    def people(self) -> Iterable[tuple[str, list[str]]]:
        """Return each identity with the markers of its leads."""
        people: dict[str, list[str]] = defaultdict(list)
        for marker, lead in self.leads.items():
            if lead.identity is not None:
                people[lead.identity].append(marker)
        return people.items()


def acknowledged_and_missing(book: Book) -> Iterator[str]:
    """What got a 2xx is stored, or kept as a dead letter."""
    yield from sorted(book.acknowledged - book.rows.keys() - book.dead)


def stored_twice(book: Book) -> Iterator[str]:
    """A lead is one row, however often it was sent."""
    for marker, rows in book.rows.items():
        if len(rows) > 1:
            yield f"{marker} as {', '.join(row.lead_id for row in rows)}"


def stored_unsent(book: Book) -> Iterator[str]:
    """Nothing is there that nobody sent."""
    yield from sorted(book.rows.keys() - book.leads.keys())


def changed_answers(book: Book) -> Iterator[str]:
    """All 2xx answers under one key are one, byte for byte."""
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for marker, answer in book.acknowledgements():
        if book.leads[marker].key is not None:
            bodies[marker].add(answer.body)
    for marker, different in bodies.items():
        if len(different) > 1:
            yield f"{marker}: {b' <> '.join(sorted(different)).decode(errors='replace')}"


def allowed_twice(book: Book) -> Iterator[str]:
    """Of the leads of one person at most one is allowed after a check."""
    allowed = {marker for marker, answer in book.acknowledgements() if answer.checked_allow}
    for identity, markers in book.people():
        twice = sorted(allowed.intersection(markers))
        if len(twice) > 1:
            yield f"{identity} by {', '.join(twice)}"


def judged_wrongly(book: Book) -> Iterator[str]:
    """Once all is reconciled, exactly one stored lead of each person is the allowed one."""
    for identity, markers in book.people():
        stored = [row for marker in markers for row in book.rows.get(marker, ())]
        allows = [row.marker for row in stored if row.action == ALLOW]
        if stored and len(allows) != 1:
            yield f"{identity} has {len(allows)} allows of {len(stored)} leads {sorted(allows)}"


def unjudged(book: Book) -> Iterator[str]:
    """Every stored lead has a decision in the end."""
    yield from (m for m, rows in book.rows.items() if any(row.action is None for row in rows))


def rejected_while_degraded(book: Book) -> Iterator[str]:
    """Without a check nobody is turned away."""
    for marker, answer in book.acknowledgements():
        if answer.degraded and answer.says("action_taken") != ALLOW:
            yield f"{marker}: {answer.says('action_taken')}"


def degraded_without_receipt(book: Book) -> Iterator[str]:
    """A degraded answer names the receipt and the lead, so that both can be asked for later."""
    for marker, answer in book.acknowledgements():
        if answer.says("degraded") and not (answer.says("receipt_id") and answer.says("lead_id")):
            yield marker


def misnamed(book: Book) -> Iterator[str]:
    """The lead_id that was answered is the stored one."""
    for marker, answer in book.acknowledgements():
        stored = {row.lead_id for row in book.rows.get(marker, ())}
        if stored and answer.says("lead_id") not in stored:
            yield f"{marker}: answered {answer.says('lead_id')}, stored {', '.join(stored)}"


def unlawful_answers(book: Book) -> Iterator[str]:
    """A good lead is acknowledged, or its sender is told when to come again: 503, Retry-After."""
    for marker, said in book.answers.items():
        for answer in said:
            told = answer.status == 503 and answer.retry_after
            if not (answer.acknowledges or told):
                yield f"{marker}: {answer.status} {answer.body[:200].decode(errors='replace')}"


def not_conserved(book: Book) -> Iterator[str]:
    """Received = stored + dead letters + told to retry (never acknowledged, and not kept)."""
    stored = sum(len(rows) for rows in book.rows.values())
    told = len(book.leads.keys() - book.acknowledged - book.rows.keys() - book.dead)
    if len(book.leads) != stored + len(book.dead) + told:
        yield f"received {len(book.leads)}, stored {stored}, dead {len(book.dead)}, told {told}"


Check = Callable[[Book], Iterator[str]]

CHECKS: tuple[Check, ...] = (
    acknowledged_and_missing,
    stored_twice,
    stored_unsent,
    changed_answers,
    allowed_twice,
    judged_wrongly,
    unjudged,
    rejected_while_degraded,
    degraded_without_receipt,
    misnamed,
    unlawful_answers,
    not_conserved,
)
