"""The flow of an import: rows of somebody's table become known leads, and nobody is judged.

An import decides nothing, so it takes no locks. A chunk is one transaction, seen whole or not
at all, and it reads no other lead: a lead that is checked meanwhile and does not see it yet was
simply there first. Of simultaneous leads of one person still exactly one is allowed, because
those lock each other. Two imports of the same rows take their ids in one order: no deadlock.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from uuid import UUID

from services.dedup import import_store, schema
from services.dedup.contact import promoted
from services.dedup.import_store import Imported
from services.dedup.preparation import Prepared, prepare
from services.dedup.verdict import Submission
from shared import leads
from shared.columns import CONSENT, ID, SUBMITTED_AT, Columns
from shared.db import Database
from shared.errors import Malformed, ServiceError
from shared.fields import CLOCK_SKEW, EARLIEST, LONGEST_TEXT
from shared.lead_fields import FIELDS
from shared.leads import Lead
from shared.normalize import dates
from shared.privacy import consent as consents
from shared.privacy.consent import Consent
from shared.privacy.gate import Gate, Permit
from shared.privacy.purposes import LEAD_PROCESSING
from shared.web.json_body import text_problem

MOST_ROWS = 5_000
"""Rows in one transaction: about a second's work, enough that its overhead vanishes and few
enough to hold in memory and to do again."""

Row = tuple[int, Sequence[str]]
"""A row's number and its cells."""

_TIME_OF_DAY = re.compile(r"[T, ]+\d{1,2}:\d{2}.*")

NOTHING_MORE: Mapping[str, str] = {}

YES = frozenset({"yes", "y", "true", "1", "on", "x", "ja", "oui", "si", "sí"})
NO = frozenset({"no", "n", "false", "0", "off", "-", "nein", "non"})
"""What tables write for a consent given or not; anything else names the text agreed to."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How one table is to be read."""

    tenant_id: str
    source_id: str
    country: str
    """ISO 3166-1 alpha-2; reads national phone numbers of rows that name no country."""
    columns: Columns
    at: datetime
    """When the import began: the time of a row that gives none."""
    consent_version: str | None = None
    """The consent text that everybody in the table agreed to, if so."""


@dataclass(slots=True)
class Tally:
    """What became of rows."""

    new: int = 0
    known: int = 0
    """Rows that were there already."""
    undated: int = 0
    """Rows whose time could not be read."""
    refused: list[tuple[int, str, Sequence[str]]] = field(default_factory=list)
    """Number, reason and cells of each row that was not taken."""

    def add(self, other: "Tally") -> None:
        """Count *other* in."""
        self.new += other.new
        self.known += other.known
        self.undated += other.undated
        self.refused += other.refused


def load(database: Database, gate: Gate, plan: Plan, rows: Sequence[Row]) -> Tally:
    """Store *rows* (at most MOST_ROWS) as known leads, all that can be in one transaction.

    A row that is there already stays as it is: its id follows from what it says. Raises
    Unavailable if nothing could be stored.
    """
    tally = Tally()
    arriving: dict[UUID, tuple[Lead, Imported]] = {}
    for number, cells in rows:
        try:
            lead, lead_id = _read(gate, plan, cells, tally)
        except ServiceError as error:
            tally.refused.append((number, reason(error), cells))
        else:
            # What is stored is all that is held of a row: reading leaves three times as much.
            arriving[lead_id] = _rows(lead, lead_id, plan)
    if arriving:
        tally.new = _store(database, plan.tenant_id, arriving)
    tally.known = len(rows) - len(tally.refused) - tally.new
    return tally


def reason(error: ServiceError) -> str:
    """Return *error* in one line, by field where it names fields."""
    if not error.details:
        return error.message
    return "; ".join(
        f"{name.removeprefix('lead_data.')} {problem}" for name, problem in error.details.items()
    )


def sent(plan: Plan, cells: Sequence[str]) -> tuple[dict[str, object], bool]:
    """Return the row as a request of the contract, and whether it says its time in vain."""
    said = plan.columns.read(cells)
    at, undated = _moment(plan, said)
    agreed = _consent(plan, said, at)
    body: dict[str, object] = {
        "source_id": plan.source_id,
        "lead_data": {name: said[name] for name in FIELDS if name in said},
        "context": {"submitted_at": at.isoformat()},
    }
    if agreed:
        body["consent"] = {
            "purposes": sorted(agreed.purposes),
            "given_at": at.isoformat(),
            "text_version": agreed.text_version,
        }
    return body, undated


def checked(plan: Plan, cells: Sequence[str]) -> Submission:
    """Return the row as a lead to be checked. Raises Malformed as the service would."""
    _check_text(plan.columns.read(cells))
    body, _ = sent(plan, cells)
    return schema.submission(body)


