"""Configuration, read once from the environment.

A wrong or missing value refuses to start, and every fault is named at once.
A secret may also come from a file: `NAME_FILE` holds the path of what `NAME`
would hold (the Docker secrets convention).
"""

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared import origins
from shared.destination import hosts
from shared.errors import SettingsError
from shared.privacy.modes import MODES, Mode

AUTH_MODES = ("local", "keys")
"""`local` trusts every caller on this machine and nobody else; `keys` asks for an API key."""

MOST_A_MINUTE = 1_000_000
"""A limit above it is none: no host of ours stores 16,000 leads a second."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a process needs to know before its first request."""

    home: Path
    """Folder of everything we write: cluster, sockets, key file (LEADFLY_HOME)."""
    host: str
    port: int
    database_url: str | None
    """libpq URL of the application's login; None means the embedded server under `home`."""
    eraser_database_url: str | None
    """libpq URL of the login that may erase; None means `database_url`."""
    migrations_database_url: str | None
    """libpq URL of the role that owns the tables; None means `database_url`."""
    auth_mode: str
    mode: Mode
    """The privacy mode, already tightened by the flags."""
    secret_key: str | None
    """Root of every HMAC and seal; None means the key file under `home`."""
    default_country: str
    """ISO 3166-1 alpha-2; how a phone without country code is read when the lead names none."""
    trusted_proxies: int
    """How many proxies of ours stand before the service, each appending to X-Forwarded-For."""
    workers: int
    threads: int
    max_body_bytes: int
    lead_form_origins: frozenset[str]
    """Web sites whose pages may post leads from the browser, as browsers spell an Origin."""
    allowed_private_hosts: frozenset[str]
    """Hosts of the operator's own that outgoing webhooks may reach (`shared.destination.hosts`)."""
    lead_platforms: Mapping[str, str]
    """By sender, the address below which the leads are that it only announces."""
    rate_limited: bool
    rate_limit_per_key: int
    """Requests a minute, and at once, that one API key may send; a batch counts each lead."""
    rate_limit_per_source: int
    """The same of the leads of one source of one tenant, whichever key sends them."""
    rate_limit_per_ip: int
    """The same of one address without a secret key: strangers, and visitors of lead forms."""
    signals_model: Path | None = None
    """A model of `leadfly signals train`; None means the shipped one."""
    about_url: str | None = None
    """Where the owners of sites that we visit read who we are; part of our User-Agent."""

    @property
    def local(self) -> bool:
        """True if callers are trusted because they are on this machine."""
        return self.auth_mode == "local"

    @property
    def spool_folder(self) -> Path:
        """Where leads wait while the database is away; it must outlast the process."""
        return self.home / "spool"

    @property
    def limits_folder(self) -> Path:
        """Where the processes of this host count together who sends how much."""
        return self.home / "limits"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that *environ* describes (default: the process environment).

    Raises SettingsError whose details name every faulty variable.
    """
    reader = _Reader(os.environ if environ is None else environ)
    host = reader.read("HOST", str, "127.0.0.1")
    loopback = is_loopback(host)
    auth_mode = reader.choice("AUTH_MODE", AUTH_MODES, "local" if loopback else "keys")
    mode = _mode(reader)
    if auth_mode == "local" and not loopback:
        reader.fault("AUTH_MODE", "local answers only on a loopback HOST; use AUTH_MODE=keys")
    if mode.name == "testing" and not loopback:
        reader.fault("PRIVACY_MODE", "testing is refused on a public HOST")
    rate_limit = reader.choice("RATE_LIMIT", ("on", "off"), "off" if auth_mode == "local" else "on")
    if rate_limit == "off" and auth_mode != "local":
        reader.fault("RATE_LIMIT", "off is allowed only with AUTH_MODE=local")
    a_minute = _between(1, MOST_A_MINUTE)
    settings = Settings(
        home=Path(reader.read("LEADFLY_HOME", str, ".leadfly")).absolute(),
        host=host,
        port=reader.read("PORT", _between(1, 65535), 8000),
        database_url=reader.secret("DATABASE_URL"),
        eraser_database_url=reader.secret("ERASER_DATABASE_URL"),
        migrations_database_url=reader.secret("MIGRATIONS_DATABASE_URL"),
        auth_mode=auth_mode,
        mode=mode,
        secret_key=reader.secret("LEADFLY_SECRET_KEY", least=32),
        default_country=reader.read("DEFAULT_COUNTRY", _country, "US"),
        trusted_proxies=reader.read("TRUSTED_PROXIES", _between(0, 10), 0),
        workers=reader.read("WEB_CONCURRENCY", _between(1, 64), 2),
        threads=reader.read("WEB_THREADS", _between(1, 64), 8),
        max_body_bytes=reader.read("MAX_BODY_BYTES", _between(1024, 64 * 1024**2), 1024**2),
        lead_form_origins=reader.read("LEAD_FORM_ORIGINS", _origins, frozenset()),
        allowed_private_hosts=reader.read("LEADFLY_ALLOWED_PRIVATE_HOSTS", hosts, frozenset()),
        lead_platforms=_lead_platforms(reader),
        rate_limited=rate_limit == "on",
        rate_limit_per_key=reader.read("RATE_LIMIT_PER_KEY", a_minute, 6000),
        rate_limit_per_source=reader.read("RATE_LIMIT_PER_SOURCE", a_minute, 3000),
        rate_limit_per_ip=reader.read("RATE_LIMIT_PER_IP", a_minute, 600),
        signals_model=reader.read("LEADFLY_SIGNALS_MODEL", _file, None),
        about_url=reader.read("LEADFLY_ABOUT_URL", _address, None),
    )
    reader.finish()
    return settings


@lru_cache(64)
def is_loopback(host: str) -> bool:
    """True if *host*, a name or an address, can only be reached from this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def _file(text: str) -> Path:
    path = Path(text).absolute()
    if not path.is_file():
        raise ValueError("must be a file")
    return path


