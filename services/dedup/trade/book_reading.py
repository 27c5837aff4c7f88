"""Reading the book: the terms of an account from what is stored of them."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import time
from typing import Any

from services.dedup.trade.terms import SETTINGS, Book, Cap, Lookback, Opening, Scope, Terms
from services.dedup.trade.terms_store import Stored

log = logging.getLogger(__name__)


def book(rows: Iterable[Stored], earlier: Book) -> Book:
    """Return the account's terms; for a scope that makes no sense, *earlier* stands."""
    by_scope = {}
    for row in rows:
        scope = Scope(row.source_id, row.buyer_id, row.campaign_id)
        try:
            by_scope[scope] = read(row.settings)
        except Exception as error:
            log.error("terms make no sense; those before them stand", exc_info=error)
            if scope in earlier.by_scope:
                by_scope[scope] = earlier.by_scope[scope]
    return Book(by_scope)


def read(settings: Mapping[str, Any]) -> Terms:
    """Return the terms that *settings*, as they are stored, say. Raises for what makes no sense.

    What another version than ours has set, and we do not know, is ignored.
    """
    said = {name: settings[name] for name in SETTINGS if settings.get(name) is not None}
    for name, read_one in LISTED.items():
        if name in said:
            said[name] = tuple(read_one(each) for each in said[name])
    return Terms(**said)


def _lookback(rule: Mapping[str, Any]) -> Lookback:
    return Lookback(**{**rule, "keys": tuple(rule["keys"]), "sources": tuple(rule["sources"])})


def _opening(opening: Mapping[str, str]) -> Opening:
    return Opening(opening["day"], _moment(opening["begins"]), _moment(opening["ends"]))


def _moment(text: str) -> time:
    """Return the time of day of "HH:MM"; 24:00 is midnight, as in ISO 8601."""
    hours, minutes = text.split(":")
    return time(int(hours) % 24, int(minutes))


LISTED: Mapping[str, Callable[[Any], Any]] = {
    "lookback": _lookback,
    "caps": lambda cap: Cap(**cap),
    "schedule": _opening,
    "return_reasons": str,
}
"""How one of each setting that is a list is read."""
