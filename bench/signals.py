"""What detecting signals costs: CPU, hostile texts, memory, requests a second.

Times are CPU time of this process. Texts are read in turns; nothing that the model read before is
remembered. Beside each stands what Python's own `re` takes to look for the same phrases.
"""

import gc
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib.resources import files
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from bench.cluster import Cluster, started
from bench.load import TENANT, as_answered, posted
from bench.served import THREADS, WORKERS, Served
from bench.signal_texts import PAGE, hostile, messages, pages
from leadfly.app import GARBAGE
from services.signals import concepts
from services.signals.detection import detect, warm
from services.signals.features import digits_alike
from services.signals.folding import folded, phrase
from services.signals.openapi import PATH
from services.signals.patterns import shaped
from services.signals.phrases import Words, words
from services.signals.segmentation import MOST

TURNS = 5
"""Times that each text is read; the best counts, as the machine has other work."""

MESSAGES, PAGES = 1_000, 100
"""Texts that are timed."""

REMEMBERED = 2_000
"""Messages that a process has read when its memory is weighed."""

SCANNED = 20
"""Texts that `re` is timed on: it takes long."""

SHOWN = 8
"""Hostile texts that are printed, the slowest first."""

MESSAGE_MS, PAGE_MS, PAGE_WORST_MS, PATTERN_MS = 0.3, 2.0, 5.0, 5.0
"""What a message, a page, the worst page and a pattern on 100 KB may take (the service's issue)."""

Work = Callable[[str], object]


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Print all figures; *seconds* is the length of a round of requests, *sizes* stored leads."""
    warm()
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)
    _costs()
    _hostile()
    _memory()
    for cluster in started(home, sizes):
        _requests(cluster, seconds)


def ordinary(path: Path) -> None:
    """Print how many texts of a file without signals, one a line, are told to hold one."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = [(number, detect(line).signals) for number, line in enumerate(lines, 1)]
    told = [(number, signals) for number, signals in found if signals]
    kinds = Counter(signal.type for _, signals in told for signal in signals)
    _print(
        f"{len(told)} of {len(lines)} texts, {len(told) / max(1, len(lines)):.2%}: {dict(kinds)}"
    )
    for number, signals in told:
        _print(f"line {number}: " + ", ".join(f"{s.type} {s.confidence:.0%}" for s in signals))


# CPU ---------------------------------------------------------------------------------------------


def spent(texts: Iterable[str], work: Work) -> list[float]:
    """Return the milliseconds of CPU that *work* takes for each of *texts*."""
    found = []
    for text in texts:
        began = time.process_time_ns()
        work(text)
        found.append((time.process_time_ns() - began) / 1e6)
    return found


def best(texts: Sequence[str], work: Work) -> list[float]:
    """Return for each of *texts* the least of TURNS."""
    turns = [spent(texts, work) for _ in range(TURNS)]
    return [min(ones) for ones in zip(*turns, strict=True)]


def _costs() -> None:
    short, long = messages(), pages(PAGES)
    kinds = (
        ("message", short[:MESSAGES], MESSAGE_MS),
        ("5 KB page", long, PAGE_MS),
        ("hostile 5 KB", list(hostile(PAGE).values()), PAGE_WORST_MS),
    )
    _print(f"{'CPU ms':14}{'best':>9}{'median':>9}{'95 %':>9}{'worst':>9}{'limit':>7}{'re':>9}")
    for name, texts, limit in kinds:
        took = sorted(best(texts, detect))
        beside = median(spent(texts[:SCANNED], scanned))
        figures = (took[0], median(took), took[int(0.95 * len(took))], took[-1])
        _print(f"{name:14}{''.join(f'{f:9.3f}' for f in figures)}{limit:7.1f}{beside:9.2f}")


def scanned(text: str) -> list[str]:
    """Return the phrases of the concepts in *text*, found one by one with `re`."""
    return _phrases().findall(folded(text))


@cache
def _phrases() -> "re.Pattern[str]":
    path = files("services.signals") / "data" / "concepts.txt"
    named = concepts.read(path.read_text(encoding="utf-8"))
    words = {spelling for _, written in named for spelling in phrase(written.strip("*"))}
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


# Hostile texts -----------------------------------------------------------------------------------


def _hostile() -> None:
    texts = hostile(MOST)
    works: tuple[tuple[str, Work, dict[str, str], float | None], ...] = (
        ("patterns.shaped", shaped, texts, PATTERN_MS),
        ("mentions", _mentioned, _all_folded(texts), PATTERN_MS),
        ("detect", detect, texts, None),
    )
    for name, work, sent, limit in works:
        allowed = f", limit {limit} ms" if limit else ""
        _print(f"\n{name} on hostile texts of {MOST:,} code points, CPU ms{allowed}")
        took = zip(best(list(sent.values()), work), sent, strict=True)
        for ms, called in sorted(took, reverse=True)[:SHOWN]:
            _print(f"{ms:9.2f}  {called}{'  OVER' if limit and ms > limit else ''}")


def _mentioned(folded_text: str) -> object:
    return concepts.lexicon().places(folded_text, _words(folded_text))


@cache
def _words(folded_text: str) -> Words:
    return words(digits_alike(folded_text))


def _all_folded(texts: dict[str, str]) -> dict[str, str]:
    return {name: folded(text) for name, text in texts.items()}


# Memory and requests -----------------------------------------------------------------------------


def _memory() -> None:
    command = [sys.executable, "-m", "bench.signal_memory"]
    sent = json.dumps(messages()[:REMEMBERED])
    done = subprocess.run(command, input=sent, capture_output=True, text=True, check=True)
    _print(f"\nresident memory\n{done.stdout.rstrip()}")


def _requests(cluster: Cluster, seconds: float) -> None:
    """Print how many requests a second a server answers, beside one that it answers at once."""
    log = cluster.home / "signals.log"
    served = Served("leadfly.app:served()", log, LEADFLY_HOME=str(cluster.home))
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            for name, requests in (("detection", _detections()), ("liveness", _alive())):
                for _ in range(2):  # the first round warms
                    before = served.cpu_seconds()
                    arguments = (served.port, requests, WORKERS * THREADS, seconds)
                    timings = pool.submit(as_answered, *arguments).result()
                    cpu = served.cpu_seconds() - before
                count = max(1, len(timings.latencies_ms))
                _print(
                    f"{name:10}{timings.rate:8.0f} requests/s, {WORKERS} workers, p50 "
                    f"{timings.percentile(0.5):.1f} ms, p99 {timings.percentile(0.99):.1f} ms, "
                    f"CPU {cpu / count * 1e3:.2f} ms each, {timings.failures} failures"
                )
        _print(f"workers {', '.join(f'{rss:.0f} MB' for rss, _ in served.memory_mb())}")
    finally:
        served.stop()


def _detections() -> list[bytes]:
    return [posted(PATH, {"user_id": TENANT, "content": text}) for text in messages()]


def _alive() -> list[bytes]:
    return [b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"] * len(messages())


def _print(text: str) -> None:
    print(text, flush=True)
