"""Configuration, read once from the environment.

A wrong or missing value refuses to start, and every fault is named at once.
A secret may also come from a file: `NAME_FILE` holds the path of what `NAME`
would hold (the Docker secrets convention).
"""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared import destination, mail_server
from shared.destination import hosts
from shared.mail_server import MailServer
from shared.privacy.modes import MODES, Mode
from shared.settings_reading import (
    Reader,
    address,
    address_or_here,
    between,
    boolean,
    country,
    dns_servers,
    existing_file,
    existing_folder,
    listed_origins,
)

AUTH_MODES = ("local", "keys")
"""`local` trusts every caller on this machine and nobody else; `keys` asks for an API key."""

MIB = 1024**2
"""Bytes."""

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
    import_max_bytes: int = 512 * 1024**2
    """Size of a file of leads."""
    signals_model: Path | None = None
    """A model of `leadfly signals train`; None means the shipped one."""
    about_url: str | None = None
    """Where the owners of sites that we visit read who we are; part of our User-Agent."""
    matching_memory_mb: int = 256
    """Memory that one process may keep leads in, made ready for ranking."""
    rematch_automatically: bool = True
    """Whether leads are matched anew by themselves when they or services change."""
    stream_port: int = 8001
    """Where the process listens that streams changes of alerts."""
    stream_url: str | None = None
    """Where browsers reach it: None means its port on the host they asked, "" the address they
    asked, where a proxy before both tells them apart."""
    stream_most: int = 200
    """Streams open at a time; each holds a thread."""
    stream_most_per_account: int = 20
    """Of one account's, so that it leaves some to others."""
    mail_server: MailServer | None = None
    """Where alerts by email are handed over; None means that there are none."""
    mail_from: Address | None = None
    """Whom they are from; there is one if there is a mail server."""
    public_url: str | None = None
    """Where people reach this installation; None means that messages have no links."""
    dns_servers: tuple[tuple[str, int], ...] = ()
    """DNS servers, by address and port, that are asked about mail domains; none: the system's."""
    dedupe_database_url: str | None = None
    """libpq URL of a foreign database whose tables `leadfly dedupe --table` reads."""
    profiler_url: str | None = None
    """Where the external profiler is (docs/profiler.md); None means that there is none."""
    profiler_key: str | None = None
    """What it knows us by; there is one if there is a profiler."""
    erasure_ledger: Path | None = None
    """Folder of the ledger of erasures, where backups are; None means one under `home`."""
    discovery_drop_folder: Path | None = None
    """Below it each account has a folder for CSV files; None means that there is none."""
    overpass_url: str = "https://overpass-api.de/api"
    """The Overpass server that is asked for businesses of OpenStreetMap."""
    nominatim_url: str = "https://nominatim.openstreetmap.org"
    """The Nominatim server that is asked where a region is."""

    @property
    def local(self) -> bool:
        """True if callers are trusted because they are on this machine."""
        return self.auth_mode == "local"

    @property
    def spool_folder(self) -> Path:
        """Where leads wait while the database is away; it must outlast the process."""
        return self.home / "spool"

    @property
    def ledger_folder(self) -> Path:
        """Where erasures are noted; it must outlast the database (`shared.erasure_ledger`)."""
        return self.erasure_ledger or self.home / "erasures"

    @property
    def limits_folder(self) -> Path:
        """Where the processes of this host count together who sends how much."""
        return self.home / "limits"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that *environ* describes (default: the process environment).

    Raises SettingsError whose details name every faulty variable.
    """
    reader = Reader(os.environ if environ is None else environ)
    host = reader.read("HOST", str, "127.0.0.1")
    loopback = is_loopback(host)
    auth_mode = reader.choice("AUTH_MODE", AUTH_MODES, "local" if loopback else "keys")
    mode = _mode(reader)
    if auth_mode == "local" and not loopback:
        reader.fault("AUTH_MODE", "local answers only on a loopback HOST; use AUTH_MODE=keys")
    if mode.name == "testing" and not loopback:
        reader.fault("PRIVACY_MODE", "testing is refused on a public HOST")
    port = reader.read("PORT", between(1, 65535), 8000)
    settings = Settings(
        home=Path(reader.read("LEADFLY_HOME", str, ".leadfly")).absolute(),
        host=host,
        port=port,
        **_databases(reader),
        auth_mode=auth_mode,
        mode=mode,
        secret_key=reader.secret("LEADFLY_SECRET_KEY", least=32),
        default_country=reader.read("DEFAULT_COUNTRY", country, "US"),
        trusted_proxies=reader.read("TRUSTED_PROXIES", between(0, 10), 0),
        workers=reader.read("WEB_CONCURRENCY", between(1, 64), 2),
        threads=reader.read("WEB_THREADS", between(1, 64), 16),
        max_body_bytes=reader.read("MAX_BODY_BYTES", between(1024, 64 * MIB), MIB),
        import_max_bytes=reader.read("IMPORT_MAX_BYTES", between(1024, 16_384 * MIB), 512 * MIB),
        lead_form_origins=reader.read("LEAD_FORM_ORIGINS", listed_origins, frozenset()),
        allowed_private_hosts=reader.read("LEADFLY_ALLOWED_PRIVATE_HOSTS", hosts, frozenset()),
        lead_platforms=_lead_platforms(reader),
        **_rates(reader, auth_mode),
        signals_model=reader.read("LEADFLY_SIGNALS_MODEL", existing_file, None),
        matching_memory_mb=reader.read("LEADFLY_MATCHING_MEMORY_MB", between(0, 65_536), 256),
        rematch_automatically=reader.read("REMATCH_AUTOMATICALLY", boolean, True),
        **_stream(reader, port),
        public_url=reader.read("LEADFLY_PUBLIC_URL", address, None),
        **_mail(reader),
        **_profiler(reader),
        **_sources(reader),
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


def _databases(reader: Reader) -> dict[str, Any]:
    """Return the logins of databases; the last is of whoever cleans a table of their own."""
    return {
        "database_url": reader.secret("DATABASE_URL"),
        "eraser_database_url": reader.secret("ERASER_DATABASE_URL"),
        "migrations_database_url": reader.secret("MIGRATIONS_DATABASE_URL"),
        "dedupe_database_url": reader.secret("DEDUPE_DATABASE_URL"),
        "erasure_ledger": reader.read("ERASURE_LEDGER", existing_folder, None),
    }


def _rates(reader: Reader, auth_mode: str) -> dict[str, Any]:
    """Return how many leads a minute are taken, and whether anybody counts."""
    a_minute = between(1, MOST_A_MINUTE)
    return {
        "rate_limited": _rate_limited(reader, auth_mode),
        "rate_limit_per_key": reader.read("RATE_LIMIT_PER_KEY", a_minute, 6000),
        "rate_limit_per_source": reader.read("RATE_LIMIT_PER_SOURCE", a_minute, 3000),
        "rate_limit_per_ip": reader.read("RATE_LIMIT_PER_IP", a_minute, 600),
    }


def _sources(reader: Reader) -> dict[str, Any]:
    """Return where discoveries and enrichment look, and what they call themselves there."""
    nominatim = "https://nominatim.openstreetmap.org"
    return {
        "about_url": reader.read("LEADFLY_ABOUT_URL", address, None),
        "dns_servers": reader.read("DNS_SERVERS", dns_servers, ()),
        "discovery_drop_folder": reader.read("DISCOVERY_DROP_FOLDER", existing_folder, None),
        "overpass_url": reader.read("OVERPASS_URL", address, "https://overpass-api.de/api"),
        "nominatim_url": reader.read("NOMINATIM_URL", address, nominatim),
    }


def _lead_platforms(reader: Reader) -> dict[str, str]:
    """Return where announced leads are fetched from, by the sender's name."""
    return {
        "meta": reader.read("META_GRAPH_URL", address, "https://graph.facebook.com/v24.0"),
        "linkedin": reader.read("LINKEDIN_API_URL", address, "https://api.linkedin.com/rest"),
        "hubspot": reader.read("HUBSPOT_API_URL", address, "https://api.hubapi.com"),
    }


