"""Why a page cannot be read, each with a word for programs. Pure.

The codes are the contract's closed list, so it is `details.reason` that tells them apart; beside
it `details.url` says in words what is wrong. Nothing repeats the URL, nor a word of the page.
A `PageRefused` is for good; a `PageUnavailable` may be gone in `details.retry_after_seconds`.
"""

from typing import ClassVar

from shared.errors import Meaningless, Unavailable

RETRY_SECONDS = 60
"""When to try again what may pass by itself, where the host does not say."""


class PageRefused(Meaningless):
    """The page cannot be read, and asking again would not change it; see details."""

    reason: ClassVar[str] = "refused"
    problem: ClassVar[str] = "cannot be read"

    def __init__(self, problem: str | None = None, **details: object):
        """*problem* is what is wrong with the URL, in words of ours."""
        super().__init__(details={"url": problem or self.problem, "reason": self.reason, **details})


class PageUnavailable(Unavailable):
    """The page cannot be read just now; try again later, see details."""

    reason: ClassVar[str] = "unavailable"
    problem: ClassVar[str] = "cannot be read just now"

    def __init__(
        self, problem: str | None = None, retry_seconds: int = RETRY_SECONDS, **details: object
    ):
        """*problem* is what is wrong, in words of ours; *retry_seconds* when to try again."""
        told = {"url": problem or self.problem, "reason": self.reason}
        super().__init__(details={**told, "retry_after_seconds": retry_seconds, **details})


class BadUrl(PageRefused):
    """The page's address is no plain address of a public host."""

    reason = "bad_url"


class PrivateAddress(PageRefused):
    """The page's address leads inside a network; only public hosts are visited."""

    reason = "private_address"
    problem = "leads to an address that is not public"


class TooManyRedirects(PageRefused):
    """The page redirects too often."""

    reason = "too_many_redirects"
    problem = "redirects too often"


class Downgraded(PageRefused):
    """The page redirects from https to http."""

    reason = "redirect_downgraded"
    problem = "redirects from https to http"


class BadRedirect(PageRefused):
    """The page redirects to something that is no address of a page."""

    reason = "bad_redirect"
    problem = "redirects to no plain address of a public host"


class RobotsDisallow(PageRefused):
    """The host's robots.txt asks us to stay away from this page."""

    reason = "robots_disallowed"
    problem = "is disallowed by the host's robots.txt"


class RobotsUnreachable(PageUnavailable):
    """The host's robots.txt cannot be read just now, so its pages are left alone."""

    reason = "robots_unreachable"
    problem = "cannot be visited while the host's robots.txt cannot be read"


class RefusedByStatus(PageRefused):
    """The host refuses the page; see details for its status."""

    reason = "status_refused"
    problem = "was refused by its host"


class UnavailableByStatus(PageUnavailable):
    """The host cannot give the page just now; see details for its status."""

    reason = "status_unavailable"
    problem = "cannot be given by its host just now"


class PageTooLarge(PageRefused):
    """The page is larger than what is read of one."""

    reason = "too_large"
    problem = "is larger than 2 MB"


class NotAPage(PageRefused):
    """What is at this address is no page: only HTML and plain text are read."""

    reason = "not_a_page"
    problem = "answers with something that is neither HTML nor plain text"


class Unparseable(PageRefused):
    """The page is built in a way that cannot be read within bounds."""

    reason = "unparseable"
    problem = "cannot be parsed within bounds of time, memory and depth"


class HostUnreachable(PageUnavailable):
    """The page's host cannot be reached."""

    reason = "unreachable"
    problem = "cannot be reached"


class PageTooSlow(PageUnavailable):
    """The page did not come in time."""

    reason = "too_slow"
    problem = "did not come within 10 seconds"


class HostVisitedLately(PageUnavailable):
    """The page's host was visited a moment ago, and wants visits apart."""

    reason = "host_delay"
    problem = "is at a host whose next visit is not due yet"


class TooManyPages(PageUnavailable):
    """As many pages are being fetched as this process fetches at a time."""

    reason = "busy"
    problem = "must wait: other pages are being fetched"
