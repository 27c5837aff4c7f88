"""The operator's mail server, and the address that its mails are from, as settings name them.

Pure. SMTP_URL is `smtp://host`, `smtp+starttls://user:password@host` or `smtps://…`, the last two
under TLS (RFC 3207; RFC 8314, section 3). A password travels under TLS alone.
"""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Literal
from urllib.parse import unquote, urlsplit

Security = Literal["none", "starttls", "tls"]

_KINDS: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
"""Schemes: how the connection is secured, and the port that is usual (RFC 6409, RFC 8314)."""

_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9a-fA-F:.]{2,45}")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Return what may stand in a log: no password."""
        return f"MailServer({self.host!r}, {self.port}, {self.security!r})"


def read(url: str) -> MailServer:
    """Return the server that *url* names. Raises ValueError, repeating nothing of it."""
    try:
        parts = urlsplit(url)
        security, usual = _KINDS[parts.scheme]
        host, port = parts.hostname or "", parts.port or usual
    except (KeyError, ValueError):
        raise ValueError(_FORM) from None
    if not _HOST.fullmatch(host) or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(_FORM)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password) or not (user + password).isprintable():
        raise ValueError("must name both a user and a password, percent-encoded, or neither")
    if user and security == "none":
        raise ValueError("must be smtp+starttls:// or smtps:// where there is a password")
    return MailServer(host, port, security, user, password)


def sender(text: str) -> Address:
    """Return the mailbox that *text* names: `LeadFly <alerts@example.org>`. Raises ValueError."""
    name, address = parseaddr(text)
    local, at, domain = address.rpartition("@")
    plain = text.isprintable() and address.isascii() and " " not in address
    if not (plain and at and local and "." in domain and address in text):
        raise ValueError(_SENDER)
    try:
        return Address(display_name=name, username=local, domain=domain.lower())
    except (ValueError, IndexError):
        raise ValueError(_SENDER) from None


_FORM = "must be smtp://host:port, smtp+starttls://user:password@host or smtps://…"
_SENDER = "must be an address such as LeadFly <alerts@example.org>"
