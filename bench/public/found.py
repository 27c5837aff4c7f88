"""What one method found in a table, or why it found nothing."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """One method on one table."""

    title: str
    labels: bool
    """Whether it was shown the true clusters of the development half."""
    clusters: Sequence[int] = ()
    """A cluster number a row."""
    version: str = ""
    seconds: float = 0.0
    """Of processors; of another library with the start of its process and all imports."""
    failure: str = ""
