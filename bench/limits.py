"""What a rate limit costs, and how far several workers together miss it.

The cost is that of one charge, in one process, against the table that a host's processes share and
against a process's own. The error is that of 1 to 4 workers that ask for one identity as fast as
they can: what they were admitted, against the amount and what the measured time paid.
"""

import multiprocessing
import time
from collections.abc import Sequence
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from shared.rate_limit import WINDOW_NS, Limit
from shared.rate_limits import Charge, RateLimits
from shared.rate_table import OwnTable, SharedTable, Table

CHARGES = 20_000
"""Measured in a row; the best of ROUNDS counts, as the machine has other work."""

ROUNDS = 5

AMOUNT = 6000
"""The limit of a key, a minute."""

WORKERS = (1, 2, 4)

Told = tuple[int, int, int, float, float]
"""Of one worker: how much it was admitted, how often it asked, how often it had to count alone, and
when first and last."""

KEY = b"benchmark".ljust(32, b"\0")


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Print cost and error; *seconds* is the length of each error's run."""
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(dir=home))
    try:
        print(f"{'table':<8}{'admitted':>12}{'refused':>12}   microseconds a charge")
        for name, table in (("shared", SharedTable(folder)), ("own", OwnTable())):
            print(f"{name:<8}{_cost(table, 10**9):>12.1f}{_cost(table, 1):>12.1f}")
        names = f"{'error':>10}{'asked a second':>18}{'alone':>8}"
        print(f"\n{'workers':<8}{'admitted':>12}{'allowed':>12}{names}")
        for workers in WORKERS:
            print(_error(folder / str(workers), workers, seconds))
    finally:
        rmtree(folder)


def _cost(table: Table, amount: int) -> float:
    """Return the microseconds of a charge that *amount* a minute admits, or refuses."""
    rates = RateLimits(table, KEY, 1)
    charge = Charge(Limit("key", amount), str(amount))
    best = min(_took(rates, charge) for _ in range(ROUNDS))
    return best / CHARGES * 1e6


def _took(rates: RateLimits, charge: Charge) -> float:
    started = time.perf_counter()
    for _ in range(CHARGES):
        rates.take([charge])
    return time.perf_counter() - started


def _error(folder: Path, workers: int, seconds: float) -> str:
    """Return a line on *workers* that ask for one identity for so many *seconds*."""
    context = multiprocessing.get_context("spawn")
    told: Queue[Told] = context.Queue()
    begin = context.Barrier(workers)
    running = [
        context.Process(target=_hammer, args=(folder, begin, seconds, told)) for _ in range(workers)
    ]
    for one in running:
        one.start()
    admitted, asked, alone, first, last = zip(*(told.get() for _ in running), strict=True)
    for one in running:
        one.join()
    spent_ns = (max(last) - min(first)) * 1e9
    allowed = AMOUNT + spent_ns / (WINDOW_NS // AMOUNT)
    error = sum(admitted) / allowed - 1
    rate = sum(asked) / seconds
    figures = f"{error:>+10.3%}{rate:>18,.0f}{sum(alone):>8}"
    return f"{workers:<8}{sum(admitted):>12}{allowed:>12.1f}{figures}"


def _hammer(folder: Path, begin: Barrier, seconds: float, told: "Queue[Told]") -> None:
    """Ask for *seconds*; tell how much was admitted and asked, and when first and last."""
    alone: list[int] = []
    rates = RateLimits(SharedTable(folder), KEY, WORKERS[-1], lambda: alone.append(1))
    charge = Charge(Limit("key", AMOUNT), "one")
    begin.wait()
    admitted = asked = 0
    first = last = time.monotonic()
    while time.monotonic() - first < seconds:
        asked += 1
        if rates.take([charge]) is None:
            admitted += 1
            last = time.monotonic()
    told.put((admitted, asked, len(alone), first, last))
