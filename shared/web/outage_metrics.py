"""What an outage looks like: is the database away, and how much waits for it in this host's spool?

Nothing is lost as long as the conservation law holds. Of the leads that could not be stored at
once:

    received = stored + dead + told to retry + still waiting

*Received* is `leadfly_checks_skipped_total` of the reasons `database`, `error`, `limited` (a lead
form's, beyond a rate limit) and `refused`; of them, `refused` are those *told to retry*. *Stored*
is the sum of `leadfly_reconciled_total`, *dead* is `leadfly_spool_dead`, and
`leadfly_spool_waiting` is 0 when an outage has been worked off. The counters begin anew when the
installation starts, the spool does not: compare what each has grown by. A process that is killed
between storing a lead and settling it stores it once and counts it again: *stored* may exceed by as
much, and never fall short.
"""

import logging
from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from shared.spool import Spool, SpoolUnavailable
from shared.web.metrics import state

log = logging.getLogger(__name__)


class SpoolGauges(Collector):
    """Reads the spool when somebody asks: its processes share one, so none has to count."""

    def __init__(self, spool: Spool):
        """*spool* is this host's."""
        self._spool = spool

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Yield nothing: the names are known when they are read."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield what the spool holds, or nothing if it cannot be read: absence is an alarm too."""
        try:
            depth = self._spool.depth()
        except SpoolUnavailable:
            log.error("the spool cannot be read")
            return
        for name, value, help_text in (
            ("waiting", depth.waiting, "Leads in the spool that are to be stored and checked."),
            ("oldest_seconds", depth.oldest_seconds, "How long the oldest of them has waited."),
            ("dead", depth.dead, "Leads in the spool that failed too often: a person must look."),
            ("bytes", depth.bytes, "Size of the spool with its journal."),
        ):
            yield GaugeMetricFamily(f"leadfly_spool_{name}", help_text, value)


DATABASE_AWAY = state("leadfly_database_away", "1 while a process cannot reach the database.")
