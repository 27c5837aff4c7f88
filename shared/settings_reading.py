"""Reading the environment: variables, secrets and what their texts mean.

Every fault is collected, so that all are named at once.
"""

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from shared import origins
from shared.errors import SettingsError

_SERVER = re.compile(
    r"(?:\[(?P<bracketed>[0-9a-fA-F:]+)\]|(?P<plain>[0-9.]+))(?::(?P<port>[0-9]{1,5}))?", re.ASCII
)


class Reader:
    """Reads variables and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]):
        self.environ = environ
        self.faults: dict[str, str] = {}

    def fault(self, name: str, problem: str) -> None:
        """Note what is wrong with a variable; of several faults of one the first counts."""
        self.faults.setdefault(name, problem)

    def read(self, name: str, parse: Callable[[str], Any], default: Any) -> Any:
        """Return what *parse* makes of a variable; *default* if it is absent or faulty."""
        text = self.environ.get(name, "").strip()
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as error:
            self.fault(name, str(error))
            return default

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """Return a variable that is one of *allowed*, or *default*."""
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

    def secret_as(self, name: str, parse: Callable[[str], Any]) -> Any:
        """Return what *parse* makes of a secret; None if there is none, or a faulty one."""
        text = self.secret(name)
        try:
            return parse(text) if text else None
        except ValueError as error:
            self.fault(name, str(error))
            return None

    def finish(self) -> None:
        """Raise SettingsError if anything is wrong; its details name every variable."""
        if self.faults:
            listed = "; ".join(f"{name} {problem}" for name, problem in self.faults.items())
            raise SettingsError(f"The configuration is not usable: {listed}", self.faults)


def between(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number from *least* to *most*."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return parse


def boolean(text: str) -> bool:
    """Return what *text* says: true or false. Raises ValueError."""
    words = {"true": True, "1": True, "yes": True, "on": True}
    words |= {"false": False, "0": False, "no": False, "off": False}
    if text.lower() not in words:
        raise ValueError("must be true or false")
    return words[text.lower()]


def country(text: str) -> str:
    """Return an ISO 3166-1 alpha-2 code in capitals. Raises ValueError for another form."""
    if not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise ValueError("must be an ISO 3166-1 alpha-2 code such as US")
    return text.upper()


def address(text: str) -> str:
    """Return the address *text* without a slash at its end. Raises ValueError for none."""
    if re.fullmatch(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?", text, re.ASCII) is None:
        raise ValueError("must be an address such as https://api.example.com/v1")
    return text.rstrip("/")


def address_or_here(text: str) -> str:
    """Return the address *text*, or "" for `/`, which is wherever we were asked."""
    return "" if text == "/" else address(text)


def dns_servers(text: str) -> tuple[tuple[str, int], ...]:
    """Return the addresses and ports that *text* lists between commas; without a port 53.

    `9.9.9.9`, `127.0.0.1:5353`, `[::1]:5353`. Raises ValueError for a name: who would look it up?
    """
    return tuple(_dns_server(one.strip()) for one in text.split(",") if one.strip())


def _dns_server(text: str) -> tuple[str, int]:
    found = _SERVER.fullmatch(text)
    try:
        host = (found and (found["bracketed"] or found["plain"])) or text
        port = int((found and found["port"]) or 53)
        if not 1 <= port <= 65535:
            raise ValueError
        return str(ip_address(host)), port
    except ValueError:
        raise ValueError("must list addresses such as 9.9.9.9 or [::1]:5353") from None


def listed_origins(text: str) -> frozenset[str]:
    """Return the origins that *text* lists between commas. Raises ValueError."""
    return origins.listed(text.split(","))


def existing_folder(text: str) -> Path:
    """Return the path of a folder that is there. Raises ValueError."""
    path = Path(text).absolute()
    if not path.is_dir():
        raise ValueError("must be a folder")
    return path


def existing_file(text: str) -> Path:
    """Return the path of a file that is there. Raises ValueError."""
    path = Path(text).absolute()
    if not path.is_file():
        raise ValueError("must be a file")
    return path
