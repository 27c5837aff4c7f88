"""What commands say to the person at the terminal: their output, not a log."""

import sys
from contextlib import suppress


def say(text: str) -> None:
    """Print *text* at once; a terminal that is gone is no reason to fail."""
    with suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
