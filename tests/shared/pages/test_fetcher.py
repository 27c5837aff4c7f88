"""Fetching a page: what is read of it, and what each failure is called."""

import gzip
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from shared.destination import hosts
from shared.errors import Meaningless, Unavailable
from shared.outbound import Door
from shared.pages import faults
from shared.pages.asking import retry_seconds
from shared.pages.fetcher import MOST_BYTES, Fetcher, Time
from shared.web.errors import status_of
from tests.shared.pages.site import PAGE, answer, moved, standing


def refused(fetcher, url):
    """Return the reason for which *url* is not fetched, and the details that came with it."""
    with pytest.raises((faults.PageRefused, faults.PageUnavailable)) as caught:
        fetcher.fetch(url)
    return caught.value.details["reason"], caught.value.details


def test_a_page_is_read(site, fetcher):
    site.pages["/about"] = answer()

    page = fetcher.fetch(site.url("/about"))

    assert (page.url, page.status, page.title) == (site.url("/about"), 200, "Acme")
    assert page.text == "Acme\nWe build bridges."
    assert abs(page.fetched_at - datetime.now(UTC)) < timedelta(seconds=30)


def test_we_say_who_we_are_and_ask_for_nothing_packed(site, fetching):
    site.pages["/"] = answer()

    fetching(site, about="https://leadfly.example/visits").fetch(site.url())

    for head in site.heads:
        assert "User-Agent: LeadFly/1 (+https://leadfly.example/visits)\r\n" in head
        assert "Accept-Encoding: identity\r\n" in head
        assert "Cookie" not in head


def test_plain_text_is_read_line_by_line(site, fetcher):
    site.pages["/"] = answer(body=b"One <b>line\n\nAnother\0 line", kind="text/plain")

    assert fetcher.fetch(site.url()).text == "One <b>line\nAnother line"


def test_the_fragment_is_ours_and_never_sent(site, fetcher):
    site.pages["/a?b=c"] = answer()

    page = fetcher.fetch(site.url("/a?b=c#part"))

    assert site.asked == ["/robots.txt", "/a?b=c"]
    assert page.url == site.url("/a?b=c")


def test_letters_beyond_ascii_are_escaped(site, fetcher):
    site.pages["/%C3%BCber"] = answer()

    assert fetcher.fetch(site.url("/über")).title == "Acme"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "status_refused"),
        (403, "status_refused"),
        (404, "status_refused"),
        (410, "status_refused"),
        (206, "status_refused"),
        (304, "status_refused"),
        (408, "status_unavailable"),
        (429, "status_unavailable"),
        (500, "status_unavailable"),
        (503, "status_unavailable"),
    ],
)
def test_a_status_is_told_and_sorted(site, fetcher, status, reason):
    site.pages["/"] = answer(status)

    told, details = refused(fetcher, site.url())

    assert (told, details["status"]) == (reason, status)


def test_a_host_says_when_to_come_back(site, fetcher):
    site.pages["/"] = answer(429, Retry_After=120)

    assert refused(fetcher, site.url())[1]["retry_after_seconds"] == 120


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 1),
        ("99999999999", 3600),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30),
        ("Sun, 22 Nov 2020 12:00:30 GMT", 1),
        ("soon", None),
        ("", None),
        (None, None),
        ("-5", None),
    ],
)
def test_retry_after_is_believed_within_bounds(said, seconds):
    assert retry_seconds(said, datetime(2026, 11, 22, 12, tzinfo=UTC)) == seconds


def test_what_will_not_pass_is_422_and_what_may_pass_503():
    kinds = {**vars(faults)}.values()
    named = [one for one in kinds if isinstance(one, type) and issubclass(one, Exception)]
    refusals = [one for one in named if issubclass(one, faults.PageRefused)]
    passing = [one for one in named if issubclass(one, faults.PageUnavailable)]

    assert {status_of(one()) for one in refusals} == {422}
    assert {status_of(one()) for one in passing} == {503}
    assert all(isinstance(one().details["retry_after_seconds"], int) for one in passing)
    assert issubclass(faults.PageRefused, Meaningless)
    assert issubclass(faults.PageUnavailable, Unavailable)
    reasons = [one.reason for one in (*refusals, *passing)]
    assert len(reasons) == len(set(reasons))


