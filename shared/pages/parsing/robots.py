"""What a robots.txt says of one address (RFC 9309). Pure.

Protego reads it: longest match, wildcards and the mistakes that people make. A hostile file can
keep it busy, so `reader` calls this where it can be killed.
"""

from dataclasses import dataclass

from protego import Protego


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a host wants of a visit."""

    allowed: bool
    delay_seconds: float = 0.0
    """Between two visits, as `Crawl-delay` says; 0 if it says nothing."""


def verdict(text: str, url: str, agent: str) -> Verdict:
    """Return what the robots.txt *text* says to *agent*, a product token, of *url*."""
    rules = Protego.parse(text.removeprefix("\ufeff"))
    return Verdict(rules.can_fetch(url, agent), rules.crawl_delay(agent) or 0.0)
