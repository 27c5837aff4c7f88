"""An account whose people withdraw, and the database as its owner sees it."""

import psycopg
import pytest

from tests.services.privacy.withdrawing_account import Withdrawing


@pytest.fixture
def mine(app, user_id):
    return Withdrawing(app, user_id)


@pytest.fixture
def owner(owner_conninfo):
    with psycopg.connect(owner_conninfo, autocommit=True) as conn:
        yield conn
