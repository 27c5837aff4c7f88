"""An account's own leads as pairs: each with those before it, as the check compared them."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from uuid import UUID

from services.dedup import beside, blocking
from services.dedup.compared import Known, Submission, compare, completed, names_given
from services.dedup.policy import DEFAULT
from services.dedup.record import unpack
from services.dedup.store import CANDIDATES_PER_KEY
from services.dedup.training import fitting, leads_store
from services.dedup.training.fitting import Pattern
from services.dedup.training.unlabelled import Kinds
from shared.db import Database
from shared.privacy.gate import Gate

PAGE = 5000
"""Leads read in one statement."""

Told = Callable[[int, int], None]
"""Hears of how many leads have been compared, of how many."""


def read(database: Database, gate: Gate, tenant_id: str, most: int) -> list[Known]:
    """Return the newest *most* leads of the account, opened, oldest first. Raises Unavailable."""
    found: list[Known] = []
    before = None
    while len(found) < most:
        with database.transaction(tenant_id) as conn:
            page = leads_store.page(conn, tenant_id, before, min(PAGE, most - len(found)))
        for row in page:
            record = unpack(gate.unseal(tenant_id, row.compared, str(row.lead_id)))
            person = row.lead_id, row.subject_id, row.subject_id
            found.append(Known(*person, "", row.submitted_at, record, row.ip_key))
        if len(page) < PAGE:
            break
        before = page[-1].lead_id
    return sorted(found, key=lambda one: (one.submitted_at, one.lead_id))


def patterns(
    leads: Sequence[Known], told: Told = lambda done, every: None
) -> Counter[tuple[Pattern, Kinds]]:
    """Count the levels of every two of *leads* (oldest first) that share a key, and by what kinds.

    A key holds the newest, as in a check, and who carries a number is counted among the candidates.
    """
    counted: Counter[tuple[Pattern, Kinds]] = Counter()
    blocks: dict[object, deque[Known]] = defaultdict(lambda: deque(maxlen=CANDIDATES_PER_KEY))
    for done, lead in enumerate(leads):
        keys = blocking.keys(lead.record)
        met: dict[UUID, tuple[Known, set[str]]] = {}
        for key in keys:
            for one in blocks[key]:
                met.setdefault(one.lead_id, (one, set()))[1].add(key[0])
            blocks[key].append(lead)
        if met:
            counted.update(_compared(lead, list(met.values())))
        if done % 1000 == 0:
            told(done, len(leads))
    return counted


def _compared(
    lead: Known, met: Sequence[tuple[Known, Collection[str]]]
) -> Iterator[tuple[Pattern, Kinds]]:
    own, known = lead.record, [one for one, _ in met]
    submission = Submission(lead.source_id, {}, lead.submitted_at)
    carriers = beside.carriers(own, ((one.subject_id, one.record) for one in known))
    named = names_given(known)
    for one, kinds in met:
        whole = completed(one, named, own)
        match = compare(submission, own, whole, carriers, lead.ip_key, DEFAULT).match
        yield fitting.pattern(match), frozenset(kinds)