def _lead_platforms(reader: "_Reader") -> dict[str, str]:
    """Return where announced leads are fetched from, by the sender's name."""
    return {
        "meta": reader.read("META_GRAPH_URL", _address, "https://graph.facebook.com/v24.0"),
        "linkedin": reader.read("LINKEDIN_API_URL", _address, "https://api.linkedin.com/rest"),
        "hubspot": reader.read("HUBSPOT_API_URL", _address, "https://api.hubapi.com"),
    }


def _mode(reader: "_Reader") -> Mode:
    name = reader.choice("PRIVACY_MODE", tuple(MODES), "standard")
    mode = MODES.get(name, MODES["gdpr_strict"])
    flags = {
        "require_consent": reader.read("REQUIRE_CONSENT", _boolean, None),
        "anonymize": reader.read("ANONYMIZE_DATA", _boolean, None),
        "cross_site_tracking": reader.read("ENABLE_CROSS_SITE_TRACKING", _boolean, None),
        "fingerprinting": reader.read("ENABLE_FINGERPRINTING", _boolean, None),
    }
    return mode.tightened(**flags)


class _Reader:
    """Reads variables and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]):
        self.environ = environ
        self.faults: dict[str, str] = {}

    def fault(self, name: str, problem: str) -> None:
        self.faults.setdefault(name, problem)

    def read(self, name: str, parse: Callable[[str], Any], default: Any) -> Any:
        text = self.environ.get(name, "").strip()
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as error:
            self.fault(name, str(error))
            return default

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.environ.get(name, "").strip() or default
        if value not in allowed:
            self.fault(name, f"must be one of {', '.join(allowed)}")
            return default
        return value

    def secret(self, name: str, least: int = 1) -> str | None:
        """Return the secret from *name* or from the file that *name*_FILE points to."""
        path = self.environ.get(f"{name}_FILE", "").strip()
        value = self.environ.get(name, "").strip()
        if path:
            try:
                value = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeError):
                self.fault(f"{name}_FILE", "cannot be read")
                return None
            if not value:
                self.fault(f"{name}_FILE", "is empty")
        if value and len(value) < least:
            self.fault(name, f"must have at least {least} characters")
        return value or None

    def finish(self) -> None:
        if self.faults:
            listed = "; ".join(f"{name} {problem}" for name, problem in self.faults.items())
            raise SettingsError(f"The configuration is not usable: {listed}", self.faults)


def _between(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return parse


def _boolean(text: str) -> bool:
    words = {"true": True, "1": True, "yes": True, "on": True}
    words |= {"false": False, "0": False, "no": False, "off": False}
    if text.lower() not in words:
        raise ValueError("must be true or false")
    return words[text.lower()]


def _country(text: str) -> str:
    if not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise ValueError("must be an ISO 3166-1 alpha-2 code such as US")
    return text.upper()


def _address(text: str) -> str:
    """Return the address *text* without a slash at its end."""
    if re.fullmatch(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?", text, re.ASCII) is None:
        raise ValueError("must be an address such as https://api.example.com/v1")
    return text.rstrip("/")


def _origins(text: str) -> frozenset[str]:
    return origins.listed(text.split(","))