def _mail(reader: Reader) -> dict[str, Any]:
    """Return the mail server and whom mails are from: both, or neither."""
    server = reader.secret_as("SMTP_URL", mail_server.read)
    sender = reader.read("MAIL_FROM", mail_server.sender, None)
    if server and not sender:
        reader.fault("MAIL_FROM", "must be set where SMTP_URL is")
    return {"mail_server": server, "mail_from": sender}


def _profiler(reader: Reader) -> dict[str, Any]:
    """Return where the profiler is and what it knows us by: both, or neither."""
    url, key = reader.read("PROFILER_URL", address, None), reader.secret("PROFILER_KEY", least=16)
    if url and not key:
        reader.fault("PROFILER_KEY", "must be set where PROFILER_URL is")
    if key and not url:
        reader.fault("PROFILER_URL", "must be set where PROFILER_KEY is")
    if url:
        try:
            destination.read(url, reader.read("LEADFLY_ALLOWED_PRIVATE_HOSTS", hosts, frozenset()))
        except destination.Refused as error:
            reader.fault("PROFILER_URL", str(error.details["url"]))
    return {"profiler_url": url, "profiler_key": key}


def _stream(reader: Reader, port: int) -> dict[str, Any]:
    """Return where alerts are streamed, and to how many; *port* is that of the services."""
    return {
        "stream_port": reader.read("STREAM_PORT", between(1, 65535), min(port, 65534) + 1),
        "stream_url": reader.read("STREAM_URL", address_or_here, None),
        "stream_most": reader.read("STREAM_MOST", between(1, 1000), 200),
        "stream_most_per_account": reader.read("STREAM_MOST_PER_ACCOUNT", between(1, 1000), 20),
    }


def _rate_limited(reader: Reader, auth_mode: str) -> bool:
    limit = reader.choice("RATE_LIMIT", ("on", "off"), "off" if auth_mode == "local" else "on")
    if limit == "off" and auth_mode != "local":
        reader.fault("RATE_LIMIT", "off is allowed only with AUTH_MODE=local")
    return limit == "on"


def _mode(reader: Reader) -> Mode:
    name = reader.choice("PRIVACY_MODE", tuple(MODES), "standard")
    mode = MODES.get(name, MODES["gdpr_strict"])
    flags = {
        "require_consent": reader.read("REQUIRE_CONSENT", boolean, None),
        "anonymize": reader.read("ANONYMIZE_DATA", boolean, None),
        "cross_site_tracking": reader.read("ENABLE_CROSS_SITE_TRACKING", boolean, None),
        "fingerprinting": reader.read("ENABLE_FINGERPRINTING", boolean, None),
    }
    return mode.tightened(**flags)
