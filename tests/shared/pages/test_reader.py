"""Hostile pages are parsed where they can be killed, and the next page is read none the less."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.pages import wire
from shared.pages.faults import PageUnavailable, Unparseable
from shared.pages.parsing.content import content
from shared.pages.reader import Reader

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")

PAGE = "<title>Acme</title><p>We build bridges."

FLOOD = "<p " + " ".join(f"a{number}=1" for number in range(200_000)) + ">x"
"""2 MB of attributes of one tag: the parser compares each with all before it."""


def pid(reader):
    return reader._idle[0]._process.pid


@pytest.fixture
def own():
    reader = Reader(seconds=2)
    yield reader
    reader.close()


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000,
        "<p>a" + "<!-- " * 400_000,
        "<p>a" + "<!--" + "x" * 2_000_000,
        "a\0b" * 600_000,
        "<!DOCTYPE x [<!ENTITY a 'lol'><!ENTITY b '&a;&a;'>]><p>" + "&b;" * 400_000,
        "&amp;" * 400_000,
        "x" * 1_000_000,
        "<" * 2_000_000,
        "<a" * 1_000_000,
        "<script type=application/ld+json>" + "[" * 1_000_000,
        "<script type=application/ld+json>" + "9" * 1_000_000 + "</script>",
        "<form><input name=email></form>" * 30_000,
        "a@" * 900_000,
        "(1" * 900_000,
        "<ul>" * 900 + "<li><a>x</a>" * 40_000,
        "<div itemscope itemprop=a>" * 900 + "<i itemprop=b>" * 50_000,
        "<p style='" + "a" * 1_900_000 + "'>x",
        "\ud800\udfff" * 1000,
    ],
    ids=range(18),
)
def test_hostile_html_is_read_or_refused_within_bounds(reader, html):
    begun = time.monotonic()
    try:
        found = reader.content(html, "https://page.example/")
    except Unparseable:
        found = None

    assert time.monotonic() - begun < 20
    assert found is None or len(found.text.encode()) <= 100_000
    assert reader.content(PAGE, "https://page.example/").title == "Acme"


def test_pages_that_wait_for_hostile_ones_are_sent_away_soon(own):
    """Each holds a thread that serves others: eight that wait in turn were a service that hangs."""
    with ThreadPoolExecutor(6) as pool:
        told = [one.exception() for one in [pool.submit(own.text_of, FLOOD) for _ in range(6)]]

    assert Counter(map(type, told)) == {Unparseable: 2, PageUnavailable: 4}
    assert own.text_of(PAGE) == "We build bridges."


@LINUX
def test_a_page_that_takes_too_long_is_given_up_and_its_process_with_it(own):
    own.content(PAGE, "")
    hung, begun = pid(own), time.monotonic()

    with pytest.raises(Unparseable):
        own.content(FLOOD, "")

    assert time.monotonic() - begun < 20
    assert not Path(f"/proc/{hung}").exists()
    assert own.content(PAGE, "").title == "Acme"


def test_a_slow_page_keeps_nobody_else_waiting(own):
    def read_slowly():
        with pytest.raises(Unparseable):
            own.content(FLOOD, "")

    slow = threading.Thread(target=read_slowly)
    slow.start()
    time.sleep(0.2)
    begun = time.monotonic()

    own.content(PAGE, "")

    assert time.monotonic() - begun < 1.5
    slow.join()


def test_a_process_is_kept_for_the_next_page(own):
    own.content(PAGE, "")
    first = pid(own)
    for _ in range(50):
        own.text_of(PAGE)

    assert pid(own) == first


def test_a_process_that_died_is_replaced(own):
    own.content(PAGE, "")
    os.kill(pid(own), signal.SIGKILL)
    time.sleep(0.1)

    assert own.content(PAGE, "").title == "Acme"


@LINUX
def test_a_page_that_wants_more_memory_than_there_is_is_refused():
    """With as little as starts: what the parser then asks for, it does not get."""
    small = Reader(memory_bytes=48 * 1024 * 1024)
    try:
        with pytest.raises(Unparseable):
            small.content("<p>x" * 99_000, "")
        assert small.content(PAGE, "").title == "Acme"
    finally:
        small.close()


@LINUX
def test_the_process_knows_no_secret_and_writes_no_core(own, monkeypatch):
    monkeypatch.setenv("LEADFLY_SECRET_KEY", "sesame" * 10)
    own.content(PAGE, "")

    environ = Path(f"/proc/{pid(own)}/environ").read_bytes()
    limits = Path(f"/proc/{pid(own)}/limits").read_text()

    assert b"sesame" not in environ
    assert "Max core file size        0 " in limits
    assert f"Max address space         {512 * 1024 * 1024} " in limits


@LINUX
def test_the_process_ends_with_the_one_that_started_it():
    script = (
        "import os; from shared.pages.reader import Reader; r = Reader();"
        "r.content('<p>x', ''); print(r._idle[0]._process.pid, flush=True); os._exit(0)"
    )
    root = Path(__file__).resolve().parents[4]
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, cwd=root, timeout=30, check=True
    ).stdout
    left = Path(f"/proc/{int(said)}")
    ends_at = time.monotonic() + 5
    while left.exists() and "zombie" not in (left / "status").read_text():
        assert time.monotonic() < ends_at
        time.sleep(0.05)


def test_a_forked_process_starts_readers_of_its_own(own):
    own.content(PAGE, "")
    child = os.fork()
    if child == 0:
        try:
            own.content(PAGE, "")
            theirs = pid(own)
            own.close()
            os._exit(0 if theirs else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert own.content(PAGE, "").title == "Acme"


def test_many_threads_read_at_once(reader):
    titles = []

    def read(number):
        for turn in range(20):
            titles.append((f"{number}/{turn}", reader.content(f"<title>{number}/{turn}", "").title))

    threads = [threading.Thread(target=read, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(titles) == 120
    assert all(asked == said for asked, said in titles)


@pytest.mark.parametrize(
    "answer", [None, [], "x", {}, {"title": 1}, {"title": "x", "forms": [{"kind": "odd"}]}]
)
def test_what_the_process_answers_is_believed_only_in_its_shape(answer):
    with pytest.raises(ValueError):
        wire.content(answer)


def test_a_whole_page_comes_over_the_wire_unchanged(reader):
    for path in sorted((Path(__file__).parent / "golden").glob("*.html")):
        html = path.read_text(encoding="utf-8")
        assert reader.content(html, "https://a.example/") == content(html, "https://a.example/")
