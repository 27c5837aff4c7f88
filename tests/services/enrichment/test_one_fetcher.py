"""All services of a process visit hosts by one fetcher, and so one at a time."""

from datetime import UTC, datetime

from services.enrichment import office
from services.signals import app as signals
from shared.web import pages


def test_signals_and_enrichment_fetch_pages_by_the_same_fetcher(app):
    with app.app_context():
        mine = pages.fetcher()

        assert office.desk().means.reach(datetime.now(UTC), 0.0).fetcher is mine
        assert signals._desk().page.__self__ is mine
