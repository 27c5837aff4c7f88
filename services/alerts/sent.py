"""The body of a request about alerts, and whose it is."""

from collections.abc import Mapping
from typing import Any

from flask import request

from shared import web
from shared.web.account import NO_BODY, account


def sent(scope: str) -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, once the caller may send one. Raises as `web.caller`."""
    web.caller(None, scope)
    data = web.body()
    return account(scope, data), data


def perhaps_sent(scope: str) -> tuple[str, Mapping[str, Any]]:
    """Return the account and the body, which may be absent. Raises as `web.caller`."""
    web.caller(None, scope)
    data = web.body() if request.content_length else NO_BODY
    return account(scope, data), data
