"""What callers are answered of keys and scopes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.seen.claim import KEPT, Answer, Standing
from services.seen.counting import Count
from services.seen.scope import MOST_SCOPES, Scope
from shared.errors import Conflict, ServiceError

Fault = Callable[[ServiceError], dict[str, Any]]
"""Renders an error as the envelope's `error`."""

FULL = f"cannot be opened: the account has {MOST_SCOPES} scopes in use"


def seen(found: Answer) -> dict[str, Any]:
    """Return what the webhook answers of a key; only who has it is told its claim."""
    result, standing = found
    claim = {"claim_id": standing.claim_id} if result == KEPT else {}
    return {"success": True, "result": result, **_times(standing), **claim}


def seen_or_fault(found: Answer | None) -> dict[str, Any]:
    """Return what the webhook answers of a key. Raises Conflict where its scope is one too many."""
    if found is None:
        raise Conflict(details={"scope": FULL})
    return seen(found)


def confirmed(found: Standing | ServiceError) -> dict[str, Any]:
    """Return what is answered of a hold that is confirmed. Raises what *found* is, if an error."""
    if isinstance(found, ServiceError):
        raise found
    return {"success": True, "result": "confirmed", **_times(found)}


def released(word: str) -> dict[str, Any]:
    """Return what is answered of a key that is free again."""
    return {"success": True, "result": word}


def results(
    came: Sequence[tuple[Any, Any]], shown: Callable[[Any], Mapping[str, Any]], fault: Fault
) -> list[dict[str, Any]]:
    """Return one answer an item, under its own name; a faulty one answers with its error."""
    return [{"id": name, **_one(found, shown, fault)} for name, found in came]


def scope(stored: Scope, count: Count | None = None) -> dict[str, Any]:
    """Return what is shown of a scope, with about how many keys it has if that is asked."""
    counted = {"keys": count.keys, "keys_exact": count.exact} if count else {}
    return {
        "id": stored.id,
        "scope": stored.name,
        "created_at": stored.created_at,
        **counted,
    }


def _one(found: Any, shown: Callable[[Any], Mapping[str, Any]], fault: Fault) -> Mapping[str, Any]:
    try:
        if isinstance(found, ServiceError):
            raise found
        return shown(found)
    except ServiceError as error:
        return {"success": False, "error": fault(error)}


def _times(standing: Standing) -> dict[str, Any]:
    return {
        "first_seen_at": standing.first_seen_at,
        "expires_at": standing.lasts_until,
        "held_until": standing.expires_at if standing.is_held else None,
    }
