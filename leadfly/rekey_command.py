"""`leadfly rekey`: give stored leads this version's blocking keys now.

The worker does the same by itself, with rests; after an upgrade this is for whoever will not wait.
It may be stopped and run again, beside the worker and the services.
"""

import argparse

from leadfly.installation import as_worker
from leadfly.progress import Progress
from leadfly.terminal import say
from services.dedup import rekeying
from services.dedup.rekeying import Desk
from shared.errors import Unavailable
from shared.keyfile import keyring
from shared.privacy.gate import Gate
from shared.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Describe whose leads."""
    parser.add_argument("--tenant", help="one account, a lead's user_id (default: all)")


def call(arguments: argparse.Namespace, settings: Settings) -> None:
    """Work until no lead waits, and say what became of them. Raises Unavailable if stopped."""
    with as_worker(settings) as database:
        desk = Desk(database, Gate(settings.mode, keyring(settings)), settings.default_country)
        total = rekeying.waiting(desk, arguments.tenant)
        if not total:
            say("no lead waits for new keys")
            return
        progress = Progress(f"making keys of {total:,} leads anew")

        def show(left: int) -> None:
            progress.show(max(0.0, 1 - left / total), f"{left:,} left")

        try:
            done = rekeying.finish(desk, arguments.tenant, show)
        except KeyboardInterrupt:
            raise Unavailable("Stopped; run it again for the leads that are left.") from None
        finally:
            progress.end()
    say(f"{done[rekeying.REMADE]:,} leads have new keys")
    if passed_over := done[rekeying.PASSED_OVER]:
        say(f"{passed_over:,} keep theirs: they cannot be read, or their consent does not stand")
