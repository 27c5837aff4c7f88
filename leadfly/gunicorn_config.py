"""What gunicorn's master does before its workers: it loads what every one of them needs.

They are forked from it, so it is loaded once and shared, and a worker that takes the place of a
dead one serves at once. Nothing that forking would spoil is made here: connections and threads are
made by each worker (`leadfly.app.served`).
"""

import gc
from typing import Any


def on_starting(server: Any) -> None:
    """Load code and tables; gunicorn calls this once, before it forks."""
    from leadfly import app

    app.warm()
    gc.collect()
    gc.freeze()  # pages that no collection writes to stay shared