@pytest.mark.parametrize(
    "kind", ["application/pdf", "image/png", "application/json", "text/htmlx", "", None]
)
def test_only_html_and_plain_text_are_pages(site, fetcher, kind):
    site.pages["/"] = answer(kind=kind)

    assert refused(fetcher, site.url())[0] == "not_a_page"


def test_a_bomb_that_nobody_asked_for_is_not_unpacked(site, fetcher):
    bomb = gzip.compress(b"\0" * 50_000_000)
    site.pages["/"] = answer(body=bomb, Content_Encoding="gzip")

    assert refused(fetcher, site.url())[0] == "not_a_page"


def test_a_page_of_two_megabytes_is_read_and_one_byte_more_is_not(site, fetcher):
    site.pages["/all"] = answer(body=PAGE.ljust(MOST_BYTES))
    site.pages["/more"] = answer(body=PAGE.ljust(MOST_BYTES + 1))

    assert fetcher.fetch(site.url("/all")).title == "Acme"
    assert refused(fetcher, site.url("/more"))[0] == "too_large"


def test_redirects_and_page_share_two_megabytes(site, fetcher):
    half = b" " * (MOST_BYTES // 2 + 100)
    site.pages["/"] = answer(302, half, Location="/next")
    site.pages["/next"] = answer(body=PAGE + half)

    assert refused(fetcher, site.url())[0] == "too_large"


def dripping(head, seconds=5):
    def talk(wire):
        wire.sendall(head)
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            wire.sendall(b"x")
            time.sleep(0.05)

    return talk


@pytest.mark.parametrize("path", ["/", "/robots.txt"])
@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"]
)
def test_whatever_drips_is_given_up_in_time(site, fetching, path, head):
    site.pages = {"/": answer(), path: dripping(head)}
    begun = time.monotonic()

    reason, _ = refused(fetching(site, seconds=0.7), site.url())

    assert reason in ("too_slow", "unreachable")
    assert (reason == "too_slow") or head == b""
    assert time.monotonic() - begun < 4


def test_all_hops_share_the_time(site, fetching):
    def late(wire):
        time.sleep(0.4)
        wire.sendall(moved("/"))

    site.pages["/"] = late

    assert refused(fetching(site, seconds=0.9), site.url())[0] == "too_slow"


def test_a_page_that_breaks_off_is_not_half_read(site, fetcher):
    def broken(wire):
        wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
        wire.sendall(b"Transfer-Encoding: chunked\r\n\r\nff\r\n<p>half")

    site.pages["/"] = broken

    assert refused(fetcher, site.url())[0] == "unreachable"


def test_a_host_that_does_not_listen_is_unreachable(site, fetcher):
    url = site.url()
    site.close()

    reason, details = refused(fetcher, url)

    assert reason == "unreachable"
    assert str(site.port) not in str(details)


# Redirects ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(site, fetcher, status):
    site.pages |= {"/": moved("next?a=b", status), "/next?a=b": answer()}

    assert fetcher.fetch(site.url()).url == site.url("/next?a=b")


def test_five_redirects_are_followed_and_a_sixth_is_not(site, fetching):
    site.pages |= {f"/{step}": moved(f"/{step + 1}") for step in range(6)}
    site.pages["/6"] = answer()

    assert fetching(site).fetch(site.url("/1")).url == site.url("/6")
    assert refused(fetching(site), site.url("/0"))[0] == "too_many_redirects"


def test_a_circle_ends(site, fetcher):
    site.pages["/"] = moved("/")

    assert refused(fetcher, site.url())[0] == "too_many_redirects"


@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/passwd", "javascript:alert(1)", "gopher://127.0.0.1/_x", "http://[",
        "http://a@b/", "//user:pw@host.example/", "data:text/html,x", "http:\\\\x",
    ],
)  # fmt: skip
def test_a_redirect_to_no_page_is_told(site, fetcher, to):
    site.pages["/"] = moved(to)

    assert refused(fetcher, site.url())[0] == "bad_redirect"


def test_a_redirect_without_an_address_is_told(site, fetcher):
    site.pages["/"] = answer(302)

    assert refused(fetcher, site.url())[0] == "bad_redirect"


def test_a_refresh_is_not_followed(site, canary, fetching):
    away = f'<meta http-equiv="refresh" content="0;url={canary.url()}"><p>Here'.encode()
    site.pages["/"] = answer(body=away, Refresh=f"0; url={canary.url()}")

    assert fetching(site, canary).fetch(site.url()).text == "Here"
    assert canary.hits == 0


