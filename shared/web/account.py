"""Whose data is asked for, where the body may say it as well as the query."""

from collections.abc import Mapping
from typing import Any

from shared.errors import Malformed
from shared.web import credentials
from shared.web.limits import caller
from shared.web.query import Account, query, undecoded

NO_BODY: Mapping[str, Any] = {}
"""What a request without a body says."""


def named(data: Mapping[str, Any], kinds: tuple[str, ...]) -> str | None:
    """Return the account that body *data* or the address name; None if neither does.

    For routes whose address says other things, too. Raises Malformed if they name two, or one that
    is not UTF-8, and as `caller` does if the address names another than the caller's.
    """
    said, asked = data.get("user_id"), set(credentials.in_address("user_id"))
    if asked and "user_id" in (faults := undecoded()):
        raise Malformed(details={"user_id": faults["user_id"]})
    for name in asked:
        caller(name, kinds=kinds)
    if len(asked | ({said} if isinstance(said, str) else set())) > 1:
        raise Malformed(details={"user_id": "is named twice, and not the same"})
    return said if said is not None or not asked else asked.pop()


def account(scope: str, data: Mapping[str, Any] = NO_BODY) -> str:
    """Return the tenant that query or body *data* name, once the caller may ask.

    Raises as `caller` does, and Malformed if the two name different ones.
    """
    caller(None, scope)  # a stranger does not hear what is wrong with the query
    named, asked = data.get("user_id"), query(_ACCOUNT).get("user_id")
    if named is not None and asked not in (None, named):
        raise Malformed(details={"user_id": "body and query name two accounts"})
    return caller(asked if named is None else named, scope)


_ACCOUNT = Account()
