"""`leadfly erase`: erase a lead, a person, or whoever gave an address or a number.

It says what it found and asks before anything goes. What waits in this host's spool is stored
first, so that it is found, too.
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
from services.privacy.erasure import LEAD, PERSON, Desk, Erased, erase, wait_until_stored
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


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe whom to erase."""
    parser.add_argument("--tenant", required=True, help="the account, a lead's user_id")
    parser.add_argument("--lead", type=UUID, help="one lead_id")
    parser.add_argument(
        "--person", action="store_true", help="with --lead: every record of the same person"
    )
    parser.add_argument("--email", help="whoever gave this address, with all their records")
    parser.add_argument("--phone", help="whoever gave this number; with --email: gave both")
    parser.add_argument("--yes", action="store_true", help="do not ask; refused for several people")


def call(arguments: argparse.Namespace, settings: Settings) -> None:
    """Erase after asking. Raises NotFound, Malformed, or NotConfirmed if the answer is no."""
    given = {
        kind: text for kind in ("email", "phone") if (text := getattr(arguments, kind)) is not None
    }
    if bool(arguments.lead) == bool(given):
        raise Conflict("Name either --lead, or --email or --phone or both.")
    with _place(arguments, settings) as place:
        _drain(place)
        wanted = _identified(place, given) if given else _named(arguments)
        _confirmed(wanted, arguments.yes)
        done = [erase(place.desk, place.tenant_id, lead_id, reach, BY) for lead_id, reach in wanted]
    _say_erased(done)


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


def _identified(place: _Place, given: dict[str, str]) -> list[tuple[UUID, str]]:
    """Say who was found, and return a lead of each with how far to reach."""
    identity = Identity(given, place.country)
    desk = place.desk
    unstored = desk.spool.dead()
    found = identified(place.application, desk.gate, place.tenant_id, identity, unstored)
    if not found.people and not found.waiting:
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


def _confirmed(wanted: list[tuple[UUID, str]], yes: bool) -> None:
    """Return if somebody said yes. Raises NotConfirmed."""
    what = ", ".join(f"{reach} of lead {lead_id}" for lead_id, reach in wanted[:3])
    several = f" and {len(wanted) - 3} more" if len(wanted) > 3 else ""
    if yes:
        if len(wanted) > 1:
            raise NotConfirmed("Several people were found: name one by --lead, or answer yourself.")
        return
    say(f"This erases for good: {what}{several}. Type yes to go on:")
    if sys.stdin.readline().strip() != "yes":
        raise NotConfirmed


def _say_erased(done: list[Erased]) -> None:
    say(f"{sum(erased.records for erased in done)} records erased")
    for step in dict.fromkeys(step for erased in done for step in next_steps(erased)):
        say(step)
