"""Origins of web pages as browsers spell them: scheme, host, and a port that is not the usual one.

RFC 6454, section 6.2. An origin is compared as text, so one that a browser would never send is
refused when it is set, rather than never met.
"""

import re
from collections.abc import Iterable

SHAPE = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")

EXPLAINED = (
    "must list exact origins, comma-separated, as browsers send them: "
    "https://www.example.com, in small letters, without path, default port or *"
)
"""What is said of origins that are none."""


def exact(origin: str) -> bool:
    """True if a browser could send *origin*; none stands for several."""
    default_port = ":443" if origin.startswith("https:") else ":80"
    return SHAPE.fullmatch(origin) is not None and not origin.endswith(default_port)


def listed(texts: Iterable[str]) -> frozenset[str]:
    """Return the origins in *texts*, blank ones aside. Raises ValueError if one is none."""
    origins = frozenset(text.strip() for text in texts if text.strip())
    if not all(map(exact, origins)):
        raise ValueError(EXPLAINED)
    return origins
