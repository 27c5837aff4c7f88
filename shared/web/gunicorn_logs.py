"""Gunicorn's own logs in our form: `logger_class = "shared.web.gunicorn_logs.Logger"`.

Gunicorn quotes the request line and headers it could not read; those may hold
a key or an address. There is no access log: `shared.web.logs` writes that line.
"""

import logging
from typing import Any

from gunicorn.glogging import Logger as GunicornLogger  # type: ignore[import-untyped] # no stubs

from shared.web.logs import Lines


class Logger(GunicornLogger):
    """Gunicorn's logger with its handlers' formatter exchanged."""

    def setup(self, cfg: Any) -> None:
        """Set up as Gunicorn does, then speak our form."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Lines("gunicorn"))
        self.access_log.handlers.clear()
        self.access_log.addHandler(logging.NullHandler())
