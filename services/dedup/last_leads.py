"""When known people were last heard of: who was silent for long may be let through again.

A person's last lead need not share a block with the new one, so it is asked for by itself, and
only for sources whose policy cares.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from services.dedup import policy_store
from services.dedup.neighbourhood import Neighbourhood
from services.dedup.outcome import Outcome
from services.dedup.policy import Policies
from services.dedup.preparation import Prepared
from services.dedup.verdict import NOBODY


class LastLeads:
    """By moment and person, when their last lead up to then was sent."""

    def __init__(self) -> None:
        self._at: dict[datetime, dict[UUID, datetime]] = {}
        self._added: dict[UUID, list[datetime]] = defaultdict(list)

    def read(
        self,
        conn: Connection,
        tenant_id: str,
        prepared: Sequence[Prepared],
        around: Neighbourhood,
        policies: Policies,
    ) -> None:
        """Fill in when those were last heard of who may be the people of *prepared*."""
        asking = [
            lead
            for lead in prepared
            if policies.of(lead.submission.source_id).reengage_after_days is not None
        ]
        self._at = {lead.submission.submitted_at: {} for lead in asking}
        people = {
            (known.subject_id, lead.submission.submitted_at)
            for lead in asking
            for known in around.of(lead)
        }
        if people:
            found = policy_store.last_leads(conn, tenant_id, sorted(people))
            for subject_id, moment, last in found:
                self._at[moment][subject_id] = last

    def add(self, outcome: Outcome) -> None:
        """Let the later leads of the same batch know of a decided one."""
        if self._at:
            self._added[outcome.person[0]].append(outcome.submission.submitted_at)

    def of(self, lead: Prepared) -> Mapping[UUID, datetime]:
        """Return by subject when people were last heard of before *lead*."""
        if not self._at:
            return NOBODY
        moment = lead.submission.submitted_at
        last = dict(self._at.get(moment, {}))
        for subject_id, times in self._added.items():
            before = [time for time in times if time <= moment]
            if before:
                last[subject_id] = max(*before, last.get(subject_id, before[0]))
        return last
