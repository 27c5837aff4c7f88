"""Signals of texts and behaviour, found from Python: no database, nothing is kept."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from services.signals import model as models
from services.signals.answer import grouped
from services.signals.behaviour import behaviour_signals
from services.signals.behaviour_event import read
from services.signals.detection import detect
from services.signals.kinds import KINDS
from services.signals.reading import MOST_READ
from services.signals.scoring import assessed, calculate_signal_strength

Metadata = Mapping[str, Any] | None
"""`behavior`: events as POST /webhook/leadfly/signal-detection takes them. Other names say nothing
here."""

Signals = list[dict[str, Any]]
"""Each as an item of `signals` in that route's answer."""


class LeadSignalDetector:
    """Finds what a text and behaviour say that somebody needs; safe for threads."""

    def __init__(self, model_file: Path | str | None = None):
        """*model_file* is one of `leadfly signals train`; absent, the shipped model decides.

        Raises UnknownModel or OSError for a file that is none.
        """
        chosen = models.read(Path(model_file)) if model_file else models.shipped()
        self._detect = partial(detect, model=chosen)

    def detect_all_signals(
        self, content: str = "", metadata: Metadata = None
    ) -> dict[str, Signals]:
        """Return all signals: loan_signals, consulting_signals, financial_distress, …

        Of *content* MOST_READ code points are read.
        """
        events = read((metadata or {}).get("behavior")).events
        behaviour = behaviour_signals(events, datetime.now(UTC), self._detect)
        return grouped(assessed(self._detect((content or "")[:MOST_READ]), behaviour))

    def detect_loan_signals(self, content: str = "", metadata: Metadata = None) -> Signals:
        """Return the signals that money from outside is wanted."""
        return self._of("loan_need", content, metadata)

    def detect_consulting_signals(self, content: str = "", metadata: Metadata = None) -> Signals:
        """Return the signals that outside expertise is looked for."""
        return self._of("consulting_need", content, metadata)

    def detect_financial_distress(self, content: str = "", metadata: Metadata = None) -> Signals:
        """Return the signals that obligations cannot be met, or that this is near."""
        return self._of("financial_distress", content, metadata)

    def detect_growth_signals(self, content: str = "", metadata: Metadata = None) -> Signals:
        """Return the signals that a business grows."""
        return self._of("growth", content, metadata)

    def detect_expansion_signals(self, content: str = "", metadata: Metadata = None) -> Signals:
        """Return the signals that new ground is entered or firmly planned."""
        return self._of("expansion", content, metadata)

    def calculate_signal_strength(
        self,
        signals: Iterable[Mapping[str, Any]] | Mapping[str, Iterable[Mapping[str, Any]]],
    ) -> int:
        """Return how strong *signals* are together, 0 to 100: one list of them, or several."""
        return calculate_signal_strength(signals)

    def _of(self, kind: str, content: str, metadata: Metadata) -> Signals:
        return self.detect_all_signals(content, metadata)[KINDS[kind].group]
