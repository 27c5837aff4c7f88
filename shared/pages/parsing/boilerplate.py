"""What of a page is no main text: navigation, frame, notices about cookies. Pure.

Elements say so by their tag or role (HTML standard, 4.3; WAI-ARIA landmarks), and where pages have
no such tags by the classes that people give them, if what they hold is links for the most part.
"""

import re

from shared.pages.parsing.tree import Node, names, seen_text

MOST_NOTICE = 4000
"""Characters of a notice about cookies; what is longer is a page with an unlucky class."""

_TAGS = frozenset((
    "nav", "footer", "aside", "label", "legend", "select", "button", "input", "menu", "dialog",
))  # fmt: skip
_ROLES = frozenset(("navigation", "contentinfo", "search", "complementary", "dialog", "alert"))

_FRAME = frozenset((
    "footer", "site-footer", "page-footer", "colophon", "copyright", "breadcrumb",
    "breadcrumbs", "skip-link", "navbar", "site-nav", "main-nav",
))  # fmt: skip
"""Classes and ids of what frames every page of a site."""

_LINKED = frozenset((
    "nav", "menu", "main-menu", "navigation", "topbar", "top-bar", "sidebar", "pagination",
    "header", "site-header", "masthead", "related", "share", "social", "tags", "widget", "toc",
))  # fmt: skip
"""Classes and ids of the same, if it holds links for the most part."""

_COOKIES = re.compile(
    r"^cookies?$|cookiebot|onetrust|usercentrics|borlabs|klaro|didomi|cmplz|iubenda|tarteaucitron"
    r"|axeptio|cc-window"
    r"|(?:cookies?|gdpr|lgpd|rgpd|dsgvo|consent)[-_]?(?:banner|bar|box|consent|container|dialog|hint"
    r"|info|law|layer|message|modal|notice|overlay|policy|popup|wall|wrapper)"
)
"""Classes and ids of notices about cookies; a bakery's are called otherwise."""

_CONTAINERS = frozenset((
    "div", "ul", "ol", "section", "table", "td", "tr", "header", "p", "form", "span",
))  # fmt: skip


def is_boilerplate(node: Node, tag: str) -> bool:
    """True if *node*, an element named *tag*, and all that it holds is no main text."""
    attributes = node.attributes
    if tag in _TAGS or (attributes.get("role") or "").lower() in _ROLES or _is_hidden(attributes):
        return True
    if tag == "header":
        return not _in_section(node) and node.css_first("h1") is None
    if tag not in _CONTAINERS:
        return False
    called = names(node)
    if called and _is_frame(node, called):
        return True
    return tag in ("ul", "ol") and _is_link_list(node)


def _is_frame(node: Node, called: set[str]) -> bool:
    if any(_COOKIES.search(name) for name in called):
        return len(seen_text(node)) <= MOST_NOTICE and node.css_first("main, article, h1") is None
    if called & _FRAME:
        return node.css_first("h1") is None
    return bool(called & _LINKED) and _linked_share(node) > 0.5


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    style = (attributes.get("style") or "")[:1000].lower().replace(" ", "")
    hidden = "hidden" in attributes and attributes["hidden"] != "until-found"
    return hidden or "display:none" in style


def _is_link_list(node: Node) -> bool:
    """True for a list of three links or more and little else: navigation without the name."""
    return len(node.css("a")) >= 3 and _linked_share(node) > 0.9


def _linked_share(node: Node) -> float:
    """Return which part of the letters below *node* stands in links, 0 to 1."""
    linked = sum(_letters(link.text()) for link in node.css("a"))
    return linked / max(1, _letters(seen_text(node)))


def _letters(text: str) -> int:
    return len("".join(text.split()))


def _in_section(node: Node) -> bool:
    """True if *node* heads an article or the main part, not the page (HTML standard, 4.3.8)."""
    above = node.parent
    while above is not None and above.tag != "body":
        if above.tag in ("article", "main", "section"):
            return True
        above = above.parent
    return False
