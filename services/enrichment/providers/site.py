"""The company's own site: its home page and a few more, read as a well-behaved visitor would.

Who it visits and how is `shared.pages`; which pages and what of them is `services.enrichment.site`.
"""

from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

from services.enrichment.finding import Finding
from services.enrichment.providers.provider import (
    Asked,
    NotApplicable,
    ProviderUnavailable,
    Reach,
)
from services.enrichment.site import reading, state
from services.enrichment.site.home import own_site, shared_host
from services.enrichment.site.onward import onward
from shared.normalize import email
from shared.pages.faults import HostUnreachable, PageRefused, PageUnavailable
from shared.pages.page import Page

LEAST_SECONDS = 1.5
"""Without so many left no further page is asked for: its host wants a second between two."""


class Site:
    """Reads the company's own site."""

    name = reading.NAME
    title = "The company's own web site"
    purpose = "See what the company publishes about itself: contacts, address, presences elsewhere."
    personal = False
    needs = ("website", "email")

    def find(self, asked: Asked, reach: Reach) -> Sequence[Finding]:
        """Return what the site says. Raises ProviderUnavailable or NotApplicable."""
        url = _address(asked)
        home = _home(url, reach)
        what = state.state(home, url)
        about = _state(home, what)
        if what.name != state.LIVE:
            return [about]
        pages = [home, *_further(home, reach)]
        return [about, *reading.findings(pages, _mail_domain(asked), asked.country)]


def _address(asked: Asked) -> str:
    """Return where the company's site is. Raises NotApplicable."""
    url = own_site(asked.fields)
    if url is None:
        raise NotApplicable("neither a web site nor a mailbox at a company's own domain is known")
    shared = shared_host(url)
    if shared:
        raise NotApplicable(f"the web site is a page at {shared}, not a site of its own")
    return url


def _mail_domain(asked: Asked) -> str | None:
    box = email.parse(asked.fields.get("email") or "")
    return box.domain if box and box.organisation else None


def _home(url: str, reach: Reach) -> Page:
    """Return the home page; where its host is not reached, that of the same with `www.`."""
    try:
        return reach.fetcher.fetch(url)
    except HostUnreachable as error:
        other = _with_www(url)
        if other is None or reach.left() < LEAST_SECONDS:
            raise _unavailable(error) from None
    except (PageRefused, PageUnavailable) as error:
        raise _unavailable(error) from None
    return _home(other, reach)


def _further(home: Page, reach: Reach) -> Iterator[Page]:
    """Yield the pages that speak of the company, until one does not come in time."""
    for url in onward(home.links, home.url):
        if reach.left() < LEAST_SECONDS:
            return
        page = _within(reach, url)
        if page is not None:
            yield page


def _within(reach: Reach, url: str) -> Page | None:
    """Return the page at *url*, None if it does not come in time or is none.

    A visit cannot be interrupted, and has its own end; what was read before is not lost with it.
    """
    answers: SimpleQueue[Page | None] = SimpleQueue()

    def visit() -> None:
        page = None
        try:
            page = reach.fetcher.fetch(url)
        except (PageRefused, PageUnavailable):
            pass
        finally:
            answers.put(page)

    Thread(target=visit, daemon=True).start()
    try:
        return answers.get(timeout=max(reach.left() - 0.2, 0.0))
    except Empty:
        return None


def _state(page: Page, found: state.State) -> Finding:
    return Finding(
        "site_status", found.name, reading.NAME, page.url, page.fetched_at, found.note, False
    )


def _unavailable(error: PageRefused | PageUnavailable) -> ProviderUnavailable:
    """Return why the site cannot be read, in words that quote nothing of it."""
    why = str(error.details["url"])
    if why.endswith("."):  # a sentence of the door's
        return ProviderUnavailable(f"the site was not reached: {why[:1].lower()}{why[1:-1]}")
    return ProviderUnavailable(f"the site {why}")


def _with_www(url: str) -> str | None:
    host = urlsplit(url).hostname or ""
    if host.startswith("www.") or host.count(".") != 1:
        return None
    return url.replace(host, f"www.{host}", 1)
