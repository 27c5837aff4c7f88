"""Who belongs together, as far as a scan has come: whose record a lead would be, and its group.

A scan decides nothing, and yet a lead that comes after must meet what a check would have left: of
five pieces of one person the later ones would have been records of the first, and the number that
they share the number of one person, not of five. So a lead that is surely somebody's counts as
theirs until a person has said so or otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from uuid import UUID

from services.dedup.compared import Known


class Member(NamedTuple):
    """A lead of a group."""

    group_id: UUID
    as_lead: UUID | None = None
    """The lead whose person a check would have made it a record of; None: nobody's."""
    person: UUID | None = None
    """That person; None also where somebody has said whose it is."""
    review_id: UUID | None = None


@dataclass(slots=True)
class Belonging:
    """The groups around some leads, as they were and as they become."""

    members: dict[UUID, Member]
    """By lead; changed as the scan goes on."""
    changed: set[UUID] = field(default_factory=set)
    merged: list[tuple[UUID, UUID]] = field(default_factory=list)
    """Groups that became part of another, in order: the former and the other."""

    def person(self, known: Known) -> UUID:
        """Return whose lead it counts as."""
        member = self.members.get(known.lead_id)
        return known.subject_id if member is None or member.person is None else member.person

    def put_together(self, lead_id: UUID, known_id: UUID) -> None:
        """Make two leads members of one group: that of the known one, if it has any."""
        own, known = self.members.get(lead_id), self.members.get(known_id)
        group_id = known.group_id if known else own.group_id if own else known_id
        if own and own.group_id != group_id:
            self._merge(own.group_id, group_id)
        for one, member in ((lead_id, own), (known_id, known)):
            if member is None:
                self._set(one, Member(group_id))

    def make_record(self, lead_id: UUID, known: Known, review_id: UUID) -> None:
        """Let a lead count as a record of whom *known* counts as, while the review is open."""
        beside, person = self.members[known.lead_id], self.person(known)
        root = beside.as_lead if beside.person and beside.as_lead else known.lead_id
        own = self.members[lead_id]
        self._set(lead_id, own._replace(as_lead=root, person=person, review_id=review_id))

    def changes(self) -> Mapping[UUID, Member]:
        """Return the members that are to be stored."""
        return {lead_id: self.members[lead_id] for lead_id in sorted(self.changed)}

    def _merge(self, former: UUID, group_id: UUID) -> None:
        self.merged.append((former, group_id))
        for one, member in self.members.items():
            if member.group_id == former:
                self.members[one] = member._replace(group_id=group_id)

    def _set(self, lead_id: UUID, member: Member) -> None:
        self.members[lead_id] = member
        self.changed.add(lead_id)


def counted(known: Known, person: UUID) -> Known:
    """Return *known* as a lead of *person*."""
    return known if known.subject_id == person else replace(known, subject_id=person)
