"""The main text of a page: its headings and paragraphs in their order, one a line. Pure."""

from collections.abc import Iterable, Iterator
from itertools import chain

from selectolax.lexbor import LexborHTMLParser

from shared.pages.parsing.boilerplate import is_boilerplate
from shared.pages.parsing.tree import Node, texts

MOST_TEXT_BYTES = 100_000
"""Of a main text, in UTF-8; 15,000 words are more than any page about one thing."""

LEAST_MAIN = 200
"""Characters in a `main` element that are believed to be all; below, the whole page is read."""


def main_text(tree: LexborHTMLParser) -> tuple[str, bool]:
    """Return the main text of *tree*, and whether there is more of it."""
    articles = tree.css("article")
    only = articles[0] if len(articles) == 1 else None  # several are a list of them
    for root in (tree.css_first("main, [role=main]"), only, tree.body):
        if root is None:
            continue
        text, truncated = lines(texts(root, is_boilerplate))
        if len(text) >= LEAST_MAIN or root.tag == "body":
            return text, truncated
    return "", False


def all_text(root: Node) -> str:
    """Return all lines that are no boilerplate below *root*."""
    return lines(texts(root, is_boilerplate))[0]


def lines(parts: Iterable[str]) -> tuple[str, bool]:
    """Return *parts* as lines without empty ones, and whether they were cut at MOST_TEXT_BYTES.

    A part is "\\n", which ends a line, or has no line end in it.
    """
    found: list[str] = []
    room = MOST_TEXT_BYTES
    for line in _joined(parts):
        size = len(line.encode("utf-8", "replace")) + 1
        if size > room:
            return "\n".join([*found, _cut(line, room)]).rstrip(), True
        found.append(line)
        room -= size
    return "\n".join(found), False


def _joined(parts: Iterable[str]) -> Iterator[str]:
    """Yield the lines of *parts* as they are complete: of a long page no more is walked."""
    line: list[str] = []
    for part in chain(parts, ("\n",)):
        if part != "\n":
            line.append(part)
            continue
        text = " ".join("".join(line).replace("\0", " ").split())
        line.clear()
        if text:
            yield text


def _cut(text: str, room: int) -> str:
    """Return as many whole words of *text* as *room* bytes hold; of one long word its beginning."""
    held = text.encode("utf-8", "replace")[: max(0, room - 1)].decode("utf-8", "ignore")
    return held.rpartition(" ")[0] or held
