"""`leadfly jobs`: list the jobs that failed for good (dead letters), and have them tried again."""

import argparse
from uuid import UUID

from leadfly.installation import as_worker
from leadfly.terminal import say
from shared import jobs
from shared.db import Database
from shared.errors import NotFound
from shared.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the two acts."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="list|replay")
    listing = acts.add_parser("list", help="List dead letters, up to 100 a tenant, oldest first")
    replay = acts.add_parser("replay", help="Make dead letters due again")
    which = replay.add_mutually_exclusive_group(required=True)
    which.add_argument("--id", type=UUID, help="one job, from `jobs list`")
    which.add_argument("--all", action="store_true", help="every dead letter")
    for act in (listing, replay):
        act.add_argument("--tenant", help="one account, a lead's user_id (default: all)")


def call(arguments: argparse.Namespace, settings: Settings) -> None:
    """Do the chosen act. Raises NotFound if there is no dead letter of that id."""
    with as_worker(settings) as database:
        {"list": _list, "replay": _replay}[arguments.act](arguments, database)


def _list(arguments: argparse.Namespace, database: Database) -> None:
    for tenant_id, count in _counted(arguments, database).items():
        say(f"tenant {tenant_id}, {count} dead")
        with database.transaction(tenant_id) as conn:
            listed = jobs.dead(conn, tenant_id)
        for job in listed:
            died = f"{job.dead_at:%Y-%m-%d %H:%M}"
            lead = f"lead {job.lead_id}" if job.lead_id else "no lead yet"
            say(f"  {job.id}  {job.kind}  {lead}  {died}  {job.failure}")


def _replay(arguments: argparse.Namespace, database: Database) -> None:
    ids = None if arguments.all else [arguments.id]
    replayed = 0
    for tenant_id in _counted(arguments, database):
        with database.transaction(tenant_id) as conn:
            replayed += jobs.replay(conn, tenant_id, ids)
    if ids and not replayed:
        raise NotFound("There is no dead letter with that id.")
    say(f"{replayed} jobs are due again")


def _counted(arguments: argparse.Namespace, database: Database) -> dict[str, int]:
    """Return how many dead letters each tenant asked for has."""
    with database.lookup() as conn:
        counted = jobs.dead_counts(conn)
    return {name: counted[name] for name in counted if arguments.tenant in (None, name)}
