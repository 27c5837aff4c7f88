"""Every source that can be asked, and how its keys and settings are told apart.

A source may say more of itself than `Source` asks for: `limits` (what it keeps to, for people),
`described` (each of its settings by name, and what it means) and `shown` (the settings that are
no secret: only those are ever answered back).
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from services.discovery.sources.directory import Directory
from services.discovery.sources.drop_folder import DropFolder
from services.discovery.sources.json_api import JsonApi
from services.discovery.sources.openstreetmap import OpenStreetMap
from services.discovery.sources.own_leads import OwnLeads
from services.discovery.sources.sitemap import SiteMap
from services.discovery.sources.source import Source

HIDDEN = "•••"
"""Stands for a setting that is never answered back."""


def named(sources: tuple[Source, ...], type: str) -> Source | None:
    """Return the one of *sources* of that type, or None."""
    return next((source for source in sources if source.type == type), None)


def limits(source: Source) -> str:
    """Return what a source keeps to, in words; empty where it does not say."""
    return str(getattr(source, "limits", ""))


def described(source: Source) -> Mapping[str, str]:
    """Return what each setting of a source means, by its name."""
    return dict(getattr(source, "described", {}))


def shown(source: Source | None, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return *settings* as they may be answered: whatever is not known to be harmless is hidden."""
    open_ones = frozenset(getattr(source, "shown", ()))
    return {name: value if name in open_ones else HIDDEN for name, value in settings.items()}


def realm(source: Source, settings: Mapping[str, Any], key: str) -> str:
    """Return within what a find's *key* is unique.

    A page is the same page whichever source names it, so it is one find. The keys of a source that
    an account configures mean nothing beyond the address that it asks.
    """
    if key.startswith(("https://", "http://")):
        return "page"
    url = settings.get("url")
    if source.builtin or not isinstance(url, str):
        return source.type
    try:
        parts = urlsplit(url)
    except ValueError:
        return source.type
    return f"{source.type} {urlunsplit((parts.scheme, parts.netloc, parts.path, '', ''))}"


SOURCES: tuple[Source, ...] = (
    OwnLeads(),
    DropFolder(),
    OpenStreetMap(),
    Directory(),
    SiteMap(),
    JsonApi(),
)
"""In the order in which a discovery lists them."""
