"""A real nginx, as the compose file configures it, before the services as the image has them.

`make test-slow-clients` installs nginx where it can; without one these tests fail.
"""

import pytest

from bench.proxied import Nginx
from tests.security.conftest import guarded_app, gunicorn, ours

__all__ = ["guarded_app", "gunicorn", "ours"]


@pytest.fixture(scope="session")
def nginx(gunicorn, tmp_path_factory):
    proxy = Nginx(gunicorn.port, tmp_path_factory.mktemp("nginx"))
    yield proxy
    proxy.stop()
