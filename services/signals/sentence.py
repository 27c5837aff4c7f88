"""One sentence as rules and the model read it.

Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.signals.concepts import Mention
from services.signals.signal import Span
from shared.frozen import frozen


@frozen
class Cue:
    """What speaks against a candidate."""

    said: str
    """How a reason begins: "negated by"."""
    mention: Mention


@frozen
class Candidate:
    """A place where a rule fires."""

    kind: str
    rule: str
    """The trigger, as `WANT+FINANCE`."""
    span: Span
    cue: Cue | None = None
    """What speaks against it."""

    @property
    def against(self) -> str:
        """Return the concept of its cue, if it has one."""
        return self.cue.mention.concept if self.cue else ""


@dataclass(slots=True)
class Sentence:
    """A sentence with all that stands in it."""

    span: Span
    words: set[str] = field(default_factory=set)
    """Of `features.words`."""
    named: set[str] = field(default_factory=set)
    """Its other features."""
    mentions: Sequence[Mention] = field(default_factory=list)
    """By where they begin."""
    candidates: list[Candidate] = field(default_factory=list)
    """At most one of each type."""
