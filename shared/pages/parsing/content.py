"""All that a page says, from its HTML or plain text. Pure."""

import re

from selectolax.lexbor import LexborHTMLParser

from shared.pages.page import Content
from shared.pages.parsing import markup
from shared.pages.parsing.contacts import contacts, socials
from shared.pages.parsing.forms import forms
from shared.pages.parsing.main_text import all_text, lines, main_text
from shared.pages.parsing.organisations import links, organisations
from shared.pages.parsing.own_links import own_links
from shared.pages.parsing.structured_data import items
from shared.pages.parsing.tree import plain, seen_text

LONGEST_TITLE = 300
LONGEST_DESCRIPTION = 1000
"""Characters; search engines show a third of either."""


def content(html: str, url: str) -> Content:
    """Return what *html*, the page at *url*, says. Raises Unparseable, and may take seconds.

    Hostile markup can keep the parser busy, so `reader` calls this where it can be killed.
    """
    markup.check(html)
    tree = LexborHTMLParser(html)
    described = items(tree)
    text, truncated = main_text(tree)
    visible = seen_text(tree.body) if tree.body is not None else ""
    return Content(
        title=_title(tree),
        language=_language(tree),
        text=text,
        description=_meta(tree, "description") or _meta(tree, "og:description"),
        organisations=organisations(described, url),
        contacts=contacts(tree, visible),
        socials=socials(tree, links(described)),
        forms=forms(tree),
        links=own_links(tree, url),
        truncated=truncated,
    )


def text_of(html: str) -> str:
    """Return the text of *html*, a page or a mail, as `main_text` has it. Raises Unparseable."""
    markup.check(html)
    tree = LexborHTMLParser(html)
    return all_text(tree.body) if tree.body is not None else ""


def plain_content(text: str) -> Content:
    """Return what a page of plain *text* says."""
    found, truncated = lines(part for line in text.splitlines() for part in (line, "\n"))
    return Content(text=found, truncated=truncated)


def _title(tree: LexborHTMLParser) -> str:
    node = tree.css_first("head title") or tree.css_first("title")
    heading = tree.css_first("h1")
    said = node.text() if node is not None else ""
    found = said or _meta(tree, "og:title") or (heading.text() if heading is not None else "")
    return plain(found, LONGEST_TITLE)


def _meta(tree: LexborHTMLParser, name: str) -> str:
    node = tree.css_first(f'meta[name="{name}" i], meta[property="{name}" i]')
    written = node.attributes.get("content") if node is not None else None
    return plain(written or "", LONGEST_DESCRIPTION)


def _language(tree: LexborHTMLParser) -> str:
    root = tree.css_first("html")
    attributes = root.attributes if root is not None else {}
    written = attributes.get("lang") or attributes.get("xml:lang") or _meta(tree, "og:locale")
    found = re.match(r"\s*([a-zA-Z]{2,3})(?:[-_]|\s*$)", written or "")
    return found[1].lower() if found else ""
