"""robots.txt: hosts say where we may go and how often, and what we cannot know we do not assume."""

import threading
import time

import pytest

from shared.destination import hosts
from shared.outbound import Door
from shared.pages import permission
from shared.pages.faults import PageRefused, PageUnavailable
from shared.pages.fetcher import Fetcher, Time
from tests.shared.pages.site import Clock, answer, moved, standing


def robots(text):
    return answer(body=text.encode(), kind="text/plain")


def reason(fetcher, url):
    with pytest.raises((PageRefused, PageUnavailable)) as caught:
        fetcher.fetch(url)
    return caught.value.details["reason"]


def visits(site):
    return [path for path in site.asked if path != "/robots.txt"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", "/a"),
        ("User-agent: *\nDisallow:", "/a"),
        ("User-agent: *\nDisallow: /b", "/a"),
        ("User-agent: *\nDisallow: /\nAllow: /a", "/a"),
        ("User-agent: *\nDisallow: /\n\nUser-agent: leadfly\nDisallow: /b", "/a"),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x"),
        ("User-agent: Otherbot\nDisallow: /", "/a"),
        ("\ufeffUser-agent: *\nDisallow: /b", "/a"),
        ("<html>Not found</html>", "/a"),
        ("\0\1\2 binary \udcff".encode("utf-8", "surrogateescape").decode("latin-1"), "/a"),
    ],
)
def test_what_is_not_disallowed_is_visited(site, fetcher, text, path):
    site.pages |= {path: answer(), "/robots.txt": robots(text)}

    assert fetcher.fetch(site.url(path)).title == "Acme"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("User-agent: *\nDisallow: /", "/a"),
        ("User-agent: *\nAllow: /\nDisallow: /a", "/a"),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c"),
        ("User-agent: *\nAllow: /\n\nUser-agent: LeadFly\nDisallow: /a", "/a"),
        ("user-agent: LEADFLY\r\ndisallow: /a", "/a"),
        ("User-agent: Otherbot\nUser-agent: LeadFly\nDisallow: /", "/a"),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf"),
        ("User-agent: *\nDisallow: /a%62", "/ab"),
        ("User-agent: *\nDisallow: /a?b=", "/a?b=c"),
        ("\ufeffUser-agent: *\nDisallow: /a", "/a"),
    ],
)
def test_what_is_disallowed_is_not_visited(site, fetcher, text, path):
    site.pages |= {path: answer(), "/robots.txt": robots(text)}

    assert reason(fetcher, site.url(path)) == "robots_disallowed"
    assert visits(site) == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418])
def test_a_file_that_is_not_there_allows_everything(site, fetcher, status):
    site.pages |= {"/a": answer(), "/robots.txt": answer(status)}

    assert fetcher.fetch(site.url("/a")).title == "Acme"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 304])
def test_a_file_that_cannot_be_had_allows_nothing(site, fetcher, status):
    site.pages |= {"/a": answer(), "/robots.txt": answer(status)}

    assert reason(fetcher, site.url("/a")) == "robots_unreachable"
    assert visits(site) == []


def test_a_file_that_breaks_off_allows_nothing(site, fetcher):
    def broken(wire):
        wire.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nUser-agent: *\n")

    site.pages |= {"/a": answer(), "/robots.txt": broken}

    assert reason(fetcher, site.url("/a")) == "unreachable"
    assert visits(site) == []


def test_a_file_that_moved_is_followed(site, fetcher):
    rules = robots("User-agent: *\nDisallow: /a")
    site.pages |= {"/a": answer(), "/robots.txt": moved("/r"), "/r": rules}

    assert reason(fetcher, site.url("/a")) == "robots_disallowed"


def test_a_file_that_moves_for_ever_allows_nothing(site, fetcher):
    site.pages |= {"/a": answer(), "/robots.txt": moved("/robots.txt")}

    assert reason(fetcher, site.url("/a")) == "robots_unreachable"
    assert visits(site) == []
    assert len(site.asked) == 6


def test_of_a_huge_file_the_beginning_counts(site, fetcher):
    filling = "# nothing\n" * 60_000
    text = f"User-agent: *\nDisallow: /a\n{filling}Disallow: /b\n"
    site.pages |= {"/a": answer(), "/b": answer(), "/robots.txt": robots(text)}

    assert reason(fetcher, site.url("/a")) == "robots_disallowed"
    assert fetcher.fetch(site.url("/b")).title == "Acme"


def test_half_a_rule_at_the_end_of_a_huge_file_is_no_rule(site, fetcher):
    begin = "User-agent: *\n"
    filling = "#" * (permission.MOST_BYTES - len(begin) - len("\nDisallow: /")) + "\n"
    text = f"{begin}{filling}Disallow: /secret\n" + "#" * 100
    site.pages |= {"/a": answer(), "/robots.txt": robots(text)}

    assert fetcher.fetch(site.url("/a")).title == "Acme"


def test_a_file_made_to_keep_us_busy_allows_nothing(site, fetcher):
    agents = "".join(f"User-agent: a{number}\n" for number in range(8000))
    site.pages |= {"/a": answer(), "/robots.txt": robots(agents + "Disallow: /\n" * 20_000)}

    assert reason(fetcher, site.url("/a")) == "robots_unreachable"
    begun = time.monotonic()
    assert reason(fetcher, site.url("/a")) == "robots_unreachable"
    assert time.monotonic() - begun < 0.5


