"""An installation opened for one Python process: its database, its keys and its spool."""

from contextlib import ExitStack
from types import TracebackType

from leadfly.discovery_crew import workshop
from leadfly.installation import as_application
from leadfly.lead_admission import LeadAdmission
from services.dedup.admission import Keeping
from services.dedup.trade.list_keepers import ListKeepers
from services.discovery.desk import Workshop
from services.enrichment.means import Means
from services.leads.creating import Desk
from shared import settings
from shared.errors import Malformed
from shared.keyfile import keyring
from shared.outbound import Door
from shared.pages.fetcher import Fetcher
from shared.privacy.gate import Gate
from shared.settings import Settings
from shared.spool import Spool
from shared.web.auth import ANONYMOUS, LONGEST_USER_ID

BY = "python"
"""Who acts, for an audit, where a program does."""


class Pool:
    """What the documents call `db_pool`: one for a process, safe for its threads.

    Whoever can open it can read everything, as with the command line: there is no API key.
    """

    def __init__(
        self,
        desk: Desk,
        fetcher: Fetcher,
        local: bool,
        opened: ExitStack,
        discovery: Workshop,
        means: Means,
    ):
        """*opened* closes what the others use; *local* is AUTH_MODE=local."""
        self.desk, self.fetcher, self._local, self._opened = desk, fetcher, local, opened
        self.discovery, self.means = discovery, means

    def tenant(self, user_id: str | None) -> str:
        """Return the account that *user_id* names; with AUTH_MODE=local None is `anonymous`.

        Raises Malformed where it must be named: there is no default account.
        """
        if user_id is None and self._local:
            return ANONYMOUS
        if user_id is None:
            raise Malformed(details={"user_id": "is required unless AUTH_MODE is local"})
        if not 1 <= len(user_id) <= LONGEST_USER_ID or not user_id.isprintable():
            raise Malformed(details={"user_id": f"must have 1 to {LONGEST_USER_ID} characters"})
        return user_id

    def close(self) -> None:
        """Close the connections, and the embedded server if opening had to start it."""
        self._opened.close()

    def __enter__(self) -> "Pool":
        """Return the pool, which the block closes."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()


def open_pool(chosen: Settings | None = None) -> Pool:
    """Return the installation that *chosen* or else the environment describes.

    That is the PostgreSQL of DATABASE_URL or the embedded one under LEADFLY_HOME, which is started
    if it does not run. Close it, or use it in a `with`. Raises SettingsError for a configuration
    that is not usable, Unavailable for a database that is not reachable or not migrated.
    """
    chosen = chosen or settings.load()
    with ExitStack() as opening:
        database = opening.enter_context(as_application(chosen))
        gate, country = Gate(chosen.mode, keyring(chosen)), chosen.default_country
        spool = Spool(chosen.spool_folder)
        opening.callback(spool.close)
        keepers = ListKeepers(database, gate.keyring, chosen.spool_folder)
        opening.callback(keepers.stop)
        keepers.start()
        keeping = Keeping(database, gate, spool, keeps_lists=keepers.keeps)
        desk = Desk(database, gate, country, LeadAdmission(lambda: keeping, country))
        fetcher = Fetcher(Door(chosen.allowed_private_hosts), chosen.about_url)
        opening.callback(fetcher.close)
        discovery = workshop(chosen, database, gate, keeping, fetcher)
        means = Means(chosen, lambda: fetcher)
        return Pool(desk, fetcher, chosen.local, opening.pop_all(), discovery, means)
