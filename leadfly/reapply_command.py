"""`leadfly reapply-erasures`: after a restore, erase again what was erased since.

Until then nobody works with the restored database. It may be run at any time: where nothing is
missing nothing happens.
"""

import argparse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from uuid import UUID

from leadfly.installation import as_owner
from leadfly.terminal import say
from services.privacy.erasure import Desk
from services.privacy.reapplying import missing, reapply
from shared.db import ERASER, Database, conninfo
from shared.erasure_ledger import Entry, ErasureLedger
from shared.errors import NotFound
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings
from shared.spool import Spool


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what is not to be repeated."""
    parser.add_argument("--list", action="store_true", help="say what is missing; erase nothing")
    parser.add_argument(
        "--leave-out",
        action="append",
        type=UUID,
        default=[],
        metavar="ID",
        help="an erasure that was a mistake, and is why you restored; may be named several times",
    )


def call(arguments: argparse.Namespace, settings: Settings) -> None:
    """Catch up with the ledger, and say how far that went.

    Raises NotFound for one to be left out that is not missing, Unavailable, LedgerDamaged.
    """
    with _desk(settings) as desk:
        behind = list(missing(desk, desk.ledger.entries()))
        _check(arguments.leave_out, behind)
        if arguments.list:
            _say_missing(behind)
            return
        done = reapply(desk, behind, set(arguments.leave_out))
    say(f"{done.erasures} erasures made again, {done.records} records erased")
    if done.left_out:
        say(f"{done.left_out} left out")


@contextmanager
def _desk(settings: Settings) -> Iterator[Desk]:
    """Yield the desk, on the one connection that may work with a database that is behind."""
    gate = Gate(settings.mode, keyring(settings))
    with as_owner(settings), closing(Spool(settings.spool_folder)) as spool:
        one = conninfo(replace(settings, threads=1), ERASER)
        database = Database(one, gate.keyring.fingerprint, 1, ERASER)
        with closing(database):
            yield Desk(database, gate, spool, ErasureLedger(settings.ledger_folder))


def _check(left_out: list[UUID], behind: list[Entry]) -> None:
    """Raise NotFound unless everything that is to be left out is missing."""
    unknown = set(left_out).difference(made.id for made in behind)
    if unknown:
        raise NotFound(f"No erasure {min(map(str, unknown))} is missing here.")


def _say_missing(behind: list[Entry]) -> None:
    for made in behind:
        what = f"{made.reach}, {len(made.leads)} records, by {made.erased_by}"
        say(f"{made.id}  {made.erased_at:%Y-%m-%d %H:%M:%S} UTC  {what}")
    say(f"{len(behind)} erasures are missing in this database")
