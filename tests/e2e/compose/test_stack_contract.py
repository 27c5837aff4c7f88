"""The public cases L1 to L12 again: through the proxy, with API keys, on two of each service."""

import pytest

from tests.e2e.compose.doors import Door
from tests.services.dedup.test_contract import *  # noqa: F403 # the same claims at another door


@pytest.fixture
def user_id(account):
    return account[0]


@pytest.fixture
def client(stack, account):
    return Door(stack.url, *account)


@pytest.fixture
def post(client):
    return client.lead
