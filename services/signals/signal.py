"""What detection finds: signals, candidates that were suppressed, and all of one text.

Pure. The words are the contract's (section 3): signal_type, signal_category, source.
"""

from collections.abc import Iterable
from dataclasses import field
from typing import Literal, NamedTuple

from shared.frozen import frozen

Category = Literal["keyword", "behavior", "content", "form", "search", "social"]
"""How a signal was found: a phrase of a rule (keyword), the model alone (content), or behaviour."""

CONTENT, BEHAVIOUR = "content_analysis", "behavioral_analysis"
"""Where a signal comes from."""


class Span(NamedTuple):
    """Where the evidence stands: from *start* up to, not including, *end*, in code points."""

    start: int
    end: int


@frozen
class Signal:
    """A sign of what somebody needs, true now for the author or the company a text is about."""

    type: str
    """A name of `services.signals.kinds.KINDS`."""
    category: Category
    source: str
    content: str
    """The evidence, word for word; for behaviour the event it was read from."""
    strength: int
    """0 to 100: how much it says, that is confidence times urgency."""
    confidence: float
    """Calibrated probability that a careful reader would see it, 0 to 1."""
    rule: str
    """The rule or the feature that fired."""
    span: Span | None = None
    """None for behaviour."""


@frozen
class Suppressed:
    """A candidate that is no signal, and why."""

    type: str
    content: str
    span: Span
    rule: str
    reason: str
    """In words, with the cue and where it stands: "negated by *do not* at 3"."""


@frozen
class Language:
    """The language of a text."""

    code: str
    """ISO 639-1; `und` where nothing can be told (ISO 639-2)."""
    supported: bool
    """True for the languages that are read in full; of others nothing is guessed."""


@frozen
class Detection:
    """All that one text says."""

    language: Language
    signals: tuple[Signal, ...] = ()
    """The strongest first; at most one of each type."""
    suppressed: tuple[Suppressed, ...] = ()
    individual: bool = False
    """True if the text is about a private person's own finances."""


NOTHING = Detection(Language("und", False))
"""What an empty text says."""


@frozen
class Assessment:
    """The signals of a text and of behaviour together, with what they add up to."""

    detection: Detection
    behaviour: tuple[Signal, ...] = ()
    signal_strength: int = 0
    intent_score: int = 0
    needs_identified: tuple[str, ...] = field(default_factory=tuple)

    @property
    def signals(self) -> tuple[Signal, ...]:
        """Return all signals, those of the text first."""
        return (*self.detection.signals, *self.behaviour)


def by_type(signals: Iterable[Signal], kind: str) -> list[Signal]:
    """Return the signals of one type."""
    return [signal for signal in signals if signal.type == kind]
