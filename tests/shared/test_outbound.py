"""The door to the outside: whatever a stranger writes as a URL, nothing inside is reached."""

import gzip
import ipaddress
import socket
import ssl
import struct
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.destination import hosts
from shared.http_exchange import MOST_BYTES
from shared.outbound import Door, Forbidding, Refused, TooSlow, Unreachable
from shared.public_address import is_public
from tests.shared import hostile_urls

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Listener:
    """Something that listens inside, counts who comes and answers as told."""

    def __init__(self, address="127.0.0.1", port=0, talk=lambda conn: conn.sendall(OK)):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.sock = socket.create_server((address, port), family=family)
        self.port = self.sock.getsockname()[1]
        self.hits, self.talk, self.heard = 0, talk, b""
        self.open = True
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                conn, _ = self.sock.accept()
            except OSError:
                return
            self.hits += 1
            threading.Thread(target=self._serve, args=(conn,), daemon=True).start()

    def _serve(self, conn):
        with conn:
            try:
                conn.settimeout(5)
                self.heard += request(conn)
                self.talk(conn)
            except OSError:
                pass

    def close(self):
        self.open = False
        self.sock.close()


def request(conn):
    """Return all of what `post` sends: to close before that would cut the answer off."""
    heard = b""
    while not heard.endswith(b"\r\n\r\n{}"):
        more = conn.recv(65536)
        heard += more
        if not more or not heard.startswith(b"POST"):
            break
    return heard


@contextmanager
def listening(*arguments, **options):
    listener = Listener(*arguments, **options)
    try:
        yield listener
    finally:
        listener.close()


@pytest.fixture
def canary():
    """A listener that nobody should ever reach."""
    with listening() as canary:
        yield canary


def inside(host, port):
    """Resolve as the worst resolver would: numbers as the C library reads them, names to us."""
    try:
        found = socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)
        return [entry[4][0] for entry in found]
    except (OSError, UnicodeError):
        return ["127.0.0.1"]


def post(door, url, **options):
    return door.send("POST", url, {"Content-Type": "application/json"}, b"{}", **options)


def test_no_hostile_url_reaches_what_listens_inside(canary):
    urls = hostile_urls.urls(canary.port)
    assert len(urls) > 350

    door = Door(resolve=inside)
    passed = []
    for url in urls:
        with suppress(Refused, Unreachable):
            passed.append((url, post(door, url, seconds=1)))

    assert passed == []
    assert canary.hits == 0


def test_no_hostile_url_reaches_what_listens_inside_on_ipv6():
    try:
        canary = Listener("::1")
    except OSError:
        pytest.skip("this machine has no IPv6")
    try:
        for url in hostile_urls.urls(canary.port):
            with pytest.raises((Refused, Unreachable)):
                post(Door(resolve=lambda host, port: ["::1"]), url, seconds=1)
        assert canary.hits == 0
    finally:
        canary.close()


def test_without_the_check_of_addresses_the_canary_is_reached(canary):
    """The control switched off: what stands between a name and the inside is this check."""
    door = Door(resolve=inside, public=lambda address: True)

    for url in hostile_urls.urls(canary.port):
        with suppress(Refused, Unreachable):
            post(door, url, seconds=1)

    assert canary.hits >= 3


def test_an_address_that_is_not_public_is_refused_whatever_the_name(canary):
    for address in (
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "::1",
        "fe80::1%lo",
        "::ffff:10.0.0.1",
    ):
        with pytest.raises(Forbidding):
            post(Door(resolve=lambda host, port, at=address: [at]), "https://crm.example.com/")


def test_one_private_address_among_public_ones_spoils_them_all(canary):
    mixed = Door(resolve=lambda host, port: ["93.184.216.34", "127.0.0.1"])

    with pytest.raises(Forbidding):
        post(mixed, f"https://crm.example.com:{canary.port}/")
    assert canary.hits == 0


# DNS rebinding, against a name server that is really asked -------------------------------------


