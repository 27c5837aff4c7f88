"""`leadfly erase`: erase a lead, a person, or whoever gave an address or a number.

It says what it found and asks before anything goes. What waits in this host's spool is stored
first, so that it is found, too. That somebody objected or withdrew is kept by a keyed hash of the
address, unless that is to be forgotten, too.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from leadfly.installation import as_application, as_eraser
from leadfly.terminal import say
from services.dedup.identified import Found, Identity, identified
from services.dedup.reconcile import reconcile
from services.privacy.answer import next_steps
from services.privacy.erasing_people import forget, keys_of_person
from services.privacy.erasure import LEAD, PERSON, Desk, Erased, erase, wait_until_stored
from services.privacy.withdrawing import Office
from shared import withdrawals
from shared.db import Database
from shared.erasure_ledger import ErasureLedger
from shared.errors import Conflict, NotFound
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings
from shared.spool import Spool

DRAIN_SECONDS = 30.0
"""How long what waits in the spool may take to be stored; a few hundred leads a second are."""

BY = "command line"
"""Who stands in the audit."""


class NotConfirmed(Conflict):
    """Nothing was erased."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What erasing works on."""

    application: Database
    desk: Desk
    tenant_id: str
    country: str

    @property
    def office(self) -> Office:
        """Return what the privacy desk works with beside erasing."""
        return Office(self.application, self.desk.gate, self.desk.spool, self.country)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe whom to erase."""
    parser.add_argument("--tenant", required=True, help="the account, a lead's user_id")
    parser.add_argument("--lead", type=UUID, help="one lead_id")
    parser.add_argument(
        "--person", action="store_true", help="with --lead: every record of the same person"
    )
    parser.add_argument("--email", help="whoever gave this address, with all their records")
    parser.add_argument("--phone", help="whoever gave this number; with --email: gave both")
    parser.add_argument(
        "--forget-objection",
        action="store_true",
        help="also what is kept of their objection or withdrawal by a keyed hash of the address",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask; refused for several people")


def call(arguments: argparse.Namespace, settings: Settings) -> None:
    """Erase after asking. Raises NotFound, Malformed, or NotConfirmed if the answer is no."""
    given = {
        kind: text for kind in ("email", "phone") if (text := getattr(arguments, kind)) is not None
    }
    if bool(arguments.lead) == bool(given):
        raise Conflict("Name either --lead, or --email or --phone or both.")
    if arguments.forget_objection and arguments.lead and not arguments.person:
        raise Conflict("Say --person, too: what is forgotten is the whole person's.")
    with _place(arguments, settings) as place:
        _drain(place)
        identity = Identity(given, place.country) if given else None
        kept = _kept(place, identity) if identity else []
        wanted = _identified(place, identity, bool(kept)) if identity else _named(arguments)
        if kept:
            _say_kept(arguments.forget_objection)
        if not (wanted or arguments.forget_objection):
            return
        _confirmed(wanted, arguments.yes)
        gone = kept if arguments.forget_objection else None
        done = [_erased(place, lead_id, reach, gone) for lead_id, reach in wanted]
        forgotten = sum(erased.objections_forgotten for erased in done)
        if gone and not done:
            forgotten = forget(place.desk, place.tenant_id, gone, BY)
    _say_erased(done, forgotten)


@contextmanager
def _place(arguments: argparse.Namespace, settings: Settings) -> Iterator[_Place]:
    gate = Gate(settings.mode, keyring(settings))
    with (
        as_application(settings) as application,
        as_eraser(settings) as eraser,
        closing(Spool(settings.spool_folder)) as spool,
    ):
        desk = Desk(eraser, gate, spool, ErasureLedger(settings.ledger_folder))
        yield _Place(application, desk, arguments.tenant, settings.default_country)


def _drain(place: _Place) -> None:
    """Store what waits, or wait for the worker that is at it."""
    spool, now = place.desk.spool, datetime.now(UTC)
    reconcile(place.application, place.desk.gate, spool, place.tenant_id, DRAIN_SECONDS)
    wait_until_stored(spool, place.tenant_id, now)


def _named(arguments: argparse.Namespace) -> list[tuple[UUID, str]]:
    return [(arguments.lead, PERSON if arguments.person else LEAD)]


def _kept(place: _Place, identity: Identity) -> list[int]:
    """Return by which keys of *identity* an objection or a withdrawal is kept."""
    keys = identity.keys(place.desk.gate, place.tenant_id)
    with place.application.transaction(place.tenant_id) as conn:
        return [key for key in keys if withdrawals.kept(conn, place.tenant_id, [key])]


def _erased(place: _Place, lead_id: UUID, reach: str, gone: list[int] | None) -> Erased:
    """Erase; and forget what is kept by the keys *gone* and by the person's own, unless None."""
    forgotten: list[int] = []
    if gone is not None and reach == PERSON:
        forgotten = [*gone, *keys_of_person(place.office, place.tenant_id, lead_id)]
    return erase(place.desk, place.tenant_id, lead_id, reach, BY, forgotten)


def _identified(place: _Place, identity: Identity, kept: bool) -> list[tuple[UUID, str]]:
    """Say who was found, and return a lead of each with how far to reach.

    Raises NotFound for nobody, unless something is *kept*.
    """
    desk = place.desk
    unstored = desk.spool.dead()
    found = identified(place.application, desk.gate, place.tenant_id, identity, unstored)
    if not (found.people or found.waiting or kept):
        raise NotFound("Nobody in this account gave that.")
    _say_found(found)
    return [(leads[0], PERSON) for leads in found.people.values()] + [
        (lead_id, LEAD) for lead_id in found.waiting
    ]


def _say_found(found: Found) -> None:
    for leads in found.people.values():
        say(f"a person, {len(leads)} records say so, the first is lead {leads[0]}")
    for lead_id in found.waiting:
        say(f"lead {lead_id}, which could not be stored")


def _say_kept(forgotten: bool) -> None:
    say("an objection or a withdrawal is kept by a keyed hash of that, so that it is heeded:")
    say("it is forgotten, too" if forgotten else "it stays; --forget-objection forgets it, too")


def _confirmed(wanted: list[tuple[UUID, str]], yes: bool) -> None:
    """Return if somebody said yes. Raises NotConfirmed."""
    named = [f"{reach} of lead {lead_id}" for lead_id, reach in wanted[:3]]
    what = ", ".join(named) or "what is kept of the objection"
    several = f" and {len(wanted) - 3} more" if len(wanted) > 3 else ""
    if yes:
        if len(wanted) > 1:
            raise NotConfirmed("Several people were found: name one by --lead, or answer yourself.")
        return
    say(f"This erases for good: {what}{several}. Type yes to go on:")
    if sys.stdin.readline().strip() != "yes":
        raise NotConfirmed


def _say_erased(done: list[Erased], forgotten: int) -> None:
    say(f"{sum(erased.records for erased in done)} records erased")
    if forgotten:
        say(f"{forgotten} objections or withdrawals forgotten")
    for step in dict.fromkeys(step for erased in done for step in next_steps(erased)):
        say(step)
