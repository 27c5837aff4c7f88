"""The past of new leads: earlier leads of whom they may be, and of those who share a value.

Read once in a transaction, for what looks back and for holds. It is asked for where the terms
look back, or where a candidate has a deal of its own; accounts that trade nothing pay nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from psycopg import Connection

from services.dedup.decision import ALLOW, REJECT
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome
from services.dedup.preparation import Prepared
from services.dedup.record import Record, unpack
from services.dedup.trade import lookback_store
from services.dedup.trade.deals import dealt
from services.dedup.trade.lookback import SKEW, Earlier, agreement
from services.dedup.trade.lookback_store import LOOKED_AT, Asked
from services.dedup.trade.terms import ADDRESS, EMAIL, IP, NO_BOOK, PERSON, PHONE, Book, Lookback

NO_RULES: tuple[Lookback, ...] = ()


class Past:
    """What is known of earlier leads for those of one transaction."""

    def __init__(self, now: datetime) -> None:
        """*now* is when the transaction began."""
        self._now = now
        self._book: Book = NO_BOOK
        self._found: dict[Asked, list[Earlier]] = {}
        self._whole: dict[Asked, bool] = {}
        self._sealed: dict[UUID, bytes] = {}
        self._records: dict[UUID, Record] = {}
        self._added: dict[UUID, list[Earlier]] = defaultdict(list)
        """Leads of this transaction, by person."""

    def read(
        self,
        conn: Connection,
        tenant_id: str,
        prepared: Sequence[Prepared],
        around: Neighbourhood,
        book: Book,
        locking: bool,
    ) -> None:
        """Ask for the past of *prepared*; their keys must be locked.

        *locking* also holds the internet addresses by which they are looked for.
        """
        self._book = book
        if not (book.by_scope or around.dealt):
            return
        wanted = {each for lead in prepared for each in self._wanted(lead, around)}
        if not wanted:
            return
        asked = sorted(wanted - self._found.keys(), key=repr)
        addresses = [each.ip_key for each in asked if each.ip_key is not None]
        if addresses and locking:
            lookback_store.lock(conn, addresses)
        self._found |= {each: [] for each in asked}
        self._whole |= dict.fromkeys(asked, True)
        for place, earlier, compared, looked in lookback_store.earlier(
            conn, tenant_id, asked, self._now
        ):
            self._found[asked[place]].append(earlier)
            self._whole[asked[place]] = looked < LOOKED_AT
            if compared is not None:
                self._sealed[earlier.lead_id] = compared

    def rules(self, lead: Prepared) -> tuple[Lookback, ...]:
        """Return the rules that look back from *lead*, in their order."""
        if not self._book.by_scope:
            return NO_RULES
        submission = lead.submission
        return self._book.of(submission.source_id, submission.deal).lookback or NO_RULES

    @property
    def silent(self) -> bool:
        """True if there is nothing that any lead could meet."""
        return not (self._found or self._added)

    def met(self, lead: Prepared, people: Collection[UUID]) -> list[Earlier]:
        """Return the earlier leads that are of *people*, or share a value; the newest first."""
        latest = _latest(lead)
        asked = [Asked(latest, subject_id=each) for each in people]
        asked += [Asked(latest, blocking_key=key) for key in lead.keys]
        asked.append(Asked(latest, ip_key=lead.ip_key))
        met = {each.lead_id: each for one in asked for each in self._found.get(one, ())}
        met |= {each.lead_id: each for own in self._added.values() for each in own}
        own_id = lead.arrival.lead_id  # a lead that is checked anew is stored already
        others = (each for each in met.values() if each.subject_id != own_id)
        return sorted(others, key=lambda each: (each.submitted_at, each.lead_id), reverse=True)

    def of_person(self, lead: Prepared, subject_id: UUID) -> list[Earlier] | None:
        """Return every lead of a person, in short; None if not all are known."""
        asked = Asked(_latest(lead), subject_id=subject_id)
        added = self._added.get(subject_id, [])
        if asked in self._found:
            return [*self._found[asked], *added] if self._whole[asked] else None
        began_here = any(each.lead_id == subject_id for each in added)
        return added if began_here else None

    def agreed(self, lead: Prepared, people: Collection[UUID], earlier: Earlier) -> set[str]:
        """Return what *lead* and an earlier one have in common; *people* are whom it surely is."""
        found = {PERSON} if earlier.subject_id in people else set()
        if lead.ip_key is not None and lead.ip_key == earlier.ip_key:
            found.add(IP)
        said = self._record(lead, earlier.lead_id)
        return found | agreement(lead.reading.record, said) if said else found

    def add(self, lead: Prepared, outcome: Outcome) -> None:
        """Let the later leads of the same transaction find a decided one."""
        own = dealt(lead, outcome, self._book)
        if not (own or self._book.by_scope):
            return
        submission, action = lead.submission, outcome.verdict.decision.action
        held_until = self.hold_ends(lead, outcome)
        earlier = Earlier(
            outcome.lead_id,
            outcome.person[0],
            submission.source_id,
            submission.submitted_at,
            submission.deal.buyer_id,
            submission.deal.campaign_id,
            True if action is ALLOW and not held_until else False if action is REJECT else None,
            own,
            held_until,
            lead.ip_key,
        )
        self._records[outcome.lead_id] = lead.reading.record
        self._added[earlier.subject_id].append(earlier)

    def hold_ends(self, lead: Prepared, outcome: Outcome) -> datetime | None:
        """Return when the hold that *lead* asked for is over; None if it is to have none.

        Only who is let through by a check gets one, and not who was answered before it.
        """
        seconds = lead.submission.deal.hold_seconds
        if seconds is None or outcome.skipped or lead.arrival.passed is not None:
            return None
        if outcome.verdict.decision.action is not ALLOW:
            return None
        return self._now + timedelta(seconds=seconds)

    def _wanted(self, lead: Prepared, around: Neighbourhood) -> Iterator[Asked]:
        """Yield what is to be asked for *lead*: of its people, and of its values where they matter.

        The address is looked for by all keys: the family's name beside the postal code is one.
        """
        candidates, latest = around.of(lead), _latest(lead)
        rules = self.rules(lead)
        named = {key for rule in rules for key in rule.keys}
        trading = {each.subject_id for each in candidates if each.lead_id in around.dealt}
        people = {each.subject_id for each in candidates} if rules else trading
        yield from (Asked(latest, subject_id=each) for each in people)
        if ADDRESS in named:
            yield from (Asked(latest, blocking_key=key) for key in lead.keys)
        elif trading or named & {EMAIL, PHONE}:
            yield from (Asked(latest, blocking_key=key) for key in set(lead.values.values()))
        if IP in named and lead.ip_key is not None:
            yield Asked(latest, ip_key=lead.ip_key)

    def _record(self, lead: Prepared, lead_id: UUID) -> Record | None:
        """Return what an earlier lead said, opened once; None if nothing is kept of it."""
        if lead_id not in self._records and lead_id in self._sealed:
            opened = lead.permit.gate.unseal(
                lead.permit.tenant_id, self._sealed[lead_id], str(lead_id)
            )
            self._records[lead_id] = unpack(opened)
        return self._records.get(lead_id)


def _latest(lead: Prepared) -> datetime:
    """Return until when leads are earlier than *lead*, in steps of SKEW.

    Leads that come together then ask for one past, and not each for its own.
    """
    at = lead.submission.submitted_at
    return at + 2 * SKEW - (at - _EPOCH) % SKEW


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
