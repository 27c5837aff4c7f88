"""`leadfly matching`: have all leads of an account matched anew by the worker."""

import argparse

from leadfly.installation import as_application
from leadfly.terminal import say
from services.matching import rematch_asking
from services.matching.catalogue_cache import Catalogues
from services.matching.matchmaking import Desk
from services.matching.rematch import KEPT, MIN_MATCH_SCORE, MOST_KEPT, Order, Rematch
from shared.errors import Malformed
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings

BY = "command line"
"""Who asked for the job."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the acts."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="rematch|progress")
    about = "Match all leads anew; the worker does it"
    rematch = acts.add_parser("rematch", help=about, description=about)
    rematch.add_argument("--least", type=float, default=MIN_MATCH_SCORE, help="points, 0 to 100")
    rematch.add_argument("--limit", type=int, default=KEPT, help="services kept for a lead")
    rematch.add_argument("--tell", action="store_true", help="webhooks hear of high scores")
    about = "Say how far the latest rematch is"
    progress = acts.add_parser("progress", help=about, description=about)
    for act in (rematch, progress):
        act.add_argument("--tenant", required=True, help="the account, a lead's user_id")


def call(arguments: argparse.Namespace, settings: Settings) -> None:
    """Do the chosen act. Raises as `rematch_asking.ask`, and Malformed."""
    with as_application(settings) as database:
        gate = Gate(settings.mode, keyring(settings))
        desk = Desk(database, gate, settings.default_country, Catalogues())
        if arguments.act == "rematch":
            asked = rematch_asking.ask(desk, arguments.tenant, _order(arguments), BY)
            say(f"{'joined' if asked.joined else 'asked for'} rematch {asked.job.id}")
            return
        jobs, _ = rematch_asking.page(desk, arguments.tenant, None, 1)
        say(_told(jobs[0]) if jobs else "there was no rematch")


def _order(arguments: argparse.Namespace) -> Order:
    if not 0 <= arguments.least <= 100:
        raise Malformed(details={"--least": "must be from 0 to 100"})
    if not 1 <= arguments.limit <= MOST_KEPT:
        raise Malformed(details={"--limit": f"must be from 1 to {MOST_KEPT}"})
    return Order(None, arguments.least, arguments.limit, arguments.tell)


def _told(job: Rematch) -> str:
    said = f"{job.status}: {job.leads_done:,} of {job.leads_total:,} leads, "
    said += f"{job.matches_kept:,} matches kept, {job.matches_ended:,} ended"
    return "\n".join([said, *job.errors()])