class NameServer:
    """A name server (RFC 1035) over UDP that answers each question for an address by the next of
    its answers, for no longer than it takes to ask again."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), 0
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", 0))
        self.address = self.sock.getsockname()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                question, asker = self.sock.recvfrom(512)
            except OSError:
                return
            answers = self.answers[min(self.asked, len(self.answers) - 1)]
            self.asked += 1
            self.sock.sendto(self._answer(question, answers), asker)

    @staticmethod
    def _answer(question, answers):
        head = question[:2] + struct.pack(">HHHHH", 0x8180, 1, len(answers), 0, 0)
        records = b"".join(
            b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 0, 4) + socket.inet_aton(address)
            for address in answers
        )
        return head + question[12:] + records

    def addresses(self, host, port):
        """Ask over the wire; what a resolver library would do."""
        labels = b"".join(bytes([len(part)]) + part.encode() for part in host.split("."))
        question = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + labels + b"\0\0\x01\0\x01"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(2)
            sock.sendto(question, self.address)
            answer = sock.recv(512)
        count = struct.unpack(">H", answer[6:8])[0]
        records = answer[len(question) :]
        return [socket.inet_ntoa(records[16 * n + 12 : 16 * n + 16]) for n in range(count)]

    def close(self):
        self.sock.close()


@contextmanager
def name_server(*answers):
    server = NameServer(*answers)
    try:
        yield server
    finally:
        server.close()


def outside_is_127_0_0_2(address):
    """The real judge, but that one address of this machine plays the internet."""
    return str(address) == "127.0.0.2" or is_public(address)


@pytest.fixture
def rebinding(canary):
    """A name that is public when it is asked for first, and then is the canary's."""
    with (
        listening("127.0.0.2", canary.port) as outside,
        name_server(["127.0.0.2"], ["127.0.0.1"]) as names,
    ):
        yield names, outside, f"https://rebinding.example.com:{canary.port}/"


def test_a_name_that_is_rebound_after_the_check_leads_to_the_address_that_was_checked(
    canary, rebinding
):
    names, outside, url = rebinding
    door = Door(resolve=names.addresses, public=outside_is_127_0_0_2)

    with pytest.raises(Unreachable):  # it speaks no TLS
        post(door, url, seconds=2)

    assert (names.asked, outside.hits, canary.hits) == (1, 1, 0)


def test_a_name_that_has_been_rebound_is_refused_at_the_next_request(canary, rebinding):
    names, _, url = rebinding
    door = Door(resolve=names.addresses, public=outside_is_127_0_0_2)
    with pytest.raises(Unreachable):
        post(door, url, seconds=2)

    for _ in range(3):
        with pytest.raises(Forbidding):
            post(door, url, seconds=2)

    assert canary.hits == 0


def test_checking_first_and_connecting_by_name_would_be_rebound(canary, rebinding):
    """The control switched off: a second lookup, as plain libraries make, is answered inside."""
    names, _, _ = rebinding
    (checked,) = names.addresses("rebinding.example.com", canary.port)
    assert outside_is_127_0_0_2(ipaddress.ip_address(checked))

    (connected,) = names.addresses("rebinding.example.com", canary.port)
    socket.create_connection((connected, canary.port)).close()

    assert wait_for(lambda: canary.hits == 1)


def wait_for(claim, seconds=5):
    ends_at = time.monotonic() + seconds
    while not claim() and time.monotonic() < ends_at:
        time.sleep(0.02)
    return claim()


# What the operator allows ------------------------------------------------------------------------


def test_a_listed_host_may_be_private_and_asked_by_http(canary):
    for listed in ("127.0.0.1", f"127.0.0.1:{canary.port}"):
        answer = post(Door(hosts(listed)), f"http://127.0.0.1:{canary.port}/hook?a=b")

        assert (answer.status, answer.body, answer.whole) == (200, b"ok", True)
    assert b"POST /hook?a=b HTTP/1.1\r\n" in canary.heard
    assert f"Host: 127.0.0.1:{canary.port}\r\n".encode() in canary.heard


def test_a_listed_name_may_be_private(canary):
    door = Door(hosts("sink.internal"), resolve=inside)

    assert post(door, f"http://sink.internal:{canary.port}/").status == 200


