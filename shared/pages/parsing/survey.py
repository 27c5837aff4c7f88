"""A page as a crawler reads it: companies, links, and what it asks of crawlers. Pure."""

from selectolax.lexbor import LexborHTMLParser

from shared.pages.parsing import markup
from shared.pages.parsing.companies import companies, listed
from shared.pages.parsing.links import canonical, links, next_page, wishes
from shared.pages.parsing.structured_data import items
from shared.pages.survey import MOST_LINKS, Survey


def survey(html: str, url: str, asks: str) -> Survey:
    """Return what *html*, the page at *url*, names; *asks* is its X-Robots-Tag header.

    Raises Unparseable, and may take seconds: `reader` calls this where it can be killed.
    """
    markup.check(html)
    tree = LexborHTMLParser(html)
    index, follow = wishes(tree, asks)
    described = items(tree)
    found = companies(tree, described, url) if index else ()
    onward = dict.fromkeys((*listed(described, url), *links(tree, url))) if follow else {}
    return Survey(
        index=index,
        follow=follow,
        login=not found and tree.css_first('input[type="password" i]') is not None,
        canonical=canonical(tree, url),
        next=next_page(tree, url) if follow else "",
        links=tuple(onward)[:MOST_LINKS],
        companies=found,
    )
