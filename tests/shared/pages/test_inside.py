"""Whatever a URL, a redirect or a name server says, no request reaches what is inside."""

import socket
import ssl
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.destination import hosts
from shared.outbound import Door
from shared.pages.faults import PageRefused, PageUnavailable
from shared.public_address import is_public
from tests.shared import hostile_urls
from tests.shared.pages.site import answer, moved, standing

PUBLIC = "127.0.0.2"
"""Stands for a public address: sites of these tests listen there, canaries on 127.0.0.1."""

PORTS = range(20_000, 30_000)
"""Below those that Linux (from 32,768) and IANA (from 49,152) give to outgoing connections."""

NAMES = ("shop.example.com", "other.example.com", "inside.example.com", "rebinding.example.com")


def reason(fetcher, url):
    with pytest.raises((PageRefused, PageUnavailable)) as caught:
        fetcher.fetch(url)
    return caught.value.details["reason"]


def inside(host, port):
    """Resolve as the worst resolver would: numbers as the C library reads them, names to us."""
    try:
        found = socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)
        return [entry[4][0] for entry in found]
    except (OSError, UnicodeError):
        return ["127.0.0.1"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for NAMES, by nobody but itself; the path of its file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAMES[0])])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in NAMES]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def public(certificate):
    """A site at what stands for a public address, under TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with standing(address=PUBLIC, context=context) as site:
        yield site


@contextmanager
def side_by_side(context):
    """Sites at PUBLIC and inside, on one port, that no outgoing connection holds meanwhile."""
    for port in PORTS:
        with ExitStack() as both:
            try:
                public = both.enter_context(standing(address=PUBLIC, port=port, context=context))
                canary = both.enter_context(standing(port=port, context=context))
            except OSError:
                continue
            yield public, canary
            return
    raise OSError("no port is free at both addresses")


class Resolver:
    """A name server under a stranger's control: rebinding.example.com moves inside."""

    def __init__(self, public_answers=1):
        self.asked, self.public_answers = 0, public_answers

    def __call__(self, host, port):
        if host == "inside.example.com":
            return ["127.0.0.1"]
        if host == "rebinding.example.com":
            self.asked += 1
            return [PUBLIC if self.asked <= self.public_answers else "127.0.0.1"]
        return [PUBLIC]


@pytest.fixture
def outside(fetching, certificate):
    """Make a fetcher that takes PUBLIC for a public address, and nothing else here."""

    def made(resolve):
        door = Door(
            resolve=resolve,
            trust=ssl.create_default_context(cafile=certificate),
            public=lambda address: str(address) == PUBLIC or is_public(address),
        )
        return fetching(door=door, allowed="x.internal")

    return made


def test_no_hostile_url_reaches_what_listens_inside(canary, fetching):
    urls = hostile_urls.urls(canary.port)
    fetcher = fetching(door=Door(resolve=inside), allowed="x.internal", seconds=1)

    for url in [*urls, *(url.replace("https", "http", 1) for url in urls)]:
        assert reason(fetcher, url) in ("bad_url", "private_address", "unreachable", "too_slow")
    assert canary.hits == 0


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "localhost", "db"],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_private_host_is_called_private(fetching, canary, scheme, host):
    fetcher = fetching(door=Door(resolve=inside), allowed="x.internal")

    assert reason(fetcher, f"{scheme}://{host}:{canary.port}/") == "private_address"
    assert reason(fetcher, f"{scheme}://{host}/") == "private_address"


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "ftp://a.example/", "https://", "https://user@a.example/", "https://2130706433/",
        "https://0x7f000001/", "https://127.1/", "https://a.example:25/", "https://a b.example/",
        "https://a.example/" + "x" * 2000, "https://a.example\\@127.0.0.1/", "https://\ud800.example/",
        "http://a.example:8080/",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_called_so(fetching, url):
    fetcher = fetching(door=Door(resolve=inside), allowed="x.internal")

    assert reason(fetcher, url) == "bad_url"


def test_a_page_outside_is_fetched(public, outside):
    public.pages["/a"] = answer()
    fetcher = outside(lambda host, port: [PUBLIC])

    page = fetcher.fetch(f"https://shop.example.com:{public.port}/a")

    assert page.title == "Acme"
    assert f"Host: shop.example.com:{public.port}\r\n" in public.heads[-1]


def test_a_name_that_leads_inside_is_refused(canary, outside):
    fetcher = outside(Resolver())

    assert reason(fetcher, f"https://inside.example.com:{canary.port}/") == "private_address"
    assert canary.hits == 0


@pytest.mark.parametrize("public_answers", [1, 2])
def test_a_name_that_moves_inside_between_two_requests_is_refused(
    certificate, outside, public_answers
):
    """The canary speaks TLS under that very name, so that nothing but the check keeps us from it.

    First robots.txt is asked, then the page, and then what the page redirects to.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with side_by_side(context) as (public, canary):
        public.pages["/"] = moved("/again")
        resolver = Resolver(public_answers)

        told = reason(outside(resolver), f"https://rebinding.example.com:{public.port}/")

        assert (told, canary.hits) == ("private_address", 0)
        assert len(public.asked) == public_answers


@pytest.mark.parametrize(
    "to",
    [
        "https://127.0.0.1:{port}/", "https://inside.example.com:{port}/", "//127.0.0.1:{port}/x",
        "https://[::ffff:127.0.0.1]:{port}/", "https://[::1]:{port}/", "https://2130706433:{port}/",
        "https://0x7f.1:{port}/", "https://shop.example.com@127.0.0.1:{port}/", "https://localhost:{port}",
        "https://169.254.169.254/latest/meta-data/", "https://017700000001:{port}/",
    ],
)  # fmt: skip
def test_no_redirect_leads_inside(public, canary, outside, to):
    public.pages["/"] = moved(to.format(port=canary.port))

    told = reason(outside(Resolver()), f"https://shop.example.com:{public.port}/")

    assert told in ("private_address", "bad_redirect")
    assert canary.hits == 0


def test_no_redirect_of_robots_leads_inside(public, canary, outside):
    public.pages |= {
        "/": answer(),
        "/robots.txt": moved(f"https://inside.example.com:{canary.port}/robots.txt"),
    }

    told = reason(outside(Resolver()), f"https://shop.example.com:{public.port}/")

    assert (told, canary.hits, public.asked) == ("robots_unreachable", 0, ["/robots.txt"])


def test_https_is_never_left_for_http(public, canary, outside):
    public.pages["/"] = moved(f"http://shop.example.com:{canary.port}/")

    told = reason(outside(Resolver()), f"https://shop.example.com:{public.port}/")

    assert (told, canary.hits) == ("redirect_downgraded", 0)


def test_a_listed_host_is_no_way_to_another(site, canary, fetching):
    site.pages["/"] = moved(canary.url())

    assert reason(fetching(site), site.url()) == "private_address"
    assert canary.hits == 0


def test_proxies_of_the_environment_are_not_used(site, canary, fetching, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, canary.url())
    site.pages["/"] = answer()

    fetching(site).fetch(site.url())

    assert canary.hits == 0


def test_without_the_check_of_addresses_the_canary_is_reached(certificate, canary, fetching):
    """The control switched off: what stands between a name and the inside is this check."""
    door = Door(hosts("x.internal"), resolve=inside, public=lambda address: True)

    reason(fetching(door=door, seconds=1), f"https://inside.example.com:{canary.port}/")

    assert canary.hits == 1
