"""Waiting for what n8n's clock, or a job of the services, does in its own time."""

import time

MOST_SECONDS = 30
"""How long a run that the clock starts may be in coming, on a busy machine."""


def wait_for(condition):
    give_up = time.monotonic() + MOST_SECONDS
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.2)
