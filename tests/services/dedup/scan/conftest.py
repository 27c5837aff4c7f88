"""An account with a past."""

import pytest

from services.dedup.scan.scanning import Desk
from tests.services.dedup.scan.past import Past


@pytest.fixture
def past(app, database, worker_database, gate, user_id):
    return Past(app, database, gate, Desk(worker_database, gate), user_id)
