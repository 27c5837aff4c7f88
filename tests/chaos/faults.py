"""Faults for a running LeadFly, and storms of them: random, but the same for the same seed.

Each fault hits real processes and returns how many; it raises NoTarget where there is nothing
to hit just now, because an earlier fault has not been repaired yet, say.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from threading import Event, Thread

import psycopg

from tests.chaos.running import LeadFly, thaw

FREEZE_SECONDS = 5.0
"""How long a frozen PostgreSQL hangs: ten times any budget, so that all of them pass."""

TARGET_SECONDS = 25.0
"""How long a storm waits for something to hit: two of the supervisor's longest pauses."""


class NoTarget(Exception):
    """There is nothing to hit."""


def kill_web_worker(run: LeadFly, rng: random.Random) -> int:
    """Kill -9 one of gunicorn's workers, with the requests it holds."""
    return _strike(rng.choice(run.web_workers() or [0]), signal.SIGKILL)


def kill_web_master(run: LeadFly, rng: random.Random) -> int:
    """Kill -9 gunicorn's master."""
    return _strike(run.master(), signal.SIGKILL)


def terminate_backends(run: LeadFly, rng: random.Random) -> int:
    """End some of the service's connections, as an administrator would."""
    try:
        with psycopg.connect(run.owner, autocommit=True, connect_timeout=2) as conn:
            found = conn.execute(
                "SELECT pid FROM pg_stat_activity "
                "WHERE application_name LIKE 'leadfly%' AND pid <> pg_backend_pid() ORDER BY pid"
            ).fetchall()
            chosen = rng.sample(found, min(len(found), rng.randint(1, 4)))
            for (pid,) in chosen:
                conn.execute("SELECT pg_terminate_backend(%s)", [pid])
    except psycopg.Error as error:
        raise NoTarget from error
    if not chosen:
        raise NoTarget
    return len(chosen)


def stop_postgres(run: LeadFly, rng: random.Random) -> int:
    """Stop PostgreSQL as `pg_ctl stop -m immediate` does: recovery at the next start."""
    return _strike(run.postmaster(), signal.SIGQUIT)


def kill_postmaster(run: LeadFly, rng: random.Random) -> int:
    """Kill -9 the postmaster; its backends live on until they notice."""
    return _strike(run.postmaster(), signal.SIGKILL)


def freeze_postgres(run: LeadFly, rng: random.Random, seconds: float = FREEZE_SECONDS) -> int:
    """Stop every process of PostgreSQL where it stands, and let them go on after *seconds*."""
    if run.postmaster() is None:
        raise NoTarget
    frozen: set[int] = set()
    try:
        # The postmaster may have forked while we walked: look again until nobody is new.
        for _ in range(10):
            fresh = set(run.postgres()) - frozen
            if not fresh:
                break
            frozen |= fresh
            for pid in sorted(fresh):
                _strike(pid, signal.SIGSTOP)
        time.sleep(seconds)
    finally:
        thaw([pid for pid in run.postgres() if pid in frozen])
    return len(frozen)


def kill_reconciler(run: LeadFly, rng: random.Random) -> int:
    """Kill -9 the worker that reconciles the spool."""
    return _strike(run.reconciler(), signal.SIGKILL)


def _strike(pid: int | None, number: signal.Signals) -> int:
    if not pid:
        raise NoTarget
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        raise NoTarget from None
    return 1


Fault = Callable[[LeadFly, random.Random], int]

FAULTS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        kill_web_worker,
        kill_web_master,
        terminate_backends,
        stop_postgres,
        kill_postmaster,
        freeze_postgres,
        kill_reconciler,
    )
}


def schedule(seed: int, count: int) -> list[str]:
    """Return *count* faults in random order, every kind as often as the others (give or take 1)."""
    rng = random.Random(seed)

    def rounds() -> Iterator[list[str]]:
        while True:
            yield rng.sample(sorted(FAULTS), len(FAULTS))

    return list(islice(chain.from_iterable(rounds()), count))


@dataclass
class Storm:
    """A schedule of faults that strikes in a thread of its own until all have landed."""

    run: LeadFly
    seed: int
    names: list[str]
    pauses: tuple[float, float]
    """Shortest and longest pause between two faults, in seconds."""
    landed: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    """Faults that found nothing to hit for TARGET_SECONDS."""

    def __post_init__(self) -> None:
        self._rng, self._stop = random.Random(self.seed), Event()
        self._thread = Thread(target=self._strike_all, name="storm")

    def start(self) -> None:
        """Begin to strike."""
        self._thread.start()

    @property
    def over(self) -> bool:
        """True once every fault has landed or was given up."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Strike no more; return once the last fault is over."""
        self._stop.set()
        self._thread.join()

    def summary(self) -> str:
        """Return what hit, and what found nothing to hit."""
        return f"seed {self.seed}, {self.landed.total()} faults {dict(self.landed)}" + (
            f", no target for {dict(self.missed)}" if self.missed else ""
        )

    def _strike_all(self) -> None:
        for name in self.names:
            if self._stop.wait(self._rng.uniform(*self.pauses)):
                return
            self._strike_once(name)

    def _strike_once(self, name: str) -> None:
        give_up = time.monotonic() + TARGET_SECONDS
        while not self._stop.is_set():
            try:
                FAULTS[name](self.run, self._rng)
            except NoTarget:
                # One miss of a kind that never had a target is enough waiting for it.
                if time.monotonic() > give_up or (self.missed[name] and not self.landed[name]):
                    self.missed[name] += 1
                    return
                self._stop.wait(0.25)
            else:
                self.landed[name] += 1
                return