def test_every_hop_is_asked_for(site, fetching):
    with standing({"/secret": answer()}) as other:
        other.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /secret")
        site.pages |= {"/": moved(other.url("/secret")), "/x": moved("/y")}
        site.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /y")

        assert reason(fetching(site, other), site.url()) == "robots_disallowed"
        assert reason(fetching(site, other), site.url("/x")) == "robots_disallowed"
        assert (visits(other), visits(site)) == ([], ["/", "/x"])


def test_a_file_is_remembered_for_a_day(site, fetcher, clock):
    site.pages |= {"/a": answer(), "/robots.txt": robots("User-agent: *\nDisallow: /b")}
    for _ in range(3):
        fetcher.fetch(site.url("/a"))
    assert site.asked.count("/robots.txt") == 1

    clock.now += permission.REMEMBERED_SECONDS
    fetcher.fetch(site.url("/a"))

    assert site.asked.count("/robots.txt") == 2
    assert permission.REMEMBERED_SECONDS <= 24 * 3600


def test_a_file_that_could_not_be_had_is_asked_for_again_after_a_minute(site, fetcher, clock):
    site.pages |= {"/a": answer(), "/robots.txt": answer(503)}
    for _ in range(2):
        assert reason(fetcher, site.url("/a")) == "robots_unreachable"
    assert site.asked == ["/robots.txt"]

    site.pages["/robots.txt"] = robots("")
    clock.now += 60

    assert fetcher.fetch(site.url("/a")).title == "Acme"


def test_two_ports_are_two_sites(site, fetching):
    with standing({"/a": answer()}) as other:
        site.pages |= {"/a": answer(), "/robots.txt": robots("User-agent: *\nDisallow: /")}
        fetcher = fetching(site, other)

        assert reason(fetcher, site.url("/a")) == "robots_disallowed"
        assert fetcher.fetch(other.url("/a")).title == "Acme"


def test_no_more_is_remembered_than_there_is_room_for(reader):
    """A thousand hosts with the largest of files do not fill the memory."""
    clock = Clock()
    found = permission.Permission(None, reader, clock)
    for number in range(1000):
        large = permission._Robots("x" * permission.MOST_BYTES, clock.now + 9)
        found._remember(f"https://{number}.example", large)

    assert found._bytes <= permission.MOST_REMEMBERED_BYTES
    assert found._known("https://999.example") is not None
    assert found._known("https://0.example") is None


# Pauses ------------------------------------------------------------------------------------------


def test_visits_to_one_host_are_a_second_apart(site, fetcher, clock):
    site.pages |= {"/a": answer(), "/b": moved("/a")}

    fetcher.fetch(site.url("/a"))
    assert clock.slept == []
    fetcher.fetch(site.url("/b"))

    assert clock.slept == [1, 1]


def test_a_longer_delay_is_honoured(site, fetcher, clock):
    site.pages |= {"/a": answer(), "/robots.txt": robots("User-agent: *\nCrawl-delay: 7.5")}

    fetcher.fetch(site.url("/a"))
    fetcher.fetch(site.url("/a"))

    assert clock.slept == [7.5]


def test_a_delay_longer_than_our_patience_is_told_with_its_end(site, fetcher, clock):
    site.pages |= {"/a": answer(), "/robots.txt": robots("User-agent: *\nCrawl-delay: 20")}
    fetcher.fetch(site.url("/a"))

    with pytest.raises(PageUnavailable) as caught:
        fetcher.fetch(site.url("/a"))

    told = caught.value.details
    assert (told["reason"], told["retry_after_seconds"]) == ("host_delay", 20)
    assert (clock.slept, visits(site)) == ([], ["/a"])
    clock.now += 20
    assert fetcher.fetch(site.url("/a")).title == "Acme"


@pytest.mark.parametrize("delay", ["99999999", "1e300", "inf", "nan", "-1", "x"])
def test_an_odd_delay_holds_nobody_up_for_longer_than_a_minute(site, fetcher, clock, delay):
    site.pages |= {"/a": answer(), "/robots.txt": robots(f"User-agent: *\nCrawl-delay: {delay}")}
    fetcher.fetch(site.url("/a"))
    clock.now += 60

    assert fetcher.fetch(site.url("/a")).title == "Acme"


def test_a_redirect_belongs_to_the_visit_that_the_host_let_pass(site, fetcher, clock):
    site.pages |= {"/": moved("/a"), "/a": answer()}
    site.pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 30")

    fetcher.fetch(site.url())

    assert clock.slept == [1]
    assert reason(fetcher, site.url("/a")) == "host_delay"


def test_visits_in_several_threads_are_apart_as_well(reader, site):
    """With the real clock: three threads, one host, at least two seconds."""
    site.pages["/a"] = answer()
    fetcher = Fetcher(Door(hosts("127.0.0.1")), reader=reader, pacing=Time())
    begun, at = time.monotonic(), []

    def visit():
        fetcher.fetch(site.url("/a"))
        at.append(time.monotonic() - begun)

    threads = [threading.Thread(target=visit) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(at) == 3
    assert max(at) >= 2
