"""News of leads: announced, moved or taken back. What is promised is stored before it is answered.

None of it can wait on this host for the database, so while that is away the sender must come back:
Unavailable rises, and nothing was stored.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from services.dedup import provided_store
from services.dedup.admission import Keeping
from services.dedup.intake.sender import Sender
from services.dedup.intake.sent import Notice, Withdrawn
from services.dedup.intake.source import Source
from services.dedup.intake.submitting import name_of
from services.dedup.preparation import PROVIDED, Prepared
from shared import jobs
from shared.errors import Unavailable
from shared.privacy.gate import Gate
from shared.spool import Spool, SpoolUnavailable, receipt

FETCH = "dedup.fetch"
"""The kind of job that fetches a lead that was announced."""

WITHDRAW = "dedup.withdraw"
"""The kind of job that has a lead erased that was taken back."""

LONGEST_REFERENCE = 500
"""Characters of what a lead is called that is to be fetched or erased; URNs have under 100."""


class Following(Unavailable):
    """The appointment that this one follows is still being stored; send it again."""


def fetchable(source: Source, sender: Sender, notice: Notice) -> bool:
    """True if the lead of *notice* can be fetched with what the source holds."""
    if sender.fetch is None or len(notice.reference) > LONGEST_REFERENCE:
        return False
    return sender.fetch(notice.reference, source.secrets) is not None


def note(
    keeping: Keeping, source: Source, sender: Sender, news: Sequence[Notice | Withdrawn]
) -> None:
    """Have announced leads fetched and those taken back erased. Raises Unavailable."""
    with keeping.database.transaction(source.tenant_id) as conn:
        for one in news:
            kind = WITHDRAW if isinstance(one, Withdrawn) else FETCH
            jobs.enqueue(conn, source.tenant_id, kind, None, _about(source, sender, one))


def _about(source: Source, sender: Sender, news: Notice | Withdrawn) -> Mapping[str, object]:
    reference = news.key if isinstance(news, Withdrawn) else news.reference
    return {"source_id": source.source_id, "adapter": sender.name, "reference": reference}


def moved(keeping: Keeping, lead: Prepared, replaces: str) -> UUID | None:
    """Return the known lead whose appointment *lead* is now, known by its new name from here on.

    None if the earlier one, *replaces*, is not known, or came later than this one, which by then
    was a lead of its own. Raises Unavailable.
    """
    tenant_id = lead.permit.tenant_id
    earlier = name_of(lead.submission.source_id, replaces)
    with keeping.database.transaction(tenant_id) as conn:
        known = provided_store.leads(conn, tenant_id, pseudonym(keeping.gate, tenant_id, earlier))
        own = provided_store.leads(conn, tenant_id, lead.provided) if lead.provided else []
        if own and not set(own) & set(known):
            return None
        if known and lead.provided:
            provided_store.remember(conn, tenant_id, [(lead.provided, known[0])])
    if not known and _waiting(keeping.spool, receipt(tenant_id, earlier)):
        raise Following
    return known[0] if known else None


def _waiting(spool: Spool, receipt_id: UUID) -> bool:
    with suppress(SpoolUnavailable):  # a broken disk stops no healthy database
        return spool.find(receipt_id) is not None
    return False


def pseudonym(gate: Gate, tenant_id: str, name: str) -> int:
    """Return what stands for the idempotency key *name* where leads are found by their names."""
    return gate.keyring.pseudonym(tenant_id, PROVIDED, name)