# How many ----------------------------------------------------------------------------------------


def test_a_fifth_page_at_a_time_is_told_to_wait(site, fetching):
    release = threading.Event()

    def held(wire):
        release.wait(5)
        wire.sendall(answer())

    with ExitStack() as stack:
        others = [f"127.0.0.{number}" for number in range(2, 6)]
        sites = [stack.enter_context(standing({"/": held}, address=one)) for one in others]
        fetcher = fetching(allowed=",".join(["127.0.0.1", *others]))
        urls = [one.url(host=host) for one, host in zip(sites, others, strict=True)]
        threads = [threading.Thread(target=fetcher.fetch, args=(url,)) for url in urls]
        for thread in threads:
            thread.start()
        wait_for(lambda: all("/" in one.asked for one in sites))

        reason, details = refused(fetcher, site.url("/5"))
        release.set()
        for thread in threads:
            thread.join()

    assert (reason, details["retry_after_seconds"]) == ("busy", 5)
    site.pages["/5"] = answer()
    assert fetcher.fetch(site.url("/5")).title == "Acme"


def test_a_host_is_asked_one_request_at_a_time(site, fetching):
    fetcher, under_way, most = fetching(site), [], []

    def slow(wire):
        under_way.append(wire)
        most.append(len(under_way))
        time.sleep(0.2)
        under_way.remove(wire)
        wire.sendall(answer())

    site.pages |= {"/robots.txt": slow, "/a": slow, "/b": slow, "/c": slow}
    urls = [site.url(path) for path in ("/a", "/b", "/c")]
    threads = [threading.Thread(target=fetcher.fetch, args=(url,)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert max(most) == 1


def test_a_slow_host_has_its_pause_from_when_it_answered(reader, site):
    """With the real clock: the second visit waits for the first, and a second more."""
    began = []

    def slow(wire):
        began.append(time.monotonic())
        time.sleep(1.5)
        wire.sendall(answer())

    site.pages |= {"/a": slow, "/b": slow, "/c": slow}
    fetcher = Fetcher(Door(hosts("127.0.0.1")), reader=reader, pacing=Time())
    paths = ("/a", "/b", "/c")
    threads = [threading.Thread(target=fetcher.fetch, args=(site.url(one),)) for one in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert min(later - sooner for sooner, later in pairwise(began)) >= 2.4


def test_a_download_is_asked_for_as_politely_as_a_page(site, fetching, clock):
    fetcher = fetching(site)
    site.pages |= {"/a": answer(), "/map.xml": answer(body=b"<urlset/>", kind="text/xml")}
    fetcher.fetch(site.url("/a"))

    got = fetcher.download(site.url("/map.xml"), 1000, "application/xml")

    assert (got.media_type, got.body, clock.slept) == ("text/xml", b"<urlset/>", [1])
    assert "Accept: application/xml\r\n" in site.heads[-1]


def test_a_download_that_is_too_large_is_told(site, fetcher):
    site.pages["/map.xml"] = answer(body=b"x" * 2000, kind="text/xml")

    with pytest.raises(faults.PageTooLarge):
        fetcher.download(site.url("/map.xml"), 1000, "application/xml")


def test_a_download_is_left_alone_where_robots_ask_for_it(site, fetcher):
    site.pages["/robots.txt"] = answer(body=b"User-agent: *\nDisallow: /", kind="text/plain")

    with pytest.raises(faults.RobotsDisallow):
        fetcher.download(site.url("/map.xml"), 1000, "application/xml")


def wait_for(claim, seconds=5):
    ends_at = time.monotonic() + seconds
    while not claim() and time.monotonic() < ends_at:
        time.sleep(0.01)
    assert claim()


def test_a_refused_page_gives_its_place_back(site, fetching):
    fetcher = fetching(site, most_pages=1)
    for _ in range(3):
        assert refused(fetcher, site.url("/gone"))[0] == "status_refused"


def test_nothing_of_a_page_is_logged(site, fetcher, caplog):
    caplog.set_level("DEBUG")
    site.pages["/?token=sesame"] = answer(body=b"<p>Ada Lovelace")
    fetcher.fetch(site.url("/?token=sesame"))
    refused(fetcher, site.url("/?token=other"))

    assert not any(word in caplog.text for word in ("sesame", "other", "Ada"))
