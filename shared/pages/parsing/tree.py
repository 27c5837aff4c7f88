"""Walking a parsed page without recursion: a page may nest deeper than Python calls. Pure."""

from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode as Node

UNSEEN = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed",
    "canvas", "audio", "video", "map", "head", "title", "textarea", "datalist",
))  # fmt: skip
"""Elements whose text no visitor reads on the page."""

BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "br",
))  # fmt: skip
"""Elements that begin a line of their own, and end it."""


def texts(root: Node, skipped: Callable[[Node, str], bool]) -> Iterator[str]:
    """Yield the text below *root*, without line ends, and "\\n" where a block begins or ends.

    Elements for which *skipped(node, tag)* holds are left out with all they contain.
    """
    open_blocks = [(False, root.iter(include_text=True))]
    while open_blocks:
        is_block, children = open_blocks[-1]
        node = next(children, None)
        if node is None:
            open_blocks.pop()
            if is_block:
                yield "\n"
            continue
        tag = node.tag or ""
        if tag == "-text":
            yield (node.text_content or "").replace("\n", " ")
        elif not tag.startswith("-") and tag not in UNSEEN and not skipped(node, tag):
            yield "\n" if tag in BLOCKS else " " if tag in _CELLS else ""
            open_blocks.append((tag in BLOCKS, node.iter(include_text=True)))


def seen_text(root: Node) -> str:
    """Return all text below *root* that a visitor reads, blocks on lines of their own."""
    return "".join(texts(root, lambda node, tag: False))


def names(node: Node) -> set[str]:
    """Return the classes and the id of *node*, in small letters."""
    attributes = node.attributes
    written = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return set(written.lower().split())


def plain(text: str, longest: int) -> str:
    """Return *text* on one line without needless spaces, cut at *longest* characters.

    NULs become spaces, and lone surrogates, as JSON may spell them, question marks.
    """
    whole = text[: longest * 4].encode("utf-8", "replace").decode("utf-8")
    return " ".join(whole.replace("\0", " ").split())[:longest]


_CELLS = frozenset(("td", "th", "option", "button", "label"))