def _read(gate: Gate, plan: Plan, cells: Sequence[str], tally: Tally) -> tuple[Prepared, UUID]:
    """Return the row read and admitted, and its id.

    The schema takes a quarter of the time and most rows are fine, so it is asked only about
    those that may not be.
    """
    said = plan.columns.read(cells)
    lead, undated = prepared(gate, plan, cells, said)
    tally.undated += undated
    fields = lead.submission.fields
    return lead, _identity(lead.permit, plan.source_id, said, fields)


def prepared(
    gate: Gate,
    plan: Plan,
    cells: Sequence[str],
    said: Mapping[str, str],
    also: Mapping[str, str] = NOTHING_MORE,
) -> tuple[Prepared, bool]:
    """Return the row read and admitted, and whether it says its time in vain.

    *said* is what it says by target; *also* are fields that every row has. Raises Malformed,
    ConsentMissing.
    """
    at, undated = _moment(plan, said)
    fields = {**promoted({name: said[name] for name in FIELDS if name in said}), **also}
    submission = Submission(plan.source_id, fields, at, consent=_consent(plan, said, at))
    lead = prepare(gate, plan.tenant_id, submission, plan.country)
    reached = lead.reading.mail or lead.reading.number
    if not reached or any(len(text) > LONGEST_TEXT or "\0" in text for text in said.values()):
        checked(plan, cells)
    return lead, undated


def _check_text(said: Mapping[str, str]) -> None:
    faults = {name: problem for name, text in said.items() if (problem := text_problem(text))}
    if faults:
        raise Malformed(details=faults)


def _moment(plan: Plan, said: Mapping[str, str]) -> tuple[datetime, bool]:
    """Return when the row was sent, and whether it said so in vain."""
    text = said.get(SUBMITTED_AT)
    if text is None:
        return plan.at, False
    at = _time(text)
    if at is None or not EARLIEST <= at <= plan.at + CLOCK_SKEW:
        return plan.at, True
    return at, False


def _time(text: str) -> datetime | None:
    """Return the time that *text* says in ISO 8601, or the start of the day it names otherwise."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        day = dates.date_of_birth(_TIME_OF_DAY.sub("", text))
        return datetime.combine(day, time(), UTC) if day else None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _consent(plan: Plan, said: Mapping[str, str], at: datetime) -> Consent | None:
    word = said.get(CONSENT, "")
    if CONSENT in plan.columns.places and (not word or word.casefold() in NO):
        return None
    version = plan.consent_version if not word or word.casefold() in YES else word
    return consents.given([LEAD_PROCESSING], at, version) if word or version else None


def _identity(
    permit: Permit, source_id: str, said: Mapping[str, str], fields: Mapping[str, str]
) -> UUID:
    """Return the id that this row has at every import: by its key in its source, else by content.

    A UUID of version 8 (RFC 9562, section 5.8): 48 zero bits, so that whatever was imported
    sorts before whatever was received, then 74 bits of a keyed hash. A plain hash would let
    anyone who sees the id try out addresses.
    """
    if ID in said:
        kind, text = "import key", said[ID]
    else:
        kind, text = "import row", repr(sorted(fields.items()))
    text = f"{len(source_id)}:{source_id}{text}"
    first = permit.pseudonym(kind, text) & (1 << 64) - 1
    second = permit.pseudonym(f"{kind}, continued", text) & 0x3FF
    head, tail = first >> 52, first & (1 << 52) - 1
    return UUID(int=0x8 << 76 | head << 64 | 0b10 << 62 | tail << 10 | second)


def _rows(lead: Prepared, lead_id: UUID, plan: Plan) -> tuple[Lead, Imported]:
    at, bound_to = lead.submission.submitted_at, str(lead_id)
    row = Lead(
        id=lead_id,
        subject_id=lead_id,
        source_id=plan.source_id,
        kept=lead.permit.keep(lead.submission.fields, bound_to),
        received_at=plan.at,
        submitted_at=at,
    )
    compared = lead.permit.seal(lead.reading.record.pack(), bound_to)
    return row, Imported(lead_id, compared, [*lead.keys, *lead.relations], at)


def _store(
    database: Database, tenant_id: str, arriving: Mapping[UUID, tuple[Lead, Imported]]
) -> int:
    """Store what is not there yet; return how many leads that was."""
    with database.lookup() as conn:
        import_store.enter(conn, tenant_id)
        new = leads.copy(conn, tenant_id, [lead for lead, _ in arriving.values()])
        import_store.copy(conn, tenant_id, [arriving[lead_id][1] for lead_id in new])
    return len(new)
