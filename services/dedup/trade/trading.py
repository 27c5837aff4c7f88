"""Trading: the terms of the trade asked for in a check's transaction, and what it leaves there.

The check, the dry run and the recheck take the same way: `read` once the neighbours are read,
`under` for each lead in turn, `add` for what was decided, and `save` where something is stored.
Each part asks for leads that its terms concern, and nothing for the rest.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from psycopg import Connection

from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome
from services.dedup.policy import Policies
from services.dedup.preparation import Prepared
from services.dedup.trade.caps import Caps
from services.dedup.trade.deals import Deals
from services.dedup.trade.hashed_keys import HashedKeys
from services.dedup.trade.holds import Holds
from services.dedup.trade.lists import Lists
from services.dedup.trade.lookbacks import Lookbacks
from services.dedup.trade.past import Past
from services.dedup.trade.standing import NOTHING, Standing, under
from services.dedup.verdict import NOTHING_TELLS


class Trading:
    """What the terms say of the leads of one transaction."""

    def __init__(self, now: datetime, caps: Caps | None = None) -> None:
        """*now* is when the transaction began; *caps* count on from one dry run to the next."""
        self._past = Past(now)
        self._lists, self._holds, self._caps = Lists(now), Holds(self._past), caps or Caps(now)
        self._lookbacks, self._deals = Lookbacks(self._past), Deals(now)
        self._hashed_keys = HashedKeys()

    def read(
        self,
        conn: Connection,
        tenant_id: str,
        prepared: Sequence[Prepared],
        around: Neighbourhood,
        policies: Policies,
        counting: bool = True,
    ) -> None:
        """Ask what the terms want to know of *prepared*; their keys must be locked.

        *counting* holds the counts of caps until the transaction ends; a dry run only reads them.
        """
        self._lists.read(conn, tenant_id, prepared, policies.book)
        self._holds.read(counting)
        self._past.read(conn, tenant_id, prepared, around, policies.book, counting)
        self._caps.read(conn, tenant_id, prepared, policies.book, counting)
        self._deals.read(policies.book)
        self._hashed_keys.read(policies.book)

    def under(self, lead: Prepared, outcome: Outcome) -> Outcome:
        """Return *outcome* as the terms have it; one that was skipped stays as it is."""
        if outcome.skipped:
            return outcome
        standing = self._standing(lead, outcome)
        if standing == NOTHING:
            return self._holds.given(lead, outcome)
        reached, before = outcome.verdict, outcome.verdict.decision
        policy = reached.policy
        certain = policy is not None and reached.match_probability >= policy.block
        decision = under(before, certain, reached.risk.score, standing)
        if decision.action is not before.action:  # what else would have to differ does not tell
            reached = replace(reached, counterfactual=NOTHING_TELLS)
        outcome = replace(
            outcome, verdict=replace(reached, decision=decision), standing=standing
        ).reviewed()
        return self._holds.given(lead, outcome)

    def add(self, lead: Prepared, outcome: Outcome) -> None:
        """Let the later leads of the same transaction meet a decided one."""
        for part in (self._past, self._caps, self._deals, self._hashed_keys):
            part.add(lead, outcome)

    def save(self, conn: Connection, tenant_id: str) -> None:
        """Store deals, holds, counts and digests of what was decided; the leads must be stored."""
        self._deals.save(conn, tenant_id)
        self._caps.save(conn, tenant_id)
        self._hashed_keys.save(conn, tenant_id)

    def _standing(self, lead: Prepared, outcome: Outcome) -> Standing:
        hit, forgiven = self._lookbacks.of(lead, outcome)
        return Standing(
            listed=self._lists.of(lead),
            held=self._holds.of(lead, outcome),
            hit=hit,
            forgiven=forgiven,
            full=self._caps.of(lead),
        )
