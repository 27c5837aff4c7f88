"""The worker's threads that work off discoveries, and what they need."""

from collections.abc import Callable
from functools import partial

from leadfly.lead_admission import LeadAdmission
from leadfly.lead_investigations import LeadInvestigations
from services.dedup.admission import Keeping
from services.discovery.desk import Desk, Workshop
from services.discovery.discovering import follow
from shared.db import Database
from shared.outbound import Door
from shared.pages.fetcher import Fetcher
from shared.pages.reader import Reader
from shared.privacy.gate import Gate
from shared.settings import Settings
from shared.spool import Spool

RUNNERS = 2
"""Discoveries at a time, of different accounts: they mostly wait for the network."""

CONNECTIONS = 2 * RUNNERS + 1
"""To the database: two for each runner, which works and says that it does, and one that their
sources share."""


MOST_PAGES = 64
"""Fetched at a time: a directory of 50 sites has one of each under way."""

READER_SECONDS = 10.0
"""How long a page may wait to be read: so many come at once, and no request waits for them."""


def workshop(
    settings: Settings, database: Database, gate: Gate, keeping: Keeping, fetcher: Fetcher
) -> Workshop:
    """Return what discoveries are worked off with, for whoever keeps leads by *keeping*."""
    country = settings.default_country
    known = LeadInvestigations(database, gate, country)
    return Workshop(
        Desk(database, gate, country, known),
        settings,
        Door(settings.allowed_private_hosts),
        fetcher,
        LeadAdmission(lambda: keeping, country),
    )


def loops(
    settings: Settings, database: Database, gate: Gate, spool: Spool
) -> list[Callable[..., object]]:
    """Return the loops that work off discoveries; what they share lives as long as the process."""
    door = Door(settings.allowed_private_hosts)
    reader = Reader(wait_seconds=READER_SECONDS)
    fetcher = Fetcher(door, settings.about_url, reader, most_pages=MOST_PAGES)
    shop = workshop(settings, database, gate, Keeping(database, gate, spool), fetcher)
    return [partial(follow, shop)] * RUNNERS
