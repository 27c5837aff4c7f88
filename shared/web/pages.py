"""Pages, as the running app fetches them: one fetcher for all services of a process.

Several would each keep their own pauses, and a host be visited by two at a time.
"""

import weakref
from typing import cast

from flask import current_app

from shared import web
from shared.outbound import Door
from shared.pages.fetcher import Fetcher

FETCHER = "leadfly.fetcher"
"""Where it stands in `app.extensions`."""


def fetcher() -> Fetcher:
    """Return what fetches pages in this process, made when it is first needed."""
    known = current_app.extensions.get(FETCHER)
    return cast(Fetcher, known or current_app.extensions.setdefault(FETCHER, _new()))


def _new() -> Fetcher:
    """Return a fetcher whose processes end when nobody has it any more, at the latest with ours."""
    chosen = web.settings()
    made = Fetcher(Door(chosen.allowed_private_hosts), chosen.about_url)
    weakref.finalize(made, made.reader.close)
    return made
