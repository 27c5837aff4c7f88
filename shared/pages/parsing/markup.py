"""A first look at HTML: is it built in a way that a parser can be trusted with? Pure.

Parsers of the HTML standard take time with the square of the depth (selectolax: 20 s for 50,000
nested tags), so the depth is counted beforehand, in one walk over the tags.
"""

import re

from shared.pages.faults import Unparseable

DEEPEST = 1000
"""Open elements at a time: twice what Chromium's parser nests (512) before it stops."""

MOST_TAGS = 100_000
"""Tags of one page; the largest of ordinary pages hold some 20,000."""

_TAG = re.compile(r"<(?:(!--)|(/?)([a-zA-Z][a-zA-Z0-9]*))")

_FLAT = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
    "track", "wbr", "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead",
    "tbody", "tfoot", "rt", "rp", "colgroup", "html", "head", "body",
))  # fmt: skip
"""Elements without a content or with an optional end tag (HTML standard, 13.1.2): they hold others
that are counted, and are often left open."""

_RAW = {
    name: re.compile(rf"</{name}", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "noscript", "iframe", "xmp")
}
"""Elements whose content is no markup, by what ends them."""


def check(html: str) -> None:
    """Raise Unparseable if *html* nests too deep or holds too many tags; in linear time."""
    depth = tags = position = 0
    while found := _TAG.search(html, position):
        tags += 1
        comment, closing, name = found.groups()
        position = _end_of_raw(html, found.end(), comment, closing, (name or "").lower())
        if not comment and name.lower() not in _FLAT:
            depth = max(0, depth - 1) if closing else depth + 1
        if depth > DEEPEST or tags > MOST_TAGS:
            raise Unparseable


def _end_of_raw(html: str, position: int, comment: str, closing: str, name: str) -> int:
    """Return where markup goes on after a tag: behind a comment, or before a raw element's end."""
    if comment:
        end = html.find("-->", position)
        return len(html) if end < 0 else end
    if closing or name not in _RAW:
        return position
    end_tag = _RAW[name].search(html, position)
    return end_tag.start() if end_tag else len(html)
