"""Each fault strikes what it names, and everything is up again within 10 s."""

import os
import random
import time

import pytest

from tests.chaos.faults import FAULTS, FREEZE_SECONDS, freeze_postgres, schedule
from tests.chaos.running import soon
from tests.chaos.test_chaos import answers_checked

RESTART_SECONDS = 10.0
"""How long the supervisor may take to bring up again what died."""


def stands(run):
    """Return the process ids of everything that must run."""
    return {
        "master": run.master(),
        "workers": tuple(sorted(run.web_workers())),
        "postmaster": run.postmaster(),
        "reconciler": run.reconciler(),
    }


STRUCK = {
    "kill_web_worker": "workers",
    "kill_web_master": "master",
    "stop_postgres": "postmaster",
    "kill_postmaster": "postmaster",
    "kill_reconciler": "reconciler",
}
"""Which part is another process after the fault."""


@pytest.mark.parametrize("name", FAULTS)
def test_everything_is_up_again_within_10_s_of_a_fault(leadfly, seed, name, report):
    assert soon(lambda: answers_checked(leadfly.port), 30), leadfly.said()
    before = stands(leadfly)

    hit = FAULTS[name](leadfly, random.Random(seed))
    struck_at = time.monotonic()

    def whole():
        now = stands(leadfly)
        part = STRUCK.get(name)
        replaced = part is None or (now[part] and now[part] != before[part])
        return replaced and all(now.values()) and answers_checked(leadfly.port)

    assert hit >= 1
    again = soon(whole, RESTART_SECONDS)
    report(f"{'up again' if again else 'NOT up'} after {time.monotonic() - struck_at:.1f} s")
    assert again, f"{stands(leadfly)}\n{leadfly.said()}"


def test_a_frozen_postgres_stands_still_and_goes_on(leadfly, seed):
    assert soon(lambda: answers_checked(leadfly.port), 30), leadfly.said()
    began = time.monotonic()

    hit = freeze_postgres(leadfly, random.Random(seed), seconds=0.5)

    assert hit > 5
    assert 0.5 <= time.monotonic() - began < FREEZE_SECONDS
    assert soon(lambda: answers_checked(leadfly.port), RESTART_SECONDS)


def test_the_processes_found_are_ours(leadfly):
    # Whoever hits what is found here must never hit the one who strikes.
    found = {leadfly.master(), *leadfly.web_workers(), *leadfly.postgres()}

    assert leadfly.postmaster() in found
    assert not found & {os.getpid(), os.getppid(), 1}


def test_a_schedule_is_the_same_for_the_same_seed_and_forgets_no_fault():
    first, again, other = schedule(1, 21), schedule(1, 21), schedule(2, 21)

    assert first == again != other
    assert all(first.count(name) == 3 for name in FAULTS)
