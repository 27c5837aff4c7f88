"""Where a page leads on its own site, with what the links say: menus and footers, too. Pure."""

from selectolax.lexbor import LexborHTMLParser

from shared.pages.page import Link
from shared.pages.parsing.links import on_site, wishes
from shared.pages.parsing.tree import plain

MOST = 300
"""Of one page; a home page has some hundred."""

LONGEST_TEXT = 80
"""Characters of what a link says."""


def own_links(tree: LexborHTMLParser, base: str) -> tuple[Link, ...]:
    """Return the pages of the same site that *tree*, the page at *base*, links to, each once.

    None if it asks that its links are not followed, and none of those that it asks of (`nofollow`).
    """
    if not wishes(tree, "")[1]:
        return ()
    found: dict[str, Link] = {}
    for node in tree.css("a[href]")[: 10 * MOST]:
        url = on_site(node.attributes.get("href"), base)
        rel = (node.attributes.get("rel") or "").lower().split()
        if not url or url in found or "nofollow" in rel:
            continue
        found[url] = Link(url, plain(node.text(separator=" "), LONGEST_TEXT))
        if len(found) >= MOST:
            break
    return tuple(found.values())
