"""The files of the page, read once, and what a browser may do with them."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from shared.web.operation import HTML

FOLDER = Path(__file__).parent / "page"

KINDS: Mapping[str, str] = {".html": HTML, ".css": "text/css", ".js": "text/javascript"}


class PageFile(NamedTuple):
    """One file as it is sent."""

    content: bytes
    mimetype: str


def security_policy(stream_origin: str) -> str:
    """Return the Content-Security-Policy of the page, whose stream may have another origin.

    Its own files and its own services, and nothing else; no text ever becomes markup or script
    (CSP 3; Trusted Types).
    """
    connected = f"connect-src 'self' {stream_origin}".strip()
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; {connected}; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


FILES = {
    path.name: PageFile(path.read_bytes(), KINDS[path.suffix])
    for path in sorted(FOLDER.iterdir())
    if path.suffix in KINDS
}
"""By name: nothing that a caller says becomes a path."""
