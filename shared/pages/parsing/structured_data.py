"""Structured data of a page: JSON-LD and microdata in one shape, as JSON-LD has it. Pure.

Sources: W3C JSON-LD 1.1 (`@graph`, `@id`, `@type`), HTML standard chapter 5 (microdata).
"""

import json
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from shared.pages.parsing.tree import Node, plain

Item = dict[str, Any]
"""One thing: its properties by name, `@type` among them."""

MOST_ITEMS = 2000
"""Things of one page; the rest is not read."""

MOST_SCRIPTS = 50
"""JSON-LD scripts of one page that are read."""


def items(tree: LexborHTMLParser) -> list[Item]:
    """Return all things that *tree* describes, nested ones as well."""
    found: list[Item] = []
    for document in [*_documents(tree), *_microdata(tree)]:
        for item in _inside(document):
            if len(found) >= MOST_ITEMS:
                return found
            found.append(item)
    return found


def values(item: Item, name: str) -> list[Any]:
    """Return the values of one property: none, one or several."""
    value = item.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def types(item: Item) -> set[str]:
    """Return the types of *item* without their vocabulary's address."""
    return {
        name.rstrip("/").rpartition("/")[2].rpartition(":")[2]
        for name in values(item, "@type")
        if isinstance(name, str)
    }


def _documents(tree: LexborHTMLParser) -> Iterator[Any]:
    for script in tree.css('script[type="application/ld+json" i]')[:MOST_SCRIPTS]:
        text = script.text().strip().removeprefix("<!--").removesuffix("-->")
        try:
            yield json.loads(text.strip(), strict=False)
        except (ValueError, RecursionError):
            continue


def _inside(document: Any) -> Iterator[Item]:
    """Yield every object of *document* in its order."""
    waiting, seen = [document], 0
    while waiting and seen < 10 * MOST_ITEMS:
        seen += 1
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting += reversed(value.values())
        elif isinstance(value, list):
            waiting += reversed(value)


def _microdata(tree: LexborHTMLParser) -> Iterator[Item]:
    """Yield the top-level items of the page's microdata; nested ones stand in their properties."""
    made: dict[int, Item] = {}
    for node in tree.css("[itemscope], [itemprop]")[: 10 * MOST_ITEMS]:
        attributes = node.attributes
        if node.mem_id in made:
            continue  # both selectors found it
        value: Any = plain(_value(node, attributes), 1000)
        if "itemscope" in attributes:
            value = made[node.mem_id] = {"@type": (attributes.get("itemtype") or "").split()}
        holder = _holder(node, made)
        if "itemprop" in attributes and holder is not None:
            for name in (attributes.get("itemprop") or "").split():
                holder.setdefault(name, []).append(value)
        elif "itemscope" in attributes:
            yield value


def _holder(node: Node, made: dict[int, Item]) -> Item | None:
    """Return the item that *node* is a property of: that of the nearest scope around it."""
    above = node.parent
    while above is not None:
        if above.mem_id in made:
            return made[above.mem_id]
        above = above.parent
    return None


def _value(node: Node, attributes: dict[str, str | None]) -> str:
    for name in ("content", "href", "src", "datetime"):
        if attributes.get(name):
            return attributes[name] or ""
    return "" if "itemscope" in attributes else node.text(separator=" ")
