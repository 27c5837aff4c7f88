"""Whether the crawler keeps its manners with many hosts at once: one request a host, its delay.

Each host is a server on a loopback address of its own with a directory of several pages and a
robots.txt with a Crawl-delay. All are crawled side by side by the source that people use. What the
hosts saw is what counts: requests under way at once, the gap between two, and pages a second.
"""

import resource
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

from services.discovery.criteria import Criteria
from services.discovery.find import Find
from services.discovery.sources.directory import Directory
from services.discovery.sources.source import Progress, Reach
from shared.destination import hosts
from shared.outbound import Door
from shared.pages.fetcher import Fetcher
from shared.pages.reader import Reader
from shared.settings import load

HOSTS = 50
"""Issue 12."""

PAGES = 10
"""Of each host."""

DELAYS_SECONDS = (1.0, 1.5, 2.0, 3.0)
"""What the hosts ask for, in turn; the shortest is what we keep anyway."""

ANSWER_SECONDS = 0.3
"""What a host takes for a page, so that two requests at once would show."""

READER_WAIT_SECONDS = 10.0


def run(home: Path, sizes: Sequence[int], seconds: float) -> None:
    """Print the figures for each number of hosts in *sizes*; the others are not used."""
    for count in sizes:
        seen = crawled(count, PAGES, DELAYS_SECONDS)
        print(f"\n{count} hosts side by side, {PAGES} pages each")
        for name, figure in seen.figures().items():
            print(f"  {name:<44}{figure}")


@dataclass
class Host:
    """What one host asks for, and what it saw."""

    address: str
    delay_seconds: float
    pages: int
    under_way: int = 0
    most_at_once: int = 0
    asked_at: list[float] = field(default_factory=list)
    """Of pages; a robots.txt is asked before its delay can be known."""
    lock: Any = field(default_factory=threading.Lock)

    def begun(self, path: str) -> None:
        """Note that a request came."""
        with self.lock:
            self.under_way += 1
            self.most_at_once = max(self.most_at_once, self.under_way)
            if path != "/robots.txt":
                self.asked_at.append(time.monotonic())

    def ended(self) -> None:
        """Note that it was answered."""
        with self.lock:
            self.under_way -= 1

    @property
    def smallest_gap(self) -> float:
        """Return the seconds between its two nearest requests."""
        gaps = (later - sooner for sooner, later in pairwise(self.asked_at))
        return min(gaps, default=float("inf"))


@dataclass
class Seen:
    """What all hosts saw together."""

    hosts: list[Host]
    finds: int
    seconds: float
    longest_silence: float
    """Seconds without word of the progress."""

    @property
    def spare(self) -> float:
        """Return by how much the tightest gap kept its host's delay, in seconds; never below 0."""
        return min(host.smallest_gap - host.delay_seconds for host in self.hosts)

    def figures(self) -> dict[str, str]:
        """Return the figures by their names."""
        pages = sum(len(host.asked_at) for host in self.hosts)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {
            "most requests of one host at once": str(max(h.most_at_once for h in self.hosts)),
            "smallest gap of a host, s": f"{min(h.smallest_gap for h in self.hosts):.3f}",
            "tightest gap beyond the host's delay, s": f"{self.spare:.3f}",
            "pages": f"{pages}",
            "finds": f"{self.finds}",
            "seconds": f"{self.seconds:.1f}",
            "pages a second": f"{pages / self.seconds:.1f}",
            "longest silence about progress, s": f"{self.longest_silence:.2f}",
            "memory, with the hosts, MB": f"{memory:.0f}",
        }


def crawled(count: int, pages: int, delays: Sequence[float]) -> Seen:
    """Crawl *count* hosts of *pages* pages side by side, and return what they saw."""
    with ExitStack() as stack:
        standing = [
            Host(f"127.0.1.{number + 1}", delays[number % len(delays)], pages)
            for number in range(count)
        ]
        ports = [stack.enter_context(serving(host)) for host in standing]
        urls = [
            f"http://{host.address}:{port}/list/1"
            for host, port in zip(standing, ports, strict=True)
        ]
        reader = Reader(wait_seconds=READER_WAIT_SECONDS)
        stack.callback(reader.close)
        door = Door(hosts(",".join(host.address for host in standing)))
        fetcher = Fetcher(door, reader=reader, most_pages=count)
        nobody: Any = None  # a directory asks neither database nor gate
        reach = Reach(load({}), door, fetcher, nobody, nobody, lambda: False)
        settings = {"url": urls, "pages": pages, "depth": 0}
        begun = told_at = time.monotonic()
        finds, silence = 0, 0.0
        criteria = Criteria(most=count * pages * 10)
        for one in Directory().find("bench", settings, criteria, reach):
            finds += isinstance(one, Find)
            if isinstance(one, Progress):
                now = time.monotonic()
                told_at, silence = now, max(silence, now - told_at)
        return Seen(standing, finds, time.monotonic() - begun, silence)


@contextmanager
def serving(host: Host) -> Iterator[int]:
    """Serve *host* on its address, and yield the port."""

    class Handler(BaseHTTPRequestHandler):
        """Answers pages of a list, slowly."""

        def do_GET(self) -> None:
            """Answer, and note when."""
            host.begun(self.path)
            try:
                body, kind = _said(host, self.path)
                if self.path != "/robots.txt":
                    time.sleep(ANSWER_SECONDS)
            finally:
                host.ended()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer((host.address, 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def _said(host: Host, path: str) -> tuple[bytes, str]:
    if path == "/robots.txt":
        return f"User-agent: *\nCrawl-delay: {host.delay_seconds}\n".encode(), "text/plain"
    number = int(path.rpartition("/")[2])
    cards = "".join(
        f'<li class="card"><h3>Company {host.address}-{number}-{n}</h3>'
        f'<a href="mailto:office@company{n}.example">Write</a></li>'
        for n in range(10)
    )
    more = f'<a rel="next" href="/list/{number + 1}">Next</a>' if number < host.pages else ""
    html = f"<html><body><main><ul>{cards}</ul>{more}</main></body></html>"
    return html.encode(), "text/html; charset=utf-8"
