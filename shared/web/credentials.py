"""What a request shows for itself: an API key, a signature over its body, or both.

A key travels as X-API-Key or Authorization: Bearer; a publishable one, which is public anyway,
also as `key` in the address, for forms that cannot set headers. A signature is that of Standard
Webhooks; its sender names the signing key as `signed_by` in the address, or as webhook-key.
Whatever is wrong with any of it, the answer is the same. The token of a source is the last part of
its address, `/in/{token}`, and nothing else that such a request carries is a credential of ours.
"""

from datetime import UTC, datetime

from shared import issuing
from shared.api_key import BEGINNINGS, INTAKE, SECRET, ApiKey, KnownKey
from shared.errors import Malformed, NotFound, Unauthenticated
from shared.idempotency import apart
from shared.signature import BadSignature, verified
from shared.web.body import raw_body
from shared.web.context import context, notes, running

KEY, SIGNED_BY = "key", "signed_by"
"""Names in the address."""

SIGNED = ("HTTP_WEBHOOK_ID", "HTTP_WEBHOOK_TIMESTAMP", "HTTP_WEBHOOK_SIGNATURE")
"""WSGI names of the headers of Standard Webhooks."""

SIGNER = "HTTP_WEBHOOK_KEY"
"""WSGI name of the header that names a signing key."""

SOURCE_RULE = "/in/<token>"
"""The rule of the addresses of sources."""

IN_ADDRESS = (
    "is a secret key: an address is logged on its way, so revoke this key, and send the next one "
    "as X-API-Key or Authorization: Bearer"
)


def shown() -> ApiKey | KnownKey:
    """Return the usable key that the request carries or, without one, is signed with.

    Raises the same Unauthenticated for none, two, an unknown and an expired one; Unavailable for
    one that nobody knows while the database is away; Malformed for a secret key in the address.
    """
    key: ApiKey | KnownKey | None = notes().get("key")
    if key is None:
        key = notes().key = _sent() or signer()
        if key is None:
            raise Unauthenticated
    return key


def named_in_address() -> ApiKey | KnownKey | None:
    """Return the usable key that the address names: all that a preflight tells. Else None.

    The database is not asked: nobody is counted for a preflight, so it must cost next to nothing.
    A key that was made in the last few seconds may not be known yet.
    """
    sent = in_address(KEY)
    return context().key_cache.recognised(sent[0]) if len(sent) == 1 else None


def signer() -> ApiKey | KnownKey | None:
    """Return the key that the request was verified to be signed with, None if it is unsigned."""
    key: ApiKey | KnownKey | None = notes().get("signer")
    return key


def message_key() -> str | None:
    """Return what tells a signed request from all others, its replays aside; else None.

    No caller can send it as an idempotency key, so nobody else is repeated or refused by it.
    """
    key = signer()
    return apart("signed", key.prefix, running().environ[SIGNED[0]]) if key else None


def verify_signature() -> None:
    """Note who signed the request, if it says that somebody did.

    Before anything is parsed: what is verified are the bytes as they came. Raises Unauthenticated
    unless all of it is right, Unavailable for a key that nobody knows while the database is away.
    """
    if source_token() is not None:
        return  # a sender's own signature is verified with its source's secret
    named, environ = _signers(), running().environ
    if not named and SIGNED[2] not in environ:
        return
    texts = [environ[name] for name in SIGNED if name in environ]
    key = context().key_cache.signer(named.pop()) if len(named) == 1 else None
    keyring = context().keyring
    if key is None or keyring is None or len(texts) != len(SIGNED):
        raise Unauthenticated
    try:
        message_id, timestamp, signature = texts
        known = [issuing.secret(keyring, key)]
        verified(known, message_id, timestamp, signature, raw_body(), datetime.now(UTC))
    except BadSignature:
        raise Unauthenticated from None
    notes().signer = key


def in_address(name: str) -> list[str]:
    """Return the values of *name* in the address, in order."""
    request = running()
    # Most addresses have no query, and to parse one costs more than to look.
    return request.args.getlist(name) if name in request.environ.get("QUERY_STRING", "") else []


def source_token() -> str | None:
    """Return what stands where an address of a source has its token, None at other addresses."""
    request = running()
    at_source = request.url_rule is not None and request.url_rule.rule == SOURCE_RULE
    return str((request.view_args or {})["token"]) if at_source else None


def opened_source() -> ApiKey | KnownKey:
    """Return the usable token of the address that was asked, and note who calls.

    Raises the same NotFound for an unknown, expired or revoked one and for keys of other kinds;
    Unavailable for one that nobody knows while the database is away.
    """
    key = context().key_cache.holder(source_token() or "")
    if key is None or key.kind != INTAKE:
        raise NotFound
    noted = notes()
    noted.key, noted.tenant_id, noted.key_prefix, noted.key_kind = (
        key,
        key.tenant_id,
        key.prefix,
        key.kind,
    )
    return key


def recognised() -> bool:
    """True if the request is no stranger's, as far as is known without asking the database.

    It carries a secret key, or comes to the address of a source.
    """
    token = source_token()
    if token is not None:
        opens = context().key_cache.recognised(token)
        return opens is not None and opens.kind == INTAKE
    sent = _texts()
    key = context().key_cache.recognised(sent.pop()) if len(sent) == 1 else None
    return key is not None and key.kind == SECRET


def _sent() -> ApiKey | KnownKey | None:
    """Return the usable key that the request carries, None if it carries none at all."""
    sent = _texts()
    if not sent:
        return None
    key = context().key_cache.holder(sent.pop()) if len(sent) == 1 else None
    signed = signer()
    if key is None or (signed is not None and signed.tenant_id != key.tenant_id):
        raise Unauthenticated
    return key


def _texts() -> set[str]:
    """Return every different text that is sent as a key."""
    public = in_address(KEY)
    if any(text.startswith(BEGINNINGS[SECRET]) for text in public):
        raise Malformed(details={KEY: IN_ADDRESS})
    named = running().environ.get("HTTP_X_API_KEY")
    return {text for text in (named, _bearer(), *public) if text is not None}


def _bearer() -> str | None:
    """Return the token of `Authorization: Bearer`; other schemes may be a proxy's own."""
    scheme, _, token = running().environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _signers() -> set[str]:
    """Return every different prefix that is said to be the signer's."""
    header = running().environ.get(SIGNER)
    return {*in_address(SIGNED_BY), *(() if header is None else (header,))}
