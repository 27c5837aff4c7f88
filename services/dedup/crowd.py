"""The crowd: candidates among whom a lead is decided anew, and what their people said."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

from services.dedup import blocking
from services.dedup.blocking import LINE_DIGITS, Key
from services.dedup.compared import UNNAMED, Compared, Known, Names, names_given
from services.dedup.record import Record


class Candidate(NamedTuple):
    """A known lead, and what comparing with it gave."""

    known: Known
    """As it is stored."""
    compared: Compared


class Crowd(NamedTuple):
    """The likeliest candidates of a lead."""

    near: Sequence[Candidate]
    theirs: Sequence[Known]
    """All leads of their people, equal ones once."""
    named: Names
    """What they said in them of who they are."""


def crowd(candidates: Sequence[Candidate], most: int) -> Crowd:
    """Return *most* of the *candidates*, the likeliest."""
    near, theirs = candidates, [each.known for each in candidates]
    if len(candidates) > 1:
        likeliest = {each.known.lead_id for each in likeliest_of(candidates, most)}
        near = [each for each in candidates if each.known.lead_id in likeliest]
        people = {each.known.subject_id for each in near}
        of_them = (each.known for each in candidates if each.known.subject_id in people)
        theirs = list({(each.subject_id, each.record): each for each in of_them}.values())
    return Crowd(near, theirs, names_given(theirs))


def likeliest_of(candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """Return *most* of the *candidates*, the likeliest first, each person's equal records once."""
    distinct: dict[tuple[UUID, Record], Candidate] = {}
    for one in sorted(candidates, key=lambda c: -c.compared.match.probability):
        distinct.setdefault((one.known.subject_id, one.known.record), one)
        if len(distinct) == most:
            break
    return list(distinct.values())


Meets = Callable[[Known], bool]
"""Whether a lead, as it is then, is found beside a known one."""


def met(crowd: Crowd, meets: Meets) -> Crowd:
    """Return who is left of *crowd* for a lead that *meets* some of them; itself if all are."""
    near = [each for each in crowd.near if meets(each.known)]
    if not near:
        return NOBODY
    if len(near) == len(crowd.near) and crowd.named is UNNAMED:
        return crowd
    theirs = [each for each in crowd.theirs if meets(each)]
    if len(near) == len(crowd.near) and len(theirs) == len(crowd.theirs):
        return crowd
    return Crowd(near, theirs, names_given(theirs))


NOBODY = Crowd((), (), UNNAMED)


class Meeting:
    """Tells whether leads share a blocking key: else neither is found for the other.

    The keys of a record are made once, and only where no first address or number agrees.
    """

    def __init__(self) -> None:
        self._keys: dict[Record, frozenset[Key]] = {}

    def of(self, own: Record) -> Meets:
        """Return what tells which known leads *own* meets."""
        return partial(self._meet, own)

    def _meet(self, own: Record, known: Known) -> bool:
        theirs = known.record
        return (
            (own.mailbox != "" and own.mailbox == theirs.mailbox)
            or _one_line(own, theirs)
            or not self._of(own).isdisjoint(self._of(theirs))
        )

    def _of(self, record: Record) -> frozenset[Key]:
        if record not in self._keys:
            self._keys[record] = frozenset(blocking.keys(record))
        return self._keys[record]


def _one_line(own: Record, theirs: Record) -> bool:
    """True if the ends of both numbers are one, by which each is found, whatever stands before."""
    ends = own.phone[-LINE_DIGITS:] == theirs.phone[-LINE_DIGITS:]
    return ends and own.national != "" and theirs.national != ""