def test_a_listed_port_opens_no_other_port_nor_host(canary):
    door = Door(hosts(f"127.0.0.1:{canary.port + 1},other.internal"), resolve=inside)

    for url in (f"http://127.0.0.1:{canary.port}/", f"http://sink.internal:{canary.port}/"):
        with pytest.raises(Refused):
            post(door, url)
    assert canary.hits == 0


@pytest.mark.parametrize("address", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1"])
def test_a_listed_name_is_never_link_local(address):
    door = Door(hosts("sink.internal"), resolve=lambda host, port: [address])

    with pytest.raises(Forbidding):
        post(door, "http://sink.internal:8080/")


# What comes back ---------------------------------------------------------------------------------


def answered(talk, seconds=2.0, **options):
    """Return what the door makes of a listener that talks so, and the seconds it took."""
    with listening(talk=talk, **options) as listener:
        begun = time.monotonic()
        try:
            found = post(
                Door(hosts("127.0.0.1")), f"http://127.0.0.1:{listener.port}/", seconds=seconds
            )
        except Unreachable as error:
            found = error
        return found, time.monotonic() - begun


def dripping(first, drop, pause=0.05):
    def talk(conn):
        conn.sendall(first)
        while True:
            conn.sendall(drop)
            time.sleep(pause)

    return talk


def test_a_redirect_is_an_answer_and_not_followed(canary):
    to_canary = f"http://127.0.0.1:{canary.port}/".encode()
    for status in (b"301", b"302", b"303", b"307", b"308"):
        head = b"HTTP/1.1 " + status + b" Moved\r\nLocation: " + to_canary + b"\r\n"
        found, _ = answered(
            lambda conn, head=head: conn.sendall(head + b"Content-Length: 0\r\n\r\n")
        )

        assert found.status == int(status)
    refresh = b"HTTP/1.1 200 OK\r\nRefresh: 0; url=" + to_canary + b"\r\nContent-Length: 0\r\n\r\n"
    assert answered(lambda conn: conn.sendall(refresh))[0].status == 200
    assert canary.hits == 0


def test_proxies_of_the_environment_are_not_used(canary, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        for spelt in (name, name.upper()):
            monkeypatch.setenv(spelt, f"http://127.0.0.1:{canary.port}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)

    found, _ = answered(lambda conn: conn.sendall(OK))

    assert found.status == 200
    assert canary.hits == 0


@pytest.mark.parametrize(
    "talk",
    [
        lambda conn: time.sleep(4),
        dripping(b"HTTP/1.1 200 OK\r\n", b"X"),
        dripping(b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["silence", "a dripping header", "an endless header", "endless 100s"],
)
def test_an_answer_that_does_not_begin_in_time_is_given_up(talk):
    found, took = answered(talk, seconds=0.6)

    assert isinstance(found, TooSlow)
    assert took < 3.5


def test_a_body_that_drips_is_cut_when_the_time_is_over():
    found, took = answered(
        dripping(b"HTTP/1.1 202 Accepted\r\nContent-Length: 999999\r\n\r\n", b"x"), seconds=0.6
    )

    assert (found.status, found.whole) == (202, False)
    assert took < 3.5


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 99999999999\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n",
        b"\r\n",
    ],
    ids=["announced", "chunked", "until the end"],
)
def test_of_an_endless_body_no_more_is_read_than_there_is_room_for(head):
    found, took = answered(dripping(b"HTTP/1.1 200 OK\r\n" + head, b"x" * 65536, pause=0))

    assert (len(found.body), found.whole) == (MOST_BYTES, False)
    assert took < 20


def test_a_caller_may_have_room_for_more():
    body = b"x" * (2 * MOST_BYTES)
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    with listening(talk=lambda conn: conn.sendall(head + body)) as listener:
        door, url = Door(hosts("127.0.0.1")), f"http://127.0.0.1:{listener.port}/"

        assert post(door, url, most_bytes=len(body) + 1).body == body
        assert post(door, url, most_bytes=10).body == b"x" * 10


def test_of_repeated_header_fields_the_first_is_told_or_all_where_each_counts():
    head = (
        b"HTTP/1.1 200 OK\r\nLocation: /a\r\nlocation: /b\r\nX-One: 1\r\nContent-Length: 0\r\n"
        b"X-Robots-Tag: other: noindex\r\nX-Robots-Tag: nofollow\r\n\r\n"
    )

    found, _ = answered(lambda conn: conn.sendall(head))

    assert (found.headers["location"], found.headers["x-one"]) == ("/a", "1")
    assert found.headers["x-robots-tag"] == "other: noindex\nnofollow"


def test_a_bomb_is_not_unpacked():
    bomb = gzip.compress(b"\0" * 50_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"

    found, took = answered(lambda conn: conn.sendall(head.encode() + bomb))

    assert found.body == bomb[:MOST_BYTES]
    assert took < 20


NOT_HTTP = {
    "nothing": b"",
    "ssh": b"SSH-2.0-x\r\n",
    "no status": b"HTTP/1.1 x y\r\n\r\n",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500,
    "a long header": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 99999 + b"\r\n\r\n",
}


@pytest.mark.parametrize("said", NOT_HTTP.values(), ids=NOT_HTTP)
def test_whatever_is_no_http_is_a_failure_in_words_of_ours(said):
    found, _ = answered(lambda conn: conn.sendall(said))

    assert type(found) is Unreachable
    assert "SSH" not in found.message and "xy" not in found.message


def test_a_refused_connection_is_told_in_words():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]

    with pytest.raises(Unreachable, match="refused the connection"):
        post(Door(hosts("127.0.0.1")), f"http://127.0.0.1:{port}/")


def test_a_name_that_does_not_exist_is_told_in_words():
    def unknown(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "x")

    with pytest.raises(Unreachable, match="cannot be looked up"):
        post(Door(resolve=unknown), "https://crm.example.com/")


def test_a_name_server_that_keeps_us_waiting_does_not_keep_us_long():
    release = threading.Event()
    begun = time.monotonic()

    with pytest.raises(TooSlow):
        post(Door(resolve=lambda *_: release.wait(5)), "https://crm.example.com/", seconds=0.4)

    assert time.monotonic() - begun < 4
    release.set()


@pytest.mark.parametrize("value", ["a\r\nX-Injected: 1", "a\nb"])
def test_a_header_cannot_hold_another(canary, value):
    with pytest.raises(Unreachable):
        Door(hosts("127.0.0.1")).send("POST", f"http://127.0.0.1:{canary.port}/", {"X": value})
    assert b"Injected" not in canary.heard


# TLS ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for sink.example.com, by nobody but itself; the path of its file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink.example.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("sink.example.com")]), False)
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
def secure(certificate):
    """A listener that speaks TLS, and the port where it does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    class Secure(Listener):
        def _serve(self, conn):
            try:
                with context.wrap_socket(conn, server_side=True) as wrapped:
                    self.heard += request(wrapped)
                    wrapped.sendall(OK)
            except OSError:
                pass

    listener = Secure()
    yield listener
    listener.close()


def trusting(certificate, allowed="sink.example.com,other.example.com"):
    trust = ssl.create_default_context(cafile=certificate)
    return Door(hosts(allowed), resolve=inside, trust=trust)


def test_the_certificate_is_verified_for_the_name_not_for_the_address(certificate, secure):
    answer = post(trusting(certificate), f"https://sink.example.com:{secure.port}/")

    assert answer.status == 200
    assert f"Host: sink.example.com:{secure.port}\r\n".encode() in secure.heard


def test_another_names_certificate_is_refused_before_anything_is_said(certificate, secure):
    with pytest.raises(Unreachable, match="certificate"):
        post(trusting(certificate), f"https://other.example.com:{secure.port}/")
    assert secure.heard == b""


def test_a_certificate_that_nobody_vouches_for_is_refused(secure):
    with pytest.raises(Unreachable, match="certificate"):
        post(
            Door(hosts("sink.example.com"), resolve=inside),
            f"https://sink.example.com:{secure.port}/",
        )
    assert secure.heard == b""


def test_a_handshake_that_does_not_end_is_given_up(certificate):
    with listening(talk=lambda conn: time.sleep(4)) as listener:
        begun = time.monotonic()
        with pytest.raises(TooSlow):
            post(trusting(certificate), f"https://sink.example.com:{listener.port}/", seconds=0.5)
        assert time.monotonic() - begun < 3.5
