"""How much memory signal detection takes: `python -m bench.signal_memory` prints it.

A process of its own, which takes texts as a JSON list from standard input, and imports what detects
only after it has weighed itself.
"""

import gc
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path


def main() -> None:
    """Print the resident memory at the start, once warm, and after the texts were read."""
    texts = json.load(sys.stdin)
    sys.stdout.writelines(f"{mb:8.1f} MB {when}\n" for when, mb in weighed(texts))


def weighed(texts: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Yield moments with the resident memory of this process in MB (10**6 bytes)."""
    yield "Python alone", _resident_mb()
    from services.signals.detection import detect, warm

    warm()
    gc.collect()
    yield "warm", _resident_mb()
    for text in texts:
        detect(text)
    yield f"{len(texts):,} texts read", _resident_mb()


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text().splitlines()
    line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main()
