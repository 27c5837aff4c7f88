"""The services and the worker as they are, in processes that log everything."""

import logging

import leadfly.app
from leadfly import worker
from shared import settings
from shared.web import logs

TALKATIVE = ("leadfly", "services", "shared", "psycopg", "urllib3", "flask", "werkzeug", "yoyo")


def served():
    """Return the app for gunicorn."""
    app = leadfly.app.served()
    logs.configure("leadfly", logging.DEBUG)
    return app


def work():
    """Run the worker until it is stopped."""
    for name in TALKATIVE:  # the worker sets the level of the rest
        logging.getLogger(name).setLevel(logging.DEBUG)
    worker.run(settings.load())


if __name__ == "__main__":
    work()
