"""What one type of signal is: its names, its needs and its rules. A new type is one file beside."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of signal."""

    name: str
    """As `signal_type` says it."""
    group: str
    """Its key in the answer of `detect_all_signals`."""
    need: str
    """What `needs_identified` says of a business with it."""
    personal_need: str
    """The same for a private person."""
    intent: float
    """How much of a signal's strength counts as the wish to buy something now, 0 to 1."""
    triggers: tuple[str, ...]
    """Rules: concepts that make a candidate when one clause holds all of them, as `WANT+FINANCE`;
    concepts are those of `data/concepts`."""
    pages: tuple[str, ...] = ()
    """Words of addresses and searches that tell of it in behaviour."""
