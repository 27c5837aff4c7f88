"""A key in the words of an answer."""

from datetime import datetime

from shared.api_key import SCOPES, ApiKey


def described(key: ApiKey, now: datetime) -> dict[str, object]:
    """Return what may be told of *key* at *now*: never its digest, nor a signing key's secret."""
    return {
        "prefix": key.prefix,
        "kind": key.kind,
        "name": key.name,
        "scopes": [scope for scope in SCOPES if scope in key.scopes],
        "source_id": key.source_id,
        "origins": sorted(key.origins),
        "usable": key.usable(now),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
    }
