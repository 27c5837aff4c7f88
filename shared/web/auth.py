"""Who is calling, and may they? Fails closed.

Local mode trusts this machine, and only this machine: the peer is loopback, no
proxy stands between, and the request was addressed to a loopback name. The last
two keep out a forgotten reverse proxy and a web page that rebinds its own name
to 127.0.0.1 (DNS rebinding) or posts across sites.
Keys mode wants an API key, or a signature where the route takes one; its tenant is
the caller. `shared.web.credentials` reads them.
"""

import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask

from shared.account_name import ANONYMOUS, LONGEST_USER_ID
from shared.api_key import INTAKE, PUBLISHABLE, SECRET, SIGNING, ApiKey, KnownKey
from shared.errors import Forbidden, Malformed
from shared.settings import is_loopback
from shared.web import cors, credentials
from shared.web.context import notes, running, settings

LOCAL = "local"
"""Who acts where no key is asked for."""

FORWARDING_HEADERS = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_REAL_IP",
)
"""WSGI names of the headers by which a proxy betrays itself (RFC 7239 and its forerunners)."""

OPEN_ENDPOINTS = frozenset({"health.healthz", "health.readyz"})
"""Routes that tell everyone the same and nothing of anyone."""


SERVERS = (SECRET,)
"""The kinds of keys that a route takes unless it says otherwise."""

SIGNERS = (SECRET, SIGNING)
"""Of routes that take in leads under names of their own, so that a replay changes nothing."""

EVERYBODY = (SECRET, SIGNING, PUBLISHABLE)
"""Of the route that a page may post one lead to."""

SUBMITTING = "write:leads"
"""What a publishable key amounts to, though it has no scope."""


class KeyOfAPage(Forbidden):
    """A publishable key only submits single leads of its source, from the pages of its origins."""


class KeyOfASigner(Forbidden):
    """A signature alone does not open this: it covers no address. Send an API key."""


class KeyOfASource(Forbidden):
    """The token of a source opens its own address, /in/…, and nothing else."""


def caller(user_id: str | None, scope: str | None = None, kinds: tuple[str, ...] = SERVERS) -> str:
    """Return the tenant on whose behalf the request comes.

    *user_id* is what body or query say; absent, it is `anonymous` in local mode and
    the key's tenant otherwise. *kinds* are the kinds of keys that may ask. Raises Unauthenticated,
    Forbidden (another kind, no such *scope*, or another tenant's key) or Malformed (*user_id* is no
    text of 1 to 128 characters, or blank).
    """
    if settings().local:
        tenant_id = ANONYMOUS if user_id is None else _valid(user_id)
    else:
        tenant_id = _tenant_of_key(user_id, scope, kinds)
    notes().tenant_id = tenant_id
    return tenant_id


def admit(kinds: tuple[str, ...]) -> None:
    """Return if a key of *kinds* asks, or anybody in local mode; raise as `caller` does.

    For before the body is read: a stranger does not hear what is wrong with it, and a page does.
    """
    if not settings().local:
        _tenant_of_key(None, None, kinds)


def page_key() -> ApiKey | KnownKey | None:
    """Return the publishable key of the page that posts, None for any other caller.

    Known once `caller` was asked, which has seen to it that the page may.
    """
    key: ApiKey | KnownKey | None = notes().get("page_key")
    return key


def granted() -> frozenset[str] | None:
    """Return what the caller's key may do; None in local mode, where callers may do everything."""
    return None if settings().local else credentials.shown().scopes


def acting() -> str:
    """Return who sends this request, for an audit: the prefix of its API key, or `local`.

    Known once `caller` was asked.
    """
    return str(notes().get("key_prefix", LOCAL))


def install(app: Flask) -> None:
    """Refuse, in local mode, whatever did not come straight from this machine.

    In keys mode, refuse whatever says that it is signed and is not.
    """

    @app.before_request
    def guard() -> None:
        if not settings().local:
            credentials.verify_signature()
        elif running().endpoint not in OPEN_ENDPOINTS:
            refuse_strangers()


def refuse_strangers() -> None:
    """Raise Forbidden unless the request came from this machine, straight and knowingly."""
    if not from_this_machine():
        raise Forbidden(
            "AUTH_MODE=local answers only direct requests from this machine, "
            "addressed to localhost; use AUTH_MODE=keys for anything else."
        )
    origin = running().environ.get("HTTP_ORIGIN")
    if origin is not None and not is_loopback(_hostname(origin)) and not cors.invited():
        raise Forbidden("AUTH_MODE=local does not answer to other web sites.")


def from_this_machine() -> bool:
    """True if the peer is loopback, no proxy stands between and Host is a loopback name."""
    environ = running().environ
    for name in FORWARDING_HEADERS:
        if name in environ:
            return False
    return _both_local(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_HOST", ""))


@lru_cache(64)  # who may call us from this machine asks under very few names
def _both_local(peer: str, host: str) -> bool:
    return is_loopback(peer) and is_loopback(_hostname(f"//{host}"))


def _hostname(url: str) -> str:
    """Return the host that *url* names, or no name at all if it is not quite a URL."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises ValueError for a port that is none
    except ValueError:
        return ""
    odd = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    return "" if odd else parts.hostname or ""


def _tenant_of_key(user_id: str | None, scope: str | None, kinds: tuple[str, ...]) -> str:
    key = credentials.shown()
    if key.kind == PUBLISHABLE:
        _admit_page(key, scope, kinds)
    elif key.kind not in kinds:
        raise KeyOfASource if key.kind == INTAKE else KeyOfASigner
    elif scope is not None and scope not in key.scopes:
        raise Forbidden(details={"scope": f"this needs {scope}"})
    if user_id is not None and _valid(user_id) != key.tenant_id:
        raise Forbidden(details={"user_id": "must be the account of the API key"})
    noted = notes()
    noted.key_prefix, noted.key_kind = key.prefix, key.kind
    return key.tenant_id


def _admit_page(key: ApiKey | KnownKey, scope: str | None, kinds: tuple[str, ...]) -> None:
    """Raise KeyOfAPage unless the route takes such keys and the page may use this one."""
    may = PUBLISHABLE in kinds and scope in (None, SUBMITTING)
    if not may or running().environ.get("HTTP_ORIGIN") not in key.origins:
        raise KeyOfAPage
    notes().page_key = key


def _valid(user_id: object) -> str:
    if not isinstance(user_id, str):
        raise Malformed(details={"user_id": "must be text"})
    if not 1 <= len(user_id) <= LONGEST_USER_ID:
        raise Malformed(details={"user_id": f"must have 1 to {LONGEST_USER_ID} characters"})
    if not user_id.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs") for c in user_id):
        raise Malformed(details={"user_id": "must not contain control characters"})
    if user_id.isspace():
        raise Malformed(details={"user_id": "must not be blank"})
    return user_id
